//! The strings of each language: where they begin and end, their escapes and computed parts.

use super::super::language::Language;
use super::super::token::{HOLE, Kind, Small, Token};
use super::Lexer;
use super::bytes::is_word;

/// How a string is written.
#[derive(Clone, Copy, Default)]
struct Form {
    /// The bytes before the text: a prefix and the quotes.
    opening: usize,
    /// The quote that ends it.
    quote: u8,
    /// How many quotes end it.
    quotes: usize,
    /// How many `#` follow the closing quote.
    hashes: usize,
    /// A backslash is an escape.
    escapes: bool,
    /// A quote is written twice.
    doubles: bool,
    /// It may span lines.
    spans_lines: bool,
    holes: Holes,
}

/// How computed parts are written.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Holes {
    #[default]
    None,
    /// `${x}`
    Dollar,
    /// `{x}`, and `{{` for a brace.
    Brace,
    /// `$x`, `{$x}` and `${x}`.
    Php,
}

impl Lexer<'_> {
    /// Reads a string, if one begins here.
    pub(super) fn string(&mut self) -> bool {
        if self.language == Language::Php && self.starts("<<<") && self.heredoc() {
            return true;
        }
        let Some(form) = self.form() else {
            return false;
        };
        self.read(form);
        true
    }

    /// Whether a byte of a word may be a prefix of a string.
    pub(super) fn may_begin_string(&self, byte: u8) -> bool {
        match self.language {
            Language::Python => matches!(byte.to_ascii_lowercase(), b'r' | b'b' | b'f' | b'u'),
            Language::Rust => matches!(byte, b'b' | b'r' | b'c'),
            Language::CSharp => byte == b'$',
            _ => false,
        }
    }

    fn form(&self) -> Option<Form> {
        use Language::{CSharp, Go, Java, JavaScript, Json, Page, Php, Python, Rust, TypeScript};
        let simple = |quote| Form {
            opening: 1,
            quote,
            quotes: 1,
            escapes: true,
            ..Form::default()
        };
        let quote = self.peek(0);
        match self.language {
            Python => self.python(),
            Rust => self.rust(),
            CSharp => self.csharp(),
            Java if self.starts("\"\"\"") => Some(Form {
                opening: 3,
                quotes: 3,
                spans_lines: true,
                ..simple(b'"')
            }),
            Go if quote == b'`' => Some(Form {
                escapes: false,
                spans_lines: true,
                ..simple(quote)
            }),
            JavaScript | TypeScript | Page if quote == b'`' => Some(Form {
                spans_lines: true,
                holes: Holes::Dollar,
                ..simple(quote)
            }),
            Php if quote == b'"' || quote == b'`' => Some(Form {
                spans_lines: true,
                holes: Holes::Php,
                ..simple(quote)
            }),
            Php if quote == b'\'' => Some(Form {
                spans_lines: true,
                ..simple(quote)
            }),
            Json => (quote == b'"').then(|| simple(quote)),
            _ => matches!(quote, b'"' | b'\'').then(|| simple(quote)),
        }
    }

    fn python(&self) -> Option<Form> {
        let is_prefix = |byte: u8| matches!(byte.to_ascii_lowercase(), b'r' | b'b' | b'f' | b'u');
        let prefix = (0..3).find(|ahead| !is_prefix(self.peek(*ahead)))?;
        let quote = self.peek(prefix);
        if !matches!(quote, b'"' | b'\'') {
            return None;
        }
        let has = |letter: u8| (0..prefix).any(|ahead| self.peek(ahead).eq_ignore_ascii_case(&letter));
        let is_triple = self.peek(prefix + 1) == quote && self.peek(prefix + 2) == quote;
        let quotes = if is_triple { 3 } else { 1 };
        Some(Form {
            opening: prefix + quotes,
            quote,
            quotes,
            escapes: true,
            spans_lines: is_triple,
            holes: if has(b'f') { Holes::Brace } else { Holes::None },
            ..Form::default()
        })
    }

    fn rust(&self) -> Option<Form> {
        let first = self.peek(0);
        if first == b'\'' {
            // Not a lifetime.
            let is_letter = self.peek(1) == b'\\' || self.peek(2) == b'\'' || self.peek(1) >= 0x80;
            return is_letter.then_some(Form {
                opening: 1,
                quote: b'\'',
                quotes: 1,
                escapes: true,
                ..Form::default()
            });
        }
        let prefix = (0..3)
            .find(|ahead| !matches!(self.peek(*ahead), b'b' | b'r' | b'c'))
            .unwrap_or(0);
        let is_raw = (0..prefix).any(|ahead| self.peek(ahead) == b'r');
        let mut hashes = 0;
        while is_raw && hashes < 256 && self.peek(prefix + hashes) == b'#' {
            hashes += 1;
        }
        (self.peek(prefix + hashes) == b'"').then_some(Form {
            opening: prefix + hashes + 1,
            quote: b'"',
            quotes: 1,
            hashes,
            escapes: !is_raw,
            spans_lines: true,
            ..Form::default()
        })
    }

    fn csharp(&self) -> Option<Form> {
        let prefix = (0..3).find(|ahead| !matches!(self.peek(*ahead), b'$' | b'@'))?;
        let quote = self.peek(prefix);
        if quote != b'"' && !(quote == b'\'' && prefix == 0) {
            return None;
        }
        let has = |mark: u8| (0..prefix).any(|ahead| self.peek(ahead) == mark);
        let is_verbatim = has(b'@');
        let is_raw = quote == b'"' && self.peek(prefix + 1) == b'"' && self.peek(prefix + 2) == b'"';
        let quotes = if is_raw && !is_verbatim { 3 } else { 1 };
        Some(Form {
            opening: prefix + quotes,
            quote,
            quotes,
            escapes: !is_verbatim && quotes == 1,
            doubles: is_verbatim,
            spans_lines: is_verbatim || quotes == 3,
            holes: if has(b'$') { Holes::Brace } else { Holes::None },
            ..Form::default()
        })
    }

    /// Pushes the token before its value is known: tokens of computed parts follow it.
    fn begin(&mut self) -> usize {
        let leads = std::mem::replace(&mut self.leads, false);
        let bytes = self.at..self.at;
        let token = Token::new(Kind::Number, bytes, self.line, leads, self.parent);
        self.list.push(token);
        self.list.len() - 1
    }

    fn end(&mut self, token: usize, mut value: Vec<u8>) {
        let number = self.texts.add(&value);
        if let Some(token) = self.list.get_mut(token) {
            token.kind = Kind::Text(number);
            token.end = Small::of(self.at);
        }
        value.clear();
        self.spare.push(value);
    }

    /// Reads on as long as the bytes stand for themselves.
    fn run(&mut self, form: Form, value: &mut Vec<u8>) {
        let begins_other = |byte: u8| {
            matches!(byte, b'\n' | b'\\')
                || byte == form.quote
                || form.holes != Holes::None && matches!(byte, b'$' | b'{' | b'}')
        };
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| begins_other(*byte));
        let length = length.unwrap_or(rest.len());
        value.extend_from_slice(rest.get(..length).unwrap_or_default());
        self.at += length;
    }

    fn read(&mut self, form: Form) {
        let token = self.begin();
        self.skip(form.opening);
        let mut value = self.spare.pop().unwrap_or_default();
        while !self.is_done() {
            self.run(form, &mut value);
            if self.is_done() {
                break;
            }
            let byte = self.peek(0);
            if byte == b'\n' && !form.spans_lines {
                break;
            }
            if byte == form.quote {
                if form.doubles && self.peek(1) == form.quote {
                    value.push(byte);
                    self.skip(2);
                    continue;
                }
                if self.closes(form) {
                    self.skip(form.quotes + form.hashes);
                    break;
                }
            }
            if byte == b'\\' && form.escapes {
                self.escape(&mut value);
            } else if !self.computed(form, &mut value) {
                value.push(byte);
                self.skip(1);
            }
        }
        // Lines in the string do not make the next token the first of its line.
        self.leads = false;
        self.end(token, value);
    }

    fn closes(&self, form: Form) -> bool {
        (0..form.quotes).all(|ahead| self.peek(ahead) == form.quote)
            && (0..form.hashes).all(|ahead| self.peek(form.quotes + ahead) == b'#')
    }

    fn escape(&mut self, value: &mut Vec<u8>) {
        let code = match self.peek(1) {
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            // The code of a letter: what it is does not matter, but it is one letter.
            b'u' if self.peek(2).is_ascii_hexdigit() => {
                let digits = (2..6).take_while(|ahead| self.peek(*ahead).is_ascii_hexdigit());
                let length = 2 + digits.count();
                let digits = self.source.get(self.at + 2..self.at + length);
                let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
                let letter = code
                    .and_then(char::from_u32)
                    .unwrap_or(char::REPLACEMENT_CHARACTER);
                value.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
                return self.skip(length);
            }
            0 => return self.skip(1),
            other => other,
        };
        value.push(code);
        self.skip(2);
    }

    /// Reads a computed part, if one begins here.
    fn computed(&mut self, form: Form, value: &mut Vec<u8>) -> bool {
        let in_line = !form.spans_lines;
        let (first, second) = (self.peek(0), self.peek(1));
        match form.holes {
            Holes::Dollar if first == b'$' && second == b'{' => self.skip(2),
            Holes::Brace if first == b'{' && second == b'{' || first == b'}' && second == b'}' => {
                value.push(first);
                self.skip(2);
                return true;
            }
            Holes::Brace if first == b'{' => self.skip(1),
            Holes::Php if first == b'{' && second == b'$' => self.skip(1),
            Holes::Php if first == b'$' && second == b'{' => self.skip(2),
            Holes::Php if first == b'$' && (second == b'_' || second.is_ascii_alphabetic()) => {
                self.php_variable();
                push_hole(value);
                return true;
            }
            _ => return false,
        }
        push_hole(value);
        self.hole(in_line);
        true
    }

    /// `$name`, `$name[key]` or `$name->member` in a text.
    fn php_variable(&mut self) {
        self.skip(1);
        while is_word(self.peek(0)) && self.peek(0) != b'$' {
            self.skip(1);
        }
        if self.peek(0) == b'[' {
            while !self.is_done() && !matches!(self.peek(0), b']' | b'\n' | b'"') {
                self.skip(1);
            }
            if self.peek(0) == b']' {
                self.skip(1);
            }
        } else if self.starts("->") && is_word(self.peek(2)) {
            self.skip(2);
            while is_word(self.peek(0)) && self.peek(0) != b'$' {
                self.skip(1);
            }
        }
    }

    /// A text from `<<<NAME` to a line that begins with the name.
    fn heredoc(&mut self) -> bool {
        let mut ahead = 3;
        while self.peek(ahead) == b' ' {
            ahead += 1;
        }
        let is_raw = self.peek(ahead) == b'\'';
        if matches!(self.peek(ahead), b'\'' | b'"') {
            ahead += 1;
        }
        let start = self.at + ahead;
        let mut end = start;
        while self.bytes.get(end).copied().is_some_and(is_word) {
            end += 1;
        }
        let Some(name) = self.bytes.get(start..end).filter(|name| !name.is_empty()) else {
            return false;
        };
        let name = name.to_vec();
        let token = self.begin();
        self.at = end;
        while !self.is_done() && self.peek(0) != b'\n' {
            self.at += 1;
        }
        let form = Form {
            spans_lines: true,
            holes: if is_raw { Holes::None } else { Holes::Php },
            ..Form::default()
        };
        let mut value = self.spare.pop().unwrap_or_default();
        let mut begins_line = true;
        while !self.is_done() {
            let byte = self.peek(0);
            if begins_line && self.rest().starts_with(&name) && !is_word(self.peek(name.len())) {
                self.skip(name.len());
                break;
            }
            begins_line = byte == b'\n' || begins_line && matches!(byte, b' ' | b'\t');
            if !self.computed(form, &mut value) {
                value.push(byte);
                self.skip(1);
            }
        }
        self.leads = false;
        self.end(token, value);
        true
    }
}

fn push_hole(value: &mut Vec<u8>) {
    value.extend_from_slice(HOLE.encode_utf8(&mut [0; 4]).as_bytes());
}
