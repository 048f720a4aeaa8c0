//! A gate over a registry: plans calls by what is known of their portals, and
//! learns from the replies. What sends them is the adapter's.

use std::fmt;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use serde_json::Value;

use super::batch;
use super::passage::Passage;
use super::plan::Plan;
use super::planner::{Planner, bot_id};
use super::policy::{Mode, Policy};
use super::refused::{Change, Refused};
use super::report::{Ledger, Report};
use super::shim;
use super::watch::{At, Watch};
use crate::caps::Caps;
use crate::feature::Feature;
use crate::offload;
use crate::portal::{Portal, PortalId};
use crate::registry::{Handle, Registry};
use crate::revision::Revision;
use crate::table::path::member;
use crate::table::{Date, Row, Table, WhenUnknown};
use crate::wire::{BATCH, Call};

/// A gate for the portals of a [`Registry`]: what the adapters of this module work
/// by. Cheap to clone; clones share what they remember and count.
///
/// - [`Gate::client`] is a client of its own, over the registry's transport.
/// - `GateLayer` and `HttpGateLayer` (feature `tower`) go around a tower service.
/// - `GateMiddleware` (feature `reqwest-middleware`) goes into a client of that crate.
///
/// The last and `HttpGateLayer` know a portal by the address of a request. They gate only
/// portals that the program has registered, or those of a pattern that it gives them.
///
/// A call that no row of the table concerns is sent on without a look at the portal.
/// For any other the portal's knowledge is taken from memory while that is good, and
/// else asked for first; where it cannot be learned, each row says what to do with the
/// unknown.
#[derive(Clone)]
pub struct Gate {
    inner: Arc<Inner>,
}

struct Inner {
    registry: Registry,
    policy: Policy,
    floor: Option<Revision>,
    ledger: Ledger,
    watch: Watch,
}

/// Sets up a [`Gate`].
#[derive(Clone, Debug)]
pub struct GateBuilder {
    registry: Registry,
    policy: Policy,
    floor: Option<Revision>,
}

impl GateBuilder {
    /// What the gate may do; [`Mode::Adapt`] for all unless said otherwise. Takes the
    /// place of what was set before, of single features too.
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// What the gate may do for one feature.
    #[must_use]
    pub fn feature(mut self, feature: Feature, mode: Mode) -> Self {
        self.policy = self.policy.feature(feature, mode);
        self
    }

    /// Allows `CLIENT_ID=<botToken>` in the address of a webhook's bot. The token then
    /// stands in the log of the server that receives the events: see
    /// [`Policy::client_id_in_webhook_url`].
    #[must_use]
    pub fn client_id_in_webhook_url(mut self) -> Self {
        self.policy = self.policy.client_id_in_webhook_url();
        self
    }

    /// The lowest REST revision that the program still wants to run on: the
    /// [report](Gate::report) then names what need not be gated any more.
    #[must_use]
    pub fn floor(mut self, rest: Revision) -> Self {
        self.floor = Some(rest);
        self
    }

    /// The gate. No I/O.
    #[must_use]
    pub fn build(self) -> Gate {
        Gate {
            inner: Arc::new(Inner {
                registry: self.registry,
                policy: self.policy,
                floor: self.floor,
                ledger: Ledger::default(),
                watch: Watch::default(),
            }),
        }
    }
}

impl Gate {
    /// A gate that adapts what it can and refuses the rest.
    #[must_use]
    pub fn new(registry: &Registry) -> Self {
        Self::builder(registry).build()
    }

    /// A gate with settings to choose.
    #[must_use]
    pub fn builder(registry: &Registry) -> GateBuilder {
        GateBuilder {
            registry: registry.clone(),
            policy: Policy::default(),
            floor: None,
        }
    }

