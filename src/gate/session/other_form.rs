//! Another form of a call, after the portal refused the method as absent.

use super::CallSession;
use super::absent;
use crate::plan::Plan;
use crate::wire::{ApiError, Call, Reply};

impl CallSession {
    /// Reports to the registry what the portal refused as absent. Returns the reply, and another
    /// form of the call, if there is one.
    pub(super) async fn take_absent(mut self, reply: Reply) -> (Self, Reply, Option<Call>) {
        let (commands, reply) = {
            let done;
            let find = move |session: &mut Self| (session.absent_commands(&reply), reply);
            (self, done) = self.off_workers(find).await;
            done
        };
        let mut has_asked = false;
        for (call, error) in commands {
            // Other commands of the batch have run, so it is not sent again.
            absent::report_absent(&self.portal_gate, &call, &Reply::Error(error), &mut has_asked).await;
        }
        if !self.is_absent(&reply) {
            return (self, reply, None);
        }
        let reported = absent::report_absent(&self.portal_gate, &self.asked, &reply, &mut false).await;
        let is_surely_not_run = matches!(&reply, Reply::Error(error) if error.proves_not_run());
        if reported.is_none() || !is_surely_not_run {
            return (self, reply, None);
        }
        let (session, call) = self.off_workers(Self::other_form).await;
        (session, reply, call)
    }

    /// The commands of a batch that the portal refused as absent.
    fn absent_commands(&self, reply: &Reply) -> Vec<(Call, ApiError)> {
        match self.is_batch() {
            true => absent::absent_commands(self.first_call(), reply),
            false => Vec::new(),
        }
    }

    /// Whether the portal refused the call as absent, by the name that the program gave.
    fn is_absent(&self, reply: &Reply) -> bool {
        let is_other = |sent: &Call| sent.method() != self.asked.method();
        !self.is_batch() && absent::is_absent(reply) && !self.first().is_some_and(is_other)
    }

    /// Another form of a call that the portal refused as absent. The call did nothing, since a
    /// portal looks the method up first.
    fn other_form(&mut self) -> Option<Call> {
        let plan = self.portal_gate.plan(&self.asked);
        let Plan::Adapt(adaptation) = plan else {
            return None;
        };
        let call = adaptation.changed_call()?.clone();
        if call.method() == self.asked.method() {
            return None;
        }
        let ledger = self.portal_gate.gate.ledger();
        ledger.adapted(self.portal_gate.handle.portal().address(), &adaptation);
        tracing::debug!(
            bitrix24.portal = %self.portal_gate.handle.portal().address(),
            rpc.method = self.asked.method(),
            "refused as absent; sent another way"
        );
        self.adaptation = Some(adaptation);
        Some(call)
    }
}
