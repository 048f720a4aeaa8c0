//! A snapshot takes back all that a registry wrote, and nothing that no portal answers.

use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use imbot_caps::clock::Clock;
use imbot_caps::registry::SkipReason;
use imbot_caps::transport::{Request, Response, Transport, TransportError};
use imbot_caps::wire::Reply;
use imbot_caps::{Portal, Registry, Snapshot};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::support::http::untimed;

const NOW_MS: u64 = 1_775_088_000_123;

/// Time stands still but for the test.
#[derive(Clone)]
struct Standing(Arc<AtomicU64>);

impl Clock for Standing {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(self.0.load(Ordering::Relaxed))
    }

    fn sleep(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(std::future::pending())
    }
}

/// What a portal answers to one method.
#[derive(Clone, Debug)]
enum Answer {
    Result(Value),
    Code(&'static str),
}

/// What a portal answers to `imbot.v2.Revision.get`, `im.revision.get`,
/// `imbot.v2.Bot.list`, and to a batch of them.
#[derive(Clone, Debug)]
struct Script {
    methods: [Answer; 3],
    takes_batch: bool,
}

impl Script {
    fn answer(&self, method: &str) -> Answer {
        match method {
            "imbot.v2.Revision.get" => self.methods[0].clone(),
            "im.revision.get" => self.methods[1].clone(),
            "imbot.v2.Bot.list" => self.methods[2].clone(),
            "server.time" => Answer::Result(json!("2026-04-02T00:00:00+00:00")),
            _ => Answer::Code("ERROR_METHOD_NOT_FOUND"),
        }
    }

    fn batch(&self, body: &Value) -> Answer {
        let commands = body["cmd"].as_object().filter(|_| self.takes_batch);
        let Some(commands) = commands else {
            return Answer::Code("ERROR_BATCH_METHOD_NOT_ALLOWED");
        };
        let (mut results, mut errors) = (Map::new(), Map::new());
        for (key, command) in commands {
            let command = command.as_str().unwrap();
            match self.answer(command.split('?').next().unwrap()) {
                Answer::Result(result) => results.insert(key.clone(), result),
                Answer::Code(code) => errors.insert(key.clone(), json!({ "error": code })),
            };
        }
        Answer::Result(json!({"result": results, "result_error": errors}))
    }
}

/// A portal that follows the script of the moment.
#[derive(Clone)]
struct Scripted(Arc<Mutex<Script>>);

impl Transport for Scripted {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        let script = self.0.lock().unwrap().clone();
        let method = request.url().path().rsplit('/').next().unwrap().to_owned();
        let answer = match &*method {
            "batch" => script.batch(&serde_json::from_slice(request.body()).unwrap()),
            _ => script.answer(&method),
        };
        let (status, body) = match answer {
            Answer::Result(result) => (200, json!({ "result": result })),
            Answer::Code(code) => (400, json!({ "error": code })),
        };
        let response = Response::new(status, None, body.to_string().into_bytes());
        Box::pin(std::future::ready(Ok(response)))
    }
}

fn revisions() -> impl Strategy<Value = Answer> {
    let number = prop_oneof![
        6 => 17..40_u64,
        2 => prop::sample::select(vec![0, 1, 9_998, 9_999, 10_000, 65_534, 65_535, 65_536]),
    ];
    let other = prop::option::of(number.clone());
    let result = (number, other.clone(), other.clone(), other).prop_map(|(rest, web, mobile, desktop)| {
        Answer::Result(json!({"rest": rest, "web": web, "mobile": mobile, "desktop": desktop}))
    });
    prop_oneof![4 => result, 3 => code()]
}

fn code() -> impl Strategy<Value = Answer> {
    let codes = vec![
        "ERROR_METHOD_NOT_FOUND",
        "ERROR_METHOD_NOT_FOUND",
        "insufficient_scope",
        "BOT_TOKEN_NOT_SPECIFIED",
        "expired_token",
        "QUERY_LIMIT_EXCEEDED",
        "NEVER_SEEN",
    ];
    prop::sample::select(codes).prop_map(Answer::Code)
}

