//! Events of the documentation with faults in them, and bodies of any bytes.

use std::sync::LazyLock;

use imbot_caps::event::{ApplicationTokens, BotEvent, BotEventKind, EventError, Posted};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use super::documented;

const TOKEN: &str = "51856fefc120afa4b628cc82d3935cce";

fn read(body: &[u8]) -> Result<Vec<BotEvent>, EventError> {
    let posted = Posted::from_form(body)?;
    Ok(posted.verify(&ApplicationTokens::new(TOKEN))?.into_events())
}

/// The events of the documentation, as forms.
static BODIES: LazyLock<Vec<String>> = LazyLock::new(|| documented::forms(TOKEN));

/// A fault in a body, at a byte or at a pair.
#[derive(Clone, Debug)]
enum Fault {
    Cut,
    Insert(u8),
    Replace(u8),
    Remove,
    RepeatPair,
    DropPair,
    SwapPairs(Index),
    NameOf(Index),
    Append(String),
    ValueOf(String),
}

fn any_fault() -> impl Strategy<Value = Fault> {
    let values = prop_oneof![
        "-?[0-9]{0,25}(\\.[0-9]+)?",
        "[YN01xé]?",
        Just("%ff".to_owned()),
        Just("%4".to_owned()),
        Just("%00".to_owned()),
        Just(TOKEN.to_owned()),
    ];
    prop_oneof![
        Just(Fault::Cut),
        any::<u8>().prop_map(Fault::Insert),
        any::<u8>().prop_map(Fault::Replace),
        Just(Fault::Remove),
        Just(Fault::RepeatPair),
        Just(Fault::DropPair),
        any::<Index>().prop_map(Fault::SwapPairs),
        any::<Index>().prop_map(Fault::NameOf),
        "(\\[[a-zA-Z0-9]{0,6}\\]){1,4}|(\\[\\]){70}|\\[|\\]x".prop_map(Fault::Append),
        values.prop_map(Fault::ValueOf),
    ]
}

fn with_fault(body: &[u8], fault: &Fault, at: Index) -> Vec<u8> {
    let byte = at.index(body.len() + 1);
    let (before, after) = body.split_at(byte);
    let rest = after.get(1..).unwrap_or_default();
    match fault {
        Fault::Cut => return before.to_vec(),
        Fault::Insert(own) => return [before, &[*own], after].concat(),
        Fault::Replace(own) => return [before, &[*own], rest].concat(),
        Fault::Remove => return [before, rest].concat(),
        _ => {}
    }
    let mut pairs: Vec<Vec<u8>> = body.split(|byte| *byte == b'&').map(<[u8]>::to_vec).collect();
    let nth = at.index(pairs.len());
    let name_of = |pair: &[u8]| pair.split(|byte| *byte == b'=').next().unwrap().to_vec();
    let name = name_of(&pairs[nth]);
    let value = pairs[nth][name.len()..].to_vec();
    match fault {
        Fault::RepeatPair => pairs.push(pairs[nth].clone()),
        Fault::DropPair => drop(pairs.remove(nth)),
        Fault::SwapPairs(other) => {
            let other = other.index(pairs.len());
            pairs.swap(nth, other);
        }
        Fault::NameOf(other) => pairs[nth] = [name_of(&pairs[other.index(pairs.len())]), value].concat(),
        Fault::Append(text) => pairs[nth] = [name, text.as_bytes().to_vec(), value].concat(),
        Fault::ValueOf(text) => pairs[nth] = [name, b"=".to_vec(), text.as_bytes().to_vec()].concat(),
        _ => unreachable!("done above"),
    }
    pairs.join(&b'&')
}

/// Whether each id of an event is a number, wherever the table has one. An event with an unknown name stays as it is.
fn has_ids(event: &BotEvent) -> bool {
    if event.kind() == BotEventKind::Other {
        return true;
    }
    let objects = ["bot", "message", "chat", "user", "command"];
    let mut ids = objects
        .iter()
        .filter_map(|name| event.data().get(*name)?.get("id"));
    let is_named = !event.name().starts_with("ONIMBOT") || event.bot_id().is_some();
    is_named && ids.all(Value::is_u64)
}

fn has_part_of(token: &str, text: &str) -> bool {
    token
        .as_bytes()
        .windows(8)
        .any(|part| text.as_bytes().windows(8).any(|own| own == part))
}

/// Bots choose some tokens themselves.
const TOKENS: [&str; 5] = [
    TOKEN,
    "customsecretword",
    "CUSTOM_SECRET_WORD",
    "1234567890123456",
    "k1x-qamz.zrt_wpe",
];

