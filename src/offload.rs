//! Moves long work off the workers of the runtime, so that other tasks go on.

use std::future::pending;
use std::panic::resume_unwind;

use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tracing::{Span, dispatcher};

use crate::transport::MemoryReservation;

mod measure;

pub(crate) use measure::{is_long, is_long_call, is_long_form, is_long_of, is_long_reply, is_long_value};

/// Does the work. If it takes long, does it on one of the runtime's threads for blocking work. Outside
/// of a tokio runtime, and if the runtime was shut down before the work began, does it on this thread.
///
/// If the future is dropped, work that has begun goes on, and its result is dropped.
pub(crate) async fn run_if<W, T>(is_long: bool, work: W) -> T
where
    W: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    match is_long.then(Handle::try_current) {
        Some(Ok(runtime)) => run(&runtime, work).await,
        _ => work(),
    }
}

/// The same for work on a reply. Holds the reply's memory until the work is done and its result was
/// taken or dropped.
pub(crate) async fn run_in<T: Send + 'static>(
    reservation: MemoryReservation,
    is_long: bool,
    work: impl FnOnce() -> T + Send + 'static,
) -> T {
    // The result is dropped before the memory is released.
    let (done, _reservation) = run_if(is_long, move || (work(), reservation)).await;
    done
}

async fn run<W, T>(runtime: &Handle, work: W) -> T
where
    W: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    let (sender, receiver) = oneshot::channel();
    let mut task = Task(Some((work, sender)));
    // The log lines of the work belong to the span of its caller.
    let (span, dispatch) = (Span::current(), dispatcher::get_default(Clone::clone));
    let running = runtime.spawn_blocking(move || {
        dispatcher::with_default(&dispatch, || span.in_scope(|| task.run()));
    });
    match receiver.await {
        Ok(Ended::Done(done)) => done,
        Ok(Ended::NotRun(work)) => work(),
        // The work has panicked. Its caller gets the panic.
        Err(_) => match running.await.map_err(tokio::task::JoinError::try_into_panic) {
            Err(Ok(panic)) => resume_unwind(panic),
            _ => pending().await,
        },
    }
}

/// The end of a task.
enum Ended<W, T> {
    Done(T),
    /// The runtime was shut down before the work began.
    NotRun(W),
}

/// Work that is done once. If the task is dropped before, its caller gets the work back.
struct Task<W: FnOnce() -> T, T>(Option<(W, oneshot::Sender<Ended<W, T>>)>);

impl<W: FnOnce() -> T, T> Task<W, T> {
    fn run(&mut self) {
        if let Some((work, sender)) = self.0.take() {
            // The caller may have been dropped.
            let _ = sender.send(Ended::Done(work()));
        }
    }
}

impl<W: FnOnce() -> T, T> Drop for Task<W, T> {
    fn drop(&mut self) {
        if let Some((work, sender)) = self.0.take() {
            let _ = sender.send(Ended::NotRun(work));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    #[should_panic(expected = "as before")]
    async fn panics_go_on() {
        run_if(true, || panic!("as before")).await;
    }

    #[test]
    fn work_is_done_without_the_runtime() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let entered = runtime.handle().clone();
        runtime.shutdown_background();
        let _guard = entered.enter();
        let mut work = std::pin::pin!(run_if(true, || 7));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert_eq!(work.as_mut().poll(&mut context), std::task::Poll::Ready(7));
    }
}
