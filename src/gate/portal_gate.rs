//! The gate for one portal: decisions by what is known of that portal now.

use super::gate::Gate;
use crate::caps::{Caps, Unsupported};
use crate::feature::Requirement;
use crate::plan::{BotAddress, CredentialKind, Plan, PlannedCall, Planner, Refused};
use crate::portal::Portal;
use crate::registry::Handle;
use crate::table::{Row, WhenUnknown};
use crate::wire::Call;

/// A gate, and the portal that it decides for.
#[derive(Clone, Debug)]
pub(super) struct PortalGate {
    pub(super) gate: Gate,
    pub(super) handle: Handle,
}

impl Gate {
    /// What the gate would do with a call now. It sends no request and counts nothing. Before
    /// the first answer of a portal, all its features are unknown.
    ///
    /// # Errors
    ///
    /// [`Refused`] if the gate would not send the call.
    pub fn plan<'c>(&self, portal: &Handle, call: &'c Call) -> Result<PlannedCall<'c>, Box<Refused>> {
        self.at(portal.clone()).planned(call)
    }

    pub(super) fn at(&self, handle: Handle) -> PortalGate {
        PortalGate {
            gate: self.clone(),
            handle,
        }
    }

    pub(super) fn portal(&self, portal: &Portal) -> PortalGate {
        self.at(self.registry().handle(portal))
    }
}

impl PortalGate {
    /// A call with its plan, by what is known now.
    pub(super) fn planned<'c>(&self, call: &'c Call) -> Result<PlannedCall<'c>, Box<Refused>> {
        let caps = self.handle.caps();
        self.planning(&caps, |planner| planner.plan(call))
    }

    /// What to do with a call, by what is known now.
    pub(super) fn plan(&self, call: &Call) -> Plan {
        self.plan_by(&self.handle.caps(), call)
    }

    /// The same by these caps.
    pub(super) fn plan_by(&self, caps: &Caps, call: &Call) -> Plan {
        self.planning(caps, |planner| planner.decide(call))
    }

    /// Whether every call of a method passes, whatever its parameters are, by what is known
    /// now.
    pub(super) fn settles(&self, method: &str) -> bool {
        self.planning(&self.handle.caps(), |planner| planner.settles(method))
    }

    /// The same once the portal was asked, if that is due. With `is_last`, the caller refuses a
    /// call that does not pass. So the portal is asked once more, as before any refusal.
    pub(super) async fn settles_now(&self, method: &str, is_last: bool) -> bool {
        // If the portal does not answer, its features stay unknown.
        let is_asked = self.handle.ready_or_not().await;
        if self.settles(method) {
            return true;
        }
        let caps = self.handle.caps();
        let row = self.planning(&caps, |planner| planner.unsettled(method));
        let lacking = row.and_then(|row| caps.requirement_of(row));
        match lacking.filter(|_| is_last && !is_asked) {
            Some(requirement) => {
                // The registry has an event for a failure.
                drop(self.handle.ask_to_refuse(requirement, false).await);
                self.settles(method)
            }
            None => false,
        }
    }

    /// Whether the portal has all of these. If it lacks one, it is asked once more, as before any
    /// refusal. Requirements that the policy only observes do not count.
    pub(super) async fn require(&self, needs: &[Requirement]) -> Result<(), Box<Unsupported>> {
        if needs.is_empty() {
            return Ok(());
        }
        let policy = self.gate.policy();
        let require = || self.handle.caps().require_all(policy.enforced(needs));
        // If the portal does not answer, its features stay unknown.
        let is_asked = self.handle.ready_or_not().await;
        match require() {
            Err(lacking) if !is_asked => {
                // The registry has an event for a failure.
                drop(self.handle.ask_to_refuse(lacking.requirement(), false).await);
                require().map_err(Box::new)
            }
            answer => answer.map_err(Box::new),
        }
    }

    fn planning<T>(&self, caps: &Caps, decide: impl FnOnce(&Planner<'_>) -> T) -> T {
        let contradicted = self.handle.contradicted();
        let event_urls = |bot| self.handle.event_url_of(bot);
        let credential = match self.handle.portal().is_webhook() {
            true => CredentialKind::Webhook,
            false => CredentialKind::Application,
        };
        let mut planner = Planner::new(caps, self.gate.policy())
            .contradicted(&contradicted)
            .bot_addresses(&event_urls)
            .credential(credential);
        if let Some(today) = self.gate.today() {
            planner = planner.today(today);
        }
        decide(&planner)
    }

    /// Whether the call must not be sent to a portal that may lack one of these rows. Such
    /// rows are seldom used.
    pub(super) fn is_dangerous(&self, used: &[&'static Row]) -> bool {
        let policy = self.gate.policy();
        let mut rows = used.iter();
        rows.any(|row| row.when_unknown() == WhenUnknown::Refuse && !policy.mode(row.id()).is_idle())
    }

    /// Remembers the addresses of bots that a call has set.
    pub(super) fn remember(&self, bots: &[BotAddress]) {
        for bot in bots {
            self.handle.remember_event_url(bot.bot(), bot.url());
        }
    }
}
