//! Work that takes long, off the workers of the runtime: other tasks go on meanwhile.

use tokio::runtime::Handle;

use crate::transport::Room;
use crate::wire::budget;

/// A longer text, in bytes, is read off the workers. A shorter one is read in about a
/// millisecond. To hand it over would cost as much at worst.
const LONG: usize = 256 * 1024;

/// So is a text with more JSON values. Each may be an error whose texts are searched for secrets.
const MANY: usize = 2 * 1024;

/// Whether reading a text takes long.
pub(crate) fn is_long(text: &[u8]) -> bool {
    text.len() > LONG || !budget::is_within(text, MANY)
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

/// The same for work on a reply. It holds the reply's room until the work is done and its result
/// was taken or dropped.
pub(crate) async fn run_in<T: Send + 'static>(
    room: Room,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    // The result is dropped before the room.
    let (done, _room) = run(move || (work(), room)).await?;
    Some(done)
}
