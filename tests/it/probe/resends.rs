//! What came, whether the call was sent again, and whether its error says that it may have
//! run: over raw sockets, for a call that writes and for one that reads.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use imbot_caps::gate::{CallError, Client};
use imbot_caps::portal::{AccessToken, TokenError, TokenSource};
use imbot_caps::transport::{Redirects, ReqwestTransport};
use imbot_caps::{Knowledge, Portal, Registry};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

mod errors;
mod http2;

const WRITES: &str = "imbot.v2.Chat.Message.send";
const READS: &str = "imbot.v2.Chat.get";

/// What a server does with a request.
enum Then {
    Answer(String),
    /// Sends this, and closes the connection.
    Close(String),
    Hang,
}

/// A server of HTTP/1.1, and the first line of each request that came whole.
#[derive(Clone)]
struct Server {
    host: String,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// `then` is asked with the number of the request and its path.
    async fn start(then: impl Fn(usize, &str) -> Then + Clone + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let lines = Arc::new(Mutex::new(Vec::new()));
        let server = Self { host, lines };
        let own = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(own.clone().converse(stream, then.clone()));
            }
        });
        server
    }

    async fn converse(self, mut stream: TcpStream, then: impl Fn(usize, &str) -> Then) {
        while let Some(line) = read(&mut stream).await {
            let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
            let number = {
                let mut lines = self.lines.lock().unwrap();
                lines.push(line);
                lines.len() - 1
            };
            match then(number, &path) {
                Then::Answer(answer) => stream.write_all(answer.as_bytes()).await.unwrap(),
                Then::Close(answer) => {
                    stream.write_all(answer.as_bytes()).await.unwrap();
                    return;
                }
                Then::Hang => std::future::pending().await,
            }
        }
    }

    fn came(&self) -> usize {
        std::mem::take(&mut *self.lines.lock().unwrap()).len()
    }

    fn portal(&self) -> Portal {
        let url = format!("http://{}/rest/1/c0dec0de/", self.host);
        Portal::builder().allow_http().webhook(&url).unwrap()
    }
}

/// The first line of a request, once all of it is there.
async fn read(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(": ")?;
                name.eq_ignore_ascii_case("content-length")
                    .then(|| value.parse().unwrap())
            });
            if body.len() >= length.unwrap_or(0) {
                return head.lines().next().map(str::to_owned);
            }
        }
        let mut more = [0; 4_096];
        match stream.read(&mut more).await {
            Ok(read @ 1..) => bytes.extend_from_slice(&more[..read]),
            _ => return None,
        }
    }
}

fn answer(status: u16, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status} X\r\n{headers}Content-Length: {length}\r\n\r\n{body}")
}

fn error(status: u16, code: &str) -> String {
    answer(
        status,
        "",
        &json!({"error": code, "error_description": ""}).to_string(),
    )
}

