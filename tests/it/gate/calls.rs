//! The gate before a portal, through its own client: what goes over the wire, what
//! does not, and what is learned from replies.

use imbot_caps::gate::{Advice, CallError, Client, Gate};
use imbot_caps::plan::{Mode, Policy, Reason};
use imbot_caps::portal::StaticToken;
use imbot_caps::transport::TransportError;
use imbot_caps::wire::{ErrorClass, Reply};
use imbot_caps::{Feature, Portal, Registry};
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator, Fault, Imbot, OauthToken};
use serde_json::{Value, json};

use crate::support::http::untimed;

mod batches;
mod handlers;
mod references;
mod replies;

async fn portal(build: Build) -> EmulatedPortal {
    Emulator::start_single(build).await.unwrap()
}

fn webhook(portal: &EmulatedPortal) -> Portal {
    Portal::builder()
        .allow_http()
        .webhook(portal.webhook_url())
        .unwrap()
}

fn client(portal: &EmulatedPortal) -> Client {
    untimed().client(&webhook(portal))
}

/// The methods that were called, without those of the probe.
fn called(portal: &EmulatedPortal) -> Vec<String> {
    let methods = portal.take_requests().into_iter().map(|request| request.method);
    let probes = ["imbot.v2.Revision.get", "im.revision.get"];
    methods
        .filter(|method| !probes.contains(&method.as_str()))
        .collect()
}

/// Registers a bot and returns its id.
async fn bot(client: &Client) -> u64 {
    let fields = json!({
        "code": "ann", "properties": {"name": "Ann"}, "eventMode": "webhook",
        "webhookUrl": "https://bot.example/events?CLIENT_ID=old",
    });
    let registered = client
        .call(
            "imbot.v2.Bot.register",
            json!({"botToken": "old", "fields": fields}),
        )
        .await
        .unwrap();
    registered["bot"]["id"].as_u64().unwrap()
}

fn rotation(bot: u64) -> Value {
    json!({"botId": bot, "botToken": "old", "fields": {"botToken": "new"}})
}

fn message(bot: u64, token: &str) -> Value {
    json!({"botId": bot, "botToken": token, "dialogId": "1", "fields": {"message": "Hello", "system": true}})
}

const ACCESS: &str = "0a1b2c3d4e5f";
const SEND: &str = "imbot.v2.Chat.Message.send";
const UPDATE: &str = "imbot.v2.Bot.update";

/// What a client without a gate is answered.
async fn raw(portal: &EmulatedPortal, method: &str, params: Value) -> Reply {
    let request = reqwest::Client::new()
        .post(format!("{}{method}", portal.webhook_url()))
        .header("content-type", "application/json")
        .body(params.to_string());
    let reply = request.send().await.unwrap();
    Reply::read(reply.status().as_u16(), None, &reply.bytes().await.unwrap())
}

#[tokio::test]
async fn rotation_on_34_is_refused() {
    let portal = portal(Build::rest(34)).await;
    let client = client(&portal);
    let id = bot(&client).await;
    // The registration is followed by an update of its own.
    portal.take_requests();

    let error = client.call(UPDATE, rotation(id)).await.unwrap_err();
    let refused = error.refused().unwrap();
    assert_eq!(refused.row().id(), "bot.token_rotation");
    assert_eq!(refused.parameter(), Some("fields.botToken"));
    assert!(!error.may_have_run());
    let text = error.to_string();
    for part in ["needs REST revision 35", "has REST revision 34", "locked out"] {
        assert!(text.contains(part), "{text}");
    }
    assert!(!text.contains("\"new\"") && !text.contains("old\""), "{text}");
    assert_eq!(portal.count(UPDATE), 0, "nothing was sent");

    // The naive client stores the new token, since the portal says that all went well.
    assert!(matches!(
        raw(&portal, UPDATE, rotation(id)).await,
        Reply::Result(_)
    ));
    let Reply::Error(locked_out) = raw(&portal, SEND, message(id, "new")).await else {
        panic!("the danger is not real");
    };
    assert_eq!(locked_out.code, "BOT_OWNERSHIP_ERROR");
    // The bot behind the gate goes on.
    client.call(SEND, message(id, "old")).await.unwrap();
}

