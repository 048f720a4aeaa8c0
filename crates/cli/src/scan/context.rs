//! Where a string stands: an argument of a call, the value of a key, one side of a comparison.

mod types;

use self::types::is_type;
use super::expression::callee;
use super::language::Language;
use super::token::Tokens;

/// Where a string stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Context {
    /// In a comment-like place: a docstring, a type.
    Nowhere,
    /// In an attribute or a decorator.
    Attribute,
    /// It is compared with something.
    Compared,
    /// It is the key of an entry.
    Key,
    /// It is an argument of a call.
    Argument {
        /// The last name before the bracket.
        callee: String,
        /// The bracket.
        open: usize,
    },
    /// It is the value of a key.
    Value { key: String },
    /// It is an item of a list.
    Item { open: usize },
    /// It is a member of a set, which only says what is allowed.
    Member,
    /// It is given to a name.
    Assigned { name: String },
    /// Anywhere else.
    Elsewhere,
}

/// Functions that compare.
const COMPARE: [&str; 20] = [
    "equals",
    "equalsIgnoreCase",
    "Equals",
    "includes",
    "has",
    "contains",
    "Contains",
    "startsWith",
    "startswith",
    "StartsWith",
    "indexOf",
    "in_array",
    "strpos",
    "str_contains",
    "HasPrefix",
    "EqualFold",
    "toBe",
    "toContain",
    "toEqual",
    "toStrictEqual",
];

/// Functions that make a text of a text.
const FORMAT: [&str; 9] = [
    "format",
    "format!",
    "Format",
    "Sprintf",
    "sprintf",
    "concat",
    "formatted",
    "format_args!",
    "Join",
];

/// Functions that make a set.
const SETS: [&str; 6] = ["Set", "frozenset", "set", "HashSet", "TreeSet", "ImmutableSet"];

/// Where a whole string stands.
pub(super) fn of(tokens: &Tokens, start: usize, end: usize) -> Context {
    let (mut start, mut end) = (start, end);
    for _ in 0..6 {
        if let Some(context) = near(tokens, start, end) {
            return context;
        }
        // Goes on from the call that makes a text of it.
        let Some(open) = tokens.parent(start) else {
            return Context::Elsewhere;
        };
        match callee(tokens, open) {
            Some((name, chain)) if tokens.is(open, "(") && FORMAT.contains(&name.as_str()) => {
                start = chain;
                end = tokens.after(open);
            }
            // `name = ("...")`
            None if tokens.is(open, "(") && open + 1 == start && tokens.mate(open) == Some(end) => {
                start = open;
                end += 1;
            }
            _ => return around(tokens, start),
        }
    }
    Context::Elsewhere
}

/// What stands just before and after a string.
fn near(tokens: &Tokens, start: usize, end: usize) -> Option<Context> {
    let before = start.checked_sub(1);
    let previous = |marks: &[&str]| before.is_some_and(|before| tokens.is_any(before, marks));
    let word = before.and_then(|before| tokens.word(before));
    let compares = ["==", "===", "!=", "!==", "<=>", "=~"];
    if previous(&compares) || tokens.is_any(end, &compares) {
        return Some(Context::Compared);
    }
    if word == Some("in") || word == Some("is") || word == Some("not") || tokens.word(end) == Some("in") {
        return Some(Context::Compared);
    }
    if is_case(tokens, start, end) {
        return Some(Context::Compared);
    }
    if tokens.is(end, ".") && tokens.word(end + 1).is_some_and(|name| COMPARE.contains(&name)) {
        return Some(Context::Compared);
    }
    if is_docstring(tokens, start, end) || is_type(tokens, start, end) {
        return Some(Context::Nowhere);
    }
    if in_attribute(tokens, start) {
        return Some(Context::Attribute);
    }
    let begins_item = before.is_none_or(|before| tokens.opens(before) || tokens.is_any(before, &[",", ";"]));
    let is_key = match tokens.language {
        Language::Php => tokens.is(end, "=>"),
        Language::Rust | Language::CSharp => tokens.is(end, ":"),
        _ => tokens.is(end, ":"),
    };
    if is_key && begins_item {
        return Some(Context::Key);
    }
    // `["key"] = value` of C#, `map["key"]`.
    if tokens.is(end, "]") && before.is_some_and(|before| tokens.is(before, "[")) && tokens.is(end + 1, "=") {
        return Some(Context::Key);
    }
    let before = before?;
    if tokens.is_any(before, &[":", "=>"])
        && let Some(key) = key_before(tokens, before)
    {
        return Some(Context::Value { key });
    }
    if tokens.is_any(before, &["=", ":="]) {
        return Some(assigned(tokens, before));
    }
    None
}

