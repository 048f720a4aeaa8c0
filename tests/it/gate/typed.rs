//! Calls that are types of a library's own.

use imbot_caps::gate::{CallError, Gate};
use imbot_caps::plan::{Mode, TypedCall};
use imbot_caps::wire::ParamsError;
use imbot_caps::{Feature, Requirement};
use imbot_caps_emulator::{Build, Emulator, Fault};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::support::http::{asked, untimed, webhook};

const SECRET: &str = "s3cret-of-the-bot";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Send<'t> {
    bot_id: u64,
    bot_token: &'t str,
    dialog_id: &'t str,
    fields: Fields<'t>,
}

#[derive(Serialize)]
struct Fields<'t> {
    message: &'t str,
}

#[derive(Debug, Deserialize)]
struct Sent {
    id: u64,
}

impl TypedCall for Send<'_> {
    type Reply = Sent;
    const METHOD: &'static str = "imbot.v2.Chat.Message.send";
}

#[derive(Serialize)]
struct Rotate;

impl TypedCall for Rotate {
    type Reply = serde_json::Value;
    const METHOD: &'static str = "acme.rotate";
    const NEEDS: &'static [Requirement] = &[Feature::BotTokenRotation.requirement()];
}

fn send() -> Send<'static> {
    Send {
        bot_id: 1,
        bot_token: SECRET,
        dialog_id: "1",
        fields: Fields { message: "Hello" },
    }
}

#[tokio::test]
async fn typed_calls_read_each_generation() {
    let emulator = Emulator::start().await.unwrap();
    for (rest, method) in [(36, "imbot.v2.Chat.Message.send"), (30, "imbot.message.add")] {
        let portal = emulator.portal(Build::rest(rest));
        let client = Gate::builder(&untimed())
            .client_id_in_webhook_url()
            .build()
            .client(&webhook(&portal));
        let fields = json!({"code": "ann", "properties": {"name": "Ann"}, "eventMode": "webhook", "webhookUrl": "https://bot.example/"});
        let made = client
            .call(
                "imbot.v2.Bot.register",
                json!({"botToken": SECRET, "fields": fields}),
            )
            .await
            .unwrap();
        let bot_id = made["bot"]["id"].as_u64().unwrap();
        asked(&portal);
        let sent = client.send(&Send { bot_id, ..send() }).await.unwrap();
        assert!(sent.id > 0);
        assert_eq!(asked(&portal), [method]);
    }
}

#[tokio::test]
async fn unexpected_results_show_no_secret() {
    let emulator = Emulator::start().await.unwrap();
    let portal = emulator.portal(Build::rest(36));
    let client = untimed().client(&webhook(&portal));
    client.portal().ready().await.unwrap();
    for result in [
        json!({"id": SECRET}),
        json!({ "s3cret_of_the_bot": 1, SECRET: 2 }),
        json!([SECRET]),
    ] {
        portal.fault(Fault::json(200, &json!({ "result": result })));
        let error = client.send(&send()).await.unwrap_err();
        let CallError::Unexpected(unexpected) = &error else {
            panic!("{error:?}")
        };
        assert!(unexpected.expected().ends_with("Sent"), "{error}");
        assert!(error.may_have_run());
        let texts = format!("{error} {error:?} {}", unexpected.shape());
        assert!(!texts.contains(SECRET), "{texts}");
        portal.clear_faults();
    }
}

#[tokio::test]
async fn own_needs_are_checked_before_sending() {
    let emulator = Emulator::start().await.unwrap();
    let portal = emulator.portal(Build::rest(34));
    let client = untimed().client(&webhook(&portal));
    let error = client.send(&Rotate).await.unwrap_err();
    assert!(!error.may_have_run());
    let CallError::Unsupported(unsupported) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(unsupported.requirement(), Feature::BotTokenRotation.requirement());
    assert_eq!(asked(&portal), ["imbot.v2.Revision.get"]);

    let gate = Gate::builder(&untimed()).feature(Feature::BotTokenRotation, Mode::Observe);
    let error = gate
        .build()
        .client(&webhook(&portal))
        .send(&Rotate)
        .await
        .unwrap_err();
    assert!(error.api().is_some(), "{error:?}");

    let newest = emulator.portal(Build::rest(36));
    let error = untimed()
        .client(&webhook(&newest))
        .send(&Rotate)
        .await
        .unwrap_err();
    assert!(
        error.api().is_some(),
        "sent, and the method is unknown: {error:?}"
    );
}

#[derive(Serialize)]
struct List(Vec<u64>);

impl TypedCall for List {
    type Reply = ();
    const METHOD: &'static str = "acme.list";
}

#[tokio::test]
async fn parameters_must_be_an_object() {
    let emulator = Emulator::start().await.unwrap();
    let portal = emulator.portal(Build::rest(36));
    let error = untimed()
        .client(&webhook(&portal))
        .send(&List(vec![1]))
        .await
        .unwrap_err();
    assert!(
        matches!(error, CallError::Params(ParamsError::NotAnObject)),
        "{error:?}"
    );
    assert_eq!(asked(&portal), [""; 0]);
}
