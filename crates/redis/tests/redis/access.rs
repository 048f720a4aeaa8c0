//! Servers that refuse: read-only, full, or without rights for the user.

use std::time::Duration;

use imbot_caps::store::{BODY_LIMIT, Change, News, Store, StoreError, StoreErrorKind};
use imbot_caps_redis::RedisStore;

use crate::server::{KEY, Server, free_port, get, heard, key, put};

async fn write(store: &RedisStore) -> Result<(), StoreError> {
    store
        .save(&[Change::new(KEY.to_owned(), "text".to_owned(), None)])
        .await
        .map(drop)
}

#[tokio::test]
async fn refused_writes_are_told_apart() {
    let gone = format!("replicaof 127.0.0.1 {}", free_port());
    let servers: [(&[&str], &str); 2] = [
        (&[&gone], "READONLY"),
        (&["min-replicas-to-write 1"], "NOREPLICAS"),
    ];
    for (config, code) in servers {
        let Some(server) = Server::start(config).await else {
            return;
        };
        let store = server.store();
        // The second attempt comes over a connection that was used.
        for _ in 0..2 {
            let error = write(&store).await.unwrap_err();
            assert_eq!(error.kind(), StoreErrorKind::Refused, "{error}");
            assert!(error.to_string().contains(code), "{error}");
            let error = store.lease(KEY, Duration::from_secs(1)).await.unwrap_err();
            assert_eq!(error.kind(), StoreErrorKind::Refused, "{error}");
            assert_eq!(get(&store, KEY).await, None, "{code}");
        }
    }
}

#[tokio::test]
async fn full_server_refuses_writes_and_serves_reads() {
    let full = ["maxmemory 1mb", "maxmemory-policy noeviction"];
    let Some(server) = Server::start(&full).await else {
        return;
    };
    let store = server.store();
    let mut written = 0;
    let error = loop {
        assert!(written < 1_000, "the server is never full");
        let change = Change::new(key(written), "x".repeat(BODY_LIMIT), None);
        match store.save(&[change]).await {
            Ok(_) => written += 1,
            Err(error) => break error,
        }
    };
    // A lease is small, so some may still find room.
    let mut leases = 0;
    let of_lease = loop {
        assert!(leases < 10_000, "the server has room for each lease");
        match store.lease(&key(leases), Duration::from_secs(3_600)).await {
            Ok(_) => leases += 1,
            Err(error) => break error,
        }
    };
    for error in [error, of_lease] {
        assert_eq!(error.kind(), StoreErrorKind::Refused, "{error}");
        assert!(error.to_string().contains("OOM"), "{error}");
    }
    assert_eq!(get(&store, KEY).await, None);
    for nth in 0..written {
        assert_eq!(get(&store, &key(nth)).await.unwrap().body.len(), BODY_LIMIT);
    }
}

#[tokio::test]
async fn master_takes_writes_after_replica_refused() {
    let gone = format!("replicaof 127.0.0.1 {}", free_port());
    let Some(server) = Server::start(&[&gone]).await else {
        return;
    };
    let store = server.store();
    write(&store).await.unwrap_err();
    server.send(&["REPLICAOF", "NO", "ONE"]).await;
    put(&store, KEY, "text", None).await;
}

#[tokio::test]
async fn documented_rights_suffice() {
    let rights = "user bots on >a-password-of-bots ~my-bots:* &my-bots:* +select +ping +get +getrange +set +del \
                  +pttl +eval +evalsha +publish +subscribe";
    let Some(server) = Server::start(&[rights]).await else {
        return;
    };
    let url = format!("redis://bots:a-password-of-bots@127.0.0.1:{}/3", server.port);
    let store = RedisStore::builder(&url).prefix("my-bots:").open().unwrap();
    let mut feed = store.news().await.unwrap();
    let version = put(&store, KEY, "text", None).await;
    assert_eq!(get(&store, KEY).await.unwrap().version, version);
    assert_eq!(heard(&mut *feed).await, News::Changed(vec![KEY.to_owned()]));
    let lease = store.lease(KEY, Duration::from_secs(60)).await.unwrap().unwrap();
    store.release(lease).await.unwrap();
    // Another prefix is somebody else's.
    let other = RedisStore::builder(&url).prefix("others:").open().unwrap();
    let errors = [
        other.load(&[KEY.to_owned()]).await.unwrap_err(),
        write(&other).await.unwrap_err(),
        other.lease(KEY, Duration::from_secs(60)).await.unwrap_err(),
        other.news().await.err().unwrap(),
    ];
    for error in errors {
        assert_eq!(error.kind(), StoreErrorKind::Refused, "{error}");
    }
}

#[tokio::test]
async fn user_without_rights_is_refused() {
    let users = [
        "user reader on >a-password-of-reader ~* &* +getrange +ping",
        "user default off",
    ];
    let Some(server) = Server::start(&users).await else {
        return;
    };
    for (login, can_read) in [
        ("reader:a-password-of-reader@", true),
        ("reader:a-wrong-password@", false),
        ("nobody:a-wrong-password@", false),
        ("", false),
    ] {
        let store = RedisStore::open(&format!("redis://{login}127.0.0.1:{}", server.port)).unwrap();
        let mut errors = vec![write(&store).await.unwrap_err()];
        match store.load(&[KEY.to_owned()]).await {
            Ok(entries) => assert!(can_read && entries == [None], "{login}"),
            Err(error) => errors.push(error),
        }
        errors.extend(store.news().await.err());
        assert_eq!(errors.len(), if can_read { 2 } else { 3 }, "{login}: {errors:?}");
        for error in errors {
            assert_eq!(error.kind(), StoreErrorKind::Refused, "{login}: {error}");
            assert!(!format!("{error} {error:?}").contains("-password"), "{error}");
        }
    }
}
