//! [`State`]: what is known of one portal, since when, and what failed. No I/O and no clock: times
//! come in.

use std::collections::HashMap;
use std::time::SystemTime;

use super::failures::{Failing, Failures};
use super::settings::Settings;
use crate::freshness::{Decision, Entry, Failure, Observation, Purpose};
use crate::knowledge::Knowledge;
use crate::portal::Portal;
use crate::portal_probe::ProbeError;

mod apply_probe;
mod bot_event_urls;
mod contradictions;
mod counted;
mod merge;
mod probe_before_refusal;
mod stored;
mod waiting;
mod wanted;

use merge::{bounds, joined};
use wanted::Wanted;

#[derive(Debug, Default)]
pub(super) struct State {
    known: Knowledge,
    /// When the portal last confirmed all of the knowledge, and since when it is the same.
    learned: Option<Observation>,
    /// Something happened since the answer that may have changed the portal.
    outdated: bool,
    /// It happened after the running probe asked. So the probe's answer may be too old.
    outdated_anew: bool,
    /// Whether the authorisation server has named the member at this address.
    confirmed: bool,
    pinned: Option<Knowledge>,
    failures: Failures,
    /// When the portal was last asked before a refusal.
    asked_to_refuse: Option<SystemTime>,
    /// The portals whose callers wait for the running probe, each credential once.
    waiting: Vec<Portal>,
    /// What these callers need.
    wanted: Wanted,
    contradicted: HashMap<&'static str, AbsenceReports>,
    /// The event addresses of bots that were registered by the older method. The registration of
    /// commands needs the address, and calls of imbot.v2 do not contain it.
    pub(super) bot_event_urls: HashMap<u64, Box<str>>,
}

/// The state of a portal that has no failure, no running probe, no pin and no contradiction.
#[derive(Clone, Copy, Debug)]
pub(super) struct AtRest {
    pub(super) known: Knowledge,
    pub(super) learned: Option<Observation>,
    pub(super) outdated: bool,
    pub(super) outdated_anew: bool,
    pub(super) confirmed: bool,
}

/// What a portal keeps when it moves to another address.
#[derive(Debug)]
pub(super) struct Inheritance {
    known: Knowledge,
    learned: Option<Observation>,
    bot_event_urls: HashMap<u64, Box<str>>,
}

impl From<AtRest> for State {
    fn from(rest: AtRest) -> Self {
        Self {
            known: rest.known,
            learned: rest.learned,
            outdated: rest.outdated,
            outdated_anew: rest.outdated_anew,
            confirmed: rest.confirmed,
            ..Self::default()
        }
    }
}

/// How many replies contradicted a feature, and when the portal was last asked about it.
#[derive(Clone, Copy, Debug)]
struct AbsenceReports {
    times: u32,
    last: SystemTime,
    asked: Failure,
}

impl State {
    /// The state at rest. `None` if the state holds more.
    pub(super) fn at_rest(&self) -> Option<AtRest> {
        // The pattern names every field, so a new field cannot be forgotten here.
        let Self {
            known,
            learned,
            outdated,
            outdated_anew,
            confirmed,
            pinned: None,
            failures,
            asked_to_refuse: None,
            waiting,
            wanted: Wanted::Known,
            contradicted,
            bot_event_urls,
        } = self
        else {
            return None;
        };
        let is_little =
            failures.is_empty() && waiting.is_empty() && contradicted.is_empty() && bot_event_urls.is_empty();
        is_little.then_some(AtRest {
            known: *known,
            learned: *learned,
            outdated: *outdated,
            outdated_anew: *outdated_anew,
            confirmed: *confirmed,
        })
    }

    /// The knowledge that readers see.
    pub(super) fn view(&self) -> Knowledge {
        self.pinned.unwrap_or(self.known)
    }

    pub(super) fn is_pinned(&self) -> bool {
        self.pinned.is_some()
    }

    pub(super) fn pin(&mut self, known: Option<Knowledge>) {
        self.pinned = known;
    }

    /// Sets what the program assumes of a portal that has not answered yet.
    pub(super) fn assume(&mut self, known: &Knowledge) {
        if self.learned.is_none() {
            self.known = self.known.intersect(known).unwrap_or(*known);
        }
    }

    /// Adds what the reply to a call has shown.
    pub(super) fn report_found(&mut self, shown: &Knowledge) {
        match self.known.seen().intersect_observed(shown) {
            Ok(seen) => {
                let known = seen.inferred();
                if bounds(&known) != bounds(&self.known) {
                    self.learned = self.learned.map(|learned| Observation::new(learned.at));
                }
                self.known = known;
            }
            // The portal has changed since it answered.
            Err(_) => self.mark_stale(),
        }
    }

