//! What a call or an event needs of a portal, as the library says.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use imbot_caps::plan::{Change, Policy, Refused, plan};
use imbot_caps::table::{Kind, Row, Shim};
use imbot_caps::wire::Call;
use imbot_caps::{Caps, Revision, Table};
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::value::placeholder;

/// A kind of portal: a REST revision, with imbot.v2 or without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Build {
    pub(super) rest: Revision,
    pub(super) imbot_v2: bool,
}

impl Build {
    pub(super) fn caps(self) -> Caps {
        match self.imbot_v2 {
            true => Caps::at(self.rest).with_imbot_v2(),
            false => Caps::at(self.rest).without_imbot_v2(),
        }
    }
}

impl std::fmt::Display for Build {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "REST {}", self.rest)?;
        // Both kinds of portals have this number.
        if self.rest == Table::builtin().imbot_v2_builds().rest() {
            f.write_str(if self.imbot_v2 {
                " with imbot.v2"
            } else {
                " without imbot.v2"
            })?;
        }
        Ok(())
    }
}

/// The kinds of portals that the table can tell apart, the oldest first.
pub(super) static BUILDS: LazyLock<Vec<Build>> = LazyLock::new(|| {
    let table = Table::builtin();
    let first = table.imbot_v2_builds().rest();
    let of_rows = table.rows().filter_map(|row| {
        let requirement = row.requirement();
        (requirement.counter() == imbot_caps::Counter::Rest)
            .then(|| requirement.since())
            .flatten()
    });
    let mut numbers: Vec<Revision> = table.releases().map(|own| own.rest()).chain(of_rows).collect();
    numbers.push(first);
    numbers.sort_unstable();
    numbers.dedup();
    numbers
        .into_iter()
        .flat_map(|rest| {
            let older = (rest <= first).then_some(Build {
                rest,
                imbot_v2: false,
            });
            let newer = (rest >= first).then_some(Build { rest, imbot_v2: true });
            [older, newer].into_iter().flatten()
        })
        .collect()
});

/// What a gate does with a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "does")]
pub(super) enum GateAnswer {
    /// The call passes.
    Passes,
    /// The call is changed.
    Adapts { changes: Vec<String> },
    /// The call is refused.
    Refuses { reason: String },
    /// The reader of events gives the event the newer form.
    Reads { older: String },
}

impl std::fmt::Display for GateAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Passes => f.write_str("the gate lets the call pass"),
            Self::Adapts { changes } => write!(f, "the gate changes the call: {}", changes.join("; ")),
            Self::Refuses { reason } => write!(f, "the gate refuses the call: {reason}"),
            Self::Reads { older } => write!(f, "the reader of events takes {older} in its place"),
        }
    }
}

/// What a use needs.
#[derive(Clone, Debug, Default)]
pub(super) struct Needs {
    /// The row that asks for the newest portal.
    pub(super) row: Option<&'static str>,
    /// The oldest build that takes it as it is, by its number in [`BUILDS`].
    pub(super) plain: usize,
    /// The oldest build that takes it through a gate.
    pub(super) gated: usize,
    /// What the gate does just below `plain`.
    pub(super) gate: Option<Arc<GateAnswer>>,
    /// Rows about what is taken today and will not be, with the day.
    pub(super) deprecated: Vec<&'static Row>,
}

/// What portals of each of [`BUILDS`] can do.
static CAPS: LazyLock<Vec<Caps>> = LazyLock::new(|| BUILDS.iter().map(|build| build.caps()).collect());

/// The most calls whose needs a thread keeps.
const MAX_KEPT: usize = 4096;

thread_local! {
    /// The needs of calls, by what they are worked out from. A program makes many calls twice, and a plan for
    /// each build takes longer than all else that a call costs.
    static KEPT: RefCell<HashMap<(String, String, bool), Needs>> = RefCell::default();
}

/// What a call needs. `is_whole` says that the parameters are all there.
pub(super) fn of_call(method: &str, params: Map<String, Json>, is_whole: bool) -> Needs {
    let written = serde_json::to_string(&params).unwrap_or_default();
    let key = (method.to_owned(), written, is_whole);
    if let Some(needs) = KEPT.with_borrow(|kept| kept.get(&key).cloned()) {
        return needs;
    }
    let needs = planned(method, params, is_whole);
    KEPT.with_borrow_mut(|kept| {
        if kept.len() >= MAX_KEPT {
            kept.clear();
        }
        kept.insert(key, needs.clone());
    });
    needs
}