/// The key before `:` or `=>`.
fn key_before(tokens: &Tokens, mark: usize) -> Option<String> {
    let key = mark.checked_sub(1)?;
    let starts = |at: usize| {
        at.checked_sub(1)
            .is_none_or(|before| tokens.opens(before) || tokens.is_any(before, &[",", ";", "}"]))
            || tokens.get(at).is_some_and(|token| token.leads)
    };
    let named = tokens.text(key).or_else(|| tokens.word(key));
    match named {
        Some(name) if starts(key) => Some(name.to_owned()),
        // `self::KEY => value`
        _ if tokens.is(mark, "=>") => Some(String::new()),
        // `1: value` of Python and JavaScript.
        _ if tokens.number(key).is_some() && starts(key) => Some(String::new()),
        // `[key]: value`
        _ if tokens.closes(key) && tokens.is(key, "]") => Some(String::new()),
        _ => None,
    }
}

/// What `=` gives a value to.
fn assigned(tokens: &Tokens, sign: usize) -> Context {
    let Some(before) = sign.checked_sub(1) else {
        return Context::Elsewhere;
    };
    if tokens.is(before, "]")
        && let Some(open) = tokens.mate(before)
        && let Some(key) = tokens.text(open + 1)
    {
        return Context::Value { key: key.to_owned() };
    }
    // Past the type: `const SEND: &str =`, `name: Type =`.
    let mut at = before;
    for _ in 0..10 {
        if tokens.is(at, ":")
            && let Some(name) = at.checked_sub(1).and_then(|at| tokens.word(at))
        {
            return Context::Assigned {
                name: name.to_owned(),
            };
        }
        let of_type = tokens.word(at).is_some() || tokens.is_any(at, &["&", "<", ">", "'", "[", "]", "|"]);
        match at.checked_sub(1) {
            // A colon of the line before ends a header: `try:`.
            Some(next) if of_type && !tokens.get(at).is_some_and(|token| token.leads) => at = next,
            _ => break,
        }
    }
    match tokens.word(before) {
        // A named argument, or a member.
        Some(name) => {
            let in_call = tokens
                .parent(sign)
                .is_some_and(|open| tokens.is(open, "(") && callee(tokens, open).is_some());
            match in_call && tokens.language != Language::Go {
                true => Context::Value { key: name.to_owned() },
                false => Context::Assigned {
                    name: name.to_owned(),
                },
            }
        }
        None => Context::Elsewhere,
    }
}

/// An item of `case`, or the arm of a `match`.
fn is_case(tokens: &Tokens, start: usize, end: usize) -> bool {
    let mut at = start;
    for _ in 0..32 {
        match at.checked_sub(1) {
            Some(before) if matches!(tokens.word(before), Some("case" | "when")) => return true,
            Some(before) if tokens.is_any(before, &[",", "|"]) && before > 0 => at = before - 1,
            _ => break,
        }
    }
    // The first of several alternatives, too.
    let mut end = end;
    while tokens.is(end, "|") && tokens.text(end + 1).is_some() {
        end = tokens.after(end + 1);
    }
    let is_arm = tokens.is(end, "=>") || tokens.word(end) == Some("if") && tokens.language == Language::Rust;
    match tokens.language {
        Language::Rust | Language::CSharp => is_arm,
        // An arm of PHP's `match` looks like an entry; its bracket tells.
        Language::Php => is_arm && tokens.parent(start).is_some_and(|open| tokens.is(open, "{")),
        _ => false,
    }
}

