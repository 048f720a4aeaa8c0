//! Counters for the operator, by the facade of crate `metrics`. [`Metrics::describe`] and the
//! crate's first page say what they count.
//!
//! Without the feature, `metrics/off.rs` is compiled in place of this file.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use ::metrics::{Label, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};

use super::event::Event;
use super::portal_counts::PortalCounts;
use super::served::Served;
use crate::portal::Portal;
use crate::portal_probe::ProbeError;
use crate::revision::Revision;

const CALLS: &str = "imbot_caps.calls";
const ANSWERS: &str = "imbot_caps.answers";
const PORTALS: &str = "imbot_caps.portals";
const PORTALS_BY_REVISION: &str = "imbot_caps.portals.by_revision";
const PORTALS_FAILING: &str = "imbot_caps.portals.failing";
const PORTALS_STALE: &str = "imbot_caps.portals.stale";
const PROBES: &str = "imbot_caps.probes";
const PROBE_DURATION: &str = "imbot_caps.probe.duration_seconds";
const NEGATIVE_CHECKS: &str = "imbot_caps.checks.negative";
const STORE_CALLS: &str = "imbot_caps.store.calls";
const STORE_DURATION: &str = "imbot_caps.store.duration_seconds";
const STORE_UNREAD: &str = "imbot_caps.store.unread";

/// The counters of a registry.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Metrics {
    /// Whether counters carry the portal's address.
    pub(super) metrics_by_portal: bool,
}

impl Metrics {
    /// Describes the counters to the recorder. The names of durations have their unit, as Prometheus
    /// wants it. It is not described, too: an exporter may append the described unit to the name.
    pub(super) fn describe() {
        describe_counter!(
            ANSWERS,
            "Answers to those who asked and may have waited, by where they came from"
        );
        describe_counter!(
            CALLS,
            "Calls through a gate that the table is about, by what it did with them"
        );
        describe_gauge!(PORTALS, "Portals that a registry remembers");
        describe_gauge!(
            PORTALS_BY_REVISION,
            "Portals by the REST revision that they answered with"
        );
        describe_gauge!(PORTALS_FAILING, "Portals whose last probe failed");
        describe_gauge!(PORTALS_STALE, "Portals whose answer is past its lifetime");
        describe_counter!(PROBES, "Conversations with portals, by what came of them");
        describe_histogram!(
            PROBE_DURATION,
            "How long conversations took, with pauses and the wait to be let through"
        );
        describe_counter!(
            NEGATIVE_CHECKS,
            "Answers \"no\" and \"unknown\" of handles, by feature"
        );
        describe_counter!(STORE_CALLS, "Calls of the store, by operation and outcome");
        describe_histogram!(STORE_DURATION, "How long calls of the store took, by operation");
        describe_counter!(STORE_UNREAD, "Records of the store that were not read, by reason");
    }

    /// Counts a probe that has ended. `events` is empty if the probe was given up.
    pub(super) fn probed(self, portal: &Portal, events: &[Event], took: Duration) {
        let outcome = events.iter().find_map(|event| match event {
            Event::Learned { .. } => Some("learned"),
            Event::Refreshed { .. } => Some("refreshed"),
            Event::Upgraded { .. } => Some("upgraded"),
            Event::Downgraded { .. } => Some("downgraded"),
            Event::Failed { error, .. } | Event::Blocked { error, .. } => Some(error.class().as_str()),
            _ => None,
        });
        let outcome = match events {
            [] => "given_up",
            _ => outcome.unwrap_or("moved"),
        };
        counter!(PROBES, self.labels(portal, "outcome", outcome)).increment(1);
        histogram!(PROBE_DURATION).record(took.as_secs_f64());
    }

    /// Counts an answer to a caller that may have waited.
    pub(super) fn answered(self, portal: &Portal, served: &Result<Served, ProbeError>) {
        let from = match served {
            Ok(Served::Fresh) => "fresh",
            Ok(Served::Stale) => "stale",
            Ok(Served::Probed) => "probed",
            Err(_) => "error",
        };
        counter!(ANSWERS, self.labels(portal, "from", from)).increment(1);
    }

    /// Counts a call by the decision of a gate.
    pub(super) fn gated(self, portal: &Portal, outcome: &'static str) {
        counter!(CALLS, self.labels(portal, "outcome", outcome)).increment(1);
    }

    /// Counts an answer "no" or "unknown" about the feature with this id.
    pub(super) fn negative_check(self, portal: &Portal, id: impl FnOnce() -> &'static str) {
        counter!(NEGATIVE_CHECKS, self.labels(portal, "feature", id())).increment(1);
    }

    /// Sets the number of portals in the registry.
    pub(super) fn remembered(self, portals: usize) {
        // Exact up to 2^53.
        gauge!(PORTALS).set(portals as f64);
    }

    /// Sets the gauges of portals. `shown` has the revisions that were set before: a revision that no
    /// portal has any more becomes zero. A portal can answer any number, so all revisions above the
    /// newest one of the table are one series.
    pub(super) fn counted(self, counts: &PortalCounts, newest: Revision, shown: &mut BTreeSet<String>) {
        self.remembered(counts.portals);
        gauge!(PORTALS_FAILING).set(counts.failing as f64);
        gauge!(PORTALS_STALE).set(counts.stale as f64);
        let mut series: BTreeMap<String, usize> = shown.iter().map(|word| (word.clone(), 0)).collect();
        series.insert("unknown".to_owned(), counts.unknown);
        for (rest, portals) in &counts.revisions {
            let word = if *rest > newest {
                "newer".to_owned()
            } else {
                rest.to_string()
            };
            let sum = series.entry(word).or_default();
            *sum = sum.saturating_add(*portals);
        }
        for (word, portals) in series {
            gauge!(PORTALS_BY_REVISION, "revision" => word.clone()).set(portals as f64);
            shown.insert(word);
        }
    }

    /// Counts a call of the store.
    pub(super) fn stored(self, operation: &'static str, outcome: &'static str, took: Duration) {
        counter!(STORE_CALLS, "operation" => operation, "outcome" => outcome).increment(1);
        histogram!(STORE_DURATION, "operation" => operation).record(took.as_secs_f64());
    }

    /// Counts a record of the store that was not read.
    pub(super) fn unread(self, reason: &'static str) {
        counter!(STORE_UNREAD, "reason" => reason).increment(1);
    }

    fn labels(self, portal: &Portal, name: &'static str, value: &'static str) -> Vec<Label> {
        let mut labels = vec![Label::from_static_parts(name, value)];
        if self.metrics_by_portal {
            labels.push(Label::new("portal", portal.address().to_string()));
        }
        labels
    }
}