fn planned(method: &str, params: Map<String, Json>, is_whole: bool) -> Needs {
    let params = if is_whole {
        params
    } else {
        completed(method, params)
    };
    let call = Call::with_params(method, params);
    let policy = Policy::default();
    let answers: Vec<_> = CAPS.iter().map(|caps| Answer::of(&call, caps, &policy)).collect();
    let Some(newest) = answers.last() else {
        return Needs::default();
    };
    let plain = first_of(&answers, |answer| answer.changes_less_than(newest));
    let gated = first_of(&answers, |answer| {
        answer.refusal.is_none() || newest.refusal.is_some()
    });
    let below = plain.checked_sub(1).and_then(|below| answers.get(below));
    let caps = Caps::unknown();
    let planner = imbot_caps::plan::Planner::new(&caps, &policy);
    let rows = planner
        .rows_of(&call)
        .into_iter()
        .filter_map(|id| Table::builtin().find(id));
    Needs {
        row: below.and_then(|answer| answer.row_beyond(newest)),
        plain,
        gated,
        gate: below.map(|answer| answer.told(newest).into()),
        deprecated: rows
            .filter(|row| {
                row.kind() == Kind::Deprecated && row.sunset().is_some() && row.applies().request().len() > 0
            })
            .collect(),
    }
}

/// What an event needs.
pub(super) fn of_event(name: &str) -> Needs {
    let table = Table::builtin();
    let Some(row) = table.find(name) else {
        return Needs::default();
    };
    let requirement = row.requirement();
    let has: Vec<bool> = BUILDS
        .iter()
        .map(|build| build.caps().supports(requirement))
        .collect();
    let plain = first_of(&has, |has| *has);
    let older = table
        .event_translations()
        .find(|own| own.name() == name)
        .and_then(|own| own.older());
    let gate = (plain > 0).then(|| match older {
        Some(older) => GateAnswer::Reads {
            older: older.to_owned(),
        },
        None => GateAnswer::Refuses {
            reason: row
                .fallback()
                .map_or_else(String::new, |fallback| fallback.note().to_owned()),
        },
    });
    Needs {
        row: Some(row.id()),
        plain,
        gated: if older.is_some() { 0 } else { plain },
        gate: gate.map(Arc::new),
        deprecated: Vec::new(),
    }
}

/// The first item from which on all are good.
fn first_of<T>(all: &[T], is_good: impl Fn(&T) -> bool) -> usize {
    let last_bad = all.iter().rposition(|item| !is_good(item));
    last_bad.map_or(0, |at| at + 1)
}

/// The parameters, with one in each required place. The file does not show all of them.
fn completed(method: &str, mut params: Map<String, Json>) -> Map<String, Json> {
    let translations = Table::builtin().translations().filter(|own| own.from() == method);
    for translation in translations {
        for required in translation.required() {
            let mut alternatives = required.split('|').map(str::trim);
            let Some(first) = alternatives.next() else {
                continue;
            };
            let is_there = |path: &str| {
                let pointer = format!("/{}", path.replace('.', "/"));
                params.get(path).is_some() || Json::Object(params.clone()).pointer(&pointer).is_some()
            };
            if !is_there(first) && !alternatives.any(is_there) {
                insert(&mut params, first);
            }
        }
    }
    params
}

fn insert(params: &mut Map<String, Json>, path: &str) {
    let path = path.replace("[]", "");
    match path.split_once('.') {
        None => {
            params.insert(path.clone(), placeholder(&path));
        }
        Some((first, rest)) => {
            let inner = params.entry(first).or_insert_with(|| Json::Object(Map::new()));
            if let Json::Object(inner) = inner {
                insert(inner, rest);
            }
        }
    }
}

/// What the gate does with a call on one build.
struct Answer {
    refusal: Option<Box<Refused>>,
    changes: Vec<Change>,
}

impl Answer {
    fn of(call: &Call, caps: &Caps, policy: &Policy) -> Self {
        match plan(call, caps, policy) {
            Ok(planned) => {
                let changes = planned.changes().iter().filter(|change| is_of_call(change));
                Self {
                    refusal: None,
                    changes: changes.cloned().collect(),
                }
            }
            Err(refused) => Self {
                refusal: Some(refused),
                changes: Vec::new(),
            },
        }
    }

