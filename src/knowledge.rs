//! [`Knowledge`] of a portal: intervals, and the source of each end.
//!
//! [`docs::knowledge`](crate::docs::knowledge) says what each answer of a portal proves. This module
//! is pure: it has no clock and no I/O.

#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, reason = "numbers from outside are here")
)]

mod answers;
mod display;
#[expect(
    clippy::module_inception,
    reason = "the file of the type that gives the room its name"
)]
mod knowledge;
#[rustfmt::skip]
mod generated;
mod imbot_v2_presence;
mod intersect;
mod interval;
mod provenance;
mod serial;

pub use imbot_v2_presence::ImbotV2Presence;
pub use intersect::ContradictionError;
pub use knowledge::Knowledge;
pub use provenance::Provenance;

pub(crate) use generated::{IMBOT_V2_REST, REVISION_GET_REST};
#[cfg(feature = "registry")]
pub(crate) use serial::Written;

#[cfg(test)]
mod tests;
