//! The HTTP server: connections, and which portal a path belongs to.

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, PoisonError, RwLock};

use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Response, http};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::{AbortHandle, JoinSet};

use super::portal::Portal;
use super::reply::{Reply, ReplyBody};
use super::request::Request;

/// The longest body that is read, in bytes.
const MAX_BODY: usize = 32 << 20;

/// The portals of a server by the prefix of their paths: `/portal-1`, or none
/// for a portal at the root.
type Portals = RwLock<HashMap<String, Arc<Portal>>>;

/// A server on a free port of the loopback interface. Stops when dropped, with
/// all its connections.
#[derive(Debug)]
pub(super) struct Server {
    address: SocketAddr,
    portals: Arc<Portals>,
    accepting: AbortHandle,
}

impl Server {
    pub(super) async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let portals = Arc::new(Portals::default());
        let accepting = tokio::spawn(accept(listener, Arc::clone(&portals))).abort_handle();
        Ok(Self {
            address,
            portals,
            accepting,
        })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Puts a portal under a prefix, which the portal's number may be part of;
    /// returns the number and the prefix.
    pub(super) fn add(&self, portal: Arc<Portal>, prefix: impl FnOnce(usize) -> String) -> (usize, String) {
        let mut portals = self.portals.write().unwrap_or_else(PoisonError::into_inner);
        let number = portals.len() + 1;
        let prefix = prefix(number);
        portals.insert(prefix.clone(), portal);
        (number, prefix)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Serves until aborted; the connections are aborted along with it.
async fn accept(listener: TcpListener, portals: Arc<Portals>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let portals = Arc::clone(&portals);
                    let service = service_fn(move |request| serve(Arc::clone(&portals), request));
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
async fn serve(portals: Arc<Portals>, request: hyper::Request<Incoming>) -> io::Result<Response<ReplyBody>> {
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
    let Some((portal, path)) = find(&portals, request.uri.path()) else {
        return Ok(Reply::html(404).into_response());
    };
    match portal.answer(path, &request).await {
        Some(reply) => Ok(reply.into_response()),
        None => Err(io::ErrorKind::ConnectionAborted.into()),
    }
}

/// The portal that a path belongs to, and the path below its prefix.
fn find<'p>(portals: &Portals, path: &'p str) -> Option<(Arc<Portal>, &'p str)> {
    let portals = portals.read().unwrap_or_else(PoisonError::into_inner);
    let end_of_first = path
        .char_indices()
        .skip(1)
        .find_map(|(at, c)| (c == '/').then_some(at));
    let (first, rest) = path.split_at_checked(end_of_first.unwrap_or(path.len()))?;
    portals
        .get(first)
        .map(|portal| (Arc::clone(portal), rest))
        .or_else(|| portals.get("").map(|portal| (Arc::clone(portal), path)))
}
