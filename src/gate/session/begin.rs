//! How a call gets its session: the gate plans it, once enough is known of the portal.

use crate::gate::portal_gate::PortalGate;
use crate::gate::session::CallSession;
use crate::plan::{self, Change, Plan, Refused};
use crate::wire::Call;

impl CallSession {
    /// Plans a call. If too little is known of the portal, the portal is asked first.
    ///
    /// # Errors
    ///
    /// [`Refused`], and nothing was sent.
    pub(crate) async fn begin(portal_gate: &PortalGate, call: Call) -> Result<Self, Box<Refused>> {
        let PortalGate { gate, handle } = portal_gate;
        gate.watch(&call);
        if !gate.concerns_call(&call) {
            return Ok(Self::new(portal_gate.clone(), call, None));
        }
        // If the portal does not answer, its features stay unknown, and each row says what
        // happens to the call. The registry has an event for the failure.
        let mut is_asked = handle.ready_or_not().await;
        let mut plan = portal_gate.plan(&call);
        let used = plan::rows_of(&call, gate.table());
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
            plan = portal_gate.plan(&call);
        }
        if plan.refused().is_none() && is_dangerous && !is_asked {
            // The portal may have been restored from an older copy, and there the call does harm.
            // So it is asked once more. If it does not answer, all its features count as unknown.
            plan = match handle.ask_to_send().await {
                Ok(()) => portal_gate.plan(&call),
                Err(error) => {
                    failed = Some(error);
                    portal_gate.plan_by(&gate.registry().reading(), &call)
                }
            };
        }
        let ledger = gate.ledger();
        let portal = handle.portal().address();
        ledger.used(portal, &used);
        match plan {
            Plan::Refuse(mut refused) => {
                if refused.unsupported().is_some() {
                    let (age, failing) = handle.answer();
                    refused.set_answer(age, failed.or(failing));
                }
                handle.gated("refused");
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
                handle.gated("passed");
                ledger.noted(portal, &noted);
                log_noted(portal_gate, &call, &noted);
                Ok(Self::new(portal_gate.clone(), call, None))
            }
            Plan::Adapt(adaptation) => {
                handle.gated("adapted");
                ledger.adapted(portal, &adaptation);
                log_noted(portal_gate, &call, adaptation.noted());
                for change in adaptation.changes() {
                    tracing::debug!(
                        bitrix24.portal = %portal,
                        rpc.method = call.method(),
                        bitrix24.feature = change.row().id(),
                        bitrix24.change = %change,
                        "a call is adapted"
                    );
                }
                Ok(Self::new(portal_gate.clone(), call, Some(adaptation)))
            }
        }
    }
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
