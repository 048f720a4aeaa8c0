//! Requests as they are printed: without credentials.

use serde_json::Value as Json;

/// What is printed in place of a credential.
const HIDDEN: &str = "…";

/// Parameters that hold a credential, in lower case and without underscores.
const SECRETS: [&str; 9] = [
    "accesstoken",
    "applicationtoken",
    "apptoken",
    "auth",
    "bottoken",
    "clientid",
    "clientsecret",
    "refreshtoken",
    "token",
];

/// Whether a parameter of this name holds a credential. A v1 `CLIENT_ID` is a
/// botToken.
fn is_secret(name: &str) -> bool {
    let name = name.replace('_', "").to_lowercase();
    SECRETS.contains(&name.as_str())
}

/// A path with its query string: a webhook's code and the values of parameters
/// that hold a credential are hidden.
pub(super) fn path(path: &str) -> String {
    let (path, query) = path
        .split_once('?')
        .map_or((path, None), |(path, query)| (path, Some(query)));
    let path = match path.split_once("/rest/") {
        Some((prefix, rest)) => format!("{prefix}/rest/{}", without_code(rest)),
        None => path.to_owned(),
    };
    match query {
        Some(query) => format!("{path}?{}", pairs(query)),
        None => path,
    }
}

/// What stands after `/rest/`. Where a webhook's user id or method is missing, the code is
/// hidden all the same.
fn without_code(rest: &str) -> String {
    let mut segments: Vec<&str> = rest.split('/').collect();
    let mut own = segments.iter_mut().filter(|segment| !segment.is_empty());
    let (first, second) = (own.next(), own.next());
    match (first, second) {
        (Some(first), Some(second)) if first.bytes().all(|byte| byte.is_ascii_digit()) => *second = HIDDEN,
        (Some(first), Some(_)) => *first = HIDDEN,
        _ => {}
    }
    segments.join("/")
}

/// `name=value` pairs: those of a query string, or of a command in a batch.
fn pairs(text: &str) -> String {
    let hide = |pair: &str| {
        let hidden = pair.split_once('=').and_then(|(key, _)| {
            let name: String = form_urlencoded::parse(key.as_bytes())
                .map(|(key, _)| key)
                .collect();
            // `fields[botToken]`, as PHP has it.
            let last = name.trim_end_matches(']').rsplit(['[', '?']).next()?;
            is_secret(last).then(|| format!("{key}={HIDDEN}"))
        });
        hidden.unwrap_or_else(|| pair.to_owned())
    };
    text.split('&').map(hide).collect::<Vec<_>>().join("&")
}

/// The value at a JSON pointer into the parameters.
pub(super) fn param(pointer: &str, value: &Json) -> Json {
    let name = pointer.rsplit('/').next().unwrap_or_default();
    match is_secret(name) {
        true => HIDDEN.into(),
        false => params(value),
    }
}

/// Parameters, those of the commands of a batch too.
pub(super) fn params(value: &Json) -> Json {
    match value {
        Json::Object(members) => members
            .iter()
            .map(|(name, value)| match is_secret(name) && !value.is_null() {
                true => (name.clone(), HIDDEN.into()),
                false => (name.clone(), params(value)),
            })
            .collect(),
        Json::Array(items) => items.iter().map(params).collect(),
        Json::String(text) if text.contains('=') => pairs(text).into(),
        other => other.clone(),
    }
}
