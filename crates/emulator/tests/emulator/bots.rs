//! Bots and messages, on builds that have a feature and on builds that lack it.

use imbot_caps_emulator::{Build, EmulatedPortal, Emulator, OauthToken};
use serde_json::{Value as Json, json};

use crate::client::{call, get, post};

async fn single(build: Build) -> EmulatedPortal {
    Emulator::start_single(build).await.unwrap()
}

async fn register(portal: &EmulatedPortal, code: &str, token: &str) -> Json {
    let fields = json!({"code": code, "properties": {"name": "Ann", "lastName": "Bot"}});
    let params = json!({"fields": fields, "botToken": token});
    call(portal, "imbot.v2.Bot.register", params).await.result()
}

async fn send_message(portal: &EmulatedPortal, bot: &Json, fields: Json) -> Json {
    let params = json!({"botId": bot, "botToken": "t", "dialogId": "1", "fields": fields});
    call(portal, "imbot.v2.Chat.Message.send", params).await.result()
}

/// The code that refuses the bot after a hundred of one application, if one does.
async fn code_of_limit(build: &Build, method: &str) -> Json {
    let portal = single(build.clone()).await;
    let command = |number: u32| match method {
        "imbot.register" => format!(
            "{method}?CLIENT_ID=c&CODE=own{number}&PROPERTIES[NAME]=A&EVENT_HANDLER=http%3A%2F%2F127.0.0.1%3A9%2F"
        ),
        _ => format!("{method}?botToken=t&fields[code]=own{number}&fields[properties][name]=A"),
    };
    let mut answer = Json::Null;
    for numbers in [0..50, 50..100, 100..101] {
        let commands: Vec<_> = numbers.map(command).collect();
        answer = call(&portal, "batch", json!({"cmd": commands})).await.result();
    }
    answer["result_error"][0]["error"].clone()
}

#[tokio::test]
async fn older_cloud_builds_limit_bots() {
    const V2: &str = "imbot.v2.Bot.register";
    const V1: &str = "imbot.register";
    for (build, v1, v2) in [
        (Build::rest(24), "MAX_COUNT_ERROR", None),
        (Build::rest32_without_imbot_v2(), "MAX_COUNT_ERROR", None),
        (Build::rest32_with_imbot_v2(), "", Some("BOT_LIMIT_EXCEEDED")),
        (Build::rest(34), "", Some("BOT_LIMIT_EXCEEDED")),
        (Build::rest(33).on_premise(), "", Some("")),
        (Build::rest(30).on_premise(), "", None),
        (Build::rest(35), "", Some("")),
        (Build::rest(36), "", Some("")),
    ] {
        for (method, code) in [(V1, Some(v1)), (V2, v2)] {
            if let Some(code) = code {
                let found = code_of_limit(&build, method).await;
                assert_eq!(found.as_str().unwrap_or_default(), code, "{method}: {build:?}");
            }
        }
    }
}

#[tokio::test]
async fn bot_lifecycle() {
    let portal = single(Build::rest(36)).await;
    let card = register(&portal, "ann", "t").await;
    let id = &card["bot"]["id"];
    assert_eq!(card["users"][0]["name"], "Ann Bot");
    // Registering again answers with the bot there is.
    assert_eq!(&register(&portal, "ann", "t").await["bot"]["id"], id);

    let own = json!({"botId": id, "botToken": "t"});
    let listed = call(&portal, "imbot.v2.Bot.list", json!({"botToken": "t"}))
        .await
        .result();
    assert_eq!(listed["bots"][0]["code"], "ann");
    assert_eq!(listed["hasNextPage"], false);
    let got = call(
        &portal,
        "imbot.v2.Bot.get",
        json!({"code": "ann", "botToken": "t"}),
    )
    .await;
    assert_eq!(got.result()["bot"]["eventMode"], "fetch");
    let seen = call(&portal, "imbot.v2.Bot.get", json!({"botId": id, "botToken": "u"})).await;
    assert_eq!(seen.result()["bot"].get("eventMode"), None);

    let gone = call(&portal, "imbot.v2.Bot.unregister", own.clone()).await;
    assert_eq!(gone.result(), json!({"result": true}));
    assert_eq!(
        call(&portal, "imbot.v2.Bot.unregister", own).await.code(),
        "BOT_NOT_FOUND"
    );
    assert!(portal.bots().is_empty());
}

