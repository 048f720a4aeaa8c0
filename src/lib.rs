#![doc = include_str!("lib.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
// Without them there is no registry, or no ready transport, to link to.
#![cfg_attr(not(feature = "reqwest"), allow(rustdoc::broken_intra_doc_links))]

pub mod caps;
pub mod clock;
pub mod docs;
pub mod event;
mod fair_share;
pub mod feature;
pub mod freshness;
pub mod knowledge;
pub mod plan;
pub mod probe;
pub mod revision;
pub mod table;
mod vocabulary;
pub mod wire;
pub mod word;

#[cfg(feature = "registry")]
pub mod gate;
#[cfg(feature = "registry")]
mod offload;
#[cfg(feature = "registry")]
mod permits;
#[cfg(feature = "registry")]
pub mod portal;
#[cfg(feature = "registry")]
mod portal_client;
#[cfg(feature = "registry")]
mod portal_id;
#[cfg(feature = "registry")]
mod portal_probe;
#[cfg(feature = "registry")]
pub mod registry;
#[cfg(feature = "registry")]
mod single_flight;
#[cfg(feature = "registry")]
mod site;
#[cfg(feature = "registry")]
pub mod store;
#[cfg(feature = "registry")]
mod sync;
#[cfg(feature = "registry")]
pub mod transport;

// The names that a bot needs on its first day. All others are in their modules.
pub use caps::{Caps, OnUnknown, Support, Unsupported};
pub use feature::{Feature, FeatureSet, Requirement};
pub use knowledge::Knowledge;
pub use revision::{Counter, Revision, Revisions};
pub use semver;
pub use table::Table;

#[cfg(feature = "registry")]
pub use portal::{Portal, PortalError, PortalId, RefreshGrant};
#[cfg(feature = "registry")]
pub use portal_probe::ProbeError;
#[cfg(feature = "registry")]
pub use registry::{Handle, Registry, Snapshot};

/// The README's examples, compiled.
#[cfg(all(doctest, feature = "reqwest"))]
#[doc = include_str!("../README.md")]
struct Readme;
