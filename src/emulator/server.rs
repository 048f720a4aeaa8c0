//! The HTTP server: connections and requests.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Response, http};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::{AbortHandle, JoinSet};

use super::reply::{Reply, ReplyBody};
use super::request::Request;

/// The longest body that is read, in bytes.
const MAX_BODY: usize = 32 << 20;

/// What answers the requests of a server.
pub(super) trait Service: Send + Sync + 'static {
    /// Answers a request; `None` closes the connection without an answer.
    fn answer(&self, request: Request) -> impl Future<Output = Option<Reply>> + Send;
}

/// A server on a free port of the loopback interface. Stops when dropped, with
/// all its connections.
#[derive(Debug)]
pub(super) struct Server<S> {
    address: SocketAddr,
    service: Arc<S>,
    accepting: AbortHandle,
}

impl<S: Service> Server<S> {
    /// Starts, with a service that may depend on the server's host and port.
    pub(super) async fn start(service: impl FnOnce(String) -> S) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let service = Arc::new(service(address.to_string()));
        let accepting = tokio::spawn(accept(listener, Arc::clone(&service))).abort_handle();
        Ok(Self {
            address,
            service,
            accepting,
        })
    }

    pub(super) fn service(&self) -> &S {
        &self.service
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl<S> Drop for Server<S> {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Serves until aborted; the connections are aborted along with it.
async fn accept<S: Service>(listener: TcpListener, service: Arc<S>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let service = Arc::clone(&service);
                    let service = service_fn(move |request| serve(Arc::clone(&service), request));
                    let connection =
                        http1::Builder::new().serve_connection(TokioIo::new(stream), service);
                    connections.spawn(async move {
                        // Clients that break off are the client's affair.
                        let _ = connection.await;
                    });
                }
                // Out of descriptors, say; some may be free again next time.
                Err(_) => tokio::task::yield_now().await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Answers a request; an error closes the connection without an answer.
async fn serve<S: Service>(
    service: Arc<S>,
    request: hyper::Request<Incoming>,
) -> io::Result<Response<ReplyBody>> {
    let (head, body) = request.into_parts();
    let body = match Limited::new(body, MAX_BODY).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => return Ok(Reply::html(413).into_response()),
        Err(error) => return Err(io::Error::other(error)),
    };
    let http::request::Parts {
        method, uri, headers, ..
    } = head;
    let request = Request {
        verb: method,
        uri,
        headers,
        body,
    };
    match service.answer(request).await {
        Some(reply) => Ok(reply.into_response()),
        None => Err(io::ErrorKind::ConnectionAborted.into()),
    }
}
