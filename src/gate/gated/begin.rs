//! How the gate begins a call: it plans it, once enough is known of the portal.

use std::borrow::Cow;

use super::GatedCall;
use crate::gate::gate::Gate;
use crate::gate::portal_gate::PortalGate;
use crate::gate::refused_error::RefusedError;
use crate::offload;
use crate::plan::{self, Change, Plan, PlannedCall, Refused};
use crate::registry::Handle;
use crate::table::Shim;
use crate::wire::Call;

impl Gate {
    /// Plans a call, for a client that is none of this module's adapters. If too little is known
    /// of the portal, the portal is asked first, over the registry's transport. The call is
    /// counted in the [report](Self::report).
    ///
    /// Cancel-safe: a probe goes on in the registry.
    ///
    /// # Errors
    ///
    /// [`RefusedError`], and nothing was sent.
    pub async fn begin(&self, portal: &Handle, call: Call) -> Result<GatedCall, Box<RefusedError>> {
        let is_long = offload::is_long_call(&call);
        GatedCall::begin(&self.at(portal.clone()), call, is_long).await
    }
}

impl GatedCall {
    /// Plans a call. If too little is known of the portal, the portal is asked first. `is_long` says
    /// whether work with the call takes long.
    ///
    /// # Errors
    ///
    /// [`RefusedError`], and nothing was sent.
    pub(in crate::gate) async fn begin(
        portal_gate: &PortalGate,
        call: Call,
        is_long: bool,
    ) -> Result<Self, Box<RefusedError>> {
        let PortalGate { gate, handle } = portal_gate;
        // A portal runs the same method with and without a suffix.
        let call = call.without_suffix().unwrap_or(call);
        let look = |own: &PortalGate, call: &Call| {
            own.gate.watch(own.handle.portal().address(), call);
            own.gate.concerns_call(call)
        };
        let (call, is_concerned) = portal_gate.off_workers(is_long, call, look).await;
        if !is_concerned {
            let pass = Plan::Pass { noted: Vec::new() };
            let planned = PlannedCall::new(Cow::Owned(call), handle.caps(), pass)
                .map_err(|own| without_answer(*own))?;
            return Ok(Self::new(portal_gate.clone(), planned, is_long));
        }
        // If the portal does not answer, its features stay unknown, and each row says what
        // happens to the call. The registry has an event for the failure.
        let mut is_asked = handle.ready_or_not().await;
        let plan_first =
            |own: &PortalGate, call: &Call| (own.plan(call), plan::rows_of(call, own.gate.table()));
        let (mut call, (mut plan, used)) = portal_gate.off_workers(is_long, call, plan_first).await;
        let is_dangerous = portal_gate.is_dangerous(&used);
        let mut failed = None;
        if let Some(lacking) = plan
            .refused()
            .and_then(Refused::unsupported)
            .filter(|_| !is_asked)
        {
            // The portal may have been upgraded since its last answer.
            let requirement = lacking.requirement();
            match handle.ask_to_refuse(requirement, is_dangerous).await {
                Ok(asked) => is_asked = asked,
                Err(error) => failed = Some(error),
            }
            (call, plan) = portal_gate.off_workers(is_long, call, PortalGate::plan).await;
        }
        if plan.refused().is_none() && is_dangerous && !is_asked {
            // The portal may have been restored from an older copy, and there the call does harm.
            // So it is asked once more. If it does not answer, all its features count as unknown.
            let plan_unknown =
                |own: &PortalGate, call: &Call| own.plan_by(&own.gate.registry().reading(), call);
            (call, plan) = match handle.ask_to_send().await {
                Ok(()) => portal_gate.off_workers(is_long, call, PortalGate::plan).await,
                Err(error) => {
                    failed = Some(error);
                    portal_gate.off_workers(is_long, call, plan_unknown).await
                }
            };
        }
        let ledger = gate.ledger();
        let portal = handle.portal().address();
        ledger.used(portal, &used);
        if let Plan::Refuse(refused) = plan {
            handle.gated("refused");
            ledger.refused(portal, &refused);
            let (age, error) = match refused.unsupported() {
                Some(_) => {
                    let (age, failing) = handle.answer();
                    (age, failed.or(failing))
                }
                None => (None, None),
            };
            let refused = RefusedError::new(*refused, age, error);
            tracing::warn!(
                bitrix24.portal = %portal,
                rpc.method = call.method(),
                bitrix24.feature = refused.row().id(),
                error.message = %refused,
                "a call is refused"
            );
            return Err(Box::new(refused));
        }
        let planned =
            PlannedCall::new(Cow::Owned(call), handle.caps(), plan).map_err(|own| without_answer(*own))?;
        ledger.noted(portal, planned.unapplied());
        log_noted(portal_gate, planned.original(), planned.unapplied());
        if planned.is_pass() {
            handle.gated("passed");
        } else {
            handle.gated("adapted");
            ledger.adapted(portal, planned.changes());
            for change in planned.changes() {
                tracing::debug!(
                    bitrix24.portal = %portal,
                    rpc.method = planned.original().method(),
                    bitrix24.feature = change.row().id(),
                    bitrix24.change = %change,
                    "a call is adapted"
                );
                if change.shim() == Shim::BotTokenInUrl {
                    tracing::info!(
                        bitrix24.portal = %portal,
                        bitrix24.feature = change.row().id(),
                        "the bot's token was written into the address of its events, since this portal drops them otherwise; the server behind the address may log it"
                    );
                }
            }
        }
        Ok(Self::new(portal_gate.clone(), planned, is_long))
    }
}

impl PortalGate {
    /// Does work with a call. If it takes long, it is done off the runtime's workers.
    async fn off_workers<T: Send + 'static>(
        &self,
        is_long: bool,
        call: Call,
        work: impl FnOnce(&Self, &Call) -> T + Send + 'static,
    ) -> (Call, T) {
        if !is_long {
            let done = work(self, &call);
            return (call, done);
        }
        let own = self.clone();
        let work = move || {
            let done = work(&own, &call);
            (call, done)
        };
        offload::run_if(true, work).await
    }
}

/// The error of a refusal that the portal's answer has no part in.
fn without_answer(refused: Refused) -> Box<RefusedError> {
    Box::new(RefusedError::new(refused, None, None))
}

/// Logs the changes that are not made: the policy observes, or a webhook may not make them.
fn log_noted(portal_gate: &PortalGate, call: &Call, noted: &[Change]) {
    for change in noted {
        tracing::info!(
            bitrix24.portal = %portal_gate.handle.portal().address(),
            rpc.method = call.method(),
            bitrix24.feature = change.row().id(),
            bitrix24.change = %change,
            "noted, and not done"
        );
    }
}
