//! The store: what is kept and shared, and what its faults change.

#[cfg(feature = "conformance")]
pub(crate) mod conformance;
#[cfg(feature = "reqwest")]
pub(crate) mod failures;
#[cfg(feature = "reqwest")]
pub(crate) mod fault_matrix;
#[cfg(feature = "reqwest")]
pub(crate) mod fleet;
#[cfg(feature = "reqwest")]
pub(crate) mod formats;
#[cfg(feature = "reqwest")]
pub(crate) mod health;
#[cfg(feature = "reqwest")]
pub(crate) mod hot_paths;
#[cfg(feature = "reqwest")]
pub(crate) mod records;
#[cfg(feature = "reqwest")]
mod setup;
