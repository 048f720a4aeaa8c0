//! The facts that a plan rests on, and the decision for one row of the table.
//!
//! Everything else in this room asks here: which rows can matter, whether the portal has
//! the feature of a row, and what the policy allows.

use std::borrow::Cow;

use super::policy::{CredentialKind, Mode, Policy};
use super::refused::{Reason, Refused};
use crate::caps::{Caps, Support, Unsupported};
use crate::feature::{Feature, Verdict};
use crate::table::index::{RowSet, Rule, Rules};
use crate::table::path::member;
use crate::table::{Date, Row, Shim, WhenUnknown};
use crate::wire::Call;
use crate::wire::redact::shown;

/// Whether the portal has the feature of a row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum RowStatus {
    Present,
    Missing,
    /// The revision says that it is present, and the portal refused it as absent.
    Contradicted,
    Unknown,
}

/// What to do for a row that a call falls under.
pub(super) enum Decision {
    Nothing,
    /// Record the change, and leave the call as it is.
    Note(Shim),
    Act(Shim),
}

/// Everything that a plan depends on, besides the call.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) caps: &'a Caps,
    pub(super) policy: &'a Policy,
    pub(super) today: Option<Date>,
    /// The ids of the rows that the portal claims and has refused as absent.
    pub(super) contradicted: &'a [&'static str],
    pub(super) webhook_url: Option<&'a str>,
    pub(super) webhooks: Option<Webhooks<'a>>,
    pub(super) credential: CredentialKind,
    /// Whether the plan is made without shortcuts: each row is checked against each call,
    /// in every round. The plan must be the same.
    #[cfg(test)]
    pub(super) is_thorough: bool,
}

/// Finds the address that receives the events of a bot, by the bot's id.
pub(super) type Webhooks<'a> = &'a (dyn Fn(u64) -> Option<Box<str>> + Sync);

/// The id of the bot that makes a call.
pub(super) fn bot_id(call: &Call) -> Option<u64> {
    let (_, id) = member(call.params(), "botId")?;
    id.as_u64().or_else(|| id.as_str()?.trim().parse().ok())
}

impl<'a> Context<'a> {
    pub(super) fn new(caps: &'a Caps, policy: &'a Policy) -> Self {
        Self {
            caps,
            policy,
            today: None,
            contradicted: &[],
            webhook_url: None,
            webhooks: None,
            credential: CredentialKind::default(),
            #[cfg(test)]
            is_thorough: false,
        }
    }

