//! Changes what stands at a path.

use serde_json::{Map, Value};

use super::spelling::same_name;
use super::steps::{Path, Step};

/// The change of one value.
pub(crate) enum Edit {
    Keep,
    /// The value was changed where it is.
    Changed,
    Remove,
    Rename(String),
}

impl Path {
    /// Changes every value at the path. Returns whether a value was changed.
    pub(crate) fn edit_in(
        &self,
        members: &mut Map<String, Value>,
        edit: &mut dyn FnMut(&str, &mut Value) -> Edit,
    ) -> bool {
        edit_members(members, self.steps(), edit)
    }
}

fn edit_members(
    members: &mut Map<String, Value>,
    steps: &[Step],
    edit: &mut dyn FnMut(&str, &mut Value) -> Edit,
) -> bool {
    let Some((first, rest)) = steps.split_first() else {
        return false;
    };
    let mut changed = false;
    // Keys are changed after the loop, which borrows them.
    let mut keys: Vec<(String, Option<String>)> = Vec::new();
    for (key, value) in members.iter_mut() {
        if matches!(first, Step::Member(name) if !same_name(key, name)) {
            continue;
        }
        match edit_value(key, value, rest, edit) {
            Edit::Keep => {}
            Edit::Changed => changed = true,
            Edit::Remove => keys.push((key.clone(), None)),
            Edit::Rename(name) => keys.push((key.clone(), Some(name))),
        }
    }
    if let Step::Member(name) = first
        && let Some((before, _)) = keys
            .iter()
            .position(|(own, _)| **own == **name)
            .and_then(|own| keys.split_at_mut_checked(own + 1))
    {
        // Its own name comes first.
        before.rotate_right(1);
    }
    for (key, name) in keys {
        let value = members.shift_remove(&key);
        // Of two spellings of a key, the one that needs no change wins.
        if let Some((name, value)) = name.zip(value) {
            members.entry(name).or_insert(value);
        }
        changed = true;
    }
    changed
}

fn edit_value(
    key: &str,
    value: &mut Value,
    steps: &[Step],
    edit: &mut dyn FnMut(&str, &mut Value) -> Edit,
) -> Edit {
    if steps.is_empty() {
        return edit(key, value);
    }
    let changed = match (value, steps.split_first()) {
        (Value::Object(members), _) => edit_members(members, steps, edit),
        (Value::Array(items), Some((Step::Each, rest))) => {
            let mut changed = false;
            items.retain_mut(|item| match edit_value(key, item, rest, edit) {
                Edit::Keep | Edit::Rename(_) => true,
                Edit::Changed => {
                    changed = true;
                    true
                }
                Edit::Remove => {
                    changed = true;
                    false
                }
            });
            changed
        }
        _ => false,
    };
    if changed { Edit::Changed } else { Edit::Keep }
}
