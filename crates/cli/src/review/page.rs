//! The facts of one page.

use std::collections::BTreeMap;

use super::cell::{Name, types_of};
use super::dates;
use super::doc_tables;
use super::entity::{Entity, EntityKind, Field, PageFacts, Unread};
use super::markdown::{Block, Heading, code_spans, links, prose};
use super::names::{digest, is_event, is_method, is_path, one_line};
use super::paths::{FieldRow, FieldTable, with_paths};
use super::table::Table;
use super::title::subject_of;
use super::words::{self, Column, Part};

/// Reads a page. `path` is its name below the root of the documentation.
pub(super) fn read(path: &str, blocks: &[Block]) -> PageFacts {
    let title = blocks.iter().find_map(|block| match block {
        Block::Heading(heading) if heading.level == 1 => Some(heading.text.as_str()),
        _ => None,
    });
    let lead = blocks
        .iter()
        .take_while(|block| !matches!(block, Block::Heading(heading) if heading.level > 1))
        .filter_map(|block| match block {
            Block::Line(line) => Some(line.as_str()),
            _ => None,
        });
    let (kind, of) = subject_of(title.unwrap_or_default(), lead, path);
    let mut page = Page {
        path,
        facts: PageFacts::default(),
        of: of.clone(),
        page_of: of.clone(),
        headings: Vec::new(),
        tables: BTreeMap::new(),
    };
    page.facts.entities.insert(of, Entity::new(kind, path));
    let mut has_method_parts = false;
    for block in blocks {
        match block {
            Block::Heading(heading) => {
                has_method_parts |= matches!(
                    Part::of_heading(&heading.text),
                    Some(Part::Request | Part::Response | Part::Errors)
                );
                page.heading(heading);
            }
            Block::Line(line) => page.line(line),
            Block::Table(table) => page.table(table),
            Block::Unclosed(what, text) => {
                let problem = if *what == "table" {
                    "unclosed-table"
                } else {
                    "unclosed-code"
                };
                page.unread(problem, text);
            }
        }
    }
    if kind == EntityKind::Page && has_method_parts && !path.contains("_includes/") {
        page.of = page.page_of.clone();
        page.headings.clear();
        page.unread("page-without-method", title.unwrap_or_default());
    }
    page.finish()
}

/// A heading that is open.
struct Open {
    heading: Heading,
    part: Part,
    opens_part: bool,
    /// What was read before this heading was opened.
    of: String,
}

struct Page<'p> {
    path: &'p str,
    facts: PageFacts,
    /// What is read at the moment: the page's subject, or an event of its own section.
    of: String,
    page_of: String,
    headings: Vec<Open>,
    tables: BTreeMap<String, Vec<FieldTable>>,
}

