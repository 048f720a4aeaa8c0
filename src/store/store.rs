//! [`Store`]: a map of short texts with versions, leases and news.

use std::sync::Arc;
use std::time::Duration;

use super::entry::{Change, Entry, Lease, SaveOutcome};
use super::future::StoreFuture;
use super::news::NewsFeed;

/// A map of short texts that the processes of a fleet share.
///
/// # Rules for an implementation
///
/// - A key has at most [`KEY_LIMIT`](super::KEY_LIMIT) bytes and a text at most
///   [`BODY_LIMIT`](super::BODY_LIMIT). Any text of Unicode is stored unchanged. Keys that differ in
///   one byte are two keys.
/// - The check of [`Change::based_on`] and the write are one step. If two writers have read one
///   version, one of them gets [`SaveOutcome::Conflict`].
/// - A store never merges, and never reads a text. It keeps texts of versions that it does not know.
/// - A future that is dropped may have had its effect. If it had, the effect is whole.
/// - No method blocks the thread: move blocking work to
///   [`spawn_blocking`](tokio::task::spawn_blocking).
/// - A store has no time limit of its own. The registry drops a future that takes too long.
/// - Entries may be dropped at any time, for example to make room: their portals are asked again.
/// - Errors and logs hold no secret, such as the password of a database.
///
/// The module `conformance` checks the rules.
pub trait Store: Send + Sync + 'static {
    /// Reads entries: one result for each key, in their order. `None` for a key without an entry.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) if the store cannot say for all keys.
    fn load<'a>(&'a self, keys: &'a [String]) -> StoreFuture<'a, Vec<Option<Entry>>>;

    /// Writes entries: one result for each change, in their order. Each change is written by itself.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) if the store cannot say for all changes. Some of them may be written.
    fn save<'a>(&'a self, changes: &'a [Change]) -> StoreFuture<'a, Vec<SaveOutcome>>;

    /// Takes the lease of a key for this long, by the store's clock. `None` while another holder has
    /// it. A holder that takes the lease again is another holder.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) if the store cannot say.
    fn lease<'a>(&'a self, key: &'a str, duration: Duration) -> StoreFuture<'a, Option<Lease>>;

    /// Ends a lease. Does nothing if it has expired, also if another holder has it now.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) if the store cannot say. The lease ends when it expires.
    fn release(&self, lease: Lease) -> StoreFuture<'_, ()>;

    /// Opens a feed of the changes from now on.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) if the store cannot be reached.
    fn news(&self) -> StoreFuture<'_, Box<dyn NewsFeed>>;
}

impl<S: Store + ?Sized> Store for Arc<S> {
    fn load<'a>(&'a self, keys: &'a [String]) -> StoreFuture<'a, Vec<Option<Entry>>> {
        S::load(self, keys)
    }

    fn save<'a>(&'a self, changes: &'a [Change]) -> StoreFuture<'a, Vec<SaveOutcome>> {
        S::save(self, changes)
    }

    fn lease<'a>(&'a self, key: &'a str, duration: Duration) -> StoreFuture<'a, Option<Lease>> {
        S::lease(self, key, duration)
    }

    fn release(&self, lease: Lease) -> StoreFuture<'_, ()> {
        S::release(self, lease)
    }

    fn news(&self) -> StoreFuture<'_, Box<dyn NewsFeed>> {
        S::news(self)
    }
}