fn script() -> impl Strategy<Value = Script> {
    let bots = prop_oneof![Just(Answer::Result(json!({"bots": []}))), code()];
    (revisions(), revisions(), bots, any::<bool>()).prop_map(|(newer, older, bots, takes_batch)| Script {
        methods: [newer, older, bots],
        takes_batch,
    })
}

/// What happens to one of four portals.
#[derive(Clone, Debug)]
struct Step {
    portal: usize,
    script: Script,
    passed_ms: u64,
    outdated: bool,
    witnessed: bool,
}

fn step() -> impl Strategy<Value = Step> {
    let passed = prop_oneof![0..5_000_u64, 0..100_000_000_u64];
    (0..4_usize, script(), passed, any::<bool>(), any::<bool>()).prop_map(
        |(portal, script, passed_ms, outdated, witnessed)| Step {
            portal,
            script,
            passed_ms,
            outdated,
            witnessed,
        },
    )
}

fn portal(number: usize) -> Portal {
    let builder = match number % 2 {
        0 => Portal::builder(),
        _ => Portal::builder().member_id(format!("{number:032x}")),
    };
    let address = format!("https://p{number}.example//crm%20{number}/rest/1/s3cret/");
    builder.webhook(&address).unwrap()
}

/// Has the portals live through the steps.
async fn live_through(steps: &[Step], clock: &Standing) -> Registry {
    let script = Arc::new(Mutex::new(steps[0].script.clone()));
    let registry = Registry::builder(Scripted(script.clone()))
        .clock(clock.clone())
        // Too short for a pause.
        .deadline(Duration::from_millis(1))
        .build();
    for step in steps {
        *script.lock().unwrap() = step.script.clone();
        let handle = registry.handle(&portal(step.portal));
        let _ = handle.refresh().await;
        if step.witnessed {
            handle.report_found("imbot.v2.Chat.get", &Reply::Result(json!({})));
        }
        if step.outdated {
            handle.mark_stale();
        }
        clock.0.fetch_add(step.passed_ms, Ordering::Relaxed);
    }
    registry
}

#[test]
fn written_records_are_restored() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(200)
    };
    let restored = std::cell::Cell::new(0);
    proptest!(config, |(steps in prop::collection::vec(step(), 1..12))| {
        let clock = Standing(Arc::new(AtomicU64::new(NOW_MS)));
        let first = runtime.block_on(live_through(&steps, &clock));
        let written = first.snapshot();
        let text = serde_json::to_string(&written).unwrap();
        let read = Snapshot::from_json(&text).unwrap();
        prop_assert_eq!(read.skipped(), [], "{}", text);
        prop_assert_eq!(&serde_json::to_string(&read).unwrap(), &text);

        let second = Registry::builder(Scripted(Arc::new(Mutex::new(steps[0].script.clone()))))
            .clock(clock)
            .build();
        let count = second.restore(&read);
        prop_assert_eq!((count.taken, count.skipped), (written.records().len(), 0));
        restored.set(restored.get() + count.taken);
        let again = second.snapshot();
        prop_assert_eq!(again.records().len(), written.records().len());
        for (one, other) in written.records().iter().zip(again.records()) {
            prop_assert_eq!(
                (one.portal(), one.address(), one.known(), one.learned(), one.is_marked_stale()),
                (other.portal(), other.address(), other.known(), other.learned(), other.is_marked_stale())
            );
            // A registry keeps it to the second.
            let later = other.same_since().duration_since(one.same_since());
            prop_assert!(later.is_ok_and(|later| later < Duration::from_secs(1)), "{:?} {:?}", one, other);
            let key = one.portal();
            prop_assert_eq!(second.get(key).map(|caps| *caps.knowledge()), first.get(key).map(|caps| *caps.knowledge()));
        }
    });
    assert!(restored.get() > 100, "{restored:?}");
}

