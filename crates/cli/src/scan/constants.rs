//! Names that hold a method or an address: where they are called, and whether they hold this method there.

use super::call_sites::{Site, SiteKind};
use super::callees::{is_method_key, is_no_call};
use super::expression::{callee, chain_start, declares, items};
use super::language::Language;
use super::names::{self, Name};
use super::outline::{Function, Outline, is_parameter, statement_end};
use super::parameters::beside_key;
use super::requests::{Given, after_name};
use super::token::Tokens;
use super::value::Reader;

/// A call of a method by a name that holds it.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) token: usize,
    /// The bracket of the arguments.
    pub(super) open: usize,
    /// Whether the name is a variable of the function around the call.
    pub(super) is_local: bool,
    /// Whether the name holds no other method there.
    pub(super) is_sure: bool,
    pub(super) given: Given,
}

/// A place where a name gets a value.
#[derive(Clone, Copy, Debug)]
struct Binding {
    token: usize,
    /// The first token of the value, if `=` gives it.
    value: Option<usize>,
    is_member: bool,
    /// The bracket outside of which the name is another one: that of a comprehension, or around `name => ...`.
    scope: Option<usize>,
}

/// What a name holds at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    Own,
    /// This method, which another branch gives it, too: there it is judged.
    Again,
    /// It may hold other values, too.
    Several,
    Other,
}

/// The calls of a site whose method or address is given to a name.
pub(super) fn calls(reader: Reader<'_>, sites: &[Site], site: &Site, name: &str) -> Vec<Held> {
    let (tokens, outline) = (reader.tokens, reader.outline);
    let SiteKind::Method {
        name: method,
        is_address,
        ..
    } = &site.kind
    else {
        return Vec::new();
    };
    let places: Vec<usize> = outline.places(tokens, name).collect();
    let bindings: Vec<Binding> = places.iter().filter_map(|at| binding(tokens, *at)).collect();
    let Some(own) = bindings
        .iter()
        .rfind(|own| own.value.is_some_and(|value| value <= site.start))
    else {
        return Vec::new();
    };
    let names_method = |binding: &Binding| {
        binding.token == own.token
            || sites.iter().any(|other| {
                let is_same = matches!(&other.kind, SiteKind::Method { name, .. } if name == method);
                is_same && binding.value == Some(other.start) && is_whole(tokens, other)
            })
    };
    let held = Names {
        reader,
        name,
        bindings: &bindings,
    };
    let is_alone = is_whole(tokens, site);
    let mut found = Vec::new();
    for at in places {
        if bindings.iter().any(|binding| binding.token == at) {
            continue;
        }
        let Some((open, by_key)) = called(tokens, at) else {
            continue;
        };
        let holds = held.at(at, own, &names_method);
        if holds == Holds::Other {
            continue;
        }
        let is_sure = holds == Holds::Own && is_alone;
        let given = match (is_sure, by_key) {
            (false, _) => Given::Hidden,
            (true, true) => beside_key(reader, at, *is_address),
            (true, false) => after_name(reader, open, chain_start(tokens, at), *is_address),
        };
        found.push(Held {
            token: at,
            open,
            is_local: outline.function_of(own.token).is_some() && !own.is_member,
            is_sure,
            given,
        });
    }
    found
}

/// The methods that stand beside a method in the value of a name: `a if x else b`.
pub(super) fn beside(tokens: &Tokens, site: &Site) -> Vec<String> {
    let end = statement_end(tokens, site.start);
    let texts = (site.end..end.min(site.end + 64)).filter_map(|at| tokens.text(at));
    let named = texts.filter_map(names::read).filter_map(|name| match name {
        Name::Method(own) => Some(own.name),
        _ => None,
    });
    named.collect()
}

/// Whether the value of a name is the method alone.
fn is_whole(tokens: &Tokens, site: &Site) -> bool {
    tokens.get(site.end).is_none_or(|token| token.leads)
        || tokens.is_any(site.end, &[";", ",", ")", "}"])
        || tokens.closes(site.end)
        || tokens.word(site.end) == Some("as")
}

