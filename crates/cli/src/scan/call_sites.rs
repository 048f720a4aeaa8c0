//! Finds the places where a file names a method or an event of the chat-bot API.

mod beside;
mod quick;

use self::beside::{expects_refusal, is_batch, is_beside_known, named_at};
use self::quick::{begins_like_event, may_be_rest, may_name};
use super::callees::{PROSE_KEYS, is_call, is_method_key, is_no_call, names_method};
use super::context::{self, Context};
use super::expression::{Whole, callee, items, whole};
use super::language::Language;
use super::names::{self, MethodName, Name};
use super::outline::Outline;
use super::sdk;
use super::token::{Kind, Tokens};

/// A place that names a method that is called, or an event that is handled.
#[derive(Clone, Debug)]
pub(super) struct Site {
    /// The string or the name.
    pub(super) token: usize,
    /// The first token of the whole expression, and the token after it.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: SiteKind,
    pub(super) context: Context,
}

#[derive(Clone, Debug)]
pub(super) enum SiteKind {
    Method {
        name: String,
        /// Set if no portal has it: the name that is likely meant.
        unknown: Option<Option<String>>,
        query: Option<String>,
        is_address: bool,
        /// The bracket of the arguments, if an SDK's function is called.
        sdk: Option<usize>,
    },
    Event(String),
}

/// A method whose name is computed.
#[derive(Clone, Debug)]
pub(super) struct Computed {
    pub(super) token: usize,
    pub(super) prefix: String,
    /// The function that computes it, by its name.
    pub(super) wrapper: Option<String>,
}

/// An argument that may be the rest of a method's name.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) token: usize,
    pub(super) callee: String,
    pub(super) text: String,
    pub(super) open: usize,
}

/// What a file names.
#[derive(Debug, Default)]
pub(super) struct Sites {
    pub(super) sites: Vec<Site>,
    pub(super) computed: Vec<Computed>,
    pub(super) candidates: Vec<Candidate>,
}

impl Sites {
    /// Whether a method of `im.` is named.
    pub(super) fn has_im(&self) -> bool {
        let names = self.sites.iter().filter_map(|site| match &site.kind {
            SiteKind::Method { name, .. } => Some(name),
            SiteKind::Event(_) => None,
        });
        let prefixes = self.computed.iter().map(|own| &own.prefix);
        names.chain(prefixes).any(|name| name.starts_with("im."))
    }

    /// Leaves out the methods of `im.`, which are those of another messenger.
    pub(super) fn leave_out_im(&mut self) {
        let is_own = |name: &str| !name.starts_with("im.");
        self.sites.retain(|site| match &site.kind {
            SiteKind::Method { name, .. } => is_own(name),
            SiteKind::Event(_) => true,
        });
        self.computed.retain(|own| is_own(&own.prefix));
    }
}

/// Finds the places.
pub(super) fn find(tokens: &Tokens, outline: &Outline) -> Sites {
    let mut found = Sites::default();
    let mut last_end = 0;
    let has_sdk = matches!(tokens.language, Language::Php | Language::Python);
    for (at, token) in tokens.list.iter().enumerate() {
        let text = match token.kind {
            Kind::Word(_) => {
                if has_sdk && let Some(site) = sdk::site(tokens, outline, at) {
                    found.sites.push(site);
                }
                if begins_like_event(tokens.bytes(token)) {
                    event_key(tokens, at, &mut found);
                }
                continue;
            }
            Kind::Text(_) => tokens.text(at).unwrap_or_default(),
            _ => continue,
        };
        candidate(tokens, at, text, &mut found);
        // Is a part of a whole that was read.
        if at < last_end || !may_name(text) && !may_be_rest(tokens, at, text) {
            continue;
        }
        let Some(whole) = whole(tokens, outline, at).filter(|whole: &Whole| may_name(&whole.text)) else {
            continue;
        };
        let Some(name) = names::read(&whole.text) else {
            list(tokens, at, &whole, &mut found);
            continue;
        };
        last_end = whole.end;
        let context = context::of(tokens, whole.start, whole.end);
        let at = named_at(tokens, at, whole.end, &name);
        match name {
            Name::Event(event) => {
                if handles(tokens, whole.start, &context) {
                    found.sites.push(Site {
                        token: at,
                        start: whole.start,
                        end: whole.end,
                        kind: SiteKind::Event(event),
                        context,
                    });
                }
            }
            Name::Method(method) => {
                if let Some(kind) = method_site(tokens, whole.start, method, &context) {
                    found.sites.push(Site {
                        token: at,
                        start: whole.start,
                        end: whole.end,
                        kind,
                        context,
                    });
                }
            }
            Name::Computed(prefix) => {
                let is_address = whole.text.find(prefix.as_str()).is_some_and(|start| start > 0);
                // A constant is judged where it is used.
                if let Context::Assigned { name } = &context
                    && whole.end == tokens.after(at)
                    && !whole.text.contains(super::token::HOLE)
                    && outline.places(tokens, name).count() > 1
                {
                    continue;
                }
                if calls_computed(&prefix, &context, is_address) {
                    let wrapper = wrapper_of(tokens, outline, at);
                    found.computed.push(Computed {
                        token: at,
                        prefix,
                        wrapper,
                    });
                }
            }
        }
    }
    found
}

