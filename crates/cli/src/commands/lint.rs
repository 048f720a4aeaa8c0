//! `lint`: the problems of an overlay.

use std::ops::Range;
use std::path::PathBuf;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use clap::Args;
use imbot_caps::Table;
use imbot_caps::table::{Problem, TableError, TableFile};
use serde::Serialize;

use crate::error::CliError;
use crate::input;
use crate::output::{Format, Outcome, Output};
use crate::secrets::hide_in_text;

/// Finds the problems of an overlay, and shows each in its line.
#[derive(Debug, Args)]
pub(crate) struct Lint {
    /// The overlay. `-` is standard input.
    file: PathBuf,
    /// The file is a whole table, and no overlay on the built-in one.
    #[arg(long)]
    whole: bool,
}

#[derive(Serialize)]
struct Document<'p> {
    file: String,
    problems: Vec<Line<'p>>,
}

#[derive(Serialize)]
struct Line<'p> {
    line: usize,
    column: usize,
    row: Option<&'p str>,
    rule: &'static str,
    what: String,
    remedy: String,
}

impl<'p> From<&'p Problem> for Line<'p> {
    fn from(problem: &'p Problem) -> Self {
        Self {
            line: problem.line,
            column: problem.column,
            row: problem.row.as_deref(),
            rule: problem.rule,
            what: hide_in_text(&problem.what),
            remedy: hide_in_text(&problem.remedy),
        }
    }
}

impl Lint {
    pub(crate) fn run(self, output: &mut Output) -> Result<Outcome, CliError> {
        let text = input::read(&self.file)?;
        let name = input::name(&self.file);
        let checked = match self.whole {
            true => TableFile::parse(&text).map(|_| ()),
            false => Table::builtin().with_overlay(&text).map(|_| ()),
        };
        let error = checked.err();
        let problems = error.as_ref().map(TableError::problems).unwrap_or_default();
        match output.format {
            Format::Json => output.json(
                "lint",
                &Document {
                    file: name,
                    problems: problems.iter().map(Line::from).collect(),
                },
            )?,
            Format::Plain => {
                let rows: Vec<Vec<String>> = problems
                    .iter()
                    .map(Line::from)
                    .map(|line| {
                        vec![
                            name.clone(),
                            line.line.to_string(),
                            line.column.to_string(),
                            line.rule.to_owned(),
                            line.row.unwrap_or_default().to_owned(),
                            line.what,
                            line.remedy,
                        ]
                    })
                    .collect();
                output.rows(&[], &rows)?;
            }
            Format::People => {
                let shown = hide_in_text(&text);
                for problem in problems {
                    output.text(&format!("{}\n", snippet(&shown, &name, problem)))?;
                }
                output.text(&match problems.len() {
                    0 => format!("{name}: no problems"),
                    1 => format!("{name}: 1 problem"),
                    count => format!("{name}: {count} problems"),
                })?;
            }
        }
        Ok(match problems.is_empty() {
            true => Outcome::Fine,
            false => Outcome::Findings,
        })
    }
}

/// A problem in its line. Colours are removed where the output shows none.
fn snippet(text: &str, name: &str, problem: &Problem) -> String {
    let line = Line::from(problem);
    let title = match line.row {
        Some(row) => format!("row `{row}`: {}", line.what),
        None => line.what.clone(),
    };
    let source = Snippet::source(text)
        .path(name)
        .annotation(AnnotationKind::Primary.span(span(text, problem.line, problem.column)));
    let report = [Level::ERROR
        .primary_title(title)
        .id(line.rule)
        .element(source)
        .element(Level::HELP.message(line.remedy))];
    let renderer = Renderer::styled().decor_style(DecorStyle::Ascii);
    renderer.render(&report)
}

/// The bytes of the word at a line and a column, both from 1. The column counts characters.
fn span(text: &str, line: usize, column: usize) -> Range<usize> {
    let mut begin = 0;
    let mut lines = text.split_inclusive('\n');
    for before in lines.by_ref().take(line.saturating_sub(1)) {
        begin += before.len();
    }
    let line = lines.next().unwrap_or_default();
    let skipped: usize = line
        .chars()
        .take(column.saturating_sub(1))
        .map(char::len_utf8)
        .sum();
    let rest = line.get(skipped..).unwrap_or_default().trim_end();
    let is_of_word = |c: char| c.is_alphanumeric() || "_-.".contains(c);
    let length = match rest.chars().next() {
        // A text is shown as a whole.
        Some(quote @ ('"' | '\'')) => {
            let inside = rest.get(1..).unwrap_or_default();
            inside.find(quote).map_or(rest.len(), |end| end + 2)
        }
        Some('[') if rest.starts_with("[[") => rest.find("]]").map_or(rest.len(), |end| end + 2),
        Some(first) if is_of_word(first) => rest.find(|c| !is_of_word(c)).unwrap_or(rest.len()),
        Some(first) => first.len_utf8(),
        None => 0,
    };
    begin + skipped..begin + skipped + length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn span_is_the_word_at_a_place() {
        let text = "a = 1\nпо = \"два слова\" # x\n[[feature]]\n";
        let word = |line, column| text.get(span(text, line, column)).unwrap();
        assert_eq!(word(1, 5), "1");
        assert_eq!(word(2, 1), "по");
        assert_eq!(word(2, 6), "\"два слова\"");
        assert_eq!(word(3, 1), "[[feature]]");
        assert_eq!(word(9, 9), "");
    }
}
