//! What a call gives beside a method's name: its parameters, or the options of an HTTP client that hold them.

use super::expression::{callee, items};
use super::token::HOLE;
use super::value::{self, Object, Reader, Value};

/// Keys of an entry of a batch, or of the options of a call, that hold the parameters.
pub(super) const PARAMETER_KEYS: [&str; 6] = ["params", "data", "arguments", "args", "payload", "parameters"];

/// Keys of the options of an HTTP client that hold the body.
pub(super) const BODY_KEYS: [&str; 7] = ["json", "body", "data", "form_params", "params", "query", "form"];

/// Keys of the options of an HTTP client.
const OPTION_KEYS: [&str; 16] = [
    "method",
    "headers",
    "timeout",
    "httpsAgent",
    "httpAgent",
    "signal",
    "cache",
    "credentials",
    "mode",
    "redirect",
    "responseType",
    "verify",
    "http_errors",
    "files",
    "multipart",
    "auth_basic",
];

/// Functions whose second argument is always options.
const WITH_OPTIONS: [&str; 7] = [
    "fetch",
    "$fetch",
    "ofetch",
    "fetchWithRetry",
    "fetchWithTimeout",
    "axios",
    "got",
];

/// Named arguments of an HTTP client that hold a body of another form.
const OTHER_BODIES: [&str; 4] = ["files", "content", "stream", "multipart"];

/// Names of HTTP headers, in small letters. An object with one of them holds no parameters.
const HEADERS: [&str; 3] = ["authorization", "accept", "cookie"];

/// What a call gives beside a method's name.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Given {
    Nothing,
    Object(Object),
    /// The file does not show it.
    Hidden,
}

impl Given {
    pub(super) fn of(value: Value) -> Self {
        match value {
            Value::Object(object) if is_headers(&object) => Self::Hidden,
            Value::Object(object) => Self::Object(object),
            // PHP and Lua write an empty object as an empty list.
            Value::List(items) if items.is_empty() => Self::Object(Object::default()),
            Value::Null | Value::Bool(_) => Self::Nothing,
            _ => Self::Hidden,
        }
    }

    pub(super) fn object(self) -> Option<Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// Adds what another argument gives.
    pub(super) fn join(&mut self, other: Self) {
        match (&mut *self, other) {
            (_, Self::Nothing) => {}
            (Self::Object(own), Self::Object(other)) => {
                own.members.extend(other.members);
                own.open |= other.open;
            }
            (Self::Object(own), Self::Hidden) => own.open = true,
            (Self::Hidden, Self::Object(mut other)) => {
                other.open = true;
                *self = Self::Object(other);
            }
            (own, other) => *own = other,
        }
    }

    /// The parameters together with those of a query. `None` if the query is no plain one.
    pub(super) fn with_query(self, query: &str) -> Option<Object> {
        // A part of the query is an address or a text of its own, whose `&` and `=` mean something else.
        if query.contains(|letter: char| letter == '?' || letter.is_whitespace()) {
            return None;
        }
        let mut object = value::of_query(query);
        object.open |= query.is_empty() || query.contains(HOLE);
        let mut given = Self::Object(object);
        given.join(self);
        given.object()
    }
}

fn is_headers(object: &Object) -> bool {
    let mut names = object.members.iter().map(|(name, _)| name.to_ascii_lowercase());
    names.any(|name| HEADERS.contains(&name.as_str()) || name.contains('-'))
}