#[tokio::test]
async fn rotation_takes_effect_from_35() {
    for (rest, good, bad) in [(34, "t", "new"), (35, "new", "t")] {
        let portal = single(Build::rest(rest)).await;
        let id = &register(&portal, "ann", "t").await["bot"]["id"];
        let update = json!({"botId": id, "botToken": "t", "fields": {"botToken": "new"}});
        assert_eq!(call(&portal, "imbot.v2.Bot.update", update).await.status, 200);

        let ask = |token| json!({"botId": id, "botToken": token, "fields": {}});
        assert_eq!(
            call(&portal, "imbot.v2.Bot.update", ask(good)).await.status,
            200,
            "{rest}"
        );
        let refused = call(&portal, "imbot.v2.Bot.update", ask(bad)).await;
        assert_eq!(refused.code(), "BOT_OWNERSHIP_ERROR", "{rest}");
    }
}

#[tokio::test]
async fn impossible_rotation_is_an_error() {
    let portal = single(Build::rest(35)).await;
    register(&portal, "other", "taken").await;
    let id = &register(&portal, "ann", "t").await["bot"]["id"];
    let long = "x".repeat(41);
    for (token, code) in [
        ("taken", "BOT_TOKEN_ROTATION_FAILED"),
        (&long, "BOT_TOKEN_INVALID_LENGTH"),
    ] {
        let fields = json!({"botToken": token, "properties": {"name": "Changed"}});
        let params = json!({"botId": id, "botToken": "t", "fields": fields});
        assert_eq!(call(&portal, "imbot.v2.Bot.update", params).await.code(), code);
    }
    // All or nothing.
    assert_eq!(portal.bots()[1].name, "Ann");
}

#[tokio::test]
async fn older_builds_repeat_the_secret() {
    for (rest, app_id) in [(34, json!("customt")), (35, Json::Null)] {
        let portal = single(Build::rest(rest)).await;
        assert_eq!(
            register(&portal, "ann", "t").await["bot"]["appId"],
            app_id,
            "{rest}"
        );
    }
}

#[tokio::test]
async fn missing_token_has_two_codes() {
    for (build, code) in [
        (Build::rest32_with_imbot_v2(), "CLIENT_ID_NOT_SPECIFIED"),
        (Build::rest(33), "CLIENT_ID_NOT_SPECIFIED"),
        (Build::rest(34), "BOT_TOKEN_NOT_SPECIFIED"),
    ] {
        let portal = single(build).await;
        assert_eq!(call(&portal, "imbot.v2.Bot.list", json!({})).await.code(), code);
        // The deprecated name of the parameter does.
        let alias = call(&portal, "imbot.v2.Bot.list", json!({"clientId": "t"})).await;
        assert_eq!(alias.status, 200);
    }
}

#[tokio::test]
async fn long_tokens_are_refused_from_36() {
    let token = "x".repeat(41);
    let fields = json!({"code": "ann", "properties": {"name": "Ann"}, "botToken": token});
    for (rest, status) in [(35, 200), (36, 400)] {
        let portal = single(Build::rest(rest)).await;
        let params = json!({"fields": fields});
        assert_eq!(
            call(&portal, "imbot.v2.Bot.register", params).await.status,
            status
        );
    }
}

