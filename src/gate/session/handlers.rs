//! Event handlers that a call has made useless, and how they are removed.

use serde_json::{Map, Value, json};

use super::{Passage, Stage, Step};
use crate::plan::FollowUp;
use crate::plan::batch;
use crate::wire::{BATCH, BatchView, Call, Outcome, Reply, reference};

/// The most handlers that are removed after one call. An application has some ten.
const MAX_HANDLERS: usize = 200;

/// The most of them that are removed by a request each.
const MAX_SINGLE: usize = 10;

impl Passage {
    /// Removes the handlers that the call has made useless, when it is sure that no
    /// other bot is told by them: they belong to the application, not to the bot.
    pub(super) fn unbind(&self, reply: &Reply, follow_up: &FollowUp) -> Vec<Call> {
        let FollowUp::UnbindEvents { events, in_use } = follow_up;
        let replies = match reply {
            Reply::Result(result) => BatchView::of(result),
            _ => None,
        };
        let answer = |key| match replies.and_then(|replies| replies.get(key)) {
            Some(Outcome::Result(answer)) => Some(answer),
            _ => None,
        };
        let Some((bots, handlers)) = answer("bots").zip(answer("handlers")) else {
            self.warn_of_handlers("the portal did not list them");
            return Vec::new();
        };
        let others = bots.get("bots").and_then(Value::as_array).map_or(0, Vec::len);
        if others > usize::from(in_use.is_some()) {
            self.warn_of_handlers("the application has other bots, which may be told by them");
            return Vec::new();
        }
        let handlers = handlers.as_array().map(Vec::as_slice).unwrap_or_default();
        let bound = |handler: &'_ Value| {
            let event = handler.get("event")?.as_str()?.to_ascii_uppercase();
            let event = events.iter().find(|own| **own == event)?;
            Some((*event, handler.get("handler")?.as_str()?.to_owned()))
        };
        let is_in_use = |url: &str| in_use.as_deref() == Some(url);
        let mut all = handlers.iter().filter_map(bound);
        if in_use.is_some() && !all.any(|(_, url)| is_in_use(&url)) {
            // Portals accept an address that they do not take.
            self.warn_of_handlers("the new address is not among them");
            return Vec::new();
        }
        let useless = handlers.iter().filter_map(bound);
        let mut useless = useless.filter(|(_, url)| !is_in_use(url));
        let (mut single, mut batched) = (Vec::new(), Vec::new());
        let mut is_beyond = false;
        for (event, url) in useless.by_ref().take(MAX_HANDLERS) {
            let call = Call::new("event.unbind")
                .with("event", event)
                .with("handler", url)
                // Those that the portal made are nobody's; and a credential that may
                // not remove them is told so.
                .with("auth_type", 0);
            // Of an address that reads like a reference a batch would make another.
            match reference::find(call.params()) {
                None => batched.push(call),
                Some(_) if single.len() < MAX_SINGLE => single.push(call),
                Some(_) => is_beyond = true,
            }
        }
        if is_beyond || useless.next().is_some() {
            self.warn_of_handlers("there are more of them than are removed after one call");
        }
        let commands: Vec<String> = batched.iter().map(batch::command).collect();
        let in_batch = |commands: &[String]| {
            let commands = (0..).zip(commands);
            let commands =
                commands.map(|(nth, own): (usize, _)| (format!("handler{nth}"), own.as_str().into()));
            let commands: Map<String, Value> = commands.collect();
            self.of_request(BATCH, json!({"halt": 0, "cmd": commands}))
        };
        let batches = commands.chunks(batch::MAX_COMMANDS).map(in_batch);
        let single = single.into_iter();
        let single = single.map(|call| self.of_request(call.method(), Value::Object(call.params().clone())));
        batches.chain(single).collect()
    }

    /// Sends the next of these, until there are none.
    pub(super) fn unbinding(&mut self, done: Reply, calls: Vec<Call>) -> Step {
        let mut calls = calls.into_iter();
        match calls.next() {
            Some(call) => {
                self.stage = Stage::Unbinding(done, calls.collect());
                Step::Send(call)
            }
            None => Step::Done(done),
        }
    }

    pub(super) fn unbound(&self, reply: &Reply) {
        let replies = match reply {
            Reply::Result(result) => BatchView::of(result),
            _ => None,
        };
        let all = match (replies, reply) {
            (Some(replies), _) => replies.has_no_error(),
            // Of a single call.
            (None, reply) => matches!(reply, Reply::Result(_)),
        };
        if !all {
            self.warn_of_handlers("the portal did not remove all of them");
        }
    }

    pub(super) fn warn_of_handlers(&self, why: &str) {
        tracing::warn!(
            bitrix24.portal = %self.gated.handle.portal().address(),
            rpc.method = self.asked.method(),
            error.message = why,
            "event handlers that are of no use any more stay in place"
        );
    }
}
