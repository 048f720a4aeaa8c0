//! Two versions of the crate on one store. The newer one writes another format of records.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use imbot_caps::freshness::Lifetimes;
use imbot_caps::store::{Change, Entry, Lease, MemoryStore, NewsFeed, SaveOutcome, Store, StoreFuture};
use imbot_caps::{Portal, Registry};
use imbot_caps_emulator::{Build, EmulatedPortal};
use serde_json::Value;

use super::setup::{Fleet, HOUR, probes};

/// A member that today's version does not know: how often the newer one has written the record.
const UNKNOWN: &str = "writes";

/// The store as processes of a newer version use it. They write the next format, and read both.
#[derive(Clone)]
struct Newer {
    store: MemoryStore,
    writes: Arc<Mutex<HashMap<String, u64>>>,
}

fn format(body: &str) -> u64 {
    serde_json::from_str::<Value>(body).unwrap()["format"]
        .as_u64()
        .unwrap()
}

fn writes(body: &str) -> u64 {
    let body: Value = serde_json::from_str(body).unwrap();
    body[UNKNOWN].as_u64().unwrap_or_default()
}

/// The entry as the code of today's version reads it.
fn as_today(entry: Entry) -> Entry {
    let mut body: Value = serde_json::from_str(&entry.body).unwrap();
    let members = body.as_object_mut().unwrap();
    if members.remove(UNKNOWN).is_some() {
        let newer = members["format"].as_u64().unwrap();
        members["format"] = (newer - 1).into();
    }
    Entry::new(body.to_string(), entry.version)
}

impl Newer {
    async fn current(&self, key: &str) -> u64 {
        let entry = self.store.load(&[key.to_owned()]).await.unwrap().remove(0);
        entry.map_or(0, |entry| writes(&entry.body))
    }

    async fn next(&self, change: &Change) -> Change {
        let mut body: Value = serde_json::from_str(&change.body).unwrap();
        body["format"] = (format(&change.body) + 1).into();
        // It keeps what other newer processes have written there.
        body[UNKNOWN] = (self.current(&change.key).await + 1).into();
        let mut next = Change::new(change.key.clone(), body.to_string(), change.based_on);
        next.announce = change.announce;
        next
    }
}

impl Store for Newer {
    fn load<'a>(&'a self, keys: &'a [String]) -> StoreFuture<'a, Vec<Option<Entry>>> {
        Box::pin(async move {
            let entries = self.store.load(keys).await?;
            Ok(entries.into_iter().map(|entry| entry.map(as_today)).collect())
        })
    }

    fn save<'a>(&'a self, changes: &'a [Change]) -> StoreFuture<'a, Vec<SaveOutcome>> {
        Box::pin(async move {
            let mut results = Vec::new();
            for change in changes {
                let next = self.next(change).await;
                results.push(match self.store.save(&[next]).await?.remove(0) {
                    SaveOutcome::Conflict(entry) => SaveOutcome::Conflict(entry.map(as_today)),
                    saved => {
                        *self.writes.lock().unwrap().entry(change.key.clone()).or_default() += 1;
                        saved
                    }
                });
            }
            Ok(results)
        })
    }

    fn lease<'a>(&'a self, key: &'a str, duration: Duration) -> StoreFuture<'a, Option<Lease>> {
        self.store.lease(key, duration)
    }

    fn release(&self, lease: Lease) -> StoreFuture<'_, ()> {
        self.store.release(lease)
    }

    fn news(&self) -> StoreFuture<'_, Box<dyn NewsFeed>> {
        self.store.news()
    }
}

/// The builds of a portal, each with the hour of the upgrade.
type Life = &'static [(u32, u16)];

const LIVES: [Life; 5] = [
    &[(0, 30)],
    &[(0, 33)],
    &[(0, 30), (40, 33), (100, 34)],
    &[(0, 33), (26, 34), (98, 35), (140, 36)],
    &[(0, 36)],
];

fn revision_at(life: Life, hour: u32) -> u16 {
    let past = life.iter().filter(|(since, _)| *since <= hour);
    past.map(|(_, rest)| *rest).next_back().unwrap()
}

