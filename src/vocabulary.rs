//! The methods of the chat-bot API by name, and the parameters that each of them takes.
//! Finds names in a call that no portal knows, and what they were most likely meant to be.
//!
//! `generated.rs` is made of the facts in `tests/docs`. What a table names besides, an
//! overlay's methods and fields among it, is known as well.

mod generated;
mod lookup;
mod method;
mod notes;
mod parameters;
mod paths;
mod shown;
mod suggestion;
#[cfg(test)]
mod tests;
mod unknown;

pub use notes::unknown_names;
pub use unknown::{UnknownName, UnknownParameter};

#[cfg(feature = "registry")]
pub(crate) use lookup::{Known, count, look_up};
#[cfg(feature = "registry")]
pub(crate) use notes::{unknown_method, unknown_parameters};
#[cfg(feature = "registry")]
pub(crate) use shown::cut;
