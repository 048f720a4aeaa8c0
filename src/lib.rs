#![doc = include_str!("lib.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
// Without them there is no registry, or no ready transport, to link to.
#![cfg_attr(not(feature = "reqwest"), allow(rustdoc::broken_intra_doc_links))]

pub mod docs;

mod caps;
mod clock;
mod feature;
pub mod freshness;
mod knowledge;
pub mod plan;
pub mod probe;
mod revision;
mod share;
pub mod table;
mod vocabulary;
pub mod wire;

#[cfg(feature = "registry")]
pub mod gate;
#[cfg(feature = "registry")]
mod offload;
#[cfg(feature = "registry")]
mod permits;
#[cfg(feature = "registry")]
mod portal;
#[cfg(feature = "registry")]
mod portal_client;
#[cfg(feature = "registry")]
mod portal_id;
#[cfg(feature = "registry")]
mod portal_probe;
#[cfg(feature = "registry")]
mod registry;
#[cfg(feature = "registry")]
mod single_flight;
#[cfg(feature = "registry")]
mod site;
#[cfg(feature = "registry")]
mod sync;
#[cfg(feature = "registry")]
pub mod transport;

pub use caps::{Capability, Caps, Cause, OnUnknown, Support, Unknown, Unsupported};
pub use clock::Clock;
pub use feature::{Feature, FeatureSet, FeatureSetIter, Requirement};
pub use freshness::Lifetimes;
pub use knowledge::{Contradiction, ImbotGeneration, Knowledge, Provenance};
pub use probe::FailureKind;
pub use revision::{Axis, MAX_REVISION, Revision, Revisions};
pub use semver;
pub use table::{Table, Trust};

#[cfg(feature = "registry")]
pub use clock::SystemClock;
#[cfg(feature = "registry")]
pub use portal::{
    AccessToken, GrantError, Portal, PortalBuilder, PortalError, PortalId, RefreshGrant, RefreshGrantBuilder,
    RenewedTokens, StaticToken, StoredTokens, TokenError, TokenErrorKind, TokenSource, Wanted,
};
#[cfg(feature = "registry")]
pub use portal_probe::{ProbeError, ProbeErrorKind};
#[cfg(feature = "registry")]
pub use registry::{
    ClaimedBy, Contradicted, Event, Events, Handle, Notice, NoticeError, Noticed, Registry, RegistryBuilder,
    RestoreReport, SkipReason, Skipped, Snapshot, SnapshotError, SnapshotRecord, WarmUp, WarmUpProgress,
    WarmUpReport,
};

/// The README's examples, compiled.
#[cfg(all(doctest, feature = "reqwest"))]
#[doc = include_str!("../README.md")]
struct Readme;
