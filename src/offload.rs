//! Work that takes long, off the workers of the runtime: other tasks go on meanwhile.

use tokio::runtime::Handle;

/// From how many bytes on a text is read off the workers. Less is read in about a
/// millisecond, which is what it costs at worst to hand it over.
const LONG: usize = 256 * 1024;

/// Whether reading a text of so many bytes takes long.
pub(crate) fn is_long(bytes: usize) -> bool {
    bytes > LONG
}

/// Does the work on a thread for such; on this one outside of a tokio runtime. `None` where
/// the runtime was shut down before.
///
/// Work that has begun goes on when the future is dropped, and nobody sees its result.
pub(crate) async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    match Handle::try_current() {
        Ok(runtime) => runtime.spawn_blocking(work).await.ok(),
        Err(_) => Some(work()),
    }
}
