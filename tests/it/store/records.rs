//! What is written to a store, and what is believed of it.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use imbot_caps::clock::Clock;
use imbot_caps::portal::StaticToken;
use imbot_caps::store::{
    BODY_LIMIT, Change, Entry, KEY_LIMIT, Lease, MemoryStore, NewsFeed, SaveOutcome, Store, StoreFuture,
};
use imbot_caps::{Handle, Portal, PortalId, Registry};
use imbot_caps_emulator::{Build, OauthToken, Webhook};
use serde_json::{Value, json};

use super::setup::{Fleet, HOUR, probes};
use crate::support::http::Untimed;
use crate::support::simulated_clock::Pace;

/// Keeps a copy of all that is written.
#[derive(Clone)]
struct Recording {
    store: MemoryStore,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Store for Recording {
    fn load<'a>(&'a self, keys: &'a [String]) -> StoreFuture<'a, Vec<Option<Entry>>> {
        self.seen.lock().unwrap().extend_from_slice(keys);
        self.store.load(keys)
    }

    fn save<'a>(&'a self, changes: &'a [Change]) -> StoreFuture<'a, Vec<SaveOutcome>> {
        for change in changes {
            assert!(change.key.len() <= KEY_LIMIT && change.body.len() <= BODY_LIMIT);
            self.seen.lock().unwrap().push(format!("{change:?}"));
        }
        self.store.save(changes)
    }

    fn lease<'a>(&'a self, key: &'a str, duration: Duration) -> StoreFuture<'a, Option<Lease>> {
        self.seen.lock().unwrap().push(key.to_owned());
        self.store.lease(key, duration)
    }

    fn release(&self, lease: Lease) -> StoreFuture<'_, ()> {
        self.store.release(lease)
    }

    fn news(&self) -> StoreFuture<'_, Box<dyn NewsFeed>> {
        self.store.news()
    }
}

const SENTINEL: &str = "s3cretthatmustnotbeseen";

#[tokio::test]
async fn no_secret_reaches_the_store() {
    let fleet = Fleet::start().await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let store = Recording {
        store: fleet.store.clone(),
        seen: Arc::clone(&seen),
    };
    let registry = fleet.builder().store(store).build();
    let emulated = fleet.emulator.portal(Build::rest(36));
    let url = emulated.add_webhook(Webhook::new(7, SENTINEL).scopes(["imbot", "im"]));
    emulated.add_token(OauthToken::new(SENTINEL, "app.1"));
    let by_webhook = Portal::builder().allow_http().webhook(&url).unwrap();
    let by_token = Portal::builder()
        .allow_http()
        .member_id(emulated.member_id())
        .oauth(&emulated.rest_url(), StaticToken::new(SENTINEL))
        .unwrap();
    let unknown = Portal::builder()
        .allow_http()
        .webhook(&format!("{}rest/8/{SENTINEL}/", emulated.url()))
        .unwrap();
    for portal in [&by_webhook, &by_token, &unknown] {
        // The unknown credential fails.
        let asked = fleet.pace.run(registry.handle(portal).refresh()).await;
        assert_eq!(asked.is_err(), std::ptr::eq(portal, &unknown));
        fleet.settle().await;
    }
    let seen = seen.lock().unwrap().join("\n");
    assert!(seen.contains("\\\"rest\\\""), "{seen}");
    assert!(!seen.to_lowercase().contains(SENTINEL), "{seen}");
    assert!(
        !seen.contains(emulated.member_id()),
        "a record names no member: {seen}"
    );
}

#[tokio::test]
async fn newer_format_is_left_alone() {
    let fleet = Fleet::start().await;
    let (emulated, portal) = fleet.portal(Build::rest(36));
    let newer = r#"{"format":2,"of":"a version to come"}"#;
    fleet.put(&portal, newer).await;
    for _ in 0..2 {
        let caps = fleet.pace.run(fleet.registry().caps(&portal)).await.unwrap();
        assert_eq!(caps.knowledge().rest(), Some(36));
        fleet.settle().await;
        // This version goes on by itself.
        assert_eq!(probes(&emulated), 1);
        assert_eq!(fleet.entry(&portal).await.unwrap().body, newer);
    }
}

#[tokio::test]
async fn hostile_records_are_replaced() {
    let fleet = Fleet::start().await;
    let (_, first) = fleet.portal(Build::rest(30));
    fleet.pace.run(fleet.registry().caps(&first)).await.unwrap();
    fleet.settle().await;
    let of_another = fleet.entry(&first).await.unwrap().body;
    let (_, sample) = fleet.portal(Build::rest(36));
    let hostile = |change: fn(&mut Value)| {
        let mut text: Value = serde_json::from_str(&of_another).unwrap();
        let address = sample.id().to_string();
        text["record"]["address"] = address.clone().into();
        text["record"]["portal"] = address.into();
        change(&mut text);
        text.to_string()
    };
    let texts = [
        String::new(),
        "garbage".to_owned(),
        "\0\0\0".to_owned(),
        "[".repeat(BODY_LIMIT),
        "x".repeat(100_000),
        of_another.clone(),
        hostile(|text| text["record"]["known"]["rest"]["least"] = 0.into()),
        hostile(|text| text["record"]["known"]["rest"]["most"] = 1.into()),
        hostile(|text| text["record"]["learned_unix_ms"] = u64::MAX.into()),
        hostile(|text| text["record"]["portal"] = "0123456789abcdef0123456789abcdef".into()),
        hostile(|text| text["record"]["endpoint"] = "https://attacker.example/rest/".into()),
        hostile(|text| text["failed"] = json!({"at_unix_ms": 0, "count": 1, "class": "credential"})),
    ];
    for text in texts {
        let (emulated, portal) = fleet.portal(Build::rest(36));
        let own = text.replace(&sample.id().to_string(), &portal.id().to_string());
        fleet.put(&portal, &own).await;
        let caps = fleet.pace.run(fleet.registry().caps(&portal)).await.unwrap();
        assert_eq!(caps.knowledge().rest(), Some(36), "{own}");
        assert_eq!(probes(&emulated), 1, "{own}");
        fleet.settle().await;
        let caps = fleet.pace.run(fleet.registry().caps(&portal)).await.unwrap();
        assert_eq!(
            (caps.knowledge().rest(), probes(&emulated)),
            (Some(36), 0),
            "{own}"
        );
    }
}

