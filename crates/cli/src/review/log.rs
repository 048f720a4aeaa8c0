//! The change log: its entries by code, and its sections by revision.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::dates;
use super::entity::Unread;
use super::markdown::{Block, Heading, code_spans, links, prose};
use super::names::{digest, is_code, is_event, is_method, one_line, slug};
use super::words;

/// An entry of the change log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Entry {
    pub(super) code: String,
    /// The revision of its section.
    pub(super) rest: Option<u16>,
    pub(super) published: Option<String>,
    /// The days on which something begins.
    pub(super) from: BTreeSet<String>,
    /// The days on which something ends.
    pub(super) until: BTreeSet<String>,
    pub(super) methods: BTreeSet<String>,
    /// Values, fields and error codes that the entry shows in backticks.
    pub(super) names: BTreeSet<String>,
    /// Only the documentation changed, by the entry's own title.
    pub(super) docs_only: bool,
    /// Where the entry stands, for `source` of the table.
    pub(super) source: String,
    /// The anchor that the page names.
    #[serde(skip)]
    pub(super) own_anchor: Option<String>,
}

#[derive(Debug, Default)]
pub(super) struct Log {
    pub(super) entries: BTreeMap<String, Entry>,
    pub(super) revisions: BTreeSet<u16>,
    pub(super) unread: Vec<Unread>,
    /// The page, relative to the root of the documentation.
    pub(super) page: String,
}

impl Log {
    /// Adds the log of another page.
    pub(super) fn add(&mut self, other: Self) {
        if self.page.is_empty() {
            self.page = other.page;
        }
        for (code, entry) in other.entries {
            self.entries.entry(code).or_insert(entry);
        }
        self.revisions.extend(other.revisions);
        self.unread.extend(other.unread);
    }
}

/// Reads a page as a change log. `None`: it has no entry, so it is none.
pub(super) fn read(path: &str, blocks: &[Block]) -> Option<Log> {
    let is_log = blocks
        .iter()
        .any(|block| matches!(block, Block::Heading(heading) if code_of(&heading.text).is_some()));
    is_log.then(|| {
        let mut reader = Reader {
            log: Log {
                page: path.to_owned(),
                ..Log::default()
            },
            section: Section::default(),
            entry: None,
        };
        for block in blocks {
            reader.block(block);
        }
        reader.close();
        reader.log
    })
}

/// The code that begins a heading, and the title after it.
fn code_of(heading: &str) -> Option<(&str, &str)> {
    let end = heading
        .find(|c: char| c == ':' || c.is_whitespace())
        .unwrap_or(heading.len());
    let (code, title) = heading.split_at(end);
    let parts: Vec<&str> = code.split('-').collect();
    let is = |part: &str, test: fn(&char) -> bool| !part.is_empty() && part.chars().all(|c| test(&c));
    match parts.as_slice() {
        [group, kind, day, number]
            if is(group, char::is_ascii_uppercase)
                && is(kind, char::is_ascii_uppercase)
                && day.len() == 4
                && is(day, char::is_ascii_digit)
                && is(number, char::is_ascii_digit) =>
        {
            Some((code, title.trim_start_matches(':').trim()))
        }
        _ => None,
    }
}

/// A section of level 2.
#[derive(Default)]
struct Section {
    rest: Option<u16>,
    published: Option<String>,
    title: String,
    /// Whether the title speaks of a revision.
    is_revision: bool,
    has_entry: bool,
    has_day: bool,
}

struct Reader {
    log: Log,
    section: Section,
    entry: Option<(usize, Entry)>,
}

