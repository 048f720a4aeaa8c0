//! A portal over https, whose certificate only those trust who were told to.

use std::error::Error;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use imbot_caps::gate::CallError;
use imbot_caps::transport::{Request, ReqwestTransport, Response, Transport, TransportError};
use imbot_caps::{Feature, Portal, Registry};
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator, Fault};
use reqwest::{Certificate, Client};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const REVISION: &str = "imbot.v2.Revision.get";

/// The methods called since the last look.
fn asked(emulated: &EmulatedPortal) -> Vec<String> {
    let requests = emulated.take_requests().into_iter();
    requests.map(|request| request.method).collect()
}

/// A client that trusts this certificate and no other.
fn client(root_pem: &str) -> Client {
    let root = Certificate::from_pem(root_pem.as_bytes()).unwrap();
    Client::builder()
        .tls_certs_only([root])
        .no_proxy()
        .build()
        .unwrap()
}

fn trusting(root_pem: Option<&str>) -> Registry {
    Registry::builder(ReqwestTransport::with_client(client(root_pem.unwrap()))).build()
}

fn webhook(emulated: &EmulatedPortal) -> Portal {
    Portal::webhook(emulated.webhook_url()).unwrap()
}

#[tokio::test]
async fn trusted_root_allows_probe() {
    let emulator = Emulator::start_tls().await.unwrap();
    let emulated = emulator.portal(Build::rest(34));
    assert!(emulated.url().starts_with("https://127.0.0.1:"));
    assert!(emulated.rest_url().starts_with(emulated.url()));
    assert_eq!(emulated.root_certificate_pem(), emulator.root_certificate_pem());

    let registry = trusting(emulator.root_certificate_pem());
    let caps = registry.caps(&webhook(&emulated)).await.unwrap();
    assert_eq!(caps.knowledge().rest(), Some(34));
    assert!(caps.supports(Feature::ImbotV2RevisionGet));
    assert_eq!(asked(&emulated), [REVISION]);
}

#[tokio::test]
async fn tls_refuses_other_host_names() {
    let emulated = Emulator::start_single_tls(Build::rest(36)).await.unwrap();
    let client = client(emulated.root_certificate_pem().unwrap());
    let url = format!("{}server.time", emulated.webhook_url());
    for (host, status) in [("localhost", 200), ("127.0.0.1:1", 421), ("evil.example", 421)] {
        let answer = client.get(&url).header("Host", host).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{host}");
    }
    assert_eq!(emulated.count("server.time"), 1);
}

#[tokio::test]
async fn single_portal_answers_as_localhost() {
    let emulated = Emulator::start_single_tls(Build::rest(34)).await.unwrap();
    let by_name = emulated.webhook_url().replace("127.0.0.1", "localhost");
    let registry = trusting(emulated.root_certificate_pem());
    let portal = Portal::webhook(&by_name).unwrap();
    assert_eq!(registry.caps(&portal).await.unwrap().knowledge().rest(), Some(34));
}

/// Counts what is sent.
struct Counted(ReqwestTransport, Arc<AtomicUsize>);

impl Transport for Counted {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.send(request)
    }
}

/// Asks the portal at this address; expects one request, an error that lasts, and these
/// words in its text. Gives back what a call to the same portal comes to.
async fn fails_once(
    transport: ReqwestTransport,
    url: &str,
    emulator: &Emulator,
    words: &[&str],
) -> CallError {
    let clock = emulator.clock();
    clock.stop();
    let sent = Arc::<AtomicUsize>::default();
    let registry = Registry::builder(Counted(transport, Arc::clone(&sent)))
        .clock(clock.clone())
        .build();
    let portal = Portal::builder().allow_http().webhook(url).unwrap();
    let error = registry.caps(&portal).await.unwrap_err();
    assert!(!error.is_transient() && !error.is_credential(), "{error}");
    let text = error.to_string();
    assert!(words.iter().all(|word| text.contains(word)), "{words:?}: {text}");
    // A failure that lasts keeps everybody from asking for longer than one that passes.
    clock.advance(Duration::from_secs(30));
    registry.caps(&portal).await.unwrap_err();
    assert_eq!(sent.load(Ordering::Relaxed), 1, "{error}");
    let client = registry.client(&portal);
    let called = client.call("imbot.v2.Chat.Message.send", json!({})).await;
    called.unwrap_err()
}