impl Page<'_> {
    fn part(&self) -> Part {
        self.headings.last().map_or(Part::Other, |open| open.part)
    }

    fn heading(&mut self, heading: &Heading) {
        self.mention(&heading.text);
        if heading.level == 1 {
            return;
        }
        while let Some(last) = self.headings.pop_if(|last| last.heading.level >= heading.level) {
            self.of = last.of;
        }
        let before = self.of.clone();
        let own = Part::of_heading(&heading.text);
        let mut part = own.unwrap_or_else(|| self.part());
        let name = heading.text.trim_matches(['`', '*', ' ']);
        if is_event(name) {
            self.of = name.to_owned();
            part = Part::Data;
            let entity = Entity::new(EntityKind::Event, self.path);
            self.facts.entities.entry(self.of.clone()).or_insert(entity);
        } else if let Some(anchor) = &heading.anchor
            && part == Part::Other
            && own.is_none()
        {
            let anchor = anchor.clone();
            self.entity(|entity| entity.sections.extend([anchor]));
        }
        self.headings.push(Open {
            opens_part: own.is_some() || is_event(name),
            heading: heading.clone(),
            part,
            of: before,
        });
    }

    fn line(&mut self, line: &str) {
        self.mention(line);
        self.text(line);
        if self.headings.is_empty()
            && let Some(mark) = words::mark_of_note(line)
        {
            self.entity(|entity| entity.marks.extend([mark]));
        }
        if line.starts_with("> Scope:") {
            let scopes: Vec<String> = code_spans(line).into_iter().map(str::to_owned).collect();
            self.entity(|entity| entity.scopes.extend(scopes));
        }
    }

    /// Takes days and revisions out of a text.
    fn text(&mut self, text: &str) {
        let prose = prose(text);
        self.entity(|entity| {
            entity.days.extend(dates::days(&prose));
            entity.revisions.extend(dates::revisions(&prose));
        });
    }

    fn mention(&mut self, text: &str) {
        let shown = links(text).into_iter().map(|(shown, _)| shown.trim_matches('`'));
        let names = code_spans(text).into_iter().chain(shown);
        let names = names
            .flat_map(str::split_whitespace)
            .filter(|name| is_event(name) || (is_method(name) && name.starts_with("im")));
        self.facts.mentions.extend(names.map(str::to_owned));
    }

    fn table(&mut self, table: &Table) {
        self.mention(&table.text());
        for cell in table.rows.iter().flatten() {
            self.text(cell);
        }
        if !table.stray.is_empty() {
            self.unread("text-between-rows", &table.stray);
        }
        let columns: Vec<Column> = table.head.iter().map(|cell| Column::of_head(cell)).collect();
        let has_names = columns
            .iter()
            .any(|column| matches!(column, Column::Name | Column::NameAndType));
        let has_types = columns
            .iter()
            .any(|column| matches!(column, Column::Type | Column::NameAndType));
        if self.part() == Part::Errors {
            match doc_tables::error_codes(table) {
                Some((codes, unread)) => {
                    self.entity(|entity| entity.errors.extend(codes));
                    for row in unread {
                        self.unread("row-without-code", &row);
                    }
                }
                None => self.unread("table-without-codes", &table.text()),
            }
        } else if has_names && (self.part() != Part::Other || has_types) {
            self.fields(table, &columns);
        } else if table.rows.is_empty() {
            self.unread("table-without-rows", &table.text());
        } else {
            let list = self.anchor();
            match doc_tables::values(table) {
                Some(values) => self.entity(|entity| entity.values.entry(list).or_default().extend(values)),
                None if self.part() == Part::Other => {}
                None => self.unread("table-without-names", &table.text()),
            }
        }
    }

    fn fields(&mut self, table: &Table, columns: &[Column]) {
        let column = |wanted: &[Column]| columns.iter().position(|column| wanted.contains(column));
        let name_at = column(&[Column::Name, Column::NameAndType]);
        let type_at = column(&[Column::Type]);
        let has_types = type_at.is_some() || columns.contains(&Column::NameAndType);
        if !has_types && self.part() != Part::Other {
            self.unread("table-without-types", &table.text());
        }
        let mut rows = Vec::new();
        for row in &table.rows {
            let cell = |at: Option<usize>| at.and_then(|at| row.get(at)).map_or("", String::as_str);
            let name = Name::read(cell(name_at));
            if row.len() != columns.len() {
                self.unread("row-with-other-number-of-cells", &row.join(" | "));
            }
            if !is_path(&name.name) {
                self.unread("row-without-name", &row.join(" | "));
                continue;
            }
            let types = types_of(if type_at.is_some() {
                cell(type_at)
            } else {
                name.rest
            });
            if has_types && types.is_empty() && self.part() != Part::Other {
                self.unread("row-without-type", &row.join(" | "));
            }
            let is_description = |at: usize| Some(at) != name_at && Some(at) != type_at;
            let mut revisions: Vec<u16> = Vec::new();
            let mut description = String::new();
            for (at, cell) in row.iter().enumerate().filter(|(at, _)| is_description(*at)) {
                if columns.get(at) == Some(&Column::Revision) {
                    revisions.extend(cell.trim().parse::<u16>().ok());
                } else {
                    description.push_str(cell);
                    description.push('\n');
                }
            }
            revisions.extend(dates::revisions(&prose(&description)));
            let whole = row.join(" ");
            let leads = links(&whole)
                .into_iter()
                .filter_map(|(_, to)| to.strip_prefix('#'));
            let mut literals = doc_tables::literals(&description);
            literals.retain(|literal| !revisions.iter().any(|revision| *literal == revision.to_string()));
            rows.push(FieldRow {
                anchors: leads.map(str::to_owned).collect(),
                name: name.name,
                field: Field {
                    types,
                    required: name.required,
                    revisions: revisions.into_iter().collect(),
                    literals,
                },
            });
        }
        let last = self.headings.last();
        let table = FieldTable {
            part: self.part(),
            heading: last.map(|open| open.heading.clone()),
            opens_part: last.is_some_and(|open| open.opens_part),
            outer_anchor: Some(self.anchor()),
            rows,
        };
        self.tables.entry(self.of.clone()).or_default().push(table);
    }

    /// The anchor of the nearest heading that names one and does not open a part.
    fn anchor(&self) -> String {
        let mut open = self.headings.iter().rev().filter(|open| !open.opens_part);
        open.find_map(|open| open.heading.anchor.clone())
            .unwrap_or_default()
    }

    fn entity(&mut self, change: impl FnOnce(&mut Entity)) {
        if let Some(entity) = self.facts.entities.get_mut(&self.of) {
            change(entity);
        }
    }

    fn unread(&mut self, problem: &'static str, text: &str) {
        let anchor = self.anchor();
        let words = one_line(&text.chars().take(80).collect::<String>());
        self.facts.unread.push(Unread {
            problem,
            of: self.of.clone(),
            page: self.path.to_owned(),
            place: if anchor.is_empty() {
                words
            } else {
                format!("#{anchor}: {words}")
            },
            digest: digest(text),
        });
    }

    fn finish(mut self) -> PageFacts {
        for (of, tables) in std::mem::take(&mut self.tables) {
            let Some(entity) = self.facts.entities.get_mut(&of) else {
                continue;
            };
            for (part, path, field) in with_paths(&tables) {
                entity.add_field(part, path, field);
            }
        }
        self.facts
    }
}
