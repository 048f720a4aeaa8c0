//! The client for portals: what it sends, how long it waits, and which proxy and certificates it uses.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use imbot_caps_proxy::{PortalList, Proxy};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use super::support::{builder, client, limits, raw, read, rest, until};

const ANSWER: &str = "HTTP/1.1 200 OK\r\nContent-Length: 15\r\nConnection: close\r\n\r\n{\"result\":true}";

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// Takes one request that ends so, and answers it.
async fn take(listener: &TcpListener, end: &str) -> String {
    let (mut stream, _) = listener.accept().await.unwrap();
    let taken = until(&mut stream, end).await;
    stream.write_all(ANSWER.as_bytes()).await.unwrap();
    taken
}

#[tokio::test]
async fn requests_are_those_of_reqwest() {
    let (listener, portal) = listen().await;
    let own = builder(portal).start().await.unwrap();
    let plain = reqwest::Client::builder().no_proxy();
    // Another package of the workspace turns compression on.
    let plain = plain
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .build()
        .unwrap();
    let given = builder(portal).client(plain).start().await.unwrap();
    let call = format!("/{portal}/rest/1/code/server.time");
    let json = r#"{"a":1}"#;
    for (request, end, expected) in [
        (
            format!("GET {call}?a=b%20c HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
            "\r\n\r\n",
            format!("GET /rest/1/code/server.time?a=b%20c HTTP/1.1\r\naccept: */*\r\nhost: {portal}\r\n\r\n"),
        ),
        (
            format!(
                "POST {call} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: Bot/1\r\nAccept: application/json\r\n\
                 Content-Type: application/json\r\nX-A: 1\r\nX-A: 2\r\nConnection: close\r\nContent-Length: {}\r\n\r\n\
                 {json}",
                json.len()
            ),
            json,
            format!(
                "POST /rest/1/code/server.time HTTP/1.1\r\nx-a: 1\r\nx-a: 2\r\nuser-agent: Bot/1\r\n\
                 accept: application/json\r\ncontent-type: application/json\r\nhost: {portal}\r\ncontent-length: {}\r\n\r\n{json}",
                json.len()
            ),
        ),
        (
            format!(
                "POST {call} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            ),
            "\r\n\r\n",
            format!("POST /rest/1/code/server.time HTTP/1.1\r\naccept: */*\r\nhost: {portal}\r\n\r\n"),
        ),
        (
            format!(
                "POST {call} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n\
                 3\r\na=1\r\n0\r\n\r\n"
            ),
            "0\r\n\r\n",
            format!(
                "POST /rest/1/code/server.time HTTP/1.1\r\naccept: */*\r\nhost: {portal}\r\n\
                 transfer-encoding: chunked\r\n\r\n3\r\na=1\r\n0\r\n\r\n"
            ),
        ),
    ] {
        for proxy in [&own, &given] {
            let (answer, taken) = tokio::join!(raw(proxy.address(), &request), take(&listener, end));
            assert_eq!(taken, expected);
            assert!(answer.ends_with(r#"{"result":true}"#), "{answer}");
        }
    }
}

/// A server that waits for a reply for a short time only.
async fn impatient(portal: SocketAddr) -> Proxy {
    let short = limits(|limits| limits.reply = Duration::from_millis(300));
    builder(portal).limits(short).start().await.unwrap()
}

#[tokio::test]
async fn silent_portal_is_a_timeout() {
    let (listener, portal) = listen().await;
    let proxy = impatient(portal).await;
    let url = format!(
        "http://{}/{portal}/rest/1/code-of-hook/server.time",
        proxy.address()
    );
    let taking = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        until(&mut stream, "\r\n\r\n").await;
        // The call ends, and is not sent again.
        rest(stream).await
    };
    let (answer, more) = tokio::join!(client().get(url).send(), taking);
    let (status, answer) = read(answer.unwrap()).await;
    assert_eq!(
        (status, answer["error"].as_str()),
        (504, Some("GATE_PORTAL_NO_ANSWER")),
        "{answer}"
    );
    let text = answer["error_description"].as_str().unwrap();
    assert!(text.contains("may have run"), "{text}");
    assert!(!text.contains("code-of-hook"), "{text}");
    assert_eq!(more, "");
}

#[tokio::test]
async fn stalled_reply_breaks_off() {
    let (listener, portal) = listen().await;
    let proxy = impatient(portal).await;
    let sending = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        until(&mut stream, "\r\n\r\n").await;
        let half = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nxxxxx";
        stream.write_all(half.as_bytes()).await.unwrap();
        rest(stream).await
    });
    let request = format!("GET /{portal}/rest/1/code/server.time HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let answer = raw(proxy.address(), request).await;
    assert!(answer.ends_with("\r\n\r\nxxxxx"), "{answer}");
    assert_eq!(sending.await.unwrap(), "");
}

/// The time to connect includes the handshake of TLS.
#[tokio::test]
async fn slow_handshake_is_no_connection() {
    let (listener, portal) = listen().await;
    let short = limits(|limits| limits.connect = Duration::from_millis(300));
    let list = PortalList::new().portal(&portal.to_string()).unwrap();
    let proxy = Proxy::builder(list).limits(short).start().await.unwrap();
    let url = format!(
        "http://{}/{portal}/rest/1/code-of-hook/server.time",
        proxy.address()
    );
    let taking = async { listener.accept().await.unwrap() };
    let (answer, _open) = tokio::join!(client().get(url).send(), taking);
    let (status, answer) = read(answer.unwrap()).await;
    assert_eq!(
        (status, answer["error"].as_str()),
        (502, Some("GATE_PORTAL_UNREACHABLE")),
        "{answer}"
    );
    let text = answer["error_description"].as_str().unwrap();
    assert!(text.contains("not sent") && text.contains("timed out"), "{text}");
    assert!(!text.contains("code-of-hook"), "{text}");
}

#[tokio::test]
async fn unknown_certificate_is_no_connection() {
    let folder = tempfile::tempdir().unwrap();
    let portal = SecurePortal::start(folder.path()).await;
    let host = portal.address.to_string();
    let list = PortalList::new().portal(&host).unwrap();
    let proxy = Proxy::builder(list).start().await.unwrap();
    let url = format!(
        "http://{}/{host}/rest/1/code-of-hook/server.time",
        proxy.address()
    );
    let (status, answer) = read(client().get(url).send().await.unwrap()).await;
    assert_eq!(
        (status, answer["error"].as_str()),
        (502, Some("GATE_PORTAL_UNREACHABLE")),
        "{answer}"
    );
    let text = answer["error_description"].as_str().unwrap();
    assert!(text.contains("certificate"), "{text}");
    assert_eq!(portal.begun.load(Ordering::SeqCst), 0);
}

/// A portal with HTTP/2 over TLS. It refuses the first request of each connection before it begins it.
struct SecurePortal {
    address: SocketAddr,
    /// The requests that it has answered, and their bodies.
    answered: Arc<Mutex<Vec<String>>>,
    /// The requests that came, refused ones among them.
    begun: Arc<AtomicUsize>,
}

impl SecurePortal {
    /// Writes its certificate into `root.pem`.
    async fn start(folder: &Path) -> Self {
        let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        std::fs::write(folder.join("root.pem"), own.cert.pem()).unwrap();
        let key = PrivateKeyDer::try_from(own.signing_key.serialize_der()).unwrap();
        let provider = tokio_rustls::rustls::crypto::aws_lc_rs::default_provider();
        let mut config = ServerConfig::builder_with_provider(Arc::new(provider))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![own.cert.der().clone()], key)
            .unwrap();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let (listener, address) = listen().await;
        let portal = Self {
            address,
            answered: Arc::default(),
            begun: Arc::default(),
        };
        let (answered, begun) = (Arc::clone(&portal.answered), Arc::clone(&portal.begun));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, answered, begun) =
                    (acceptor.clone(), Arc::clone(&answered), Arc::clone(&begun));
                tokio::spawn(async move {
                    let Ok(stream) = acceptor.accept(stream).await else {
                        return;
                    };
                    let mut connection = h2::server::handshake(stream).await.unwrap();
                    let mut is_first = true;
                    while let Some(Ok((request, mut reply))) = connection.accept().await {
                        begun.fetch_add(1, Ordering::SeqCst);
                        if std::mem::take(&mut is_first) {
                            reply.send_reset(h2::Reason::REFUSED_STREAM);
                            continue;
                        }
                        let answered = Arc::clone(&answered);
                        tokio::spawn(async move {
                            let (head, mut body) = request.into_parts();
                            let mut text = format!("{} {} ", head.method, head.uri.path());
                            while let Some(chunk) = body.data().await {
                                text.push_str(&String::from_utf8_lossy(&chunk.unwrap()));
                            }
                            answered.lock().unwrap().push(text);
                            let response = http::Response::new(());
                            let mut stream = reply.send_response(response, false).unwrap();
                            stream
                                .send_data(Bytes::from_static(br#"{"result":true}"#), true)
                                .unwrap();
                        });
                    }
                });
            }
        });
        portal
    }
}

