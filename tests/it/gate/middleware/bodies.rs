//! Bodies that are streams, or of a kind that the gate does not read.

use super::*;

#[tokio::test]
async fn settled_stream_is_forwarded_unread() {
    let stage = Stage::set().await;
    let (portal, bot) = bot(&stage, Build::rest(36), by_webhook).await;
    // Not a byte of it may be read.
    let client = ClientBuilder::new(Client::new())
        .with(gate(&stage).max_request_bytes(0))
        .build();
    let body = r#"{"botToken":"old"}"#;
    let request = post(&by_webhook(&portal, SETTLED), JSON, Body::wrap(Body::from(body)));
    let listed = json_of(client.execute(request).await.unwrap()).await;
    let [got] = &received(&portal)[..] else { panic!() };
    assert_eq!(
        (got.method.as_str(), &got.params["botToken"]),
        (SETTLED, &json!("old"))
    );
    // The reply is looked at all the same: it would show a secret.
    assert_eq!(listed["result"]["bots"][0]["id"], bot);
    assert_eq!(listed["result"]["bots"][0].get("appId"), None, "{listed}");

    // What is absent after all is told as it comes: its parameters are gone.
    portal.set_build(Build::rest(30));
    let request = post(&by_webhook(&portal, SETTLED), JSON, Body::wrap(Body::from(body)));
    let response = client.execute(request).await.unwrap();
    assert_eq!(response.status(), 404);
    assert_eq!(json_of(response).await["error"], "ERROR_METHOD_NOT_FOUND");
    assert_eq!(methods(&portal), [SETTLED]);
}

#[tokio::test]
async fn unsettled_stream_is_buffered() {
    let stage = Stage::set().await;
    let (portal, bot) = bot(&stage, Build::rest(30), by_webhook).await;
    let stream = |url: &str| {
        let body = Body::wrap(Body::from(message(bot).to_string()));
        assert!(body.as_bytes().is_none());
        post(url, JSON, body)
    };
    let url = by_webhook(&portal, SEND);
    assert_eq!(gated(&stage).execute(stream(&url)).await.unwrap().status(), 200);
    let [got] = &received(&portal)[..] else { panic!() };
    assert_eq!(
        (got.method.as_str(), &got.params["SYSTEM"]),
        (OLD_SEND, &json!("Y"))
    );

    let limit = message(bot).to_string().len();
    for (limit, is_sent) in [(limit, true), (limit - 1, false)] {
        let client = ClientBuilder::new(Client::new())
            .with(gate(&stage).max_request_bytes(limit))
            .build();
        let answer = client.execute(stream(&url)).await;
        assert_eq!(answer.is_ok(), is_sent);
        assert_eq!(received(&portal).len(), usize::from(is_sent));
        if let Err(Error::Middleware(error)) = answer {
            let unreadable = error.downcast_ref::<UnreadableError>().unwrap();
            assert!(matches!(unreadable, UnreadableError::TooLong { limit: own, .. } if *own == limit));
            let text = unreadable.to_string();
            assert!(
                text.contains(SEND) && !text.contains(portal.webhook_url()),
                "{text}"
            );
        }
    }
}

#[tokio::test]
async fn relevant_unreadable_body_is_refused() {
    for (build, is_sent) in [(Build::rest(30), false), (Build::rest(36), true)] {
        let stage = Stage::set().await;
        let (portal, _) = stage.known(build).await;
        let body = "--x\r\nContent-Disposition: form-data; name=\"botToken\"\r\n\r\nold\r\n--x--\r\n";
        let request = post(
            &by_webhook(&portal, SETTLED),
            "multipart/form-data; boundary=x",
            body,
        );
        let answer = gated(&stage).execute(request).await;
        assert_eq!(answer.is_ok(), is_sent);
        assert_eq!(received(&portal).len(), usize::from(is_sent));
        if let Err(error) = answer {
            assert!(error.to_string().contains("multipart/form-data"), "{error}");
        }
    }
}
