//! The paths of fields: which table describes which field of another table.

use std::collections::BTreeMap;

use super::entity::Field;
use super::markdown::Heading;
use super::names::slug;
use super::words::Part;

/// A table of fields, where it stands on its page.
#[derive(Debug)]
pub(super) struct FieldTable {
    pub(super) part: Part,
    /// The heading right above it.
    pub(super) heading: Option<Heading>,
    /// Whether that heading opens the part, so that the fields are those of the call itself.
    pub(super) opens_part: bool,
    /// The anchor of the nearest heading that has one.
    pub(super) outer_anchor: Option<String>,
    pub(super) rows: Vec<FieldRow>,
}

#[derive(Debug)]
pub(super) struct FieldRow {
    pub(super) name: String,
    pub(super) field: Field,
    /// Anchors of the same page to which the row leads.
    pub(super) anchors: Vec<String>,
}

/// Each field with its path. A table belongs to the first row that leads to it; else to the field that its heading
/// names; else to its anchor.
pub(super) fn with_paths(tables: &[FieldTable]) -> Vec<(Part, String, Field)> {
    let mut paths = Paths {
        tables,
        prefixes: BTreeMap::new(),
        known: Vec::new(),
    };
    for at in 0..tables.len() {
        if !paths.is_linked(at) {
            paths.place(at, None);
        }
    }
    // What is left leads to itself in a circle.
    for at in 0..tables.len() {
        paths.place(at, None);
    }
    paths.known
}

struct Paths<'t> {
    tables: &'t [FieldTable],
    prefixes: BTreeMap<usize, String>,
    known: Vec<(Part, String, Field)>,
}

impl Paths<'_> {
    fn is_linked(&self, at: usize) -> bool {
        let links = |(from, table): (usize, &FieldTable)| {
            from != at
                && table
                    .rows
                    .iter()
                    .any(|row| self.targets(table.part, row).contains(&at))
        };
        self.tables.iter().enumerate().any(links)
    }

    /// The tables to which a row leads.
    fn targets(&self, part: Part, row: &FieldRow) -> Vec<usize> {
        let is_target = |table: &FieldTable| {
            let Some(heading) = &table.heading else {
                return false;
            };
            let anchor = heading.anchor.clone().unwrap_or_else(|| slug(&heading.text));
            (table.part == part || table.part == Part::Other) && row.anchors.contains(&anchor)
        };
        let tables = self.tables.iter().enumerate();
        tables
            .filter(|(_, table)| is_target(table))
            .map(|(at, _)| at)
            .collect()
    }

    /// Gives a table and all tables below it their prefix, if it has none yet.
    fn place(&mut self, at: usize, below: Option<(Part, String)>) {
        // A list in place of a recursion: pages can nest as deep as they like.
        let mut waiting = vec![(at, below)];
        while let Some((at, below)) = waiting.pop() {
            let Some(table) = self.tables.get(at) else {
                continue;
            };
            if self.prefixes.contains_key(&at) {
                continue;
            }
            let (part, prefix) = below.unwrap_or_else(|| (table.part, self.prefix_of(table)));
            self.prefixes.insert(at, prefix.clone());
            let mut children = Vec::new();
            for row in &table.rows {
                let path = match prefix.as_str() {
                    "" => row.name.clone(),
                    prefix => format!("{prefix}.{}", row.name),
                };
                let is_list = row
                    .field
                    .types
                    .iter()
                    .any(|kind| kind.ends_with("[]") || kind == "array");
                let inner = match is_list && !path.ends_with("[]") {
                    true => format!("{path}[]"),
                    false => path.clone(),
                };
                for child in self.targets(table.part, row) {
                    children.push((child, Some((part, inner.clone()))));
                }
                self.known.push((part, path, row.field.clone()));
            }
            waiting.extend(children.into_iter().rev());
        }
    }

    /// The prefix of a table to which no row leads.
    fn prefix_of(&self, table: &FieldTable) -> String {
        if table.opens_part {
            return String::new();
        }
        let anchor = || {
            let own = table.heading.as_ref().and_then(|heading| heading.anchor.clone());
            own.or_else(|| table.outer_anchor.clone()).unwrap_or_default()
        };
        if table.part == Part::Other {
            return anchor();
        }
        let named = table
            .heading
            .as_ref()
            .and_then(|heading| self.field_in(table.part, &heading.text));
        named.unwrap_or_else(anchor)
    }

    /// The known field that a heading such as "Parameter fields" or "Fields of the User Object" names.
    fn field_in(&self, part: Part, heading: &str) -> Option<String> {
        let heading = heading.to_lowercase();
        let words: Vec<&str> = heading
            .split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .filter(|word| !word.is_empty() && *word != "object" && *word != "array")
            .collect();
        // "fields" is a word of most headings, so any other name comes first.
        let (last, first): (Vec<&str>, Vec<&str>) = words.iter().partition(|word| **word == "fields");
        first.iter().chain(&last).find_map(|word| {
            let is_named = |path: &str, field: &Field| {
                let name = path.rsplit('.').next().unwrap_or(path).trim_end_matches("[]");
                name.to_lowercase() == *word
                    || field
                        .types
                        .iter()
                        .any(|kind| kind.trim_end_matches("[]") == *word)
            };
            self.known
                .iter()
                .find(|(of, path, field)| *of == part && is_named(path, field))
                .map(
                    |(_, path, field)| match field.types.iter().any(|kind| kind.ends_with("[]")) {
                        true => format!("{path}[]"),
                        false => path.clone(),
                    },
                )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(part: Part, heading: &str, anchor: Option<&str>, rows: &[(&str, &str, &str)]) -> FieldTable {
        let rows = rows.iter().map(|(name, kind, leads)| FieldRow {
            name: (*name).into(),
            field: Field {
                types: [(*kind).into()].into(),
                ..Field::default()
            },
            anchors: vec![(*leads).into()],
        });
        FieldTable {
            part,
            heading: Some(Heading {
                level: 3,
                text: heading.into(),
                anchor: anchor.map(Into::into),
            }),
            opens_part: Part::of_heading(heading).is_some(),
            outer_anchor: None,
            rows: rows.collect(),
        }
    }

    fn paths(tables: &[FieldTable]) -> Vec<String> {
        with_paths(tables).into_iter().map(|(_, path, _)| path).collect()
    }

    #[test]
    fn links_nest_tables() {
        let tables = [
            table(
                Part::Request,
                "Method Parameters",
                None,
                &[("fields", "object", "f")],
            ),
            table(
                Part::Request,
                "Parameter fields",
                Some("f"),
                &[("properties", "object[]", "p")],
            ),
            table(Part::Request, "Anything", Some("p"), &[("name", "string", "")]),
        ];
        assert_eq!(
            paths(&tables),
            ["fields", "fields.properties", "fields.properties[].name"]
        );
    }

    #[test]
    fn headings_nest_tables_without_links() {
        let tables = [
            table(
                Part::Response,
                "Returned Data",
                None,
                &[("result", "object", ""), ("result.users", "user[]", "")],
            ),
            table(
                Part::Response,
                "Fields of the User Object",
                None,
                &[("id", "integer", "")],
            ),
        ];
        assert_eq!(paths(&tables), ["result", "result.users", "result.users[].id"]);
    }

    #[test]
    fn circles_end() {
        let tables = [
            table(Part::Other, "A", Some("a"), &[("b", "object", "b")]),
            table(Part::Other, "B", Some("b"), &[("a", "object", "a")]),
        ];
        assert_eq!(paths(&tables), ["a.b", "a.b.a"]);
    }
}
