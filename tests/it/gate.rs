//! The gate: calls that pass, change, or are refused.

#[cfg(all(feature = "reqwest-middleware", feature = "tower"))]
pub(crate) mod budgets;
#[cfg(feature = "reqwest")]
pub(crate) mod by_hand;
#[cfg(feature = "reqwest")]
pub(crate) mod calls;
#[cfg(feature = "reqwest")]
pub(crate) mod chat_id;
#[cfg(feature = "reqwest-middleware")]
pub(crate) mod edges;
#[cfg(feature = "reqwest-middleware")]
pub(crate) mod json_text;
pub(crate) mod matrix;
#[cfg(feature = "reqwest-middleware")]
pub(crate) mod middleware;
#[cfg(feature = "reqwest")]
pub(crate) mod over_hyper;
#[cfg(all(feature = "reqwest-middleware", feature = "tower"))]
pub(crate) mod portals;
#[cfg(all(feature = "reqwest", feature = "tower"))]
pub(crate) mod tower;
#[cfg(feature = "reqwest")]
pub(crate) mod typed;
#[cfg(feature = "reqwest")]
pub(crate) mod unknown_names;
#[cfg(feature = "reqwest")]
pub(crate) mod views;
