//! Paths of the table, such as `fields.keyboard.BUTTONS[].ACTION`, walked in JSON.

use std::ops::ControlFlow;

use serde_json::{Map, Value};

use super::terms::ValueKind;

/// A path: names, `name[]` for each item of a list, `<any>` for any key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Member(Box<str>),
    /// Each item of a list; PHP writes some lists as objects.
    Each,
    /// Each member, whatever its key.
    Any,
}

impl Path {
    /// Reads a path. Every text is one; what is no path leads nowhere.
    pub(crate) fn new(text: &str) -> Self {
        let mut steps = Vec::new();
        for part in text.split('.').filter(|part| !part.is_empty()) {
            if part.starts_with('<') {
                steps.push(Step::Any);
                continue;
            }
            let name = part.trim_end_matches("[]");
            if !name.is_empty() {
                steps.push(Step::Member(name.into()));
            }
            let lists = (part.len() - name.len()) / 2;
            steps.extend(std::iter::repeat_n(Step::Each, lists));
        }
        Self(steps)
    }

    pub(crate) fn steps(&self) -> &[Step] {
        &self.0
    }

    /// The last name, which a path without one has not.
    pub(crate) fn last(&self) -> Option<&str> {
        match self.0.last()? {
            Step::Member(name) => Some(name),
            Step::Each | Step::Any => None,
        }
    }

    /// Every place among the members of an object that the path leads to, with the
    /// last key on the way.
    pub(crate) fn visit_in<'v>(
        &self,
        members: &'v Map<String, Value>,
        see: &mut dyn FnMut(&'v str, &'v Value),
    ) {
        let _: ControlFlow<()> = visit_members(members, &self.0, &mut |key, value| {
            see(key, value);
            ControlFlow::Continue(())
        });
    }

    /// The first place that the path leads to; for a path through a list, that of
    /// each item, or `None` where an item has it not.
    pub(crate) fn items<'v>(&self, value: &'v Value) -> Vec<Option<&'v Value>> {
        let each = self
            .0
            .iter()
            .position(|step| *step == Step::Each)
            .and_then(|at| self.0.split_at_checked(at + 1));
        let Some((to_items, rest)) = each else {
            return vec![first(value, &self.0)];
        };
        let mut items = Vec::new();
        let _: ControlFlow<()> = visit(value, "", to_items, &mut |_, item| {
            items.push(first(item, rest));
            ControlFlow::Continue(())
        });
        items
    }

    /// The first place that the path leads to.
    pub(crate) fn find_in<'v>(&self, members: &'v Map<String, Value>) -> Option<&'v Value> {
        let found = visit_members(members, &self.0, &mut |_, value| ControlFlow::Break(value));
        found.break_value()
    }

    /// Whether something of which `is` holds stands somewhere at the path.
    pub(crate) fn holds(&self, members: &Map<String, Value>, is: impl Fn(&str, &Value) -> bool) -> bool {
        let found = visit_members(members, &self.0, &mut |key, value| match is(key, value) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        });
        found.is_break()
    }

    /// Changes every place that the path leads to; whether anything was changed.
    pub(crate) fn edit_in(
        &self,
        members: &mut Map<String, Value>,
        edit: &mut dyn FnMut(&str, &mut Value) -> Edit,
    ) -> bool {
        edit_members(members, &self.0, edit)
    }

    /// Without the last step.
    pub(super) fn parent(&self) -> Self {
        let (_, above) = self.0.split_last().unwrap_or((&Step::Any, &[]));
        Self(above.to_vec())
    }

    /// Whether this leads to something inside of the place that the other leads to.
    pub(crate) fn leads_into(&self, other: &Self) -> bool {
        self.0.len() > other.0.len() && self.meets(other)
    }

    /// Whether one of these may lead to something in which the other may end.
    pub(super) fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|steps| match steps {
            (Step::Member(own), Step::Member(other)) => same_name(own, other),
            _ => true,
        })
    }
}

/// A hint of the names in the first two levels of parameters, one bit for each kind of
/// name: what a path needs and parameters have not, it leads to nowhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hint {
    first: u64,
    second: u64,
}

impl Hint {
    /// Of the names that are there.
    pub(crate) fn of(members: &Map<String, Value>) -> Self {
        let mut hint = Self::default();
        for (name, value) in members {
            hint.first |= kind_of_name(name);
            if let Value::Object(inner) = value {
                let kinds = inner.keys().map(|name| kind_of_name(name));
                hint.second = kinds.fold(hint.second, |all, kind| all | kind);
            }
        }
        hint
    }

    /// Of the names that a path leads by.
    pub(super) fn of_path(path: &Path) -> Self {
        let kind = |step: Option<&Step>| match step {
            Some(Step::Member(name)) => kind_of_name(name),
            Some(Step::Each | Step::Any) | None => 0,
        };
        Self {
            first: kind(path.0.first()),
            second: kind(path.0.get(1)),
        }
    }

    /// Whether all that is needed may be there.
    #[inline]
    pub(crate) fn allows(self, needed: Self) -> bool {
        needed.first & !self.first == 0 && needed.second & !self.second == 0
    }
}