    /// Whether this build takes the call as it is, as far as the newest does.
    fn changes_less_than(&self, newest: &Self) -> bool {
        let same = |change: &Change| {
            newest
                .changes
                .iter()
                .any(|own| own.row().id() == change.row().id())
        };
        (self.refusal.is_none() || newest.refusal.is_some()) && self.changes.iter().all(same)
    }

    /// The row for which this build is too old.
    fn row_beyond(&self, newest: &Self) -> Option<&'static str> {
        if let Some(refused) = &self.refusal {
            return Some(refused.row().id());
        }
        let mut changes = self.changes.iter();
        let other = |change: &&Change| {
            !newest
                .changes
                .iter()
                .any(|own| own.row().id() == change.row().id())
        };
        changes.find(other).map(|change| change.row().id())
    }

    fn told(&self, newest: &Self) -> GateAnswer {
        if let Some(refused) = &self.refusal {
            let row = refused.row();
            let note = row.fallback().map_or("", |fallback| fallback.note());
            let reason = format!("the portal lacks {}. {note}", row.id());
            return GateAnswer::Refuses { reason };
        }
        let other = |change: &&Change| {
            !newest
                .changes
                .iter()
                .any(|own| own.row().id() == change.row().id())
        };
        let changes: Vec<String> = self
            .changes
            .iter()
            .filter(other)
            .map(ToString::to_string)
            .collect();
        match changes.is_empty() {
            true => GateAnswer::Passes,
            false => GateAnswer::Adapts { changes },
        }
    }
}

/// Whether a change is one of the call, and not of its reply or of what follows it.
fn is_of_call(change: &Change) -> bool {
    !matches!(
        change.shim(),
        Shim::NestedResult
            | Shim::NextOffset
            | Shim::ErrorAlias
            | Shim::StripSecret
            | Shim::BotAddress
            | Shim::EventUnbind
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn params(value: Json) -> Map<String, Json> {
        value.as_object().unwrap().clone()
    }

    fn build(at: usize) -> String {
        BUILDS.get(at).unwrap().to_string()
    }

    #[test]
    fn boolean_field_needs_its_row() {
        let call = json!({"botId": 1, "dialogId": "chat1", "fields": {"message": "x", "system": true}});
        let needs = of_call("imbot.v2.Chat.Message.send", params(call), true);
        assert_eq!(build(needs.plain), "REST 33");
        assert_eq!(needs.row, Some("message.system"));
        assert_eq!(needs.gated, 0);
    }

    #[test]
    fn plain_call_needs_imbot_v2() {
        let call = json!({"botId": 1, "dialogId": "chat1", "fields": {"message": "x"}});
        let needs = of_call("imbot.v2.Chat.Message.send", params(call), true);
        assert_eq!(build(needs.plain), "REST 32 with imbot.v2");
        assert_eq!(needs.row, Some("imbot.v2.Chat.Message.send"));
        assert_eq!(needs.gated, 0);
    }

    #[test]
    fn rotation_needs_35_with_gate_too() {
        let call = json!({"botId": 1, "fields": {"botToken": "x"}});
        let needs = of_call("imbot.v2.Bot.update", params(call), false);
        assert_eq!(build(needs.plain), "REST 35");
        assert_eq!(build(needs.gated), "REST 35");
        assert!(matches!(needs.gate.as_deref(), Some(GateAnswer::Refuses { .. })));
    }

    #[test]
    fn unseen_parameters_count_as_good() {
        let needs = of_call("imbot.v2.Chat.Message.send", Map::new(), false);
        assert_eq!(build(needs.plain), "REST 32 with imbot.v2");
        assert_eq!(needs.gated, 0, "{:?}", needs.gate);
    }

    #[test]
    fn older_method_needs_nothing() {
        let call = json!({"DIALOG_ID": "chat1", "MESSAGE": "x"});
        let needs = of_call("imbot.message.add", params(call), true);
        assert_eq!((needs.plain, needs.gated), (0, 0));
    }

    #[test]
    fn newer_event_is_read_from_older_one() {
        let needs = of_event("ONIMBOTV2MESSAGEADD");
        assert_eq!(build(needs.plain), "REST 32 with imbot.v2");
        assert_eq!(needs.gated, 0);
    }
}