/// A lost or changed `=` or `&` makes a value a part of a name. Errors repeat names.
#[test]
fn broken_pairs_show_no_token() {
    let mut of_tokens = 0;
    for token in TOKENS {
        for body in documented::forms(token) {
            let start = body.find(token).unwrap();
            let end = start + token.len();
            for at in [start - 4, start - 1, start, start + 9, end] {
                for sign in [
                    "", "x", "7", "?", "%00", "%ff", "%", "+", "[", "]", "[x]", "&", "=", ".",
                ] {
                    for cut in [at, at + 1] {
                        let Some(rest) = body.get(cut..) else { continue };
                        let body = format!("{}{sign}{rest}", &body[..at]);
                        // The damaged pair is there twice: a reader that accepts the first one repeats the second one.
                        let pair = body[..at].rfind('&').map_or(0, |before| before + 1);
                        for body in [format!("{body}&{}", &body[pair..]), body.clone()] {
                            if let Err(error) = read(body.as_bytes()) {
                                let text = format!("{error} {error:?}");
                                assert!(!has_part_of(token, &text), "{body}: {text}");
                                of_tokens += usize::from(text.contains("`auth"));
                            }
                        }
                    }
                }
            }
        }
    }
    assert!(of_tokens > 5_000, "{of_tokens}");
}

#[test]
fn documented_names_are_shown_whole() {
    let mut names = 0;
    for body in BODIES.iter() {
        for pair in body.split('&') {
            let (name, _) = url::form_urlencoded::parse(pair.as_bytes()).next().unwrap();
            for broken in [format!("{body}&{pair}"), format!("{body}&{pair}%4")] {
                let (EventError::Repeated { key } | EventError::NotText { key }) =
                    read(broken.as_bytes()).unwrap_err()
                else {
                    panic!("{broken}")
                };
                assert_eq!(key, name);
                names += 1;
            }
        }
    }
    assert!(names > 500, "{names}");
}