#[tokio::test]
async fn rotation_on_35_works() {
    let portal = portal(Build::rest(35)).await;
    let client = client(&portal);
    let id = bot(&client).await;
    client.call(UPDATE, rotation(id)).await.unwrap();
    client.call(SEND, message(id, "new")).await.unwrap();
    let error = client.call(SEND, message(id, "old")).await.unwrap_err();
    assert_eq!(error.api_error().unwrap().code, "BOT_OWNERSHIP_ERROR");
}

#[tokio::test]
async fn rotation_on_unknown_portal_is_refused() {
    let portal = portal(Build::rest(36)).await;
    portal.fault(Fault::error("insufficient_scope").on("imbot.v2.Revision.get"));
    portal.fault(Fault::error("insufficient_scope").on("im.revision.get"));
    let client = client(&portal);
    let id = bot(&client).await;
    assert_eq!(client.portal().caps().knowledge().rest(), None);
    portal.take_requests();
    let error = client.call(UPDATE, rotation(id)).await.unwrap_err();
    let refused = error.refused().unwrap();
    assert!(matches!(refused.reason(), Reason::Unsupported(_)), "{refused}");
    assert_eq!(portal.count(UPDATE), 0);
    // What does no harm is sent, in the form that every build takes.
    client.call(SEND, message(id, "old")).await.unwrap();
    portal.expect(SEND).with("/fields/system", "Y").times(1);
}

#[tokio::test]
async fn restored_portal_gets_older_call() {
    let portal = portal(Build::rest(36)).await;
    let client = client(&portal);
    let id = bot(&client).await;
    client.call(SEND, message(id, "old")).await.unwrap();
    portal.set_build(Build::rest(30));
    portal.take_requests();
    let sent = client.call(SEND, message(id, "old")).await.unwrap();
    assert!(sent["id"].is_u64(), "{sent}");
    let methods: Vec<_> = portal
        .take_requests()
        .into_iter()
        .map(|request| request.method)
        .collect();
    assert_eq!(
        methods,
        [SEND, "imbot.v2.Revision.get", "batch", "imbot.message.add"],
        "refused, asked, and sent another way"
    );
    assert_eq!(portal.messages().len(), 2, "each was kept once");
    // From now on it is known.
    client.call(SEND, message(id, "old")).await.unwrap();
    assert_eq!(called(&portal), ["imbot.message.add"]);
}

#[tokio::test]
async fn absent_method_returns_portal_error() {
    let portal = portal(Build::rest(36)).await;
    let client = client(&portal);
    let id = bot(&client).await;
    portal.set_build(Build::rest(30));
    portal.take_requests();
    let list = json!({"botId": id, "botToken": "old"});
    let error = client
        .call("imbot.v2.Command.list", list.clone())
        .await
        .unwrap_err();
    assert_eq!(error.api_error().unwrap().class(), ErrorClass::Absent);
    assert_eq!(portal.count("imbot.v2.Command.list"), 1, "not repeated");
    let error = client.call("imbot.v2.Command.list", list).await.unwrap_err();
    assert!(error.refused().is_some(), "now it is known: {error}");
    assert_eq!(portal.count("imbot.v2.Command.list"), 1);
}

#[tokio::test]
async fn missing_imbot_v2_uses_older_method() {
    // Module im says 36, and module imbot has no v2 at all: but that was not so when the
    // portal was asked.
    let portal = portal(Build::rest(36)).await;
    let client = client(&portal);
    let id = bot(&client).await;
    portal.set_build(Build::rest(36).imbot(Imbot::WithoutV2));
    let sent = client.call(SEND, message(id, "old")).await.unwrap();
    assert!(sent["id"].is_u64());
    assert_eq!(portal.count("imbot.message.add"), 1);
}

