//! Redacts texts from outside for display: without secrets, and cut.
//!
//! No decision is made on such a text. [`ErrorCode`](super::ErrorCode) compares codes as they
//! were sent.

mod finder;
mod spelling;

#[cfg(any(feature = "registry", test))]
pub(crate) use finder::holds;
#[cfg(feature = "registry")]
pub(crate) use finder::whole_within;
pub(crate) use finder::{Finder, TEXT_LIMIT, is_long, shown, shown_within};
