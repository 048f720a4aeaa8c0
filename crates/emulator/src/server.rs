//! The HTTP server: connections and requests.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::header::{HOST, HeaderValue};
use hyper::http::uri::Authority;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Response, http};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

use super::fault::Cut;
use super::reply::{Reply, ReplyBody};
use super::request::Request;
#[cfg(feature = "tls")]
use super::tls::Tls;

/// The longest body that is read, in bytes.
const MAX_BODY: usize = 32 << 20;

/// What answers the requests of a server.
pub(super) trait Service: Send + Sync + 'static {
    /// Answers a request, or says how the connection ends without an answer.
    fn answer(&self, request: Request) -> impl Future<Output = Result<Reply, Cut>> + Send;
}

/// What HTTP is spoken over.
#[derive(Clone, Debug)]
pub(super) enum Channel {
    Plain,
    #[cfg(feature = "tls")]
    Tls(Tls),
}

impl Channel {
    /// What addresses begin with.
    pub(super) fn scheme(&self) -> &'static str {
        match self {
            Self::Plain => "http",
            #[cfg(feature = "tls")]
            Self::Tls(_) => "https",
        }
    }

    /// Serves one connection to its end. One without a handshake ends at once, or
    /// waits for it like a connection without a request.
    async fn converse<S: Service>(self, stream: TcpStream, door: Arc<Door<S>>) {
        match self {
            Self::Plain => converse(stream, |stream| stream, door).await,
            #[cfg(feature = "tls")]
            Self::Tls(tls) => {
                if let Ok(stream) = tls.accept(stream).await {
                    converse(stream, |stream| stream.get_ref().0, door).await;
                }
            }
        }
    }
}

/// The names that a server answers under besides its own.
#[derive(Clone, Debug, Default)]
pub(super) struct Hosts(Vec<String>);

impl Hosts {
    pub(super) fn add(&mut self, name: String) {
        let name = name.to_ascii_lowercase();
        self.0.push(name.strip_suffix('.').unwrap_or(&name).to_owned());
    }

    /// Whether a request is meant for the server at this port. A page of another
    /// site whose name leads to loopback (DNS rebinding) gets no answer by this.
    fn admits(&self, request: &http::request::Parts, port: u16) -> bool {
        let is_own = |authority: &Authority| self.has(authority, port);
        let is_named = |host: &HeaderValue| {
            let named = host.to_str().ok().and_then(|host| host.parse().ok());
            named.as_ref().is_some_and(is_own)
        };
        // Each header counts, since nobody knows which of two a client means.
        let mut headers = request.headers.get_all(HOST).iter().peekable();
        // A request through a proxy names the server twice.
        headers.peek().is_some() && headers.all(is_named) && request.uri.authority().is_none_or(is_own)
    }

    fn has(&self, authority: &Authority, port: u16) -> bool {
        let spelled = authority.as_str();
        let host = authority.host();
        // A user name before the host ends here, too, and so does a port that is no number.
        let own_port = match spelled.strip_prefix(host) {
            Some("" | ":") => None,
            Some(rest) => match rest.strip_prefix(':').map(str::parse::<u16>) {
                Some(Ok(own)) => Some(own),
                _ => return false,
            },
            None => return false,
        };
        let name = host.to_ascii_lowercase();
        let name = name
            .strip_prefix('[')
            .and_then(|name| name.strip_suffix(']'))
            .unwrap_or(name.strip_suffix('.').unwrap_or(&name));
        let is_loopback = || {
            let of_name = name == "localhost" || name.ends_with(".localhost");
            of_name || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        };
        self.0.iter().any(|own| own == name) || (is_loopback() && own_port.is_none_or(|own| own == port))
    }
}

/// A server on a free port of the loopback interface. Stops when dropped, with
/// all its connections.
pub(super) struct Server<S> {
    address: SocketAddr,
    channel: Channel,
    service: Arc<S>,
    accepting: AbortHandle,
}

impl<S: Service> Server<S> {
    /// Starts, with a service that may depend on the server's host and port.
    /// Port 0 is any that is free.
    pub(super) async fn start(
        channel: Channel,
        port: u16,
        hosts: Hosts,
        service: impl FnOnce(String) -> S,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let service = Arc::new(service(address.to_string()));
        let door = Arc::new(Door {
            service: Arc::clone(&service),
            hosts,
            port: address.port(),
        });
        let accepting = tokio::spawn(accept(listener, channel.clone(), door)).abort_handle();
        Ok(Self {
            address,
            channel,
            service,
            accepting,
        })
    }

    pub(super) fn service(&self) -> &S {
        &self.service
    }

    pub(super) fn channel(&self) -> &Channel {
        &self.channel
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

/// A service, and under which names it answers at which port.
struct Door<S> {
    service: Arc<S>,
    hosts: Hosts,
    port: u16,
}

/// Serves until aborted; the connections are aborted along with it.
async fn accept<S: Service>(listener: TcpListener, channel: Channel, door: Arc<Door<S>>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(channel.clone().converse(stream, Arc::clone(&door)));
                }
                // Out of descriptors, say; some may be free again next time.
                Err(_) => tokio::task::yield_now().await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Speaks HTTP to the end of a connection, whose socket is below it.
async fn converse<IO, S>(stream: IO, socket: fn(&IO) -> &TcpStream, door: Arc<Door<S>>)
where
    IO: AsyncRead + AsyncWrite + Unpin,
    S: Service,
{
    let is_reset = Arc::new(AtomicBool::new(false));
    let answer = service_fn({
        let is_reset = Arc::clone(&is_reset);
        move |request| serve(Arc::clone(&door), Arc::clone(&is_reset), request)
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), answer);
    // Clients that break off are the client's affair.
    let _ = (&mut connection).await;
    if is_reset.load(Ordering::Relaxed) {
        // Without time to linger, closing resets.
        let _ = socket(connection.into_parts().io.inner()).set_zero_linger();
    }
}

/// Answers a request; an error closes the connection without an answer.
async fn serve<S: Service>(
    door: Arc<Door<S>>,
    is_reset: Arc<AtomicBool>,
    request: hyper::Request<Incoming>,
) -> io::Result<Response<ReplyBody>> {
    let (head, body) = request.into_parts();
    if !door.hosts.admits(&head, door.port) {
        return Ok(Reply::html(421).into_response());
    }
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
    match door.service.answer(request).await {
        Ok(reply) => Ok(reply.into_response()),
        Err(Cut::Close) => Err(io::ErrorKind::ConnectionAborted.into()),
        Err(Cut::Reset) => {
            is_reset.store(true, Ordering::Relaxed);
            Err(io::ErrorKind::ConnectionReset.into())
        }
    }
}
