//! Bodies: how much of them is read.

use serde_json::json;

use super::*;
use crate::transport::{REPLY_LIMIT, TransportError};
use imbot_caps_emulator::{Fault, Webhook};

const REVISIONS: &str = r#"{"result":{"rest":36,"web":130},"time":{}}"#;

#[tokio::test]
async fn body_limit_is_exact() {
    let (emulator, prober) = (Emulator::start().await.unwrap(), Prober::default());
    for (length, whole) in [(REPLY_LIMIT, true), (REPLY_LIMIT + 1, false)] {
        let emulated = emulator.portal(Build::rest(36));
        let body = format!("{REVISIONS}{}", " ".repeat(length - REVISIONS.len()));
        emulated.fault(Fault::body(200, "application/json", body));
        match prober.ask(&emulated).await.0 {
            Ok(found) => assert!(whole && found.known.rest() == Some(36)),
            Err(error) => assert!(
                !whole
                    && matches!(
                        error.kind(),
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
