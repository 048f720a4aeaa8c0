//! News of changes.

use imbot_caps::store::{Change, KEY_LIMIT, News, Store};

use crate::server::{KEY, Server, heard, key, put};

#[tokio::test]
async fn broken_feed_reports_missed_news() {
    let Some(mut server) = Server::start(&[]).await else {
        return;
    };
    let (port, store) = (server.port, server.store());
    let mut feed = store.news().await.unwrap();
    server.send(&["CLIENT", "KILL", "TYPE", "pubsub"]).await;
    assert_eq!(heard(&mut *feed).await, News::Missed);
    put(&store, KEY, "first", None).await;
    assert_eq!(heard(&mut *feed).await, News::Changed(vec![KEY.to_owned()]));
    server.kill();
    feed.next().await.unwrap_err();
    let _server = Server::start_at(port, &[]).await.unwrap();
    assert_eq!(heard(&mut *feed).await, News::Missed);
    put(&store, KEY, "second", None).await;
    assert_eq!(heard(&mut *feed).await, News::Changed(vec![KEY.to_owned()]));
}

#[tokio::test]
async fn foreign_messages_are_no_news() {
    let Some(server) = Server::start(&[]).await else {
        return;
    };
    let store = server.store();
    let mut feed = store.news().await.unwrap();
    let long = "k".repeat(KEY_LIMIT + 1);
    for message in ["", &long] {
        server.send(&["PUBLISH", "imbot-caps:news", message]).await;
    }
    server
        .send(&["PUBLISH", "others:news", "https://other.example"])
        .await;
    server
        .send(&[
            "EVAL",
            "return redis.call('PUBLISH', 'imbot-caps:news', '\\255\\254')",
            "0",
        ])
        .await;
    put(&store, KEY, "text", None).await;
    assert_eq!(heard(&mut *feed).await, News::Changed(vec![KEY.to_owned()]));
}

#[tokio::test]
async fn unannounced_and_refused_changes_are_no_news() {
    let Some(server) = Server::start(&[]).await else {
        return;
    };
    let store = server.store();
    let mut feed = store.news().await.unwrap();
    let mut quiet = Change::new(key(1), "quiet".to_owned(), None);
    quiet.announce = false;
    let refused = Change::new(key(1), "refused".to_owned(), None);
    store.save(&[quiet, refused]).await.unwrap();
    put(&store, &key(2), "loud", None).await;
    assert_eq!(heard(&mut *feed).await, News::Changed(vec![key(2)]));
}

/// A feed that is waited for in vain, and then asked again, loses nothing.
#[tokio::test]
async fn dropped_wait_loses_no_news() {
    let Some(server) = Server::start(&[]).await else {
        return;
    };
    let store = server.store();
    let mut feed = store.news().await.unwrap();
    for nth in 0..8 {
        let mut waiting = feed.next();
        std::future::poll_fn(|context| {
            let _ = waiting.as_mut().poll(context);
            std::task::Poll::Ready(())
        })
        .await;
        drop(waiting);
        put(&store, &key(nth), "text", None).await;
        assert_eq!(heard(&mut *feed).await, News::Changed(vec![key(nth)]));
    }
}
