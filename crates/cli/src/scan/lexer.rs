//! Reads a file as tokens: strings, words, numbers and punctuation, without comments.
//!
//! It knows just enough of each language to find where strings and comments begin and end. It takes
//! one pass over the file, and never fails: what is no valid program gives some tokens, too.

mod bytes;
mod page;
mod strings;

use std::cell::OnceCell;

use self::bytes::{Class, class, is_word, may_begin_operator, may_begin_text};
use super::language::Language;
use super::token::{Kind, Small, Texts, Token, Tokens, code, hash};

/// The most levels of brackets. A file with more is not analysed.
const MAX_NESTING: usize = 400;

/// The most levels of computed parts in texts.
const MAX_HOLES: usize = 24;

/// Operators of several bytes, the longest first.
const OPERATORS: [&str; 31] = [
    "===", "!==", "<=>", "**=", "...", "??=", "?->", "#![", "=>", "->", "::", "?.", "==", "!=", ">=", "<=",
    "&&", "||", "??", ":=", "+=", "-=", ".=", "|>", "<-", "#[", "++", "--", "<<", "**", "=~",
];

/// Why a file cannot be read as tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooDeep;

/// The tokens of a file.
pub(super) fn lex(language: Language, source: String) -> Result<Tokens, TooDeep> {
    let mut lexer = Lexer {
        language,
        source: &source,
        bytes: source.as_bytes(),
        at: 0,
        line: 1,
        leads: true,
        list: Vec::with_capacity(source.len() / 2),
        texts: Texts::default(),
        spare: Vec::new(),
        open: Vec::new(),
        parent: Small::NONE,
        leaves_open: false,
        holes: 0,
        too_deep: false,
    };
    match language {
        Language::Php | Language::Page => lexer.page(),
        _ => lexer.code(Until::End),
    }
    if lexer.too_deep {
        return Err(TooDeep);
    }
    let leaves_open = lexer.leaves_open || !lexer.open.is_empty();
    let (list, texts) = (lexer.list, lexer.texts);
    let mut tokens = Tokens {
        language,
        source,
        list,
        texts,
        indents: OnceCell::new(),
    };
    if leaves_open {
        tokens.note_parents();
    }
    Ok(tokens)
}

/// Where code ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Until {
    /// At the end of the file.
    End,
    /// At `?>`.
    Page,
    /// At `</script`.
    Script,
    /// At the brace that closes a computed part of a text.
    Hole {
        /// Whether it ends with its line at the latest.
        in_line: bool,
    },
}

