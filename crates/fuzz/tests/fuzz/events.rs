//! Events that portals post or give to a poll, as forms and as JSON, and installations.

use imbot_caps::event::{
    ApplicationTokens, BODY_LIMIT, BotEvent, EventError, Installation, Posted, Verified,
};
use imbot_caps::registry::SenderClaim;
use serde_json::Value;

use super::{SECRET, assert_shown, target};

/// The stored token of the kept inputs.
const TOKEN: &str = "51856fefc120afa4b628cc82d3935cce";

const FORM_WORDS: &[&str] = &[
    "&",
    "=",
    "%5B",
    "%5D",
    "[]",
    "[0]",
    "[BOT_ID]",
    "[id]",
    "data",
    "auth",
    "[application_token]",
    "event",
    "ONIMBOTMESSAGEADD",
    "ONIMCOMMANDADD",
    "ONIMBOTV2MESSAGEADD",
    "ONAPPINSTALL",
    "BOT",
    "PARAMS",
    "MESSAGE",
    "message",
    "chat5",
    "[USER=7]Bot[/USER] ",
    "%ff",
    "%00",
    "%D0%9F",
    "+",
    TOKEN,
    SECRET,
    "AUTH_ID",
    "DOMAIN",
];

const JSON_WORDS: &[&str] = &[
    "\"data\"",
    "\"auth\"",
    "\"bot\"",
    "\"id\"",
    "\"message\"",
    "\"text\"",
    "\"event\"",
    "\"type\"",
    "\"eventId\"",
    "\"additionalMessages\"",
    "ONIMBOTMESSAGEADD",
    "ONIMBOTV2MESSAGEADD",
    "ONIMBOTV2COMMANDADD",
    "null",
    "true",
    "{}",
    "[]",
    "\"\"",
    ":",
    ",",
    "\\u0000",
    "\\ud800",
    TOKEN,
    SECRET,
];

fn tokens() -> ApplicationTokens {
    ApplicationTokens::new(TOKEN)
}

/// Whether this text is a part of a name or of the event's name, which errors may show.
fn names(body: &[u8], text: &str) -> bool {
    let has = |part: &str| part.to_lowercase().contains(&text.to_lowercase());
    body.split(|byte| *byte == b'&').any(|pair| {
        let name = pair.split(|byte| *byte == b'=').next().unwrap_or_default();
        let mut decoded = url::form_urlencoded::parse(pair);
        has(&String::from_utf8_lossy(name))
            || decoded.any(|(name, value)| has(&name) || name.trim() == "event" && has(&value))
    })
}

/// An error is short, and shows no value of these bodies.
fn error_is_short(error: &EventError, bodies: &[&[u8]]) {
    let text = format!("{error} {error:?}");
    assert!(text.len() <= 2_048, "{text}");
    for secret in [TOKEN, SECRET] {
        let is_name = bodies.iter().any(|body| names(body, secret));
        assert!(
            is_name || !text.to_lowercase().contains(&secret.to_lowercase()),
            "{text}"
        );
    }
}

/// What holds for each event that was read.
fn events_are_whole(verified: &Verified, length: usize) {
    let claim = SenderClaim::of(verified.sender());
    if let Ok(claim) = &claim {
        let address = claim.address().map(ToString::to_string);
        assert!(address.is_none_or(|text| text.len() <= 512 && text.parse().as_ref() == Ok(claim.address().unwrap())));
    }
    assert!(format!("{claim:?}").len() <= 2_048);
    assert!(!verified.events().is_empty());
    let size: usize = verified.events().iter().map(size_of).sum();
    // Each of 64 bots gets a copy, with the names of its members in the newer form.
    assert!(
        size <= BODY_LIMIT.min(65 * (8 * length + 4_096)) * 2,
        "{size} bytes of {length}"
    );
    for event in verified.events() {
        // Neither panics, nor shows more than it should.
        let answer = event.answer("Hello");
        if let Ok(call) = &answer {
            assert!(call.params().len() < 16, "{call:?}");
        }
        let _ = (
            event.absent(),
            event.command(),
            event.reaction(),
            event.mentions_bot(),
        );
        let without = event.text_without_mentions();
        assert!(without.unwrap_or_default().len() <= event.text().unwrap_or_default().len());
    }
}

fn size_of(event: &BotEvent) -> usize {
    serde_json::to_string(event.data()).unwrap().len()
}

fn shown(verified: &Verified) -> String {
    format!("{verified:?} {:?} {:?}", verified.events(), verified.tokens())
}

/// What two readings have in common, whatever their order.
fn read_alike(one: &Verified, other: &Verified) {
    let parts = |verified: &Verified| -> Vec<_> {
        let events = verified.events().iter();
        events
            .map(|event| (event.name().to_owned(), event.id(), event.data().clone()))
            .collect()
    };
    assert_eq!(parts(one), parts(other));
    assert_eq!(one.sender().member_id(), other.sender().member_id());
    assert_eq!(one.sender().client_endpoint(), other.sender().client_endpoint());
}

