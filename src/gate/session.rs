//! The requests of one call through a gate, and the replies to them.
//!
//! A session sends nothing itself. An adapter sends each request that the session names, and
//! gives it the reply. So all adapters behave alike.

use serde_json::{Map, Value};

use super::portal_gate::PortalGate;
use crate::plan::{Adaptation, FollowUp, Plan};
use crate::registry::Registry;
use crate::table::path::{member, scalar};
use crate::transport::Room;
use crate::wire::budget::Budget;
use crate::wire::{BATCH, BatchView, Call, Outcome, Reply, commands};

mod absent;
mod begin;
mod handlers;
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

/// The methods that return a queue of events page by page, and delete events below `offset`.
const EVENT_PAGES: [&str; 2] = ["imbot.v2.Event.get", "im.v2.Event.get"];

/// Their parameter for the most events of a page, its default, and its maximum (source: the
/// documentation's page of the method).
const LIMIT: &str = "limit";
const PAGE: u64 = 100;
const LARGEST_PAGE: u64 = 1_000;

/// What the adapter does next.
pub(super) enum Action {
    /// Send this call, and give the session its reply.
    Send(Call),
    /// Return this reply to the program.
    Done(Reply),
}

impl CallSession {
    pub(super) fn new(portal_gate: PortalGate, asked: Call, adaptation: Option<Box<Adaptation>>) -> Self {
        Self {
            portal_gate,
            asked,
            adaptation,
            stage: Stage::Call,
            done: 0,
            is_partly_done: false,
            page: None,
        }
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

    /// The same call for half as many events, if its reply was too large to be read. `None` if
    /// it is no such call, or was for one event.
    ///
    /// It has the same `offset`. A portal deletes only events below the offset, so nothing is
    /// lost. The program continues from the `nextOffset` of the smaller page. Without this, a
    /// bot would get the same large page for ever.
    pub(super) fn smaller_page(&mut self) -> Option<Call> {
        if !self.is_of_call() || !EVENT_PAGES.contains(&self.sent().method()) {
            return None;
        }
        let mut call = match self.page.take() {
            Some(page) => page,
            None => self.sent().clone(),
        };
        let told = member(call.params(), LIMIT);
        let limit = told.and_then(|(_, limit)| scalar(limit)?.trim().parse().ok());
        let limit = limit.map_or(PAGE, |limit: u64| limit.clamp(1, LARGEST_PAGE));
        let name = told.map_or(LIMIT, |(name, _)| name).to_owned();
        if limit == 1 {
            return None;
        }
        call.params_mut().insert(name, (limit / 2).into());
        tracing::debug!(
            bitrix24.portal = %self.portal_gate.handle.portal().address(),
            rpc.method = call.method(),
            bitrix24.limit = limit / 2,
            "the reply was too large; asked for fewer events"
        );
        self.page = Some(call.clone());
        Some(call)
    }

    /// The room for replies within this budget.
    pub(super) fn room(&self, budget: Budget) -> (Registry, Room) {
        let registry = self.portal_gate.gate.registry();
        (
            registry.clone(),
            registry.room(self.portal_gate.handle.portal(), budget),
        )
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

    /// Takes a reply, and returns the next action. May ask the portal for its revision.
    ///
    /// Must not be called after [`Action::Done`].
    pub(super) async fn take(&mut self, reply: Reply) -> Action {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Call => {
                if let Some(call) = self.other_form(&reply).await {
                    self.stage = Stage::Again;
                    return Action::Send(call);
                }
                self.take_main(reply)
            }
            Stage::Again => self.take_main(reply),
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

    /// Another form of a call that the portal refused as absent. The call did nothing, since a
    /// portal looks the method up first.
    async fn other_form(&mut self, reply: &Reply) -> Option<Call> {
        if self.is_batch() {
            absent::report_of_batch(&self.portal_gate, self.first_call(), reply).await;
            return None;
        }
        if !absent::is_absent(reply)
            || self
                .first()
                .is_some_and(|sent| sent.method() != self.asked.method())
        {
            return None;
        }
        absent::report_absent(&self.portal_gate, &self.asked, reply, &mut false).await?;
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