/// The bracket of the call that a name is an argument of, and whether a key stands before the name.
fn called(tokens: &Tokens, at: usize) -> Option<(usize, bool)> {
    let start = chain_start(tokens, at);
    let open = tokens.parent(start)?;
    let ends = |at: usize| tokens.is_any(at, &[",", ";"]) || tokens.closes(at);
    // `&url` of Rust.
    let start = match start.checked_sub(1) {
        Some(before) if tokens.is(before, "&") => before,
        _ => start,
    };
    if !ends(at + 1) {
        return None;
    }
    if tokens.is_any(start.checked_sub(1)?, &[":", "=", "=>"]) {
        let key = start.checked_sub(2)?;
        let key = tokens.word(key).or_else(|| tokens.text(key))?;
        let in_call =
            tokens.is(open, "{") || callee(tokens, open).is_some_and(|(name, _)| !is_no_call(&name));
        return (is_method_key(key) && in_call).then_some((open, true));
    }
    let is_item = items(tokens, open).contains(&start);
    if tokens.is(open, "{") {
        // `{ url, data }` of JavaScript.
        let is_script = tokens.language.is_script();
        let is_key = tokens.word(at).is_some_and(is_method_key);
        let in_call = tokens.parent(open).is_some_and(|outer| tokens.is(outer, "("));
        return (is_script && is_key && is_item && in_call).then_some((open, true));
    }
    let (called, _) = callee(tokens, open).filter(|_| tokens.is(open, "("))?;
    (is_item && !is_no_call(&called) && !declares(tokens, open)).then_some((open, false))
}

/// The place of a name as one that gets a value there.
fn binding(tokens: &Tokens, at: usize) -> Option<Binding> {
    let before = at.checked_sub(1);
    let is_member = before.is_some_and(|before| tokens.is_any(before, &[".", "->", "::", "?."]));
    let bound = |value| {
        Some(Binding {
            token: at,
            value,
            is_member,
            scope: None,
        })
    };
    let bound_in = |scope| {
        Some(Binding {
            scope,
            ..bound(None)?
        })
    };
    if tokens.is_any(at + 1, &["=", ":="]) {
        // `f(name=value)` names an argument.
        let in_call = tokens.parent(at).filter(|open| tokens.is(*open, "("));
        let is_argument = in_call.is_some_and(|open| {
            callee(tokens, open).is_some_and(|(name, _)| {
                !matches!(name.as_str(), "for" | "while" | "if" | "using" | "try" | "switch")
            })
        });
        return bound(Some(at + 2)).filter(|_| !is_argument || tokens.is(at + 1, ":="));
    }
    if tokens.is_any(at + 1, &["+=", ".=", "??=", "||="]) {
        return bound(None);
    }
    if tokens.is(at + 1, ":")
        && let Some(value) = super::outline::typed_value(tokens, at + 2)
    {
        return bound(Some(value));
    }
    let is_loop = |sign: usize| {
        let first = (0..16).filter_map(|back| sign.checked_sub(back)).find(|at| {
            matches!(
                tokens.word(*at),
                Some("for" | "foreach" | "if" | "elif" | "while" | "and" | "or")
            )
        });
        first.is_some_and(|at| matches!(tokens.word(at), Some("for" | "foreach")))
    };
    // `for name in`, `for a, name in`, `for (const name of`, `for (String name : `
    let mut next = at + 1;
    for _ in 0..6 {
        if tokens.is(next, ",") && tokens.word(next + 1).is_some() {
            next += 2;
        } else if tokens.is_any(next, &[")", "]"]) && tokens.closes(next) {
            next += 1;
        } else {
            break;
        }
    }
    if (matches!(tokens.word(next), Some("in" | "of")) || tokens.is(next, ":")) && is_loop(next) {
        let around = tokens.parent(at).filter(|_| tokens.language == Language::Python);
        return bound_in(around);
    }
    // `foreach ($all as $name)`, `with x as name`
    let follows_as = before.is_some_and(|before| tokens.word(before) == Some("as"));
    let is_value = before.is_some_and(|before| tokens.is(before, "=>")) && tokens.language == Language::Php;
    let in_foreach = tokens
        .parent(at)
        .is_some_and(|open| callee(tokens, open).is_some_and(|(name, _)| name == "foreach"));
    if follows_as || is_value && in_foreach {
        return bound(None);
    }
    // `name => ...`, `(a, name) => ...`
    if tokens.language != Language::Php {
        // `({ name }) => ...`
        let mut outer = tokens.parent(at);
        while let Some(open) = outer.filter(|open| tokens.is_any(*open, &["{", "["])) {
            outer = tokens.parent(open).filter(|_| tokens.language.is_script());
        }
        let arrow = |at: usize| tokens.is(at, "=>");
        if arrow(at + 1) {
            return bound_in(tokens.parent(at));
        }
        if let Some(open) = outer.filter(|open| arrow(tokens.after(*open))) {
            return bound_in(tokens.parent(open));
        }
    }
    // `a, name = ...` and `{ a, name } = ...`
    let group = tokens.parent(at).filter(|open| tokens.is_any(*open, &["{", "["]));
    let is_group = group.is_some_and(|open| tokens.is_any(tokens.after(open), &["=", ":="]));
    let in_call = tokens
        .parent(at)
        .is_some_and(|open| tokens.is(open, "(") && callee(tokens, open).is_some());
    let is_listed = !in_call && next > at + 1 && tokens.is_any(next, &["=", ":="]);
    let is_last = !in_call
        && before.is_some_and(|before| tokens.is(before, ","))
        && tokens.is_any(at + 1, &["=", ":="]);
    (is_group || is_listed || is_last).then(|| bound(None))?
}

