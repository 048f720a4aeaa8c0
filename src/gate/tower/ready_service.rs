//! The readiness of a service. One call may send several requests to it.

use std::future::poll_fn;
use std::mem;
use std::pin::pin;
use std::task::Poll;

use tower_service::Service;

/// A service, and whether it was polled ready since its last call.
///
/// A ready service can hold a permit of a limit, or a slot of a queue. The call releases it, and
/// so does dropping the service.
pub(super) struct ReadyService<S> {
    service: S,
    is_ready: bool,
}

impl<S: Clone> ReadyService<S> {
    /// Takes the service that was polled ready. Leaves a clone, which was not.
    pub(super) fn take(service: &mut S) -> Self {
        let unready = service.clone();
        Self {
            service: mem::replace(service, unready),
            is_ready: true,
        }
    }

    /// Waits for a future that may ask the portal, and holds no permit meanwhile. The question
    /// may need that permit itself, if the registry's transport sends through the same limit.
    pub(super) async fn wait_for<T>(&mut self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        // An answer from memory is there at once. Then the permit is kept.
        if let Poll::Ready(done) = poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await {
            return done;
        }
        if self.is_ready {
            self.service = self.service.clone();
            self.is_ready = false;
        }
        future.await
    }
}

impl<S> ReadyService<S> {
    /// Sends one request, once the service is ready for it.
    pub(super) async fn send<Q>(&mut self, request: Q) -> Result<S::Response, S::Error>
    where
        S: Service<Q>,
    {
        if !self.is_ready {
            poll_fn(|context| self.service.poll_ready(context)).await?;
        }
        self.is_ready = false;
        self.service.call(request).await
    }
}