/// One bit, the same for all spellings of a name: by its first letter and its last.
fn kind_of_name(name: &str) -> u64 {
    let is_letter = |byte: &&u8| **byte != b'_';
    let bytes = name.as_bytes();
    let first = bytes.iter().find(is_letter).map_or(0, u8::to_ascii_lowercase);
    let last = bytes.iter().rfind(is_letter).map_or(0, u8::to_ascii_lowercase);
    1 << ((first.wrapping_mul(5) ^ last) & 63)
}

/// What becomes of a place.
pub(crate) enum Edit {
    Keep,
    /// The value was changed where it is.
    Changed,
    Remove,
    Rename(String),
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
    // What becomes of keys has to wait until all are seen.
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
        // Of two spellings of a key, the one that needs no change stands.
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

/// Sees places until there is nothing more to look for.
type See<'s, 'v, T> = &'s mut dyn FnMut(&'v str, &'v Value) -> ControlFlow<T>;

fn visit<'v, T>(value: &'v Value, key: &'v str, steps: &[Step], see: See<'_, 'v, T>) -> ControlFlow<T> {
    let Some((first, rest)) = steps.split_first() else {
        return see(key, value);
    };
    match (first, value) {
        (_, Value::Object(members)) => visit_members(members, steps, see),
        (Step::Each, Value::Array(items)) => items.iter().try_for_each(|item| visit(item, key, rest, see)),
        _ => ControlFlow::Continue(()),
    }
}

fn visit_members<'v, T>(
    members: &'v Map<String, Value>,
    steps: &[Step],
    see: See<'_, 'v, T>,
) -> ControlFlow<T> {
    match steps.split_first() {
        Some((Step::Member(name), rest)) => {
            let (exact, has_others) = look_up(members, name);
            if let Some((own, value)) = exact {
                visit(value, own, rest, see)?;
            }
            if has_others {
                other_spellings(members, name).try_for_each(|(own, value)| visit(value, own, rest, see))?;
            }
            ControlFlow::Continue(())
        }
        Some((Step::Each | Step::Any, rest)) => members
            .iter()
            .try_for_each(|(own, value)| visit(value, own, rest, see)),
        None => ControlFlow::Continue(()),
    }
}

/// The first place that steps lead to.
fn first<'v>(value: &'v Value, steps: &[Step]) -> Option<&'v Value> {
    visit(value, "", steps, &mut |_, value| ControlFlow::Break(value)).break_value()
}

/// A member by its name, or by another spelling of it: older methods take names in
/// any case, and imbot.v2 takes some as `botToken` and as `BOT_TOKEN`.
pub(crate) fn member<'m>(members: &'m Map<String, Value>, name: &str) -> Option<(&'m str, &'m Value)> {
    spellings(members, name).next()
}

/// Every spelling of a member that is there, its own name first. Which of two a
/// portal reads is not known, so a rule holds for all.
pub(crate) fn spellings<'m>(
    members: &'m Map<String, Value>,
    name: &str,
) -> impl Iterator<Item = (&'m str, &'m Value)> {
    let (exact, has_others) = look_up(members, name);
    let others = has_others.then(|| other_spellings(members, name));
    exact.into_iter().chain(others.into_iter().flatten())
}

/// The member of this name, and whether there are others that are spelled in another
/// way. Looks at each name once: that costs no more than a hash would.
#[inline]
fn look_up<'m>(members: &'m Map<String, Value>, name: &str) -> (Option<(&'m str, &'m Value)>, bool) {
    let (mut exact, mut has_others) = (None, false);
    for (own, value) in members {
        if !begin_alike(own, name) {
            continue;
        }
        if own == name {
            exact = Some((own.as_str(), value));
        } else if is_spelling(own, name) {
            has_others = true;
        }
    }
    (exact, has_others)
}

fn other_spellings<'m>(
    members: &'m Map<String, Value>,
    name: &str,
) -> impl Iterator<Item = (&'m str, &'m Value)> {
    let others = members
        .iter()
        .filter(move |(own, _)| same_name(own, name) && *own != name);
    others.map(|(own, value)| (own.as_str(), value))
}

/// Whether two names are one but for their case and underscores.
#[inline]
pub(crate) fn same_name(a: &str, b: &str) -> bool {
    begin_alike(a, b) && (a == b || is_spelling(a, b))
}

/// Whether the first letters of two names allow that they are one: in most they do not.
#[inline]
fn begin_alike(a: &str, b: &str) -> bool {
    /// The bit in which capitals and small letters differ.
    const CASE: u8 = 0x20;
    let first = |name: &str| name.as_bytes().first().copied().unwrap_or(b'_');
    let (a, b) = (first(a), first(b));
    (a ^ b) & !CASE == 0 || a == b'_' || b == b'_'
}

fn is_spelling(a: &str, b: &str) -> bool {
    plain(a).eq(plain(b))
}

fn plain(name: &str) -> impl Iterator<Item = u8> {
    let letters = name.bytes().filter(|byte| *byte != b'_');
    letters.map(|byte| byte.to_ascii_lowercase())
}

