//! The decision for one call.

use std::borrow::Cow;
use std::fmt;

use super::adaptation::{FollowUp, Plan};
use super::builder::{Draft, Outgoing};
use super::policy::{Mode, Policy};
use super::refused::{Reason, Refused};
use super::{batch, shim, translate};
use crate::caps::{Caps, Support, Unsupported};
use crate::feature::Feature;
use crate::table::index::{Place, Rule, Rules};
use crate::table::path::member;
use crate::table::{Date, Row, Shim};
use crate::wire::redact::shown;
use crate::wire::{BATCH, Call};

mod asks;
mod texts;

use asks::Standing;

/// What to do with a call, going by what is known of the portal alone. Without a date
/// no day has come yet, and the credential is taken for an application's: [`Planner`]
/// can be told more.
#[must_use]
pub fn plan(call: &Call, caps: &Caps, policy: &Policy) -> Plan {
    Planner::new(caps, policy).plan(call)
}

/// [`plan`], with what else is known of the moment.
#[derive(Clone, Copy)]
pub struct Planner<'a> {
    pub(crate) caps: &'a Caps,
    policy: &'a Policy,
    today: Option<Date>,
    contradicted: &'a [&'static str],
    webhook_url: Option<&'a str>,
    webhooks: Webhooks<'a>,
    application: bool,
    /// Whether each row is held against each call, as often as there are rounds: the long
    /// way to the same plan.
    #[cfg(test)]
    pub(crate) is_thorough: bool,
}

/// Finds where the events of a bot go to.
#[derive(Clone, Copy)]
struct Webhooks<'a>(Option<&'a dyn Fn(u64) -> Option<Box<str>>>);

impl fmt::Debug for Webhooks<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Webhooks")
    }
}

/// The bot that makes a call.
pub(crate) fn bot_id(call: &Call) -> Option<u64> {
    let (_, id) = member(call.params(), "botId")?;
    id.as_u64().or_else(|| id.as_str()?.trim().parse().ok())
}

/// What to do for a row that a call falls under.
pub(crate) enum Decision {
    Nothing,
    Note(Shim),
    Act(Shim),
}

impl<'a> Planner<'a> {
    /// Plans for a portal with these caps.
    #[must_use]
    pub fn new(caps: &'a Caps, policy: &'a Policy) -> Self {
        Self {
            caps,
            policy,
            today: None,
            contradicted: &[],
            webhook_url: None,
            webhooks: Webhooks(None),
            application: true,
            #[cfg(test)]
            is_thorough: false,
        }
    }

    /// The date, for rows that are in force from a day on, or until one. Without
    /// it, such rows are taken as before their day.
    #[must_use]
    pub fn today(mut self, today: Date) -> Self {
        self.today = Some(today);
        self
    }

