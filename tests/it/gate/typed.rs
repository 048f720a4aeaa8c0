//! Calls that are types of a library's own.

#[cfg(feature = "tower")]
use std::future::ready;
#[cfg(feature = "tower")]
use std::sync::{Arc, Mutex};

#[cfg(feature = "tower")]
use imbot_caps::gate::GateLayer;
use imbot_caps::gate::{BatchCommand, CallError, Gate, GatedStep};
use imbot_caps::plan::{Mode, TypedCall};
use imbot_caps::wire::{Call, ParamsError, Reply};
use imbot_caps::{Feature, Requirement};
use imbot_caps_emulator::{Build, Emulator, Fault};
use serde::{Deserialize, Serialize};
use serde_json::json;
#[cfg(feature = "tower")]
use tower::{Layer, ServiceExt};

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
            .bot_token_in_event_url()
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
    assert!(error.api_error().is_some(), "{error:?}");

    let newest = emulator.portal(Build::rest(36));
    let error = untimed()
        .client(&webhook(&newest))
        .send(&Rotate)
        .await
        .unwrap_err();
    assert!(
        error.api_error().is_some(),
        "sent, and the method is unknown: {error:?}"
    );
}

/// `NEEDS` hold on each way to send a typed call, and the portal is asked once more before a refusal.
#[tokio::test]
async fn own_needs_hold_on_every_way() {
    let emulator = Emulator::start().await.unwrap();
    let (old, new) = (emulator.portal(Build::rest(34)), emulator.portal(Build::rest(36)));
    for (portal, is_refused) in [(&old, true), (&new, false)] {
        let registry = untimed();
        let gate = Gate::new(&registry);
        let client = gate.client(&webhook(portal));
        portal.fault(Fault::result(json!("rotated")).on(Rotate::METHOD));

        let begun = gate.begin_typed(client.portal(), &Rotate).await;
        match begun {
            Ok(gated) => {
                assert_eq!(gated.call().method(), Rotate::METHOD);
                assert_eq!(gated.portal().portal().id(), webhook(portal).id());
                let GatedStep::Done(done) = gated.take(Reply::Result(json!("rotated"))).await else {
                    panic!("not done")
                };
                assert_eq!(done.decode::<String>(&[]).unwrap(), "rotated");
            }
            Err(error) => assert!(matches!(error, CallError::Unsupported(_)), "{error:?}"),
        }

        let time = || BatchCommand::from(Call::new("server.time"));
        let batch = [
            ("time", time()),
            ("rotate", BatchCommand::typed(&Rotate).unwrap()),
        ];
        let error = client.batch(batch).await.err();
        assert_eq!(
            matches!(error, Some(CallError::Unsupported(_))),
            is_refused,
            "{error:?}"
        );
        let expected = match is_refused {
            true => vec!["imbot.v2.Revision.get"],
            false => vec!["imbot.v2.Revision.get", "batch"],
        };
        assert_eq!(asked(portal), expected);
    }
}

/// A portal runs a method with a suffix, too. So no suffix leads around the gate.
#[tokio::test]
async fn suffix_leads_not_around_the_gate() {
    let emulator = Emulator::start().await.unwrap();
    let portal = emulator.portal(Build::rest(30));
    let registry = untimed();
    let gate = Gate::new(&registry);
    for suffix in ["", ".json", ".JSON", ".xml"] {
        let call = Call::from_serialize(format!("{}{suffix}", Send::METHOD), &send()).unwrap();
        let gated = gate
            .begin(&registry.handle(&webhook(&portal)), call)
            .await
            .unwrap();
        assert_eq!(gated.call().method(), "imbot.message.add", "{suffix}");

        #[cfg(feature = "tower")]
        {
            let sent = Arc::new(Mutex::new(Vec::new()));
            let kept = Arc::clone(&sent);
            let sender = tower::service_fn(move |call: Call| {
                kept.lock().unwrap().push(call.method().to_owned());
                ready(Ok::<_, std::io::Error>(Reply::Result(json!(5))))
            });
            let layer = GateLayer::new(&gate, &webhook(&portal));
            let call = gated.planned().original().clone();
            assert_eq!(call.method(), Send::METHOD);
            let call = Call::with_params(format!("{}{suffix}", Send::METHOD), call.params().clone());
            layer.layer(sender).oneshot(call).await.unwrap();
            assert_eq!(*sent.lock().unwrap(), ["imbot.message.add"], "{suffix}");
        }
    }
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
