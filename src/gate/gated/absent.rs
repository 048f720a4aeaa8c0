//! Methods that a portal refuses as absent: the reports to the registry, and the other form of a
//! call.

use std::borrow::Cow;

use serde_json::Value;

use super::GatedCall;
use crate::feature::Requirement;
use crate::gate::portal_gate::PortalGate;
use crate::offload;
use crate::plan::{self, MethodNotFound, Step};
use crate::registry::NotFoundOutcome;
use crate::table::path::member;
use crate::wire::{ApiError, BatchView, Call, ErrorClass, Outcome, Reply, commands};

impl GatedCall {
    /// Reports to the registry the commands of a batch that the portal refused as absent. If the
    /// portal's revision is unknown, the portal is asked once, however many there are.
    pub(super) async fn report_not_found_commands(&mut self, reply: Reply) -> Reply {
        if !(self.planned.is_batch() && self.planned.is_first()) {
            return reply;
        }
        let sent = self.planned.first_call();
        let mut has_asked = false;
        for (call, error) in absent_commands(sent, &reply) {
            // Other commands of the batch have run, so it is not sent again.
            let caps = self.portal_gate.handle.caps();
            if let Some(requirement) = plan::requirement_of(call.method(), &caps) {
                let error = Reply::Error(error);
                self.portal_gate.report(requirement, &error, &mut has_asked).await;
            }
        }
        reply
    }
}

impl PortalGate {
    /// Reports to the registry that a method is absent.
    async fn report(&self, requirement: Requirement, reply: &Reply, has_asked: &mut bool) {
        let known = self.handle.caps().check(requirement);
        if known.is_supported() {
            let _: NotFoundOutcome = self.handle.report_not_found(requirement, reply).await;
        } else if known.is_unknown() && !std::mem::replace(has_asked, true) {
            // The reply does not say which methods the portal has instead.
            drop(self.handle.ready().await);
        }
    }

    /// Reports to the registry that a method is absent. Goes on with another form of the call, if
    /// there is one by what is known then. The call did nothing, since a portal looks the method
    /// up first.
    pub(super) async fn replan(&self, absent: MethodNotFound<'static>, is_long: bool) -> Step<'static> {
        self.report(absent.requirement(), absent.reply(), &mut false)
            .await;
        let own = self.clone();
        let other_form = move || {
            let plan = own.plan(absent.call());
            absent.replanned(plan)
        };
        let step = offload::run_if(is_long, other_form).await;
        if let Step::Send(planned) = &step {
            let portal = self.handle.portal().address();
            let ledger = self.gate.ledger();
            ledger.adapted(portal, planned.changes());
            ledger.noted(portal, planned.unapplied());
            tracing::debug!(
                bitrix24.portal = %portal,
                rpc.method = planned.original().method(),
                "refused as absent; sent another way"
            );
        }
        step
    }
}
/// The commands of a batch that the portal refused as absent, with its errors.
fn absent_commands(batch: &Call, reply: &Reply) -> Vec<(Call, ApiError)> {
    let Reply::Result(result) = reply else {
        return Vec::new();
    };
    let Some(replies) = BatchView::of(result) else {
        return Vec::new();
    };
    let commands: Vec<(Cow<'_, str>, &Value)> = match member(batch.params(), "cmd") {
        Some((_, Value::Object(commands))) => {
            let keyed = commands.iter();
            keyed.map(|(key, own)| (key.into(), own)).collect()
        }
        Some((_, Value::Array(commands))) => {
            let numbered = commands.iter().enumerate();
            numbered.map(|(nth, own)| (nth.to_string().into(), own)).collect()
        }
        _ => return Vec::new(),
    };
    let refused = commands.into_iter().filter_map(|(key, command)| {
        let Some(Outcome::Error(error)) = replies.get(&key) else {
            return None;
        };
        let command = command.as_str().filter(|_| error.class() == ErrorClass::Absent)?;
        Some((commands::call_of(command), error))
    });
    refused.collect()
}