#[tokio::test]
async fn json_booleans_work_from_33() {
    for (build, takes_true) in [(Build::rest32_with_imbot_v2(), false), (Build::rest(33), true)] {
        let portal = single(build).await;
        let bot = &register(&portal, "ann", "t").await["bot"]["id"];
        send_message(&portal, bot, json!({"message": "a", "system": true})).await;
        send_message(&portal, bot, json!({"message": "b", "system": "Y"})).await;
        send_message(
            &portal,
            bot,
            json!({"message": "c", "urlPreview": "N", "nonsense": 1}),
        )
        .await;
        let messages = portal.messages();
        let system: Vec<_> = messages.iter().map(|message| message.is_system).collect();
        assert_eq!(system, [takes_true, true, false]);
        assert!(!messages[2].url_preview);
    }
}

#[tokio::test]
async fn bot_edits_and_deletes_own_messages() {
    let portal = single(Build::rest32_with_imbot_v2()).await;
    let bot = &register(&portal, "ann", "t").await["bot"]["id"];
    let id = &send_message(&portal, bot, json!({"message": " hi "})).await["id"];
    let params = |more: Json| {
        let mut params = json!({"botId": bot, "botToken": "t", "messageId": id});
        params
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        params
    };
    let update = params(json!({"fields": {"message": "ho"}}));
    assert_eq!(
        call(&portal, "imbot.v2.Chat.Message.update", update).await.status,
        200
    );
    assert_eq!(portal.messages()[0].text, "ho");

    let get = call(&portal, "imbot.v2.Chat.Message.get", params(json!({}))).await;
    assert_eq!(get.code(), "BOT_TYPE_NOT_ALLOWED");

    let refused = call(
        &portal,
        "imbot.v2.Chat.Message.delete",
        params(json!({"complete": true})),
    );
    let text = "Invalid value {1} to match with parameter {complete}. Should be value of type string.";
    assert_eq!(refused.await.error(), (400, "100".into(), text.into()));
    let delete = call(&portal, "imbot.v2.Chat.Message.delete", params(json!({}))).await;
    // The first build with imbot.v2 cannot delete.
    assert_eq!(delete.code(), "0");
    portal.set_build(Build::rest(33));
    let delete = call(&portal, "imbot.v2.Chat.Message.delete", params(json!({}))).await;
    assert_eq!(delete.result(), json!({"result": true}));
    assert!(portal.messages()[0].is_deleted);
    let complete = params(json!({"complete": "Y"}));
    assert_eq!(
        call(&portal, "imbot.v2.Chat.Message.delete", complete)
            .await
            .status,
        200
    );
    assert!(portal.messages().is_empty());
}

#[tokio::test]
async fn bot_is_checked_before_arguments() {
    let portal = single(Build::rest(34)).await;
    let method = "imbot.v2.Chat.Message.send";
    let bot = &register(&portal, "ann", "t").await["bot"]["id"];
    for (params, code) in [
        (json!({}), "BOT_TOKEN_NOT_SPECIFIED"),
        (json!({"botToken": "t"}), "BOT_ID_REQUIRED"),
        (json!({"botToken": "t", "botId": 9}), "BOT_NOT_FOUND"),
        (json!({"botToken": "u", "botId": bot}), "BOT_OWNERSHIP_ERROR"),
        (json!({"botToken": "t", "botId": bot}), "100"),
        (
            json!({"botToken": "t", "botId": bot, "dialogId": null}),
            "MAIN_CONTROLLER_22001",
        ),
        (
            json!({"botToken": "t", "botId": bot, "dialogId": "x"}),
            "ACCESS_DENIED",
        ),
        (
            json!({"botToken": "t", "botId": bot, "dialogId": 1}),
            "EMPTY_MESSAGE",
        ),
        (
            json!({"botToken": "t", "botId": bot, "dialogId": 1, "fields": "f"}),
            "100",
        ),
    ] {
        assert_eq!(
            call(&portal, method, params.clone()).await.code(),
            code,
            "{params}"
        );
    }
}

