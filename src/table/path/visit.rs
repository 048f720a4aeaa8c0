//! Finds the values at a path.

use std::ops::ControlFlow;

use serde_json::{Map, Value};

use super::spelling::{look_up, other_spellings};
use super::steps::{Path, Step};

impl Path {
    /// Calls `see` with every value at the path, and with its key.
    pub(crate) fn visit_in<'v>(
        &self,
        members: &'v Map<String, Value>,
        see: &mut dyn FnMut(&'v str, &'v Value),
    ) {
        let _: ControlFlow<()> = visit_members(members, self.steps(), &mut |key, value| {
            see(key, value);
            ControlFlow::Continue(())
        });
    }

    /// The first value at the path. If the path goes through a list: the first value for each
    /// item, or `None` for an item without one.
    pub(crate) fn items<'v>(&self, value: &'v Value) -> Vec<Option<&'v Value>> {
        let each = self
            .steps()
            .iter()
            .position(|step| *step == Step::Each)
            .and_then(|at| self.steps().split_at_checked(at + 1));
        let Some((to_items, rest)) = each else {
            return vec![first(value, self.steps())];
        };
        let mut items = Vec::new();
        let _: ControlFlow<()> = visit(value, "", to_items, &mut |_, item| {
            items.push(first(item, rest));
            ControlFlow::Continue(())
        });
        items
    }

    /// The first value at the path.
    pub(crate) fn find_in<'v>(&self, members: &'v Map<String, Value>) -> Option<&'v Value> {
        let found = visit_members(members, self.steps(), &mut |_, value| ControlFlow::Break(value));
        found.break_value()
    }

    /// Whether `is` holds for a value at the path.
    pub(crate) fn holds(&self, members: &Map<String, Value>, is: impl Fn(&str, &Value) -> bool) -> bool {
        let found = visit_members(members, self.steps(), &mut |key, value| match is(key, value) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        });
        found.is_break()
    }
}

/// A visitor: it gets a key and a value, and breaks to end the search.
type See<'s, 'v, T> = &'s mut dyn FnMut(&'v str, &'v Value) -> ControlFlow<T>;

pub(super) fn visit<'v, T>(
    value: &'v Value,
    key: &'v str,
    steps: &[Step],
    see: See<'_, 'v, T>,
) -> ControlFlow<T> {
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

/// The first value at the end of the steps.
fn first<'v>(value: &'v Value, steps: &[Step]) -> Option<&'v Value> {
    visit(value, "", steps, &mut |_, value| ControlFlow::Break(value)).break_value()
}
