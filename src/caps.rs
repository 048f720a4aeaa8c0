//! The answers for bot code: [`Caps`] says what one portal can do.
//!
//! Caps are the knowledge of a portal, judged by the table. A [`Registry`](crate::Registry) returns
//! the caps of a portal. [`Caps::at`] makes caps for tests. An answer is a [`Support`]: supported,
//! [`Unsupported`] or [`Unknown`], the last two with the reason.

mod boundary;
mod cache;
mod capability;
#[expect(
    clippy::module_inception,
    reason = "the file of the type that gives the room its name"
)]
mod caps;
mod check;
mod evaluation;
mod policy;
mod sealed;
mod support;
mod view;

pub use capability::Capability;
pub use caps::Caps;
pub use policy::OnUnknown;
pub use support::{Cause, Support, Unknown, Unsupported};

#[cfg(test)]
mod tests;