struct Lexer<'s> {
    language: Language,
    source: &'s str,
    bytes: &'s [u8],
    at: usize,
    line: usize,
    leads: bool,
    list: Vec<Token>,
    texts: Texts,
    /// Room for strings while they are read.
    spare: Vec<Vec<u8>>,
    open: Vec<usize>,
    /// The bracket that the next token is in.
    parent: Small,
    /// Whether a bracket has no mate. Then the noted parents are wrong.
    leaves_open: bool,
    holes: usize,
    too_deep: bool,
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn starts(&self, text: &str) -> bool {
        self.rest().starts_with(text.as_bytes())
    }

    fn is_done(&self) -> bool {
        self.at >= self.bytes.len() || self.too_deep
    }

    /// Moves on, and counts lines.
    fn skip(&mut self, bytes: usize) {
        let end = (self.at + bytes).min(self.bytes.len());
        let passed = self.bytes.get(self.at..end).unwrap_or_default();
        let lines = passed.iter().filter(|byte| **byte == b'\n').count();
        if lines > 0 {
            self.line += lines;
            self.leads = true;
        }
        self.at = end;
    }

    fn skip_to(&mut self, text: &str) {
        let rest = self.source.get(self.at..).unwrap_or_default();
        let length = rest.find(text).map_or(rest.len(), |at| at + text.len());
        self.skip(length);
    }

    /// Adds a token that ends here.
    fn push(&mut self, kind: Kind, start: usize, line: usize) {
        let leads = std::mem::replace(&mut self.leads, false);
        let token = Token::new(kind, start..self.at, line, leads, self.parent);
        self.list.push(token);
    }

    fn mark(&mut self, length: usize) {
        let (start, line) = (self.at, self.line);
        self.at += length;
        let raw = self.source.get(start..self.at).unwrap_or_default();
        self.push(Kind::Mark(code(raw)), start, line);
    }

    /// A mark of one byte.
    fn byte(&mut self, byte: u8) {
        let (start, line) = (self.at, self.line);
        self.at += 1;
        self.push(Kind::Mark(u32::from(byte)), start, line);
    }

    fn code(&mut self, until: Until) {
        let base = self.open.len();
        while !self.is_done() {
            while self.bytes.get(self.at) == Some(&b' ') {
                self.at += 1;
            }
            let Some(&byte) = self.bytes.get(self.at) else {
                return;
            };
            match class(byte) {
                Class::Space => self.at += 1,
                Class::Line if until == (Until::Hole { in_line: true }) => {
                    self.leaves_open |= self.open.len() > base;
                    return self.open.truncate(base);
                }
                Class::Line => {
                    self.at += 1;
                    self.line += 1;
                    self.leads = true;
                }
                Class::Letter if !self.may_begin_string(byte) => self.word(),
                Class::Digit => self.number(),
                Class::Open => {
                    self.byte(byte);
                    self.opened();
                }
                Class::Close
                    if byte == b'}' && self.open.len() <= base && matches!(until, Until::Hole { .. }) =>
                {
                    return;
                }
                Class::Close => {
                    self.byte(byte);
                    self.closed(byte, base);
                }
                Class::Alone => self.byte(byte),
                Class::Letter | Class::Other => {
                    match until {
                        Until::Page if self.starts("?>") => return self.skip(2),
                        Until::Script if self.starts("</script") || self.starts("</SCRIPT") => return,
                        _ => {}
                    }
                    if !may_begin_text(byte) || !self.comment() && !self.string() && !self.regex() {
                        self.plain(byte);
                    }
                }
            }
        }
    }

    /// Skips a comment.
    fn comment(&mut self) -> bool {
        use Language::{Php, Python};
        let hash = self.peek(0) == b'#';
        if hash && (self.language == Python || self.language == Php && self.peek(1) != b'[') {
            self.line_comment();
            return true;
        }
        if self.language == Python || self.peek(0) != b'/' {
            return false;
        }
        match self.peek(1) {
            b'/' => self.line_comment(),
            b'*' if self.language == Language::Rust => self.nested_comment(),
            b'*' => {
                self.skip(2);
                self.skip_to("*/");
            }
            _ => return false,
        }
        true
    }

    fn line_comment(&mut self) {
        let rest = self.rest();
        let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        let comment = rest.get(..length).unwrap_or_default();
        let end = match self.language {
            Language::Php => comment.windows(2).position(|pair| pair == b"?>"),
            _ => None,
        };
        self.at += end.unwrap_or(length);
    }

    fn nested_comment(&mut self) {
        let mut depth = 0_usize;
        while !self.is_done() {
            if self.starts("/*") {
                depth += 1;
                self.skip(2);
            } else if self.starts("*/") {
                depth -= 1;
                self.skip(2);
                if depth == 0 {
                    return;
                }
            } else {
                self.skip(1);
            }
        }
    }

    /// Skips a regular expression of JavaScript. It counts as a number: nothing in it is read.
    fn regex(&mut self) -> bool {
        if !matches!(self.language, Language::JavaScript | Language::TypeScript) || self.peek(0) != b'/' {
            return false;
        }
        let can_begin = match self.list.last() {
            None => true,
            Some(last) => {
                let bytes = last.start.get()..last.end.get();
                let raw = self.source.get(bytes).unwrap_or_default();
                match last.kind {
                    Kind::Mark(_) => !matches!(raw, ")" | "]" | "}" | "++" | "--"),
                    Kind::Word(_) => {
                        matches!(raw, "return" | "typeof" | "case" | "in" | "of" | "do" | "else")
                    }
                    _ => false,
                }
            }
        };
        if !can_begin {
            return false;
        }
        let (mut length, mut in_class) = (1, false);
        loop {
            match self.peek(length) {
                0 | b'\n' => return false,
                b'\\' => length += 1,
                b'[' => in_class = true,
                b']' => in_class = false,
                b'/' if !in_class => break,
                _ => {}
            }
            length += 1;
        }
        let (start, line) = (self.at, self.line);
        self.at = (self.at + length + 1).min(self.bytes.len());
        self.push(Kind::Number, start, line);
        true
    }

    fn word(&mut self) {
        let (start, line) = (self.at, self.line);
        let rest = self.rest();
        let length = rest.iter().position(|byte| !is_word(*byte)).unwrap_or(rest.len());
        let hash = hash(rest.get(..length).unwrap_or_default());
        self.at += length;
        self.push(Kind::Word(hash), start, line);
    }

    fn number(&mut self) {
        let (start, line) = (self.at, self.line);
        while is_word(self.peek(0)) || self.peek(0) == b'.' && self.peek(1).is_ascii_digit() {
            self.at += 1;
        }
        self.push(Kind::Number, start, line);
    }

    /// A word, an operator or another mark.
    fn plain(&mut self, byte: u8) {
        if is_word(byte) {
            self.word();
        } else if may_begin_operator(byte, self.peek(1))
            && let Some(operator) = OPERATORS.iter().find(|own| self.starts(own))
        {
            let opens = operator.starts_with('#');
            self.mark(operator.len());
            if opens {
                self.opened();
            }
        } else {
            self.byte(byte);
        }
    }

    /// The last token opens a bracket.
    fn opened(&mut self) {
        let here = self.list.len() - 1;
        self.open.push(here);
        self.parent = Small::of(here);
        if self.open.len() > MAX_NESTING {
            self.too_deep = true;
        }
    }

    /// The last token closes a bracket. One of another kind ends those that were left open in it.
    fn closed(&mut self, byte: u8, base: usize) {
        let here = self.list.len() - 1;
        let mut depth = self.open.len();
        while depth > base {
            depth -= 1;
            let Some(&opened) = self.open.get(depth) else {
                return;
            };
            let raw = self
                .list
                .get(opened)
                .and_then(|own| self.bytes.get(own.end.get().checked_sub(1)?));
            let matches = matches!(
                (raw, byte),
                (Some(b'('), b')') | (Some(b'['), b']') | (Some(b'{'), b'}')
            );
            if matches {
                self.leaves_open |= depth + 1 < self.open.len();
                self.open.truncate(depth);
                self.pair(opened, here);
                return;
            }
        }
    }

    /// Makes two brackets a pair. Both are in the same bracket, and so is what follows.
    fn pair(&mut self, opened: usize, closed: usize) {
        if let Some(token) = self.list.get_mut(opened) {
            token.mate = Small::of(closed);
            self.parent = token.parent;
        }
        if let Some(token) = self.list.get_mut(closed) {
            token.mate = Small::of(opened);
            token.parent = self.parent;
        }
    }

    /// A computed part of a text, after the brace that opens it. Its tokens follow that of the text.
    fn hole(&mut self, in_line: bool) {
        if self.holes >= MAX_HOLES {
            self.too_deep = true;
            return;
        }
        self.holes += 1;
        let opened = self.list.len();
        let line = self.line;
        let start = self.at.saturating_sub(1);
        let token = Token::new(Kind::Hole, start..self.at, line, false, self.parent);
        self.list.push(token);
        self.parent = Small::of(opened);
        let open = std::mem::take(&mut self.open);
        self.code(Until::Hole { in_line });
        self.leaves_open |= !self.open.is_empty();
        self.open = open;
        let (start, line) = (self.at, self.line);
        if self.peek(0) == b'}' {
            self.at += 1;
        }
        let raw = self.source.get(start..self.at).unwrap_or_default();
        self.push(Kind::Mark(code(raw)), start, line);
        let closed = self.list.len() - 1;
        self.pair(opened, closed);
        self.holes -= 1;
    }
}