/// Whether a value, below this key, is of a kind.
pub(crate) fn is_kind<'r>(
    key: &str,
    value: &Value,
    kind: Option<ValueKind>,
    mut values: impl Iterator<Item = &'r str>,
) -> bool {
    let Some(kind) = kind else {
        return true;
    };
    match kind {
        ValueKind::Boolean => value.is_boolean(),
        ValueKind::Integer => value.is_i64() || value.is_u64(),
        ValueKind::Null => value.is_null(),
        ValueKind::String => value.is_number() || value.as_str().is_some_and(|text| !text.is_empty()),
        ValueKind::Text => value.as_str().is_some_and(|text| !matches!(text, "" | "0" | "1")),
        // No number is so long.
        ValueKind::Over40Chars => value.as_str().is_some_and(|text| text.chars().nth(40).is_some()),
        ValueKind::Empty => match value {
            Value::Array(items) => items.is_empty(),
            Value::Object(members) => members.is_empty(),
            _ => false,
        },
        ValueKind::Respelt => value.as_str().is_some_and(|text| respelt(text, values).is_some()),
        ValueKind::Unlisted => value
            .as_str()
            .is_some_and(|text| !text.is_empty() && !values.any(|own| same_name(own, text))),
        // Some capitals have no small letter: nothing can be done about those.
        ValueKind::CapitalKey => key
            .chars()
            .any(|letter| !letter.to_lowercase().eq(std::iter::once(letter))),
    }
}

/// The listed value that a text means and is not.
pub(crate) fn respelt<'r>(text: &str, mut values: impl Iterator<Item = &'r str>) -> Option<&'r str> {
    values.find(|own| same_name(own, text)).filter(|own| *own != text)
}

/// Text, or a number as text.
pub(crate) fn scalar(value: &Value) -> Option<std::borrow::Cow<'_, str>> {
    match value {
        Value::String(text) => Some(text.as_str().into()),
        Value::Number(number) => Some(number.to_string().into()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn has(value: &Value, path: &str, kind: Option<ValueKind>) -> bool {
        let values = ["LIGHT_BLUE", "RED"].into_iter();
        let mut holds = false;
        let _: ControlFlow<()> = visit(value, "", Path::new(path).steps(), &mut |key, value| {
            holds = holds || is_kind(key, value, kind, values.clone());
            ControlFlow::Continue(())
        });
        holds
    }

    #[test]
    fn table_paths_match_parameters() {
        let params = json!({"KEYBOARD": {"BUTTONS": [{"TEXT": "t"}, {"ACTION": "PUT"}]}});
        assert!(has(&params, "KEYBOARD.BUTTONS[].ACTION", None));
        assert!(has(&params, "keyboard.buttons[].action", None));
        assert!(!has(&params, "KEYBOARD.BUTTONS[].ACTION_VALUE", None));
        assert!(!has(&params, "MENU[].ACTION", None));
        let as_php_may = json!({"MENU": {"0": {"TEXT": "t"}, "2": {"ACTION": "PUT"}}});
        assert!(has(&as_php_may, "MENU[].ACTION", None));
        let titles = json!({"fields": {"title": {"en": null}}});
        assert!(has(&titles, "fields.title.<lang>", Some(ValueKind::Null)));
        assert!(!has(&titles, "fields.title.<lang>", Some(ValueKind::String)));
        assert!(!has(&json!([]), "fields", None));
        assert!(has(&json!({"BOT_TOKEN": 1}), "botToken", None));
        assert!(has(&json!([[1], [2]]), "[][]", Some(ValueKind::Integer)));
    }

    #[test]
    fn kinds_are_told_apart() {
        use ValueKind::*;
        for (value, kinds) in [
            (json!(true), &[Boolean][..]),
            (json!(7), &[Integer, String]),
            (json!(null), &[Null]),
            (json!(""), &[]),
            (json!("0"), &[String, Unlisted]),
            (json!("N"), &[String, Text, Unlisted]),
            (json!([]), &[Empty]),
            (json!({}), &[Empty]),
            (json!("LIGHT_BLUE"), &[String, Text]),
            (json!("lightBlue"), &[String, Text, Respelt]),
            (json!("light_blue"), &[String, Text, Respelt]),
            (json!("x".repeat(40)), &[String, Text, Unlisted]),
            (json!("ö".repeat(41)), &[String, Text, Over40Chars, Unlisted]),
        ] {
            let all = [
                Boolean,
                Integer,
                Null,
                String,
                Text,
                Over40Chars,
                Empty,
                Respelt,
                Unlisted,
                CapitalKey,
            ];
            for kind in all {
                let found = is_kind("en", &value, Some(kind), ["LIGHT_BLUE", "RED"].into_iter());
                assert_eq!(found, kinds.contains(&kind), "{value} {kind}");
            }
        }
        assert!(is_kind("EN", &json!(1), Some(CapitalKey), std::iter::empty()));
        assert!(is_kind("en", &json!([1]), None, std::iter::empty()));
    }
}
