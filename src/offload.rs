//! Work that takes long, off the workers of the runtime: other tasks go on meanwhile.

use tokio::runtime::Handle;

/// A longer text, in bytes, is read off the workers. A shorter one is read in about a
/// millisecond. To hand it over would cost as much at worst.
const LONG: usize = 256 * 1024;

/// Whether reading a text of so many bytes takes long.
pub(crate) fn is_long(bytes: usize) -> bool {
    bytes > LONG
}

/// Does the work on one of the runtime's threads for blocking work; outside of a tokio runtime,
/// on this thread. `None` if the runtime was shut down before.
///
/// Work that has begun goes on when the future is dropped, and nobody sees its result.
pub(crate) async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    match Handle::try_current() {
        Ok(runtime) => runtime.spawn_blocking(work).await.ok(),
        Err(_) => Some(work()),
    }
}