struct Names<'n> {
    reader: Reader<'n>,
    name: &'n str,
    bindings: &'n [Binding],
}

impl Names<'_> {
    /// What the name holds at a place. `names_method` says whether a binding gives the same method.
    fn at(&self, at: usize, own: &Binding, names_method: &dyn Fn(&Binding) -> bool) -> Holds {
        let (tokens, outline) = (self.reader.tokens, self.reader.outline);
        let is_inside = |open: usize| open < at && tokens.mate(open).is_some_and(|end| end > at);
        if self
            .bindings
            .iter()
            .any(|binding| binding.scope.is_some_and(is_inside))
        {
            return Holds::Other;
        }
        let of = |functions: &Function, binding: &&Binding| {
            let around = outline.function_of(binding.token);
            let is_plain = !binding.is_member && binding.scope.is_none();
            is_plain && around.is_some_and(|around| around.body == functions.body)
        };
        let before = at.checked_sub(1);
        if before.is_some_and(|before| tokens.is_any(before, &[".", "->", "::", "?."])) {
            let start = chain_start(tokens, at);
            let receiver = tokens.word(start).unwrap_or_default();
            let is_own = matches!(receiver, "this" | "self" | "$this" | "static" | "cls")
                || receiver.starts_with(char::is_uppercase);
            let pool = self
                .bindings
                .iter()
                .filter(|binding| binding.is_member || outline.function_of(binding.token).is_none());
            return match is_own {
                true => chosen(pool.collect(), own, names_method),
                false => Holds::Other,
            };
        }
        let mut around: Vec<&Function> = outline
            .functions
            .iter()
            .filter(|function| function.body.contains(&at))
            .collect();
        around.sort_by_key(|function| function.body.len());
        for function in around {
            let inside: Vec<&Binding> = self.bindings.iter().filter(|own| of(function, own)).collect();
            if !inside.is_empty() {
                return reaching(tokens, outline, &inside, at, own, names_method);
            }
            if is_parameter(tokens, function, self.name) {
                return Holds::Other;
            }
        }
        let outside = self.bindings.iter().filter(|binding| {
            let is_plain = !binding.is_member && binding.scope.is_none();
            is_plain && outline.function_of(binding.token).is_none()
        });
        let outside: Vec<&Binding> = outside.collect();
        match outline.function_of(at) {
            Some(_) => chosen(outside, own, names_method),
            None => reaching(tokens, outline, &outside, at, own, names_method),
        }
    }
}

/// What a name holds that these bindings give a value, in no order.
fn chosen(pool: Vec<&Binding>, own: &Binding, names_method: &dyn Fn(&Binding) -> bool) -> Holds {
    if !pool.iter().any(|binding| binding.token == own.token) {
        return Holds::Other;
    }
    let is_first = pool.iter().all(|binding| binding.token >= own.token);
    match pool.into_iter().all(names_method) {
        true if is_first => Holds::Own,
        true => Holds::Again,
        false => Holds::Several,
    }
}

/// What a name holds after these bindings of one function.
fn reaching(
    tokens: &Tokens,
    outline: &Outline,
    inside: &[&Binding],
    at: usize,
    own: &Binding,
    names_method: &dyn Fn(&Binding) -> bool,
) -> Holds {
    let mut possible = Vec::new();
    for binding in inside.iter().rev().filter(|binding| binding.token < at) {
        possible.push(*binding);
        if dominates(tokens, outline, binding.token, at) {
            break;
        }
    }
    // Only one value is ever given.
    if possible.is_empty() && inside.len() == 1 {
        possible.extend(inside);
    }
    chosen(possible, own, names_method)
}

/// Whether the statement of a token has run whenever a later token is reached.
fn dominates(tokens: &Tokens, outline: &Outline, from: usize, to: usize) -> bool {
    let in_block = outline
        .blocks_of(from)
        .into_iter()
        .all(|block| block.body.contains(&to));
    let in_bracket = tokens
        .parent(from)
        .is_none_or(|open| tokens.mate(open).is_none_or(|end| end > to));
    if !in_block || !in_bracket {
        return false;
    }
    if !tokens.language.indents() {
        return true;
    }
    let indent = tokens.indent(from);
    (from..to).all(|at| {
        let leads = tokens.get(at).is_some_and(|token| token.leads);
        !leads || tokens.parent(at) != tokens.parent(from) || tokens.indent(at) >= indent
    })
}
