//! The tokens of a file.

use super::language::Language;

/// Stands in a text for a part that is computed when the program runs.
pub(super) const HOLE: char = '\0';

/// The kind of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A string, with its escapes decoded and [`HOLE`] for each computed part.
    Text(String),
    /// An identifier or a keyword. In PHP a variable keeps its `$`.
    Word,
    Number,
    /// Punctuation or an operator.
    Mark,
    /// Opens a computed part of the text before it.
    Hole,
}

/// A token, with its place in the file.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
    /// From 1.
    pub(super) line: usize,
    /// Whether it is the first of its line.
    pub(super) leads: bool,
    /// The other bracket of the pair.
    pub(super) mate: Option<usize>,
    /// The bracket that it is in.
    pub(super) parent: Option<usize>,
}

/// A file as tokens.
#[derive(Debug)]
pub(super) struct Tokens {
    pub(super) language: Language,
    pub(super) source: String,
    pub(super) list: Vec<Token>,
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
                self.source.get(token.start..token.end).unwrap_or_default()
            }
            _ => "",
        }
    }

    pub(super) fn text(&self, at: usize) -> Option<&str> {
        match &self.get(at)?.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn word(&self, at: usize) -> Option<&str> {
        (self.get(at)?.kind == Kind::Word).then(|| self.raw(at))
    }

    pub(super) fn number(&self, at: usize) -> Option<&str> {
        (self.get(at)?.kind == Kind::Number).then(|| self.raw(at))
    }

    pub(super) fn is(&self, at: usize, mark: &str) -> bool {
        self.get(at).is_some_and(|token| token.kind == Kind::Mark) && self.raw(at) == mark
    }

    pub(super) fn is_any(&self, at: usize, marks: &[&str]) -> bool {
        self.get(at).is_some_and(|token| token.kind == Kind::Mark) && marks.contains(&self.raw(at))
    }

    /// Whether a computed part of a text begins here.
    pub(super) fn is_hole(&self, at: usize) -> bool {
        self.get(at).is_some_and(|token| token.kind == Kind::Hole)
    }

    pub(super) fn mate(&self, at: usize) -> Option<usize> {
        self.get(at)?.mate
    }

    pub(super) fn line(&self, at: usize) -> usize {
        self.get(at).map_or(0, |token| token.line)
    }

    /// The column of a token, counted in characters from 1.
    pub(super) fn column(&self, at: usize) -> usize {
        let start = self.get(at).map_or(0, |token| token.start);
        let before = self.source.get(..start).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        line.chars().count() + 1
    }

    /// The indentation of a token's line, in bytes.
    pub(super) fn indent(&self, at: usize) -> usize {
        let start = self.get(at).map_or(0, |token| token.start);
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
        self.get(at)?.parent
    }

    /// Notes for each token the bracket that it is in. A bracket without a mate holds nothing.
    pub(super) fn note_parents(&mut self) {
        let mut open: Vec<usize> = Vec::new();
        for (at, token) in self.list.iter_mut().enumerate() {
            if token.mate.is_some_and(|mate| mate < at) {
                open.pop();
            }
            token.parent = open.last().copied();
            if token.mate.is_some_and(|mate| mate > at) {
                open.push(at);
            }
        }
    }
}
