//! What is wrong with a table file: where, in which row, and what to do.

use std::fmt;

/// Everything that is wrong with a table or overlay file; at least one problem.
///
/// Nothing of a file with a problem is used.
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

/// One thing that is wrong with a table file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// The row: the id of a feature, the code of a change, the revision of a
    /// release; `None` outside of rows.
    pub row: Option<String>,
    /// The rule that is broken, such as `unknown-key`.
    pub rule: &'static str,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
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