/// The events that a text lists: `"ONE,OTHER".split(",")`.
fn list(tokens: &Tokens, at: usize, whole: &Whole, found: &mut Sites) {
    let events = names::listed(&whole.text);
    if events.is_empty() {
        return;
    }
    let context = context::of(tokens, whole.start, whole.end);
    if !handles(tokens, whole.start, &context) {
        return;
    }
    found.sites.extend(events.into_iter().map(|event| Site {
        token: at,
        start: whole.start,
        end: whole.end,
        kind: SiteKind::Event(event),
        context: context.clone(),
    }));
}

/// The site of a method's name. `None` if nothing is called there.
fn method_site(tokens: &Tokens, start: usize, method: MethodName, context: &Context) -> Option<SiteKind> {
    let MethodName {
        name,
        query,
        is_address,
        is_rest,
    } = method;
    let unknown = names::suggestion_of(&name);
    let is_expected = unknown.is_some() && expects_refusal(tokens, start);
    let in_table = unknown.is_some()
        && matches!(context, Context::Value { .. } | Context::Item { .. })
        && is_beside_known(tokens, start);
    let is_sure = match context {
        Context::Nowhere | Context::Attribute | Context::Compared | Context::Key | Context::Member => {
            return None;
        }
        Context::Argument { callee, .. } if is_no_call(callee) => return None,
        Context::Value { key } if PROSE_KEYS.contains(&key.to_ascii_lowercase().as_str()) => return None,
        // The key of a translation of a whole page.
        Context::Value { .. } | Context::Assigned { .. } | Context::Item { .. } if unknown.is_none() => true,
        Context::Argument { .. } | Context::Elsewhere if unknown.is_none() => true,
        Context::Argument { callee, .. } => is_call(callee),
        Context::Value { key } => in_table || is_method_key(key) || is_rest,
        Context::Assigned { name } => {
            let small = name.to_ascii_lowercase();
            small.contains("method") || small.contains("url") || is_rest
        }
        Context::Item { open } => in_table || is_batch(tokens, *open),
        Context::Elsewhere => is_rest,
    };
    let is_newer = name.starts_with("imbot.v2.") && name.matches('.').count() > 2;
    let is_file = [".php", ".html", ".log", ".db", ".js", ".py", ".txt", ".md"]
        .iter()
        .any(|ending| name.ends_with(ending));
    if !is_sure && (!is_newer || matches!(context, Context::Argument { .. })) || unknown.is_some() && is_file
    {
        return None;
    }
    // `im.` is too short to be sure of a name that no portal has.
    let of_batch = || match context {
        Context::Item { open } => is_batch(tokens, *open) && names::has_known_group(&name),
        _ => false,
    };
    let is_named =
        matches!(context, Context::Value { key } if names_method(key)) && names::has_known_group(&name);
    let is_sure = is_rest || in_table || is_named || is_call_of(context) || of_batch();
    let is_short = name.starts_with("im.") && !is_sure;
    if unknown.is_some() && (is_expected || is_short) {
        return None;
    }
    Some(SiteKind::Method {
        name,
        unknown,
        query,
        is_address,
        sdk: None,
    })
}

fn is_call_of(context: &Context) -> bool {
    matches!(context, Context::Argument { callee, .. } if is_call(callee))
}

/// Whether a computed name is called.
fn calls_computed(prefix: &str, context: &Context, is_address: bool) -> bool {
    let is_newer = prefix.starts_with("imbot.v2.");
    // `im.` alone is too short.
    let is_long = prefix.starts_with("im.") && prefix.matches('.').count() > 1;
    if !prefix.starts_with("imbot.") && !is_long && !is_address {
        return false;
    }
    match context {
        Context::Nowhere | Context::Attribute | Context::Compared | Context::Key | Context::Member => false,
        Context::Argument { callee, .. } => {
            let name = callee.as_str();
            !is_no_call(name) && (is_call(name) || is_newer || is_address && name != "get")
        }
        Context::Value { key } => is_method_key(key) || is_newer && !PROSE_KEYS.contains(&key.as_str()),
        Context::Assigned { name } => {
            let small = name.to_ascii_lowercase();
            is_newer || small.contains("method") || small.contains("url") || is_address
        }
        Context::Item { .. } | Context::Elsewhere => is_newer || is_address,
    }
}

