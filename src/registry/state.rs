//! What is remembered of one portal: what is known, since when, and what failed.
//! No I/O and no clock: times come in.

use std::collections::HashMap;
use std::time::SystemTime;

use super::Settings;
use super::event::{ClaimedBy, Event};
use super::failures::{Failing, Failures};
use super::slot::Question;
use crate::freshness::{Decision, Failure, Observation, Volatility, decide};
use crate::knowledge::Knowledge;
use crate::portal::Portal;
use crate::probe::{Found, ProbeError, ProbeErrorKind};
use crate::wire::REVISION_GET;

mod merge;
mod refusal;
mod waiting;
mod webhooks;

use merge::{bounds, combined, is_below, is_same, joined};

#[derive(Debug, Default)]
pub(super) struct State {
    known: Knowledge,
    /// When the portal last confirmed all of it, and since when it is the same.
    learned: Option<Observation>,
    /// Something happened since then that may have changed it.
    outdated: bool,
    /// It happened since the portal was last asked: the answer may not tell of it.
    outdated_anew: bool,
    /// Whether the authorisation server has said who is at this address.
    confirmed: bool,
    pinned: Option<Knowledge>,
    failures: Failures,
    /// When the portal was last asked before a refusal.
    asked_to_refuse: Option<SystemTime>,
    /// Who waits for the flight under way, each credential once.
    waiting: Vec<Portal>,
    contradicted: HashMap<&'static str, Contradicted>,
    /// Where the events of bots go to, of those that were registered the older way:
    /// the registration of commands wants it, and a call of imbot.v2 does not say it.
    pub(super) webhooks: HashMap<u64, Box<str>>,
}

/// A state with nothing to remember but this.
#[derive(Clone, Copy, Debug)]
pub(super) struct AtRest {
    pub(super) known: Knowledge,
    pub(super) learned: Option<Observation>,
    pub(super) outdated: bool,
    pub(super) outdated_anew: bool,
    pub(super) confirmed: bool,
}

/// What comes along where a portal has moved, as it was at the former address.
#[derive(Debug)]
pub(super) struct Inheritance {
    known: Knowledge,
    learned: Option<Observation>,
    webhooks: HashMap<u64, Box<str>>,
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

/// How often replies contradicted a feature, and when that was last asked about.
#[derive(Clone, Copy, Debug)]
struct Contradicted {
    times: u32,
    last: SystemTime,
    asked: Failure,
}

impl State {
    /// What there is to remember of it, where that is little.
    pub(super) fn at_rest(&self) -> Option<AtRest> {
        // All of its parts are named: none is forgotten.
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
            contradicted,
            webhooks,
        } = self
        else {
            return None;
        };
        let is_little =
            failures.is_empty() && waiting.is_empty() && contradicted.is_empty() && webhooks.is_empty();
        is_little.then_some(AtRest {
            known: *known,
            learned: *learned,
            outdated: *outdated,
            outdated_anew: *outdated_anew,
            confirmed: *confirmed,
        })
    }

    /// What readers are to see.
    pub(super) fn view(&self) -> Knowledge {
        self.pinned.unwrap_or(self.known)
    }

    pub(super) fn is_pinned(&self) -> bool {
        self.pinned.is_some()
    }

    pub(super) fn pin(&mut self, known: Option<Knowledge>) {
        self.pinned = known;
    }

    /// What somebody else says of a portal that has not been asked.
    pub(super) fn assume(&mut self, known: &Knowledge) {
        if self.learned.is_none() {
            self.known = self.known.intersect(known).unwrap_or(*known);
        }
    }

    /// What a call has shown besides.
    pub(super) fn observe_reply(&mut self, shown: &Knowledge) {
        match self.known.seen().intersect_observed(shown) {
            Ok(seen) => {
                let known = seen.inferred();
                if bounds(&known) != bounds(&self.known) {
                    self.learned = self.learned.map(|learned| Observation::anew(learned.at));
                }
                self.known = known;
            }
            // It has changed since it was asked.
            Err(_) => self.mark_stale(),
        }
    }

    pub(super) fn mark_stale(&mut self) {
        self.outdated = true;
        self.outdated_anew = true;
    }

    /// The portal is being asked: its answer tells of all that has happened so far.
    pub(super) fn asking(&mut self) {
        self.outdated_anew = false;
    }

    /// Whether the authorisation server has said who is at this address.
    pub(super) fn is_confirmed(&self) -> bool {
        self.confirmed
    }

    pub(super) fn confirm(&mut self, confirmed: bool) {
        self.confirmed = confirmed;
    }

    /// What the same portal has of it at its next address.
    pub(super) fn inheritance(&self) -> Inheritance {
        Inheritance {
            known: self.known,
            learned: self.learned,
            webhooks: self.webhooks.clone(),
        }
    }

