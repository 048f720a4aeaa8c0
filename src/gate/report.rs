//! Counts of the features that calls used, and of the outcomes.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Serialize, Serializer};

use super::event_forms::BotWithOlderEvents;
use crate::plan::{Change, Refused};
use crate::portal::PortalId;
use crate::revision::{Counter, Revision};
use crate::table::{Date, Kind, Row};
use crate::vocabulary::UnknownName;

/// The features that the calls through a [`Gate`](super::Gate) used, and the outcomes, counted
/// since the gate was made.
///
/// `Display` is a table for people. It names the features that need no gate any more, and the
/// old forms that portals may refuse by now. Serde writes the fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// Each row that a call used, the most used first.
    pub features: Vec<FeatureReport>,
    /// Advice for changes of the program.
    pub advice: Vec<Advice>,
    /// Methods and parameters that no portal knows, each once, in the order of the calls: 64 at
    /// most. If there are more, the site with the most loses its oldest one. A link that somebody
    /// else wrote may be among them. The gate checks the parameters of the first 16 calls of a
    /// method at each site, and then of one call in 1,024.
    pub unknown_names: Vec<UnknownName>,
    /// Bots that still get their events in the older form, by portal and id: the older API has registered them
    /// through this gate, or [`Gate::verify`](super::Gate::verify) has read such an event. The gate lists 4,096 of
    /// them at most, and no site fills the list. See [`docs::events`](crate::docs::events) for a way to the newer form.
    pub bots_with_older_events: Vec<BotWithOlderEvents>,
    /// Calls that were sent without the gate, since their portals are neither registered nor of
    /// a pattern. Only calls by HTTP requests count. A link that somebody else wrote may be
    /// among them.
    pub unregistered: u64,
}

/// The outcomes of the calls that fall under one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FeatureReport {
    /// The row. Serde writes its id.
    #[serde(serialize_with = "id")]
    pub row: &'static Row,
    /// Calls that fell under the row. A row about replies, or about work that follows a call, is
    /// counted only by the outcomes below.
    pub used: Count,
    /// Calls that were adapted.
    pub adapted: Count,
    /// Calls that were refused.
    pub refused: Count,
    /// Calls that [`Mode::Observe`](crate::plan::Mode::Observe) passed, and calls with a follow-up
    /// that a webhook may not do.
    pub observed: Count,
}

/// A number of calls, and of their portals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Count {
    /// Calls.
    pub calls: u64,
    /// Portals. They are counted up to 16,384.
    pub portals: usize,
}

/// Advice for a change of the program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Advice {
    /// The [oldest portal](super::GateBuilder::oldest_portal) that the program supports has it, and all newer
    /// ones. Guards for it can go.
    NeedNotBeGated {
        /// The id of the row.
        id: &'static str,
    },
    /// The program sends an old form. Portals may refuse it by now.
    OldForm {
        /// The id of the row.
        id: &'static str,
        /// The first day on which portals may refuse it.
        sunset: Date,
    },
}

fn id<S: Serializer>(row: &&'static Row, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(row.id())
}

#[derive(Debug, Default)]
pub(super) struct Ledger {
    rows: Mutex<HashMap<&'static str, Entry>>,
    unregistered: AtomicU64,
}

#[derive(Debug)]
struct Entry {
    row: &'static Row,
    tallies: [Tally; 4],
}

#[derive(Debug, Default)]
struct Tally {
    calls: u64,
    portals: HashSet<u64>,
}

/// The most portals that are counted for a row. Each takes memory, and anybody can make up
/// names of portals without end.
const MOST_PORTALS: usize = 16_384;

const USED: usize = 0;
const ADAPTED: usize = 1;
const REFUSED: usize = 2;
const OBSERVED: usize = 3;