fn success() -> String {
    answer(200, "", r#"{"result": {"id": 7}}"#)
}

/// A client of a portal of which all is known, so that it is asked nothing besides.
fn client(registry: &Registry, portal: &Portal) -> Client {
    registry.handle(portal).pin(Knowledge::pinned(36));
    registry.client(portal)
}

fn registry(redirects: Redirects) -> Registry {
    over(&Arc::new(ReqwestTransport::new()), redirects)
}

/// One transport for many registries: its client takes long to make.
fn over(transport: &Arc<ReqwestTransport>, redirects: Redirects) -> Registry {
    let builder = Registry::builder(Arc::clone(transport));
    builder.redirects(redirects).build()
}

async fn call(client: &Client, method: &str) -> Result<Value, CallError> {
    let fields = json!({"message": "Hello"});
    client
        .call(method, json!({"botId": 7, "dialogId": "chat5", "fields": fields}))
        .await
}

async fn batch(client: &Client, method: &str) -> Result<Value, CallError> {
    client
        .call("batch", json!({"cmd": {"a": format!("{method}?botId=7")}}))
        .await
}

/// Each row: what came, and whether the method may have run by it.
fn answers() -> Vec<(&'static str, Then, bool)> {
    let html = |status| answer(status, "", "<html><title>X</title></html>");
    vec![
        (
            "QUERY_LIMIT_EXCEEDED",
            Then::Answer(error(503, "QUERY_LIMIT_EXCEEDED")),
            false,
        ),
        (
            "QUERY_LIMIT_EXCEEDED, 429",
            Then::Answer(error(429, "QUERY_LIMIT_EXCEEDED")),
            false,
        ),
        (
            "OPERATION_TIME_LIMIT",
            Then::Answer(error(429, "OPERATION_TIME_LIMIT")),
            false,
        ),
        (
            "OVERLOAD_LIMIT",
            Then::Answer(error(503, "OVERLOAD_LIMIT")),
            false,
        ),
        ("expired_token", Then::Answer(error(401, "expired_token")), false),
        (
            "insufficient_scope",
            Then::Answer(error(403, "insufficient_scope")),
            false,
        ),
        (
            "INTERNAL_SERVER_ERROR",
            Then::Answer(error(500, "INTERNAL_SERVER_ERROR")),
            true,
        ),
        ("ERROR_CORE", Then::Answer(error(400, "ERROR_CORE")), true),
        ("a new code", Then::Answer(error(400, "SOMETHING_NEW")), true),
        ("a new code, 429", Then::Answer(error(429, "SOMETHING_NEW")), true),
        ("a page, 429", Then::Answer(html(429)), true),
        ("a page, 502", Then::Answer(html(502)), true),
        ("a page, 503", Then::Answer(html(503)), true),
        ("a page, 404", Then::Answer(html(404)), true),
        ("an empty body", Then::Answer(answer(200, "", "")), true),
        (
            "Retry-After",
            Then::Answer(answer(503, "Retry-After: 0\r\n", "")),
            true,
        ),
        (
            "half a body",
            Then::Close(success()[..success().len() - 5].to_owned()),
            true,
        ),
        (
            "half a head",
            Then::Close("HTTP/1.1 200 OK\r\nContent-".to_owned()),
            true,
        ),
        (
            "what is not HTTP",
            Then::Close("220 mail.example ESMTP\r\n".to_owned()),
            true,
        ),
        ("an end without an answer", Then::Close(String::new()), true),
        (
            "too long a body",
            Then::Answer(answer(200, "", &"x".repeat(2_000))),
            true,
        ),
    ]
}

#[tokio::test]
async fn failed_calls_are_sent_once() {
    let transport = Arc::new(ReqwestTransport::new());
    for nth in 0..answers().len() {
        let server = Server::start(move |_, _| answers().swap_remove(nth).1).await;
        let (what, _, ran) = answers().swap_remove(nth);
        let registry = over(&transport, Redirects::deny());
        let client = client(&registry, &server.portal()).max_reply_bytes(1_000);
        for method in [WRITES, READS] {
            let error = call(&client, method).await.unwrap_err();
            assert_eq!(server.came(), 1, "{what}, {method}");
            assert_eq!(error.may_have_run(), ran, "{what}, {method}: {error}");
            let error = batch(&client, method).await.unwrap_err();
            assert_eq!(server.came(), 1, "{what}, {method} in a batch");
            assert_eq!(error.may_have_run(), ran, "{what}, {method} in a batch: {error}");
        }
    }
}

/// A portal looks the method up before all else. A batch is not sent again: others of it
/// have run.
#[tokio::test]
async fn absent_method_uses_fallback_once() {
    let server = Server::start(|_, _| Then::Answer(error(404, "ERROR_METHOD_NOT_FOUND"))).await;
    let registry = registry(Redirects::deny());
    let client = client(&registry, &server.portal());
    assert!(!batch(&client, WRITES).await.unwrap_err().may_have_run());
    assert_eq!(server.came(), 1);
    let error = call(&client, WRITES).await.unwrap_err();
    assert!(!error.may_have_run(), "{error}");
    let lines = std::mem::take(&mut *server.lines.lock().unwrap());
    let [first, second] = lines.as_slice() else {
        panic!("{lines:?}")
    };
    assert!(
        first.contains(WRITES) && second.contains("imbot.message.add"),
        "{lines:?}"
    );
}

#[tokio::test]
async fn timed_out_call_may_have_run() {
    let server = Server::start(|_, _| Then::Hang).await;
    let registry = registry(Redirects::deny());
    let client = client(&registry, &server.portal()).timeout(Duration::from_millis(50));
    for method in [WRITES, READS] {
        assert!(call(&client, method).await.unwrap_err().may_have_run());
    }
    assert!(server.came() <= 2, "each once at most");
}

#[tokio::test]
async fn closed_port_means_not_run() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/rest/1/c0dec0de/", listener.local_addr().unwrap());
    drop(listener);
    let portal = Portal::builder().allow_http().webhook(&url).unwrap();
    let registry = registry(Redirects::deny());
    assert!(
        !call(&client(&registry, &portal), WRITES)
            .await
            .unwrap_err()
            .may_have_run()
    );
}

/// A server may close a connection that is kept, or take one more request and close it then.
#[tokio::test]
async fn reused_connection_sends_no_duplicate() {
    for closes_early in [true, false] {
        let server = Server::start(move |number, _| match number {
            0 if closes_early => Then::Close(success()),
            0 => Then::Answer(success()),
            _ => Then::Close(String::new()),
        })
        .await;
        let registry = registry(Redirects::deny());
        let client = client(&registry, &server.portal());
        call(&client, WRITES).await.unwrap();
        let error = call(&client, WRITES).await.unwrap_err();
        assert!(error.may_have_run(), "{error}");
        assert!(server.came() <= 2, "the second call came once at most");
    }
}

#[tokio::test]
async fn expired_token_call_retries_once() {
    for (second, is_success) in [
        (success(), true),
        (error(401, "expired_token"), false),
        (error(503, "SOMETHING_NEW"), false),
    ] {
        let server = Server::start(move |number, _| match number {
            0 => Then::Answer(error(401, "expired_token")),
            _ => Then::Answer(second.clone()),
        })
        .await;
        let builder = Portal::builder().allow_http();
        let endpoint = format!("http://{}/rest/", server.host);
        let portal = builder.oauth(&endpoint, Tokens).unwrap();
        let registry = registry(Redirects::deny());
        let called = call(&client(&registry, &portal), WRITES).await;
        assert_eq!((server.came(), called.is_ok()), (2, is_success));
    }
}