#[tokio::test]
async fn application_bots_ignore_named_token() {
    let portal = single(Build::rest(36)).await;
    portal.add_token(OauthToken::new("a", "local.app"));
    portal.add_token(OauthToken::new("b", "local.app"));
    let url = |method| format!("{}{method}", portal.rest_url());
    let fields = json!({"code": "ann", "properties": {"name": "Ann"}, "botToken": "ignored"});
    let params = json!({"auth": "a", "fields": fields});
    let card = post(&url("imbot.v2.Bot.register"), &params).await;
    assert_eq!(card.status, 200);
    let listed = get(&(url("imbot.v2.Bot.list") + "?auth=b&botToken=x"))
        .await
        .result();
    assert_eq!(listed["bots"][0]["code"], "ann");
    assert_eq!(portal.bots()[0].app_id, "local.app");
}

#[tokio::test]
async fn first_generation_bots() {
    let portal = single(Build::rest(30)).await;
    let register = json!({
        "code": "old", "client_id": "t", "event_handler": "https://bot.example/",
        "properties": {"NAME": "Old"},
    });
    let id = call(&portal, "IMBOT.register", register.clone()).await.result();
    assert!(id.is_u64());
    let listed = call(&portal, "imbot.bot.list", json!({})).await.result();
    assert_eq!(listed[id.to_string()]["CODE"], "old");

    let message = json!({"CLIENT_ID": "t", "DIALOG_ID": "1", "MESSAGE": "m", "SYSTEM": "Y"});
    assert!(
        call(&portal, "imbot.message.add", message.clone())
            .await
            .result()
            .is_u64()
    );
    assert!(portal.messages()[0].is_system);

    let nameless = json!({"BOT_ID": id, "MESSAGE": "m"});
    let denied = (
        403,
        "ACCESS_DENIED".into(),
        "Access denied! Client ID not specified".into(),
    );
    assert_eq!(call(&portal, "imbot.message.add", nameless).await.error(), denied);
    let foreign = json!({"BOT_ID": id, "CLIENT_ID": "u"});
    assert_eq!(
        call(&portal, "imbot.unregister", foreign).await.code(),
        "APP_ID_ERROR"
    );
    let rename = json!({"BOT_ID": id, "CLIENT_ID": "t", "FIELDS": {"PROPERTIES": {"NAME": "New"}}});
    assert_eq!(call(&portal, "imbot.update", rename).await.result(), true);
    assert_eq!(portal.bots()[0].name, "New");
    let own = json!({"BOT_ID": id, "CLIENT_ID": "t"});
    assert_eq!(call(&portal, "imbot.unregister", own).await.result(), true);
    assert_eq!(
        call(&portal, "imbot.bot.list", json!({})).await.result(),
        json!([])
    );
}

#[tokio::test]
async fn upgrade_keeps_existing_bots() {
    let portal = single(Build::rest(34)).await;
    let id = register(&portal, "ann", "t").await["bot"]["id"].clone();
    portal.set_build(Build::rest(35));
    let rotate = json!({"botId": id, "botToken": "t", "fields": {"botToken": "new"}});
    assert_eq!(call(&portal, "imbot.v2.Bot.update", rotate).await.status, 200);
    portal.set_build(Build::rest(30));
    assert_eq!(call(&portal, "imbot.v2.Bot.list", json!({})).await.status, 404);
    assert_eq!(portal.bots()[0].app_id, "customnew");
}

#[tokio::test]
async fn camel_case_colours_work_from_33() {
    for (build, is_new) in [(Build::rest32_with_imbot_v2(), false), (Build::rest(33), true)] {
        let portal = single(build).await;
        let fields = json!({"code": "ann", "properties": {"name": "Ann", "color": "lightBlue"}});
        let params = json!({"fields": fields, "botToken": "t"});
        let card = call(&portal, "imbot.v2.Bot.register", params).await.result();
        assert_eq!(card["users"][0]["color"] == "#4ba5c3", is_new);
        let before = portal.bots()[0].color.clone();
        let fields = json!({"properties": {"color": "nonsense"}});
        let params = json!({"botId": card["bot"]["id"], "botToken": "t", "fields": fields});
        call(&portal, "imbot.v2.Bot.update", params).await.result();
        assert!(!is_new || portal.bots()[0].color == before);
    }
}
