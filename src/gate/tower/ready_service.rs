//! Readiness of a service that one call may send more than one request to.

use std::future::poll_fn;
use std::mem;
use std::pin::pin;
use std::task::Poll;

use tower_service::Service;

/// A service, and whether it has been polled ready since it was called.
///
/// A service that is ready may hold a place: a permit of a limit, a slot of a queue.
/// It is given up by the call, or with the service.
pub(super) struct Place<S> {
    service: S,
    is_ready: bool,
}

impl<S: Clone> Place<S> {
    /// Takes the service that was polled ready, and leaves a clone of it, which was not.
    pub(super) fn take(service: &mut S) -> Self {
        let unready = service.clone();
        Self {
            service: mem::replace(service, unready),
            is_ready: true,
        }
    }

    /// Waits for what may be a question to the portal, and holds no place meanwhile:
    /// the question may have to wait for one, where the registry's transport sends
    /// through the same limit.
    pub(super) async fn wait_for<T>(&mut self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        // What is known from memory is there at once, and the place stays.
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

impl<S> Place<S> {
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