/// A record of a portal of which this is known.
fn record(number: usize, known: &Value) -> Value {
    let address = format!("https://p{number}.example");
    json!({"portal": address, "address": address, "learned_unix_ms": NOW_MS, "known": known})
}

/// An interval whose ends come from here.
fn span(least: impl Into<Value>, most: impl Into<Value>, from: &str) -> Value {
    json!({"least": least.into(), "least_from": from, "most": most.into(), "most_from": from})
}

#[test]
fn impossible_records_are_skipped() {
    const NEWER: &str = "imbot.v2.Revision.get";
    const OLDER: &str = "im.revision.get";
    let there = span("with_revision_get", "with_revision_get", NEWER);
    let exists = json!({"least": "with_revision_get", "least_from": "method_exists"});
    let absent = json!({"most": "absent", "most_from": "method_not_found"});
    let mut wrong: Vec<Value> = [0, 10_000, 65_534, 65_535]
        .iter()
        .flat_map(|number| {
            let end = |end: &str| {
                let from = format!("{end}_from");
                json!({"rest": {end: number, from: OLDER}})
            };
            [
                json!({"rest": span(*number, *number, OLDER)}),
                json!({"rest": span(*number, *number, NEWER), "imbot_v2": there}),
                end("least"),
                end("most"),
            ]
        })
        .collect();
    for counter in ["web", "mobile", "desktop"] {
        for number in [10_000, 65_534, 65_535] {
            wrong.push(json!({"rest": span(33, 33, OLDER), counter: number}));
        }
    }
    for rest in [1, 18, 31] {
        wrong.push(json!({"rest": span(rest, rest, NEWER), "imbot_v2": there}));
    }
    wrong.extend([
        json!({"rest": span(36, 33, OLDER)}),
        json!({"rest": {"least": 33, "most": 33}}),
        json!({"rest": span(33, 33, "nothing")}),
        json!({"rest": span(33, 33, "program")}),
        json!({"rest": span(33, 33, "modules")}),
        json!({"rest": span(33, 33, "method_exists")}),
        json!({"rest": span(33, 33, NEWER), "imbot_v2": absent}),
        json!({"rest": span(33, 33, OLDER), "imbot_v2": {"most": "absent", "most_from": "program"}}),
        json!({"imbot_v2": {"least": "with_revision_get", "least_from": "method_exists", "most": "absent", "most_from": "method_not_found"}}),
        // Each source gives its own ends.
        json!({"imbot_v2": {"least": "with_revision_get", "least_from": "method_not_found"}}),
        json!({"imbot_v2": {"least": "absent", "least_from": "method_exists"}}),
        json!({"imbot_v2": {"most": "absent", "most_from": "method_exists"}}),
        json!({"imbot_v2": {"most": "with_revision_get", "most_from": "method_not_found"}}),
        json!({"imbot_v2": span("absent", "absent", NEWER)}),
        json!({"imbot_v2": {"most": "without_revision_get", "most_from": NEWER}}),
        json!({"imbot_v2": {"least": "with_revision_get", "least_from": NEWER}}),
        json!({"rest": span(36, 36, NEWER)}),
        json!({"rest": span(36, 36, NEWER), "imbot_v2": exists}),
        // A reply gives one revision.
        json!({"rest": span(20, 36, OLDER)}),
        json!({"rest": {"least": 36, "least_from": OLDER}}),
        json!({"rest": {"most": 20, "most_from": OLDER}}),
        json!({"rest": {"least": 33, "least_from": NEWER, "most": 36, "most_from": OLDER}, "imbot_v2": there}),
        json!({"rest": {"least": 33, "least_from": OLDER, "most": 33, "most_from": NEWER}, "imbot_v2": there}),
        // The releases imply nothing of this.
        json!({"rest": span(36, 36, "inferred")}),
        json!({"rest": {"least": 33, "least_from": "inferred"}, "imbot_v2": exists}),
        json!({"rest": {"least": 32, "least_from": "inferred"}, "imbot_v2": absent}),
        json!({"rest": {"most": 31, "most_from": "inferred"}, "imbot_v2": absent}),
        json!({"rest": span(36, 36, OLDER), "imbot_v2": {"most": "absent", "most_from": "inferred"}}),
        json!({"rest": span(20, 20, OLDER), "imbot_v2": span("with_revision_get", "with_revision_get", "inferred")}),
        // A portal that answers nothing is no portal that has answered.
        json!({}),
        json!({"web": 0}),
        json!({"imbot_v2": {"most": "without_revision_get", "most_from": "method_not_found"}}),
    ]);
    let right = [
        json!({"rest": {"least": 32, "least_from": "inferred"}, "imbot_v2": exists, "web": 117}),
        json!({"rest": span(20, 20, OLDER), "imbot_v2": {"most": "absent", "most_from": "inferred"}}),
        json!({"rest": span(18, 18, OLDER)}),
        json!({"rest": span(9_999, 9_999, OLDER), "web": 0, "mobile": 9_999}),
        json!({"rest": span(33, 33, OLDER), "imbot_v2": absent}),
        json!({"rest": span(36, 36, NEWER), "imbot_v2": there}),
        // The modules differ in age.
        json!({"rest": span(32, 32, NEWER), "imbot_v2": there}),
        json!({"rest": span(32, 32, OLDER), "imbot_v2": exists}),
        json!({"rest": span(31, 31, OLDER), "imbot_v2": exists}),
        json!({"rest": span(31, 31, OLDER), "imbot_v2": there}),
    ];
    let mut late = record(0, &right[1]);
    late["learned_unix_ms"] = u64::MAX.into();
    let mut late_since = record(0, &right[1]);
    late_since["same_since_unix_ms"] = 253_402_300_800_000_u64.into();

    let mut records: Vec<Value> = wrong.iter().map(|known| record(0, known)).collect();
    records.extend([late, late_since]);
    let count = records.len();
    records.extend(
        right
            .iter()
            .enumerate()
            .map(|(nth, known)| record(nth + 1, known)),
    );
    let text = json!({"format": 1, "records": records}).to_string();
    let snapshot = Snapshot::from_json(text).unwrap();
    let skipped: Vec<_> = snapshot
        .skipped()
        .iter()
        .map(|skipped| (skipped.place, skipped.reason))
        .collect();
    let expected: Vec<_> = (0..count).map(|place| (place, SkipReason::Impossible)).collect();
    assert_eq!(skipped, expected);
    assert_eq!(snapshot.records().len(), right.len());

    let restored = untimed().restore(&snapshot);
    assert_eq!((restored.taken, restored.skipped), (right.len(), count));
}

