//! The values on the server: garbage, expiry, limits, and scripts that run twice.

use std::time::Duration;

use imbot_caps::store::{BODY_LIMIT, Change, KEY_LIMIT, SaveOutcome, Store, StoreErrorKind, Version};
use imbot_caps_redis::RedisStore;

use crate::server::{KEY, Server, get, key, put, save};

#[tokio::test]
async fn garbage_damages_its_own_entry_alone() {
    let Some(server) = Server::start(&[]).await else {
        return;
    };
    let store = server.store();
    let large = "x".repeat(1_000_000);
    let long_body = format!("00000000000000ff:{}", "x".repeat(BODY_LIMIT + 1));
    let garbage: [&[&str]; 9] = [
        &["RPUSH", "a list"],
        &["HSET", "a", "hash"],
        &["SADD", "a set"],
        &["SET", "{\"format\":1}"],
        &["SET", "00000000000000FF:{}"],
        &["SET", "+0000000000000ff:{}"],
        &["SET", "0000000000000000:{}"],
        &["SET", &large],
        &["SET", &long_body],
    ];
    let keys: Vec<String> = (0..garbage.len()).map(key).collect();
    for (command, key) in garbage.iter().zip(&keys) {
        let place = format!("imbot-caps:entry:{key}");
        server
            .send(&[&[command[0], &place], &command[1..]].concat())
            .await;
    }
    put(&store, KEY, "whole", None).await;
    let all: Vec<String> = keys.iter().cloned().chain([KEY.to_owned()]).collect();
    let entries = store.load(&all).await.unwrap();
    assert_eq!(entries.last().unwrap().as_ref().unwrap().body, "whole");
    for (key, (entry, command)) in keys.iter().zip(entries.iter().zip(garbage)) {
        let entry = entry.clone().unwrap();
        assert!(
            entry.body.is_empty() || entry.body == "{}",
            "{command:?}: {entry:?}"
        );
        let conflict = SaveOutcome::Conflict(Some(entry.clone()));
        assert_eq!(save(&store, key, "new", None).await, conflict, "{command:?}");
        let version = put(&store, key, "new", Some(entry.version)).await;
        assert_eq!(get(&store, key).await.unwrap().version, version, "{command:?}");
    }
}

#[tokio::test]
async fn garbage_leases_block_nobody() {
    let Some(server) = Server::start(&[]).await else {
        return;
    };
    let store = server.store();
    let place = format!("imbot-caps:lease:{KEY}");
    for garbage in [&["SET", &place, "mine"] as &[&str], &["RPUSH", &place, "mine"]] {
        server.send(garbage).await;
        let lease = store.lease(KEY, Duration::from_secs(60)).await.unwrap().unwrap();
        assert_eq!(store.lease(KEY, Duration::from_secs(60)).await.unwrap(), None);
        store.release(lease).await.unwrap();
        assert_eq!(server.send(&["EXISTS", &place]).await, redis::Value::Int(0));
    }
}

#[tokio::test]
async fn entries_and_leases_expire() {
    let Some(server) = Server::start(&[]).await else {
        return;
    };
    let day = Duration::from_secs(86_400);
    for (expiry, longest) in [
        (None, day * 90),
        (Some(day), day),
        (Some(Duration::ZERO), Duration::from_millis(1)),
        (Some(Duration::MAX), day * 3_650),
    ] {
        let mut store = RedisStore::builder(&server.url()).prefix("{of mine}:");
        if let Some(expiry) = expiry {
            store = store.expiry(expiry);
        }
        let store = store.open().unwrap();
        server.send(&["FLUSHALL"]).await;
        put(&store, KEY, "", None).await;
        let left = server.send(&["PTTL", &format!("{{of mine}}:entry:{KEY}")]).await;
        let left: i64 = redis::from_redis_value(left).unwrap();
        let longest = i64::try_from(longest.as_millis()).unwrap();
        // An hour is enough for each test. The shortest entry may be gone.
        assert!(
            left <= longest && left > longest - 3_600_000,
            "{left} of {longest}"
        );
        store.lease(KEY, expiry.unwrap_or(day)).await.unwrap().unwrap();
        let left = server.send(&["PTTL", &format!("{{of mine}}:lease:{KEY}")]).await;
        assert_ne!(left, redis::Value::Int(-1), "a lease for ever");
    }
}

#[tokio::test]
async fn prefixes_share_nothing() {
    let Some(server) = Server::start(&[]).await else {
        return;
    };
    let other = RedisStore::builder(&server.url())
        .prefix("other:")
        .open()
        .unwrap();
    put(&server.store(), KEY, "mine", None).await;
    assert_eq!(get(&other, KEY).await, None);
    let keys: Vec<String> = redis::from_redis_value(server.send(&["KEYS", "*"]).await).unwrap();
    assert_eq!(keys, [format!("imbot-caps:entry:{KEY}")]);
}

#[tokio::test]
async fn long_keys_and_texts_are_refused() {
    let Some(server) = Server::start(&[]).await else {
        return;
    };
    let store = server.store();
    let long = "k".repeat(KEY_LIMIT + 1);
    let errors = [
        store.load(&[KEY.to_owned(), long.clone()]).await.unwrap_err(),
        store
            .save(&[Change::new(long.clone(), String::new(), None)])
            .await
            .unwrap_err(),
        store
            .save(&[Change::new(KEY.to_owned(), "x".repeat(BODY_LIMIT + 1), None)])
            .await
            .unwrap_err(),
        store.lease(&long, Duration::from_secs(1)).await.unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.kind(), StoreErrorKind::TooLong, "{error}");
    }
    assert_eq!(server.send(&["DBSIZE"]).await, redis::Value::Int(0));
}

/// A connection can break before the answer. Then the call is repeated.
#[tokio::test]
async fn repeated_scripts_change_nothing() {
    let Some(server) = Server::start(&[]).await else {
        return;
    };
    let (save, lease) = (
        include_str!("../../src/save.lua"),
        include_str!("../../src/lease.lua"),
    );
    for _ in 0..2 {
        let saved = [
            "EVAL",
            save,
            "1",
            "e",
            "",
            "00000000000000aa",
            "text",
            "9000",
            "4113",
            "",
            "",
        ];
        assert_eq!(server.send(&saved).await, redis::Value::Int(1));
        assert_eq!(
            server.send(&["EVAL", lease, "1", "l", "token", "9000"]).await,
            redis::Value::Int(1)
        );
    }
    assert_eq!(
        server.send(&["EVAL", lease, "1", "l", "other", "9000"]).await,
        redis::Value::Int(0)
    );
    let entry = server.send(&["GET", "e"]).await;
    assert_eq!(entry, redis::Value::BulkString(b"00000000000000aa:text".to_vec()));
}

#[tokio::test]
async fn flushed_server_takes_entries_again() {
    let Some(server) = Server::start(&[]).await else {
        return;
    };
    let store = server.store();
    let first = put(&store, KEY, "first", None).await;
    let lease = store.lease(KEY, Duration::from_secs(60)).await.unwrap().unwrap();
    server.send(&["FLUSHALL"]).await;
    server.send(&["SCRIPT", "FLUSH"]).await;
    assert_eq!(get(&store, KEY).await, None);
    assert_eq!(
        save(&store, KEY, "second", Some(first)).await,
        SaveOutcome::Conflict(None)
    );
    let second = put(&store, KEY, "second", None).await;
    assert_ne!(first, second);
    assert_ne!(second, Version::new(0));
    store.release(lease).await.unwrap();
    assert!(store.lease(KEY, Duration::from_secs(60)).await.unwrap().is_some());
}