/// Whether a token is in `#[...]`, or in the brackets of `@name(...)`.
fn in_attribute(tokens: &Tokens, at: usize) -> bool {
    let mut here = at;
    for _ in 0..16 {
        let Some(open) = tokens.parent(here) else {
            return false;
        };
        if tokens.is_any(open, &["#[", "#!["]) {
            return true;
        }
        // `[Name(...)]` of C# stands alone on its line.
        if tokens.language == Language::CSharp
            && tokens.is(open, "[")
            && tokens.get(open).is_some_and(|token| token.leads)
            && tokens.word(open + 1).is_some()
        {
            return true;
        }
        if tokens.is(open, "(")
            && let Some((_, chain)) = callee(tokens, open)
            && chain.checked_sub(1).is_some_and(|before| tokens.is(before, "@"))
        {
            return true;
        }
        here = open;
    }
    false
}

/// Whether a string is a statement of its own.
fn is_docstring(tokens: &Tokens, start: usize, end: usize) -> bool {
    tokens.language == Language::Python
        && tokens.parent(start).is_none()
        && tokens.get(start).is_some_and(|token| token.leads)
        && tokens.get(end).is_none_or(|token| token.leads)
}

/// What the bracket around a string belongs to.
fn around(tokens: &Tokens, start: usize) -> Context {
    let Some(open) = tokens.parent(start) else {
        return Context::Elsewhere;
    };
    if tokens.is(open, "(") {
        // A tuple, or the arguments of a call.
        return match callee(tokens, open) {
            Some((name, _)) if COMPARE.contains(&name.as_str()) => Context::Compared,
            Some((name, _)) if is_set(tokens, open, &name) => Context::Member,
            Some((name, _)) if !is_keyword(&name) => Context::Argument { callee: name, open },
            Some((name, _)) if name == "in" => list(tokens, open),
            _ => list(tokens, open),
        };
    }
    list(tokens, open)
}

/// A list, a set, or a list that something is looked up in.
fn list(tokens: &Tokens, open: usize) -> Context {
    let before = open.checked_sub(1);
    let word = before.and_then(|before| tokens.word(before));
    let in_loop = before.is_some_and(|before| is_loop(tokens, before));
    if word == Some("in") && !in_loop {
        return Context::Compared;
    }
    if tokens.is(tokens.after(open), ".")
        && tokens
            .word(tokens.after(open) + 1)
            .is_some_and(|name| COMPARE.contains(&name))
    {
        return Context::Compared;
    }
    // `set([...])`, `in_array(x, [...])`
    if let Some(outer) = tokens.parent(open)
        && tokens.is(outer, "(")
        && let Some((name, _)) = callee(tokens, outer)
    {
        if COMPARE.contains(&name.as_str()) {
            return Context::Compared;
        }
        if is_set(tokens, outer, &name) {
            return Context::Member;
        }
    }
    // `{"a", "b"}` of Python.
    if tokens.language == Language::Python && tokens.is(open, "{") {
        return Context::Member;
    }
    Context::Item { open }
}

fn is_set(tokens: &Tokens, open: usize, name: &str) -> bool {
    // `Set.of(...)`
    let of = name == "of" || name == "from";
    let class = open
        .checked_sub(3)
        .and_then(|at| tokens.word(at))
        .unwrap_or_default();
    let is_class =
        |name: &str| SETS.contains(&name) && (name != "set" || tokens.language == Language::Python);
    is_class(name) || of && is_class(class)
}

/// Whether `in` belongs to a loop.
fn is_loop(tokens: &Tokens, at: usize) -> bool {
    let first = (0..12).filter_map(|back| at.checked_sub(back)).find(|at| {
        matches!(
            tokens.word(*at),
            Some("for" | "if" | "elif" | "while" | "and" | "or" | "return")
        )
    });
    first.is_some_and(|at| tokens.word(at) == Some("for"))
}

fn is_keyword(name: &str) -> bool {
    matches!(
        name,
        "if" | "in"
            | "for"
            | "while"
            | "return"
            | "and"
            | "or"
            | "not"
            | "await"
            | "switch"
            | "match"
            | "foreach"
            | "array"
            | "Array"
            | "case"
            | "yield"
            | "of"
            | "as"
            | "else"
            | "elseif"
            | "elif"
    )
}
