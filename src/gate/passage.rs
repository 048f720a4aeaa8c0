//! One call on its way through a gate: what is sent next, and what its reply
//! means. Sends nothing itself, so that every adapter goes the same way.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::batch;
use super::live::Gated;
use super::plan::{Adaptation, FollowUp, Plan};
use crate::offload;
use crate::registry::{Contradicted, Registry};
use crate::table::path::{member, scalar};
use crate::transport::Room;
use crate::wire::budget::Budget;
use crate::wire::{ApiError, BATCH, BatchView, Call, Class, MALFORMED_REPLY, Outcome, Reply};

mod handlers;

/// A call that was let in.
pub(super) struct Passage {
    gated: Gated,
    /// As it was asked for.
    asked: Call,
    adaptation: Option<Box<Adaptation>>,
    stage: Stage,
    /// How many of the calls have succeeded that the adaptation has for this one.
    done: usize,
    is_partly_done: bool,
    /// The call as it was sent last for a smaller page.
    page: Option<Call>,
    /// Of the replies. Work with these may go on when the call was given up.
    room: Room,
    /// Whether a page of events has timed out.
    is_late: bool,
    /// Whether work with the call takes long.
    is_long: bool,
}

enum Stage {
    /// The call is sent.
    Call,
    /// It was refused as absent, and is sent another way; or the next of several calls that
    /// share its work is sent.
    Again,
    /// It has succeeded with this reply; what handlers there are is asked.
    Handlers(Reply, FollowUp),
    /// It has succeeded with this reply; handlers are removed, and then these.
    Unbinding(Reply, Vec<Call>),
    Over,
}

/// How the names of methods begin that say where the events of a bot go to.
const OF_BOTS: &str = "imbot.v2.Bot.";

/// The methods that hand out a queue page by page, and delete what is below `offset`.
const EVENT_PAGES: [&str; 2] = ["imbot.v2.Event.get", "im.v2.Event.get"];

/// Their parameter for the most events of a page; what it is where it is not sent, and the
/// most that it may be (the documentation's page of the method).
const LIMIT: &str = "limit";
const PAGE: u64 = 100;
const LARGEST_PAGE: u64 = 1_000;

/// What is to be done next.
pub(super) enum Step {
    /// Send this, and come back with the reply.
    Send(Call),
    /// The reply to what was asked.
    Done(Reply),
}

impl Passage {
    pub(super) fn new(gated: Gated, asked: Call, adaptation: Option<Box<Adaptation>>, is_long: bool) -> Self {
        Self {
            is_long,
            gated,
            asked,
            adaptation,
            stage: Stage::Call,
            done: 0,
            is_partly_done: false,
            page: None,
            room: Room::default(),
            is_late: false,
        }
    }

    /// Whether the call went out as several, and one of them has succeeded.
    pub(super) fn is_partly_done(&self) -> bool {
        self.is_partly_done
    }

    /// What to send first; `None` for the call as it is, byte for byte.
    pub(super) fn first(&self) -> Option<&Call> {
        self.adaptation.as_ref()?.changed_call()
    }

    /// The same, where a call is wanted in any case.
    pub(super) fn first_call(&self) -> &Call {
        self.first().unwrap_or(&self.asked)
    }

    /// The same, to be sent by a service of calls.
    #[cfg(feature = "tower")]
    pub(super) async fn call_to_send(self) -> (Self, Call) {
        self.aside(|passage| passage.first_call().clone()).await
    }

