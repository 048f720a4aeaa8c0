//! A call with its plan: the requests to send for it, and the reply to return.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::fmt;
use std::mem;

use super::adaptation::{Adaptation, FollowUp, Plan};
use super::refused::{Change, Refused};
use crate::caps::Caps;
use crate::wire::{BATCH, Call, Reply};
use address::Address;
use registrations::Registration;

mod address;
mod done;
mod event_addresses;
mod handlers;
mod pages;
mod registrations;
pub(super) mod step;

#[cfg(feature = "registry")]
pub(crate) use done::partly_done;
pub use done::{Done, ReplyError};
pub use event_addresses::BotAddress;

/// A call in the form that its portal takes, with all that belongs to it: the reader of its
/// reply, and the requests that may follow. Only a plan makes one.
///
/// It does no I/O. The program sends [`call`](Self::call) and gives the reply to
/// [`take`](Self::take), until the [step](super::Step) is [`Step::Done`](super::Step::Done):
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
///             Step::MethodNotFound(absent) => planner.replan(absent),
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
/// [`take`](Self::take) consumes it, so each request has one reply, and a call that is over cannot be
/// sent again:
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
    pub(super) asked: Cow<'c, Call>,
    pub(super) caps: Caps,
    /// `None` if the call is sent as it is. Then nothing is allocated.
    pub(super) course: Option<Box<Course>>,
}

/// How far a call has come that is not simply sent.
#[derive(Default)]
pub(super) struct Course {
    pub(super) adaptation: Adaptation,
    /// The request to send now, if it is neither the call nor one of its further calls.
    pub(super) request: Option<Call>,
    pub(super) stage: Stage,
    /// The registrations of bots whose addresses are to be made sure of.
    pub(super) registrations: VecDeque<Registration>,
    /// The handlers to remove after that.
    pub(super) unbinding: Option<FollowUp>,
    /// How many of the adaptation's calls have succeeded.
    pub(super) done: usize,
    pub(super) is_partly_done: bool,
    /// Whether a page of events came too late.
    pub(super) is_late: bool,
    pub(super) bots: Vec<BotAddress>,
    pub(super) warnings: Vec<&'static str>,
}

#[derive(Default)]
pub(super) enum Stage {
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
    /// The registration of a bot has succeeded with this reply. Requests make sure of its address. After a
    /// change, the handlers of these events are removed from other addresses.
    SetAddress(Reply, Address, address::Stage, Vec<&'static str>),
    Over,
}

impl PartialEq for PlannedCall<'_> {
    /// Whether the same call was planned by the same caps and with the same result. Replies that were
    /// taken do not count.
    fn eq(&self, other: &Self) -> bool {
        (&self.asked, self.caps, self.adaptation()) == (&other.asked, other.caps, other.adaptation())
    }
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
    pub fn original(&self) -> &Call {
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
    pub fn unapplied(&self) -> &[Change] {
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

    /// No reply came to [`call`](Self::call). If the call itself has succeeded before, and only
    /// extra work is not done, this is its reply. `None` means that the call has failed: the
    /// client's error stands. A part of the call may have run: see
    /// [`is_partly_done`](Self::is_partly_done).
    #[must_use]
    pub fn reply_lost(mut self) -> Option<Done> {
        self.stop()
    }

    /// Whether several calls were sent for this one, and at least one has succeeded. Then a
    /// repeat of the whole would do a part twice.
    #[must_use]
    pub fn is_partly_done(&self) -> bool {
        self.course.as_ref().is_some_and(|course| course.is_partly_done)
    }

    /// As [`reply_lost`](Self::reply_lost). The call is over after it.
    pub(crate) fn stop(&mut self) -> Option<Done> {
        let course = self.course.as_mut()?;
        match mem::replace(&mut course.stage, Stage::Over) {
            Stage::ListHandlers(reply, _) | Stage::RemoveHandlers(reply, _) => {
                course
                    .warnings
                    .push("event handlers of no use stay in place: the portal could not be asked for them");
                Some(course.done_with(reply))
            }
            Stage::SetAddress(reply, ..) => {
                course
                    .warnings
                    .push("the bot's address may be another: the portal could not be asked for it");
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
        course
            .map(|course| mem::take(&mut course.bots))
            .unwrap_or_default()
    }

    pub(super) fn adaptation(&self) -> Option<&Adaptation> {
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
    pub(super) fn is_of_older_bot(&self) -> bool {
        let sent = self.adaptation().and_then(|own| own.call.as_ref());
        event_addresses::is_of_bot(self.asked.method())
            && sent.is_some_and(|sent| sent.method() != self.asked.method())
    }

    pub(super) fn course_mut(&mut self) -> &mut Course {
        self.course.get_or_insert_default()
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

impl fmt::Debug for PlannedCall<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlannedCall")
            .field("call", self.call())
            .field("changes", &self.changes())
            .field("noted", &self.unapplied())
            .finish_non_exhaustive()
    }
}
