//! A page as headings, tables and lines. Blocks of code are left out.

use super::table::{Table, pipe_table, yfm_table};

/// A part of a page.
#[derive(Debug)]
pub(super) enum Block {
    Heading(Heading),
    Table(Table),
    Line(String),
    /// A block that never ends: what it is, and its text.
    Unclosed(&'static str, String),
}

#[derive(Clone, Debug)]
pub(super) struct Heading {
    pub(super) level: usize,
    pub(super) text: String,
    /// The anchor that the page names.
    pub(super) anchor: Option<String>,
}

/// Reads a page.
pub(super) fn blocks(page: &str) -> Vec<Block> {
    let mut lines = page.trim_start_matches('\u{feff}').lines().peekable();
    let mut blocks = Vec::new();
    while let Some(line) = lines.next() {
        let trimmed = line.trim();
        if let Some(fence) = Fence::open(trimmed) {
            let mut text = String::new();
            let mut closed = false;
            for line in lines.by_ref() {
                if fence.closes(line.trim()) {
                    closed = true;
                    break;
                }
                text.push_str(line);
                text.push('\n');
            }
            if !closed {
                blocks.push(Block::Unclosed("code", text));
            }
        } else if let Some(rest) = trimmed.strip_prefix("#|") {
            let mut text = format!("{rest}\n");
            let mut depth = 1_usize;
            for line in lines.by_ref() {
                let trimmed = line.trim();
                if trimmed.starts_with("#|") {
                    depth += 1;
                } else if trimmed.ends_with("|#") {
                    depth -= 1;
                    if depth == 0 {
                        text.push_str(trimmed.trim_end_matches("|#"));
                        break;
                    }
                }
                text.push_str(line);
                text.push('\n');
            }
            blocks.push(if depth == 0 {
                Block::Table(yfm_table(&text))
            } else {
                Block::Unclosed("table", text)
            });
        } else if trimmed.starts_with('|') && lines.peek().is_some_and(|next| is_rule(next)) {
            let mut rows = vec![trimmed.to_owned()];
            lines.next();
            while let Some(row) = lines.next_if(|line| line.trim().starts_with('|')) {
                rows.push(row.trim().to_owned());
            }
            blocks.push(Block::Table(pipe_table(&rows)));
        } else if let Some(heading) = Heading::read(line) {
            blocks.push(Block::Heading(heading));
        } else if !trimmed.is_empty() {
            blocks.push(Block::Line(trimmed.to_owned()));
        }
    }
    blocks
}

fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.contains("--") && line.chars().all(|c| "|-: ".contains(c))
}

struct Fence {
    mark: char,
    length: usize,
}

impl Fence {
    fn open(line: &str) -> Option<Self> {
        let mark = line.chars().next().filter(|c| ['`', '~'].contains(c))?;
        let length = line.chars().take_while(|c| *c == mark).count();
        let info = line.trim_start_matches(mark);
        // A line such as ```` ```a|b``` ```` is a text in a line, not a block.
        (length >= 3 && !info.contains('`')).then_some(Self { mark, length })
    }

    fn closes(&self, line: &str) -> bool {
        line.len() >= self.length && line.chars().all(|c| c == self.mark)
    }
}

impl Heading {
    fn read(line: &str) -> Option<Self> {
        let level = line.chars().take_while(|c| *c == '#').count();
        let rest = line.get(level..)?;
        if !(1..=6).contains(&level) || !rest.starts_with([' ', '\t']) {
            return None;
        }
        let mut text = rest.trim().trim_end_matches('#').trim();
        let mut anchor = None;
        while let Some((before, attributes)) = text
            .strip_suffix('}')
            .and_then(|text| text.rsplit_once('{'))
            .filter(|(_, inside)| inside.trim_start().starts_with(['#', '.']))
        {
            anchor = attributes.trim().strip_prefix('#').map(str::to_owned).or(anchor);
            text = before.trim_end();
        }
        Some(Self {
            level,
            text: text.to_owned(),
            anchor,
        })
    }
}

/// The texts in backticks, as they are shown.
pub(super) fn code_spans(text: &str) -> Vec<&str> {
    split_code(text).1
}

/// A text without what stands in backticks and without the targets of links.
pub(super) fn prose(text: &str) -> String {
    without_targets(&split_code(text).0.join(" "))
}

fn split_code(text: &str) -> (Vec<&str>, Vec<&str>) {
    let (mut outside, mut inside) = (Vec::new(), Vec::new());
    let mut rest = text;
    while let Some(start) = rest.find('`') {
        let (before, from) = rest.split_at(start);
        let length = from.chars().take_while(|c| *c == '`').count();
        let (mark, after) = from.split_at(length);
        outside.push(before);
        let Some(end) = end_of_code(after, length) else {
            rest = after;
            continue;
        };
        inside.push(after.get(..end).unwrap_or_default().trim());
        rest = after.get(end + mark.len()..).unwrap_or_default();
    }
    outside.push(rest);
    (outside, inside)
}

/// Where a run of exactly `length` backticks begins, on the same line.
pub(super) fn end_of_code(after: &str, length: usize) -> Option<usize> {
    let line = after.split('\n').next().unwrap_or_default();
    let mut at = 0;
    while let Some(next) = line.get(at..).and_then(|rest| rest.find('`')) {
        let start = at + next;
        let run = line
            .get(start..)
            .map_or(0, |rest| rest.chars().take_while(|c| *c == '`').count());
        if run == length {
            return Some(start);
        }
        at = start + run;
    }
    None
}

/// The links of a text: what is shown, and where they lead.
pub(super) fn links(text: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(middle) = rest.find("](") {
        let (before, after) = rest.split_at(middle);
        let after = after.get(2..).unwrap_or_default();
        let Some(end) = after.find(')') else { break };
        if let (Some(start), Some(target)) = (before.rfind('['), after.get(..end)) {
            found.push((before.get(start + 1..).unwrap_or_default(), target.trim()));
        }
        rest = after.get(end..).unwrap_or_default();
    }
    found
}

fn without_targets(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(middle) = rest.find("](") {
        let (before, after) = rest.split_at(middle);
        shown.push_str(before);
        shown.push(']');
        match after.find(')') {
            Some(end) => rest = after.get(end + 1..).unwrap_or_default(),
            None => rest = after.get(2..).unwrap_or_default(),
        }
    }
    shown.push_str(rest);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heading_has_text_and_anchor() {
        let heading = Heading::read("### Parameter fields {#fields} {.wide}").unwrap();
        assert_eq!((heading.level, heading.text.as_str()), (3, "Parameter fields"));
        assert_eq!(heading.anchor.as_deref(), Some("fields"));
        assert!(Heading::read("#| table").is_none());
        assert_eq!(Heading::read("#### Element /{BOT_ID/}").unwrap().anchor, None);
    }

    #[test]
    fn code_is_told_from_prose() {
        let text = "[`a`](x.md#y) is ```b|c``` or `d` until `unclosed";
        assert_eq!(code_spans(text), ["a", "b|c", "d"]);
        assert_eq!(links(text), [("`a`", "x.md#y")]);
        assert!(!prose(text).contains("x.md"));
    }

    #[test]
    fn unclosed_blocks_are_told() {
        let page = "# A\n```js\n1\n";
        assert!(matches!(blocks(page).as_slice(), [_, Block::Unclosed("code", _)]));
        let page = "#|\n|| **Name** ||\n";
        assert!(matches!(blocks(page).as_slice(), [Block::Unclosed("table", _)]));
    }
}
