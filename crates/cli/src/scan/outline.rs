//! The outline of a file: its functions, its blocks with their conditions, and its assignments.

mod function;
mod words;

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use self::function::function_name;
pub(super) use self::function::is_parameter;
use self::words::Words;
use super::token::{Kind, Tokens, code};

/// The most blocks that are looked at for the one before an `else`.
const MAX_CHAIN: usize = 4096;

/// A function and its body.
#[derive(Clone, Debug)]
pub(super) struct Function {
    /// The token of its name.
    pub(super) name: Option<usize>,
    pub(super) body: Range<usize>,
}

/// The kind of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BlockKind {
    /// `if`, `elif`, `else if`
    If,
    Else,
    Try,
    /// `catch`, `except`
    Catch,
}

/// A block with a header.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) kind: BlockKind,
    pub(super) start: usize,
    /// The condition, or what is caught.
    pub(super) header: Range<usize>,
    pub(super) body: Range<usize>,
    /// The conditions before it in its chain, none of which held.
    pub(super) not: Vec<Range<usize>>,
}

/// The outline of a file.
#[derive(Debug, Default)]
pub(super) struct Outline {
    pub(super) functions: Vec<Function>,
    pub(super) blocks: Vec<Block>,
    /// Where a name gets a value: the first token of the value.
    pub(super) assignments: HashMap<String, Vec<usize>>,
    /// The words by their tokens. It is made when it is first asked for.
    words: OnceCell<Words>,
    /// The names of functions, by their numbers in `functions`. It is made when it is first asked for.
    named: OnceCell<Words>,
    /// The innermost function from a token on, by its number in `functions`. It is made when it is first asked for.
    innermost: OnceCell<Vec<(usize, Option<usize>)>>,
}

impl Outline {
    pub(super) fn of(tokens: &Tokens) -> Self {
        let mut outline = Self::default();
        const BRACE: Kind = Kind::Mark(code("{"));
        for (at, token) in tokens.list.iter().enumerate() {
            if let Kind::Word(_) = token.kind {
                // Most words begin neither a function nor a block.
                if let [b'd' | b'i' | b'e' | b't' | b'c', ..] = tokens.bytes(token) {
                    let word = tokens.raw(at);
                    if word == "def" {
                        outline.python_function(tokens, at);
                    }
                    outline.block(tokens, at, word);
                }
                if let Some(value) = value_after(tokens, at) {
                    outline.assignment(tokens.raw(at), value);
                }
            } else if token.kind == BRACE {
                outline.function(tokens, at);
            }
        }
        outline
    }

