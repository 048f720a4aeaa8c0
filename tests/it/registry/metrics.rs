//! Counters say what happened, for all portals together unless asked otherwise, and
//! the hot path has none.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;

use imbot_caps::registry::RegistryBuilder;
use imbot_caps::store::{Change, MemoryStore, Store};
use imbot_caps::{Feature, Registry};
use imbot_caps_emulator::{Build, Emulator, Fault};
use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Metadata, SharedString, Unit,
};

use crate::support::http::{REVISION, Untimed, asked, webhook};

/// Keeps what is recorded on one thread.
#[derive(Default)]
struct Recorder {
    described: Mutex<BTreeSet<String>>,
    recorded: Arc<Mutex<BTreeMap<String, Vec<f64>>>>,
}

struct Series {
    name: String,
    recorded: Arc<Mutex<BTreeMap<String, Vec<f64>>>>,
}

impl Recorder {
    fn described(&self, name: &KeyName) {
        self.described.lock().unwrap().insert(name.as_str().to_owned());
    }

    fn series(&self, key: &Key) -> Arc<Series> {
        let labels: Vec<_> = key
            .labels()
            .map(|label| format!("{}={}", label.key(), label.value()))
            .collect();
        Arc::new(Series {
            name: format!("{}{{{}}}", key.name(), labels.join(",")),
            recorded: Arc::clone(&self.recorded),
        })
    }

    /// What was recorded since the last look.
    fn take(&self) -> BTreeMap<String, Vec<f64>> {
        std::mem::take(&mut self.recorded.lock().unwrap())
    }

    /// The same, of one metric.
    fn of(&self, name: &str) -> Vec<(String, f64)> {
        self.take()
            .into_iter()
            .filter_map(|(series, values)| {
                let labels = series.strip_prefix(name)?.strip_prefix('{')?.strip_suffix('}')?;
                Some((labels.to_owned(), values.iter().sum()))
            })
            .collect()
    }

    /// Runs with this recorder, all on this thread.
    fn run(&self, test: impl Future<Output = ()>) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        metrics::with_local_recorder(self, || runtime.block_on(test));
    }
}

impl Series {
    fn push(&self, value: f64) {
        let mut recorded = self.recorded.lock().unwrap();
        recorded.entry(self.name.clone()).or_default().push(value);
    }
}

impl CounterFn for Series {
    fn increment(&self, by: u64) {
        self.push(by as f64);
    }

    fn absolute(&self, _: u64) {
        unreachable!("counters count");
    }
}

impl GaugeFn for Series {
    fn increment(&self, _: f64) {
        unreachable!("gauges are set");
    }

    fn decrement(&self, _: f64) {
        unreachable!("gauges are set");
    }

    fn set(&self, value: f64) {
        self.recorded
            .lock()
            .unwrap()
            .insert(self.name.clone(), vec![value]);
    }
}

impl HistogramFn for Series {
    fn record(&self, value: f64) {
        self.push(value);
    }
}

impl metrics::Recorder for Recorder {
    fn describe_counter(&self, name: KeyName, _: Option<Unit>, _: SharedString) {
        self.described(&name);
    }

    fn describe_gauge(&self, name: KeyName, _: Option<Unit>, _: SharedString) {
        self.described(&name);
    }

    fn describe_histogram(&self, name: KeyName, _: Option<Unit>, _: SharedString) {
        self.described(&name);
    }

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.series(key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.series(key))
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.series(key))
    }
}

fn builder(emulator: &Emulator) -> RegistryBuilder {
    emulator.clock().stop();
    Registry::builder(Untimed::default()).clock(emulator.clock())
}

fn series(labels: &str, value: f64) -> (String, f64) {
    (labels.to_owned(), value)
}

const PROBES: &str = "imbot_caps.probes";
const ANSWERS: &str = "imbot_caps.answers";
const CALLS: &str = "imbot_caps.calls";
const NEGATIVE_CHECKS: &str = "imbot_caps.checks.negative";

#[test]
fn probes_are_counted_by_outcome() {
    let recorder = Recorder::default();
    recorder.run(async {
        let emulator = Emulator::start().await.unwrap();
        let emulated = emulator.portal(Build::rest(34));
        let handle = builder(&emulator).build().handle(&webhook(&emulated));
        let refreshed = async |build| {
            emulated.set_build(build);
            handle.refresh().await.unwrap();
            recorder.of(PROBES)
        };
        assert_eq!(refreshed(Build::rest(34)).await, [series("outcome=learned", 1.0)]);
        assert_eq!(
            refreshed(Build::rest(34)).await,
            [series("outcome=refreshed", 1.0)]
        );
        assert_eq!(
            refreshed(Build::rest(36)).await,
            [series("outcome=upgraded", 1.0)]
        );
        assert_eq!(
            refreshed(Build::rest(33)).await,
            [series("outcome=downgraded", 1.0)]
        );
        for (fault, outcome) in [
            (Fault::error("INVALID_CREDENTIALS"), "outcome=credential"),
            (Fault::error("OVERLOAD_LIMIT"), "outcome=blocked"),
            (Fault::error("A_CODE_OF_TOMORROW"), "outcome=permanent"),
        ] {
            emulated.fault(fault.once());
            handle.refresh().await.unwrap_err();
            assert_eq!(recorder.of(PROBES), [series(outcome, 1.0)]);
        }
    });
}