    /// Takes over what was known of the portal at its former address, until it has
    /// answered at this one.
    pub(super) fn inherit(&mut self, mut former: Inheritance) {
        if self.learned.is_none() && former.learned.is_some() {
            (self.known, self.learned) = (former.known, former.learned);
            self.mark_stale();
        }
        former.webhooks.retain(|bot, _| !self.webhooks.contains_key(bot));
        for (bot, url) in former.webhooks {
            self.remember_webhook(bot, url);
        }
    }

    /// What to keep of it outside of the process: what is known, since when, and
    /// whether something happened since.
    pub(super) fn record(&self) -> Option<(Knowledge, Observation, bool)> {
        Some((self.known, self.learned?, self.outdated))
    }

    /// Takes in what was learned elsewhere; whether anything came of it.
    pub(super) fn restore(
        &mut self,
        known: &Knowledge,
        learned: Observation,
        outdated: bool,
        now: SystemTime,
    ) -> bool {
        // Of a clock that runs ahead: worth having, not worth trusting for long.
        let (learned, ahead) = (learned.until(now), learned.at > now);
        let (before, since) = (self.known, self.learned);
        match since {
            // Of the two the one that was learned later is the newer.
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
        // What happened here may have been after that.
        self.outdated |= taken && (outdated || ahead);
        taken
    }

    /// What to do for somebody who asks this with the portal's credential.
    pub(super) fn decide(
        &mut self,
        question: Question,
        portal: &Portal,
        now: SystemTime,
        settings: &Settings,
        seed: u64,
    ) -> (Decision, Option<&ProbeError>) {
        if self.pinned.is_some() {
            return (Decision::Serve, None);
        }
        if let Some(learned) = self.learned.filter(|learned| learned.at > now) {
            // The clock was set back. How old it is nobody knows: asked again, and from
            // now on its age counts.
            self.learned = Some(learned.until(now));
            self.outdated = true;
        }
        let is_recent = |at: &SystemTime| settings.lifetimes.holds_refusal(*at, now);
        self.asked_to_refuse = self.asked_to_refuse.filter(is_recent);
        if let Question::Refusal { insist } = question {
            return self.decide_refusal(insist, portal, now, settings, seed);
        }
        if let Question::Harm = question {
            return self.decide_harm(portal, now, settings, seed);
        }
        let Some(volatility) = volatility(question, &self.known, settings) else {
            return (Decision::Ask { else_serve: false }, None);
        };
        let decide = |failing: Option<&Failing>| {
            let failure = failing.map(|failing| &failing.failure);
            decide(
                self.learned,
                self.outdated,
                failure,
                volatility,
                now,
                &settings.lifetimes,
                seed,
            )
        };
        // Either failure may stand in the way, and then its error is the reason.
        let sound = decide(None);
        self.failures
            .of(portal)
            .map(|failing| (decide(Some(failing)), Some(&failing.error)))
            .find(|(decision, _)| *decision != sound)
            .unwrap_or((sound, None))
    }

    /// Takes in what came of asking: whether what is known is good again, and what
    /// is to be told.
    pub(super) fn take_in(
        &mut self,
        portal: &Portal,
        found: Result<Found, ProbeError>,
        asked: SystemTime,
        now: SystemTime,
    ) -> (Result<(), ProbeError>, Vec<Event>) {
        match found {
            Ok(found) => self.learn(portal, found, asked, now),
            Err(error) => {
                let event = self.fail(portal, &error, now);
                (Err(error), vec![event])
            }
        }
    }

    fn learn(
        &mut self,
        portal: &Portal,
        found: Found,
        asked: SystemTime,
        now: SystemTime,
    ) -> (Result<(), ProbeError>, Vec<Event>) {
        let id = || portal.address().clone();
        let mut events = Vec::new();
        if let Some(to) = found.moved_to {
            events.push(Event::Moved { portal: id(), to });
        }
        let since = self.learned;
        let first = since.is_none();
        // What somebody else said holds until now.
        let before = if first { Knowledge::unknown() } else { self.known };
        let (after, confirmed) = combined(&before, &found.known);
        self.known = after;
        if bounds(&after) != bounds(&before) {
            self.contradicted.clear();
        }
        let is_same = is_same(&after, &before);
        if !is_same {
            // The rest of it is as old as it was.
            self.learned = since.map(|since| Observation {
                same_since: asked,
                ..since
            });
        }
        let ((least, most), (lowest, highest)) = bounds(&after);
        let good = confirmed || first;
        let short = match found.incomplete {
            // The rest may have changed since. It stands, as old as it is.
            None if !good => Some(ProbeError::new(
                portal,
                REVISION_GET,
                ProbeErrorKind::LessThanKnown,
            )),
            incomplete => incomplete.filter(|_| !good || least != most || lowest != highest),
        };
        let mends = short.as_ref().is_none_or(ProbeError::is_credential);
        if good {
            self.learned = Some(match since {
                Some(since) if is_same => since.again(asked),
                _ => Observation::anew(asked),
            });
            // What was not learned for something passing is worth asking again soon.
            self.outdated = self.outdated_anew || !mends;
        }
        if short.as_ref().is_none_or(|error| !error.is_of_portal()) {
            self.failures.end_of_portal();
        }
        match &short {
            Some(error) if !good || !mends => self.hold_back(portal, error, now),
            _ => self.failures.end_of_credential(portal),
        }
        if short.is_none() {
            self.failures.end_of_crowd();
        }
        events.push(if first {
            Event::Learned {
                portal: id(),
                known: after,
            }
        } else if is_same {
            match &short {
                Some(error) if !good => Event::Failed {
                    portal: id(),
                    error: error.clone(),
                },
                _ => Event::Refreshed {
                    portal: id(),
                    known: after,
                },
            }
        } else if is_below(&after, &before) {
            Event::Downgraded {
                portal: id(),
                before,
                after,
            }
        } else if is_below(&before, &after) {
            Event::Upgraded {
                portal: id(),
                before,
                after,
            }
        } else {
            Event::Learned {
                portal: id(),
                known: after,
            }
        });
        let outcome = match short {
            Some(error) if !good => Err(error),
            _ => Ok(()),
        };
        (outcome, events)
    }

    /// Lets nobody ask for a while, or nobody with this credential.
    fn hold_back(&mut self, portal: &Portal, error: &ProbeError, now: SystemTime) {
        if error.is_of_portal() {
            self.failures.add_to_portal(error, now);
        } else {
            self.failures.add_to_credential(portal, error, now);
        }
    }

    fn fail(&mut self, portal: &Portal, error: &ProbeError, now: SystemTime) -> Event {
        let id = portal.address().clone();
        // Where others were being asked, the portal was not. What failed of it before
        // stands, and who asks next queues again: that is pause enough.
        if !matches!(error.trouble(), ProbeErrorKind::Busy) {
            self.hold_back(portal, error, now);
        }
        match error.trouble() {
            ProbeErrorKind::Moved { to: Some(to) } => Event::MoveClaimed {
                portal: id,
                to: to.clone(),
                by: ClaimedBy::Redirect,
            },
            _ if error.is_blocked() => Event::Gone {
                portal: id,
                error: error.clone(),
            },
            _ => Event::Failed {
                portal: id,
                error: error.clone(),
            },
        }
    }

    /// Counts a reply that contradicts what is known. How often that was, and
    /// whether to ask the portal about it.
    pub(super) fn report_absent(
        &mut self,
        id: &'static str,
        now: SystemTime,
        settings: &Settings,
        seed: u64,
    ) -> (u32, bool) {
        let before = self.contradicted.get(id).copied();
        let ask = before.is_none_or(|before| {
            !now.duration_since(before.asked.at)
                .is_ok_and(|ago| ago < before.asked.pause(&settings.lifetimes, seed))
        });
        let times = before.map_or(0, |before| before.times).saturating_add(1);
        let asked = match before {
            Some(before) if !ask => before.asked,
            _ => Failure {
                at: now,
                count: before.map_or(0, |before| before.asked.count).saturating_add(1),
                lasting: true,
                wait: None,
            },
        };
        let last = now;
        self.contradicted.insert(id, Contradicted { times, last, asked });
        (times, ask)
    }

    /// The ids that replies contradicted of late though the portal claims them.
    pub(super) fn contradicted(&self, now: SystemTime, settings: &Settings) -> Vec<&'static str> {
        let holds = |entry: &Contradicted| {
            let ago = now.duration_since(entry.last);
            ago.is_ok_and(|ago| settings.lifetimes.holds_contradicted(ago))
        };
        let entries = self.contradicted.iter().filter(|(_, entry)| holds(entry));
        entries.map(|(id, _)| *id).collect()
    }
}

/// What time can do to the answer, by what is known; none where memory will not do.
pub(super) fn volatility(question: Question, known: &Knowledge, settings: &Settings) -> Option<Volatility> {
    // As readers see it.
    let known = settings.cap.map_or(*known, |cap| known.capped(cap));
    match question {
        Question::Again | Question::Refusal { .. } | Question::Harm => None,
        Question::All => Some(Volatility::of_all(settings.newest, &known, settings.cap)),
        Question::One(gate) => Some(Volatility::of(gate, &known, settings.cap)),
    }
}

#[cfg(test)]
mod tests;
