//! A portal over https, whose certificate only those trust who were told to.

use std::error::Error;
use std::io;

use imbot_caps::emulator::{Build, EmulatedPortal, Emulator, Fault};
use imbot_caps::transport::{ReqwestTransport, TransportError};
use imbot_caps::{Feature, Portal, ProbeError, Registry, Trouble};
use reqwest::{Certificate, Client};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::wire::{REVISION, asked};

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

fn is_not_connected(error: &ProbeError) -> bool {
    matches!(error.trouble(), Trouble::Transport(TransportError::Connect(_)))
}

#[tokio::test]
async fn a_portal_is_learnt_by_who_trusts_its_root() {
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
async fn a_portal_of_its_own_goes_by_localhost_too() {
    let emulated = Emulator::start_single_tls(Build::rest(34)).await.unwrap();
    let by_name = emulated.webhook_url().replace("127.0.0.1", "localhost");
    let registry = trusting(emulated.root_certificate_pem());
    let portal = Portal::webhook(&by_name).unwrap();
    assert_eq!(registry.caps(&portal).await.unwrap().knowledge().rest(), Some(34));
}

#[tokio::test]
async fn others_do_not_connect() {
    let emulator = Emulator::start_tls().await.unwrap();
    let emulated = emulator.portal(Build::rest(34));
    let stranger = Emulator::start_tls().await.unwrap();
    for registry in [Registry::new(), trusting(stranger.root_certificate_pem())] {
        let error = registry.caps(&webhook(&emulated)).await.unwrap_err();
        assert!(is_not_connected(&error), "{error}");
    }
    assert_eq!(asked(&emulated), [""; 0]);
}

#[tokio::test]
async fn handshakes_that_fail_or_never_come_are_in_nobodys_way() {
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
async fn a_reset_is_one_of_the_socket() {
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
async fn over_plain_http_there_is_nothing_to_trust() {
    let emulator = Emulator::start().await.unwrap();
    assert_eq!(emulator.root_certificate_pem(), None);
    assert_eq!(emulator.portal(Build::rest(34)).root_certificate_pem(), None);
}