#[test]
fn answers_are_counted_by_origin() {
    let recorder = Recorder::default();
    recorder.run(async {
        let emulator = Emulator::start().await.unwrap();
        let emulated = emulator.portal(Build::rest(34));
        let registry = builder(&emulator).build();
        let portal = webhook(&emulated);
        let ask = async || {
            let answer = registry.caps(&portal).await;
            (answer.is_ok(), recorder.of(ANSWERS))
        };
        emulated.fault(Fault::error("INVALID_CREDENTIALS").once());
        assert_eq!(ask().await, (false, vec![series("from=error", 1.0)]));
        assert_eq!(
            ask().await,
            (false, vec![series("from=error", 1.0)]),
            "remembered"
        );
        emulator.clock().advance(Duration::from_secs(3_600));
        assert_eq!(ask().await, (true, vec![series("from=probed", 1.0)]));
        assert_eq!(ask().await, (true, vec![series("from=fresh", 1.0)]));
        emulator.clock().advance(Duration::from_secs(5_400));
        assert_eq!(ask().await, (true, vec![series("from=stale", 1.0)]));
    });
}

#[test]
fn only_negative_checks_are_counted_per_feature() {
    let recorder = Recorder::default();
    recorder.run(async {
        let emulator = Emulator::start().await.unwrap();
        let emulated = emulator.portal(Build::rest(34));
        let handle = builder(&emulator).build().handle(&webhook(&emulated));
        handle.ready().await.unwrap();
        recorder.take();
        for _ in 0..100 {
            assert!(handle.supports(Feature::SystemMessage));
            assert!(handle.check(Feature::SystemMessage).is_supported());
            assert!(handle.require(Feature::SystemMessage).is_ok());
            assert!(handle.caps().supports(Feature::SystemMessage));
            // Asked of a copy, and not of the portal.
            assert!(!handle.caps().supports(Feature::BotTokenRotation));
        }
        assert_eq!(recorder.take(), BTreeMap::new());
        assert!(!handle.supports(Feature::BotTokenRotation));
        assert!(!handle.check(Feature::BotTokenRotation).is_supported());
        assert!(handle.require(Feature::BotTokenRotation).is_err());
        let feature = format!("feature={}", Feature::BotTokenRotation.as_str());
        assert_eq!(recorder.of(NEGATIVE_CHECKS), [series(&feature, 3.0)]);
        assert_eq!(asked(&emulated), [REVISION]);
    });
}

#[test]
fn calls_are_counted_by_outcome() {
    let recorder = Recorder::default();
    recorder.run(async {
        let emulator = Emulator::start().await.unwrap();
        let emulated = emulator.portal(Build::rest(33));
        let client = builder(&emulator).build().client(&webhook(&emulated));
        let call = async |method: &str, params: serde_json::Value| {
            client.call(method, params).await.ok();
            recorder.of(CALLS)
        };
        let notify = json!({"botId": 1, "botToken": "t", "dialogId": "1"});
        let passed = call("imbot.v2.Chat.InputAction.notify", notify).await;
        assert_eq!(passed, [series("outcome=passed", 1.0)]);
        let stripped = call("imbot.v2.Bot.get", json!({"botId": 1, "botToken": "t"})).await;
        assert_eq!(stripped, [series("outcome=adapted", 1.0)]);
        let rotation = json!({"botId": 1, "botToken": "t", "fields": {"botToken": "u"}});
        assert_eq!(
            call("imbot.v2.Bot.update", rotation).await,
            [series("outcome=refused", 1.0)]
        );
    });
}

#[test]
fn probe_duration_uses_registry_clock() {
    let recorder = Recorder::default();
    recorder.run(async {
        let emulator = Emulator::start().await.unwrap();
        let emulated = emulator.portal(Build::rest(36));
        let (hold, held) = Fault::hold();
        emulated.fault(hold.once());
        let handle = builder(&emulator).build().handle(&webhook(&emulated));
        let answer = tokio::spawn(async move { handle.ready().await });
        held.arrived(1).await;
        emulator.clock().advance(Duration::from_millis(2_500));
        held.release();
        answer.await.unwrap().unwrap();
        assert_eq!(recorder.take()["imbot_caps.probe.duration_seconds{}"], [2.5]);
    });
}

