//! Paths and their steps.

use super::spelling::same_name;

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
    /// Parses a path. Every text is accepted; a text without a name matches nothing.
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

    /// The last step, if it is a name.
    pub(crate) fn last(&self) -> Option<&str> {
        match self.0.last()? {
            Step::Member(name) => Some(name),
            Step::Each | Step::Any => None,
        }
    }

    /// Without the last step.
    pub(crate) fn parent(&self) -> Self {
        let (_, above) = self.0.split_last().unwrap_or((&Step::Any, &[]));
        Self(above.to_vec())
    }

    /// Whether this path may lead to a place inside of the other path's place.
    pub(crate) fn leads_into(&self, other: &Self) -> bool {
        self.0.len() > other.0.len() && self.meets(other)
    }

    /// Whether one of the paths may begin with the other.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|steps| match steps {
            (Step::Member(own), Step::Member(other)) => same_name(own, other),
            _ => true,
        })
    }
}
