//! Tables that are no tables of fields: error codes, values, prose.

use std::collections::BTreeSet;

use super::dates;
use super::markdown::{code_spans, links, prose};
use super::names::{is_code, is_event, is_method};
use super::table::Table;
use super::words::Column;

/// The error codes of a table, and the rows that have none that can be read. `None`: it has no column of codes.
pub(super) fn error_codes(table: &Table) -> Option<(BTreeSet<String>, Vec<String>)> {
    let column = table
        .head
        .iter()
        .position(|cell| Column::of_head(cell) == Column::Code)?;
    let (mut codes, mut unread) = (BTreeSet::new(), Vec::new());
    for row in &table.rows {
        let cell = row.get(column).map_or("", String::as_str);
        let found = codes_of(cell);
        if found.is_empty() || row.len() != table.head.len() {
            unread.push(row.join(" | "));
        }
        codes.extend(found);
    }
    Some((codes, unread))
}

fn codes_of(cell: &str) -> Vec<String> {
    // The first line has the codes. The second can be the text of the error.
    let line = cell.lines().next().unwrap_or_default();
    let spans = code_spans(line);
    let words: Vec<&str> = if spans.is_empty() {
        let line = line.trim_matches(['*', ' ']);
        // A dash or "Empty value" says that the error has no code.
        if line.is_empty() || !is_code(line) || !line.contains(char::is_alphanumeric) {
            let says_none = [
                "",
                "-",
                "—",
                "–",
                "empty value",
                "empty string",
                "пустое значение",
                "пустая строка",
            ];
            return match says_none.contains(&line.to_lowercase().as_str()) {
                true => vec!["<none>".to_owned()],
                false => Vec::new(),
            };
        }
        vec![line]
    } else {
        spans
    };
    words
        .into_iter()
        .filter(|word| is_code(word))
        .map(str::to_owned)
        .collect()
}

/// The values of any other table: what its first column lists. If a row lists nothing there, it is prose, and its
/// values are what it shows in backticks, and its numbers. `None`: it shows nothing.
pub(super) fn values(table: &Table) -> Option<BTreeSet<String>> {
    let first: Option<BTreeSet<String>> = table
        .rows
        .iter()
        .map(|row| literal(row.first().map_or("", String::as_str)))
        .collect();
    let values = first.unwrap_or_else(|| {
        let cells = table.rows.iter().flatten();
        cells.flat_map(|cell| literals(cell)).collect()
    });
    // A pipe in a table is written with a backslash or without.
    let is_shown = |value: &String| !is_own_fact(value);
    (!values.is_empty()).then(|| {
        values
            .into_iter()
            .map(|value| value.replace('\\', ""))
            .filter(is_shown)
            .collect()
    })
}

/// The one value that a cell shows: in backticks, in bold, or as a link to a method.
fn literal(cell: &str) -> Option<String> {
    if let [(shown, _)] = links(cell).as_slice() {
        let shown = shown.trim_matches(['`', '*']);
        return is_method(shown).then(|| shown.to_owned());
    }
    let rest = prose(cell);
    let is_bare = !rest.contains(char::is_alphanumeric);
    match code_spans(cell).as_slice() {
        [span] if is_bare && !span.is_empty() => Some((*span).to_owned()),
        [] => {
            let bold = cell.trim();
            let is_bold = bold.starts_with("**") && bold.ends_with("**") && bold.len() > 4;
            let word = bold.trim_matches('*');
            (is_bold && is_code(word)).then(|| word.to_owned())
        }
        _ => None,
    }
}

/// What a description shows in backticks, and its numbers. Days and names of methods are facts of their own.
pub(super) fn literals(text: &str) -> BTreeSet<String> {
    let prose = prose(text);
    let words = prose
        .split_whitespace()
        .filter(|word| dates::days(word).is_empty());
    let numbers = words
        .flat_map(|word| word.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| word.chars().all(|c| c.is_ascii_digit()) && !word.is_empty())
        // The number of the standard for times.
        .filter(|word| *word != "8601");
    let spans = code_spans(text).into_iter().filter(|span| !is_own_fact(span));
    spans.chain(numbers).map(str::to_owned).collect()
}

/// Whether pages are compared by this name already.
fn is_own_fact(span: &str) -> bool {
    span.is_empty() || is_method(span) || is_event(span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::table::yfm_table;

    #[test]
    fn error_codes_are_read_in_each_form() {
        let table = yfm_table(
            "|| **Status** | **Code** | **Value** ||\n|| `400` | `A_B`\nText | x ||\n|| `400` | C_D | x ||\n\
             || `403` | — | x ||\n|| `403` | see below | x ||",
        );
        let (codes, unread) = error_codes(&table).unwrap();
        assert_eq!(codes.into_iter().collect::<Vec<_>>(), ["<none>", "A_B", "C_D"]);
        assert_eq!(unread, ["`403` | see below | x"]);
    }

    #[test]
    fn values_are_first_column_or_code() {
        let list = yfm_table("|| **ID** | **Theme** ||\n|| `azure` | Blue ||\n|| **mint** | Green ||");
        assert_eq!(
            values(&list).unwrap().into_iter().collect::<Vec<_>>(),
            ["azure", "mint"]
        );
        let text = yfm_table("|| **Change** | **Effect** ||\n|| The `url` changes | `x` is sent ||");
        assert_eq!(
            values(&text).unwrap().into_iter().collect::<Vec<_>>(),
            ["url", "x"]
        );
    }
}