/// The arguments after the method's name, or after the address.
pub(super) fn after_name(reader: Reader<'_>, open: usize, name: usize, is_address: bool) -> Given {
    let tokens = reader.tokens;
    let found = items(tokens, open);
    // The name may be inside of another call, such as `format!`.
    let Some(own) = found.iter().rposition(|item| *item <= name) else {
        return Given::Nothing;
    };
    let mut given = Given::Nothing;
    let mut positional = Vec::new();
    for item in found.iter().skip(own + 1) {
        // `json=...` of Python, `params: ...` of C#.
        let named = tokens
            .word(*item)
            .filter(|_| tokens.is_any(item + 1, &["=", ":"]));
        match named {
            Some(key) if BODY_KEYS.contains(&key) || PARAMETER_KEYS.contains(&key) => {
                given.join(Given::of(value::read(reader, item + 2, 0)));
            }
            Some(key) if OTHER_BODIES.contains(&key) => given.join(Given::Hidden),
            Some(_) => {}
            None if tokens.is_any(*item, &["...", "**", "*"]) => given.join(Given::Hidden),
            None => positional.push(*item),
        }
    }
    // The arguments before the name, such as `json=` before `url=`.
    for item in found.iter().take(own) {
        let is_body = tokens.word(*item).is_some_and(|key| BODY_KEYS.contains(&key));
        if is_address && is_body && tokens.is(item + 1, "=") {
            given.join(Given::of(value::read(reader, item + 2, 0)));
        }
    }
    let first = match (positional.first(), positional.get(1)) {
        // Go: the type of the body is before it.
        (Some(first), Some(second)) if is_address && tokens.text(*first).is_some() => Some(*second),
        (first, _) => first.copied(),
    };
    if let Some(item) = first {
        let value = value::read(reader, item, 0);
        given.join(match is_address {
            true => in_options(reader, open, value, positional.get(1).copied()),
            false => Given::of(value),
        });
    }
    if is_address && given == Given::Nothing {
        given = chained(reader, tokens.after(open));
    }
    given
}

/// The parameters in the second argument of a request.
fn in_options(reader: Reader<'_>, open: usize, value: Value, next: Option<usize>) -> Given {
    let tokens = reader.tokens;
    let object = match value {
        Value::Object(object) => object,
        other => return Given::of(other),
    };
    let name = callee(tokens, open).map(|(name, _)| name).unwrap_or_default();
    let is_script = tokens.language.is_script();
    let takes_options = WITH_OPTIONS.contains(&name.as_str())
        || is_script && matches!(name.as_str(), "get" | "delete" | "head");
    let has_options = object
        .members
        .iter()
        .any(|(key, _)| OPTION_KEYS.contains(&key.as_str()) || BODY_KEYS.contains(&key.as_str()));
    if !takes_options && !has_options {
        let mut given = Given::of(Value::Object(object));
        if is_script && next.is_some_and(|next| may_add(reader, next)) {
            given.join(Given::Hidden);
        }
        return given;
    }
    let mut given = match object.open {
        true => Given::Hidden,
        false => Given::Nothing,
    };
    for (key, value) in object.members {
        if BODY_KEYS.contains(&key.as_str()) {
            given.join(Given::of(value));
        } else if OTHER_BODIES.contains(&key.as_str()) {
            given.join(Given::Hidden);
        }
    }
    given
}

/// Whether the third argument of a request may add parameters: `axios.post(url, data, { params })`.
fn may_add(reader: Reader<'_>, at: usize) -> bool {
    let tokens = reader.tokens;
    let is_function = tokens.is(at, "(") || matches!(tokens.word(at), Some("function" | "async"));
    match value::read(reader, at, 0) {
        Value::Object(object) => object.open || object.members.iter().any(|(key, _)| key == "params"),
        Value::Unknown => !is_function,
        _ => false,
    }
}

/// `post(url).json(&params)`: what is added to a request by the calls after it.
fn chained(reader: Reader<'_>, from: usize) -> Given {
    let tokens = reader.tokens;
    let mut at = from;
    for _ in 0..12 {
        if !tokens.is_any(at, &[".", "->"]) || !tokens.is(at + 2, "(") {
            break;
        }
        let arguments = items(tokens, at + 2);
        match (tokens.word(at + 1), arguments.as_slice()) {
            (Some("json" | "form" | "send" | "query"), [only]) => {
                return Given::of(value::read(reader, *only, 0));
            }
            (Some("body" | "multipart" | "then" | "catch"), _) => return Given::Hidden,
            _ => at = tokens.after(at + 2),
        }
    }
    Given::Nothing
}
