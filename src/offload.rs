//! Moves long work off the workers of the runtime, so that other tasks go on.

use tokio::runtime::Handle;

use crate::transport::Room;
use crate::wire::budget;

/// The length in bytes above which a text is read off the workers. A shorter text is read in about a
/// millisecond, and handing it over may cost as much.
const LONG: usize = 256 * 1024;

/// The number of JSON values above which a text is read off the workers. Each value may be an error
/// whose texts are searched for secrets.
const MANY: usize = 2 * 1024;

/// Whether reading a text takes long.
pub(crate) fn is_long(text: &[u8]) -> bool {
    text.len() > LONG || !budget::is_within(text, MANY)
}

/// Does the work on one of the runtime's threads for blocking work. Outside of a tokio runtime, does it
/// on this thread. Returns `None` if the runtime was shut down before the work began.
///
/// If the future is dropped, work that has begun goes on, and its result is dropped.
pub(crate) async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    match Handle::try_current() {
        Ok(runtime) => runtime.spawn_blocking(work).await.ok(),
        Err(_) => Some(work()),
    }
}

/// The same for work on a reply. Holds the reply's room until the work is done and its result was
/// taken or dropped.
pub(crate) async fn run_in<T: Send + 'static>(
    room: Room,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    // The result is dropped before the room.
    let (done, _room) = run(move || (work(), room)).await?;
    Some(done)
}
