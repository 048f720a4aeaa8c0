//! Two processes with registries over one server.

use std::time::Duration;

use imbot_caps::store::{News, Store};
use imbot_caps::transport::ReqwestTransport;
use imbot_caps::{Portal, Registry};
use imbot_caps_emulator::{Build, Emulator};
use imbot_caps_redis::RedisStore;

use crate::server::{Server, get, heard};

fn registry(store: RedisStore) -> Registry {
    let builder = Registry::builder(ReqwestTransport::new()).store(store);
    builder.store_timeout(Duration::from_secs(60)).build()
}

#[tokio::test]
async fn second_process_asks_no_portal() {
    let Some(mut server) = Server::start(&[]).await else {
        return;
    };
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(34));
    let portal = Portal::builder()
        .allow_http()
        .webhook(emulated.webhook_url())
        .unwrap();
    let (store, key) = (server.store(), portal.id().to_string());
    let mut feed = store.news().await.unwrap();
    let known = registry(server.store()).caps(&portal).await.unwrap();
    assert_eq!(heard(&mut *feed).await, News::Changed(vec![key.clone()]));
    assert!(!emulated.take_requests().is_empty());
    let shared = registry(server.store()).caps(&portal).await.unwrap();
    assert_eq!(shared.knowledge(), known.knowledge());
    assert_eq!(emulated.take_requests().len(), 0);
    let entry = get(&store, &key).await.unwrap();
    assert!(!entry.body.contains(emulated.webhook_url()), "{}", entry.body);
    // Without the server each process asks itself.
    server.kill();
    let alone = registry(server.store()).caps(&portal).await.unwrap();
    assert_eq!(alone.knowledge(), known.knowledge());
    assert!(!emulated.take_requests().is_empty());
}
