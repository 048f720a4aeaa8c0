//! The methods of the chat-bot API by name, each with its parameters. Finds unknown names in a
//! call, and suggests known ones.
//!
//! `generated.rs` is made from the facts in `tests/docs`. Names of a table are known too,
//! including the methods and fields of overlays.

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

pub(crate) use parameters::is_mark_of_clients;

#[cfg(feature = "registry")]
pub(crate) use lookup::{Known, count, look_up};
#[cfg(feature = "registry")]
pub(crate) use notes::{unknown_method, unknown_parameters};
#[cfg(feature = "registry")]
pub(crate) use shown::cut;