#[test]
fn long_record_texts_are_truncated() {
    let long = "x".repeat(300_000);
    let changed = |path: &str, value: Value| {
        let mut record = record(1, &json!({"rest": span(33, 33, "im.revision.get")}));
        match record.pointer_mut(path) {
            Some(place) => *place = value,
            None => record[path.trim_start_matches('/')] = value,
        }
        record
    };
    for record in [
        changed("/portal", json!(long)),
        changed("/address", json!(format!("https://{long}.example"))),
        changed("/address", json!(format!("https://acme.example/{long}"))),
        changed("/learned_unix_ms", json!(long)),
        changed("/known", json!(long)),
        changed("/known/rest/least_from", json!(long)),
        changed(&format!("/{long}"), json!(1)),
    ] {
        let whole = json!({"format": 1, "records": [record]});
        let snapshot = Snapshot::from_json(whole.to_string()).unwrap();
        assert_eq!(snapshot.skipped().len(), 1);
        let text = format!("{snapshot:?} {}", snapshot.skipped()[0].reason);
        assert!(text.len() < 1_024, "{text}");
        let error = serde_json::from_value::<imbot_caps::registry::SnapshotRecord>(record).unwrap_err();
        assert!(error.to_string().len() < 1_024 && format!("{error:?}").len() < 1_024);
    }
    let error = Snapshot::from_json(format!("{{\"{long}")).unwrap_err();
    assert!(error.to_string().len() < 1_024 && format!("{error:?}").len() < 1_024);
}
