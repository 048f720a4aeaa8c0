//! The requests of one call through a gate, and the replies to them.
//!
//! A session sends nothing itself. An adapter sends each request that the session names, and
//! gives it the reply. So all adapters behave alike.

use serde_json::{Map, Value};

use super::portal_gate::PortalGate;
use crate::offload;
use crate::plan::{Adaptation, FollowUp};
use crate::registry::Registry;
use crate::table::path::member;
use crate::transport::Reservation;
use crate::wire::budget::Budget;
use crate::wire::{BATCH, BatchView, Call, Outcome, Reply, commands};

mod absent;
mod begin;
mod handlers;
mod other_form;
mod pages;
pub(super) mod replies;

use replies::partly_done;

/// The state of one call.
pub(super) struct CallSession {
    portal_gate: PortalGate,
    /// The call as the program made it.
    asked: Call,
    adaptation: Option<Box<Adaptation>>,
    stage: Stage,
    /// How many of the adaptation's calls have succeeded.
    done: usize,
    is_partly_done: bool,
    /// The last call for a smaller page of events.
    page: Option<Call>,
    /// Whether a page of events came too late.
    is_late: bool,
    /// Whether work with the call takes long.
    is_long: bool,
    /// The memory for replies. Work with a reply may go on after the call was dropped.
    reservation: Reservation,
}

enum Stage {
    /// The call is sent.
    Call,
    /// The portal refused the call as absent, and another form of it is sent; or the next of
    /// several calls for it is sent.
    Again,
    /// The call has succeeded with this reply. The portal is asked for its event handlers.
    ListHandlers(Reply, FollowUp),
    /// The call has succeeded with this reply. Handlers are removed; these requests are left.
    RemoveHandlers(Reply, Vec<Call>),
    Over,
}

/// The prefix of the methods that set the address of a bot's events.
const OF_BOTS: &str = "imbot.v2.Bot.";

/// What the adapter does next.
pub(super) enum Action {
    /// Send this call, and give the session its reply.
    Send(Call),
    /// Return this reply to the program.
    Done(Reply),
}

impl CallSession {
    /// A session of a call that was planned. `is_long` says whether work with it takes long.
    fn new(portal_gate: PortalGate, asked: Call, adaptation: Option<Box<Adaptation>>, is_long: bool) -> Self {
        Self {
            portal_gate,
            asked,
            adaptation,
            stage: Stage::Call,
            done: 0,
            is_partly_done: false,
            page: None,
            is_late: false,
            is_long,
            reservation: Reservation::default(),
        }
    }

