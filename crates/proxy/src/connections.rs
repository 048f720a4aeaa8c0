//! Connections: how many, how long they may take, and how they end.

use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio_io_timeout::TimeoutStream;

use crate::body::ProxyBody;
use crate::builder::Limits;
use crate::headers::HEAD;

/// Connections beyond the limit that are told so. Further ones are closed.
const REFUSALS: usize = 64;

/// The pause after a connection could not be accepted: the process has too many files open, say.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves until `stop` changes. Then it takes no more connections, and finishes the requests that it has.
///
/// The answer gets whether the connection is beyond the limit.
pub(crate) async fn serve<A, F>(
    listener: TcpListener,
    limits: Limits,
    mut stop: watch::Receiver<bool>,
    answer: A,
) where
    A: Fn(Request<Incoming>, bool) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response<ProxyBody>> + Send + 'static,
{
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(HEAD);
    let slots = Arc::new(Semaphore::new(limits.connections));
    let refusals = Arc::new(Semaphore::new(REFUSALS));
    let graceful = GracefulShutdown::new();
    let mut tasks = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            _ = stop.changed() => break,
            Some(_) = tasks.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(error.message = %error, "a connection could not be accepted");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        let (slot, is_busy) = match Arc::clone(&slots).try_acquire_owned() {
            Ok(slot) => (slot, false),
            Err(_) => match Arc::clone(&refusals).try_acquire_owned() {
                Ok(slot) => (slot, true),
                Err(_) => continue,
            },
        };
        // It only adds a delay if it fails.
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(limits.write));
        let own = answer.clone();
        let service = service_fn(move |request| {
            // Boxed: an idle connection then holds no memory for an answer.
            let answered = Box::pin(own(request, is_busy));
            async move { Ok::<_, std::convert::Infallible>(answered.await) }
        });
        let connection = http.serve_connection(TokioIo::new(Box::pin(stream)), service);
        let connection = graceful.watch(connection);
        tasks.spawn(async move {
            let _slot = slot;
            if let Err(error) = connection.await {
                tracing::debug!(error.message = %error, "a connection ended with an error");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(limits.stop, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("connections were closed before their requests had ended");
    }
}
