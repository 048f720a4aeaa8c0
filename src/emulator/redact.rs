//! Requests as they are printed: without credentials.

use serde_json::Value as Json;

use super::request::Route;

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
        Some((prefix, rest)) => match Route::parse(rest).webhook {
            Some((_, code)) => format!("{prefix}/rest/{}", rest.replacen(&code, HIDDEN, 1)),
            None => path.to_owned(),
        },
        None => path.to_owned(),
    };
    match query {
        Some(query) => format!("{path}?{}", pairs(query)),
        None => path,
    }
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
