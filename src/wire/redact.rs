//! Redacts texts from outside for display: without secrets, and cut.
//!
//! No decision is made on such a text. [`ErrorCode`](super::ErrorCode) compares codes as they
//! were sent.

mod finder;
mod spelling;
mod value;

#[cfg(feature = "registry")]
pub(crate) use finder::holds;
pub(crate) use finder::{Finder, TEXT_LIMIT, shown, shown_within};
#[cfg(feature = "registry")]
pub(crate) use finder::{is_long, whole_within};
