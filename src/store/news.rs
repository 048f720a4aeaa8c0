//! [`NewsFeed`]: the keys that were changed.

use super::future::StoreFuture;

/// What a listener hears of a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// The entries of these keys were changed. A key may come more than once, and a change of the
    /// listener's own process may come, too.
    Changed(Vec<String>),
    /// Some changes were missed. The listener reads again what it holds.
    Missed,
}

/// The changes of a store, from the time at which the feed was opened.
pub trait NewsFeed: Send + 'static {
    /// Waits for the next news. Each announced change comes as [`News::Changed`], or is covered by a
    /// later [`News::Missed`]. It should come within a second.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) if the feed has ended. The listener opens another one after a
    /// pause, and reads again what it holds.
    fn next(&mut self) -> StoreFuture<'_, News>;
}
