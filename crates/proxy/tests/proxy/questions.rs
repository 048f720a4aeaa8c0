//! `/caps` and `/plan`.

use imbot_caps_emulator::Build;
use serde_json::{Value, json};

use super::support::{Stage, address_of, read};

async fn plan(stage: &Stage, body: Value) -> (u16, Value) {
    let url = format!("http://{}/plan", stage.proxy.address());
    read(
        stage
            .client
            .post(url)
            .body(body.to_string())
            .send()
            .await
            .unwrap(),
    )
    .await
}

#[tokio::test]
async fn caps_say_what_is_known() {
    let stage = Stage::new(Build::rest(33)).await;
    let url = format!(
        "http://{}/caps/{}",
        stage.proxy.address(),
        address_of(&stage.portal)
    );
    let (status, unknown) = read(stage.client.get(&url).send().await.unwrap()).await;
    assert_eq!(
        (status, unknown["error"].as_str()),
        (404, Some("GATE_PORTAL_UNKNOWN"))
    );
    assert!(stage.portal.requests().is_empty());

    stage.call("imbot.v2.Revision.get", json!({})).await;
    let (status, known) = read(stage.client.get(&url).send().await.unwrap()).await;
    assert_eq!(
        (status, &known["form"], &known["version"]),
        (200, &json!("caps"), &json!(1))
    );
    assert!(known["age_seconds"].is_u64(), "{known}");
    let features = known["caps"]["features"].as_array().unwrap();
    assert!(features.contains(&json!("imbot.v2.Revision.get")), "{known}");
    assert!(!features.contains(&json!("bot.token_rotation")), "{known}");
}

#[tokio::test]
async fn plan_sends_nothing() {
    let stage = Stage::new(Build::rest(36)).await;
    let send = |rest| {
        let fields = json!({"message": "Hello", "system": true});
        let params = json!({"botId": 7, "dialogId": "chat5", "fields": fields});
        json!({"rest": rest, "method": "imbot.v2.Chat.Message.send", "params": params})
    };
    let (status, answer) = plan(&stage, send(36)).await;
    assert_eq!(
        (status, &answer["form"], &answer["plan"]),
        (200, &json!("plan"), &json!("pass"))
    );
    let (_, answer) = plan(&stage, send(30)).await;
    assert_eq!(answer["plan"], "adapt", "{answer}");
    assert_eq!(answer["methods"], json!(["imbot.message.add"]), "{answer}");
    let rotate = json!({"botId": 7, "fields": {"botToken": "another-token"}});
    let (_, answer) = plan(
        &stage,
        json!({"rest": 34, "method": "imbot.v2.Bot.update", "params": rotate}),
    )
    .await;
    assert_eq!(
        (&answer["plan"], &answer["refused"]["reason"]),
        (&json!("refuse"), &json!("unsupported"))
    );
    assert!(stage.portal.requests().is_empty());
}

#[tokio::test]
async fn wrong_questions_are_told() {
    let stage = Stage::new(Build::rest(36)).await;
    for body in [
        json!({}),
        json!({"method": "a"}),
        json!({"method": "a", "rest": 30, "portal": "b.example"}),
        json!({"method": "a", "rest": 30, "parms": {}}),
        json!([]),
    ] {
        let (status, answer) = plan(&stage, body.clone()).await;
        assert_eq!(
            (status, answer["error"].as_str()),
            (400, Some("GATE_BAD_REQUEST")),
            "{body}"
        );
    }
    let (status, answer) = plan(&stage, json!({"method": "a", "portal": "evil.example"})).await;
    assert_eq!(
        (status, answer["error"].as_str()),
        (403, Some("GATE_PORTAL_NOT_LISTED"))
    );
}
