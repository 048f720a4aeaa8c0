//! What errors of TLS say.

use std::net::SocketAddr;
use std::sync::Arc;

use imbot_caps::transport::{Request, ReqwestTransport, Response, Transport, TransportError};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use reqwest::{Certificate, Client, ClientBuilder, tls};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};

const HOST: &str = "127.0.0.1";

/// An authority, and a server's certificate by it.
struct Issued {
    root: CertificateDer<'static>,
    leaf: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

/// Certificates for the host, valid in these years.
fn issued(years: [i32; 2]) -> Issued {
    let mut root = CertificateParams::default();
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root_key = KeyPair::generate().unwrap();
    let root_der = root.self_signed(&root_key).unwrap().der().clone();
    let issuer = Issuer::new(root, root_key);
    let mut leaf = CertificateParams::new([HOST.to_owned()]).unwrap();
    [leaf.not_before, leaf.not_after] = years.map(|year| date_time_ymd(year, 1, 1));
    let key = KeyPair::generate().unwrap();
    Issued {
        root: root_der,
        leaf: leaf.signed_by(&key, &issuer).unwrap().der().clone(),
        key: PrivateKeyDer::Pkcs8(key.serialize_der().into()),
    }
}

/// A server of these protocol versions, which may want a certificate of each client.
fn config(
    issued: &Issued,
    versions: &[&'static SupportedProtocolVersion],
    wants_identity: bool,
) -> ServerConfig {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(versions)
        .unwrap();
    let config = if wants_identity {
        let mut roots = RootCertStore::empty();
        roots.add(issued.root.clone()).unwrap();
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
        config.with_client_cert_verifier(verifier.build().unwrap())
    } else {
        config.with_no_client_auth()
    };
    config
        .with_single_cert(vec![issued.leaf.clone()], issued.key.clone_key())
        .unwrap()
}

/// Serves one connection, and answers its first request with an empty body.
async fn serve(config: ServerConfig) -> SocketAddr {
    let listener = TcpListener::bind((HOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let Ok(mut stream) = TlsAcceptor::from(Arc::new(config)).accept(stream).await else {
            return;
        };
        let _some = stream.read(&mut [0; 4096]).await.unwrap();
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        stream.write_all(answer).await.unwrap();
        stream.shutdown().await.unwrap();
    });
    address
}

async fn ask(
    config: ServerConfig,
    root: &CertificateDer<'static>,
    change: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> Result<Response, TransportError> {
    let address = serve(config).await;
    let root = Certificate::from_der(root).unwrap();
    let client = change(Client::builder().no_proxy().tls_certs_only([root]));
    let transport = ReqwestTransport::with_client(client.build().unwrap());
    let url = format!("https://{address}/rest/1/c0dec0de/profile");
    transport
        .send(Request::new(url.parse().unwrap(), Vec::new()))
        .await
}

#[tokio::test]
async fn tls_errors_name_the_remedy() {
    let same = |client| client;
    let (good, other) = (issued([2020, 4000]), issued([2020, 4000]));
    let (old, coming) = (issued([2020, 2021]), issued([3000, 4000]));
    let both: &[&'static SupportedProtocolVersion] = &[&TLS13, &TLS12];
    let answer = ask(config(&good, both, false), &good.root, same).await;
    assert_eq!(answer.unwrap().status, 200);
    for (answer, words) in [
        (ask(config(&good, both, false), &other.root, same).await, "root"),
        (ask(config(&old, both, false), &old.root, same).await, "clock"),
        (
            ask(config(&coming, both, false), &coming.root, same).await,
            "clock",
        ),
        (
            ask(config(&good, &[&TLS13], true), &good.root, same).await,
            "identity",
        ),
        (
            ask(config(&good, &[&TLS12], true), &good.root, same).await,
            "identity",
        ),
        (
            ask(config(&good, &[&TLS12], false), &good.root, |client| {
                client.tls_version_min(tls::Version::TLS_1_3)
            })
            .await,
            "TLS settings",
        ),
    ] {
        let error = answer.unwrap_err();
        assert!(
            matches!(&error, TransportError::Tls(text) if text.contains(words)),
            "{words}: {error:?}"
        );
    }
}

#[tokio::test]
async fn closed_handshake_is_connect_error() {
    let listener = TcpListener::bind((HOST, 0)).await.unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    let close = async { drop(listener.accept().await.unwrap()) };
    let transport = ReqwestTransport::new();
    let request = transport.send(Request::new(url.parse().unwrap(), Vec::new()));
    let (answer, ()) = tokio::join!(request, close);
    assert!(matches!(answer, Err(TransportError::Connect(_))), "{answer:?}");
}
