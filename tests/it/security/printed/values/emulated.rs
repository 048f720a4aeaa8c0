//! Of the emulator.

use super::*;

pub(super) async fn of_emulator(shown: &Shown) {
    let (webhook, app) = (Webhook::new(7, SECRET), App::new("local.other", SECRET));
    let token = OauthToken::new(SECRET, "local.app");
    shown.debug("imbot_caps_emulator::Webhook", &webhook);
    shown.debug("imbot_caps_emulator::OauthToken", &token);
    shown.debug("imbot_caps_emulator::App", &app);
    for fault in [
        Fault::error(SECRET),
        Fault::result(json!({"botToken": SECRET})),
        Fault::body(200, SECRET, SECRET),
        Fault::json(400, &repeats()),
        Fault::moved(&format!("https://acme.example/rest/1/{SECRET}/")),
        Fault::redirect(&format!("https://acme.example/rest/1/{SECRET}/")),
        Fault::hang_up().header("Location", SECRET),
    ] {
        shown.debug("imbot_caps_emulator::Fault", &fault);
    }
    let emulator = Emulator::start().await.unwrap();
    let portal = emulator.portal(Build::rest(30));
    portal.strict();
    let url = portal.add_webhook(webhook);
    portal.add_token(token);
    let mut installation = portal.install(app);
    (installation.access_token, installation.refresh_token) = (SECRET.into(), SECRET.into());
    shown.debug("imbot_caps_emulator::Installation", &installation);

    let client = reqwest::Client::new();
    let token_url = portal.auth_server().token_url();
    let (rest, origin) = (portal.rest_url(), url.trim_end_matches("/").to_owned());
    for address in [
        format!("{url}server.time?auth={SECRET}&token={SECRET}"),
        format!("{origin}//server.time"),
        // The method is missing, and the user id.
        url.clone(),
        origin.clone(),
        format!("{rest}{SECRET}/server.time"),
        format!("{rest}12345/{SECRET}"),
        format!("{url}a/b/c"),
        format!(
            "{url}imbot.register?CLIENT_ID={SECRET}&CODE=a&EVENT_HANDLER=http://127.0.0.1:1/&PROPERTIES[NAME]=A"
        ),
        format!("{token_url}?grant_type=refresh_token&client_secret={SECRET}&refresh_token={SECRET}"),
    ] {
        client.get(address).send().await.unwrap();
    }
    let command = format!("imbot.v2.Bot.register?botToken={SECRET}&fields[botToken]={SECRET}");
    for (method, params) in [
        ("batch", json!({"cmd": {"a": command}})),
        (
            "imbot.v2.Bot.update",
            json!({"botToken": SECRET, "fields": {"botToken": SECRET, "bot_token": SECRET}}),
        ),
        ("profile", json!({"auth": SECRET, "AUTH": SECRET})),
    ] {
        let call = client.post(format!("{url}{method}")).body(params.to_string());
        let call = call.header("Content-Type", "application/json");
        call.header("Authorization", format!("Bearer {SECRET}"))
            .send()
            .await
            .unwrap();
    }
    shown.debug("imbot_caps_emulator::Emulator", &emulator);
    shown.debug("imbot_caps_emulator::EmulatedPortal", &portal);
    shown.debug("imbot_caps_emulator::AuthServer", &portal.auth_server());
    let requests = [portal.requests(), portal.auth_server().requests()].concat();
    assert_eq!(requests.len(), 12);
    requests
        .iter()
        .for_each(|own| shown.text("imbot_caps_emulator::Recorded", own));
    portal
        .violations()
        .iter()
        .for_each(|own| shown.text("imbot_caps_emulator::Violation", own));
    portal
        .bots()
        .iter()
        .for_each(|own| shown.debug("imbot_caps_emulator::Bot", own));
    for (pointer, value) in [
        ("/auth", json!(SECRET)),
        ("/fields/botToken", json!(SECRET)),
        ("/fields", json!({"botToken": SECRET})),
    ] {
        shown.text(
            "imbot_caps_emulator::Expectation",
            &portal.expect("profile").with(pointer, value),
        );
    }
}