/// What the store has of a portal in the newer format.
async fn newer_body(fleet: &Fleet, portal: &Portal, today: u64) -> Option<String> {
    let body = fleet.entry(portal).await?.body;
    (format(&body) > today).then_some(body)
}

/// A week: first the older version alone, then both, a day after a rollback, and both again.
#[tokio::test]
async fn two_formats_lose_nothing_in_week() {
    let fleet = Fleet::start().await;
    let newer_store = Newer {
        store: fleet.store.clone(),
        writes: Arc::default(),
    };
    // Each process needs an answer that is at most an hour old.
    let lifetimes = Lifetimes::new()
        .unsupported(HOUR)
        .stale_while_revalidate(Duration::ZERO);
    let registry = |store: &dyn Fn(imbot_caps::registry::RegistryBuilder) -> Registry| {
        store(fleet.builder().lifetimes(lifetimes))
    };
    let older = [0, 1].map(|_| registry(&|builder| builder.store(fleet.store.clone()).build()));
    let newer = [0, 1].map(|_| registry(&|builder| builder.store(newer_store.clone()).build()));
    let portals: Vec<(EmulatedPortal, Portal)> = LIVES
        .iter()
        .map(|life| fleet.portal(Build::rest(revision_at(life, 0))))
        .collect();
    let ask = async |registries: &[Registry], hour: u32| {
        for registry in registries {
            for ((_, portal), life) in portals.iter().zip(LIVES) {
                let caps = fleet.pace.run(registry.caps(portal)).await.unwrap();
                assert_eq!(
                    caps.knowledge().rest(),
                    Some(revision_at(life, hour)),
                    "hour {hour}"
                );
                fleet.settle().await;
            }
        }
    };
    let asked = || -> Vec<usize> { portals.iter().map(|(emulated, _)| probes(emulated)).collect() };

    ask(&older, 0).await;
    let today = format(&fleet.entry(&portals[0].1).await.unwrap().body);
    assert!(asked().iter().all(|probes| *probes == 1));
    // The newer version reads what the older one wrote.
    ask(&newer, 0).await;
    assert_eq!(asked(), [0; 5]);

    for hour in 1..7 * 24 {
        fleet.emulator.clock().advance(HOUR);
        for ((emulated, _), life) in portals.iter().zip(LIVES) {
            emulated.set_build(Build::rest(revision_at(life, hour)));
        }
        let is_newer_there = !matches!(hour, 0..24 | 96..120);
        // Both versions are the first to ask at some hours.
        let turns = [hour % 2 == 0, hour % 2 == 1].map(|is_older| is_older || !is_newer_there);
        for is_older in turns {
            if !is_older {
                ask(&newer, hour).await;
                let by_newer = asked();
                assert!(
                    by_newer.iter().all(|probes| *probes <= 1),
                    "hour {hour}: {by_newer:?}"
                );
                continue;
            }
            let mut before = Vec::new();
            for (_, portal) in &portals {
                before.push(newer_body(&fleet, portal, today).await);
            }
            ask(&older, hour).await;
            let by_older = asked();
            // A record of the newer format stays as it is, and the older processes ask by themselves.
            for (((_, portal), before), probes) in portals.iter().zip(&before).zip(&by_older) {
                let most = if before.is_some() { older.len() } else { 1 };
                assert!(*probes <= most, "hour {hour}: {by_older:?}");
                let after = newer_body(&fleet, portal, today).await;
                assert_eq!(after, *before, "hour {hour}");
            }
        }
    }

    let written = newer_store.writes.lock().unwrap().clone();
    for ((_, portal), life) in portals.iter().zip(LIVES) {
        let entry = fleet.entry(portal).await.unwrap();
        let key = portal.id().to_string();
        let count = written.get(&key).copied().unwrap_or_default();
        assert_eq!(writes(&entry.body), count, "a write was lost");
        let body: Value = serde_json::from_str(&entry.body).unwrap();
        let rest = &body["record"]["known"]["rest"];
        assert!(
            rest.to_string().contains(&revision_at(life, 200).to_string()),
            "{entry:?}"
        );
    }
    // The portals that can still change were written by the newer version, day by day.
    assert!(
        written.values().filter(|count| **count > 100).count() >= 3,
        "{written:?}"
    );
}
