//! Finds the conditions under which a call runs, and judges whether they suffice.
//!
//! A condition counts if it compares a REST revision with a number, or asks this library about a
//! feature. An `if` alone says nothing.

use std::collections::HashMap;
use std::ops::Range;

use imbot_caps::{Revision, Table};

use super::needs::BUILDS;
use super::outline::{BlockKind, Outline, statement_start};
use super::token::{Kind, Tokens, code};

/// The comparisons that may make sure of a revision.
const COMPARISONS: [&str; 6] = [">=", ">", "<", "<=", "==", "==="];

/// The functions that ask this library about a feature.
const ASKS: [&str; 3] = ["supports", "isSupported", "is_supported"];

/// What a condition makes sure of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    /// The REST revision is at least this.
    Rest(Revision),
    /// The portal has the feature of this row.
    Row(String),
}

impl Bound {
    /// Whether each build that it lets through is at least this one of [`BUILDS`].
    pub(super) fn suffices(&self, needed: usize) -> bool {
        let mut passed = BUILDS.iter().enumerate().filter(|(_, build)| match self {
            Self::Rest(rest) => build.rest >= *rest,
            Self::Row(id) => {
                let requirement = Table::builtin().find(id).map(|row| row.requirement());
                requirement.is_some_and(|requirement| build.caps().supports(requirement))
            }
        });
        passed.all(|(at, _)| at >= needed)
    }
}

/// The guards of a file.
#[derive(Debug)]
pub(super) struct RevisionGuards {
    /// Each range of tokens with what is sure in it.
    ranges: Vec<(Range<usize>, Bound)>,
    /// Whether all calls of the file go through this library.
    by_library: bool,
}

impl RevisionGuards {
    pub(super) fn of(tokens: &Tokens, outline: &Outline) -> Self {
        let reader = Conditions::of(tokens, outline);
        let mut ranges = Vec::new();
        for block in &outline.blocks {
            if block.kind == BlockKind::If {
                for bound in reader.bounds(block.header.clone(), false) {
                    ranges.push((block.body.clone(), bound));
                }
            }
            for condition in &block.not {
                for bound in reader.bounds(condition.clone(), true) {
                    ranges.push((block.body.clone(), bound));
                }
            }
            // `if (revision < 33) return;`
            if block.kind == BlockKind::If && leaves(tokens, &block.body) {
                let end = scope_end(tokens, outline, block.start);
                for bound in reader.bounds(block.header.clone(), true) {
                    ranges.push((block.body.end..end, bound));
                }
            }
        }
        const QUESTION: Kind = Kind::Mark(code("?"));
        for (at, token) in tokens.list.iter().enumerate() {
            if token.kind == QUESTION {
                ranges.extend(ternary(tokens, &reader, at));
            }
        }
        let by_library = tokens.language == super::language::Language::Rust
            && (0..tokens.len()).any(|at| tokens.word(at) == Some("imbot_caps"));
        Self { ranges, by_library }
    }

    /// What is sure at a token.
    pub(super) fn at(&self, at: usize) -> Vec<&Bound> {
        let around = self.ranges.iter().filter(|(range, _)| range.contains(&at));
        around.map(|(_, bound)| bound).collect()
    }

    /// Whether this library decides about each call of the file.
    pub(super) fn by_library(&self) -> bool {
        self.by_library
    }
}

/// `condition ? a : b`
fn ternary(tokens: &Tokens, reader: &Conditions<'_>, at: usize) -> Vec<(Range<usize>, Bound)> {
    let start = statement_start(tokens, at);
    let mut first = at;
    while let Some(before) = first.checked_sub(1) {
        let begins = before < start
            || tokens.opens(before)
            || tokens.is_any(before, &["=", ",", ";", "=>", ":=", ":"])
            || matches!(tokens.word(before), Some("return" | "await"));
        if begins {
            break;
        }
        first = tokens
            .mate(before)
            .filter(|mate| *mate < before)
            .unwrap_or(before);
    }
    let mut colon = at + 1;
    for _ in 0..400 {
        if tokens.get(colon).is_none()
            || tokens.is(colon, ":")
            || tokens.is(colon, ";")
            || tokens.closes(colon)
        {
            break;
        }
        colon = tokens.after(colon);
    }
    let condition = first..at;
    let then = reader
        .bounds(condition.clone(), false)
        .into_iter()
        .map(|bound| (at + 1..colon, bound));
    let mut out: Vec<_> = then.collect();
    if tokens.is(colon, ":") {
        let end = super::outline::statement_end(tokens, colon + 1);
        let bounds = reader.bounds(condition, true).into_iter();
        out.extend(bounds.map(|bound| (colon + 1..end, bound)));
    }
    out
}