#[test]
fn keys_of_entries_show_no_token() {
    let body =
        format!("event=ONIMBOTMESSAGEADD&data[BOT][{TOKEN}][BOT_CODE]=x&auth[application_token]={TOKEN}");
    let error = read(body.as_bytes()).unwrap_err();
    assert!(matches!(error, EventError::Missing { .. }), "{error}");
    assert!(!has_part_of(TOKEN, &format!("{error} {error:?}")), "{error}");
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(body in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = Posted::from_form(&body);
        let _ = Posted::from_json(&body);
    }

    /// Either the token is there once and each event has its ids, or there is an error.
    #[test]
    fn faulty_events_are_whole_or_refused(
        nth: Index,
        faults in proptest::collection::vec((any_fault(), any::<Index>()), 1..4),
    ) {
        let bodies = &*BODIES;
        let body = bodies[nth.index(bodies.len())].as_bytes();
        let body = faults.iter().fold(body.to_vec(), |body, (fault, at)| with_fault(&body, fault, *at));
        match read(&body) {
            Ok(events) => {
                let sent: Vec<_> = url::form_urlencoded::parse(&body)
                    .filter(|(name, _)| name.trim_start().starts_with("auth[application_token]"))
                    .map(|(_, value)| value.into_owned())
                    .collect();
                prop_assert_eq!(sent, [TOKEN]);
                prop_assert!(!events.is_empty() && events.iter().all(has_ids), "{:?}", events);
            }
            Err(error) => {
                let text = format!("{error} {error:?}");
                prop_assert!(text.len() < 1200 && !has_part_of(TOKEN, &text), "{}", text);
            }
        }
    }

    #[test]
    fn any_known_names_are_read_or_refused(
        name in prop_oneof![Just("ONIMBOTMESSAGEADD"), Just("ONIMCOMMANDADD"), Just("ONIMBOTV2MESSAGEADD"), Just("ONIMBOTDELETE")],
        pairs in proptest::collection::vec(
            ("(data|auth)(\\[(BOT|COMMAND|PARAMS|USER|bot|message|user|7|0|id|BOT_ID|MESSAGE_ID|AUTH)\\]){0,4}", "[0-9a-z-]{0,3}"), 0..20),
    ) {
        let mut form = url::form_urlencoded::Serializer::new(format!("event={name}&auth[application_token]={TOKEN}"));
        form.extend_pairs(pairs);
        // Either all events name their bot, or there is an error.
        if let Ok(events) = read(form.finish().as_bytes()) {
            prop_assert!(!events.is_empty() && events.iter().all(|event| event.bot_id().is_some()));
        }
    }

    /// The pairs of a form may come in any order.
    #[test]
    fn order_of_pairs_does_not_matter(nth: Index, order in proptest::collection::vec(any::<u32>(), 120)) {
        let bodies = &*BODIES;
        let body = &bodies[nth.index(bodies.len())];
        let pairs = body.split('&').filter(|pair| !pair.contains("%5B0%5D") && !pair.contains("%5B1%5D"));
        let mut shuffled: Vec<_> = pairs.clone().zip(order).collect();
        shuffled.sort_by_key(|(_, place)| *place);
        let shuffled: Vec<_> = shuffled.into_iter().map(|(pair, _)| pair).collect();
        let plain: Vec<_> = pairs.collect();
        let ids = |events: Vec<BotEvent>| {
            let mut events: Vec<_> = events.into_iter().map(|own| (own.bot_id(), own.command().map(|own| own.id), own.into_data())).collect();
            events.sort_by_key(|(bot, command, _)| (*bot, *command));
            events
        };
        let (plain, shuffled) = (read(plain.join("&").as_bytes()), read(shuffled.join("&").as_bytes()));
        prop_assert_eq!(shuffled.map(ids), plain.map(ids));
    }

    /// The documentation does not say what `additionalMessages` has. So no form of it refuses an event.
    #[test]
    fn additional_messages_never_refuse_an_event(value in any_value()) {
        let data = json!({
            "bot": {"id": "7"}, "message": {"id": "5", "text": "Hello"}, "additionalMessages": value,
        });
        let event = json!({"event": "ONIMBOTV2MESSAGEADD", "data": data, "auth": {"application_token": TOKEN}});
        let polled = json!({"eventId": 1, "type": "ONIMBOTV2MESSAGEADD", "data": event["data"]});
        let verified = Posted::from_value(event).unwrap().verify(&ApplicationTokens::new(TOKEN));
        for event in [verified.unwrap().into_events().remove(0), BotEvent::from_polled(polled).unwrap()] {
            prop_assert_eq!((event.bot_id(), event.message_id(), event.text()), (Some(7), Some(5), Some("Hello")));
        }
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z0-9]{0,3}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 30, 4, |inner| {
        let names = prop_oneof!["id|chatId|text|params|isSystem", "[0-9]{1,2}"];
        let members = proptest::collection::vec((names, inner.clone()), 0..4);
        prop_oneof![
            proptest::collection::vec(inner, 0..4).prop_map(Value::from),
            members.prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

#[test]
fn lists_of_another_form_stay() {
    for (sent, expected) in [
        ("=x", json!("x")),
        ("[0]=x", json!(["x"])),
        (
            "[0][id]=x&data[additionalMessages][0][chatId]=5",
            json!([{"id": "x", "chatId": 5}]),
        ),
        ("[0][id]=7", json!([{"id": 7}])),
        // A list with gaps, and one message in place of a list.
        (
            "[9][id]=9&data[additionalMessages][3][id]=7",
            json!([{"id": 7}, {"id": 9}]),
        ),
        (
            "[id]=7&data[additionalMessages][text]=x",
            json!({"id": "7", "text": "x"}),
        ),
    ] {
        let body = format!(
            "event=ONIMBOTV2MESSAGEADD&auth[application_token]={TOKEN}&data[bot][id]=7&data[additionalMessages]{sent}"
        );
        let events = read(body.as_bytes()).unwrap();
        assert_eq!(events[0].data()["additionalMessages"], expected, "{sent}");
    }
}

#[test]
fn copies_for_many_bots_are_limited() {
    let body = |bots: usize, text: usize| {
        let entries: String = (1..=bots)
            .map(|id| format!("data[BOT][{id}][BOT_ID]={id}&"))
            .collect();
        let text = "x".repeat(text);
        format!(
            "event=ONIMBOTMESSAGEADD&{entries}data[PARAMS][MESSAGE]={text}&auth[application_token]={TOKEN}"
        )
    };
    assert_eq!(read(body(64, 200_000).as_bytes()).unwrap().len(), 64);
    assert_eq!(read(body(1, 3_000_000).as_bytes()).unwrap().len(), 1);
    let refused = read(body(64, 1_000_000).as_bytes());
    assert!(matches!(refused, Err(EventError::TooLong { .. })), "{refused:?}");
}
