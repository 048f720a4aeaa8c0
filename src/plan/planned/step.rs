//! The steps of a planned call: what a reply makes of it.

use std::fmt;
use std::mem;

use serde_json::{Map, Value};

use super::address::{Address, Next};
use super::done::Done;
use super::event_addresses::{address_of, addresses_of};
use super::handlers;
use super::registrations::Registrations;
use super::{Course, PlannedCall, Stage};
use crate::caps::Caps;
use crate::feature::Requirement;
use crate::plan::adaptation::{Adaptation, FollowUp, Plan};
use crate::wire::{BATCH, BatchView, Call, ErrorClass, Reply};

/// What to do after a reply. These three are final: no more will be added.
#[must_use = "the call may not be done yet"]
#[derive(Debug)]
pub enum Step<'c> {
    /// Send [`PlannedCall::call`], and give it the reply.
    Send(PlannedCall<'c>),
    /// The portal refused the method as absent. By what was known it should have it. The call
    /// did nothing. See [`MethodNotFound`].
    MethodNotFound(MethodNotFound<'c>),
    /// The call is over.
    Done(Done),
}

/// A call whose method the portal refused as absent.
///
/// [`Planner::replan`](crate::plan::Planner::replan) finds another form of the call. A program can
/// first ask the portal again what it has, and plan by the new answer. [`give_up`](Self::give_up)
/// returns the portal's refusal.
#[must_use = "the call is not done"]
pub struct MethodNotFound<'c> {
    planned: PlannedCall<'c>,
    requirement: Requirement,
    reply: Reply,
}

impl<'c> PlannedCall<'c> {
    /// Takes the reply to [`call`](Self::call).
    pub fn take(mut self, reply: Reply) -> Step<'c> {
        let stage = match &mut self.course {
            Some(course) => mem::replace(&mut course.stage, Stage::Over),
            None => Stage::Call,
        };
        match stage {
            Stage::Call => match self.lacks(&reply) {
                Some(requirement) => Step::MethodNotFound(MethodNotFound {
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
                let left = "event handlers of no use stay in place: the portal did not remove all of them";
                self.warn((!handlers::is_removed(&reply)).then_some(left));
                self.remove_next(done, calls)
            }
            Stage::SetAddress(done, address, stage, events) => {
                let next = address.take(stage, &reply);
                self.set_address(done, address, next, events)
            }
            Stage::Over => self.finish(reply),
        }
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
        if follow_ups.is_empty() {
            return self.finish(reply);
        }
        let registrations = Registrations::of(self.first_call(), result, follow_ups);
        let is_of_handlers = |own: &&FollowUp| matches!(own, FollowUp::UnbindEvents { .. });
        let mut unbinding = follow_ups.iter().filter(is_of_handlers);
        let (unbinding, left) = match (unbinding.next(), unbinding.next()) {
            (None, _) => (None, None),
            // If one batch has several addresses, it is unknown which one is in use now.
            (Some(own), None) if !is_batch || handlers::has_all_run(&self.asked, result) => {
                (Some(own.clone()), None)
            }
            _ => (
                None,
                Some(
                    "event handlers of no use may stay in place: the batch did not run as a whole, or has several such calls",
                ),
            ),
        };
        registrations
            .left
            .into_iter()
            .chain(left)
            .for_each(|why| self.warn(Some(why)));
        let course = self.course_mut();
        course.registrations = registrations.followed;
        course.unbinding = unbinding;
        self.follow_up(reply)
    }

    /// The next request that follows the call, or the reply to the call.
    fn follow_up(mut self, done: Reply) -> Step<'c> {
        let course = self.course_mut();
        if let Some(own) = course.registrations.pop_front() {
            return self.set_address(done, own.address, own.next, own.events);
        }
        match course.unbinding.take() {
            Some(unbinding) => self.list_handlers(done, unbinding),
            None => self.finish(done),
        }
    }

    fn list_handlers(mut self, done: Reply, unbinding: FollowUp) -> Step<'c> {
        let listing = self.request(BATCH, handlers::listing());
        let course = self.course_mut();
        course.stage = Stage::ListHandlers(done, unbinding);
        course.request = Some(listing);
        Step::Send(self)
    }

    /// The next request that makes sure of a bot's address, or the reply to the call.
    fn set_address(
        mut self,
        done: Reply,
        address: Address,
        next: Next,
        events: Vec<&'static str>,
    ) -> Step<'c> {
        match next {
            Next::Send(method, params, stage) => {
                let request = self.request(method, params);
                let course = self.course_mut();
                course.request = Some(request);
                course.stage = Stage::SetAddress(done, address, stage, events);
                Step::Send(self)
            }
            Next::Moved(url) if !events.is_empty() => {
                let in_use = Some(url);
                self.list_handlers(done, FollowUp::UnbindEvents { events, in_use })
            }
            Next::Moved(_) | Next::Done => self.follow_up(done),
            Next::Unsure(why) => {
                self.warn(Some(why));
                self.follow_up(done)
            }
        }
    }

    /// The next request that removes handlers, or the reply to the call.
    fn remove_next(mut self, done: Reply, mut calls: std::vec::IntoIter<Call>) -> Step<'c> {
        let Some(call) = calls.next() else {
            return self.follow_up(done);
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

    fn warn(&mut self, why: Option<&'static str>) {
        let warnings = &mut self.course_mut().warnings;
        warnings.extend(why.filter(|why| !warnings.contains(why)));
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
        Call::with_params(method, params)
    }
}

impl<'c> MethodNotFound<'c> {
    /// The call as the program made it.
    #[must_use]
    pub fn call(&self) -> &Call {
        &self.planned.asked
    }

    /// The requirement of the method. Its id is that of a row. A handle of a registry takes it:
    /// `Handle::report_not_found`.
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
        let other = |own: &Adaptation| {
            own.call
                .as_ref()
                .is_some_and(|call| call.method() != self.call().method())
        };
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
    matches!(reply, Reply::Error(error) if error.class() == ErrorClass::Absent && error.proves_not_run())
}

/// The requirement of the row that is about a method; `None` if no row is.
pub(crate) fn requirement_of(method: &str, caps: &Caps) -> Option<Requirement> {
    let table = caps.table();
    let number = table.index().rules(method)?.whole.first()?.row;
    Some(caps.range_at(number)?.named(table.rows.get(number)?.id()))
}

impl fmt::Debug for MethodNotFound<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MethodNotFound")
            .field("call", self.call())
            .field("requirement", &self.requirement)
            .field("reply", &self.reply)
            .finish()
    }
}
