//! Caps: a portal's knowledge evaluated by a table. Bot code asks these.

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
