//! A call with its plan: the requests to send for it, and the reply to return.

use std::borrow::Cow;
use std::fmt;
use std::mem;

use serde_json::{Map, Value};

use super::adaptation::{Adaptation, FollowUp, Plan};
use super::refused::{Change, Refused};
use crate::caps::Caps;
use crate::feature::Requirement;
use crate::wire::{BATCH, BatchView, Call, Class, Reply};

mod bots;
mod done;
mod handlers;
mod pages;

pub use bots::BotAddress;
pub use done::Done;
#[cfg(feature = "registry")]
pub(crate) use done::partly_done;

use bots::{address_of, addresses_of};

/// A call in the form that its portal takes, with all that belongs to it: the reader of its
/// reply, and the requests that may follow. Only a plan makes one.
///
/// It does no I/O. The program sends [`call`](Self::call) and gives the reply to
/// [`take`](Self::take), until the [`Step`] is [`Step::Done`]:
///
/// ```
/// use imbot_caps::Caps;
/// use imbot_caps::plan::{Planner, Policy, Refused, Step};
/// use imbot_caps::wire::{Call, Reply};
/// use serde_json::json;
///
/// /// `http` is the program's own client.
/// fn send(call: &Call, planner: &Planner, http: impl Fn(&Call) -> Reply) -> Result<Reply, Box<Refused>> {
///     let mut step = Step::Send(planner.plan(call)?); // a refused call is not sent
///     loop {
///         step = match step {
///             Step::Send(planned) => {
///                 let reply = http(planned.call());
///                 planned.take(reply)
///             }
///             Step::Absent(absent) => planner.replan(absent),
///             Step::Done(done) => return Ok(done.into_reply()),
///         };
///     }
/// }
///
/// let call = Call::new("imbot.v2.Chat.Message.send")
///     .with("botId", 7)
///     .with("dialogId", "chat5")
///     .with("fields", json!({"message": "Hello"}));
/// let (caps, policy) = (Caps::at(30), Policy::default());
/// let reply = send(&call, &Planner::new(&caps, &policy), |sent| {
///     assert_eq!(sent.method(), "imbot.message.add");
///     Reply::Result(json!(42)) // as the older method answers
/// })?;
/// let Reply::Result(sent) = reply else { panic!() };
/// assert_eq!(sent["id"], 42); // as the newer method answers
/// # Ok::<(), Box<Refused>>(())
/// ```
///
/// If a client accepts nothing else, no call can go round the gate:
///
/// ```
/// use imbot_caps::plan::PlannedCall;
/// # use imbot_caps::{Caps, plan::{Policy, plan}, wire::Call};
///
/// fn send(planned: PlannedCall<'_>) { /* ... */ }
///
/// # let (caps, policy) = (Caps::at(36), Policy::default());
/// send(plan(Call::new("imbot.v2.Bot.list"), &caps, &policy)?);
/// # Ok::<(), Box<imbot_caps::plan::Refused>>(())
/// ```
///
/// ```compile_fail,E0308
/// # use imbot_caps::{plan::PlannedCall, wire::Call};
/// # fn send(planned: PlannedCall<'_>) {}
/// send(Call::new("imbot.v2.Bot.list")); // a call without a plan
/// ```
///
/// It is sent once: `take` consumes it. A reply cannot be given to another plan than the one
/// whose call was sent last:
///
/// ```compile_fail,E0382
/// # use imbot_caps::{plan::PlannedCall, wire::Reply};
/// # fn send(planned: PlannedCall<'_>, reply: Reply) {
/// let step = planned.take(reply);
/// planned.call();
/// # }
/// ```
///
/// `Debug` shows no value of the call.
#[must_use = "the call is not sent yet"]
pub struct PlannedCall<'c> {
    /// The call as the program made it.
    asked: Cow<'c, Call>,
    caps: Caps,
    /// `None` if the call is sent as it is. Then nothing is allocated.
    course: Option<Box<Course>>,
}

/// How far a call has come that is not simply sent.
#[derive(Default)]
struct Course {
    adaptation: Adaptation,
    /// The request to send now, if it is neither the call nor one of its further calls.
    request: Option<Call>,
    stage: Stage,
    /// How many of the adaptation's calls have succeeded.
    done: usize,
    is_partly_done: bool,
    /// Whether a page of events came too late.
    is_late: bool,
    bots: Vec<BotAddress>,
    warnings: Vec<&'static str>,
}

#[derive(Default)]
enum Stage {
    /// The call is sent.
    #[default]
    Call,
    /// The portal refused the call as absent, and another form of it is sent; or the next of
    /// several calls for it is sent.
    Again,
    /// The call has succeeded with this reply. The portal is asked for its event handlers.
    ListHandlers(Reply, FollowUp),
    /// The call has succeeded with this reply. Handlers are removed; these requests are left.
    RemoveHandlers(Reply, std::vec::IntoIter<Call>),
    Over,
}

