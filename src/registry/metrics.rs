//! Counters for the operator, by the facade of crate `metrics`. What they count is
//! told in [`describe`] and on the crate's first page.
//!
//! Without the feature, `metrics/off.rs` is compiled in place of this file.

use std::time::Duration;

use ::metrics::{
    Label, Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};

use super::Shared;
use super::event::Event;
use super::slot::Served;
use crate::portal::Portal;
use crate::probe::ProbeError;

const CALLS: &str = "imbot_caps.calls";
const ANSWERS: &str = "imbot_caps.answers";
const PORTALS: &str = "imbot_caps.portals";
const PROBES: &str = "imbot_caps.probes";
const PROBE_DURATION: &str = "imbot_caps.probe.duration";
const REFUSALS: &str = "imbot_caps.refusals";

/// Tells the recorder what is counted.
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
    describe_counter!(PROBES, "Conversations with portals, by what came of them");
    describe_histogram!(
        PROBE_DURATION,
        Unit::Seconds,
        "How long conversations took, with pauses and the wait to be let through"
    );
    describe_counter!(
        REFUSALS,
        "Times that a portal was found to lack a feature, by feature"
    );
}

/// A probe has ended, and these events came of it: none, if it was given up.
pub(super) fn probed(shared: &Shared, portal: &Portal, events: &[Event], took: Duration) {
    let outcome = events.iter().find_map(|event| match event {
        Event::Learned { .. } => Some("learned"),
        Event::Refreshed { .. } => Some("refreshed"),
        Event::Upgraded { .. } => Some("upgraded"),
        Event::Downgraded { .. } => Some("downgraded"),
        Event::Failed { error, .. } | Event::Gone { error, .. } => Some(error.kind().as_str()),
        _ => None,
    });
    let outcome = match events {
        [] => "given_up",
        _ => outcome.unwrap_or("moved"),
    };
    counter!(PROBES, labels(shared, portal, "outcome", outcome)).increment(1);
    histogram!(PROBE_DURATION).record(took.as_secs_f64());
}

/// Somebody who asked has an answer.
pub(super) fn answered(shared: &Shared, portal: &Portal, served: &Result<Served, ProbeError>) {
    let from = match served {
        Ok(Served::Fresh) => "fresh",
        Ok(Served::Stale) => "stale",
        Ok(Served::Asked) => "asked",
        Err(_) => "error",
    };
    counter!(ANSWERS, labels(shared, portal, "from", from)).increment(1);
}

/// A gate has decided what to do with a call.
pub(super) fn gated(shared: &Shared, portal: &Portal, outcome: &'static str) {
    counter!(CALLS, labels(shared, portal, "outcome", outcome)).increment(1);
}

/// The portal was found to lack the feature with this id, or may lack it.
pub(super) fn refused(shared: &Shared, portal: &Portal, id: impl FnOnce() -> &'static str) {
    counter!(REFUSALS, labels(shared, portal, "feature", id())).increment(1);
}

/// So many portals are remembered.
pub(super) fn remembered(portals: usize) {
    // Exact up to 2^53.
    gauge!(PORTALS).set(portals as f64);
}

fn labels(shared: &Shared, portal: &Portal, name: &'static str, value: &'static str) -> Vec<Label> {
    let mut labels = vec![Label::from_static_parts(name, value)];
    if shared.portal_label {
        labels.push(Label::new("portal", portal.address().to_string()));
    }
    labels
}