    /// The ids of rows that the portal claims and has contradicted: they count as
    /// missing. See [`Handle::contradicted`](crate::Handle::contradicted).
    #[must_use]
    pub fn contradicted(mut self, ids: &'a [&'static str]) -> Self {
        self.contradicted = ids;
        self
    }

    /// The address that the events of the calling bot go to. The older
    /// registration of commands wants it, and a call of imbot.v2 does not have it.
    #[must_use]
    pub fn webhook_url(mut self, url: Option<&'a str>) -> Self {
        self.webhook_url = url;
        self
    }

    /// The same for any bot, by its id: the commands of a batch may be of several.
    #[cfg_attr(not(feature = "registry"), expect(dead_code, reason = "the live gate's"))]
    pub(crate) fn webhooks(mut self, of: &'a dyn Fn(u64) -> Option<Box<str>>) -> Self {
        self.webhooks = Webhooks(Some(of));
        self
    }

    /// Where the events of the calling bot go to.
    pub(crate) fn webhook_of(&self, call: &Call) -> Option<Cow<'a, str>> {
        match (self.webhook_url, self.webhooks) {
            (Some(url), _) => Some(url.into()),
            (None, Webhooks(Some(of))) => Some(of(bot_id(call)?)?.into_string().into()),
            (None, Webhooks(None)) => None,
        }
    }

    /// Whether the credential is an application's, as is presumed. A webhook may not
    /// remove event handlers: what would have to follow a call is then noted alone.
    #[must_use]
    pub fn application(mut self, is_one: bool) -> Self {
        self.application = is_one;
        self
    }

    /// What to do with a call. Allocates nothing where the portal has all that the
    /// call uses.
    #[must_use]
    pub fn plan(&self, call: &Call) -> Plan {
        let draft = match call.method().eq_ignore_ascii_case(BATCH) {
            true => batch::draft(self, call),
            false => match self.rules(call.method()) {
                Some(rules) => self.by_rules(call, rules),
                None => return Plan::Pass { noted: Vec::new() },
            },
        };
        match draft {
            Err(refused) => Plan::Refuse(refused),
            Ok(draft) => draft.finish(),
        }
    }

    /// The rules of a method, where one of them may ask for something.
    #[inline]
    pub(crate) fn rules(&self, method: &str) -> Option<&'static Rules> {
        let rules = self.caps.table().index().rules(method)?;
        let is_quiet = self.quiet().is_some_and(|quiet| rules.rows.is_within(quiet));
        (!is_quiet).then_some(rules)
    }

    /// The ids of the rows that a call falls under, whatever the portal has.
    #[must_use]
    pub fn uses(&self, call: &Call) -> Vec<&'static str> {
        let rows = shim::rows_of(call, self.caps.table());
        rows.into_iter().map(Row::id).collect()
    }

    /// Whether the calls of a method pass whatever their parameters are: no row about it
    /// asks for anything, but perhaps of the reply. So it is with a batch only where the
    /// policy asks for nothing at all.
    #[cfg_attr(
        not(any(feature = "reqwest-middleware", feature = "tower")),
        allow(dead_code, reason = "the adapters'")
    )]
    pub(crate) fn settles(&self, method: &str) -> bool {
        match method.eq_ignore_ascii_case(BATCH) {
            true => self.policy.is_idle(),
            false => self.unsettled(method).is_none(),
        }
    }

    /// The first row for which the parameters of the calls of a method are wanted.
    #[cfg_attr(
        not(any(feature = "reqwest-middleware", feature = "tower")),
        allow(dead_code, reason = "the adapters'")
    )]
    pub(crate) fn unsettled(&self, method: &str) -> Option<&'static Row> {
        if self.policy.is_idle() {
            return None;
        }
        let rules = self.caps.table().index().rules(method)?;
        let rules = [&rules.whole, &rules.parameters, &rules.after];
        rules.into_iter().flatten().find_map(|rule| {
            let row = self.row(rule)?;
            if self.policy.mode(row.id()).is_idle() {
                return None;
            }
            // What is not known may come to be: then the call is sent another way, for which
            // its parameters are wanted.
            let is_unknown = self.standing(rule.row, row) == Standing::Unknown;
            let acts = || matches!(self.decide(rule.row, row), Decision::Act(_));
            (is_unknown || acts()).then_some(row)
        })
    }

    pub(crate) fn draft(&self, call: &Call) -> Result<Draft, Box<Refused>> {
        match self.rules(call.method()) {
            Some(rules) => self.by_rules(call, rules),
            None => Ok(Draft::default()),
        }
    }

    fn by_rules(&self, call: &Call, rules: &'static Rules) -> Result<Draft, Box<Refused>> {
        let mut draft = Draft::default();
        for (rule, row) in self.loud(&rules.whole) {
            match self.decide(rule.row, row) {
                Decision::Nothing => {}
                Decision::Note(shim) => {
                    let older = rules.translations.first().map(|first| &*first.to);
                    draft.note_call(row, shim, call.method(), older);
                }
                Decision::Act(Shim::V1Call | Shim::ImRevision) if !rules.translations.is_empty() => {
                    return translate::draft(self, call, rules, rule.row, draft);
                }
                Decision::Act(_) => return Err(self.refused(call, rule.row, row, None)),
            }
        }
        let opened = self.opened(call, rules);
        if let Some(opened) = &opened {
            self.unreadable(opened, rules, &mut draft)?;
        }
        let call = opened.as_ref().map_or(call, |opened| &opened.call);
        self.parameters(call, rules, &mut draft)?;
        if let (Some(opened), Outgoing::One(sent)) = (&opened, &mut draft.outgoing) {
            opened.close(sent);
        }
        self.replies(rules, &mut draft);
        self.after(call, rules, &mut draft)?;
        Ok(draft)
    }

    /// Those of the rules that may ask for something.
    fn loud(&self, rules: &'static [Rule]) -> impl Iterator<Item = (&'static Rule, &'static Row)> {
        let (quiet, table) = (self.quiet(), self.caps.table());
        rules
            .iter()
            .filter(move |rule| !quiet.is_some_and(|quiet| quiet.contains(rule.row)))
            .filter_map(|rule| Some((rule, table.rows.get(rule.row)?)))
    }

    /// Applies the shims for parameters until none has anything more to do: one may
    /// bring in what another is about.
    fn parameters(&self, call: &Call, rules: &'static Rules, draft: &mut Draft) -> Result<(), Box<Refused>> {
        const ROUNDS: usize = 4;
        let mut current: Option<Call> = None;
        // The places to look at, in this round and in the next.
        let (mut open, mut next) = (u64::MAX, 0);
        for round in 0..ROUNDS {
            for (rule, row) in self.loud(&rules.parameters) {
                if rule.places.iter().all(|place| place.bit & open == 0) {
                    continue;
                }
                let decision = self.decide(rule.row, row);
                if matches!(decision, Decision::Nothing) || self.application && shim::is_of_client_id(row) {
                    continue;
                }
                for place in &rule.places {
                    let now = current.as_ref().unwrap_or(call);
                    if place.bit & open == 0 || !shim::falls_under(now, &place.path, row) {
                        continue;
                    }
                    let shim = match decision {
                        Decision::Act(shim) => shim,
                        Decision::Note(shim) if round == 0 => {
                            draft.note(row, shim, &*place.text);
                            continue;
                        }
                        Decision::Note(_) | Decision::Nothing => continue,
                    };
                    // The token would stand in the logs of another server.
                    if shim == Shim::ClientId && !self.policy.allows_client_id_in_webhook_url() {
                        return Err(self.refused(call, rule.row, row, Some(&place.text)));
                    }
                    let changed = current.get_or_insert_with(|| call.clone());
                    match shim::apply(shim, changed, rule, place, row) {
                        shim::Applied::Nothing => {}
                        shim::Applied::Changed => {
                            // Those that come after it see it in this round.
                            open |= self.touched_by(place);
                            next |= self.touched_by(place);
                            draft.change(row, shim, &*place.text);
                        }
                        shim::Applied::Cannot => {
                            return Err(self.refused(call, rule.row, row, Some(&place.text)));
                        }
                    }
                }
            }
            if next == 0 {
                break;
            }
            (open, next) = (next, 0);
        }
        if let Some(call) = current.filter(|_| !draft.changes.is_empty()) {
            draft.outgoing = Outgoing::One(call);
        }
        Ok(())
    }

    /// The places that may be about something else once this one is changed.
    fn touched_by(&self, place: &Place) -> u64 {
        #[cfg(test)]
        if self.is_thorough {
            return u64::MAX;
        }
        place.touches
    }

    /// The call without what the portal is too old for in any method, where the row
    /// says to leave it out: an older method need not know it either.
    pub(crate) fn without_the_new(
        &self,
        call: &Call,
        rules: &'static Rules,
        draft: &mut Draft,
    ) -> Option<Call> {
        let mut current: Option<Call> = None;
        let opened = self.opened(call, rules);
        let call = opened.as_ref().map_or(call, |opened| &opened.call);
        for (rule, row) in self.loud(&rules.parameters) {
            let Some(gate) = self.caps.gate_at(rule.row) else {
                continue;
            };
            let is_too_old = self.caps.knowledge().bounds(gate.axis).1 < gate.since;
            if !is_too_old || !matches!(self.decide(rule.row, row), Decision::Act(Shim::Omit)) {
                continue;
            }
            for place in &rule.places {
                let now = current.as_ref().unwrap_or(call);
                if !shim::falls_under(now, &place.path, row) {
                    continue;
                }
                let next = current.get_or_insert_with(|| call.clone());
                if let shim::Applied::Changed = shim::apply(Shim::Omit, next, rule, place, row) {
                    draft.change(row, Shim::Omit, &*place.text);
                }
            }
        }
        if let (Some(opened), Some(sent)) = (&opened, &mut current) {
            opened.close(sent);
        }
        current
    }

    fn replies(&self, rules: &'static Rules, draft: &mut Draft) {
        for (rule, row) in self.loud(&rules.replies) {
            match self.decide(rule.row, row) {
                Decision::Act(shim) => draft.read_reply(row, shim, rule),
                Decision::Note(shim) => draft.note(row, shim, row.id()),
                Decision::Nothing => {}
            }
        }
    }

    fn after(&self, call: &Call, rules: &'static Rules, draft: &mut Draft) -> Result<(), Box<Refused>> {
        for (rule, row) in self.loud(&rules.after) {
            let decision = self.decide(rule.row, row);
            if let Decision::Nothing = decision {
                continue;
            }
            let Some(follow_up) = shim::unbind(call, row) else {
                continue;
            };
            let FollowUp::UnbindEvents { in_use, .. } = &follow_up;
            // The bot was all that its handlers served: without it the portal sends nothing.
            if in_use.is_none() && !self.application {
                continue;
            }
            match decision {
                Decision::Act(Shim::EventUnbind) if self.application => {
                    draft.change(row, Shim::EventUnbind, call.method().to_owned());
                    draft.follow_ups.push(follow_up);
                }
                Decision::Act(Shim::EventUnbind) => {
                    draft.note(row, Shim::EventUnbind, call.method().to_owned());
                }
                Decision::Act(_) => return Err(self.refused(call, rule.row, row, None)),
                Decision::Note(shim) => draft.note(row, shim, call.method().to_owned()),
                Decision::Nothing => {}
            }
        }
        Ok(())
    }

    pub(crate) fn row(&self, rule: &Rule) -> Option<&'static Row> {
        self.caps.table().rows.get(rule.row)
    }

    fn decide(&self, number: usize, row: &'static Row) -> Decision {
        let Some(shim) = self.asks(number, row) else {
            return Decision::Nothing;
        };
        match self.policy.mode(row.id()) {
            Mode::Off => Decision::Nothing,
            Mode::Observe => Decision::Note(shim),
            Mode::Reject if !shim.is_of_reply() => Decision::Act(Shim::Refuse),
            Mode::Reject | Mode::Adapt => Decision::Act(shim),
        }
    }

    pub(crate) fn refused(
        &self,
        call: &Call,
        number: usize,
        row: &'static Row,
        parameter: Option<&str>,
    ) -> Box<Refused> {
        let reason = match self.standing(number, row) {
            Standing::There => Reason::Trap,
            Standing::Contradicted => Reason::Contradicted,
            Standing::Missing | Standing::Unknown => match self.unsupported(number, row) {
                Some(unsupported) => Reason::Unsupported(unsupported),
                None => Reason::Trap,
            },
        };
        Box::new(Refused {
            method: shown(call.method(), &[]),
            parameter: parameter.map(|parameter| shown(parameter, &[])),
            command: None,
            row,
            reason,
            age: None,
            #[cfg(feature = "registry")]
            failed: None,
        })
    }

    pub(crate) fn unsupported(&self, number: usize, row: &'static Row) -> Option<Unsupported> {
        let support = match Feature::all().nth(number) {
            Some(feature) => self.caps.check(feature),
            None => self.caps.check(self.caps.gate_at(number)?.named(row.id())),
        };
        match support {
            Support::Supported => None,
            Support::Unsupported(unsupported) => Some(unsupported),
            Support::Unknown(unknown) => Some(unknown.into()),
        }
    }
}

impl fmt::Debug for Planner<'_> {
    /// Without the address of the events: it may hold a token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Planner")
            .field("caps", &self.caps)
            .field("policy", &self.policy)
            .field("today", &self.today)
            .field("contradicted", &self.contradicted)
            .field("application", &self.application)
            .finish_non_exhaustive()
    }
}
