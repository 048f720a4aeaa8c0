//! The first request and those after it.

#[cfg(feature = "reqwest")]
pub(crate) mod by_hand;
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
#[cfg(feature = "reqwest")]
pub(crate) mod ureq_transport;
