//! The result of an older method as the result of the newer method that was called.

use serde_json::{Map, Value};

use crate::table::index::Translated;
use crate::table::path::{Path, Step};
use crate::table::translation::{ReplyForm, ReplyRule, ReplySource};
use crate::wire::Call;

/// How the reply to an older method becomes the reply to the newer one.
#[derive(Clone, Debug)]
pub(super) struct ReverseTranslation {
    /// The translations by which the older calls were made. The reply is read by the first.
    wanted: Vec<&'static Translated>,
    /// Values of the newer call that the older reply does not repeat: one for each rule that
    /// needs one.
    given: Vec<Option<Value>>,
}

impl PartialEq for ReverseTranslation {
    fn eq(&self, other: &Self) -> bool {
        let (own, others) = (self.wanted.iter(), other.wanted.iter());
        self.wanted.len() == other.wanted.len()
            && own.zip(others).all(|(own, other)| std::ptr::eq(*own, *other))
            && self.given == other.given
    }
}

impl ReverseTranslation {
    /// Of a call that was made by these translations.
    pub(super) fn of(wanted: Vec<&'static Translated>, call: &Call) -> Self {
        let mut own = Self {
            wanted,
            given: Vec::new(),
        };
        let given = own.rules().iter().filter_map(|rule| match &rule.from {
            ReplySource::Call(path) => {
                let value = path.find_in(call.params()).filter(|value| !value.is_null());
                Some(value.cloned())
            }
            ReplySource::Result(_) | ReplySource::Literal(_) => None,
        });
        own.given = given.collect();
        own
    }

    fn rules(&self) -> &'static [ReplyRule] {
        self.wanted.first().map_or(&[], |first| &first.reply)
    }

    /// Pairs of an older error code and the newer one.
    pub(super) fn errors(&self) -> impl Iterator<Item = &'static (Box<str>, Box<str>)> {
        self.wanted.iter().flat_map(|own| &own.errors)
    }

    /// The newer result, made of the older result and the call. `None` if the older result
    /// should be an id, and is no number.
    pub(super) fn result(&self, older: &Value) -> Option<Value> {
        let is_id = |rule: &ReplyRule| match &rule.from {
            ReplySource::Result(path) => path.steps().is_empty() && rule.form == ReplyForm::Integer,
            ReplySource::Call(_) | ReplySource::Literal(_) => false,
        };
        if self.rules().iter().any(is_id) && !ReplyForm::Integer.apply(older.clone()).is_number() {
            return None;
        }
        let mut result = Value::Null;
        let mut given = self.given.iter();
        for rule in self.rules() {
            let values = match &rule.from {
                ReplySource::Literal(value) => vec![Some(value.clone())],
                ReplySource::Call(_) => vec![given.next().cloned().flatten()],
                ReplySource::Result(path) => {
                    path.items(older).into_iter().map(|item| item.cloned()).collect()
                }
            };
            // An empty list is written, too.
            let is_list = rule.to.steps().contains(&Step::Each);
            if values.iter().all(Option::is_none) && !is_list {
                continue;
            }
            let values = values.into_iter().map(|value| Some(rule.form.apply(value?)));
            insert(&mut result, rule.to.steps(), &mut { values });
        }
        Some(result)
    }

    /// The path in the older result of a part of the newer result, and the text that belongs
    /// before its value.
    pub(super) fn older_path(&self, newer: &[&str]) -> Option<(&'static str, Vec<String>)> {
        self.rules().iter().find_map(|rule| {
            let ReplySource::Result(from) = &rule.from else {
                return None;
            };
            let before = match rule.form {
                ReplyForm::AsItIs | ReplyForm::Integer => "",
                ReplyForm::Dialog => "chat",
                ReplyForm::Boolean | ReplyForm::Slash => return None,
            };
            let to: Option<Vec<&str>> = names(&rule.to);
            if to? != newer {
                return None;
            }
            Some((before, names(from)?.into_iter().map(str::to_owned).collect()))
        })
    }
}

/// The names of a path; `None` if a step of it is no name.
fn names(path: &Path) -> Option<Vec<&str>> {
    let steps = path.steps().iter().map(|step| match step {
        Step::Member(name) => Some(&**name),
        Step::Each | Step::Any => None,
    });
    steps.collect()
}

/// Inserts values at a path of a result. Without a value it makes the containers of the path
/// alone. Values that are there stay.
fn insert(target: &mut Value, steps: &[Step], values: &mut dyn Iterator<Item = Option<Value>>) {
    match steps.split_first() {
        None => {
            if let (Value::Null, Some(Some(value))) = (&*target, values.next()) {
                *target = value;
            }
        }
        Some((Step::Member(name), rest)) => {
            if target.is_null() {
                *target = Value::Object(Map::new());
            }
            if let Value::Object(members) = target {
                insert(members.entry(&**name).or_insert(Value::Null), rest, values);
            }
        }
        Some((Step::Each | Step::Any, rest)) => {
            if target.is_null() {
                *target = Value::Array(Vec::new());
            }
            if let Value::Array(items) = target {
                for (nth, value) in values.enumerate() {
                    if items.len() == nth {
                        items.push(Value::Null);
                    }
                    if let (Some(item), Some(_)) = (items.get_mut(nth), &value) {
                        insert(item, rest, &mut std::iter::once(value));
                    }
                }
            }
        }
    }
}