#[tokio::test]
async fn record_changes_no_member() {
    let fleet = Fleet::start().await;
    let emulated = fleet.emulator.portal(Build::rest(36));
    let portal = Portal::builder()
        .allow_http()
        .member_id(emulated.member_id())
        .webhook(emulated.webhook_url())
        .unwrap();
    fleet.pace.run(fleet.registry().caps(&portal)).await.unwrap();
    fleet.settle().await;
    let other = fleet.registry();
    let plain = Portal::builder()
        .allow_http()
        .webhook(emulated.webhook_url())
        .unwrap();
    fleet.pace.run(other.caps(&plain)).await.unwrap();
    let member: PortalId = emulated.member_id().parse().unwrap();
    assert!(other.get(&member).is_none());
    assert!(other.get(plain.id()).is_some());
}

/// The clock of a machine that is ahead, or behind.
#[derive(Clone)]
struct Wrong(Pace, i64);

impl Clock for Wrong {
    fn now(&self) -> SystemTime {
        let by = Duration::from_secs(self.1.unsigned_abs());
        match self.1 {
            0.. => self.0.now() + by,
            _ => self.0.now() - by,
        }
    }

    fn sleep(&self, duration: Duration) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(self.0.sleep(duration))
    }
}

fn wrong(fleet: &Fleet, portal: &Portal, seconds: i64) -> Handle {
    let transport = fleet.pace.over(Untimed::default(), |_| true);
    Registry::builder(transport)
        .clock(Wrong(fleet.pace.clone(), seconds))
        .store(fleet.store.clone())
        .build()
        .handle(portal)
}

/// Whatever the other clock shows, a process answers as it would without a store.
#[tokio::test]
async fn wrong_clock_misleads_nobody() {
    for seconds in [3_600, -3_600, 86_400 * 365, -86_400 * 365, 60] {
        let fleet = Fleet::start().await;
        let (emulated, portal) = fleet.portal(Build::rest(33));
        let bad = wrong(&fleet, &portal, seconds);
        let good = fleet.registry().handle(&portal);
        fleet.pace.run(bad.ready()).await.unwrap();
        fleet.settle().await;
        emulated.set_build(Build::rest(36));
        // It knows nothing yet, so it must not answer by a record of an unknown age.
        if seconds > 0 {
            let caps = fleet.pace.run(good.ready()).await.unwrap();
            assert_eq!(caps.knowledge().rest(), Some(36), "{seconds}");
        }
        fleet.pace.run(good.refresh()).await.unwrap();
        fleet.settle().await;
        assert_eq!(good.caps().knowledge().rest(), Some(36), "{seconds}");
        // The process with the wrong clock saves again, and nobody goes back.
        fleet.pace.run(bad.refresh()).await.unwrap();
        fleet.settle().await;
        assert_eq!(good.caps().knowledge().rest(), Some(36), "{seconds}");
        assert_eq!(bad.caps().knowledge().rest(), Some(36), "{seconds}");
        // A third process asks if it cannot tell the age.
        let third = fleet.pace.run(fleet.registry().caps(&portal)).await.unwrap();
        assert_eq!(third.knowledge().rest(), Some(36), "{seconds}");
    }
}

#[tokio::test]
async fn small_skew_hides_no_upgrade() {
    for seconds in [5, -5] {
        let fleet = Fleet::start().await;
        let (emulated, portal) = fleet.portal(Build::rest(33));
        let skewed = wrong(&fleet, &portal, seconds);
        let exact = fleet.registry().handle(&portal);
        fleet.pace.run(skewed.refresh()).await.unwrap();
        fleet.settle().await;
        fleet.pace.run(exact.ready()).await.unwrap();
        emulated.set_build(Build::rest(36));
        fleet.emulator.clock().advance(Duration::from_secs(1));
        fleet.pace.run(exact.refresh()).await.unwrap();
        fleet.settle().await;
        assert_eq!(skewed.caps().knowledge().rest(), Some(36), "{seconds}");
    }
}

#[tokio::test]
async fn flushed_store_is_filled_again() {
    let fleet = Fleet::start().await;
    let (emulated, portal) = fleet.portal(Build::rest(33));
    let handle = fleet.registry().handle(&portal);
    fleet.pace.run(handle.ready()).await.unwrap();
    fleet.settle().await;
    fleet.store.clear();
    fleet.emulator.clock().advance(3 * HOUR);
    fleet.pace.run(handle.ready()).await.unwrap();
    fleet.settle().await;
    probes(&emulated);
    assert!(fleet.entry(&portal).await.is_some());
    fleet.pace.run(fleet.registry().caps(&portal)).await.unwrap();
    assert_eq!(probes(&emulated), 0);
}
