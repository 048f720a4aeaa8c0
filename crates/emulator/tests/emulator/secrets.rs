//! What the emulator prints of the credentials that it holds.

use std::fmt::Debug;

use imbot_caps_emulator::{App, Build, Emulator, OauthToken, Webhook};
use serde_json::json;

use crate::client::{call, get, post, send};

const SECRET: &str = "s3cretthatmustnotbeseen";

#[track_caller]
fn prints_clean(value: &impl Debug) {
    for text in [format!("{value:?}"), format!("{value:#?}")] {
        assert!(!text.contains(SECRET), "a secret in: {text}");
    }
}

#[tokio::test]
async fn no_credential_is_printed() {
    let emulator = Emulator::start().await.unwrap();
    let portal = emulator.portal(Build::rest(30));
    portal.strict();
    let webhook = Webhook::new(7, SECRET);
    let token = OauthToken::new(SECRET, "local.app");
    let app = App::new("local.other", SECRET);
    prints_clean(&webhook);
    prints_clean(&token);
    prints_clean(&app);
    let url = portal.add_webhook(webhook);
    portal.add_token(token);
    let installation = portal.install(app);
    for secret in [&installation.access_token, &installation.refresh_token] {
        assert!(!format!("{installation:?}").contains(secret.as_str()));
    }

    let bare = format!("{}server.time", portal.rest_url());
    post(&bare, &json!({"auth": SECRET, "access_token": SECRET})).await;
    get(&format!("{bare}?auth={SECRET}&x=1")).await;
    send("GET", &bare, &format!("Authorization: Bearer {SECRET}\r\n"), b"").await;
    get(&format!("{url}server.time")).await;
    let registered = format!(
        "{url}imbot.register?CLIENT_ID={SECRET}&CODE=a&EVENT_HANDLER=http://127.0.0.1:1/&PROPERTIES[NAME]=A"
    );
    get(&registered).await.result();
    let command = format!("imbot.v2.Bot.register?botToken={SECRET}&fields[botToken]={SECRET}");
    call(&portal, "batch", json!({"cmd": {"a": command}})).await;
    let fields = json!({"botToken": SECRET, "bot_token": SECRET});
    call(
        &portal,
        "imbot.v2.Bot.update",
        json!({"botToken": SECRET, "fields": fields}),
    )
    .await;
    get(&format!(
        "{}?grant_type=refresh_token&client_id=local.other&client_secret={SECRET}&refresh_token={SECRET}",
        portal.auth_server().token_url()
    ))
    .await;
    assert!(portal.requests().len() >= 7 && !portal.violations().is_empty());

    prints_clean(&emulator);
    prints_clean(&portal);
    prints_clean(&portal.auth_server());
    prints_clean(&portal.bots());
    prints_clean(&portal.requests());
    prints_clean(&portal.violations());
    prints_clean(&portal.auth_server().requests());
    for request in portal.requests() {
        assert!(!request.to_string().contains(SECRET), "{request}");
    }
    for violation in portal.violations() {
        assert!(!violation.to_string().contains(SECRET), "{violation}");
    }
    // What is not secret is still told.
    let shown = format!("{:?}", portal.requests());
    assert!(shown.contains("server.time?auth=…&x=1"), "{shown}");
    assert!(shown.contains("/rest/7/…/server.time"), "{shown}");
}
