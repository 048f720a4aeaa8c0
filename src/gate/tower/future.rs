//! The future of a service behind a gate.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use super::error::GateError;

type Boxed<T, E> = Pin<Box<dyn Future<Output = Result<T, GateError<E>>> + Send>>;

pin_project! {
    /// The future reply of a service behind a gate.
    ///
    /// If no row of the table is about the call, it is the future of the inner service. Any
    /// other call is in a box: the gate may ask the portal, and send more than one request.
    ///
    /// Dropping it cancels the call, as dropping the inner future does. A request that was sent
    /// may still reach the portal. A probe of the portal goes on in the registry, and the next
    /// call uses its answer.
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct GateFuture<F, T, E> {
        #[pin]
        kind: Kind<F, T, E>,
    }
}

pin_project! {
    #[project = KindProjected]
    enum Kind<F, T, E> {
        Direct { #[pin] inner: F },
        Guided { boxed: Boxed<T, E> },
    }
}

impl<F, T, E> GateFuture<F, T, E> {
    /// The future of a call that the gate does not handle.
    pub(super) fn direct(inner: F) -> Self {
        Self {
            kind: Kind::Direct { inner },
        }
    }

    /// The future of a call that the gate handles.
    pub(super) fn guided(future: impl Future<Output = Result<T, GateError<E>>> + Send + 'static) -> Self {
        let boxed: Boxed<T, E> = Box::pin(future);
        Self {
            kind: Kind::Guided { boxed },
        }
    }
}

impl<F, T, E> Future for GateFuture<F, T, E>
where
    F: Future<Output = Result<T, E>>,
{
    type Output = Result<T, GateError<E>>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().kind.project() {
            KindProjected::Direct { inner } => {
                Poll::Ready(ready!(inner.poll(context)).map_err(GateError::Inner))
            }
            KindProjected::Guided { boxed } => boxed.as_mut().poll(context),
        }
    }
}

impl<F, T, E> fmt::Debug for GateFuture<F, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GateFuture").finish_non_exhaustive()
    }
}
