//! Methods that a portal refuses as absent: the reports to the registry.

use std::borrow::Cow;

use serde_json::Value;

use crate::gate::portal_gate::PortalGate;
use crate::registry::Contradicted;
use crate::table::path::member;
use crate::wire::{BatchView, Call, Class, Outcome, Reply, commands};

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

/// Reports the methods of a batch that the portal refused as absent.
pub(super) async fn report_of_batch(portal_gate: &PortalGate, batch: &Call, reply: &Reply) {
    let Reply::Result(result) = reply else { return };
    let Some(replies) = BatchView::of(result) else {
        return;
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
        _ => return,
    };
    let mut has_asked = false;
    for (key, command) in commands {
        if let (Some(Outcome::Error(error)), Some(command)) = (replies.get(&key), command.as_str())
            && error.class() == Class::Absent
        {
            // Other commands of the batch have run, so it is not sent again.
            let call = commands::call_of(command);
            report_absent(portal_gate, &call, &Reply::Error(error), &mut has_asked).await;
        }
    }
}