/// Whether a body always leaves: its last statement returns or throws.
fn leaves(tokens: &Tokens, body: &Range<usize>) -> bool {
    let leaving = |at: usize| {
        let word = tokens.word(at);
        matches!(
            word,
            Some("return" | "throw" | "raise" | "continue" | "break" | "exit" | "die" | "panic")
        )
    };
    let mut at = body.start;
    while at < body.end {
        let begins = at == body.start
            || tokens.get(at).is_some_and(|token| token.leads)
            || at.checked_sub(1).is_some_and(|before| tokens.is(before, ";"));
        if begins && leaving(at) {
            return true;
        }
        at = tokens.after(at);
    }
    false
}

/// The end of the block or function that a token is in.
fn scope_end(tokens: &Tokens, outline: &Outline, at: usize) -> usize {
    if tokens.language.indents() {
        let block = outline.blocks_of(at).first().map(|block| block.body.end);
        let function = outline.function_of(at).map(|own| own.body.end);
        return match (block, function) {
            (Some(block), Some(function)) => block.min(function),
            (one, other) => one.or(other).unwrap_or(tokens.len()),
        };
    }
    match tokens.parent(at).and_then(|open| tokens.mate(open)) {
        Some(end) => end,
        None => tokens.len(),
    }
}

/// Reads conditions.
struct Conditions<'t> {
    tokens: &'t Tokens,
    /// Names and functions that stand for a comparison.
    aliases: HashMap<String, Bound>,
    /// Numbers with a name.
    numbers: HashMap<String, Revision>,
}

impl<'t> Conditions<'t> {
    fn of(tokens: &'t Tokens, outline: &Outline) -> Self {
        let mut reader = Self {
            tokens,
            aliases: HashMap::new(),
            numbers: HashMap::new(),
        };
        for (name, values) in &outline.assignments {
            if let [value] = values.as_slice()
                && let Some(number) = tokens.number(*value)
                && let Ok(number) = number.parse()
            {
                reader.numbers.insert(name.clone(), number);
            }
        }
        let mut aliases = HashMap::new();
        for (name, values) in &outline.assignments {
            if let [value] = values.as_slice() {
                let end = super::outline::statement_end(tokens, *value);
                if let Some(bound) = reader.bounds(*value..end, false).into_iter().next() {
                    aliases.insert(name.clone(), bound);
                }
            }
        }
        for function in &outline.functions {
            let Some(name) = function.name.and_then(|name| tokens.word(name)) else {
                continue;
            };
            if function.body.len() >= 40 || !reader.may_say(&function.body) {
                continue;
            }
            let mut body = function.body.clone();
            if let Some(start) = body.find(|at| tokens.word(*at) == Some("return")) {
                let end = super::outline::statement_end(tokens, start + 1).min(function.body.end);
                if let Some(bound) = reader.bounds(start + 1..end, false).into_iter().next() {
                    aliases.insert(name.to_owned(), bound);
                }
            }
        }
        reader.aliases = aliases;
        reader
    }

    /// A quick test whether tokens may say something of a revision. Most do not.
    fn may_say(&self, range: &Range<usize>) -> bool {
        let mut tokens = self.tokens.list.get(range.clone()).unwrap_or_default().iter();
        tokens.any(|token| match token.kind {
            Kind::Mark(own) => COMPARISONS.iter().any(|mark| code(mark) == own),
            Kind::Word(_) => {
                let word = self.tokens.bytes(token);
                ASKS.iter().any(|own| own.as_bytes() == word) || self.is_alias(word)
            }
            _ => false,
        })
    }

    fn is_alias(&self, word: &[u8]) -> bool {
        let word = (!self.aliases.is_empty())
            .then(|| std::str::from_utf8(word).ok())
            .flatten();
        word.is_some_and(|word| self.aliases.contains_key(word))
    }

    /// What is sure if a condition holds, or if it does not.
    fn bounds(&self, condition: Range<usize>, negated: bool) -> Vec<Bound> {
        let tokens = self.tokens;
        if !self.may_say(&condition) {
            return Vec::new();
        }
        let words = |marks: &[&str], names: &[&str]| {
            condition.clone().any(|at| {
                tokens.is_any(at, marks) || tokens.word(at).is_some_and(|word| names.contains(&word))
            })
        };
        let or = words(&["||"], &["or"]);
        let and = words(&["&&"], &["and"]);
        // Of alternatives, none is sure.
        if or && !negated || and && negated {
            return Vec::new();
        }
        let not = condition
            .clone()
            .next()
            .is_some_and(|at| tokens.is(at, "!") || tokens.word(at) == Some("not"));
        let negated = negated != not;
        let mut found = Vec::new();
        for at in condition.clone() {
            found.extend(self.comparison(at, &condition, negated));
            if !negated {
                found.extend(self.asked(at, &condition));
            }
            if let Some(word) = tokens.word(at)
                && !negated
                && !tokens.is_any(at + 1, &["=", "==", "===", "!=", "!==", "<", ">", "<=", ">="])
                && let Some(bound) = self.aliases.get(word)
            {
                found.push(bound.clone());
            }
        }
        found
    }

