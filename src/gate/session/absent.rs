//! Methods that a portal refuses as absent: the reports to the registry.

use std::borrow::Cow;

use serde_json::Value;

use crate::gate::portal_gate::PortalGate;
use crate::registry::Contradicted;
use crate::table::path::member;
use crate::wire::{ApiError, BatchView, Call, Class, Outcome, Reply, commands};

/// Whether a reply says that there is no such method.
pub(super) fn is_absent(reply: &Reply) -> bool {
    matches!(reply, Reply::Error(error) if error.class() == Class::Absent)
}

/// Reports to the registry that a method is absent; `None` if no row is about it. If the
/// portal's revision is unknown, the portal is asked once, however many such replies came.
pub(super) async fn report_absent(
    portal_gate: &PortalGate,
    call: &Call,
    reply: &Reply,
    has_asked: &mut bool,
) -> Option<()> {
    let table = portal_gate.gate.table();
    let rules = table.index().rules(call.method())?;
    let row = table.rows.get(rules.whole.first()?.row)?;
    let requirement = portal_gate.handle.caps().requirement_of(row)?;
    let known = portal_gate.handle.caps().check(requirement);
    if known.is_supported() {
        let _: Contradicted = portal_gate.handle.report_absent(requirement, reply).await;
    } else if known.is_unknown() && !std::mem::replace(has_asked, true) {
        // The reply does not say which methods the portal has instead.
        drop(portal_gate.handle.ready().await);
    }
    Some(())
}

/// The commands of a batch that the portal refused as absent, with its errors.
pub(super) fn absent_commands(batch: &Call, reply: &Reply) -> Vec<(Call, ApiError)> {
    let Reply::Result(result) = reply else {
        return Vec::new();
    };
    let Some(replies) = BatchView::of(result) else {
        return Vec::new();
    };
    let commands: Vec<(Cow<'_, str>, &Value)> = match member(batch.params(), "cmd") {
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
        let command = command.as_str().filter(|_| error.class() == Class::Absent)?;
        Some((commands::call_of(command), error))
    });
    refused.collect()
}