impl Reader {
    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(heading) => self.heading(heading),
            Block::Line(line) => self.text(line),
            Block::Table(table) => self.text(&table.text()),
            Block::Unclosed(_, text) => self.unread("unclosed-block", text),
        }
    }

    fn heading(&mut self, heading: &Heading) {
        let is_below = |(level, _): &(usize, Entry)| heading.level > *level;
        if self.entry.as_ref().is_some_and(is_below) && code_of(&heading.text).is_none() {
            return self.text(&heading.text);
        }
        self.close_entry();
        if heading.level <= 2 {
            self.close_section();
            let revisions = dates::revisions(&prose(&heading.text));
            let is_revision = heading.text.split_whitespace().any(words::is_revision);
            self.section = Section {
                rest: revisions.first().copied(),
                title: heading.text.clone(),
                is_revision: is_revision && heading.level == 2,
                ..Section::default()
            };
            if self.section.is_revision {
                self.log.revisions.extend(self.section.rest);
                if self.section.rest.is_none() {
                    self.unread("revision-without-number", &heading.text);
                }
            }
        }
        if let Some((code, title)) = code_of(&heading.text) {
            self.section.has_entry = true;
            let anchor = heading.anchor.clone().unwrap_or_else(|| slug(&heading.text));
            let mut entry = Entry {
                code: code.to_owned(),
                rest: self.section.rest,
                published: self.section.published.clone(),
                docs_only: words::is_about_documentation(title),
                source: format!("{}#{anchor}", self.log.page),
                own_anchor: heading.anchor.clone(),
                ..Entry::default()
            };
            add_names(&mut entry, title);
            self.entry = Some((heading.level, entry));
        } else if heading.level >= 3 && self.section.is_revision {
            self.unread("entry-without-code", &heading.text);
        }
    }

    fn text(&mut self, text: &str) {
        let days = dates::days(&prose(text));
        self.section.has_day |= !days.is_empty();
        let Some((_, entry)) = &mut self.entry else {
            let published = days.into_iter().find(|(_, role)| *role == "published");
            self.section.published = published.map(|(day, _)| day).or(self.section.published.take());
            return;
        };
        for (day, role) in days {
            match role {
                "published" => entry.published = Some(day),
                "until" => entry.until.extend([day]),
                "from" => entry.from.extend([day]),
                // A day that the text only mentions.
                _ => {}
            }
        }
        add_names(entry, text);
    }

    fn close_entry(&mut self) {
        let Some((_, entry)) = self.entry.take() else {
            return;
        };
        let code = entry.code.clone();
        if entry.published.is_none() {
            self.unread("entry-without-day", &code);
        }
        if self.log.entries.insert(code.clone(), entry).is_some() {
            self.unread("code-of-two-entries", &code);
        }
    }

    fn close_section(&mut self) {
        let section = std::mem::take(&mut self.section);
        if section.has_day && !section.has_entry {
            self.unread("section-without-code", &section.title);
        }
    }

    fn close(&mut self) {
        self.close_entry();
        self.close_section();
    }

    fn unread(&mut self, problem: &'static str, text: &str) {
        self.log.unread.push(Unread {
            problem,
            of: "change-log".to_owned(),
            page: self.log.page.clone(),
            place: one_line(&text.chars().take(80).collect::<String>()),
            digest: digest(text),
        });
    }
}

fn add_names(entry: &mut Entry, text: &str) {
    let shown = links(text).into_iter().map(|(shown, _)| shown.trim_matches('`'));
    for name in code_spans(text).into_iter().chain(shown) {
        if is_method(name) && name.starts_with("im") {
            entry.methods.insert(name.to_owned());
        } else if is_event(name) || (is_code(name) && !name.starts_with('#')) {
            entry.names.insert(name.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::markdown::blocks;

    #[test]
    fn codes_begin_headings() {
        assert_eq!(
            code_of("BOT-NEW-0402-1: New method"),
            Some(("BOT-NEW-0402-1", "New method"))
        );
        assert_eq!(code_of("Record prefixes"), None);
        assert_eq!(code_of("BOT-NEW-1"), None);
    }

    #[test]
    fn entries_have_revision_and_days() {
        let page = "# Log\n\n## REST Revision 40 {#r}\n\n> Publication date: 01.02.2027\n\n### BOT-BC-0201-1: X {#x}\n\n\
                    > Limit from 01.05.2027\n\n[imbot.v2.Bot.get](a.md) takes `name`.\n\n## BOT-NEW-0101-1: Y\n\n\
                    > Publication date: 01.01.2027 | Until: 01.07.2027\n";
        let log = read("log.md", &blocks(page)).unwrap();
        let entry = &log.entries["BOT-BC-0201-1"];
        assert_eq!(
            (entry.rest, entry.published.as_deref()),
            (Some(40), Some("2027-02-01"))
        );
        assert!(entry.from.contains("2027-05-01"));
        assert!(entry.methods.contains("imbot.v2.Bot.get") && entry.names.contains("name"));
        let other = &log.entries["BOT-NEW-0101-1"];
        assert_eq!(
            (other.rest, other.published.as_deref()),
            (None, Some("2027-01-01"))
        );
        assert!(other.until.contains("2027-07-01"));
        assert!(log.unread.is_empty(), "{:?}", log.unread);
    }

    #[test]
    fn what_has_no_code_is_told() {
        let page = "# Log\n## REST Revision 40\n> Publication date: 01.02.2027\n### A change\ntext\n### BOT-NEW-0201-1: Y\n\
                    ## Fixes\n> Publication date: 01.01.2027\n## REST Revision next\n### BOT-NEW-0301-1: Z\n";
        let log = read("log.md", &blocks(page)).unwrap();
        let problems: Vec<_> = log.unread.iter().map(|unread| unread.problem).collect();
        assert_eq!(
            problems,
            [
                "entry-without-code",
                "section-without-code",
                "revision-without-number",
                "entry-without-day"
            ]
        );
    }
}
