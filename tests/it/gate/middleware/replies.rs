//! Replies: errors of older portals, results in parts, and what follows a call.

use super::*;

#[tokio::test]
async fn older_errors_are_translated() {
    let stage = Stage::set().await;
    let (portal, bot) = bot(&stage, Build::rest(30), by_webhook).await;
    let unknown = json!({"botId": bot + 1, "botToken": "old"});
    let request = call(&portal, "imbot.v2.Bot.unregister", &unknown);
    let response = gated(&stage).execute(request).await.unwrap();
    assert_eq!(response.status(), 400);
    assert_eq!(
        response.headers()["content-type"]
            .to_str()
            .unwrap()
            .split(';')
            .next(),
        Some(JSON)
    );
    let body = json_of(response).await;
    assert_eq!(body["error"], "BOT_NOT_FOUND");
    assert!(
        body["error_description"]
            .as_str()
            .is_some_and(|text| !text.is_empty()),
        "{body}"
    );
    assert_eq!(methods(&portal), ["imbot.unregister"]);

    let request = call(&portal, "imbot.v2.Bot.list", &json!({"botToken": "old"}));
    let body = json_of(gated(&stage).execute(request).await.unwrap()).await;
    assert_eq!(body["result"]["bots"][0]["code"], "ann", "{body}");
    assert_eq!(body["result"]["hasNextPage"], false);
}

#[tokio::test]
async fn forgiven_error_becomes_success() {
    let stage = Stage::set().await;
    let (portal, bot) = bot(&stage, Build::rest(30), by_webhook).await;
    let (method, older) = ("imbot.v2.Chat.User.add", "imbot.chat.user.add");
    portal.fault(Fault::error("NOTHING_TO_ADD").on(older));
    let params = json!({"botId": bot, "botToken": "old", "dialogId": "chat1", "userIds": [2]});
    let response = gated(&stage)
        .execute(call(&portal, method, &params))
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    let body = json_of(response).await;
    assert_eq!(body.get("error"), None, "{body}");
    assert!(body.get("result").is_some(), "{body}");
    assert_eq!(methods(&portal), [older]);
}

#[tokio::test]
async fn absent_method_falls_back_once() {
    let stage = Stage::set().await;
    let (portal, bot) = bot(&stage, Build::rest(36), by_webhook).await;
    // The portal is restored from a backup.
    portal.set_build(Build::rest(30));
    let response = gated(&stage)
        .execute(call(&portal, SEND, &message(bot)))
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    let body = json_of(response).await;
    assert!(body["result"]["id"].is_u64(), "{body}");
    assert_eq!(methods(&portal), [SEND, OLD_SEND]);
    assert_eq!(portal.messages().len(), 1);
    // That is known from now on.
    gated(&stage)
        .execute(call(&portal, SEND, &message(bot)))
        .await
        .unwrap();
    assert_eq!(methods(&portal), [OLD_SEND]);
}

#[tokio::test]
async fn success_is_forwarded_unread() {
    let stage = Stage::set().await;
    let (portal, bot) = bot(&stage, Build::rest(36), by_webhook).await;
    // The clock stands: all but the first byte never comes.
    portal.fault(Fault::drip(1, HOUR).on(SEND));
    let response = gated(&stage)
        .execute(call(&portal, SEND, &message(bot)))
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(portal.messages().len(), 1);
}

#[tokio::test]
async fn part_error_fails_whole_call() {
    let stage = Stage::set().await;
    let (portal, bot) = bot(&stage, Build::rest(30), by_webhook).await;
    let fault = Fault::error("ACCESS_ERROR").on("imbot.chat.updateColor");
    portal.fault(fault.inside_batch());
    let fields = json!({"title": "a", "color": "mint"});
    let params = json!({"botId": bot, "botToken": "old", "dialogId": "chat1", "fields": fields});
    let request = call(&portal, "imbot.v2.Chat.update", &params);
    let response = gated(&stage).execute(request).await.unwrap();
    // The batch was a success.
    assert_eq!(response.status(), 400);
    let body = json_of(response).await;
    assert_eq!(
        (body.get("result"), body["error"].is_string()),
        (None, true),
        "{body}"
    );
    assert_eq!(methods(&portal), [BATCH]);
}

#[tokio::test]
async fn follow_ups_keep_call_result() {
    const HANDLERS: [&str; 3] = ["https://a.example/", "https://b.example/", "https://c.example/"];
    for is_above in [true, false] {
        for (fault, follow_ups) in [
            (None, 2),
            // Repeated by what repeats, as often as it may be.
            (Some(overloaded()), 4),
            (Some(Fault::hang_up()), 4),
            (Some(Fault::half_body()), 1),
            (Some(Fault::error("ACCESS_DENIED")), 1),
        ] {
            let stage = Stage::set().await;
            let (portal, bot) = bot(&stage, Build::rest(33), by_token).await;
            if let Some(fault) = fault.clone() {
                portal.fault(fault.on(BATCH));
            }
            let builder = ClientBuilder::new(Client::new());
            let client = match is_above {
                true => builder.with(gate(&stage)).with(retry()),
                false => builder.with(retry()).with(gate(&stage)),
            };
            let client = client.build();
            for (nth, handler) in HANDLERS.iter().enumerate() {
                let params = json!({"botId": bot, "fields": {"webhookUrl": handler}}).to_string();
                let response = client
                    .execute(post(&by_token(&portal, UPDATE), JSON, params))
                    .await
                    .unwrap();
                assert_eq!(response.status(), 200);
                let url = response.url().path().to_owned();
                assert!(url.ends_with(UPDATE), "the answer is that of the call: {url}");
                assert_eq!(json_of(response).await["result"]["bot"]["id"], bot);
                let requests = received(&portal);
                let called: Vec<_> = requests.iter().map(|own| own.method.as_str()).collect();
                let expected = match is_above {
                    true => [vec![UPDATE], vec![BATCH; follow_ups]].concat(),
                    // What repeats does not see it.
                    false => [vec![UPDATE], vec![BATCH; if fault.is_some() { 1 } else { 2 }]].concat(),
                };
                assert_eq!(called, expected, "{nth} {fault:?}");
                for own in requests {
                    assert!(own.path.ends_with(&format!("?auth={TOKEN}")), "{own}");
                }
                let others = portal.subscriptions().into_iter().any(|url| url != *handler);
                assert_eq!(others, fault.is_some());
            }
        }
    }
}
