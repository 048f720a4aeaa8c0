//! What bot code asks: a portal's knowledge, read against a table.

mod boundary;
mod cache;
mod capability;
mod check;
mod evaluation;
mod policy;
mod sealed;
mod support;
mod value;

pub use capability::Capability;
pub use policy::OnUnknown;
pub use support::{Cause, Support, Unknown, Unsupported};
pub use value::Caps;

#[cfg(test)]
mod tests;
