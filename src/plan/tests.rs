//! The decision, without a portal.

use serde_json::{Value, json};

use super::adaptation::*;
use super::*;
use crate::wire::{Call, Reply, commands};
use crate::{Caps, Feature, Knowledge};

mod batches;
mod calls;
mod json_text;
mod messages;
mod planned;
mod policies;
mod properties;
mod registrations;
mod replies;
mod shims;
mod short_way;
mod translations;

/// A portal at REST 32 with imbot.v2.
fn at_32() -> Caps {
    Caps::at(32).with_imbot_v2()
}

/// The decision, without the call.
fn plan(call: &Call, caps: &Caps, policy: &Policy) -> Plan {
    Planner::new(caps, policy).decide(call)
}

/// A call with these parameters.
fn call(method: &str, params: Value) -> Call {
    match params {
        Value::Object(params) => Call::with_params(method, params),
        other => panic!("no parameters: {other}"),
    }
}

/// The call that is sent, as JSON; the plan must be one.
#[track_caller]
fn adapted(call: &Call, caps: &Caps) -> Value {
    sent(call, &plan(call, caps, &Policy::default()))
}

#[track_caller]
fn sent(original: &Call, plan: &Plan) -> Value {
    match plan {
        Plan::Pass { .. } => shown(original),
        Plan::Adapt(adapted) => shown(adapted.call(original)),
        Plan::Refuse(refused) => panic!("{refused}"),
    }
}

fn shown(call: &Call) -> Value {
    json!([call.method(), call.params()])
}

/// The refusal; the plan must be one.
#[track_caller]
fn refused(call: &Call, caps: &Caps) -> Refused {
    let plan = plan(call, caps, &Policy::default());
    plan.refused().cloned().unwrap_or_else(|| panic!("{plan:?}"))
}

/// The ids of the rows that changed something, each once.
fn rows(plan: &Plan) -> Vec<&'static str> {
    let mut ids: Vec<_> = plan
        .adapted()
        .into_iter()
        .flat_map(|adapted| adapted.changes())
        .map(|change| change.row().id())
        .collect();
    ids.dedup();
    ids
}

fn reply(result: Value) -> Reply {
    Reply::Result(result)
}

fn error(code: &str) -> Reply {
    let body = json!({"error": code, "error_description": "why"}).to_string();
    Reply::read(400, None, body.as_bytes())
}

fn code(reply: &Reply) -> &str {
    match reply {
        Reply::Error(error) => error.code.as_str(),
        other => panic!("{other:?}"),
    }
}

fn result(reply: Reply) -> Value {
    match reply {
        Reply::Result(result) => result,
        other => panic!("{other:?}"),
    }
}
