//! Structures that come as JSON text. A portal takes a keyboard as a structure or as text. In a
//! batch it is often text.
//!
//! The plan is made for a call with structures in place of the texts. In the call that is sent,
//! each structure becomes text again.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::table::index::{Rules, TextPath};
use crate::table::path::{Prefilter, Step, same_name};
use crate::wire::Call;
use crate::wire::json_text::{self, JsonText};

/// The names that lead to a value.
type Keys = Vec<String>;

/// A call with the structures in place of their texts.
pub(super) struct DecodedCall {
    pub(super) call: Call,
    /// The texts, with their positions.
    texts: Vec<(Keys, String)>,
    /// The positions of texts that are not readable as JSON.
    pub(super) unreadable: Vec<(Keys, &'static TextPath)>,
}

/// Reads the texts at these places of a call; `None` if there are none. Without a text it
/// allocates nothing.
pub(super) fn decode(call: &Call, places: impl Iterator<Item = &'static TextPath>) -> Option<DecodedCall> {
    let mut opened: Option<DecodedCall> = None;
    for place in places.filter(|place| has_text(call, place)) {
        let opened = opened.get_or_insert_with(|| DecodedCall {
            call: call.clone(),
            texts: Vec::new(),
            unreadable: Vec::new(),
        });
        let (texts, unreadable) = (&mut opened.texts, &mut opened.unreadable);
        let steps = place.path.steps();
        each(
            opened.call.params_mut(),
            steps,
            &mut Vec::new(),
            &mut |keys, value| {
                let Value::String(text) = value else { return };
                match json_text::read(text) {
                    JsonText::Structure(structure) => {
                        texts.push((keys.to_vec(), std::mem::take(text)));
                        *value = structure;
                    }
                    JsonText::Unreadable => unreadable.push((keys.to_vec(), place)),
                    JsonText::Single => {}
                }
            },
        );
    }
    opened
}

/// Whether a call has text at a place.
pub(super) fn has_text(call: &Call, place: &TextPath) -> bool {
    place.path.holds(call.params(), |_, value| value.is_string())
}

/// A call with structures in place of its texts. Without a text, the call itself. `there` has the
/// names of its parameters.
pub(super) fn structured<'c>(call: &'c Call, rules: &'static Rules, there: Prefilter) -> Cow<'c, Call> {
    let texts = rules.texts.iter().filter(|place| there.allows(place.needed));
    match decode(call, texts) {
        Some(opened) => Cow::Owned(opened.call),
        None => Cow::Borrowed(call),
    }
}

/// Visits every value at a path of names, in each spelling of the names.
fn each(
    members: &mut Map<String, Value>,
    steps: &[Step],
    above: &mut Keys,
    see: &mut dyn FnMut(&[String], &mut Value),
) {
    let Some((Step::Member(name), rest)) = steps.split_first() else {
        return;
    };
    for (key, value) in members.iter_mut().filter(|(key, _)| same_name(key, name)) {
        above.push(key.clone());
        match value {
            value if rest.is_empty() => see(above, value),
            Value::Object(members) => each(members, rest, above, see),
            _ => {}
        }
        above.pop();
    }
}

impl DecodedCall {
    /// Makes text of the structures in the call that is sent. An unchanged text stays as it was
    /// written.
    pub(super) fn close(&self, sent: &mut Call) {
        for (keys, text) in &self.texts {
            if let Some(value @ (Value::Array(_) | Value::Object(_))) = find(sent.params_mut(), keys) {
                let is_unchanged = matches!(json_text::read(text), JsonText::Structure(own) if own == *value);
                *value = match is_unchanged {
                    true => text.as_str().into(),
                    false => value.to_string().into(),
                };
            }
        }
    }
}

fn find<'m>(members: &'m mut Map<String, Value>, keys: &[String]) -> Option<&'m mut Value> {
    let (first, rest) = keys.split_first()?;
    let value = members.get_mut(first)?;
    match rest.is_empty() {
        true => Some(value),
        false => find(value.as_object_mut()?, rest),
    }
}