#[tokio::test]
async fn possibly_executed_calls_are_not_retried() {
    let portal = portal(Build::rest(36)).await;
    let client = client(&portal);
    let id = bot(&client).await;
    for (fault, may_have_run) in [
        (Fault::lose_answer(), true),
        (Fault::half_body(), true),
        (Fault::html(502), true),
        (Fault::error("INTERNAL_SERVER_ERROR"), true),
        (Fault::error("QUERY_LIMIT_EXCEEDED"), false),
        (Fault::error("expired_token"), false),
        (Fault::error("EMPTY_MESSAGE"), false),
        (Fault::redirect("https://elsewhere.example/"), true),
        (Fault::moved("https://elsewhere.example/"), false),
        (Fault::moved("https://elsewhere.example/").status(300), true),
        (Fault::moved("https://elsewhere.example/").status(303), true),
        (Fault::moved("https://elsewhere.example/").status(304), true),
        (Fault::moved("https://elsewhere.example/").status(305), true),
        (
            Fault::json(
                200,
                &json!({"result": {"id": 7}, "error": "ERROR_METHOD_NOT_FOUND"}),
            ),
            true,
        ),
        (
            Fault::json(
                404,
                &json!({"result": {"id": 7}, "error": "ERROR_METHOD_NOT_FOUND"}),
            ),
            true,
        ),
        (
            Fault::json(401, &json!({"result": {"id": 7}, "error": "expired_token"})),
            true,
        ),
        (
            Fault::body(
                200,
                "application/json",
                r#"{"error":"ERROR_METHOD_NOT_FOUND","error":"X"}"#,
            ),
            true,
        ),
    ] {
        portal.take_requests();
        let what = format!("{fault:?}");
        portal.fault(fault.on(SEND).once());
        let error = client.call(SEND, message(id, "old")).await.unwrap_err();
        assert_eq!(called(&portal), [SEND], "{what}: once");
        assert_eq!(error.may_have_run(), may_have_run, "{what}: {error}");
    }
    assert_eq!(portal.messages().len(), 2, "by the two whose answer was lost");
}

#[tokio::test]
async fn empty_error_with_result_succeeds() {
    let portal = portal(Build::rest(36)).await;
    let client = client(&portal);
    let id = bot(&client).await;
    for error in [
        json!(null),
        json!(""),
        json!(false),
        json!(0),
        json!([]),
        json!({}),
    ] {
        portal.fault(
            Fault::json(200, &json!({"result": {"id": 7}, "error": error}))
                .on(SEND)
                .once(),
        );
        let sent = client.call(SEND, message(id, "old")).await.unwrap();
        assert_eq!(sent, json!({"id": 7}), "{error}");
    }
}

#[tokio::test]
async fn successful_call_proves_imbot_v2() {
    let portal = portal(Build::rest32_with_imbot_v2()).await;
    for method in ["imbot.v2.Revision.get", "batch"] {
        portal.fault(Fault::error("OVERLOAD_LIMIT").on(method));
    }
    let client = client(&portal);
    assert_eq!(client.portal().caps().knowledge().imbot_v2(), None);
    bot(&client).await;
    assert_eq!(client.portal().caps().knowledge().imbot_v2(), Some(true));
}

#[tokio::test]
async fn calls_without_rows_skip_probe() {
    let portal = portal(Build::rest(36)).await;
    let client = client(&portal);
    client.call("profile", Value::Null).await.unwrap();
    let batch = client
        .batch([("who", imbot_caps::wire::Call::new("profile"))])
        .await;
    assert!(batch.unwrap().get("who").is_some());
    let methods: Vec<_> = portal.requests().into_iter().map(|own| own.method).collect();
    assert_eq!(methods, ["profile", "batch"]);
    assert_eq!(client.gate().report().features.len(), 0);
}

#[tokio::test]
async fn expired_static_token_is_an_error() {
    let portal = portal(Build::rest(36)).await;
    portal.add_token(OauthToken::new(ACCESS, "local.app"));
    let at = Portal::builder()
        .allow_http()
        .oauth(&portal.rest_url(), StaticToken::new(ACCESS))
        .unwrap();
    let client = untimed().client(&at);
    client.call("imbot.v2.Bot.list", json!({})).await.unwrap();
    portal.expire_token(ACCESS);
    let error = client.call("imbot.v2.Bot.list", json!({})).await.unwrap_err();
    assert!(!error.may_have_run(), "{error}");
    assert!(
        matches!(error, CallError::Token(_)),
        "a static token cannot be renewed: {error:?}"
    );
}