    /// A comparison of a revision with a number.
    fn comparison(&self, at: usize, within: &Range<usize>, negated: bool) -> Option<Bound> {
        let tokens = self.tokens;
        let sign = tokens
            .get(at)
            .filter(|token| matches!(token.kind, Kind::Mark(_)))
            .map(|_| tokens.raw(at))?;
        if !COMPARISONS.contains(&sign) {
            return None;
        }
        let before = at.checked_sub(1)?;
        let (number, sign) = match (self.number(at + 1), self.number(before)) {
            (Some(number), _) if self.is_revision_before(at, within) => (number, sign),
            (_, Some(number)) if self.is_revision_after(at, within) => {
                let turned = match sign {
                    ">=" => "<=",
                    ">" => "<",
                    "<" => ">",
                    "<=" => ">=",
                    same => same,
                };
                (number, turned)
            }
            _ => return None,
        };
        let least = match (sign, negated) {
            (">=" | "==" | "===", false) | ("<", true) => number,
            (">", false) | ("<=", true) => number.checked_add(1)?,
            _ => return None,
        };
        Some(Bound::Rest(least))
    }

    fn number(&self, at: usize) -> Option<Revision> {
        match self.tokens.number(at) {
            Some(digits) => digits.parse().ok(),
            None => self.numbers.get(self.tokens.word(at)?).copied(),
        }
    }

    /// Whether the term before a sign is a REST revision.
    fn is_revision_before(&self, sign: usize, within: &Range<usize>) -> bool {
        let mut at = sign;
        let mut nearest = None;
        let mut is_revision = false;
        while let Some(before) = at.checked_sub(1).filter(|before| *before >= within.start) {
            let name = self.name(before);
            if let Some(name) = name {
                nearest = nearest.or(Some(name));
                is_revision |= is_revision_name(name);
            } else if !self.tokens.closes(before)
                && !self.tokens.opens(before)
                && !self.tokens.is_any(before, &[".", "->", "?.", "::", "?->", "??"])
                && self.tokens.number(before).is_none()
            {
                break;
            }
            at = before;
        }
        is_revision && !nearest.is_some_and(is_other_counter)
    }

    fn is_revision_after(&self, sign: usize, within: &Range<usize>) -> bool {
        let mut at = sign + 1;
        let mut last = None;
        let mut is_revision = false;
        while at < within.end {
            if let Some(name) = self.name(at) {
                last = Some(name);
                is_revision |= is_revision_name(name);
            } else if !self.tokens.is_any(at, &[".", "->", "?.", "::", "[", "]"]) {
                break;
            }
            at += 1;
        }
        is_revision && !last.is_some_and(is_other_counter)
    }

    fn name(&self, at: usize) -> Option<&str> {
        self.tokens.word(at).or_else(|| self.tokens.text(at))
    }

    /// A question to this library: `supports("message.system")`, `supports(Feature::SystemMessage)`.
    fn asked(&self, at: usize, within: &Range<usize>) -> Option<Bound> {
        let tokens = self.tokens;
        let word = tokens.word(at)?;
        if !ASKS.contains(&word) || !tokens.is(at + 1, "(") {
            return None;
        }
        let end = tokens.mate(at + 1).filter(|end| *end <= within.end)?;
        let table = Table::builtin();
        let asked = (at + 2..end).find_map(|at| {
            let name = tokens.text(at).or_else(|| tokens.word(at))?;
            let mut rows = table.rows();
            rows.find(|row| row.id() == name || row.name() == name)
        });
        Some(Bound::Row(asked?.id().to_owned()))
    }
}

fn is_revision_name(name: &str) -> bool {
    let small = name.trim_start_matches('$').to_ascii_lowercase();
    small.contains("revision")
        || small == "rest"
        || small == "rev"
        || small.starts_with("rev_")
        || small.ends_with("_rev")
        || small.ends_with("_rest")
        || small.starts_with("rest_")
        || small == "restrev"
}

/// Whether a name is that of another counter than REST.
fn is_other_counter(name: &str) -> bool {
    matches!(name, "web" | "mobile" | "desktop" | "im_revision_mobile")
}
