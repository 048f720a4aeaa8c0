//! The tokens of a file.

use std::cell::OnceCell;

use super::language::Language;

/// Stands in a text for a part that is computed when the program runs.
pub(super) const HOLE: char = '\0';

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A string. Its number leads to [`Texts`].
    Text(u32),
    /// An identifier or a keyword, with its [`hash`]. In PHP a variable keeps its `$`.
    Word(u32),
    Number,
    /// Punctuation or an operator, with its [`code`].
    Mark(u32),
    /// Opens a computed part of the text before it.
    Hole,
}

/// A mark of at most three bytes as a number, so that marks are compared without their text.
#[inline]
pub(super) const fn code(mark: &str) -> u32 {
    match *mark.as_bytes() {
        [a] => a as u32,
        [a, b] => a as u32 | (b as u32) << 8,
        [a, b, c] => a as u32 | (b as u32) << 8 | (c as u32) << 16,
        _ => 0,
    }
}

/// A hash of a word. Two words may have the same.
pub(super) fn hash(bytes: &[u8]) -> u32 {
    const PRIME: u32 = 0x9E37_79B1;
    let (fours, rest) = bytes.as_chunks();
    let mixed = |all: u32, part: u32| (all.rotate_left(5) ^ part).wrapping_mul(PRIME);
    let all = fours
        .iter()
        .fold(0, |all, four| mixed(all, u32::from_le_bytes(*four)));
    let all = mixed(
        all,
        rest.iter().fold(0, |part, byte| part << 8 | u32::from(*byte)),
    );
    // The high bits of a product depend on all bits.
    all ^ all >> 15
}

/// The number of a token or a byte, in half the room. A file has fewer, as the largest one that is read has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Small(u32);

impl Small {
    pub(super) const NONE: Self = Self(u32::MAX);

    pub(super) fn of(number: usize) -> Self {
        Self(u32::try_from(number).unwrap_or(u32::MAX))
    }

    #[inline]
    pub(super) fn get(self) -> usize {
        self.0 as usize
    }

    #[inline]
    pub(super) fn some(self) -> Option<usize> {
        (self != Self::NONE).then_some(self.0 as usize)
    }
}

/// A token, with its place in the file. It is small, since a file has many.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Whether it is the first of its line.
    pub(super) leads: bool,
    pub(super) start: Small,
    pub(super) end: Small,
    /// From 1.
    pub(super) line: Small,
    /// The other bracket of the pair.
    pub(super) mate: Small,
    /// The bracket that it is in.
    pub(super) parent: Small,
}

impl Token {
    pub(super) fn new(
        kind: Kind,
        bytes: std::ops::Range<usize>,
        line: usize,
        leads: bool,
        parent: Small,
    ) -> Self {
        Self {
            kind,
            leads,
            start: Small::of(bytes.start),
            end: Small::of(bytes.end),
            line: Small::of(line),
            mate: Small::NONE,
            parent,
        }
    }
}

/// The strings of a file one after the other, with their escapes decoded and [`HOLE`] for each computed part.
#[derive(Debug, Default)]
pub(super) struct Texts {
    all: String,
    /// Where each begins and ends.
    ranges: Vec<(Small, Small)>,
}

impl Texts {
    /// Adds a string, and gives its number.
    pub(super) fn add(&mut self, value: &[u8]) -> u32 {
        let start = Small::of(self.all.len());
        match std::str::from_utf8(value) {
            Ok(text) => self.all.push_str(text),
            Err(_) => self.all.push_str(&String::from_utf8_lossy(value)),
        }
        let number = Small::of(self.ranges.len()).0;
        self.ranges.push((start, Small::of(self.all.len())));
        number
    }

    fn get(&self, number: u32) -> Option<&str> {
        let (start, end) = self.ranges.get(number as usize)?;
        self.all.get(start.get()..end.get())
    }
}

/// A file as tokens.
#[derive(Debug)]
pub(super) struct Tokens {
    pub(super) language: Language,
    pub(super) source: String,
    pub(super) list: Vec<Token>,
    pub(super) texts: Texts,
    /// The indentation of each token's line, for languages in which it has a meaning. Made at the first question.
    pub(super) indents: OnceCell<Vec<Small>>,
}

impl Tokens {
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn get(&self, at: usize) -> Option<&Token> {
        self.list.get(at)
    }

    /// A word, a number or a mark as it is written; empty for a text.
    pub(super) fn raw(&self, at: usize) -> &str {
        match self.get(at) {
            Some(token) if !matches!(token.kind, Kind::Text(_)) => {
                let bytes = token.start.get()..token.end.get();
                self.source.get(bytes).unwrap_or_default()
            }
            _ => "",
        }
    }

    /// A token as it is written.
    pub(super) fn bytes(&self, token: &Token) -> &[u8] {
        let bytes = token.start.get()..token.end.get();
        self.source.as_bytes().get(bytes).unwrap_or_default()
    }

    pub(super) fn text(&self, at: usize) -> Option<&str> {
        match self.get(at)?.kind {
            Kind::Text(number) => self.texts.get(number),
            _ => None,
        }
    }