/// The function that a computed name stands in.
fn wrapper_of(tokens: &Tokens, outline: &Outline, at: usize) -> Option<String> {
    // `name = (a, b) => ...` without braces is nearer than any function.
    let mut here = at;
    while let Some(open) = tokens.parent(here).filter(|open| tokens.is(*open, "(")) {
        here = open;
    }
    let start = super::outline::statement_start(tokens, here);
    while here > start {
        here -= 1;
        if let Some(open) = tokens.mate(here).filter(|open| *open < here) {
            here = open;
            continue;
        }
        if tokens.is(here, "=>") || tokens.word(here) == Some("lambda") {
            let open = match here.checked_sub(1) {
                Some(before) if tokens.is(before, ")") => tokens.mate(before).unwrap_or(before),
                Some(before) => before,
                None => break,
            };
            let mut before = open;
            for _ in 0..4 {
                let Some(next) = before.checked_sub(1) else {
                    break;
                };
                if tokens.is_any(next, &["=", ":"]) {
                    return tokens.word(next.checked_sub(1)?).map(str::to_owned);
                }
                before = next;
            }
        }
    }
    let name = outline.function_of(at)?.name?;
    tokens.word(name).map(str::to_owned)
}

/// Notes an argument that may be the rest of a method's name.
fn candidate(tokens: &Tokens, at: usize, text: &str, found: &mut Sites) {
    let is_name = text.len() > 2
        && text.len() < 48
        && text.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
    if !is_name {
        return;
    }
    let Some(open) = tokens.parent(at).filter(|open| tokens.is(*open, "(")) else {
        return;
    };
    if let Some((callee, _)) = callee(tokens, open)
        && !is_no_call(&callee)
    {
        let text = text.to_owned();
        found.candidates.push(Candidate {
            token: at,
            callee,
            text,
            open,
        });
    }
}

/// An event as the key of a table of handlers, without quotes.
fn event_key(tokens: &Tokens, at: usize, found: &mut Sites) {
    let Some(word) = tokens.word(at) else {
        return;
    };
    let starts = at
        .checked_sub(1)
        .is_some_and(|before| tokens.opens(before) || tokens.is(before, ","));
    let in_braces = tokens.parent(at).is_some_and(|open| tokens.is(open, "{"));
    if starts
        && in_braces
        && tokens.is(at + 1, ":")
        && let Some(Name::Event(event)) = names::read(word)
    {
        found.sites.push(Site {
            token: at,
            start: at,
            end: at + 1,
            kind: SiteKind::Event(event),
            context: Context::Key,
        });
    }
}

/// Whether an event is handled where it is named.
fn handles(tokens: &Tokens, start: usize, context: &Context) -> bool {
    match context {
        Context::Nowhere => false,
        Context::Argument { callee, .. } => {
            let is_handler = callee == "on" || callee == "addEventListener";
            is_handler || !is_no_call(callee)
        }
        Context::Attribute => true,
        Context::Key => tokens.language != Language::Json,
        Context::Value { key } if is_event_key(key) => !is_fixture(tokens, start),
        Context::Value { key } => !PROSE_KEYS.contains(&key.to_ascii_lowercase().as_str()),
        Context::Compared | Context::Member | Context::Item { .. } | Context::Assigned { .. } => true,
        Context::Elsewhere => false,
    }
}

fn is_event_key(key: &str) -> bool {
    matches!(
        key.to_ascii_lowercase().as_str(),
        "event" | "type" | "eventname" | "event_name"
    )
}

/// Whether an object is an event itself, as a test or an example has it: it has data, too.
fn is_fixture(tokens: &Tokens, start: usize) -> bool {
    let Some(open) = tokens.parent(start) else {
        return false;
    };
    items(tokens, open).into_iter().any(|item| {
        let key = tokens
            .text(item)
            .or_else(|| tokens.word(item))
            .unwrap_or_default();
        let key = key.to_ascii_lowercase();
        key == "data" || key == "auth" || key.starts_with("data[") || key.starts_with("auth[")
    })
}