/// What to do after a reply. These three are final: no more will be added.
#[must_use = "the call may not be done yet"]
#[derive(Debug)]
pub enum Step<'c> {
    /// Send [`PlannedCall::call`], and give it the reply.
    Send(PlannedCall<'c>),
    /// The portal refused the method as absent. By what was known it should have it. The call
    /// did nothing. See [`Absent`].
    Absent(Absent<'c>),
    /// The call is over.
    Done(Done),
}

/// A call whose method the portal refused as absent.
///
/// [`Planner::replan`](super::Planner::replan) finds another form of the call. A program can
/// first ask the portal again what it has, and plan by the new answer. [`give_up`](Self::give_up)
/// returns the portal's refusal.
#[must_use = "the call is not done"]
pub struct Absent<'c> {
    planned: PlannedCall<'c>,
    requirement: Requirement,
    reply: Reply,
}

impl<'c> PlannedCall<'c> {
    #[inline]
    pub(crate) fn new(asked: Cow<'c, Call>, caps: Caps, plan: Plan) -> Result<Self, Box<Refused>> {
        let adaptation = match plan {
            Plan::Refuse(refused) => return Err(refused),
            Plan::Pass { noted } if noted.is_empty() => None,
            Plan::Pass { noted } => Some(Adaptation::noting(noted)),
            Plan::Adapt(adaptation) => Some(*adaptation),
        };
        let course = adaptation.map(|adaptation| {
            Box::new(Course {
                adaptation,
                ..Course::default()
            })
        });
        Ok(Self { asked, caps, course })
    }

    /// The request to send now.
    #[must_use]
    pub fn call(&self) -> &Call {
        let request = self.course.as_ref().and_then(|course| course.request.as_ref());
        request.unwrap_or_else(|| self.sent())
    }

    /// The call as the program made it.
    #[must_use]
    pub fn asked(&self) -> &Call {
        &self.asked
    }

    /// The calls that do the work, in their order. Each is sent once the one before it has
    /// succeeded. In most plans this is one call.
    pub fn calls(&self) -> impl Iterator<Item = &Call> {
        let then = self.adaptation().map_or(&[][..], |own| &own.then);
        std::iter::once(self.first_call()).chain(then)
    }

    /// Whether the call is sent as it is, byte for byte, and its reply is returned as it is.
    #[must_use]
    pub fn is_pass(&self) -> bool {
        self.adaptation().is_none_or(Adaptation::is_pass)
    }

