//! Where a string stands: an argument of a call, the value of a key, one side of a comparison.

use super::language::Language;
use super::outline::Outline;
use super::token::{HOLE, Tokens};

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

/// A string with what is added to it.
#[derive(Debug)]
pub(super) struct Whole {
    pub(super) text: String,
    /// The first token of the whole expression, and the token after it.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Functions that compare.
const COMPARE: [&str; 16] = [
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

/// The text that a name was given, if it was given just one.
fn constant<'t>(tokens: &'t Tokens, outline: &Outline, name: &str) -> Option<&'t str> {
    match outline.assignments.get(name)?.as_slice() {
        [value] => tokens.text(*value).filter(|text| !text.contains(HOLE)),
        _ => None,
    }
}

/// The constant that a chain of tokens is: `PREFIX`, `this.prefix`, `self::PREFIX`.
fn constant_at<'t>(tokens: &'t Tokens, outline: &Outline, start: usize, end: usize) -> Option<&'t str> {
    let last = end.checked_sub(1)?;
    let is_own = end == start + 3 && matches!(tokens.word(start), Some("this" | "self" | "$this" | "static"));
    (end == start + 1 || is_own).then(|| constant(tokens, outline, tokens.word(last)?))?
}

/// The text at a token, with the constants in its computed parts.
pub(super) fn filled(tokens: &Tokens, outline: &Outline, at: usize) -> Option<String> {
    let text = tokens.text(at)?;
    if !tokens.is_hole(at + 1) {
        return Some(text.to_owned());
    }
    let mut parts = text.split(HOLE);
    let mut out = parts.next().unwrap_or_default().to_owned();
    let mut hole = at + 1;
    for part in parts {
        let end = tokens.mate(hole).filter(|_| tokens.is_hole(hole));
        let value = end.and_then(|end| constant_at(tokens, outline, hole + 1, end));
        match value {
            Some(value) => out.push_str(value),
            None => out.push(HOLE),
        }
        out.push_str(part);
        hole = end.map_or(hole, |end| end + 1);
    }
    Some(out)
}

/// The string at a token, with the strings before and after it that are added to it.
pub(super) fn whole(tokens: &Tokens, outline: &Outline, at: usize) -> Option<Whole> {
    let plus = match tokens.language {
        Language::Php => ".",
        _ => "+",
    };
    let joins = |at: usize| tokens.is(at, plus);
    let mut text = filled(tokens, outline, at)?;
    let (mut start, mut end) = (at, tokens.after(at));
    // Before it: a string, or anything that is computed.
    for _ in 0..8 {
        let Some(sign) = tokens.before(start).filter(|sign| joins(*sign)) else {
            break;
        };
        let Some(before) = tokens.before(sign) else {
            break;
        };
        if let Some(own) = tokens.text(before) {
            text.insert_str(0, own);
            start = before;
        } else {
            start = chain_start(tokens, before);
            match constant_at(tokens, outline, start, before + 1) {
                Some(own) => text.insert_str(0, own),
                None => text.insert(0, HOLE),
            }
        }
    }
    for _ in 0..8 {
        if joins(end) {
            if let Some(own) = tokens.text(end + 1) {
                text.push_str(own);
                end = tokens.after(end + 1);
                continue;
            }
            let from = end + 1;
            end = chain_end(tokens, from);
            match constant_at(tokens, outline, from, end) {
                Some(own) => text.push_str(own),
                None => text.push(HOLE),
            }
            continue;
        }
        // Python joins strings that stand side by side.
        if tokens.language == Language::Python
            && let Some(own) = tokens.text(end)
        {
            text.push_str(own);
            end = tokens.after(end);
            continue;
        }
        // Python: `"..." % x` and `"...".format(x)`.
        if tokens.is(end, "%") && tokens.language == Language::Python {
            end = chain_end(tokens, end + 1);
        }
        break;
    }
    if tokens.is(end, ".")
        && matches!(tokens.word(end + 1), Some("format" | "formatted"))
        && tokens.is(end + 2, "(")
    {
        end = tokens.after(end + 2);
    }
    Some(Whole { text, start, end })
}

/// The first token of a chain such as `a.b(c)->d[e]` that ends here.
pub(super) fn chain_start(tokens: &Tokens, end: usize) -> usize {
    let mut at = end;
    loop {
        if tokens.closes(at)
            && let Some(mate) = tokens.mate(at)
        {
            at = mate;
            // What the bracket belongs to.
            match at.checked_sub(1) {
                Some(before)
                    if tokens.word(before).is_some() || tokens.closes(before) || tokens.is(before, "!") =>
                {
                    at = before;
                    continue;
                }
                _ => {}
            }
        }
        if tokens.is(at, "!") {
            match at.checked_sub(1) {
                Some(before) if tokens.word(before).is_some() => at = before,
                _ => return at,
            }
        }
        let Some(link) = at.checked_sub(1) else {
            return at;
        };
        if tokens.is_any(link, &[".", "->", "::", "?.", "?->"]) && link > 0 {
            at = link - 1;
        } else {
            return at;
        }
    }
}