/// A proxy for tunnels, and the requests for them.
async fn tunnels() -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let (listener, address) = listen().await;
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let kept = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let asked = until(&mut stream, "\r\n\r\n").await;
            let host = asked.split(' ').nth(1).unwrap().to_owned();
            kept.lock().unwrap().push(asked);
            if host.starts_with("closed.example:") {
                stream.write_all(b"HTTP/1.1 403 Forbidden\r\n\r\n").await.unwrap();
                continue;
            }
            let mut portal = TcpStream::connect(host).await.unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
            tokio::spawn(async move { tokio::io::copy_bidirectional(&mut stream, &mut portal).await });
        }
    });
    (address, seen)
}

/// The host of a portal, for the test that is started anew with another environment.
const HOST: &str = "IMBOT_CAPS_TEST_HOST";

/// Whether it is called by plain http, or as one of any portals.
const INSECURE: &str = "IMBOT_CAPS_TEST_INSECURE";
const ANY: &str = "IMBOT_CAPS_TEST_ANY";

async fn call_in_environment(host: &str) {
    let list = match std::env::var_os(ANY) {
        Some(_) => PortalList::new().any(),
        None => PortalList::new().portal(host).unwrap(),
    };
    let mut server = Proxy::builder(list);
    if std::env::var_os(INSECURE).is_some() {
        server = server.insecure_http();
    }
    let proxy = server.start().await.unwrap();
    let url = format!(
        "http://{}/{host}/rest/1/code-of-hook/server.time",
        proxy.address()
    );
    let request = client().post(url).header("content-type", "application/json");
    let answer = request.body(r#"{"a":1}"#).send().await.unwrap();
    let (status, text) = (answer.status().as_u16(), answer.text().await.unwrap());
    println!("answer: {status} {text}");
}

/// What a server with these variables answers.
async fn child(host: &str, root: &Path, variables: &[(&str, String)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    for name in ["HTTP", "HTTPS", "ALL", "NO"].map(|kind| format!("{kind}_PROXY")) {
        command.env_remove(name.to_ascii_lowercase());
        command.env_remove(name);
    }
    command.args([
        "--exact",
        "portal_client::environment_names_proxy_and_roots",
        "--nocapture",
    ]);
    command
        .env(HOST, host)
        .env("SSL_CERT_FILE", root.join("root.pem"));
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    let output = tokio::task::spawn_blocking(move || command.output()).await;
    let output = output.unwrap().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}");
    let answer = text.lines().find_map(|line| Some(line.split_once("answer: ")?.1));
    answer.unwrap_or_else(|| panic!("{text}")).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn environment_names_proxy_and_roots() {
    if !cfg!(target_os = "linux") {
        eprintln!("skipped: certificates come from the system's own store, and no variable names others");
        return;
    }
    if let Ok(host) = std::env::var(HOST) {
        return call_in_environment(&host).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let portal = SecurePortal::start(folder.path()).await;
    let host = format!("localhost:{}", portal.address.port());
    let (tunnel, seen) = tunnels().await;
    let by = |scheme: &str| format!("{scheme}://us3r:pa55w0rd@{tunnel}");
    let good = r#"200 {"result":true}"#;
    let unreachable = r#"502 {"error":"GATE_PORTAL_UNREACHABLE""#;
    let closed = "closed.example:443";
    let (plain, plain_address) = listen().await;
    tokio::spawn(async move {
        loop {
            take(&plain, r#"{"a":1}"#).await;
        }
    });
    let plain_host = plain_address.to_string();
    // With too long a label: whoever resolves it fails without a question to anybody.
    let strange = format!("{}.example", "a".repeat(64));
    for (host, variables, expected, text, tunnels) in [
        (&*host, vec![], good, "", 0),
        (&host, vec![("HTTPS_PROXY", by("http"))], good, "", 1),
        (&host, vec![("all_proxy", by("http"))], good, "", 1),
        (
            &host,
            vec![("HTTPS_PROXY", by("http")), ("NO_PROXY", "localhost".to_owned())],
            good,
            "",
            0,
        ),
        (&host, vec![("HTTP_PROXY", by("http"))], good, "", 0),
        (&host, vec![("ALL_PROXY", by("socks5"))], unreachable, "socks5", 0),
        (
            closed,
            vec![("HTTPS_PROXY", by("http"))],
            unreachable,
            "tunnel",
            1,
        ),
        // A portal of the list at plain http, and a portal of any: the proxy gets no such call.
        (
            &plain_host,
            vec![("ALL_PROXY", by("http")), (INSECURE, String::new())],
            good,
            "",
            0,
        ),
        (
            &strange,
            vec![("ALL_PROXY", by("http")), (ANY, String::new())],
            unreachable,
            "",
            0,
        ),
    ] {
        let before = (portal.answered.lock().unwrap().len(), seen.lock().unwrap().len());
        let answer = child(host, folder.path(), &variables).await;
        assert!(answer.starts_with(expected), "{variables:?}: {answer}");
        assert!(answer.contains(text), "{variables:?}: {answer}");
        for secret in ["pa55w0rd", "code-of-hook"] {
            assert!(!answer.contains(secret), "{variables:?}: {answer}");
        }
        let is_secure = host.starts_with("localhost") && expected == good;
        let answered = portal.answered.lock().unwrap().split_off(before.0);
        let call = r#"POST /rest/1/code-of-hook/server.time {"a":1}"#;
        assert_eq!(answered, vec![call; usize::from(is_secure)], "{variables:?}");
        let asked = seen.lock().unwrap().split_off(before.1);
        assert_eq!(asked.len(), tunnels, "{variables:?}: {asked:?}");
        for asked in asked {
            let tunnel = format!(
                "CONNECT {host} HTTP/1.1\r\nHost: {host}\r\nProxy-Authorization: Basic dXMzcjpwYTU1dzByZA==\r\n\r\n"
            );
            assert_eq!(asked, tunnel);
        }
    }
    // Each of the five was refused first, and sent again.
    assert_eq!(portal.begun.load(Ordering::SeqCst), 10);
}
