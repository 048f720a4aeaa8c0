//! What tests share.

#[cfg(feature = "reqwest")]
pub mod fixture;
#[cfg(feature = "reqwest")]
pub mod http;
#[cfg(feature = "reqwest")]
pub mod simulated_clock;
