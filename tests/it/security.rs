//! Secrets, and what SECURITY.md promises.

#[cfg(all(feature = "reqwest-middleware", feature = "tower"))]
pub(crate) mod printed;
pub(crate) mod promises;
#[cfg(feature = "reqwest")]
pub(crate) mod redaction;
#[cfg(feature = "reqwest")]
pub(crate) mod secrets;