/// Always another one.
struct Tokens;

impl TokenSource for Tokens {
    fn token<'a>(
        &'a self,
        expired: Option<&'a AccessToken>,
    ) -> Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>> {
        let token = match expired {
            None => "first-token",
            Some(_) => "second-token",
        };
        Box::pin(std::future::ready(Ok(AccessToken::new(token))))
    }
}

/// Where a redirect leads.
#[derive(Clone, Copy, Debug, PartialEq)]
enum To {
    /// The same path at another address.
    Move,
    /// A page at another address.
    Page,
    /// The same path at the same address.
    Itself,
    /// Nowhere.
    None,
}

/// The old address, which redirects by this status, and the new one, which answers.
async fn redirecting(status: u16, to: To) -> (Server, Server) {
    let new = Server::start(|_, _| Then::Answer(success())).await;
    let host = new.host.clone();
    let old = Server::start(move |_, path| {
        let location = match to {
            To::Move => format!("Location: http://{host}{path}\r\n"),
            To::Page => format!("Location: http://{host}/bitrix/coupon_activation.php\r\n"),
            To::Itself => format!("Location: {path}\r\n"),
            To::None => String::new(),
        };
        Then::Answer(match status {
            304 => format!("HTTP/1.1 304 X\r\n{location}\r\n"),
            _ => answer(status, &location, ""),
        })
    })
    .await;
    (old, new)
}

#[tokio::test]
async fn only_moves_are_followed() {
    let transport = Arc::new(ReqwestTransport::new());
    for status in 300..400 {
        for to in [To::Move, To::Page, To::Itself, To::None] {
            let is_move = [301, 302, 307, 308].contains(&status) && to == To::Move;
            let (old, new) = redirecting(status, to).await;
            for leave in [false, true] {
                let case = format!("{status} {to:?}, leave: {leave}");
                let redirects = match leave {
                    true => Redirects::to_hosts([&new.host]).unwrap(),
                    false => Redirects::deny(),
                };
                let registry = over(&transport, redirects);
                let client = client(&registry, &old.portal());
                let is_followed = is_move && leave;
                for method in [WRITES, READS] {
                    for called in [call(&client, method).await, batch(&client, method).await] {
                        assert_eq!(called.is_ok(), is_followed, "{case}");
                        if let Err(error) = called {
                            assert_eq!(error.may_have_run(), !is_move, "{case}: {error}");
                        }
                    }
                    let came = (old.came(), new.came());
                    assert_eq!(came, (2, if is_followed { 2 } else { 0 }), "{case}");
                }
            }
        }
    }
}

/// A probe reads; what it is told to follow is followed by the same rule.
#[tokio::test]
async fn probes_follow_only_moves() {
    let transport = Arc::new(ReqwestTransport::new());
    for status in 300..400 {
        for to in [To::Move, To::Page] {
            let is_move = [301, 302, 307, 308].contains(&status) && to == To::Move;
            let (old, new) = redirecting(status, to).await;
            let registry = over(&transport, Redirects::to_hosts([&new.host]).unwrap());
            let _ = registry.caps(&old.portal()).await;
            assert_eq!(old.came(), 1, "{status} {to:?}");
            assert_eq!(new.came() > 0, is_move, "{status} {to:?}");
        }
    }
}

/// The gates of other clients hand redirects on.
#[cfg(all(feature = "reqwest-middleware", feature = "tower"))]
#[tokio::test]
async fn client_gates_follow_no_redirects() {
    use imbot_caps::gate::{Gate, GateMiddleware, HttpGateLayer};
    use tower::{Layer, ServiceExt};

    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap();
    let transport = Arc::new(ReqwestTransport::new());
    for status in 300..400 {
        let (old, new) = redirecting(status, To::Move).await;
        let registry = over(&transport, Redirects::to_hosts([&new.host]).unwrap());
        registry.handle(&old.portal()).pin(Knowledge::pinned(36));
        let gate = Gate::new(&registry);
        let chain = reqwest_middleware::ClientBuilder::new(http.clone())
            .with(GateMiddleware::new(&gate))
            .build();
        let request = || {
            let url = format!("http://{}/rest/1/c0dec0de/{WRITES}", old.host);
            let request = http.post(url).header("content-type", "application/json");
            request
                .body(r#"{"botId": 7, "dialogId": "chat5"}"#)
                .build()
                .unwrap()
        };
        let by_chain = chain.execute(request()).await.unwrap();
        let by_layer = HttpGateLayer::new(&gate)
            .layer(http.clone())
            .oneshot(request())
            .await;
        assert_eq!(by_chain.status(), status);
        assert_eq!(by_layer.unwrap().status(), status);
        assert_eq!((old.came(), new.came()), (2, 0), "{status}");
    }
}