#[tokio::test]
async fn gate_follows_its_policy() {
    let portal = portal(Build::rest32_with_imbot_v2()).await;
    let registry = untimed();
    let at = webhook(&portal);
    let id = bot(&registry.client(&at)).await;

    let strict = Gate::builder(&registry).policy(Policy::new(Mode::Reject)).build();
    let error = strict
        .client(&at)
        .call(SEND, message(id, "old"))
        .await
        .unwrap_err();
    assert_eq!(error.refused().unwrap().row().id(), "message.system");

    portal.take_requests();
    let looking = Gate::builder(&registry)
        .policy(Policy::new(Mode::Observe))
        .build();
    looking.client(&at).call(SEND, message(id, "old")).await.unwrap();
    portal.expect(SEND).with("/fields/system", true).times(1);
    let report = looking.report();
    let system = report
        .features
        .iter()
        .find(|own| own.row.id() == "message.system");
    let system = system.unwrap();
    assert_eq!(
        (system.used.calls, system.observed.calls, system.adapted.calls),
        (1, 1, 0)
    );

    portal.take_requests();
    let partly = Gate::builder(&registry)
        .feature(Feature::SystemMessage, Mode::Off)
        .build();
    partly.client(&at).call(SEND, message(id, "old")).await.unwrap();
    portal.expect(SEND).with("/fields/system", true).times(1);
}

#[tokio::test]
async fn report_counts_calls_and_advises() {
    let emulator = Emulator::start().await.unwrap();
    let gate = Gate::builder(&untimed()).oldest_portal(33).build();
    for build in [Build::rest(36), Build::rest32_with_imbot_v2(), Build::rest(30)] {
        let portal = emulator.portal(build);
        let client = gate.client(&webhook(&portal));
        let id = bot(&client).await;
        client.call(SEND, message(id, "old")).await.unwrap();
        client.call(UPDATE, rotation(id)).await.ok();
    }
    let report = gate.report();
    let row = |id: &str| {
        let own = report.features.iter().find(|own| own.row.id() == id);
        let own = own.unwrap_or_else(|| panic!("{id}:\n{report}"));
        [own.used, own.adapted, own.refused].map(|count| (count.calls, count.portals))
    };
    assert_eq!(row("message.system"), [(3, 3), (1, 1), (0, 0)]);
    assert_eq!(row(SEND), [(3, 3), (1, 1), (0, 0)]);
    assert_eq!(row("bot.token_rotation"), [(3, 3), (0, 0), (1, 1)]);
    let system = Advice::NeedNotBeGated { id: "message.system" };
    assert!(report.advice.contains(&system), "{report}");
    let is_of_rotation = |advice: &Advice| format!("{advice}").contains("bot.token_rotation");
    assert!(!report.advice.iter().any(is_of_rotation), "{report}");
}

#[tokio::test]
async fn sunset_form_is_updated_and_reported() {
    let portal = portal(Build::rest(36)).await;
    let client = client(&portal);
    let id = bot(&client).await;
    let flat = json!({"botId": id, "botToken": "old", "command": "help", "title": {"en": "Help"}});
    client.call("imbot.v2.Command.register", flat).await.unwrap();
    portal
        .expect("imbot.v2.Command.register")
        .with("/fields/command", "help")
        .with("/command", "help")
        .times(1);
    let report = client.gate().report();
    let is_told = |advice: &Advice| {
        matches!(
            advice,
            Advice::OldForm {
                id: "command.register.flat",
                ..
            }
        )
    };
    assert!(report.advice.iter().any(is_told), "{report}");
}

#[tokio::test]
async fn invalid_call_is_not_sent() {
    let portal = portal(Build::rest(36)).await;
    let client = client(&portal);
    let error = client.call(SEND, json!([1])).await.unwrap_err();
    assert!(matches!(error, CallError::Params(_)), "{error}");
    let suffixes = [
        "imbot.v2.Bot.list.json",
        "imbot.v2.Bot.list.JSON",
        "imbot.v2.Bot.list.Xml",
    ];
    for method in ["", ".", "..", "a/b", "a?b", "a b"].into_iter().chain(suffixes) {
        let error = client.call(method, json!({})).await.unwrap_err();
        assert!(matches!(error, CallError::InvalidMethod), "{method}: {error}");
    }
    assert_eq!(portal.requests().len(), 0);
}

#[tokio::test]
async fn client_sets_reply_limit() {
    let portal = portal(Build::rest(36)).await;
    let client = client(&portal);
    portal.fault(Fault::big_body(1 << 20).on("profile"));
    assert!(client.call("profile", json!({})).await.is_ok());
    let error = client
        .clone()
        .max_reply_bytes(1_000)
        .call("profile", json!({}))
        .await
        .unwrap_err();
    let too_long = matches!(
        error,
        CallError::Transport(TransportError::TooLong { limit: 1_000, .. })
    );
    assert!(too_long, "{error:?}");
}