const BY_REVISION: &str = "imbot_caps.portals.by_revision";

#[test]
fn gauges_show_portals_when_set() {
    let recorder = Recorder::default();
    recorder.run(async {
        let emulator = Emulator::start().await.unwrap();
        let builds = [33, 33, 36, 36, 36].map(Build::rest);
        let emulated = builds.map(|build| emulator.portal(build));
        let registry = builder(&emulator).build();
        let handles = emulated.each_ref().map(|own| registry.handle(&webhook(own)));
        for handle in &handles[..4] {
            handle.ready().await.unwrap();
        }
        emulated[3].fault(Fault::error("INVALID_CREDENTIALS"));
        handles[3].refresh().await.unwrap_err();
        emulator.clock().advance(Duration::from_secs(5_400));
        recorder.take();
        registry.set_gauges();
        let set = recorder.take();
        let gauge = |name: &str| set[name][..] == [2.0];
        assert!(gauge("imbot_caps.portals.stale{}"), "the older ones: {set:?}");
        assert_eq!(set["imbot_caps.portals{}"], [5.0]);
        assert_eq!(set["imbot_caps.portals.failing{}"], [1.0]);
        for (revision, portals) in [("33", 2.0), ("36", 2.0), ("unknown", 1.0)] {
            assert_eq!(set[&format!("{BY_REVISION}{{revision={revision}}}")], [portals]);
        }
        // A revision that is gone becomes zero.
        for own in &emulated[..2] {
            own.set_build(Build::rest(36));
        }
        for handle in &handles[..2] {
            handle.refresh().await.unwrap();
        }
        registry.set_gauges();
        assert_eq!(
            recorder.of(BY_REVISION),
            [("33", 0.0), ("36", 4.0), ("unknown", 1.0)]
                .map(|(revision, portals)| series(&format!("revision={revision}"), portals))
        );
        let counts = registry.portal_counts();
        assert_eq!((counts.portals, counts.stale, counts.failing), (5, 0, 1));
        assert_eq!(counts.revisions.get(&36), Some(&4));
    });
}

#[test]
fn portal_label_is_optional() {
    let recorder = Recorder::default();
    recorder.run(async {
        let emulator = Emulator::start().await.unwrap();
        let portals = [33, 34].map(|rest| webhook(&emulator.portal(Build::rest(rest))));
        for apart in [false, true] {
            let plain = builder(&emulator);
            let registry = if apart { plain.metrics_by_portal() } else { plain }.build();
            for portal in &portals {
                registry.caps(portal).await.unwrap();
                assert!(!registry.handle(portal).supports(Feature::BotTokenRotation));
            }
            let recorded = recorder.take();
            assert_eq!(recorded["imbot_caps.portals{}"], [2.0]);
            assert_eq!(recorded["imbot_caps.probe.duration_seconds{}"].len(), 2);
            for portal in &portals {
                let id = portal.id();
                assert_eq!(
                    recorded.get(&format!("{PROBES}{{outcome=learned,portal={id}}}")),
                    apart.then_some(&vec![1.0])
                );
                assert_eq!(
                    recorded.get(&format!("{ANSWERS}{{from=probed,portal={id}}}")),
                    apart.then_some(&vec![1.0])
                );
            }
            let all = format!("{recorded:?}");
            assert!(!all.contains("/rest/1/"), "a webhook's address in: {all}");
        }
    });
}

#[test]
fn all_counters_are_documented() {
    let recorder = Recorder::default();
    recorder.run(async {
        let emulator = Emulator::start().await.unwrap();
        let emulated = emulator.portal(Build::rest(34));
        let handle = builder(&emulator).build().handle(&webhook(&emulated));
        handle.ready().await.unwrap();
        assert!(!handle.supports(Feature::BotTokenRotation));
        let client = builder(&emulator).build().client(&webhook(&emulated));
        client.call("im.user.get", json!({})).await.unwrap();
        // A record that cannot be read.
        let (store, portal) = (MemoryStore::new(), webhook(&emulated));
        let garbage = Change::new(portal.id().to_string(), String::new(), None);
        store.save(&[garbage]).await.unwrap();
        let registry = builder(&emulator).store(store).build();
        registry.caps(&portal).await.unwrap();
        registry.set_gauges();
    });
    let recorded: BTreeSet<_> = recorder
        .take()
        .into_keys()
        .map(|series| series.split('{').next().unwrap().to_owned())
        .collect();
    assert_eq!(recorded, *recorder.described.lock().unwrap());
    for name in recorded {
        assert!(
            crate::probe::log::FIRST_PAGE.contains(&format!("`{name}`")),
            "{name}"
        );
    }
}