impl Ledger {
    /// Counts a call that falls under these rows.
    pub(super) fn used(&self, portal: &PortalId, rows: &[&'static Row]) {
        if !rows.is_empty() {
            self.count(portal, USED, rows.iter().copied());
        }
    }

    pub(super) fn adapted(&self, portal: &PortalId, changes: &[Change]) {
        self.count(portal, ADAPTED, distinct(changes));
    }

    pub(super) fn noted(&self, portal: &PortalId, noted: &[Change]) {
        if !noted.is_empty() {
            self.count(portal, OBSERVED, distinct(noted));
        }
    }

    pub(super) fn refused(&self, portal: &PortalId, refused: &Refused) {
        self.count(portal, REFUSED, std::iter::once(refused.row()));
    }

    /// Counts a call that is sent without the gate. Returns whether it is the first.
    pub(super) fn passes_over(&self) -> bool {
        self.unregistered.fetch_add(1, Ordering::Relaxed) == 0
    }

    fn count(&self, portal: &PortalId, tally: usize, rows: impl Iterator<Item = &'static Row>) {
        let seed = portal.seed();
        let mut entries = self.rows();
        for row in rows {
            let entry = entries.entry(row.id()).or_insert_with(|| Entry {
                row,
                tallies: std::array::from_fn(|_| Tally::default()),
            });
            if let Some(tally) = entry.tallies.get_mut(tally) {
                tally.calls = tally.calls.saturating_add(1);
                if tally.portals.len() < MOST_PORTALS {
                    tally.portals.insert(seed);
                }
            }
        }
    }

    pub(super) fn report(&self, oldest_portal: Option<Revision>, today: Option<Date>) -> Report {
        let entries = self.rows();
        let mut features: Vec<_> = entries.values().map(Entry::report).collect();
        drop(entries);
        features.sort_by(|a, b| (b.used.calls, a.row.id()).cmp(&(a.used.calls, b.row.id())));
        let advice = features
            .iter()
            .filter_map(|feature| advise(feature.row, oldest_portal, today))
            .collect();
        Report {
            features,
            advice,
            unknown_names: Vec::new(),
            bots_with_older_events: Vec::new(),
            unregistered: self.unregistered.load(Ordering::Relaxed),
        }
    }

    fn rows(&self) -> MutexGuard<'_, HashMap<&'static str, Entry>> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    fn report(&self) -> FeatureReport {
        let count = |tally: &Tally| Count {
            calls: tally.calls,
            portals: tally.portals.len(),
        };
        let [used, adapted, refused, observed] = self.tallies.each_ref().map(count);
        FeatureReport {
            row: self.row,
            used,
            adapted,
            refused,
            observed,
        }
    }
}

/// The rows of these changes, each once.
fn distinct(changes: &[Change]) -> impl Iterator<Item = &'static Row> {
    let mut rows: Vec<&'static Row> = Vec::new();
    for change in changes {
        if !rows.iter().any(|row| row.id() == change.row().id()) {
            rows.push(change.row());
        }
    }
    rows.into_iter()
}

fn advise(row: &'static Row, oldest_portal: Option<Revision>, today: Option<Date>) -> Option<Advice> {
    if let (Some(sunset), Some(today), true) = (row.sunset(), today, row.applies().request().len() > 0)
        && today >= sunset
    {
        return Some(Advice::OldForm { id: row.id(), sunset });
    }
    let requirement = row.requirement();
    let is_met = match (requirement.counter(), requirement.since()) {
        (Counter::Rest, Some(since)) => oldest_portal.is_some_and(|oldest_portal| oldest_portal >= since),
        // The row needs imbot.v2 alone. Every portal has it from the next revision on.
        (Counter::Rest, None) => {
            oldest_portal.is_some_and(|oldest_portal| oldest_portal > crate::knowledge::IMBOT_V2_REST)
        }
        _ => false,
    };
    let is_lasting = row.kind() != Kind::Removed && requirement.first_without().is_none();
    (is_met && is_lasting).then(|| Advice::NeedNotBeGated { id: row.id() })
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<44} {:>9} {:>9} {:>9} {:>9}",
            "feature: calls/portals", "used", "adapted", "refused", "observed"
        )?;
        for feature in &self.features {
            write!(f, "{:<44}", feature.row.id())?;
            for count in [feature.used, feature.adapted, feature.refused, feature.observed] {
                write!(f, " {:>9}", format!("{}/{}", count.calls, count.portals))?;
            }
            writeln!(f)?;
        }
        self.advice
            .iter()
            .try_for_each(|advice| writeln!(f, "{advice}"))?;
        self.unknown_names
            .iter()
            .try_for_each(|unknown| writeln!(f, "{unknown}"))?;
        for bot in &self.bots_with_older_events {
            let BotWithOlderEvents {
                portal,
                bot_id,
                events,
            } = bot;
            writeln!(
                f,
                "bot {bot_id} of {portal} gets its events in the older form ({events} read)"
            )?;
        }
        match self.unregistered {
            0 => Ok(()),
            calls => writeln!(
                f,
                "calls to portals that are not registered: {calls}; they went on without the gate: register them, or give the gate a pattern"
            ),
        }
    }
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Advice::NeedNotBeGated { id } => {
                write!(
                    f,
                    "every portal that the program supports has `{id}`: a guard for it can go"
                )
            }
            Advice::OldForm { id, sunset } => {
                write!(
                    f,
                    "`{id}` is an old form that portals need not take since {sunset}: send the newer one"
                )
            }
        }
    }
}