    pub(super) fn mark_stale(&mut self) {
        self.outdated = true;
        self.outdated_anew = true;
    }

    /// The portal is being asked. Its answer covers everything that has happened so far.
    pub(super) fn asking(&mut self) {
        self.outdated_anew = false;
    }

    /// Whether the authorisation server has named the member at this address.
    pub(super) fn is_confirmed(&self) -> bool {
        self.confirmed
    }

    pub(super) fn confirm(&mut self, confirmed: bool) {
        self.confirmed = confirmed;
    }

    /// What the portal keeps at its next address.
    pub(super) fn inheritance(&self) -> Inheritance {
        Inheritance {
            known: self.known,
            learned: self.learned,
            bot_event_urls: self.bot_event_urls.clone(),
        }
    }

    /// Takes over what the portal has from its former address, until it answers at this one.
    pub(super) fn inherit(&mut self, mut former: Inheritance) {
        if self.learned.is_none() && former.learned.is_some() {
            (self.known, self.learned) = (former.known, former.learned);
            self.mark_stale();
        }
        former
            .bot_event_urls
            .retain(|bot, _| !self.bot_event_urls.contains_key(bot));
        for (bot, url) in former.bot_event_urls {
            self.remember_event_url(bot, url);
        }
    }

    /// What a snapshot keeps: the knowledge, its times, and whether it is outdated.
    pub(super) fn record(&self) -> Option<(Knowledge, Observation, bool)> {
        Some((self.known, self.learned?, self.outdated))
    }

    /// Merges what was learned elsewhere. Returns whether that changed anything.
    pub(super) fn restore(
        &mut self,
        known: &Knowledge,
        learned: Observation,
        outdated: bool,
        now: SystemTime,
    ) -> bool {
        // A time in the future comes from a clock that ran ahead. The knowledge is kept, and
        // marked as outdated.
        let (learned, ahead) = (learned.clamped_to(now), learned.at > now);
        let (before, since) = (self.known, self.learned);
        match since {
            // The knowledge that was learned later is the newer one.
            Some(own) if own.at >= learned.at => {
                let (older, newer) = ((known, learned), (&before, own));
                (self.known, self.learned) = joined(older, newer);
            }
            Some(own) => (self.known, self.learned) = joined((&before, own), (known, learned)),
            None => (self.known, self.learned) = (*known, Some(learned)),
        }
        if bounds(&self.known) != bounds(&before) {
            self.contradicted.clear();
        }
        let at = |learned: Option<Observation>| learned.map(|learned| learned.at);
        let taken = bounds(&self.known) != bounds(&before) || at(self.learned) != at(since);
        // Something may have happened here after that.
        self.outdated |= taken && (outdated || ahead);
        taken
    }

    /// Decides for a caller with this question and the credential of this portal.
    pub(super) fn decide(
        &mut self,
        purpose: Purpose,
        portal: &Portal,
        now: SystemTime,
        settings: &Settings,
        seed: u64,
    ) -> (Decision, Option<&ProbeError>) {
        if self.pinned.is_some() {
            return (Decision::Serve, None);
        }
        if let Some(learned) = self.learned.filter(|learned| learned.at > now) {
            // The clock was set back, so the age is unknown. The portal is asked again, and the age
            // counts from now on.
            self.learned = Some(learned.clamped_to(now));
            self.outdated = true;
        }
        let is_recent = |at: &SystemTime| settings.lifetimes.holds_refusal(*at, now);
        self.asked_to_refuse = self.asked_to_refuse.filter(is_recent);
        if let Purpose::Refusal { insist } = purpose {
            return self.decide_refusal(insist, portal, now, settings, seed);
        }
        if let Purpose::Harm = purpose {
            return self.decide_harm(portal, now, settings, seed);
        }
        let Some(volatility) = settings.volatility(purpose, &self.known) else {
            return (Decision::Ask { else_serve: false }, None);
        };
        let decide = |failing: Option<&Failing>| {
            let entry = Entry {
                learned: self.learned,
                outdated: self.outdated,
                failure: failing.map(|failing| failing.failure),
                volatility,
            };
            entry.decide(now, &settings.lifetimes, seed)
        };
        // The first failure that changes the decision is its reason.
        let sound = decide(None);
        self.failures
            .of(portal)
            .map(|failing| (decide(Some(failing)), Some(&failing.error)))
            .find(|(decision, _)| *decision != sound)
            .unwrap_or((sound, None))
    }
}

#[cfg(test)]
mod tests;