    /// Does work with the call. If the call or a reply is large, it is done off the runtime's
    /// workers.
    pub(super) async fn off_workers<T: Send + 'static>(
        mut self,
        work: impl FnOnce(&mut Self) -> T + Send + 'static,
    ) -> (Self, T) {
        let is_long = self.is_long;
        let work = move || {
            let done = work(&mut self);
            (self, done)
        };
        offload::run_if(is_long, work).await
    }

    /// Whether several calls were sent for this one, and at least one has succeeded.
    pub(super) fn is_partly_done(&self) -> bool {
        self.is_partly_done
    }

    /// The first call to send; `None` if the call stays as it is, byte for byte.
    pub(super) fn first(&self) -> Option<&Call> {
        self.adaptation.as_ref()?.changed_call()
    }

    /// The first call to send, changed or not.
    pub(super) fn first_call(&self) -> &Call {
        self.first().unwrap_or(&self.asked)
    }

    /// A copy of the first call, for a service that takes calls.
    #[cfg(feature = "tower")]
    pub(super) async fn first_copy(self) -> (Self, Call) {
        self.off_workers(|session| session.first_call().clone()).await
    }

    /// The call that was sent last, without extra requests.
    fn sent(&self) -> &Call {
        let later = self
            .done
            .checked_sub(1)
            .and_then(|nth| self.adaptation.as_ref()?.then().get(nth));
        later.unwrap_or_else(|| self.first_call())
    }

    /// Whether the last request was for the call itself, and not for work that follows it.
    pub(super) fn is_of_call(&self) -> bool {
        matches!(self.stage, Stage::Call | Stage::Again)
    }

    /// The memory for replies within this budget. It is held as long as work with them goes on.
    pub(super) fn reservation(&mut self, budget: Budget) -> (Registry, Reservation) {
        let registry = self.portal_gate.gate.registry().clone();
        self.reservation = registry.reservation(self.portal_gate.handle.portal(), budget);
        (registry, self.reservation.clone())
    }

    /// Whether the adaptation changes the result.
    pub(super) fn changes_result(&self) -> bool {
        self.adaptation.as_ref().is_some_and(|own| own.changes_reply())
    }

    /// Whether a reply with this HTTP status has to be read. If not, the adapter passes it on
    /// unread.
    pub(super) fn wants_reply(&self, status: u16) -> bool {
        let of_adaptation = self
            .adaptation
            .as_ref()
            .is_some_and(|own| own.changes_reply() || !own.follow_ups().is_empty() || !own.then().is_empty());
        // The errors of a batch come with a status of success.
        let is_bad = !(200..300).contains(&status);
        of_adaptation || is_bad || self.is_batch() || self.wants_webhook() || self.could_tell()
    }

    /// Whether a success would prove something about the portal. The body has to be read for
    /// that, since the page of a proxy has the status of a success, too.
    fn could_tell(&self) -> bool {
        const IMBOT_V2: &str = "imbot.v2.";
        let knows = self.portal_gate.handle.caps().knowledge().imbot_v2() == Some(true);
        !knows && self.first_call().method().starts_with(IMBOT_V2)
    }

    /// Takes a reply, and returns the next action. May ask the portal for its revision. Work with
    /// a large reply is done off the runtime's workers.
    ///
    /// Must not be called after [`Action::Done`].
    pub(super) async fn take(mut self, mut reply: Reply) -> (Self, Action) {
        self.is_long |= offload::is_long_reply(&reply);
        if matches!(self.stage, Stage::Call) {
            let other_form;
            (self, reply, other_form) = self.take_absent(reply).await;
            if let Some(call) = other_form {
                self.stage = Stage::Again;
                return (self, Action::Send(call));
            }
        }
        self.off_workers(|session| session.next(reply)).await
    }

    fn next(&mut self, reply: Reply) -> Action {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Call | Stage::Again => self.take_main(reply),
            Stage::ListHandlers(done, follow_up) => {
                let request = |method: &str, params| self.request(method, params);
                let removal = handlers::removal(&reply, &follow_up, request);
                if let Some(why) = removal.left {
                    self.warn_of_handlers(why);
                }
                self.remove_next(done, removal.calls)
            }
            Stage::RemoveHandlers(done, calls) => {
                if !handlers::is_removed(&reply) {
                    self.warn_of_handlers("the portal did not remove all of them");
                }
                self.remove_next(done, calls)
            }
            Stage::Over => Action::Done(reply),
        }
    }

    /// The reply to the call, if it has succeeded and an extra request got no reply.
    pub(super) fn interrupted(&mut self) -> Option<Reply> {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::ListHandlers(done, _) | Stage::RemoveHandlers(done, _) => {
                self.warn_of_handlers("the portal could not be asked for them");
                Some(done)
            }
            _ => None,
        }
    }

    /// The same for adapters without an error of their own for a call that is done in part. For
    /// such a call it is an error reply: as a failed request it would look as if nothing were
    /// done.
    pub(super) fn lost(&mut self) -> Option<Reply> {
        let stands = self.interrupted();
        stands.or_else(|| self.is_partly_done.then(partly_done))
    }

    /// The reply that these adapters return.
    pub(super) fn of_whole(&self, reply: Reply) -> Reply {
        match reply {
            Reply::Moved { .. } | Reply::Malformed(_) if self.is_partly_done => partly_done(),
            other => other,
        }
    }

    /// Takes a reply to the call itself.
    fn take_main(&mut self, reply: Reply) -> Action {
        self.portal_gate
            .handle
            .observe_reply(self.sent().method(), &reply);
        if let (false, BATCH, Reply::Result(result)) = (self.is_batch(), self.first_call().method(), &reply) {
            self.is_partly_done = BatchView::of(result).is_some_and(|replies| replies.has_result());
        }
        let next = self
            .adaptation
            .as_ref()
            .and_then(|own| own.then().get(self.done))
            .cloned();
        let mut reply = match &self.adaptation {
            // The result of the last call is the result of the whole.
            Some(_) if next.is_some() && matches!(reply, Reply::Result(_)) => reply,
            Some(adaptation) => adaptation.read(reply),
            None => reply,
        };
        if let Reply::Error(error) = &mut reply {
            error.has_result |= self.is_partly_done;
        }
        let Reply::Result(result) = &reply else {
            return Action::Done(reply);
        };
        if let Some(next) = next {
            self.done += 1;
            self.is_partly_done = true;
            self.stage = Stage::Again;
            return Action::Send(next);
        }
        if self.wants_webhook() {
            self.portal_gate.remember_webhook(&self.asked, result);
        }
        if self.is_batch() {
            self.remember_webhooks(result);
        }
        let follow_ups = self.adaptation.as_ref().map_or(&[][..], |own| own.follow_ups());
        match follow_ups {
            [] => Action::Done(reply),
            // If one batch has several addresses, it is unknown which one is in use now.
            [follow_up] if !self.is_batch() || self.has_all_run(result) => {
                let follow_up = follow_up.clone();
                self.stage = Stage::ListHandlers(reply, follow_up);
                Action::Send(self.request(BATCH, handlers::listing()))
            }
            _ => {
                self.warn_of_handlers("the batch did not run as a whole, or has several such calls");
                Action::Done(reply)
            }
        }
    }

    /// Whether every command of a batch was sent and has succeeded.
    fn has_all_run(&self, result: &Value) -> bool {
        let count = match member(self.asked.params(), "cmd") {
            Some((_, Value::Object(commands))) => commands.len(),
            Some((_, Value::Array(commands))) => commands.len(),
            _ => return false,
        };
        BatchView::of(result).is_some_and(|replies| replies.len() == count && replies.has_no_error())
    }

    /// Whether the call sets the address of the events of a bot of the older kind.
    fn wants_webhook(&self) -> bool {
        let sent = self.first().map(Call::method);
        self.asked.method().starts_with(OF_BOTS) && sent.is_some_and(|sent| sent != self.asked.method())
    }

    /// Remembers the addresses in the commands of a batch.
    fn remember_webhooks(&self, result: &Value) {
        if self.portal_gate.handle.caps().knowledge().imbot_v2() == Some(true) {
            return;
        }
        let Some((_, Value::Object(commands))) = member(self.asked.params(), "cmd") else {
            return;
        };
        let calls = commands.iter().filter_map(|(key, command)| {
            let command = command.as_str().filter(|own| own.starts_with(OF_BOTS))?;
            Some((key, commands::call_of(command)))
        });
        let calls: Vec<_> = calls.collect();
        let replies = BatchView::of(result);
        for (key, call) in calls {
            if let Some(Outcome::Result(result)) = replies.and_then(|replies| replies.get(key)) {
                self.portal_gate.remember_webhook(&call, result);
            }
        }
    }

    fn is_batch(&self) -> bool {
        self.asked.method().eq_ignore_ascii_case(BATCH)
    }

    /// The next request that removes handlers, or the reply to the call.
    fn remove_next(&mut self, done: Reply, calls: Vec<Call>) -> Action {
        let mut calls = calls.into_iter();
        match calls.next() {
            Some(call) => {
                self.stage = Stage::RemoveHandlers(done, calls.collect());
                Action::Send(call)
            }
            None => Action::Done(done),
        }
    }

    fn warn_of_handlers(&self, why: &str) {
        tracing::warn!(
            bitrix24.portal = %self.portal_gate.handle.portal().address(),
            rpc.method = self.asked.method(),
            error.message = why,
            "event handlers that are of no use any more stay in place"
        );
    }

    /// A request with the credential of the call.
    fn request(&self, method: &str, params: Value) -> Call {
        let mut params: Map<String, Value> = match params {
            Value::Object(params) => params,
            _ => Map::new(),
        };
        if let Some(auth) = self.asked.params().get("auth") {
            params.insert("auth".to_owned(), auth.clone());
        }
        Call::of(method, params)
    }
}
