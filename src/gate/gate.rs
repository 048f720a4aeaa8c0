//! The gate over a registry: its settings, its counts and its log. It sends no call; the
//! adapters do.

use std::fmt;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use super::event_forms::EventForms;
use super::report::{Ledger, Report};
use super::unknown_names::{At, UnknownNames};
use crate::feature::Feature;
use crate::plan::{self, Mode, Policy};
use crate::portal::PortalId;
use crate::registry::Registry;
use crate::revision::Revision;
use crate::table::{Date, Table};
use crate::wire::{BATCH, Call};

/// A gate for the portals of a [`Registry`]. All adapters of this module use it. Cheap to
/// clone; clones share what they remember and count.
///
/// - [`Gate::client`] makes a client that sends over the registry's transport.
/// - `GateLayer` and `HttpGateLayer` (feature `tower`) wrap a tower service.
/// - `GateMiddleware` (feature `reqwest-middleware`) is a middleware of that crate's client.
///
/// `HttpGateLayer` and `GateMiddleware` know a portal by the address of a request. They gate
/// only portals that the program has registered, or portals of a pattern that it gives them.
///
/// If no row of the table is about a call, the gate sends it without a look at the portal.
/// For any other call the gate needs to know the portal's revision. A fresh answer comes from
/// memory. Without one, the gate asks the portal first. If the portal does not answer, each
/// row says what happens to the call.
#[derive(Clone)]
pub struct Gate {
    inner: Arc<Inner>,
}

struct Inner {
    registry: Registry,
    policy: Policy,
    oldest_portal: Option<Revision>,
    ledger: Ledger,
    watch: UnknownNames,
    event_forms: EventForms,
}

/// Sets up a [`Gate`].
#[derive(Clone, Debug)]
pub struct GateBuilder {
    registry: Registry,
    policy: Policy,
    oldest_portal: Option<Revision>,
}

impl GateBuilder {
    /// What the gate may do; by default [`Mode::Adapt`] for all features. Replaces all earlier
    /// settings, those for single features too.
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
    /// appears in the log of the server that receives the events: see
    /// [`Policy::bot_token_in_event_url`].
    #[must_use]
    pub fn bot_token_in_event_url(mut self) -> Self {
        self.policy = self.policy.bot_token_in_event_url();
        self
    }

    /// The lowest REST revision that the program supports. The [report](Gate::report) then
    /// names the features that need no gate any more.
    #[must_use]
    pub fn oldest_portal(mut self, rest: Revision) -> Self {
        self.oldest_portal = Some(rest);
        self
    }

    /// The gate. No I/O.
    #[must_use]
    pub fn build(self) -> Gate {
        Gate {
            inner: Arc::new(Inner {
                registry: self.registry,
                policy: self.policy,
                oldest_portal: self.oldest_portal,
                ledger: Ledger::default(),
                watch: UnknownNames::default(),
                event_forms: EventForms::default(),
            }),
        }
    }
}

impl Gate {
    /// A gate that adapts a call if it can, and refuses it otherwise.
    #[must_use]
    pub fn new(registry: &Registry) -> Self {
        Self::builder(registry).build()
    }

    /// A builder, to choose settings.
    #[must_use]
    pub fn builder(registry: &Registry) -> GateBuilder {
        GateBuilder {
            registry: registry.clone(),
            policy: Policy::default(),
            oldest_portal: None,
        }
    }

    /// The registry that knows the portals.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.inner.registry
    }

    /// The features that calls used so far, and the outcomes of these calls.
    #[must_use]
    pub fn report(&self) -> Report {
        let mut report = self.inner.ledger.report(self.inner.oldest_portal, self.today());
        report.unknown_names = self.inner.watch.notes(self.table());
        report.bots_with_older_events = self.inner.event_forms.bots_with_older_events();
        report
    }

    /// Whether a row can be about a call of this method. If not, the call passes.
    pub(super) fn concerns(&self, method: &str) -> bool {
        method.eq_ignore_ascii_case(BATCH) || self.table().index().rules(method).is_some()
    }

    /// Whether a row is about a call. For a batch: about one of its commands.
    pub(super) fn concerns_call(&self, call: &Call) -> bool {
        match call.method().eq_ignore_ascii_case(BATCH) {
            true => plan::concerns_batch(call, self.table()),
            false => self.concerns(call.method()),
        }
    }

    /// Counts a call to a portal that the program has not registered. The first is logged.
    ///
    /// The log has its host alone. Others may have written the rest of the address.
    pub(super) fn passes_over(&self, host: Option<&str>, method: &str) {
        if self.ledger().passes_over() {
            tracing::debug!(
                server.address = host,
                rpc.method = method,
                "a call went on without the gate, since its portal is not registered"
            );
        }
    }

    /// Looks for names in a call that no portal knows, and for text that is not JSON. The call
    /// is sent anyway. The latest are in the [report](Self::report), and the first of each portal
    /// are logged. This takes long for a large call.
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

    /// Whether [`watch`](Self::watch) checks the parameters of the next call of a method at a portal;
    /// `None` if it does not check the method at all.
    pub(super) fn watches_parameters(&self, portal: &PortalId, method: &str) -> Option<bool> {
        let table = self.table();
        self.inner.watch.wants_parameters(At { portal, table }, method)
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

    pub(super) fn event_forms(&self) -> &EventForms {
        &self.inner.event_forms
    }

    /// The date, by the registry's clock.
    pub(super) fn today(&self) -> Option<Date> {
        let now = self.inner.registry.now();
        let passed = now.duration_since(UNIX_EPOCH).ok()?;
        Some(Date::of_unix(passed.as_secs()))
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate")
            .field("policy", &self.inner.policy)
            .field("oldest_portal", &self.inner.oldest_portal)
            .finish_non_exhaustive()
    }
}