/// The token after a chain that begins here.
pub(super) fn chain_end(tokens: &Tokens, start: usize) -> usize {
    let mut at = start;
    while matches!(tokens.word(at), Some("await" | "new")) || tokens.is_any(at, &["&", "!", "*"]) {
        at += 1;
    }
    at = tokens.after(at);
    loop {
        if tokens.is_any(at, &[".", "->", "::", "?.", "?->"]) {
            at = tokens.after(at + 1);
        } else if tokens.is(at, "(") || tokens.is(at, "[") || tokens.is(at, "!") && tokens.is(at + 1, "(") {
            at = tokens.after(at);
        } else {
            return at;
        }
    }
}

/// The last name before a bracket, with the first token of its chain: `call` in `this.api.call(`. A
/// macro of Rust keeps its `!`.
pub(super) fn callee(tokens: &Tokens, open: usize) -> Option<(String, usize)> {
    let mut before = open.checked_sub(1)?;
    let is_macro = tokens.is(before, "!") && tokens.language == Language::Rust;
    if is_macro {
        before = before.checked_sub(1)?;
    }
    if tokens.is(before, "?.") {
        before = before.checked_sub(1)?;
    }
    if tokens.is(before, ">") {
        let mut depth = 0_usize;
        for _ in 0..64 {
            match tokens.raw(before) {
                ">" => depth += 1,
                "<" => depth = depth.saturating_sub(1),
                _ => {}
            }
            before = match tokens.mate(before) {
                Some(mate) if mate < before => mate.checked_sub(1)?,
                _ => before.checked_sub(1)?,
            };
            if depth == 0 {
                break;
            }
        }
        if tokens.is(before, "::") {
            before = before.checked_sub(1)?;
        }
    }
    let mut name = tokens.word(before)?.to_owned();
    if is_macro {
        name.push('!');
    }
    Some((name, chain_start(tokens, before)))
}

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
            Some(next) if of_type => at = next,
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

/// Whether a string is a type of TypeScript: `'a' | 'b'`, `event: 'a'` of an interface.
fn is_type(tokens: &Tokens, start: usize, end: usize) -> bool {
    if tokens.language != Language::TypeScript {
        return false;
    }
    let before = start.checked_sub(1);
    let previous = |mark: &str| before.is_some_and(|before| tokens.is(before, mark));
    if previous("|") || tokens.is(end, "|") || previous("<") || tokens.is(end, ">") {
        return true;
    }
    let statement = super::outline::statement_start(tokens, start);
    let word = |at: usize| tokens.word(at);
    if word(statement) == Some("type")
        || word(statement) == Some("export") && word(statement + 1) == Some("type")
    {
        return true;
    }
    // A member of an interface ends with `;` or its line.
    let in_block = tokens.parent(start).is_some_and(|open| {
        let mut at = open;
        let mut is_interface = false;
        for _ in 0..16 {
            match at.checked_sub(1) {
                Some(before) if tokens.word(before) == Some("interface") => {
                    is_interface = true;
                    break;
                }
                Some(before)
                    if tokens.word(before).is_some() || tokens.is_any(before, &["<", ">", ",", "="]) =>
                {
                    at = before;
                }
                _ => break,
            }
        }
        tokens.is(open, "{") && is_interface
    });
    in_block && previous(":")
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

/// The index of the item of a bracket that a token is in, and all items: the first token of each.
pub(super) fn items(tokens: &Tokens, open: usize) -> Vec<usize> {
    let mut out = Vec::new();
    let Some(end) = tokens.mate(open) else {
        return out;
    };
    let mut at = open + 1;
    let mut is_first = true;
    while at < end && out.len() < 4096 {
        if is_first {
            out.push(at);
            is_first = false;
        }
        if tokens.is(at, ",") || tokens.is(at, ";") {
            is_first = true;
            at += 1;
        } else {
            at = generic_end(tokens, at).unwrap_or_else(|| tokens.after(at));
        }
    }
    out
}

/// The token after `<A, B<C>>`, whose commas separate no items.
fn generic_end(tokens: &Tokens, at: usize) -> Option<usize> {
    let is_typed = matches!(
        tokens.language,
        Language::CSharp | Language::Java | Language::TypeScript | Language::Rust
    );
    let follows_name = at
        .checked_sub(1)
        .is_some_and(|before| tokens.word(before).is_some());
    if !is_typed || !tokens.is(at, "<") || !follows_name {
        return None;
    }
    let mut depth = 1_usize;
    let mut here = at + 1;
    for _ in 0..48 {
        match tokens.raw(here) {
            "<" => depth += 1,
            ">" => depth -= 1,
            "," | "." | "?" | "|" | "&" | "::" => {}
            _ if tokens.word(here).is_some() || tokens.is(here, "[") && tokens.opens(here) => {}
            _ => return None,
        }
        here = tokens.after(here);
        if depth == 0 {
            return Some(here);
        }
    }
    None
}
