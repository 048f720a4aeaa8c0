//! Replies that are compressed: by the leave of the program's client alone, and within the budgets.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use imbot_caps::Registry;
use imbot_caps::probe::ProbeErrorClass;
use imbot_caps::registry::ProbeErrorKind;
use imbot_caps::transport::{ReqwestTransport, TransportError};
use imbot_caps_emulator::{Build, Emulator, Fault};

use crate::support::http::webhook;

const REVISIONS: &str = r#"{"result":{"rest":36,"web":130},"time":{}}"#;

fn packed(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

/// An answer with this body, packed.
fn gzip(body: &[u8]) -> Fault {
    Fault::body(200, "application/json", packed(body)).header("Content-Encoding", "gzip")
}

/// A registry over a client of the program's own, which unpacks.
fn unpacking() -> Registry {
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .gzip(true)
        .build()
        .unwrap();
    Registry::builder(ReqwestTransport::with_client(client)).build()
}

#[tokio::test]
async fn decompression_bomb_is_cut_off() {
    let emulated = Emulator::start_single(Build::rest(36)).await.unwrap();
    let bomb = vec![b' '; 4 << 20];
    assert!(packed(&bomb).len() < 64 << 10, "short on the wire");
    emulated.fault(gzip(&bomb));
    let error = unpacking().caps(&webhook(&emulated)).await.unwrap_err();
    assert!(
        matches!(
            error.kind(),
            ProbeErrorKind::Transport(TransportError::TooLong { .. })
        ),
        "{error}"
    );
    assert_eq!(error.class(), ProbeErrorClass::Malformed);
    let requests = emulated.take_requests();
    assert!(matches!(&*requests, [request] if request.header("accept-encoding") == Some("gzip")));
}

#[tokio::test]
async fn compressed_reply_needs_decompressing_client() {
    let emulated = Emulator::start_single(Build::rest(36)).await.unwrap();
    emulated.fault(gzip(REVISIONS.as_bytes()));
    let caps = unpacking().caps(&webhook(&emulated)).await.unwrap();
    assert_eq!(caps.knowledge().rest(), Some(36));
    emulated.take_requests();

    // The default client asks for none, whatever other crates have turned on.
    let error = Registry::new().caps(&webhook(&emulated)).await.unwrap_err();
    assert!(error.to_string().contains("a compressed body"), "{error}");
    for request in emulated.take_requests() {
        assert_eq!(request.header("accept-encoding"), None);
    }
}
