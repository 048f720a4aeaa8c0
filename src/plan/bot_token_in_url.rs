//! `CLIENT_ID` in the address of a webhook's bot. Older portals drop the events of the bot if
//! the parameter is missing, or differs from the bot's token.

use serde_json::{Map, Value};

use crate::table::path::{member, scalar, spellings};
use crate::wire::{Call, query};

const CLIENT_ID: &str = "CLIENT_ID";

/// Whether a call sets an address of a webhook's bot without the bot's token as `CLIENT_ID`.
/// Older portals send such a bot no events.
///
/// A switch to the webhook mode without an address counts, too: the call does not show the
/// address that the bot has. A bot that polls needs no address. A portal refuses a call
/// without a token, so such a call does not count.
#[must_use]
pub fn lacks_bot_token_in_url(method: &str, params: &Map<String, Value>) -> bool {
    let Some(fields) = member(params, "fields").and_then(|(_, fields)| fields.as_object()) else {
        return false;
    };
    let Some(token) = token(params, fields) else {
        return false;
    };
    let mode = member(fields, "eventMode").and_then(|(_, mode)| mode.as_str());
    let is_webhook = mode.map(|mode| mode.eq_ignore_ascii_case("webhook"));
    let mut urls = urls(fields).peekable();
    match (is_webhook, is_registration(method)) {
        // A bot polls by default. A registration needs an address for the webhook mode.
        (Some(false), _) | (None, true) => false,
        (Some(true), false) if urls.peek().is_none() => true,
        _ => urls.any(|(_, url)| !names(url, &token)),
    }
}

/// Writes the token of the bot into its address, in place of any other. `false` if there is
/// no address to change, or no token.
pub(super) fn add(call: &mut Call) -> bool {
    let params = call.params_mut();
    let Some(fields) = member(params, "fields").and_then(|(_, fields)| fields.as_object()) else {
        return false;
    };
    let Some(token) = token(params, fields) else {
        return false;
    };
    let lacking = urls(fields).filter(|(_, url)| !names(url, &token));
    let new: Vec<(String, String)> = lacking
        .map(|(name, url)| (name.to_owned(), with_client_id(url, &token)))
        .collect();
    // A portal ignores the token `0`.
    if new.is_empty() || !new.iter().all(|(_, url)| names(url, &token)) {
        return false;
    }
    let new = new.into_iter().map(|(name, url)| (name, url.into()));
    let name = member(params, "fields").map(|(name, _)| name.to_owned());
    if let Some(Value::Object(fields)) = name.and_then(|name| params.get_mut(&name)) {
        fields.extend(new);
    }
    true
}

fn is_registration(method: &str) -> bool {
    method.to_ascii_lowercase().ends_with(".register")
}

/// The addresses in the call, in each spelling of the name.
fn urls(fields: &Map<String, Value>) -> impl Iterator<Item = (&str, &str)> {
    let given = spellings(fields, "webhookUrl").filter_map(|(name, url)| Some((name, url.as_str()?)));
    given.filter(|(_, url)| !url.is_empty())
}

/// The bot's token. A registration can have it inside of `fields`, too. In an update, the token
/// inside of `fields` is the next one.
pub(super) fn token(params: &Map<String, Value>, fields: &Map<String, Value>) -> Option<String> {
    let outside = ["botToken", "clientId"].into_iter().map(|name| (params, name));
    let mut all = outside.chain([(fields, "botToken")]);
    all.find_map(|(members, name)| {
        let text = scalar(member(members, name)?.1)?;
        (!text.is_empty()).then(|| text.to_string())
    })
}

/// Whether a portal finds the bot with this token by its address. The portal reads the query,
/// with the name in any case. The last parameter wins. The value has to equal the token, and
/// must not be empty for PHP.
fn names(url: &str, token: &str) -> bool {
    let (address, _fragment) = url.split_once('#').unwrap_or((url, ""));
    let Some((_, query)) = address.split_once('?') else {
        return false;
    };
    let params = query::decode(query);
    let mut named = params.iter().filter(|(name, _)| is_client_id(name));
    let value = named.next_back().and_then(|(_, value)| value.as_str());
    value.is_some_and(|value| value == token && !matches!(value, "" | "0"))
}

fn is_client_id(name: &str) -> bool {
    name.eq_ignore_ascii_case(CLIENT_ID)
}

fn with_client_id(url: &str, token: &str) -> String {
    let (address, fragment) = match url.split_once('#') {
        Some((address, fragment)) => (address, Some(fragment)),
        None => (url, None),
    };
    let (address, query) = address.split_once('?').unwrap_or((address, ""));
    let is_other = |pair: &&str| !query::decode(pair).keys().any(|name| is_client_id(name));
    let mut pairs: Vec<&str> = query.split('&').filter(is_other).collect();
    // A query that ends with `&` has an empty last pair.
    if pairs.last().is_some_and(|last| last.is_empty()) {
        pairs.pop();
    }
    let mut own = Map::new();
    own.insert(CLIENT_ID.to_owned(), token.into());
    let own = query::encode(&own);
    pairs.push(&own);
    let end = fragment
        .map(|fragment| format!("#{fragment}"))
        .unwrap_or_default();
    format!("{address}?{}{end}", pairs.join("&"))
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
                "https://b.example/on?CLIENT_ID=t%26k",
            ),
            (
                "https://b.example/on?CLIENT_ID=t%26k&a=%31&client_id=x",
                "https://b.example/on?a=%31&CLIENT_ID=t%26k",
            ),
            (
                "https://b.example/on?client.id=t&CLIENT_ID[]=t%26k&b",
                "https://b.example/on?b&CLIENT_ID=t%26k",
            ),
            (
                "https://b.example/CLIENT_ID=1",
                "https://b.example/CLIENT_ID=1?CLIENT_ID=t%26k",
            ),
        ] {
            assert!(!names(url, "t&k"), "{url}");
            assert_eq!(with_client_id(url, "t&k"), with);
            assert!(names(with, "t&k"), "{with}");
        }
        assert!(names("https://b.example/?a=1&client_id=x#y", "x"));
        assert!(!names("https://b.example/?MY_CLIENT_ID=x", "x"));
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
            assert!(lacks_bot_token_in_url(call.method(), call.params()));
            let mut changed = call.clone();
            assert!(add(&mut changed));
            assert!(!lacks_bot_token_in_url(changed.method(), changed.params()));
        }
    }
}
