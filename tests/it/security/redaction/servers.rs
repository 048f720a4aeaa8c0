//! What authorisation servers and portals refuse, and for how long.

use super::*;

#[tokio::test(start_paused = true)]
async fn all_server_wait_forms_work() {
    let error = |more: &str| format!(r#"{{"error":"QUERY_LIMIT_EXCEEDED"{more}}}"#);
    for (header, body, most) in [
        ("300", error(""), 300),
        ("Fri, 31 Dec 9999 23:59:59 GMT", error(""), 86_400),
        ("", error(r#","retryAfter":300"#), 300),
        ("", error(r#","retry_after":"2.5e2""#), 250),
        ("", error(r#","retryAfter":1e400"#), 86_400),
        ("60", error(r#","retryAfter":300"#), 300),
        ("", error(r#","time":{"operating_reset_at":1e11}"#), 86_400),
        (
            "",
            error(r#","time":{"operating_reset_at":"99999999999.5"}"#),
            86_400,
        ),
    ] {
        let (own, sent) = (header, body.clone());
        let answers = Answers::raw(move |_| {
            Ok(Response::new(503, None, sent.clone().into_bytes()).with_retry_after(own))
        });
        let grant = RefreshGrant::builder(answers.clone(), "app", "thesecret")
            .build(RefreshGrant::DOCUMENTED_SERVER, "first", async |_| {
                Ok::<_, String>(())
            })
            .unwrap();
        let found = grant.token(None).await.unwrap_err().retry_after();
        assert_eq!(found, Some(Duration::from_secs(most)), "{header} {body}");
        // A portal's wait is read in the same way.
        let portal = Portal::webhook("https://acme.example/rest/1/c0dec0de/").unwrap();
        let found = answers.registry().caps(&portal).await.unwrap_err().retry_after();
        assert_eq!(found, Some(Duration::from_secs(most)), "{header} {body}");
    }
}

#[tokio::test(start_paused = true)]
async fn every_refusal_reads_the_store() {
    for code in [
        "invalid_grant",
        "NOT_INSTALLED",
        "expired_refresh_token",
        "token_revoked",
        "PORTAL_DELETED",
        "SOMETHING_NEW",
    ] {
        for newer in [true, false] {
            let answers = Answers::raw(move |_| {
                let body = json!({"error": code, "error_description": ""}).to_string();
                Ok(Response::new(400, None, body.into_bytes()))
            });
            let reads = Arc::new(Mutex::new(0));
            let own = Arc::clone(&reads);
            let grant = RefreshGrant::builder(answers, "app", "thesecret")
                .stored_tokens(move || {
                    *own.lock().unwrap() += 1;
                    let refresh = if newer { "second" } else { "first" };
                    async move { Ok::<_, String>(Some(StoredTokens::new("stored", refresh))) }
                })
                .build(RefreshGrant::DOCUMENTED_SERVER, "first", async |_| {
                    Ok::<_, String>(())
                })
                .unwrap();
            let found = grant.token(None).await;
            assert_eq!(*reads.lock().unwrap(), 1, "{code}");
            match found {
                Ok(token) => assert!(newer && token.expose() == "stored", "{code}"),
                Err(error) => assert!(!newer && error.is_transient(), "{code}: {error}"),
            }
        }
    }
    // What passes has refused nothing.
    let answers = Answers::new(|_| (503, json!({"error": "SOMETHING_NEW"})));
    let grant = RefreshGrant::builder(answers, "app", "thesecret")
        .stored_tokens(|| async { Err::<Option<StoredTokens>, _>("the store was read") })
        .build(RefreshGrant::DOCUMENTED_SERVER, "first", async |_| {
            Ok::<_, String>(())
        })
        .unwrap();
    let error = grant.token(None).await.unwrap_err();
    assert_eq!(error.kind(), TokenErrorKind::Transient);
    assert!(!error.to_string().contains("store was read"), "{error}");
}
