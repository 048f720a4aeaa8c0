//! Bodies: how much of them is read, and what is made of those that are packed.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use serde_json::json;

use super::*;
use crate::transport::{BODY_LIMIT, TransportError};
use imbot_caps_emulator::{Fault, Webhook};

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

/// A client of the caller's, which unpacks.
fn unpacking() -> Prober {
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .gzip(true)
        .build()
        .unwrap();
    Prober {
        transport: ReqwestTransport::with_client(client),
        ..Prober::default()
    }
}

#[tokio::test]
async fn decompression_bomb_is_cut_off() {
    let emulated = Emulator::start_single(Build::rest(36)).await.unwrap();
    let bomb = vec![b' '; 4 << 20];
    assert!(packed(&bomb).len() < 64 << 10, "short on the wire");
    emulated.fault(gzip(&bomb));
    let (found, _) = unpacking().ask(&emulated).await;
    let error = found.unwrap_err();
    assert!(
        matches!(
            error.trouble(),
            ProbeErrorKind::Transport(TransportError::TooLong { .. })
        ),
        "{error}"
    );
    assert_eq!(error.kind(), FailureKind::Malformed);
    let requests = emulated.take_requests();
    assert!(matches!(&*requests, [request] if request.header("accept-encoding") == Some("gzip")));
}

#[tokio::test]
async fn compressed_reply_needs_decompressing_client() {
    let emulated = Emulator::start_single(Build::rest(36)).await.unwrap();
    emulated.fault(gzip(REVISIONS.as_bytes()));
    let found = unpacking().ask(&emulated).await.0.unwrap();
    assert_eq!(found.known.rest(), Some(36));
    emulated.take_requests();

    // The default client asks for none, whatever other crates have turned on.
    let error = Prober::default().ask(&emulated).await.0.unwrap_err();
    assert!(error.to_string().contains("a compressed body"), "{error}");
    for request in emulated.take_requests() {
        assert_eq!(request.header("accept-encoding"), None);
    }
}

#[tokio::test]
async fn body_limit_is_exact() {
    let (emulator, prober) = (Emulator::start().await.unwrap(), Prober::default());
    for (length, whole) in [(BODY_LIMIT, true), (BODY_LIMIT + 1, false)] {
        let emulated = emulator.portal(Build::rest(36));
        let body = format!("{REVISIONS}{}", " ".repeat(length - REVISIONS.len()));
        emulated.fault(Fault::body(200, "application/json", body));
        match prober.ask(&emulated).await.0 {
            Ok(found) => assert!(whole && found.known.rest() == Some(36)),
            Err(error) => assert!(
                !whole
                    && matches!(
                        error.trouble(),
                        ProbeErrorKind::Transport(TransportError::TooLong { .. })
                    ),
                "{error}"
            ),
        }
        assert_eq!(asked(&emulated), [REVISION_GET]);
    }
}

#[tokio::test]
async fn whitespace_and_bom_are_accepted() {
    let (emulator, prober) = (Emulator::start().await.unwrap(), Prober::default());
    for body in [
        format!("\r\n\t {REVISIONS} \n"),
        format!("\u{feff}{REVISIONS}"),
        format!("\u{feff}\n{REVISIONS}\n"),
    ] {
        let emulated = emulator.portal(Build::rest(36));
        emulated.fault(Fault::body(200, "text/html", body));
        let found = prober.ask(&emulated).await.0.unwrap();
        assert_eq!(found.known.rest(), Some(36));
    }
}

#[tokio::test]
async fn code_echoed_in_result_is_redacted() {
    let (emulator, prober) = (Emulator::start().await.unwrap(), Prober::default());
    let code = "12345678901";
    let inner = json!({"error": code, "error_description": format!("{}{code}", "x".repeat(195))});
    for fault in [
        Fault::result(json!({"rest": 12_345_678_901_u64})),
        Fault::result(json!({"rest": code})),
        Fault::result(json!({"result": [], "result_error": {"old": inner}})).on(BATCH),
    ] {
        let emulated = emulator.portal(Build::rest(31));
        let url = emulated.add_webhook(Webhook::new(7, code));
        emulated.fault(fault.clone());
        let (found, _) = prober.probe(emulated.clock(), &webhook(&url)).await;
        let error = found.map_or_else(Some, |found| found.incomplete).unwrap();
        let text = format!("{error} {error:?}");
        assert!(!text.contains("1234"), "{fault:?}: {text}");
    }
}