    /// Where a word stands, in order.
    pub(super) fn places<'w>(
        &'w self,
        tokens: &'w Tokens,
        word: &'w str,
    ) -> impl Iterator<Item = usize> + 'w {
        self.places_in(tokens, word, 0..usize::MAX)
    }

    /// Where a word stands within these tokens, in order.
    pub(super) fn places_in<'w>(
        &'w self,
        tokens: &'w Tokens,
        word: &'w str,
        range: Range<usize>,
    ) -> impl Iterator<Item = usize> + 'w {
        let words = self.words.get_or_init(|| {
            let all = tokens.list.iter().enumerate();
            let words = all.filter_map(|(at, token)| match token.kind {
                Kind::Word(hash) => Some((at, hash)),
                _ => None,
            });
            Words::of(words)
        });
        let within = words
            .like(word, range.start)
            .take_while(move |at| *at < range.end);
        within.filter(move |at| tokens.word(*at) == Some(word))
    }

    fn assignment(&mut self, name: &str, value: usize) {
        match self.assignments.get_mut(name) {
            Some(values) => values.push(value),
            None => {
                self.assignments.insert(name.to_owned(), vec![value]);
            }
        }
    }

    /// The innermost function around a token.
    pub(super) fn function_of(&self, at: usize) -> Option<&Function> {
        let innermost = self.innermost.get_or_init(|| innermost(&self.functions));
        let before = innermost
            .partition_point(|(from, _)| *from <= at)
            .checked_sub(1)?;
        let (_, number) = innermost.get(before)?;
        self.functions.get((*number)?)
    }

    /// The function with a name, if the file has just one.
    pub(super) fn function_named(&self, tokens: &Tokens, name: &str) -> Option<&Function> {
        let named = self.named.get_or_init(|| {
            let all = self.functions.iter().enumerate();
            let names = all.filter_map(|(number, own)| Some((number, tokens.hash(own.name?)?)));
            Words::of(names)
        });
        let like = named
            .like(name, 0)
            .filter_map(|number| self.functions.get(number));
        let mut same = like.filter(|own| own.name.and_then(|at| tokens.word(at)) == Some(name));
        match (same.next(), same.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        }
    }

    /// The blocks around a token, the innermost first.
    pub(super) fn blocks_of(&self, at: usize) -> Vec<&Block> {
        let mut around: Vec<&Block> = self.blocks.iter().filter(|own| own.body.contains(&at)).collect();
        around.sort_by_key(|own| own.body.len());
        around
    }

    /// A function after `def`.
    fn python_function(&mut self, tokens: &Tokens, at: usize) {
        if tokens.language.indents()
            && tokens.word(at + 1).is_some()
            && let Some(colon) = colon_after(tokens, at + 1)
        {
            let body = indented(tokens, at, colon);
            let name = Some(at + 1);
            self.functions.push(Function { name, body });
        }
    }

    /// A function whose body a brace opens.
    fn function(&mut self, tokens: &Tokens, at: usize) {
        if tokens.language.indents() {
            return;
        }
        let Some(end) = tokens.mate(at) else {
            return;
        };
        if let Some(name) = function_name(tokens, at) {
            let body = at + 1..end;
            self.functions.push(Function { name, body });
        }
    }

    fn block(&mut self, tokens: &Tokens, at: usize, word: &str) {
        let kind = match word {
            "if" | "elif" | "elseif" => BlockKind::If,
            "else" => BlockKind::Else,
            "try" => BlockKind::Try,
            "catch" | "except" => BlockKind::Catch,
            _ => return,
        };
        if at
            .checked_sub(1)
            .is_some_and(|before| tokens.is_any(before, &[".", "->", "?.", "::"]))
        {
            // `promise.catch(...)`: its arguments are the body.
            if word == "catch" && tokens.is(at + 1, "(") && tokens.opens(at + 1) {
                let body = at + 2..tokens.after(at + 1).saturating_sub(1);
                let (kind, start, header, not) = (BlockKind::Catch, at, at..at, Vec::new());
                self.blocks.push(Block {
                    kind,
                    start,
                    header,
                    body,
                    not,
                });
            }
            return;
        }
        // `else if` is one block, which its `if` makes.
        if kind == BlockKind::Else && tokens.word(at + 1) == Some("if") {
            return;
        }
        let Some((header, body)) = header_and_body(tokens, at) else {
            return;
        };
        let not = self.conditions_before(tokens, at, kind);
        let start = at;
        self.blocks.push(Block {
            kind,
            start,
            header,
            body,
            not,
        });
    }

    /// The conditions of the chain that an `else` or `elif` belongs to.
    fn conditions_before(&self, tokens: &Tokens, at: usize, kind: BlockKind) -> Vec<Range<usize>> {
        let is_else_if = tokens.word(at) != Some("if")
            || at.checked_sub(1).and_then(|before| tokens.word(before)) == Some("else");
        if !matches!(kind, BlockKind::Else | BlockKind::If) || !is_else_if {
            return Vec::new();
        }
        let start = if tokens.word(at) == Some("if") {
            at.saturating_sub(1)
        } else {
            at
        };
        // The block before ends just here, perhaps with a brace.
        let ends =
            |own: &&Block| own.kind == BlockKind::If && (own.body.end == start || own.body.end + 1 == start);
        // In Python, an inner chain can end here, too. It stands further to the right.
        let same = |own: &&Block| !tokens.language.indents() || tokens.indent(own.start) == tokens.indent(at);
        match self.blocks.iter().rev().take(MAX_CHAIN).filter(ends).find(same) {
            Some(block) => {
                let mut not = block.not.clone();
                not.push(block.header.clone());
                not
            }
            None => Vec::new(),
        }
    }
}

/// The value that the name at a token gets: `name = value`, `name: Type = value`.
fn value_after(tokens: &Tokens, at: usize) -> Option<usize> {
    if tokens.is_any(at + 1, &["=", ":="]) {
        Some(at + 2)
    } else if tokens.is(at + 1, ":") {
        typed_value(tokens, at + 2)
    } else {
        None
    }
}

/// The value after a type: `name: Type = value`.
pub(super) fn typed_value(tokens: &Tokens, from: usize) -> Option<usize> {
    let line = tokens.line(from);
    for at in from..from + 24 {
        if tokens.is(at, "=") {
            return Some(at + 1);
        }
        let of_type = tokens.word(at).is_some()
            || tokens.is_any(
                at,
                &["<", ">", "[", "]", ".", ",", "|", "&", "::", ";", "<<", "'"],
            )
            || tokens.number(at).is_some();
        if !of_type || tokens.line(at) != line {
            return None;
        }
    }
    None
}

/// The colon that ends a header of Python.
fn colon_after(tokens: &Tokens, from: usize) -> Option<usize> {
    let mut at = from;
    while at < tokens.len() {
        if tokens.is(at, ":") {
            return Some(at);
        }
        // A lambda has a colon of its own.
        if tokens.word(at) == Some("lambda") {
            at = colon_after(tokens, at + 1)?;
        }
        if tokens.closes(at) {
            return None;
        }
        at = tokens.after(at);
    }
    None
}

