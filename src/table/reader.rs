//! The text of a table file, and its problems.

use std::cell::RefCell;
use std::ops::Range;

use toml::Spanned;
use toml::de::DeTable;

use super::error::{Problem, TableError};

pub(super) type Span = Range<usize>;

/// The most problems of one report.
const PROBLEM_LIMIT: usize = 1_000;

/// The longest part of a problem: its row, what is wrong, or the remedy. In characters.
const SHOWN: usize = 1_000;

/// A part of a problem, for errors and logs. The file can have any text in it: a control character could forge lines,
/// and a long id is in each problem of its row.
fn shown(part: &str) -> String {
    let mut shown = String::with_capacity(part.len().min(SHOWN));
    for (nth, letter) in part.chars().enumerate() {
        if nth == SHOWN {
            shown.push('…');
            break;
        }
        match letter.is_control() {
            true => shown.extend(letter.escape_debug()),
            false => shown.push(letter),
        }
    }
    shown
}

/// The text of a file, and its problems so far.
pub(super) struct Reader<'t> {
    text: &'t str,
    /// Where each line begins, in bytes.
    lines: Vec<usize>,
    problems: RefCell<Vec<Problem>>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            text,
            lines: std::iter::once(0).chain(breaks).collect(),
            problems: RefCell::default(),
        }
    }

    /// The result, if there is no problem.
    pub(super) fn finish<T>(self, read: Option<T>) -> Result<T, TableError> {
        let problems = self.problems.into_inner();
        match read {
            Some(read) if problems.is_empty() => Ok(read),
            _ => Err(TableError::new(problems)),
        }
    }

    pub(super) fn parse(&self) -> Result<Spanned<DeTable<'t>>, TableError> {
        DeTable::parse(self.text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            let given_twice = self.text.get(span.clone()).unwrap_or_default();
            let problem = |rule, what, remedy| self.problem(&span, None, rule, what, remedy);
            TableError::new(vec![match error.message() {
                "duplicate key" => problem(
                    "duplicate-key",
                    format!("`{given_twice}` is given twice"),
                    "keep one of the two",
                ),
                message => problem("toml", message.to_owned(), "write it as TOML asks"),
            }])
        })
    }

    pub(super) fn is_clean(&self) -> bool {
        self.problems.borrow().is_empty()
    }

    pub(super) fn complain(
        &self,
        span: &Span,
        row: Option<&str>,
        rule: &'static str,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        // More problems would not help a reader, and would use memory.
        if self.problems.borrow().len() < PROBLEM_LIMIT {
            let problem = self.problem(span, row, rule, what.into(), remedy);
            self.problems.borrow_mut().push(problem);
        }
    }

    fn problem(
        &self,
        span: &Span,
        row: Option<&str>,
        rule: &'static str,
        what: String,
        remedy: impl Into<String>,
    ) -> Problem {
        let line = self.lines.partition_point(|begin| *begin <= span.start);
        let begin = line
            .checked_sub(1)
            .and_then(|index| self.lines.get(index))
            .copied()
            .unwrap_or_default();
        let before = self.text.get(begin..span.start).unwrap_or_default();
        Problem {
            line: line.max(1),
            column: before.chars().count() + 1,
            row: row.map(shown),
            rule,
            what: shown(&what),
            remedy: shown(&remedy.into()),
        }
    }
}
