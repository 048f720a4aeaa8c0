//! The registry: the answers of all portals of a process, and one running probe for each portal.
//!
//! [`Registry`] finds or adds a portal. A [`Handle`] is one portal: its caps, and what the program
//! tells about it. [`RegistryBuilder`] has the settings, and [`Event`] reports changes. A
//! [`Snapshot`] carries the answers over a restart.

mod ask;
mod builder;
mod compact_state;
mod count;
mod directory;
mod event;
mod failures;
mod feed;
mod for_gate;
mod handle;
#[cfg_attr(not(feature = "metrics"), path = "registry/metrics/off.rs")]
mod metrics;
mod portal_counts;
mod portal_key;
mod record_sender;
#[expect(
    clippy::module_inception,
    reason = "the file of the type that gives the room its name"
)]
mod registry;
mod sender_claim;
mod served;
mod settings;
mod shards;
mod shared;
mod slot;
mod snapshot;
mod state;
mod stored;
mod warm_up;

pub use crate::portal_probe::{ProbeError, ProbeErrorKind};
pub use builder::RegistryBuilder;
pub use event::{ClaimedBy, Event};
pub use feed::Events;
pub use handle::{Handle, NotFoundOutcome};
pub use portal_counts::PortalCounts;
pub use record_sender::SenderClaimOutcome;
pub use registry::Registry;
pub use sender_claim::{SenderClaim, SenderClaimError};
pub use snapshot::{RestoreReport, SkipReason, Skipped, Snapshot, SnapshotError, SnapshotRecord};
pub use warm_up::{WarmUp, WarmUpProgress, WarmUpReport};
