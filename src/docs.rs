//! More than fits beside a method. Nothing but text is in here.

/// What a portal's answers prove, and what they do not.
#[doc = include_str!("docs/knowledge.md")]
pub mod knowledge {}

/// Events in one form: what is promised, and which form has which member.
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

/// What the gate makes of every call of imbot.v2, on every revision.
#[doc = include_str!("docs/matrix.md")]
pub mod matrix {}

/// What happens to what is known when a portal gets another address.
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

/// What to turn, and when: lifetimes, windows, pauses, limits.
#[cfg(feature = "registry")]
#[doc = include_str!("docs/tuning.md")]
pub mod tuning {}

/// Who can do what, what is promised against it, and which copies of secrets are wiped.
#[doc = include_str!("../SECURITY.md")]
pub mod security {}