/// The body after the colon of a header that begins at `start`.
fn indented(tokens: &Tokens, start: usize, colon: usize) -> Range<usize> {
    let first = colon + 1;
    let is_on_line = tokens.get(first).is_some_and(|token| !token.leads);
    let indent = tokens.indent(start);
    let mut at = first;
    while let Some(token) = tokens.get(at) {
        if token.leads && (is_on_line || tokens.indent(at) <= indent) {
            break;
        }
        at = tokens.after(at);
    }
    first..at
}

/// The header and the body of a block.
fn header_and_body(tokens: &Tokens, at: usize) -> Option<(Range<usize>, Range<usize>)> {
    if tokens.language.indents() {
        // An `if` within an expression has no colon of its own.
        if !tokens.get(at)?.leads {
            return None;
        }
        let colon = colon_after(tokens, at + 1)?;
        return Some((at + 1..colon, indented(tokens, at, colon)));
    }
    let mut next = at + 1;
    let header = if tokens.is(next, "(") && tokens.opens(next) && !has_bare_headers(tokens, next) {
        let end = tokens.mate(next)?;
        next = end + 1;
        at + 2..end
    } else {
        // Go and Rust: up to the brace.
        let start = next;
        while tokens.get(next).is_some() {
            if tokens.is_any(next, &["{", "}"]) {
                break;
            }
            next = tokens.after(next);
        }
        start..next
    };
    if tokens.is(next, "{") {
        return Some((header, next + 1..tokens.mate(next)?));
    }
    if tokens.is(next, ":") {
        // PHP: up to `else` or `endif`.
        let mut end = next + 1;
        while tokens.get(end).is_some() && !matches!(tokens.word(end), Some("else" | "elseif" | "endif")) {
            end = tokens.after(end);
        }
        return Some((header, next + 1..end));
    }
    Some((header, next..statement_end(tokens, next)))
}

/// The innermost of these functions from each token on at which a body begins or ends.
fn innermost(functions: &[Function]) -> Vec<(usize, Option<usize>)> {
    let bodies = || functions.iter().map(|own| &own.body).enumerate();
    let begins = bodies().map(|(number, body)| (body.start, true, number));
    let ends = bodies().map(|(number, body)| (body.end, false, number));
    let mut edges: Vec<_> = begins.chain(ends).collect();
    edges.sort_unstable();
    let mut open = BTreeSet::new();
    let mut found: Vec<(usize, Option<usize>)> = Vec::with_capacity(edges.len());
    for (at, is_begin, number) in edges {
        let Some(function) = functions.get(number).filter(|own| !own.body.is_empty()) else {
            continue;
        };
        let own = (function.body.len(), number);
        match is_begin {
            true => open.insert(own),
            false => open.remove(&own),
        };
        let now = open.first().map(|(_, number)| *number);
        match found.last_mut() {
            Some(last) if last.0 == at => last.1 = now,
            _ => found.push((at, now)),
        }
    }
    found
}

/// Whether conditions stand without brackets, and this bracket is only a part of one.
fn has_bare_headers(tokens: &Tokens, at: usize) -> bool {
    use super::language::Language;
    matches!(tokens.language, Language::Go | Language::Rust) && !tokens.is(tokens.after(at), "{")
}

/// The end of a statement without braces.
pub(super) fn statement_end(tokens: &Tokens, from: usize) -> usize {
    let mut at = from;
    while let Some(token) = tokens.get(at) {
        if tokens.is(at, ";") {
            return at + 1;
        }
        let ends_line = at > from && token.leads && !continues(tokens, at);
        if tokens.closes(at) || ends_line {
            return at;
        }
        at = tokens.after(at);
    }
    at
}

/// Whether the first token of a line goes on with the statement before it.
fn continues(tokens: &Tokens, at: usize) -> bool {
    tokens.is_any(
        at,
        &[".", "->", "?.", "?->", "?", ":", "+", "&&", "||", "??", "=>", "="],
    ) || tokens.opens(at)
        || at
            .checked_sub(1)
            .is_some_and(|before| tokens.is_any(before, &["=", "+", "=>", ",", "&&", "||", "?", ":", "."]))
}

/// The start of the statement that a token is in.
pub(super) fn statement_start(tokens: &Tokens, from: usize) -> usize {
    let mut at = from;
    while let Some(before) = at.checked_sub(1) {
        if tokens.opens(before) || tokens.is_any(before, &[";", "}"]) {
            break;
        }
        let here = tokens.get(at);
        if here.is_some_and(|token| token.leads) && !continues(tokens, at) {
            break;
        }
        at = match tokens.mate(before) {
            Some(mate) => mate,
            None => before,
        };
    }
    at
}