#[tokio::test]
async fn untrusted_issuer_is_not_retried() {
    let emulator = Emulator::start_tls().await.unwrap();
    let emulated = emulator.portal(Build::rest(34));
    let stranger = Emulator::start_tls().await.unwrap();
    for transport in [
        ReqwestTransport::new(),
        ReqwestTransport::with_client(client(stranger.root_certificate_pem().unwrap())),
    ] {
        let words = [
            "certificate is not trusted",
            "root",
            "tls_certs_merge",
            "ReqwestTransport::with_client",
        ];
        let error = fails_once(transport, emulated.webhook_url(), &emulator, &words).await;
        assert!(!error.may_have_run(), "{error}");
    }
    assert_eq!(asked(&emulated), [""; 0]);
}

#[tokio::test]
async fn wrong_certificate_host_is_not_retried() {
    let emulator = Emulator::start_tls().await.unwrap();
    let emulated = emulator.portal(Build::rest(34));
    let root = Certificate::from_pem(emulator.root_certificate_pem().unwrap().as_bytes()).unwrap();
    let client = Client::builder()
        .tls_certs_only([root])
        .no_proxy()
        .resolve("portal.example", emulator.address())
        .build()
        .unwrap();
    let url = emulated.webhook_url().replace("127.0.0.1", "portal.example");
    let transport = ReqwestTransport::with_client(client);
    let words = ["certificate is of another host", "portal.example"];
    let error = fails_once(transport, &url, &emulator, &words).await;
    assert!(!error.may_have_run(), "{error}");
    assert_eq!(asked(&emulated), [""; 0]);
}

#[tokio::test]
async fn tls_on_plain_port_fails_once() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(34));
    let url = emulated.webhook_url().replace("http://", "https://");
    let error = fails_once(
        ReqwestTransport::new(),
        &url,
        &emulator,
        &["without TLS", "check the port"],
    )
    .await;
    assert!(!error.may_have_run(), "{error}");
    assert_eq!(asked(&emulated), [""; 0]);
}

#[tokio::test]
async fn http_on_tls_port_fails_once() {
    let emulator = Emulator::start_tls().await.unwrap();
    let emulated = emulator.portal(Build::rest(34));
    let url = emulated.webhook_url().replace("https://", "http://");
    let error = fails_once(
        ReqwestTransport::new(),
        &url,
        &emulator,
        &["not HTTP", "https://"],
    )
    .await;
    // Whatever spoke there may have read the request.
    assert!(error.may_have_run(), "{error}");
    assert_eq!(asked(&emulated), [""; 0]);
}

#[tokio::test]
async fn failed_handshakes_block_nobody() {
    let emulator = Emulator::start_tls().await.unwrap();
    let emulated = emulator.portal(Build::rest(34));
    let _silent = TcpStream::connect(emulator.address()).await.unwrap();
    let mut plain = TcpStream::connect(emulator.address()).await.unwrap();
    plain.write_all(b"POST / HTTP/1.1\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    // An alert or a reset, and the end.
    let _ = plain.read_to_end(&mut answer).await;
    assert!(!answer.starts_with(b"HTTP"), "{answer:?}");

    let registry = trusting(emulator.root_certificate_pem());
    assert!(registry.caps(&webhook(&emulated)).await.is_ok());
}

#[tokio::test]
async fn reset_fault_resets_the_socket() {
    let emulated = Emulator::start_single_tls(Build::rest(34)).await.unwrap();
    emulated.fault(Fault::reset().once());
    let client = client(emulated.root_certificate_pem().unwrap());
    let request = client.post(format!("{}profile", emulated.webhook_url()));
    let error = request.send().await.unwrap_err();
    let reasons = std::iter::successors(Some(&error as &(dyn Error + 'static)), |&error| error.source());
    let kinds: Vec<_> = reasons
        .filter_map(|error| error.downcast_ref::<io::Error>())
        .map(io::Error::kind)
        .collect();
    assert_eq!(kinds, [io::ErrorKind::ConnectionReset], "{error:?}");
}

#[tokio::test]
async fn plain_http_has_no_certificate() {
    let emulator = Emulator::start().await.unwrap();
    assert_eq!(emulator.root_certificate_pem(), None);
    assert_eq!(emulator.portal(Build::rest(34)).root_certificate_pem(), None);
}
