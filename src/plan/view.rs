//! Plans by serde, for logs and reports. A view has no value of a call: a value may be a secret.

use serde::Serialize;
use serde::ser::Serializer;

use super::adaptation::{Adaptation, FollowUp, Plan};
use super::refused::{Change, Reason, Refused};
use crate::caps::Unsupported;
use crate::table::Shim;
use crate::wire::Call;

#[derive(Serialize)]
#[serde(tag = "plan", rename_all = "kebab-case")]
enum PlanView<'p> {
    Pass { noted: &'p [Change] },
    Adapt(&'p Adaptation),
    Refuse(&'p Refused),
}

impl Serialize for Plan {
    /// The outcome as `plan`: `pass`, `adapt` or `refuse`, and the fields of the outcome.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let view = match self {
            Plan::Pass { noted } => PlanView::Pass { noted },
            Plan::Adapt(adaptation) => PlanView::Adapt(adaptation),
            Plan::Refuse(refused) => PlanView::Refuse(refused),
        };
        view.serialize(serializer)
    }
}

#[derive(Serialize)]
struct AdaptationView<'p> {
    /// The method of the changed call.
    method: Option<&'p str>,
    then: Vec<&'p str>,
    changes: &'p [Change],
    noted: &'p [Change],
    changes_reply: bool,
    follow_ups: &'p [FollowUp],
}

impl Serialize for Adaptation {
    /// The methods that are sent, and the changes. No parameter of a call.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let view = AdaptationView {
            method: self.changed_call().map(Call::method),
            then: self.then().iter().map(Call::method).collect(),
            changes: self.changes(),
            noted: self.noted(),
            changes_reply: self.changes_reply(),
            follow_ups: self.follow_ups(),
        };
        view.serialize(serializer)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum FollowUpView<'p> {
    UnbindEvents(&'p [&'static str]),
}

impl Serialize for FollowUp {
    /// The names of the events. Not the address: it may hold a token.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let FollowUp::UnbindEvents { events, .. } = self;
        FollowUpView::UnbindEvents(events).serialize(serializer)
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
            command: self.command(),
            row: self.row().id(),
            reason: match self.reason() {
                Reason::Unsupported(_) => "unsupported",
                Reason::Contradicted => "contradicted",
                Reason::Trap => "trap",
                Reason::NoOlderForm(..) => "no-older-form",
                Reason::UnreadableText(_) => "unreadable-text",
            },
            unsupported: self.unsupported(),
            text: self.to_string(),
        };
        view.serialize(serializer)
    }
}
