//! Event handlers that a call has made useless: which requests remove them.

use serde_json::{Map, Value, json};

use crate::plan::adaptation::FollowUp;
use crate::table::path::member;
use crate::wire::{BATCH, BatchView, Call, Outcome, Reply, commands, reference};

/// The most handlers that are removed after one call. An application has about ten.
const MAX_HANDLERS: usize = 200;

/// The most handlers that are removed by a request each.
const MAX_SINGLE: usize = 10;

/// How handlers are removed.
pub(super) struct Removal {
    /// The requests, in their order.
    pub(super) calls: Vec<Call>,
    /// Why some handlers, or all of them, stay in place.
    pub(super) left: Option<&'static str>,
}

impl Removal {
    fn none(why: &'static str) -> Self {
        Self {
            calls: Vec::new(),
            left: Some(why),
        }
    }
}

/// The parameters of the batch that lists the bots and the handlers.
pub(super) fn listing() -> Value {
    json!({
        "halt": 1,
        "cmd": {"bots": "imbot.v2.Bot.list", "handlers": "event.get"},
    })
}

/// The requests that remove the useless handlers, by the portal's list of bots and handlers.
/// There are none if another bot may need the handlers: handlers belong to the application, not
/// to a bot.
pub(super) fn removal(reply: &Reply, follow_up: &FollowUp, request: impl Fn(&str, Value) -> Call) -> Removal {
    let FollowUp::UnbindEvents { events, in_use } = follow_up else {
        return Removal {
            calls: Vec::new(),
            left: None,
        };
    };
    let replies = match reply {
        Reply::Result(result) => BatchView::of(result),
        _ => None,
    };
    let answer = |key| match replies.and_then(|replies| replies.get(key)) {
        Some(Outcome::Result(answer)) => Some(answer),
        _ => None,
    };
    let Some((bots, handlers)) = answer("bots").zip(answer("handlers")) else {
        return Removal::none("event handlers of no use may stay in place: the portal did not list them");
    };
    let others = bots.get("bots").and_then(Value::as_array).map_or(0, Vec::len);
    if others > usize::from(in_use.is_some()) {
        return Removal::none(
            "event handlers of no use stay in place: the application has other bots, which may be told by them",
        );
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
        // A portal can accept an address and not use it.
        return Removal::none("event handlers stay in place: the new address is not among them");
    }
    let useless = handlers.iter().filter_map(bound);
    let mut useless = useless.filter(|(_, url)| !is_in_use(url));
    let (mut single, mut batched) = (Vec::new(), Vec::new());
    let mut is_beyond = false;
    for (event, url) in useless.by_ref().take(MAX_HANDLERS) {
        let call = Call::new("event.unbind")
            .with("event", event)
            .with("handler", url)
            // Such handlers belong to no user. And a credential without the right to remove
            // them gets an error.
            .with("auth_type", 0);
        // In a batch, the portal would change an address that looks like a reference.
        match reference::find(call.params()) {
            None => batched.push(call),
            Some(_) if single.len() < MAX_SINGLE => single.push(call),
            Some(_) => is_beyond = true,
        }
    }
    let mut left = None;
    if is_beyond || useless.next().is_some() {
        left = Some(
            "event handlers of no use stay in place: there are more of them than are removed after one call",
        );
    }
    let commands: Vec<String> = batched.iter().map(commands::command).collect();
    let in_batch = |commands: &[String]| {
        let commands = (0..).zip(commands);
        let commands = commands.map(|(nth, own): (usize, _)| (format!("handler{nth}"), own.as_str().into()));
        let commands: Map<String, Value> = commands.collect();
        request(BATCH, json!({"halt": 0, "cmd": commands}))
    };
    let batches = commands.chunks(commands::MAX_COMMANDS).map(in_batch);
    let single = single.into_iter();
    let single = single.map(|call| request(call.method(), Value::Object(call.params().clone())));
    Removal {
        calls: batches.chain(single).collect(),
        left,
    }
}

/// Whether every command of a batch was sent and has succeeded.
pub(super) fn has_all_run(batch: &Call, result: &Value) -> bool {
    let count = match member(batch.params(), "cmd") {
        Some((_, Value::Object(commands))) => commands.len(),
        Some((_, Value::Array(commands))) => commands.len(),
        _ => return false,
    };
    BatchView::of(result).is_some_and(|replies| replies.len() == count && replies.has_no_error())
}

/// Whether the reply to a request says that all its handlers are removed.
pub(super) fn is_removed(reply: &Reply) -> bool {
    let replies = match reply {
        Reply::Result(result) => BatchView::of(result),
        _ => None,
    };
    match (replies, reply) {
        (Some(replies), _) => replies.has_no_error(),
        // The request was a single call.
        (None, reply) => matches!(reply, Reply::Result(_)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batch_has_run_if_each_command_has() {
        for (cmd, result, has_run) in [
            (
                json!({"a": "x", "b": "y"}),
                json!({"result": {"a": 1, "b": 2}}),
                true,
            ),
            (json!(["x"]), json!({"result": [1]}), true),
            (json!({"a": "x", "b": "y"}), json!({"result": {"a": 1}}), false),
            (json!(["x", "y"]), json!({"result": [1]}), false),
            (
                json!({"a": "x"}),
                json!({"result": [], "result_error": {"a": {"error": "NO"}}}),
                false,
            ),
            (json!("x"), json!({"result": []}), false),
            (json!({"a": "x"}), json!(1), false),
        ] {
            let batch = Call::new(BATCH).with("cmd", cmd.clone());
            assert_eq!(has_all_run(&batch, &result), has_run, "{cmd} {result}");
        }
    }

    #[test]
    fn failed_commands_remove_nothing() {
        for (result, removed) in [
            (json!(true), true),
            (json!({"result": {"handler0": true}}), true),
            (
                json!({"result": [], "result_error": {"handler0": {"error": "NO"}}}),
                false,
            ),
        ] {
            assert_eq!(is_removed(&Reply::Result(result.clone())), removed, "{result}");
        }
        assert!(!is_removed(&Reply::read(400, None, br#"{"error": "NO"}"#)));
    }
}