    /// The changes of the call and of its reply, with their rows.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        self.adaptation().map_or(&[], |own| &own.changes)
    }

    /// The changes that the plan has only noted: by [`Mode::Observe`](super::Mode::Observe), or
    /// since a webhook may not make them.
    #[must_use]
    pub fn noted(&self) -> &[Change] {
        self.adaptation().map_or(&[], |own| &own.noted)
    }

    /// The same with a call of its own.
    pub fn into_owned(self) -> PlannedCall<'static> {
        PlannedCall {
            asked: Cow::Owned(self.asked.into_owned()),
            caps: self.caps,
            course: self.course,
        }
    }

    /// Takes the reply to [`call`](Self::call).
    pub fn take(mut self, reply: Reply) -> Step<'c> {
        let stage = match &mut self.course {
            Some(course) => mem::replace(&mut course.stage, Stage::Over),
            None => Stage::Call,
        };
        match stage {
            Stage::Call => match self.lacks(&reply) {
                Some(requirement) => Step::Absent(Absent {
                    planned: self,
                    requirement,
                    reply,
                }),
                None => self.take_main(reply),
            },
            Stage::Again => self.take_main(reply),
            Stage::ListHandlers(done, follow_up) => {
                let request = |method: &str, params| self.request(method, params);
                let removal = handlers::removal(&reply, &follow_up, request);
                self.warn(removal.left);
                self.remove_next(done, removal.calls.into_iter())
            }
            Stage::RemoveHandlers(done, calls) => {
                let left = "the portal did not remove all of them";
                self.warn((!handlers::is_removed(&reply)).then_some(left));
                self.remove_next(done, calls)
            }
            Stage::Over => self.finish(reply),
        }
    }

    /// No reply came to [`call`](Self::call). If the call itself has succeeded before, and only
    /// extra work is not done, this is its reply. `None` means that the call has failed: the
    /// client's error stands. A part of the call may have run: see
    /// [`is_partly_done`](Self::is_partly_done).
    #[must_use]
    pub fn interrupted(mut self) -> Option<Done> {
        self.stop()
    }

    /// Whether several calls were sent for this one, and at least one has succeeded. Then a
    /// repeat of the whole would do a part twice.
    #[must_use]
    pub fn is_partly_done(&self) -> bool {
        self.course.as_ref().is_some_and(|course| course.is_partly_done)
    }

    /// As [`interrupted`](Self::interrupted). The call is over after it.
    pub(crate) fn stop(&mut self) -> Option<Done> {
        let course = self.course.as_mut()?;
        match mem::replace(&mut course.stage, Stage::Over) {
            Stage::ListHandlers(reply, _) | Stage::RemoveHandlers(reply, _) => {
                course.warnings.push("the portal could not be asked for them");
                Some(course.done_with(reply))
            }
            _ => None,
        }
    }

    /// Whether the last request was for the call itself, and not for work that follows it.
    pub(crate) fn is_of_call(&self) -> bool {
        let stage = self.course.as_ref().map(|course| &course.stage);
        matches!(stage, None | Some(Stage::Call | Stage::Again))
    }

    /// Whether no reply has come yet.
    #[cfg(feature = "registry")]
    pub(crate) fn is_first(&self) -> bool {
        let stage = self.course.as_ref().map(|course| &course.stage);
        matches!(stage, None | Some(Stage::Call))
    }

    /// Whether the adaptation changes the result.
    #[cfg(feature = "registry")]
    pub(crate) fn changes_result(&self) -> bool {
        self.adaptation().is_some_and(Adaptation::changes_reply)
    }

    /// The first call to send; `None` if the call stays as it is, byte for byte.
    #[cfg(feature = "registry")]
    pub(crate) fn changed_call(&self) -> Option<&Call> {
        self.adaptation()?.call.as_ref()
    }

    /// Whether a reply with this HTTP status has to be read. If not, an adapter passes it on
    /// unread.
    #[cfg(feature = "registry")]
    pub(crate) fn wants_reply(&self, status: u16) -> bool {
        let of_adaptation = self
            .adaptation()
            .is_some_and(|own| own.changes_reply() || !own.follow_ups.is_empty() || !own.then.is_empty());
        // The errors of a batch come with a status of success.
        let is_bad = !(200..300).contains(&status);
        of_adaptation || is_bad || self.is_batch() || self.is_of_older_bot()
    }

    /// The addresses of bots that the replies so far have shown.
    #[cfg(feature = "registry")]
    pub(crate) fn take_bots(&mut self) -> Vec<BotAddress> {
        let course = self.course.as_mut();
        course.map(|course| mem::take(&mut course.bots)).unwrap_or_default()
    }

    fn adaptation(&self) -> Option<&Adaptation> {
        self.course.as_ref().map(|course| &course.adaptation)
    }

    /// The first call to send, changed or not.
    pub(crate) fn first_call(&self) -> &Call {
        let changed = self.adaptation().and_then(|own| own.call.as_ref());
        changed.unwrap_or(&self.asked)
    }

    /// The call that was sent last, without extra requests.
    fn sent(&self) -> &Call {
        let then = self.course.as_ref().and_then(|course| {
            let nth = course.done.checked_sub(1)?;
            course.adaptation.then.get(nth)
        });
        then.unwrap_or_else(|| self.first_call())
    }

    pub(crate) fn is_batch(&self) -> bool {
        self.asked.method().eq_ignore_ascii_case(BATCH)
    }

    /// Whether the call sets the address of the events of a bot of the older kind.
    fn is_of_older_bot(&self) -> bool {
        let sent = self.adaptation().and_then(|own| own.call.as_ref());
        bots::is_of_bot(self.asked.method()) && sent.is_some_and(|sent| sent.method() != self.asked.method())
    }

    /// The requirement of the method, if the portal refused it as absent by the name that the
    /// program gave, and a row is about it.
    fn lacks(&self, reply: &Reply) -> Option<Requirement> {
        let is_other = self.first_call().method() != self.asked.method();
        match is_absent(reply) && !is_other && !self.is_batch() {
            true => requirement_of(self.asked.method(), &self.caps),
            false => None,
        }
    }

    /// Takes a reply to the call itself.
    fn take_main(mut self, mut reply: Reply) -> Step<'c> {
        let is_batch = self.is_batch();
        let is_merged = !is_batch && self.first_call().method() == BATCH;
        let older_bot = self.is_of_older_bot();
        if let Some(course) = &mut self.course {
            course.request = None;
            if let (true, Reply::Result(result)) = (is_merged, &reply) {
                course.is_partly_done = BatchView::of(result).is_some_and(|replies| replies.has_result());
            }
            let has_next = course.done < course.adaptation.then.len();
            if has_next && matches!(reply, Reply::Result(_)) {
                course.done += 1;
                course.is_partly_done = true;
                course.stage = Stage::Again;
                return Step::Send(self);
            }
            // The result of the last call is the result of the whole.
            reply = course.adaptation.read(reply);
            if let Reply::Error(error) = &mut reply {
                error.has_result |= course.is_partly_done;
            }
        }
        let Reply::Result(result) = &reply else {
            return self.finish(reply);
        };
        let bots = match is_batch {
            true if self.caps.knowledge().imbot_v2() != Some(true) => addresses_of(&self.asked, result),
            false if older_bot => address_of(&self.asked, result).into_iter().collect(),
            _ => Vec::new(),
        };
        if !bots.is_empty() {
            self.course_mut().bots = bots;
        }
        let follow_ups = self.adaptation().map_or(&[][..], |own| &own.follow_ups);
        match follow_ups {
            [] => self.finish(reply),
            // If one batch has several addresses, it is unknown which one is in use now.
            [follow_up] if !is_batch || handlers::has_all_run(&self.asked, result) => {
                let stage = Stage::ListHandlers(reply, follow_up.clone());
                let listing = self.request(BATCH, handlers::listing());
                let course = self.course_mut();
                course.stage = stage;
                course.request = Some(listing);
                Step::Send(self)
            }
            _ => {
                let left = "the batch did not run as a whole, or has several such calls";
                self.warn(Some(left));
                self.finish(reply)
            }
        }
    }

    /// The next request that removes handlers, or the reply to the call.
    fn remove_next(mut self, done: Reply, mut calls: std::vec::IntoIter<Call>) -> Step<'c> {
        let Some(call) = calls.next() else {
            return self.finish(done);
        };
        let course = self.course_mut();
        course.request = Some(call);
        course.stage = Stage::RemoveHandlers(done, calls);
        Step::Send(self)
    }

    fn finish(self, reply: Reply) -> Step<'c> {
        Step::Done(match self.course {
            Some(mut course) => course.done_with(reply),
            None => Done::plain(reply),
        })
    }

    fn course_mut(&mut self) -> &mut Course {
        self.course.get_or_insert_default()
    }

    fn warn(&mut self, why: Option<&'static str>) {
        self.course_mut().warnings.extend(why);
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

impl Course {
    fn done_with(&mut self, reply: Reply) -> Done {
        Done {
            reply,
            bots: mem::take(&mut self.bots),
            warnings: mem::take(&mut self.warnings),
            is_partly_done: self.is_partly_done,
        }
    }
}

impl<'c> Absent<'c> {
    /// The call as the program made it.
    #[must_use]
    pub fn call(&self) -> &Call {
        &self.planned.asked
    }

    /// The requirement of the method. Its id is that of a row. A handle of a registry takes it:
    /// `Handle::report_absent`.
    #[must_use]
    pub fn requirement(&self) -> Requirement {
        self.requirement
    }

    /// The portal's refusal.
    #[must_use]
    pub fn reply(&self) -> &Reply {
        &self.reply
    }

    /// The end of the call, with the portal's refusal as its reply.
    pub fn give_up(self) -> Done {
        let reply = match self.planned.adaptation() {
            Some(adaptation) => adaptation.read(self.reply),
            None => self.reply,
        };
        Done::plain(reply)
    }

    /// Goes on with another form of the call. Without another form, or if this plan has none, the
    /// portal's refusal is the reply.
    pub(crate) fn replanned(mut self, plan: Plan) -> Step<'c> {
        let other = |own: &Adaptation| own.call.as_ref().is_some_and(|call| call.method() != self.call().method());
        match plan {
            Plan::Adapt(adaptation) if other(&adaptation) => {
                self.planned.course = Some(Box::new(Course {
                    adaptation: *adaptation,
                    stage: Stage::Again,
                    ..Course::default()
                }));
                Step::Send(self.planned)
            }
            _ => Step::Done(self.give_up()),
        }
    }
}

/// Whether a reply says that there is no such method.
fn is_absent(reply: &Reply) -> bool {
    matches!(reply, Reply::Error(error) if error.class() == Class::Absent)
}

/// The requirement of the row that is about a method; `None` if no row is.
pub(crate) fn requirement_of(method: &str, caps: &Caps) -> Option<Requirement> {
    let table = caps.table();
    let number = table.index().rules(method)?.whole.first()?.row;
    Some(caps.gate_at(number)?.named(table.rows.get(number)?.id()))
}

impl fmt::Debug for PlannedCall<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlannedCall")
            .field("call", self.call())
            .field("changes", &self.changes())
            .field("noted", &self.noted())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Absent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Absent")
            .field("call", self.call())
            .field("requirement", &self.requirement)
            .field("reply", &self.reply)
            .finish()
    }
}
