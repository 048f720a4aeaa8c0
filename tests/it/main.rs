//! What the crate promises, one module for each promise.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod beyond_table;
mod expected;
mod gate_matrix;

mod overlays;
mod table;

#[cfg(feature = "registry")]
mod tenants;

#[cfg(feature = "reqwest")]
mod addresses;
#[cfg(feature = "reqwest")]
mod at_once;
#[cfg(feature = "reqwest")]
mod bounded;
#[cfg(all(feature = "reqwest-middleware", feature = "tower"))]
mod budgets;
#[cfg(feature = "reqwest")]
mod by_key;
#[cfg(feature = "reqwest")]
mod chat_id;
#[cfg(feature = "reqwest")]
mod contradictions;
#[cfg(feature = "reqwest")]
mod credentials;
#[cfg(feature = "reqwest")]
mod events;
#[cfg(feature = "reqwest")]
mod extremes;
#[cfg(feature = "reqwest")]
mod first_contact;
#[cfg(feature = "reqwest")]
mod flights;
#[cfg(feature = "reqwest")]
mod freshness;
#[cfg(feature = "reqwest")]
mod gate;
#[cfg(feature = "reqwest-middleware")]
mod gate_edges;
#[cfg(feature = "reqwest-middleware")]
mod gate_middleware;
#[cfg(all(feature = "reqwest-middleware", feature = "tower"))]
mod gate_portals;
#[cfg(all(feature = "reqwest", feature = "tower"))]
mod gate_tower;
#[cfg(feature = "reqwest")]
mod identity;
#[cfg(feature = "reqwest")]
mod ids;
#[cfg(feature = "reqwest-middleware")]
mod json_text;
#[cfg(feature = "reqwest")]
mod life;
#[cfg(feature = "reqwest")]
mod links;
#[cfg(feature = "reqwest")]
mod log;
#[cfg(feature = "reqwest")]
mod matrix;
#[cfg(all(feature = "reqwest", feature = "metrics"))]
mod metrics;
#[cfg(feature = "reqwest")]
mod notices;
#[cfg(feature = "reqwest")]
mod pace;
#[cfg(feature = "reqwest")]
mod partial;
#[cfg(feature = "reqwest")]
mod pauses;
#[cfg(feature = "reqwest")]
mod pins;
#[cfg(all(feature = "reqwest-middleware", feature = "tower"))]
mod printed;
#[cfg(feature = "reqwest")]
mod proxy;
#[cfg(feature = "reqwest")]
mod public_addresses;
#[cfg(feature = "reqwest")]
mod redaction;
#[cfg(feature = "reqwest")]
mod resends;
#[cfg(feature = "reqwest")]
mod runtimes;
#[cfg(feature = "reqwest")]
mod secrets;
mod security;
#[cfg(feature = "reqwest")]
mod snapshot_round_trip;
#[cfg(feature = "reqwest")]
mod snapshots;
#[cfg(feature = "reqwest")]
mod stage;
#[cfg(feature = "reqwest")]
mod steady;
#[cfg(feature = "reqwest")]
mod storms;
#[cfg(feature = "reqwest")]
mod tokens;
#[cfg(feature = "reqwest")]
mod unknown_names;
#[cfg(feature = "reqwest")]
mod warm_up;
#[cfg(feature = "reqwest")]
mod wire;
