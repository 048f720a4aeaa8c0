//! The first request and those after it.

#[cfg(feature = "reqwest")]
pub(crate) mod compressed;
#[cfg(feature = "reqwest")]
pub(crate) mod extremes;
#[cfg(feature = "reqwest")]
pub(crate) mod first_contact;
#[cfg(feature = "reqwest")]
pub(crate) mod log;
#[cfg(feature = "reqwest")]
pub(crate) mod resends;
