//! Portals: addresses, credentials and tokens.

#[cfg(feature = "reqwest")]
pub(crate) mod addresses;
#[cfg(feature = "reqwest")]
pub(crate) mod credentials;
#[cfg(feature = "reqwest")]
pub(crate) mod ids;
#[cfg(feature = "reqwest")]
pub(crate) mod links;
#[cfg(feature = "reqwest")]
pub(crate) mod proxy;
#[cfg(feature = "reqwest")]
pub(crate) mod public_addresses;
#[cfg(feature = "reqwest")]
pub(crate) mod tokens;