    /// The address that receives the events of the calling bot.
    pub(super) fn event_url_of(&self, call: &Call) -> Option<Cow<'a, str>> {
        match (self.webhook_url, self.webhooks) {
            (Some(url), _) => Some(url.into()),
            (None, Some(of)) => Some(of(bot_id(call)?)?.into_string().into()),
            (None, None) => None,
        }
    }

    /// The rules of a method, if one of them can ask for a change.
    #[inline]
    pub(super) fn rules(&self, method: &str) -> Option<&'static Rules> {
        let rules = self.caps.table().index().rules(method)?;
        let is_inert = self.inert().is_some_and(|inert| rules.rows.is_within(inert));
        (!is_inert).then_some(rules)
    }

    /// The rules that can ask for a change, with their rows.
    pub(super) fn active(
        &self,
        rules: &'static [Rule],
    ) -> impl Iterator<Item = (&'static Rule, &'static Row)> {
        let (inert, table) = (self.inert(), self.caps.table());
        rules
            .iter()
            .filter(move |rule| !inert.is_some_and(|inert| inert.contains(rule.row)))
            .filter_map(|rule| Some((rule, table.rows.get(rule.row)?)))
    }

    pub(super) fn row(&self, rule: &Rule) -> Option<&'static Row> {
        self.caps.table().rows.get(rule.row)
    }

    /// The rows that ask for no change, whatever the call, the day and the policy are.
    /// `None` if replies have contradicted some rows: the set does not cover these.
    #[inline]
    pub(super) fn inert(&self) -> Option<&'static RowSet> {
        if self.is_thorough() {
            return None;
        }
        let find = || {
            let policy = Policy::default();
            let plain = Context::new(self.caps, &policy);
            let rows = self.caps.table().rows.iter().enumerate();
            let is_inert = |row: &(usize, &'static Row)| {
                let (number, row) = *row;
                !depends_on_date(row) && plain.asks(number, row).is_none()
            };
            RowSet::of(rows.len(), rows.filter(is_inert).map(|(number, _)| number))
        };
        self.contradicted.is_empty().then(|| self.caps.inert_rows(find))
    }

    /// Whether the plan is made without shortcuts. It is so in tests alone.
    pub(super) fn is_thorough(&self) -> bool {
        #[cfg(test)]
        {
            self.is_thorough
        }
        #[cfg(not(test))]
        {
            false
        }
    }

    /// What to do for a row, by what the row asks for and what the policy allows.
    pub(super) fn decide(&self, number: usize, row: &'static Row) -> Decision {
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

    /// The change that a row asks for, before the policy is consulted.
    fn asks(&self, number: usize, row: &'static Row) -> Option<Shim> {
        let fallback = row
            .fallback()
            .map_or(Shim::NoFallback, |fallback| fallback.shim());
        match self.status(number, row) {
            RowStatus::Present => row.when_present().filter(|_| self.is_in_force(row)),
            RowStatus::Missing | RowStatus::Contradicted if row.is_safe_when_missing() => None,
            // The row warns of a feature, and this portal lacks that feature.
            RowStatus::Missing if row.when_present() == Some(Shim::StripSecret) => None,
            RowStatus::Missing | RowStatus::Contradicted => Some(fallback),
            RowStatus::Unknown => match (row.when_unknown(), row.when_present()) {
                (WhenUnknown::Refuse, _) => Some(Shim::Refuse),
                (_, Some(shim)) if shim != Shim::Refuse => Some(shim),
                (WhenUnknown::Adapt, _) => Some(fallback),
                (WhenUnknown::Send, _) => None,
            },
        }
    }

    pub(super) fn status(&self, number: usize, row: &'static Row) -> RowStatus {
        let Some(range) = self.caps.range_at(number) else {
            return RowStatus::Unknown;
        };
        match range.decide(self.caps.knowledge()) {
            Verdict::Unmet => RowStatus::Missing,
            _ if self.contradicted.contains(&row.id()) => RowStatus::Contradicted,
            // From its last day on, no portal takes it.
            _ if self.has_ended(row) => RowStatus::Missing,
            Verdict::Met => RowStatus::Present,
            // A policy may count an unknown feature as present. It must not, if the call does
            // harm on a portal that lacks the feature.
            Verdict::Open
                if self.caps.supports(range.named(row.id()))
                    && !(row.when_unknown() == WhenUnknown::Refuse && self.caps.tries_the_unknown()) =>
            {
                RowStatus::Present
            }
            Verdict::Open => RowStatus::Unknown,
        }
    }

    /// Whether the day has come from which portals act by the row.
    fn is_in_force(&self, row: &Row) -> bool {
        match row.effective() {
            Some(day) => self.today.is_some_and(|today| today >= day),
            None => true,
        }
    }

    /// Whether the row is an old form of a request, and its last day has passed.
    fn has_ended(&self, row: &Row) -> bool {
        let Some((day, today)) = row.sunset().zip(self.today) else {
            return false;
        };
        today >= day && row.applies().request().len() > 0
    }

    /// The refusal of a call because of a row.
    pub(super) fn refused(
        &self,
        call: &Call,
        number: usize,
        row: &'static Row,
        parameter: Option<&str>,
    ) -> Box<Refused> {
        let reason = match self.status(number, row) {
            RowStatus::Present => Reason::Misread,
            RowStatus::Contradicted => Reason::Contradicted,
            RowStatus::Missing | RowStatus::Unknown => match self.unsupported(number, row) {
                Some(unsupported) => Reason::Unsupported(unsupported),
                None => Reason::Misread,
            },
        };
        Box::new(Refused {
            method: shown(call.method(), &[]),
            parameter: parameter.map(|parameter| shown(parameter, &[])),
            command: None,
            row,
            reason,
        })
    }

    fn unsupported(&self, number: usize, row: &'static Row) -> Option<Unsupported> {
        let support = match Feature::all().nth(number) {
            Some(feature) => self.caps.check(feature),
            None => self.caps.check(self.caps.range_at(number)?.named(row.id())),
        };
        match support {
            Support::Supported => None,
            Support::Unsupported(unsupported) => Some(unsupported),
            Support::Unknown(unknown) => Some(unknown.into()),
        }
    }
}

/// Whether the decision about a row depends on the date.
fn depends_on_date(row: &Row) -> bool {
    let ends = row.sunset().is_some() && row.applies().request().len() > 0;
    let begins = row.effective().is_some() && row.when_present().is_some();
    ends || begins
}
