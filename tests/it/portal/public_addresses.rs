//! A transport that sends to public addresses alone: what reaches this machine by it.

use std::sync::Arc;

use imbot_caps::gate::CallError;
use imbot_caps::portal::{RenewedTokens, TokenErrorKind, TokenSource};
use imbot_caps::probe::ProbeErrorClass;
use imbot_caps::transport::{ReqwestTransport, TransportError};
use imbot_caps::{Portal, RefreshGrant, Registry};
use imbot_caps_emulator::{Build, Emulator};
use serde_json::json;

fn public_only() -> ReqwestTransport {
    ReqwestTransport::builder().public_addresses_only().build()
}

#[tokio::test]
async fn nothing_reaches_loopback() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(36));
    let transport = Arc::new(public_only());
    for host in [
        "127.0.0.1",
        "127.1",
        "0x7f000001",
        "2130706433",
        "localhost",
        "LOCALHOST.",
        "0.0.0.0",
        "[::ffff:127.0.0.1]",
        "[::1]",
        "[::]",
        "[64:ff9b::7f00:1]",
    ] {
        let url = emulated.webhook_url().replacen("127.0.0.1", host, 1);
        for url in [url.clone(), url.replacen("http://", "https://", 1)] {
            let portal = Portal::builder().allow_http().webhook(&url).unwrap();
            let registry = Registry::builder(Arc::clone(&transport)).build();
            let error = registry.caps(&portal).await.unwrap_err();
            assert_eq!(error.class(), ProbeErrorClass::Permanent, "{url}: {error}");
            let called = registry.client(&portal).call("server.time", json!({})).await;
            let error = called.unwrap_err();
            assert!(
                matches!(error, CallError::Transport(TransportError::NotPublic(_))),
                "{url}: {error:?}"
            );
            assert!(!error.may_have_run());
            let text = error.to_string();
            assert!(text.contains("has no public address"), "{text}");
            assert!(text.contains("public_addresses_only"), "{text}");
        }
    }
    assert!(emulated.requests().is_empty(), "{:?}", emulated.requests());
    // The same without the option.
    let portal = Portal::builder()
        .allow_http()
        .webhook(emulated.webhook_url())
        .unwrap();
    Registry::new().caps(&portal).await.unwrap();
}

#[tokio::test]
async fn loopback_token_server_is_refused() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(36));
    let server = emulated.rest_url();
    let app = RefreshGrant::builder(public_only(), "local.1", "s3cret").allow_http();
    let grant = app.build(&server, "r3fresh", |_: RenewedTokens| async {
        Ok::<(), std::io::Error>(())
    });
    let error = grant.unwrap().token(None).await.unwrap_err();
    assert_eq!(error.kind(), TokenErrorKind::UnexpectedAnswer);
    assert!(error.to_string().contains("public_addresses_only"), "{error}");
    assert!(emulated.requests().is_empty());
}
