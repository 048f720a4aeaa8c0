//! Dates, overlays, several gates, and calls that are given up.

use std::time::{Duration, UNIX_EPOCH};

use imbot_caps::Table;

use super::*;
use crate::support::http::{Untimed, untimed_builder};

/// 2026-08-06, from when on tokens of more than 40 characters are refused at 36.
const LIMIT: Duration = Duration::from_secs(1_785_974_400);

#[tokio::test]
async fn long_tokens_are_refused_from_date() {
    let emulator = Emulator::start().await.unwrap();
    for (rest, before_the_day, length, is_sent) in [
        (36, true, 41, true),
        (36, false, 41, false),
        (36, false, 40, true),
        (35, false, 41, true),
    ] {
        let case = format!("{rest}, {length} characters, before the day: {before_the_day}");
        let now = LIMIT - Duration::from_secs(u64::from(before_the_day));
        emulator.clock().set(UNIX_EPOCH + now);
        let portal = emulator.portal(Build::rest(rest));
        let registry = Registry::builder(Untimed::default())
            .clock(emulator.clock())
            .build();
        // Counted are characters, and not bytes.
        let token = "ö".repeat(length);
        let fields = json!({"code": "ann", "properties": {"name": "Ann"}});
        let registered = registry
            .client(&webhook(&portal))
            .call(
                "imbot.v2.Bot.register",
                json!({"botToken": token, "fields": fields}),
            )
            .await;
        match is_sent {
            true => assert!(registered.is_ok(), "{case}: {registered:?}"),
            false => {
                let error = registered.unwrap_err();
                let row = error.refused().expect("refused by the gate").row();
                assert_eq!(row.id(), "bot.token_length_limit", "{case}");
                assert!(!error.to_string().contains('ö'), "{error}");
            }
        }
        let sent = usize::from(is_sent);
        assert_eq!(portal.count("imbot.v2.Bot.register"), sent, "{case}");
    }
}

#[tokio::test]
async fn an_overlay_replaces_a_translation() {
    let overlay = r#"
        title = "acme"
        version = "0.1.0"
        requires = "^2"

        [[translation]]
        from = "imbot.v2.Chat.Message.send"
        to = "imbot.message.add"
        params = ["botId -> BOT_ID", "botToken -> CLIENT_ID", "dialogId -> DIALOG_ID", "fields.message -> MESSAGE"]
        drop = ["fields.replyId"]
        reply = ["id <- $ as integer"]
        source = "https://example.com/acme"
    "#;
    let table = Table::builtin().with_overlay(overlay).unwrap().leak();
    let (portal, _, id) = stage(Build::rest(30)).await;
    let registry = untimed_builder().table(table).build();
    let client = registry.client(&webhook(&portal));
    let send = |fields: Value| json!({"botId": id, "botToken": TOKEN, "dialogId": "1", "fields": fields});
    let reply = send(json!({"message": "Hello", "replyId": 7}));
    let sent = client.call(SEND, reply).await.unwrap();
    assert_eq!(sent, json!({"id": portal.messages()[0].id}));
    // What the overlay's does not name is refused, though the built-in one names it.
    let error = client
        .call(SEND, send(json!({"message": "Hello", "system": true})))
        .await
        .unwrap_err();
    assert_eq!(error.refused().unwrap().parameter(), Some("fields.system"));
    assert_eq!(portal.messages().len(), 1);
}

#[tokio::test]
async fn gates_share_knowledge_not_counts() {
    let (portal, first, id) = stage(Build::rest(30)).await;
    let registry = first.gate().registry().clone();
    let second = Gate::builder(&registry)
        .policy(Policy::new(Mode::Observe))
        .build();
    portal.take_requests();
    // The address is known from the registration through the first.
    let command = json!({"command": "help", "title": {"en": "Help"}});
    let params = json!({"botId": id, "botToken": TOKEN, "fields": command});
    let third = Gate::new(&registry);
    third
        .client(&webhook(&portal))
        .call("imbot.v2.Command.register", params.clone())
        .await
        .unwrap();
    assert_eq!(came(&portal), ["imbot.command.register"]);
    // Who observes sends the call as it is, and is told by the portal.
    let error = second
        .client(&webhook(&portal))
        .call("imbot.v2.Command.register", params)
        .await
        .unwrap_err();
    assert!(error.api_error().is_some(), "{error}");
    let adapted = |gate: &Gate| -> u64 {
        let features = gate.report().features;
        features.iter().map(|feature| feature.adapted.calls).sum()
    };
    assert_eq!((adapted(&second), adapted(&third)), (0, 1));
}

#[tokio::test]
async fn cancelled_call_is_not_resent() {
    let (portal, client, id) = stage(Build::rest(30)).await;
    let params = json!({"botId": id, "botToken": TOKEN, "dialogId": "1", "fields": {"message": "Hello"}});
    let (hold, held) = Fault::hold();
    portal.fault(hold.on("imbot.message.add").once());
    let given_up = tokio::spawn({
        let (client, params) = (client.clone(), params.clone());
        async move { client.call(SEND, params).await }
    });
    held.arrived(1).await;
    given_up.abort();
    assert!(given_up.await.unwrap_err().is_cancelled());
    held.release();
    client.call(SEND, params).await.unwrap();
    assert_eq!(portal.count("imbot.message.add"), 2, "one was given up");
}
