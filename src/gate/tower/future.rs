//! The future of a service behind a gate.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use super::GateError;

type Boxed<T, E> = Pin<Box<dyn Future<Output = Result<T, GateError<E>>> + Send>>;

pin_project! {
    /// The reply to come, of a service behind a gate.
    ///
    /// What no row of the table concerns is the future of the inner service itself.
    /// The rest is in a box: it may ask the portal, and send more than once.
    ///
    /// Dropping it gives the call up, as dropping the inner future does: what is on
    /// its way may still arrive. Nothing else is left to do or undo. A question about
    /// the portal's revision goes on in the registry and serves the next call.
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct GateFuture<F, T, E> {
        #[pin]
        way: Way<F, T, E>,
    }
}

pin_project! {
    #[project = WayProjected]
    enum Way<F, T, E> {
        Direct { #[pin] inner: F },
        Guided { boxed: Boxed<T, E> },
    }
}

impl<F, T, E> GateFuture<F, T, E> {
    /// Past the gate.
    pub(super) fn direct(inner: F) -> Self {
        Self {
            way: Way::Direct { inner },
        }
    }

    /// Through the gate.
    pub(super) fn guided(future: impl Future<Output = Result<T, GateError<E>>> + Send + 'static) -> Self {
        let boxed: Boxed<T, E> = Box::pin(future);
        Self {
            way: Way::Guided { boxed },
        }
    }
}

impl<F, T, E> Future for GateFuture<F, T, E>
where
    F: Future<Output = Result<T, E>>,
{
    type Output = Result<T, GateError<E>>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().way.project() {
            WayProjected::Direct { inner } => {
                Poll::Ready(ready!(inner.poll(context)).map_err(GateError::Inner))
            }
            WayProjected::Guided { boxed } => boxed.as_mut().poll(context),
        }
    }
}

impl<F, T, E> fmt::Debug for GateFuture<F, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GateFuture").finish_non_exhaustive()
    }
}
