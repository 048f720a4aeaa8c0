//! Servers with TLS.

use std::sync::Arc;

use imbot_caps::store::{News, Store, StoreErrorKind};
use imbot_caps_redis::{OpenError, RedisStore};
use tempfile::TempDir;

use crate::server::{KEY, Server, free_port, get, heard, put};

#[tokio::test]
async fn certificates_are_checked() {
    let own = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let folder = Arc::new(TempDir::new().unwrap());
    let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    std::fs::write(&cert, own.cert.pem()).unwrap();
    std::fs::write(&key, own.signing_key.serialize_pem()).unwrap();
    if Server::start(&[]).await.is_none() {
        return;
    }
    let port = free_port();
    let config = [
        "port 0",
        &format!("tls-port {port}"),
        &format!("tls-cert-file {}", cert.display()),
        &format!("tls-key-file {}", key.display()),
        &format!("tls-ca-cert-file {}", cert.display()),
        "tls-auth-clients no",
    ];
    let _server = Server::start_in(folder, port, &config, &[]).await.unwrap();
    let url = format!("rediss://127.0.0.1:{port}");
    let trusting = RedisStore::builder(&url)
        .root_certificates(own.cert.pem().as_bytes())
        .open()
        .unwrap();
    let mut feed = trusting.news().await.unwrap();
    put(&trusting, KEY, "text", None).await;
    assert_eq!(get(&trusting, KEY).await.unwrap().body, "text");
    assert_eq!(heard(&mut *feed).await, News::Changed(vec![KEY.to_owned()]));
    let stranger = RedisStore::open(&url).unwrap();
    let error = stranger.load(&[KEY.to_owned()]).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Unavailable, "{error}");
    assert!(error.to_string().contains("certificate"), "{error}");
}

#[test]
fn bad_root_certificates_are_errors() {
    let builder = RedisStore::builder("rediss://cache.example");
    let pem = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let opened = builder.root_certificates(pem).open();
    assert!(matches!(opened, Err(OpenError::Url { .. })), "{opened:?}");
}
