//! Snapshots, and records of a store.

use std::future::{pending, ready};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use imbot_caps::clock::Clock;
use imbot_caps::registry::SkipReason;
use imbot_caps::store::{
    BODY_LIMIT, Change, Entry, Lease, MemoryStore, NewsFeed, SaveOutcome, Store, StoreFuture, Version,
};
use imbot_caps::transport::{Request, Response, Transport, TransportError};
use imbot_caps::{Portal, Registry, Snapshot};
use serde_json::{Value, json};

use super::{SECRET, assert_shown, target};

const WORDS: &[&str] = &[
    "\"format\"",
    "\"records\"",
    "\"record\"",
    "\"portal\"",
    "\"address\"",
    "\"learned_unix_ms\"",
    "\"same_since_unix_ms\"",
    "\"known\"",
    "\"rest\"",
    "\"imbot_v2\"",
    "\"least\"",
    "\"most\"",
    "\"least_from\"",
    "\"most_from\"",
    "\"failed\"",
    "\"at_unix_ms\"",
    "\"count\"",
    "\"class\"",
    "\"outdated\"",
    "\"confirmed\"",
    "im.revision.get",
    "imbot.v2.Revision.get",
    "method_not_found",
    "absent",
    "blocked",
    "transient",
    "0123456789abcdef0123456789abcdef",
    "https://acme.bitrix24.com",
    "1775088000000",
    "null",
    "true",
    "{}",
    "[]",
    ":",
    ",",
];

const NOW: u64 = 1_775_088_000;

/// Time stands still, and no wait ends.
struct Standing;

impl Clock for Standing {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(NOW)
    }

    fn sleep(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(pending())
    }
}

/// A portal of revision 36.
struct At36;

impl Transport for At36 {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        let revisions = json!({"rest": 36, "web": 130, "mobile": 23, "desktop": 6});
        let body = match request.url().path().rsplit('/').next().unwrap() {
            "batch" => {
                let body: Value = serde_json::from_slice(request.body()).unwrap();
                let commands = body["cmd"].as_object().unwrap();
                let results: serde_json::Map<_, _> = commands
                    .iter()
                    .map(|(key, command)| {
                        let is_list = command.as_str().unwrap().starts_with("imbot.v2.Bot.list");
                        (
                            key.clone(),
                            if is_list {
                                json!({"bots": []})
                            } else {
                                revisions.clone()
                            },
                        )
                    })
                    .collect();
                json!({"result": {"result": results, "result_error": []}})
            }
            _ => json!({ "result": revisions }),
        };
        Box::pin(ready(Ok(Response::new(200, None, body.to_string().into_bytes()))))
    }
}

target!(snapshots, WORDS, 2_000, |input| {
    let snapshot = match Snapshot::from_json(input) {
        Ok(snapshot) => snapshot,
        Err(error) => return assert!(format!("{error} {error:?}").len() <= 1_024),
    };
    let count = snapshot.records().len();
    assert!(count + snapshot.skipped().len() <= input.len());
    assert!(
        snapshot
            .skipped()
            .iter()
            .all(|own| format!("{own:?}").len() <= 1_024)
    );
    // What was read is written, and read again.
    let text = serde_json::to_string(&snapshot).unwrap();
    let again = Snapshot::from_json(&text).unwrap();
    assert_eq!(again.skipped(), [], "{text}");
    assert_eq!(serde_json::to_string(&again).unwrap(), text);

    let registry = Registry::builder(At36).clock(Standing).build();
    let report = registry.restore(&snapshot);
    assert_eq!(report.taken + report.older, count);
    assert_eq!(report.skipped, snapshot.skipped().len());
    let kept = registry.snapshot();
    assert!(kept.records().len() <= count);
    // Knowledge is at the address that its record names.
    for record in kept.records() {
        let is_its = |own: &&imbot_caps::registry::SnapshotRecord| own.address() == record.address();
        assert!(snapshot.records().iter().any(|own| is_its(&own)), "{record:?}");
        assert!(
            record.learned() <= Standing.now()
                || snapshot
                    .records()
                    .iter()
                    .any(|own| own.learned() >= record.learned())
        );
    }
    // A second time changes nothing.
    registry.restore(&snapshot);
    assert_eq!(
        serde_json::to_string(&registry.snapshot()).unwrap(),
        serde_json::to_string(&kept).unwrap()
    );
});

/// A store that gives one text for each key, and keeps what is written.
struct One {
    text: String,
    store: MemoryStore,
    written: Arc<Mutex<Vec<String>>>,
}

impl Store for One {
    fn load<'a>(&'a self, keys: &'a [String]) -> StoreFuture<'a, Vec<Option<Entry>>> {
        let entry = Entry::new(self.text.clone(), Version::new(1));
        Box::pin(ready(Ok(vec![Some(entry); keys.len()])))
    }

    fn save<'a>(&'a self, changes: &'a [Change]) -> StoreFuture<'a, Vec<SaveOutcome>> {
        let mut written = self.written.lock().unwrap();
        written.extend(changes.iter().map(|change| change.body.clone()));
        let done = vec![SaveOutcome::Done(Version::new(2)); changes.len()];
        Box::pin(ready(Ok(done)))
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

target!(store_records, WORDS, 500, |input| {
    let text = String::from_utf8_lossy(input).into_owned();
    let written = Arc::new(Mutex::new(Vec::new()));
    let store = One {
        text: text.clone(),
        store: MemoryStore::with_clock(Standing),
        written: Arc::clone(&written),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let webhook = format!("https://acme.bitrix24.com/rest/1/{SECRET}/");
    let portal = Portal::webhook(&webhook).unwrap();
    let (asked, told) = runtime.block_on(async {
        let registry = Registry::builder(At36).clock(Standing).store(store).build();
        let asked = registry.caps(&portal).await;
        // Tasks that write have nothing to wait for.
        for _ in 0..16 {
            tokio::task::yield_now().await;
        }
        (asked, format!("{registry:?}"))
    });
    assert_shown(&told, 4_096);
    match asked {
        // The portal was asked, or the record is one that a snapshot may have.
        Ok(caps) if caps.knowledge().rest() == Some(36) => {}
        Ok(caps) => {
            let record = serde_json::from_str::<Value>(&text).unwrap()["record"].take();
            let snapshot = json!({"format": 1, "records": [record]}).to_string();
            let snapshot = Snapshot::from_json(snapshot).unwrap();
            assert!(
                snapshot
                    .skipped()
                    .iter()
                    .all(|own| own.reason != SkipReason::Identity)
            );
            let [record] = snapshot.records() else {
                panic!("the record was believed: {text}");
            };
            assert_eq!(record.address(), portal.id());
            assert_eq!(record.known(), caps.knowledge());
        }
        Err(error) => {
            assert!(text.contains("\"failed\""), "{error}");
            assert_shown(&format!("{error} {error:?}"), 4_096);
            assert!(error.retry_after() <= Some(super::DAY), "{error:?}");
        }
    }
    for body in written.lock().unwrap().iter() {
        assert_shown(body, BODY_LIMIT);
    }
});
