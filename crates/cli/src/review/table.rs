//! Tables of a page as rows of cells: those of the documentation's own form (`#| ... |#`), and those of Markdown.

use super::markdown::end_of_code;

#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) head: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
    /// Text that stands between rows, where none may be.
    pub(super) stray: String,
}

impl Table {
    /// All cells as one text.
    pub(super) fn text(&self) -> String {
        let rows = std::iter::once(&self.head).chain(&self.rows);
        rows.map(|row| row.join(" | "))
            .chain([self.stray.clone()])
            .collect::<Vec<_>>()
            .join("\n")
    }
}

/// Reads what stands between `#|` and `|#`.
pub(super) fn yfm_table(text: &str) -> Table {
    let mut table = Table::default();
    let mut rest = text;
    let mut rows = Vec::new();
    while let Some(start) = rest.find("||") {
        let (before, after) = rest.split_at(start);
        table.stray.push_str(before.trim());
        let (cells, after) = row(after.get(2..).unwrap_or_default());
        rows.push(cells);
        rest = after;
    }
    table.stray.push_str(rest.trim());
    let mut rows = rows.into_iter();
    table.head = rows.next().unwrap_or_default();
    table.rows = rows.collect();
    table
}

/// The cells up to the end of a row, and what follows it.
fn row(text: &str) -> (Vec<String>, &str) {
    let mut cells = Vec::new();
    let mut cell = String::new();
    let mut rest = text;
    loop {
        let Some(next) = rest.find(['|', '`', '\\', '#']) else {
            cell.push_str(rest);
            cells.push(cell.trim().to_owned());
            return (cells, "");
        };
        let (before, from) = rest.split_at(next);
        cell.push_str(before);
        let taken = if from.starts_with("||") {
            cells.push(cell.trim().to_owned());
            return (cells, from.get(2..).unwrap_or_default());
        } else if from.starts_with('|') {
            cells.push(std::mem::take(&mut cell).trim().to_owned());
            rest = from.get(1..).unwrap_or_default();
            continue;
        } else if from.starts_with("\\|") {
            2
        } else if from.starts_with("#|") {
            // A table in a cell is one text.
            from.find("|#").map_or(2, |end| end + 2)
        } else if from.starts_with('`') {
            let length = from.chars().take_while(|c| *c == '`').count();
            let after = from.get(length..).unwrap_or_default();
            end_of_code(after, length).map_or(length, |end| length + end + length)
        } else {
            1
        };
        cell.push_str(from.get(..taken).unwrap_or_default());
        rest = from.get(taken..).unwrap_or_default();
    }
}

/// Reads a table of Markdown, without the line below its head.
pub(super) fn pipe_table(lines: &[String]) -> Table {
    let mut rows = lines.iter().map(|line| {
        let line = line.trim_start_matches('|');
        // The row ends with one pipe; `row` ends with two.
        let (mut cells, _) = row(&format!("{line}||"));
        if cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        cells
    });
    Table {
        head: rows.next().unwrap_or_default(),
        rows: rows.collect(),
        stray: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_split_outside_of_code() {
        let table = yfm_table(
            "\n|| **Name**\n`type` | **Description** ||\n|| **a***\n[```x|y```](z) | `p|q` \\| r ||\n",
        );
        assert_eq!(table.head, ["**Name**\n`type`", "**Description**"]);
        assert_eq!(table.rows, [["**a***\n[```x|y```](z)", "`p|q` \\| r"]]);
        assert!(table.stray.is_empty());
    }

    #[test]
    fn text_between_rows_is_stray() {
        assert_eq!(yfm_table("|| a | b ||\nlost\n|| c | d ||").stray, "lost");
    }

    #[test]
    fn markdown_tables_have_cells() {
        let table = pipe_table(&["| Name | Type |".into(), "| a | b |".into()]);
        assert_eq!(
            (table.head, table.rows),
            (
                vec!["Name".into(), "Type".into()],
                vec![vec!["a".into(), "b".into()]]
            )
        );
    }
}