    /// The registry that knows the portals.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.inner.registry
    }

    /// What would be done with a call by what is known of the portal now. Asks
    /// nothing and counts nothing: before the first answer of a portal all is unknown.
    #[must_use]
    pub fn plan(&self, portal: &Handle, call: &Call) -> Plan {
        self.at(portal.clone()).plan(call)
    }

    /// What calls relied on, and what became of them, so far.
    #[must_use]
    pub fn report(&self) -> Report {
        let mut report = self.inner.ledger.report(self.inner.floor, self.today());
        report.unknown_names = self.inner.watch.notes(self.table());
        report
    }

    /// The gate before one portal.
    pub(super) fn at(&self, handle: Handle) -> Gated {
        Gated {
            gate: self.clone(),
            handle,
        }
    }

    pub(super) fn portal(&self, portal: &Portal) -> Gated {
        self.at(self.inner.registry.portal(portal))
    }

    /// Whether any row may be about the calls of a method. What none is about is no
    /// matter of a gate.
    pub(super) fn concerns(&self, method: &str) -> bool {
        method.eq_ignore_ascii_case(BATCH) || self.table().index().rules(method).is_some()
    }

    /// Whether any row is about a call: of a batch, about one of its commands.
    pub(super) fn concerns_call(&self, call: &Call) -> bool {
        match call.method().eq_ignore_ascii_case(BATCH) {
            true => batch::is_of_table(call, self.table().index()),
            false => self.concerns(call.method()),
        }
    }

    /// Counts a call to a portal that the program has not registered. The first is logged.
    ///
    /// Its host alone is told: the rest is what others may have written.
    pub(super) fn passes_over(&self, host: Option<&str>, method: &str) {
        if self.ledger().passes_over() {
            tracing::debug!(
                server.address = host,
                rpc.method = method,
                "a call went on without the gate, since its portal is not registered"
            );
        }
    }

    /// Looks for names in a call that no portal knows, and for text that cannot be read.
    /// The call is sent anyway. The latest are in the [report](Self::report), and the first of
    /// each portal are logged.
    ///
    /// It may take long with a large call.
    pub(super) fn watch(&self, portal: &PortalId, call: &Call) {
        let table = self.table();
        self.inner.watch.look_at(At { portal, table }, call, |unknown| {
            tracing::warn!(
                rpc.method = unknown.method(),
                error.message = %unknown,
                "a call has an unknown name, or text that is not JSON"
            );
        });
    }

    /// Whether the next call of a method is one whose parameters are looked at; `None`
    /// where [`watch`](Self::watch) looks at nothing of it.
    pub(super) fn watches_parameters(&self, method: &str) -> Option<bool> {
        self.inner.watch.wants_parameters(self.table(), method)
    }

    pub(super) fn table(&self) -> &'static Table {
        self.inner.registry.reading().table()
    }

    pub(super) fn policy(&self) -> &Policy {
        &self.inner.policy
    }

    pub(super) fn ledger(&self) -> &Ledger {
        &self.inner.ledger
    }

    fn today(&self) -> Option<Date> {
        let now = self.inner.registry.now();
        let passed = now.duration_since(UNIX_EPOCH).ok()?;
        Some(Date::of_unix(passed.as_secs()))
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate")
            .field("policy", &self.inner.policy)
            .field("floor", &self.inner.floor)
            .finish_non_exhaustive()
    }
}

/// The gate before one portal.
#[derive(Clone, Debug)]
pub(super) struct Gated {
    pub(super) gate: Gate,
    pub(super) handle: Handle,
}

impl Gated {
    /// What to do with a call by what is known now.
    pub(super) fn plan(&self, call: &Call) -> Plan {
        self.plan_by(&self.handle.caps(), call)
    }

    fn plan_by(&self, caps: &Caps, call: &Call) -> Plan {
        self.planning(caps, |planner| planner.plan(call))
    }

    /// Whether the calls of a method pass, by what is known now, whatever their
    /// parameters are.
    pub(super) fn settles(&self, method: &str) -> bool {
        self.planning(&self.handle.caps(), |planner| planner.settles(method))
    }

    /// The same once enough is known. With `is_last` a call that does not pass is refused:
    /// then the portal is asked first, as before any refusal.
    pub(super) async fn settles_now(&self, method: &str, is_last: bool) -> bool {
        // What cannot be learned settles nothing.
        let is_asked = self.handle.ready_or_not().await;
        if self.settles(method) {
            return true;
        }
        let caps = self.handle.caps();
        let row = self.planning(&caps, |planner| planner.unsettled(method));
        let lacking = row.and_then(|row| caps.requirement_of(row));
        match lacking.filter(|_| is_last && !is_asked) {
            Some(requirement) => {
                // A failure is told as an event already.
                drop(self.handle.ask_to_refuse(requirement, false).await);
                self.settles(method)
            }
            None => false,
        }
    }

