//! Errors of a table file: the place, the row and the remedy.

use std::fmt;

/// The problems of a table or overlay file, at least one.
///
/// A file with a problem is rejected whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableError {
    problems: Vec<Problem>,
}

impl TableError {
    pub(super) fn new(mut problems: Vec<Problem>) -> Self {
        problems.sort_by_key(|problem| (problem.line, problem.column));
        TableError { problems }
    }

    /// The problems, in the order of the file.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, problem) in self.problems.iter().enumerate() {
            if nth > 0 {
                f.write_str("\n")?;
            }
            fmt::Display::fmt(problem, f)?;
        }
        Ok(())
    }
}

impl std::error::Error for TableError {}

/// One problem of a table file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// The row: the id of a feature, the code of a change, or the revision of a release.
    /// `None` outside of rows.
    pub row: Option<String>,
    /// The rule that is broken, such as `unknown-key`.
    pub rule: &'static str,
    /// The problem.
    pub what: String,
    /// The remedy.
    pub remedy: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)?;
        if let Some(row) = &self.row {
            write!(f, ", row `{row}`")?;
        }
        write!(f, ": {} [{}]; {}", self.what, self.rule, self.remedy)
    }
}
