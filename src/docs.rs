//! Pages that are too long for the documentation of one method. This module holds only text.

/// What a portal's answers prove, and what they do not prove.
#[doc = include_str!("docs/knowledge.md")]
pub mod knowledge {}

/// The events of bots: what the crate promises about them, and which form of an event has which member.
#[doc = include_str!("docs/events.md")]
#[doc = include_str!("docs/event_members.md")]
pub mod events {}

/// How processes share what they know: in one process, on one machine, on several machines.
#[cfg(feature = "registry")]
#[doc = include_str!("docs/fleet.md")]
pub mod fleet {}

/// What the gate does with a call, and why.
#[cfg(feature = "registry")]
#[doc = include_str!("docs/gate.md")]
pub mod gate {}

/// How to write a crate that wraps the API: from a requirement to tests of both sides.
#[cfg(feature = "registry")]
#[doc = include_str!("docs/library.md")]
pub mod library {}

/// What the gate does with each call of imbot.v2, on each revision.
#[doc = include_str!("docs/matrix.md")]
pub mod matrix {}

/// What the registry does with its knowledge when a portal gets another address.
#[cfg(feature = "registry")]
#[doc = include_str!("docs/moves.md")]
pub mod moves {}

/// How to probe a portal with an HTTP client of your own, without the registry.
#[doc = include_str!("docs/probe.md")]
pub mod probe {}

/// Where requests go, through which proxy, and which are sent again.
#[cfg(feature = "registry")]
#[doc = include_str!("docs/requests.md")]
pub mod requests {}

/// What a fleet of a million portals or more needs, computed from the measured cost of one unit.
#[cfg(feature = "registry")]
#[doc = include_str!("docs/scale.md")]
pub mod scale {}

/// Which settings to change, and when: lifetimes, windows, pauses, limits.
#[cfg(feature = "registry")]
#[doc = include_str!("docs/tuning.md")]
pub mod tuning {}

/// What can change with which version: of the crates, of the table, of Rust.
#[doc = include_str!("docs/versions.md")]
pub mod versions {}

/// Possible attackers, what the crate promises against each attack, and which copies of secrets it wipes.
#[doc = include_str!("../SECURITY.md")]
pub mod security {}
