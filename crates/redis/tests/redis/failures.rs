//! Servers that are down, that come back, and connections that answer no more.

use std::time::Duration;

use imbot_caps::store::{Store, StoreErrorKind};
use imbot_caps_redis::RedisStore;
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::server::{KEY, Server, free_port, get, put, soon};

#[tokio::test]
async fn store_opens_while_server_is_down() {
    let Some(_) = Server::start(&[]).await else { return };
    let port = free_port();
    let store = RedisStore::open(&format!("redis://127.0.0.1:{port}")).unwrap();
    for _ in 0..2 {
        let error = store.load(&[KEY.to_owned()]).await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Unavailable, "{error}");
        assert!(error.to_string().contains("refused"), "{error}");
    }
    assert_eq!(
        store.news().await.err().unwrap().kind(),
        StoreErrorKind::Unavailable
    );
    let _server = Server::start_at(port, &[]).await.unwrap();
    put(&store, KEY, "text", None).await;
}

#[tokio::test]
async fn restarted_server_is_used_at_once() {
    let Some(mut server) = Server::start(&[]).await else {
        return;
    };
    let (port, store) = (server.port, server.store());
    put(&store, KEY, "first", None).await;
    server.kill();
    let error = store.load(&[KEY.to_owned()]).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Unavailable, "{error}");
    let mut server = Server::start_at(port, &[]).await.unwrap();
    put(&store, KEY, "second", None).await;
    // Between two calls.
    server.kill();
    let _server = Server::start_at(port, &[]).await.unwrap();
    let lease = store.lease(KEY, Duration::from_secs(60)).await.unwrap();
    assert!(lease.is_some());
    put(&store, KEY, "third", None).await;
}

#[test]
fn stopped_runtime_blocks_no_other() {
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let (first, second) = (runtime(), runtime());
    let Some(server) = first.block_on(Server::start(&[])) else {
        return;
    };
    let store = server.store();
    let version = first.block_on(put(&store, KEY, "text", None));
    // The first runtime does not run meanwhile.
    assert_eq!(second.block_on(get(&store, KEY)).unwrap().version, version);
    drop(second);
    assert_eq!(runtime().block_on(get(&store, KEY)).unwrap().version, version);
    assert_eq!(first.block_on(get(&store, KEY)).unwrap().version, version);
}

/// Forwards connections to a server. After `is_frozen`, the first one answers no more, and stays open.
async fn freezing_proxy(
    to: u16,
    mut is_frozen: watch::Receiver<bool>,
    swallowed: watch::Sender<bool>,
) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut first, _) = listener.accept().await.unwrap();
        let mut upstream = TcpStream::connect(("127.0.0.1", to)).await.unwrap();
        tokio::select! {
            _ = tokio::io::copy_bidirectional(&mut first, &mut upstream) => {}
            _ = is_frozen.wait_for(|is_frozen| *is_frozen) => {}
        }
        tokio::spawn(async move {
            let mut bytes = [0; 4_096];
            while first.read(&mut bytes).await.is_ok_and(|count| count > 0) {
                swallowed.send_replace(true);
            }
        });
        loop {
            let (mut next, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let mut upstream = TcpStream::connect(("127.0.0.1", to)).await.unwrap();
                tokio::io::copy_bidirectional(&mut next, &mut upstream).await
            });
        }
    });
    port
}

#[tokio::test]
async fn silent_connection_is_replaced() {
    let Some(server) = Server::start(&[]).await else {
        return;
    };
    let (freeze, is_frozen) = watch::channel(false);
    let (swallowed, mut is_swallowed) = watch::channel(false);
    let port = freezing_proxy(server.port, is_frozen, swallowed).await;
    let store = RedisStore::open(&format!("redis://127.0.0.1:{port}")).unwrap();
    let version = put(&store, KEY, "text", None).await;
    freeze.send_replace(true);
    let keys = [KEY.to_owned()];
    tokio::select! {
        entries = store.load(&keys) => panic!("an answer: {entries:?}"),
        _ = is_swallowed.wait_for(|is_swallowed| *is_swallowed) => {}
    }
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(2)).await;
    tokio::time::resume();
    assert_eq!(soon(get(&store, KEY)).await.unwrap().version, version);
}
