//! The place where knowledge outlives the process, and where the processes of a fleet share it.
//!
//! A [`Store`] keeps short texts under keys, and compares versions when it writes. It knows nothing
//! of portals: the registry writes the texts, reads them, and merges them. So every store merges
//! alike, and a store is a few queries to an engine. Give one to a registry by
//! [`RegistryBuilder::store`](crate::registry::RegistryBuilder::store).
//!
//! [`MemoryStore`] is for tests, and for several registries of one process. The feature
//! `conformance` has the tests that each store must pass.
//!
//! A store never gets a secret. A key is the address of a portal, and a text is what is known of
//! that portal. Whoever can write to the store decides what the bots believe of the portals'
//! features, so protect it as the program's own settings.

#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, reason = "numbers from outside are here")
)]

#[cfg(feature = "conformance")]
pub mod conformance;
mod entry;
mod error;
mod future;
mod limits;
mod memory;
mod news;
#[expect(
    clippy::module_inception,
    reason = "the file of the trait that gives the room its name"
)]
mod store;

pub use entry::{Change, Entry, Lease, SaveOutcome, Version};
pub use error::{StoreError, StoreErrorKind};
pub use future::StoreFuture;
pub use limits::{BODY_LIMIT, KEY_LIMIT};
pub use memory::MemoryStore;
pub use news::{News, NewsFeed};
pub use store::Store;