    /// Works with the call, off the runtime's workers if it is large.
    pub(super) async fn aside<T: Send + 'static>(
        mut self,
        work: impl FnOnce(&mut Self) -> T + Send + 'static,
    ) -> (Self, T) {
        let is_long = self.is_long;
        let done = offload::run_if(is_long, move || {
            let done = work(&mut self);
            (self, done)
        });
        done.await
    }

    /// What was sent last of the call itself.
    fn sent(&self) -> &Call {
        let later = self
            .done
            .checked_sub(1)
            .and_then(|nth| self.adaptation.as_ref()?.then().get(nth));
        later.unwrap_or_else(|| self.first_call())
    }

    /// Whether what was sent last is a part of the call, and no work that follows it.
    pub(super) fn is_of_call(&self) -> bool {
        matches!(self.stage, Stage::Call | Stage::Again)
    }

    /// The same call for half as many events, if its reply was too large to be read;
    /// `None` if it is no such call, or was for one event.
    ///
    /// It asks from the same `offset`. A portal deletes what is below the offset alone, so
    /// nothing is lost, and the program goes on from the `nextOffset` of the smaller page. Else
    /// a bot would get the same large page for ever.
    pub(super) fn smaller_page(&mut self) -> Option<Call> {
        self.part_of_page(2, "the reply was too large; asked for fewer events")
    }

    /// The same for a tenth, if its reply came too late. Once: a portal that does not answer is
    /// not to keep the program waiting.
    pub(super) fn page_in_time(&mut self) -> Option<Call> {
        if std::mem::replace(&mut self.is_late, true) {
            return None;
        }
        self.part_of_page(10, "the reply came too late; asked for fewer events")
    }

    fn part_of_page(&mut self, part: u64, why: &str) -> Option<Call> {
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
        let limit = (limit / part).max(1);
        call.params_mut().insert(name, limit.into());
        tracing::debug!(
            bitrix24.portal = %self.gated.handle.portal().address(),
            rpc.method = call.method(),
            bitrix24.limit = limit,
            "{why}"
        );
        self.page = Some(call.clone());
        Some(call)
    }

    /// The room for replies, of so much at most. It is held as long as work with them goes on.
    pub(super) fn room(&mut self, budget: Budget) -> (Registry, Room) {
        let registry = self.gated.gate.registry().clone();
        self.room = registry.room(self.gated.handle.portal(), budget);
        (registry, self.room.clone())
    }

    /// Whether the result of the call is read in another way than it comes.
    pub(super) fn changes_result(&self) -> bool {
        self.adaptation.as_ref().is_some_and(|own| own.changes_reply())
    }

    /// Whether a reply with this HTTP status has to be read. Where not, it goes on as it
    /// comes.
    pub(super) fn wants_reply(&self, status: u16) -> bool {
        let of_adaptation = self
            .adaptation
            .as_ref()
            .is_some_and(|own| own.changes_reply() || !own.follow_ups().is_empty() || !own.then().is_empty());
        // The errors of a batch come with a status of success.
        let is_bad = !(200..300).contains(&status);
        of_adaptation || is_bad || self.is_batch() || self.wants_webhook() || self.could_tell()
    }

    /// Whether a success would tell what is not known. It has to be seen: the page of a
    /// proxy comes with such a status, too.
    fn could_tell(&self) -> bool {
        const IMBOT_V2: &str = "imbot.v2.";
        let knows = self.gated.handle.caps().knowledge().imbot_v2() == Some(true);
        !knows && self.first_call().method().starts_with(IMBOT_V2)
    }

    /// Takes a reply, and says what is next. May ask the portal for its revision. Work with a
    /// large reply is done off the runtime's workers.
    ///
    /// Not to be called again once it is done.
    pub(super) async fn take(mut self, mut reply: Reply) -> (Self, Step) {
        self.is_long |= offload::is_long_reply(&reply);
        if matches!(self.stage, Stage::Call) {
            let others;
            (self, (reply, others)) = self
                .aside(move |passage| {
                    let others = passage.contradicting(&reply);
                    (reply, others)
                })
                .await;
            let mut has_asked = false;
            for (call, error) in others {
                // Others of the batch have run: it is not sent again.
                self.contradict(&call, &Reply::Error(error), &mut has_asked).await;
            }
            if self.is_absent(&reply) && self.contradict(&self.asked, &reply, &mut false).await.is_some() {
                let call;
                (self, call) = self.aside(Self::another_way).await;
                if let Some(call) = call {
                    self.stage = Stage::Again;
                    return (self, Step::Send(call));
                }
            }
        }
        self.aside(|passage| passage.next(reply)).await
    }

    fn next(&mut self, reply: Reply) -> Step {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Call | Stage::Again => self.heard(reply),
            Stage::Handlers(done, follow_up) => {
                let calls = self.unbind(&reply, &follow_up);
                self.unbinding(done, calls)
            }
            Stage::Unbinding(done, calls) => {
                self.unbound(&reply);
                self.unbinding(done, calls)
            }
            Stage::Over => Step::Done(reply),
        }
    }

    /// The extra requests could not be sent: the call itself has succeeded.
    pub(super) fn interrupted(&mut self) -> Option<Reply> {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Handlers(done, _) | Stage::Unbinding(done, _) => {
                self.warn_of_handlers("the portal could not be asked for them");
                Some(done)
            }
            _ => None,
        }
    }

    /// The same for adapters that have no error of their own for a call that is done in part:
    /// as the failure of a request it would read as if nothing were done.
    pub(super) fn lost(&mut self) -> Option<Reply> {
        let stands = self.interrupted();
        stands.or_else(|| self.is_partly_done.then(partly_done))
    }

    /// The reply to the whole call for these adapters.
    pub(super) fn of_whole(&self, reply: Reply) -> Reply {
        match reply {
            Reply::Moved { .. } | Reply::Malformed(_) if self.is_partly_done => partly_done(),
            other => other,
        }
    }

    /// Whether the call was refused as absent by its own name.
    fn is_absent(&self, reply: &Reply) -> bool {
        let is_other = |sent: &Call| sent.method() != self.asked.method();
        !self.is_batch() && is_absent(reply) && !self.first().is_some_and(is_other)
    }

    /// Another way for a call that was refused as absent: nothing has happened yet,
    /// since a portal looks the method up before all else.
    fn another_way(&mut self) -> Option<Call> {
        let plan = self.gated.plan(&self.asked);
        let Plan::Adapt(adaptation) = plan else {
            return None;
        };
        let call = adaptation.changed_call()?.clone();
        if call.method() == self.asked.method() {
            return None;
        }
        let ledger = self.gated.gate.ledger();
        ledger.adapted(self.gated.handle.portal().address(), &adaptation);
        tracing::debug!(
            bitrix24.portal = %self.gated.handle.portal().address(),
            rpc.method = self.asked.method(),
            "refused as absent; sent another way"
        );
        self.adaptation = Some(adaptation);
        Some(call)
    }

    /// Tells the registry that a method is absent; `None` where no row is about it.
    /// What is not known is asked once, whatever the number of such replies.
    async fn contradict(&self, call: &Call, reply: &Reply, has_asked: &mut bool) -> Option<()> {
        let table = self.gated.gate.table();
        let rules = table.index().rules(call.method())?;
        let row = table.rows.get(rules.whole.first()?.row)?;
        let requirement = self.gated.handle.caps().requirement_of(row)?;
        let known = self.gated.handle.caps().check(requirement);
        if known.is_supported() {
            let _: Contradicted = self.gated.handle.contradict(requirement, reply).await;
        } else if known.is_unknown() && !std::mem::replace(has_asked, true) {
            // The reply alone does not say what the portal has instead.
            drop(self.gated.handle.ready().await);
        }
        Some(())
    }

    /// The commands of a batch that were refused as absent.
    fn contradicting(&self, reply: &Reply) -> Vec<(Call, ApiError)> {
        let (true, Reply::Result(result)) = (self.is_batch(), reply) else {
            return Vec::new();
        };
        let Some(replies) = BatchView::of(result) else {
            return Vec::new();
        };
        let commands: Vec<(Cow<'_, str>, &Value)> = match member(self.first_call().params(), "cmd") {
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
            let is_absent = error.class() == Class::Absent;
            is_absent.then(|| Some((batch::call_of(command.as_str()?), error)))?
        });
        refused.collect()
    }

    /// Reads the reply to the call itself.
    fn heard(&mut self, reply: Reply) -> Step {
        self.gated.handle.witness(self.sent().method(), &reply);
        if let (false, BATCH, Reply::Result(result)) = (self.is_batch(), self.first_call().method(), &reply) {
            self.is_partly_done = BatchView::of(result).is_some_and(|replies| replies.has_result());
        }
        let next = self
            .adaptation
            .as_ref()
            .and_then(|own| own.then().get(self.done))
            .cloned();
        let mut reply = match &self.adaptation {
            // The result of the last call is that of the whole.
            Some(_) if next.is_some() && matches!(reply, Reply::Result(_)) => reply,
            Some(adaptation) => adaptation.read(reply),
            None => reply,
        };
        if let Reply::Error(error) = &mut reply {
            error.has_result |= self.is_partly_done;
        }
        let Reply::Result(result) = &reply else {
            return Step::Done(reply);
        };
        if let Some(next) = next {
            self.done += 1;
            self.is_partly_done = true;
            self.stage = Stage::Again;
            return Step::Send(next);
        }
        if self.wants_webhook() {
            self.gated.remember_webhook(&self.asked, result);
        }
        if self.is_batch() {
            self.remember_webhooks(result);
        }
        let follow_ups = self.adaptation.as_ref().map_or(&[][..], |own| own.follow_ups());
        match follow_ups {
            [] => Step::Done(reply),
            // Of several addresses in one batch it is not known which is in use now.
            [follow_up] if !self.is_batch() || self.has_all_run(result) => {
                let follow_up = follow_up.clone();
                self.stage = Stage::Handlers(reply, follow_up);
                Step::Send(self.of_request(
                    BATCH,
                    json!({
                        "halt": 1,
                        "cmd": {"bots": "imbot.v2.Bot.list", "handlers": "event.get"},
                    }),
                ))
            }
            _ => {
                self.warn_of_handlers("the batch did not run as a whole, or has several such calls");
                Step::Done(reply)
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

    /// Whether the call says where the events of a bot of the older kind go to.
    fn wants_webhook(&self) -> bool {
        let sent = self.first().map(Call::method);
        self.asked.method().starts_with(OF_BOTS) && sent.is_some_and(|sent| sent != self.asked.method())
    }

    /// The same for the commands of a batch.
    fn remember_webhooks(&self, result: &Value) {
        if self.gated.handle.caps().knowledge().imbot_v2() == Some(true) {
            return;
        }
        let Some((_, Value::Object(commands))) = member(self.asked.params(), "cmd") else {
            return;
        };
        let calls = commands.iter().filter_map(|(key, command)| {
            let command = command.as_str().filter(|own| own.starts_with(OF_BOTS))?;
            Some((key, batch::call_of(command)))
        });
        let calls: Vec<_> = calls.collect();
        let replies = BatchView::of(result);
        for (key, call) in calls {
            if let Some(Outcome::Result(result)) = replies.and_then(|replies| replies.get(key)) {
                self.gated.remember_webhook(&call, result);
            }
        }
    }

    fn is_batch(&self) -> bool {
        self.asked.method().eq_ignore_ascii_case(BATCH)
    }

    /// A request with the credential of the call.
    fn of_request(&self, method: &str, params: Value) -> Call {
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

/// A part of the call has run, and no reply of the API came to the rest.
fn partly_done() -> Reply {
    const TEXT: &str =
        "a part of the call is done; of the rest it is not known, since no reply of the API came";
    let body = json!({"result": true, "error": "PARTLY_DONE", "error_description": TEXT});
    Reply::read(400, None, body.to_string().as_bytes())
}

/// The call has been answered, and not in a form that is read back.
pub(super) fn unreadable(what: &str) -> Reply {
    let text = format!("the call may have run, and its result is not known: {what}");
    let body = json!({"result": true, "error": MALFORMED_REPLY, "error_description": text});
    Reply::read(400, None, body.to_string().as_bytes())
}

fn is_absent(reply: &Reply) -> bool {
    matches!(reply, Reply::Error(error) if error.class() == Class::Absent)
}
