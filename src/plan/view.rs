//! Plans by serde, for logs and reports. A view has no value of a call: a value may be a secret.

use serde::Serialize;
use serde::ser::Serializer;

use super::planned::PlannedCall;
use super::refused::{Change, Reason, Refused};
use crate::caps::Unsupported;
use crate::table::Shim;
use crate::wire::Call;

#[derive(Serialize)]
struct PlannedView<'p> {
    plan: &'static str,
    /// The methods that are sent, in order.
    methods: Vec<&'p str>,
    changes: &'p [Change],
    noted: &'p [Change],
}

impl Serialize for PlannedCall<'_> {
    /// `pass` or `adapt` as `plan`, the methods that are sent, and the changes. No parameter of a call.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let view = PlannedView {
            plan: if self.is_pass() { "pass" } else { "adapt" },
            methods: self.calls().map(Call::method).collect(),
            changes: self.changes(),
            noted: self.unapplied(),
        };
        view.serialize(serializer)
    }
}

#[derive(Serialize)]
struct ChangeView<'p> {
    row: &'static str,
    shim: Shim,
    at: &'p str,
    to: Option<&'p str>,
    text: String,
}

impl Serialize for Change {
    /// The id of the row, the kind of the change, names of parameters, and the text for people.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let view = ChangeView {
            row: self.row().id(),
            shim: self.shim(),
            at: self.at(),
            to: self.to(),
            text: self.to_string(),
        };
        view.serialize(serializer)
    }
}

#[derive(Serialize)]
struct RefusedView<'p> {
    method: &'p str,
    parameter: Option<&'p str>,
    command: Option<&'p str>,
    row: &'static str,
    reason: &'static str,
    unsupported: Option<&'p Unsupported>,
    text: String,
}

impl Serialize for Refused {
    /// The method, the names of the parameter and the command, the reason, and the text for people.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let view = RefusedView {
            method: self.method(),
            parameter: self.parameter(),
            command: self.batch_key(),
            row: self.row().id(),
            reason: match self.reason() {
                Reason::Unsupported(_) => "unsupported",
                Reason::Contradicted => "contradicted",
                Reason::Misread => "trap",
                Reason::NoOlderForm(..) => "no-older-form",
                Reason::UnreadableText(_) => "unreadable-text",
            },
            unsupported: self.unsupported(),
            text: self.to_string(),
        };
        view.serialize(serializer)
    }
}
