//! The entrance: [`plan`] and [`Planner`].

use std::borrow::Cow;
use std::fmt;

use super::adaptation::Plan;
use super::context::{Context, Decision, RowStatus};
use super::planned::PlannedCall;
use super::planned::step::{MethodNotFound, Step};
use super::policy::{CredentialKind, Policy};
use super::refused::Refused;
use super::{batch, single, uses};
use crate::caps::Caps;
use crate::table::{Date, Row};
use crate::wire::{BATCH, Call};

/// Decides what to do with a call, by what is known of the portal alone.
///
/// Without a date, rows with a day count as before that day. The credential counts as an
/// application's. [`Planner`] takes both, and more.
///
/// It takes a [`Call`] or a reference to one. Allocates nothing if the portal has all features
/// that the call uses.
///
/// # Errors
///
/// [`Refused`] if the call must not be sent.
#[inline]
pub fn plan<'c>(
    call: impl Into<Cow<'c, Call>>,
    caps: &Caps,
    policy: &Policy,
) -> Result<PlannedCall<'c>, Box<Refused>> {
    Planner::new(caps, policy).plan(call)
}

/// [`plan`] with more facts: the date, contradicted features, the kind of credential.
#[derive(Clone, Copy)]
pub struct Planner<'a> {
    pub(super) context: Context<'a>,
}

impl<'a> Planner<'a> {
    /// Plans for a portal with these caps.
    #[must_use]
    pub fn new(caps: &'a Caps, policy: &'a Policy) -> Self {
        Self {
            context: Context::new(caps, policy),
        }
    }

    /// The date. Some rows are in force from a day on, or until a day. Without a date, such
    /// a row counts as before its day.
    #[must_use]
    pub fn today(mut self, today: Date) -> Self {
        self.context.today = Some(today);
        self
    }

    /// The ids of rows that the portal should have by its revision, and has refused as
    /// absent. They count as missing. A handle of a registry has them: `Handle::contradicted`.
    #[must_use]
    pub fn contradicted(mut self, ids: &'a [&'static str]) -> Self {
        self.context.contradicted = ids;
        self
    }

    /// The address that receives the events of the calling bot. The older registration of
    /// commands needs it, and a call of imbot.v2 does not have it.
    #[must_use]
    pub fn webhook_url(mut self, url: Option<&'a str>) -> Self {
        self.context.webhook_url = url;
        self
    }

    /// The same for each bot, by its id: the commands of a batch may be of several bots.
    /// [`Done::bot_addresses`](super::Done::bot_addresses) has the addresses that calls have set.
    #[must_use]
    pub fn bot_addresses(mut self, of: &'a (dyn Fn(u64) -> Option<Box<str>> + Sync)) -> Self {
        self.context.webhooks = Some(of);
        self
    }

    /// The kind of the credential; [`CredentialKind::Application`] by default.
    #[must_use]
    pub fn credential(mut self, kind: CredentialKind) -> Self {
        self.context.credential = kind;
        self
    }

    /// Plans a call. It takes a [`Call`] or a reference to one. Allocates nothing if the portal
    /// has all features that the call uses.
    ///
    /// # Errors
    ///
    /// [`Refused`] if the call must not be sent.
    #[inline]
    pub fn plan<'c>(&self, call: impl Into<Cow<'c, Call>>) -> Result<PlannedCall<'c>, Box<Refused>> {
        let mut call = call.into();
        // A portal runs the same method with and without a suffix.
        if let Some(stem) = call.without_suffix() {
            call = Cow::Owned(stem);
        }
        let plan = self.decide(&call);
        PlannedCall::new(call, *self.context.caps, plan)
    }

    /// Plans a call again whose method the portal refused as absent. The row of the method counts
    /// as [contradicted](Self::contradicted). If the table has another form of the call, that form
    /// is the next to send. Otherwise the portal's refusal is the reply.
    pub fn replan<'c>(&self, absent: MethodNotFound<'c>) -> Step<'c> {
        let mut contradicted = self.context.contradicted.to_vec();
        contradicted.push(absent.requirement().id());
        let plan = self.contradicted(&contradicted).decide(absent.call());
        absent.replanned(plan)
    }

    /// Decides what to do with a call.
    pub(crate) fn decide(&self, call: &Call) -> Plan {
        let builder = match call.method().eq_ignore_ascii_case(BATCH) {
            true => batch::plan(&self.context, call),
            false => match self.context.rules(call.method()) {
                Some(rules) => single::plan_by(&self.context, call, rules),
                None => return Plan::Pass { noted: Vec::new() },
            },
        };
        match builder {
            Err(refused) => Plan::Refuse(refused),
            Ok(builder) => builder.finish(),
        }
    }

    /// The ids of the rows that a call falls under, whatever the portal has.
    #[must_use]
    pub fn rows_of(&self, call: &Call) -> Vec<&'static str> {
        let rows = uses::rows_of(call, self.context.caps.table());
        rows.into_iter().map(Row::id).collect()
    }

    /// Whether every call of a method passes, whatever its parameters are. A row may still
    /// change the reply. A batch passes only if the policy changes nothing at all.
    #[cfg_attr(
        not(any(feature = "reqwest-middleware", feature = "tower")),
        allow(dead_code, reason = "the adapters'")
    )]
    pub(crate) fn settles(&self, method: &str) -> bool {
        match method.eq_ignore_ascii_case(BATCH) {
            true => self.context.policy.is_idle(),
            false => self.unsettled(method).is_none(),
        }
    }

    /// The first row whose decision depends on the parameters of a call of this method.
    #[cfg_attr(
        not(any(feature = "reqwest-middleware", feature = "tower")),
        allow(dead_code, reason = "the adapters'")
    )]
    pub(crate) fn unsettled(&self, method: &str) -> Option<&'static Row> {
        let context = &self.context;
        if context.policy.is_idle() {
            return None;
        }
        let rules = context.caps.table().index().rules(method)?;
        let rules = [&rules.whole, &rules.parameters, &rules.after];
        rules.into_iter().flatten().find_map(|rule| {
            let row = context.row(rule)?;
            if context.policy.mode(row.id()).is_idle() {
                return None;
            }
            // The portal may turn out to lack an unknown feature. Then the call is sent in
            // another form, and that form needs the parameters.
            let is_unknown = context.status(rule.row, row) == RowStatus::Unknown;
            let acts = || matches!(context.decide(rule.row, row), Decision::Act(_));
            (is_unknown || acts()).then_some(row)
        })
    }
}

impl fmt::Debug for Planner<'_> {
    /// Without the address of the events: it may hold a token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Planner")
            .field("caps", &self.context.caps)
            .field("policy", &self.context.policy)
            .field("today", &self.context.today)
            .field("contradicted", &self.context.contradicted)
            .field("credential", &self.context.credential)
            .finish_non_exhaustive()
    }
}