    pub(super) fn word(&self, at: usize) -> Option<&str> {
        matches!(self.get(at)?.kind, Kind::Word(_)).then(|| self.raw(at))
    }

    /// The hash of a word.
    pub(super) fn hash(&self, at: usize) -> Option<u32> {
        match self.get(at)?.kind {
            Kind::Word(hash) => Some(hash),
            _ => None,
        }
    }

    pub(super) fn number(&self, at: usize) -> Option<&str> {
        (self.get(at)?.kind == Kind::Number).then(|| self.raw(at))
    }

    #[inline]
    pub(super) fn is(&self, at: usize, mark: &str) -> bool {
        self.get(at)
            .is_some_and(|token| token.kind == Kind::Mark(code(mark)))
    }

    #[inline]
    pub(super) fn is_any(&self, at: usize, marks: &[&str]) -> bool {
        match self.get(at).map(|token| token.kind) {
            Some(Kind::Mark(own)) => marks.iter().any(|mark| code(mark) == own),
            _ => false,
        }
    }

    /// Whether a computed part of a text begins here.
    pub(super) fn is_hole(&self, at: usize) -> bool {
        self.get(at).is_some_and(|token| token.kind == Kind::Hole)
    }

    pub(super) fn mate(&self, at: usize) -> Option<usize> {
        self.get(at)?.mate.some()
    }

    pub(super) fn line(&self, at: usize) -> usize {
        self.get(at).map_or(0, |token| token.line.get())
    }

    /// The column of a token, counted in characters from 1.
    pub(super) fn column(&self, at: usize) -> usize {
        let start = self.get(at).map_or(0, |token| token.start.get());
        let before = self.source.get(..start).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        line.chars().count() + 1
    }

    /// The line and the column of a token. In a text of several lines, those of a name inside.
    pub(super) fn place_of(&self, at: usize, name: &str) -> (usize, usize) {
        let Some(token) = self.get(at).filter(|_| self.text(at).is_some()) else {
            return (self.line(at), self.column(at));
        };
        let written = self
            .source
            .get(token.start.get()..token.end.get())
            .unwrap_or_default();
        let before = match (written.contains('\n'), written.find(name)) {
            (true, Some(start)) => written.get(..start).unwrap_or_default(),
            _ => return (self.line(at), self.column(at)),
        };
        match before.rsplit_once('\n') {
            Some((lines, line)) => (
                self.line(at) + lines.matches('\n').count() + 1,
                line.chars().count() + 1,
            ),
            None => (self.line(at), self.column(at)),
        }
    }

    /// The indentation of a token's line, in bytes. All lines are measured at the first question: each
    /// block asks for all lines in it, and so do the blocks around it.
    pub(super) fn indent(&self, at: usize) -> usize {
        let indents = self.indents.get_or_init(|| {
            let mut last = (Small::NONE, Small::of(0));
            let of_line = |token: &Token| {
                if token.line != last.0 {
                    last = (token.line, Small::of(self.indent_of(token.start.get())));
                }
                last.1
            };
            self.list.iter().map(of_line).collect()
        });
        indents.get(at).map_or(0, |indent| indent.get())
    }

    fn indent_of(&self, start: usize) -> usize {
        let before = self.source.get(..start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = self.source.get(line_start..).unwrap_or_default();
        line.len() - line.trim_start_matches([' ', '\t']).len()
    }

    /// Whether the token opens a bracket.
    pub(super) fn opens(&self, at: usize) -> bool {
        self.mate(at).is_some_and(|mate| mate > at)
    }

    /// Whether the token closes a bracket.
    pub(super) fn closes(&self, at: usize) -> bool {
        self.mate(at).is_some_and(|mate| mate < at)
    }

    /// The token after a whole: after the bracket's mate, and after the computed parts of a text.
    pub(super) fn after(&self, at: usize) -> usize {
        let mut next = match self.mate(at) {
            Some(mate) if mate > at => mate + 1,
            _ => at + 1,
        };
        while self.is_hole(next) {
            next = match self.mate(next) {
                Some(mate) if mate > next => mate + 1,
                _ => next + 1,
            };
        }
        next
    }

    /// The token before a whole: before the bracket's mate.
    pub(super) fn before(&self, at: usize) -> Option<usize> {
        let mut previous = at.checked_sub(1)?;
        // A text that has computed parts is before them.
        while self.closes(previous)
            && let Some(mate) = self.mate(previous)
            && self.is_hole(mate)
        {
            previous = mate.checked_sub(1)?;
        }
        Some(previous)
    }

    /// The bracket that a token is in.
    pub(super) fn parent(&self, at: usize) -> Option<usize> {
        self.get(at)?.parent.some()
    }

    /// Notes for each token the bracket that it is in. A bracket without a mate holds nothing.
    pub(super) fn note_parents(&mut self) {
        let mut open: Vec<Small> = Vec::new();
        for (at, token) in self.list.iter_mut().enumerate() {
            let mate = token.mate.some();
            if mate.is_some_and(|mate| mate < at) {
                open.pop();
            }
            token.parent = open.last().copied().unwrap_or(Small::NONE);
            if mate.is_some_and(|mate| mate > at) {
                open.push(Small::of(at));
            }
        }
    }
}