    fn planning<T>(&self, caps: &Caps, decide: impl FnOnce(&Planner<'_>) -> T) -> T {
        let contradicted = self.handle.contradicted();
        let webhooks = |bot| self.handle.webhook_of(bot);
        let mut planner = Planner::new(caps, &self.gate.inner.policy)
            .contradicted(&contradicted)
            .webhooks(&webhooks)
            .application(!self.handle.portal().is_webhook());
        if let Some(today) = self.gate.today() {
            planner = planner.today(today);
        }
        decide(&planner)
    }

    /// Lets a call in: plans it once enough is known.
    ///
    /// # Errors
    ///
    /// [`Refused`], and nothing was sent.
    pub(super) async fn begin(&self, call: Call) -> Result<Passage, Box<Refused>> {
        let is_long = offload::is_long_call(&call);
        let look = |gated: &Self, call: &Call| {
            gated.gate.watch(gated.handle.portal().address(), call);
            gated.gate.concerns_call(call)
        };
        let (call, is_concerned) = self.aside(is_long, call, look).await;
        if !is_concerned {
            return Ok(Passage::new(self.clone(), call, None, is_long));
        }
        // What could not be learned is unknown, and each row says what that means; the
        // failure itself is told as an event of the registry.
        let mut is_asked = self.handle.ready_or_not().await;
        let plan_it = |gated: &Self, call: &Call| (gated.plan(call), shim::rows_of(call, gated.gate.table()));
        let (mut call, (mut plan, used)) = self.aside(is_long, call, plan_it).await;
        let is_dangerous = self.is_dangerous(&used);
        let mut failed = None;
        if let Some(lacking) = plan
            .refused()
            .and_then(Refused::unsupported)
            .filter(|_| !is_asked)
        {
            // The portal may have been upgraded since.
            let requirement = lacking.requirement();
            match self.handle.ask_to_refuse(requirement, is_dangerous).await {
                Ok(asked) => is_asked = asked,
                Err(error) => failed = Some(error),
            }
            (call, plan) = self.aside(is_long, call, Self::plan).await;
        }
        if plan.refused().is_none() && is_dangerous && !is_asked {
            // A portal that was restored since would do harm: it is asked once more, and
            // what is known of one that does not answer is not enough.
            let plan_unknown =
                |gated: &Self, call: &Call| gated.plan_by(&gated.gate.inner.registry.reading(), call);
            (call, plan) = match self.handle.ask_to_send().await {
                Ok(()) => self.aside(is_long, call, Self::plan).await,
                Err(error) => {
                    failed = Some(error);
                    self.aside(is_long, call, plan_unknown).await
                }
            };
        }
        let ledger = self.gate.ledger();
        let portal = self.handle.portal().address();
        ledger.used(portal, &used);
        match plan {
            Plan::Refuse(mut refused) => {
                if refused.unsupported().is_some() {
                    let (age, failing) = self.handle.answer();
                    refused.age = age;
                    refused.failed = failed.or(failing).map(Box::new);
                }
                self.handle.gated("refused");
                ledger.refused(portal, &refused);
                tracing::warn!(
                    bitrix24.portal = %portal,
                    rpc.method = call.method(),
                    bitrix24.feature = refused.row().id(),
                    error.message = %refused,
                    "a call is refused"
                );
                Err(refused)
            }
            Plan::Pass { noted } => {
                self.handle.gated("passed");
                ledger.noted(portal, &noted);
                self.tell_noted(&call, &noted);
                Ok(Passage::new(self.clone(), call, None, is_long))
            }
            Plan::Adapt(adaptation) => {
                self.handle.gated("adapted");
                ledger.adapted(portal, &adaptation);
                self.tell_noted(&call, adaptation.noted());
                for change in adaptation.changes() {
                    tracing::debug!(
                        bitrix24.portal = %portal,
                        rpc.method = call.method(),
                        bitrix24.feature = change.row().id(),
                        bitrix24.change = %change,
                        "a call is adapted"
                    );
                }
                Ok(Passage::new(self.clone(), call, Some(adaptation), is_long))
            }
        }
    }

    /// Works with a call, off the runtime's workers if that takes long.
    async fn aside<T: Send + 'static>(
        &self,
        is_long: bool,
        call: Call,
        work: impl FnOnce(&Self, &Call) -> T + Send + 'static,
    ) -> (Call, T) {
        let gated = self.clone();
        let done = offload::run_if(is_long, move || {
            let done = work(&gated, &call);
            (call, done)
        });
        done.await
    }

    /// Logs what is not done, since the policy observes or a webhook may not do it.
    fn tell_noted(&self, call: &Call, noted: &[Change]) {
        for change in noted {
            tracing::info!(
                bitrix24.portal = %self.handle.portal().address(),
                rpc.method = call.method(),
                bitrix24.feature = change.row().id(),
                bitrix24.change = %change,
                "noted, and not done"
            );
        }
    }

    /// Whether one of the rows of a call refuses what is not known; such are seldom used.
    fn is_dangerous(&self, used: &[&'static Row]) -> bool {
        let policy = self.gate.policy();
        let mut rows = used.iter();
        rows.any(|row| row.when_unknown() == WhenUnknown::Refuse && !policy.mode(row.id()).is_idle())
    }

    /// Remembers where a bot's events go to, as far as a call that succeeded says it.
    pub(super) fn remember_webhook(&self, call: &Call, result: &Value) {
        let told = result.get("bot").and_then(|bot| bot.get("id")?.as_u64());
        let Some(id) = told.or_else(|| bot_id(call)) else {
            return;
        };
        let fields = member(call.params(), "fields").and_then(|(_, fields)| fields.as_object());
        let url = fields.and_then(|fields| member(fields, "webhookUrl")?.1.as_str());
        let is_gone = call.method() == Feature::ImbotV2BotUnregister.id();
        if is_gone || url.is_some() {
            self.handle.remember_webhook(id, url.filter(|_| !is_gone));
        }
    }
}
