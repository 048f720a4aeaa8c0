//! A master that Sentinel watches is killed under load.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use imbot_caps::store::{News, Store};
use imbot_caps_redis::RedisStore;
use tempfile::TempDir;

use crate::server::{KEY, Server, free_port, get, heard, key, put};

async fn sentinel(master: u16) -> Server {
    for _ in 0..8 {
        let port = free_port();
        let config = [
            &format!("port {port}"),
            &format!("sentinel monitor my-master 127.0.0.1 {master} 1"),
            "sentinel down-after-milliseconds my-master 1000",
            "sentinel failover-timeout my-master 3000",
        ];
        let folder = Arc::new(TempDir::new().unwrap());
        if let Some(sentinel) = Server::start_in(folder, port, &config, &["--sentinel"]).await {
            return sentinel;
        }
    }
    panic!("no sentinel started");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_master_is_replaced() {
    let Some(mut master) = Server::start(&["repl-diskless-sync-delay 0"]).await else {
        return;
    };
    let of_master = format!("replicaof 127.0.0.1 {}", master.port);
    let mut replica = Server::start(&[&of_master]).await.unwrap();
    assert!(replica.logs("Finished with success").await, "no replication");
    let mut sentinel = sentinel(master.port).await;
    assert!(sentinel.logs("+slave").await, "the sentinel knows no replica");
    let store = RedisStore::builder("redis://my-master")
        .sentinels([sentinel.url()])
        .open()
        .unwrap();
    let mut feed = store.news().await.unwrap();
    put(&store, KEY, "first", None).await;
    assert_eq!(heard(&mut *feed).await, News::Changed(vec![KEY.to_owned()]));
    // A write on this connection, for which it can wait. The earlier one was replicated before.
    let client = redis::Client::open(master.url()).unwrap();
    let config = redis::AsyncConnectionConfig::new().set_response_timeout(None);
    let mut connection = client
        .get_multiplexed_async_connection_with_config(&config)
        .await
        .unwrap();
    let mut commands = redis::pipe();
    commands
        .cmd("SET")
        .arg("written")
        .arg("")
        .ignore()
        .cmd("WAIT")
        .arg(1)
        .arg(0);
    let replicas: (u8,) = commands.query_async(&mut connection).await.unwrap();
    assert_eq!(replicas, (1,));

    let is_over = Arc::new(AtomicBool::new(false));
    let load = tokio::spawn({
        let (store, is_over) = (store.clone(), Arc::clone(&is_over));
        async move {
            while !is_over.load(Ordering::Relaxed) {
                // It fails while there is no master.
                let _ = store.load(&[key(1)]).await;
                tokio::task::yield_now().await;
            }
        }
    });
    master.kill();
    assert!(sentinel.logs("+switch-master").await, "no new master");
    assert_eq!(get(&store, KEY).await.unwrap().body, "first");
    put(&store, &key(2), "second", None).await;
    assert_eq!(heard(&mut *feed).await, News::Missed);
    put(&store, &key(3), "third", None).await;
    assert_eq!(heard(&mut *feed).await, News::Changed(vec![key(3)]));
    is_over.store(true, Ordering::Relaxed);
    load.await.unwrap();
}
