//! `CLIENT_ID` in the address of a webhook's bot: portals that need it drop the events
//! of the bot where it is missing.

use serde_json::{Map, Value};

use super::shim::Applied;
use crate::table::path::{member, scalar, spellings};
use crate::wire::{Call, query};

const CLIENT_ID: &str = "CLIENT_ID";

/// Whether the bot is to hear events at an address that has no `CLIENT_ID`, going by
/// the call. A bot that polls needs no address.
///
/// A switch to the webhook mode without an address counts, too: then nothing says what
/// the address holds. A call without a token does not: the portal refuses it.
pub(super) fn is_missing(call: &Call) -> bool {
    is_missing_in(call.method(), call.params())
}

/// The same for the parameters of a method.
pub(crate) fn is_missing_in(method: &str, params: &Map<String, Value>) -> bool {
    let Some(fields) = member(params, "fields").and_then(|(_, fields)| fields.as_object()) else {
        return false;
    };
    if token(params, fields).is_none() {
        return false;
    }
    let mode = member(fields, "eventMode").and_then(|(_, mode)| mode.as_str());
    let is_webhook = mode.map(|mode| mode.eq_ignore_ascii_case("webhook"));
    let mut urls = urls(fields).peekable();
    match (is_webhook, is_registration(method)) {
        // Bots poll unless they say otherwise, and are registered with an address.
        (Some(false), _) | (None, true) => false,
        (Some(true), false) if urls.peek().is_none() => true,
        _ => urls.any(|(_, url)| !has_client_id(url)),
    }
}

/// Adds the token of the bot to its address.
pub(super) fn add(call: &mut Call) -> Applied {
    let params = call.params_mut();
    let Some(fields) = member(params, "fields").and_then(|(_, fields)| fields.as_object()) else {
        return Applied::Cannot;
    };
    let Some(token) = token(params, fields) else {
        return Applied::Cannot;
    };
    let lacking = urls(fields).filter(|(_, url)| !has_client_id(url));
    let new: Vec<(String, Value)> = lacking
        .map(|(name, url)| (name.to_owned(), with_client_id(url, &token).into()))
        .collect();
    if new.is_empty() {
        return Applied::Cannot;
    }
    let name = member(params, "fields").map(|(name, _)| name.to_owned());
    if let Some(Value::Object(fields)) = name.and_then(|name| params.get_mut(&name)) {
        fields.extend(new);
    }
    Applied::Changed
}

fn is_registration(method: &str) -> bool {
    method.to_ascii_lowercase().ends_with(".register")
}

/// The addresses that are given, in each spelling of the name.
fn urls(fields: &Map<String, Value>) -> impl Iterator<Item = (&str, &str)> {
    let given = spellings(fields, "webhookUrl").filter_map(|(name, url)| Some((name, url.as_str()?)));
    given.filter(|(_, url)| !url.is_empty())
}

/// The token that the bot is known by. A registration takes it inside `fields` as well;
/// inside those of an update it is the one that comes after.
fn token(params: &Map<String, Value>, fields: &Map<String, Value>) -> Option<String> {
    let outside = ["botToken", "clientId"].into_iter().map(|name| (params, name));
    let mut all = outside.chain([(fields, "botToken")]);
    all.find_map(|(members, name)| {
        let text = scalar(member(members, name)?.1)?;
        (!text.is_empty()).then(|| text.to_string())
    })
}

/// By the rules of the portal: any case, the query alone, and not empty for PHP.
fn has_client_id(url: &str) -> bool {
    let (address, _fragment) = url.split_once('#').unwrap_or((url, ""));
    let Some((_, query)) = address.split_once('?') else {
        return false;
    };
    let params = query::decode(query);
    let mut named = params
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case(CLIENT_ID));
    // The last one wins.
    named
        .next_back()
        .is_some_and(|(_, value)| !matches!(value.as_str(), Some("" | "0")))
}

fn with_client_id(url: &str, token: &str) -> String {
    let (address, fragment) = match url.split_once('#') {
        Some((address, fragment)) => (address, Some(fragment)),
        None => (url, None),
    };
    let mut pair = Map::new();
    pair.insert(CLIENT_ID.to_owned(), token.into());
    let pair = query::encode(&pair);
    let joint = match address.split_once('?') {
        None => "?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    };
    let end = fragment
        .map(|fragment| format!("#{fragment}"))
        .unwrap_or_default();
    format!("{address}{joint}{pair}{end}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn addresses_of_every_form() {
        for (url, with) in [
            ("https://b.example", "https://b.example?CLIENT_ID=t%26k"),
            ("https://b.example/on", "https://b.example/on?CLIENT_ID=t%26k"),
            ("https://b.example/on?", "https://b.example/on?CLIENT_ID=t%26k"),
            (
                "https://b.example/on?a=1",
                "https://b.example/on?a=1&CLIENT_ID=t%26k",
            ),
            (
                "https://b.example/on?a=1&",
                "https://b.example/on?a=1&CLIENT_ID=t%26k",
            ),
            ("https://b.example/on#x", "https://b.example/on?CLIENT_ID=t%26k#x"),
            (
                "https://b.example/on?a=1#x?CLIENT_ID=1",
                "https://b.example/on?a=1&CLIENT_ID=t%26k#x?CLIENT_ID=1",
            ),
            (
                "https://b.example/on?client_id=",
                "https://b.example/on?client_id=&CLIENT_ID=t%26k",
            ),
            (
                "https://b.example/CLIENT_ID=1",
                "https://b.example/CLIENT_ID=1?CLIENT_ID=t%26k",
            ),
        ] {
            assert!(!has_client_id(url), "{url}");
            assert_eq!(with_client_id(url, "t&k"), with);
            assert!(has_client_id(with), "{with}");
        }
        assert!(has_client_id("https://b.example/?a=1&client_id=x#y"));
        assert!(!has_client_id("https://b.example/?MY_CLIENT_ID=x"));
    }

    #[test]
    fn spellings_of_a_registration() {
        for fields in [
            json!({"eventMode": "webhook", "webhookUrl": "https://b.example"}),
            json!({"EVENT_MODE": "WEBHOOK", "WEBHOOK_URL": "https://b.example"}),
        ] {
            let call = Call::new("imbot.v2.Bot.register")
                .with("botToken", "t")
                .with("fields", fields);
            assert!(is_missing(&call));
            let mut changed = call.clone();
            assert!(matches!(add(&mut changed), Applied::Changed));
            assert!(!is_missing(&changed));
        }
    }
}
