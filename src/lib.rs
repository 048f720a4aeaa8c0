#![doc = include_str!("lib.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
// Without them there is no registry, or no ready transport, to link to.
#![cfg_attr(not(feature = "reqwest"), allow(rustdoc::broken_intra_doc_links))]

pub mod docs;

mod caps;
mod feature;
pub mod gate;
mod knowledge;
mod revision;
mod share;
pub mod table;
mod vocabulary;
pub mod wire;

#[cfg(feature = "registry")]
mod caller;
#[cfg(feature = "registry")]
mod clock;
#[cfg(feature = "registry")]
mod freshness;
#[cfg(feature = "registry")]
mod offload;
#[cfg(feature = "registry")]
mod permits;
#[cfg(feature = "registry")]
mod portal;
#[cfg(feature = "registry")]
mod probe;
#[cfg(feature = "registry")]
mod registry;
#[cfg(feature = "registry")]
mod site;
#[cfg(feature = "registry")]
pub mod transport;

#[cfg(feature = "emulator")]
pub mod emulator;

pub use caps::{Caps, Cause, OnUnknown, Support, Trust, Unknown, Unsupported};
pub use feature::{Capability, Feature, FeatureSet, FeatureSetIter, Requirement};
pub use knowledge::{Contradiction, Knowledge, Provenance};
pub use revision::{Axis, MAX_REVISION, Revision, Revisions};
pub use semver;
pub use table::Table;

#[cfg(feature = "registry")]
pub use clock::{Clock, SystemClock};
#[cfg(feature = "registry")]
pub use freshness::Lifetimes;
#[cfg(feature = "registry")]
pub use portal::{
    AccessToken, GrantError, Portal, PortalBuilder, PortalError, PortalId, RefreshGrant, RefreshGrantBuilder,
    RenewedTokens, StaticToken, StoredTokens, TokenError, TokenErrorKind, TokenSource, Wanted,
};
#[cfg(feature = "registry")]
pub use probe::{FailureKind, ProbeError, Trouble};
#[cfg(feature = "registry")]
pub use registry::{
    ClaimedBy, Contradicted, Event, Events, Handle, Notice, NoticeError, Noticed, Registry, RegistryBuilder,
    Restored, Skip, Skipped, Snapshot, SnapshotError, SnapshotRecord, WarmUp, WarmUpProgress, WarmedUp,
};

/// The README's examples, compiled.
#[cfg(all(doctest, feature = "reqwest"))]
#[doc = include_str!("../README.md")]
struct Readme;