target!(event_forms, FORM_WORDS, 3_000, |body| {
    let may_show = names(body, SECRET);
    let posted = match Posted::from_form(body) {
        Ok(posted) => posted,
        Err(error) => return error_is_short(&error, &[body]),
    };
    if !may_show {
        assert_shown(&format!("{posted:?}"), 2_048);
    }
    let _ = Installation::from_event(&posted);
    // A framework's reader of forms gives the same event. It reads bytes that are no text in another way, but such
    // bytes are refused above.
    let pairs = url::form_urlencoded::parse(body);
    let paired = Posted::from_pairs(pairs).unwrap_or_else(|error| panic!("pairs: {error}"));
    match (posted.verify(&tokens()), paired.verify(&tokens())) {
        (Ok(verified), Ok(paired)) => {
            read_alike(&verified, &paired);
            events_are_whole(&verified, body.len());
            // What a sender claims to be is shown.
            let sender = verified.sender();
            let mut claims = [sender.member_id(), sender.client_endpoint()]
                .into_iter()
                .flatten();
            if !may_show && !claims.any(|claim| claim.to_lowercase().contains(&SECRET.to_lowercase())) {
                assert_shown(&shown(&verified), 32 * 1_024);
            }
        }
        (Err(error), Err(other)) => {
            assert_eq!(error, other);
            error_is_short(&error, &[body]);
        }
        (one, other) => panic!("{one:?} {other:?}"),
    }
});

target!(event_json, JSON_WORDS, 3_000, |body| {
    let posted = match Posted::from_json(body) {
        Ok(posted) => posted,
        Err(error) => {
            assert!(format!("{error} {error:?}").len() <= 2_048 && !error.to_string().contains(TOKEN));
            return;
        }
    };
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    // A framework's value gives the same event.
    let value: Value = match serde_json::from_slice(body) {
        Ok(value) => value,
        Err(error) => return assert!(error.to_string().contains("number out of range"), "{error}"),
    };
    let has_name = |text: &str| value["event"].as_str().is_some_and(|name| name.contains(text));
    if !has_name(SECRET) {
        assert_shown(&format!("{posted:?}"), 2_048);
    }
    let other = Posted::from_value(value.clone()).unwrap();
    match (posted.verify(&tokens()), other.verify(&tokens())) {
        (Ok(verified), Ok(other)) => {
            read_alike(&verified, &other);
            events_are_whole(&verified, body.len());
        }
        (one, other) => assert_eq!(one.err(), other.err()),
    }
});

target!(polled_events, JSON_WORDS, 2_000, |body| {
    let Ok(item) = serde_json::from_slice::<Value>(body) else {
        return;
    };
    match BotEvent::from_polled(item.clone()) {
        Ok(event) => {
            assert!(size_of(&event) <= 8 * body.len() + 4_096);
            assert_shown(&format!("{event:?}"), 2_048);
            let again = BotEvent::from_polled(item).unwrap();
            assert_eq!(again.data(), event.data());
            let _ = (
                event.answer("Hello"),
                event.absent(),
                event.text_without_mentions(),
            );
        }
        Err(error) => assert!(format!("{error} {error:?}").len() <= 2_048),
    }
});

/// The query is the first line, and the body is the second.
fn query_and_body(input: &[u8]) -> (String, &[u8]) {
    let end = input
        .iter()
        .position(|byte| *byte == b'\n')
        .unwrap_or(input.len());
    let (query, body) = input.split_at(end);
    (
        String::from_utf8_lossy(query).into_owned(),
        body.strip_prefix(b"\n").unwrap_or(body),
    )
}

target!(installations, FORM_WORDS, 2_000, |input| {
    let (query, body) = query_and_body(input);
    match Installation::from_form(&query, body) {
        Ok(installation) => {
            // What it claims may be shown. Its tokens may not.
            let tokens = installation.tokens();
            let text = format!("{installation:?} {tokens:?}");
            assert!(text.len() <= 8 * 1_024 + input.len());
            let is_claim = [query.as_bytes(), body].iter().any(|part| {
                let mut pairs = url::form_urlencoded::parse(part);
                pairs.any(|(name, value)| {
                    let is_token = matches!(&*name, "AUTH_ID" | "REFRESH_ID" | "APPLICATION_TOKEN");
                    !is_token && value.to_lowercase().contains(&SECRET.to_lowercase())
                })
            });
            if !is_claim {
                assert_shown(&text, 8 * 1_024 + input.len());
            }
            let endpoint = installation.client_endpoint();
            // Two readers see one host in it.
            let url = url::Url::parse(endpoint).unwrap_or_else(|error| panic!("{endpoint}: {error}"));
            assert!(
                url.username().is_empty() && url.query().is_none() && url.fragment().is_none(),
                "{endpoint}"
            );
            assert_eq!(url.path(), "/rest/", "{endpoint}");
        }
        Err(error) => error_is_short(&error, &[query.as_bytes(), body]),
    }
});
