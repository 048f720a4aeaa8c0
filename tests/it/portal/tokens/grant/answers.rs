//! What is read of an answer, and where a request may go.

use super::*;

#[tokio::test]
async fn answer_code_decides_transience() {
    let refused = |code: &str| (Fault::error(code), false);
    let passes = |fault: Fault| (fault, true);
    for (fault, is_transient) in [
        refused("invalid_grant"),
        refused("invalid_client"),
        refused("INVALID_REQUEST"),
        refused("unauthorized_client"),
        refused("unsupported_grant_type"),
        (Fault::error("invalid_grant").status(503), false),
        (Fault::error("invalid_grant").status(200), false),
        refused("PAYMENT_REQUIRED"),
        refused("insufficient_scope"),
        passes(Fault::error("a code of next year")),
        passes(Fault::json(200, &json!({"error": "x", "access_token": "x"}))),
        passes(Fault::json(
            200,
            &json!({"error": {"code": "x"}, "access_token": "x"}),
        )),
        passes(Fault::json(200, &json!({"error": ""}))),
        passes(Fault::json(200, &json!({"access_token": 7}))),
        passes(Fault::json(200, &json!({"access_token": ""}))),
        passes(Fault::json(200, &json!({"result": {"access_token": "x"}}))),
        passes(Fault::json(200, &json!(["access_token"]))),
        passes(Fault::html(200)),
        passes(Fault::html(502)),
        passes(Fault::redirect("https://elsewhere.example/oauth/token/")),
        passes(Fault::empty_body()),
        passes(Fault::half_body()),
        passes(Fault::big_body(100_000)),
        passes(Fault::hang_up()),
        passes(Fault::reset()),
    ] {
        let stage = Stage::new().await;
        stage.emulated.auth_server().fault(fault.clone().once());
        let grant = stage.grant();
        let error = token(&grant, &stage.first()).await.unwrap_err();
        assert_eq!(error.is_transient(), is_transient, "{fault:?}: {error}");
        assert!(stage.stored().is_empty(), "{fault:?}");
        let again = token(&grant, &stage.first()).await.unwrap_err();
        assert_eq!((again, stage.traded().len()), (error, 1), "{fault:?}");
    }
}

#[tokio::test]
async fn tokens_survive_empty_error() {
    for error in [
        Value::Null,
        json!(""),
        json!(" "),
        json!(false),
        json!(0),
        json!([]),
        json!({}),
    ] {
        let stage = Stage::new().await;
        let pair = json!({"error": error, "access_token": "second", "refresh_token": "next"});
        let auth = stage.emulated.auth_server();
        auth.fault(Fault::json(200, &pair).once());
        let second = token(&stage.grant(), &stage.first()).await.unwrap();
        assert_eq!(second.expose(), "second");
        assert_eq!(stage.stored()[0].refresh_token, "next");
    }
}

#[tokio::test]
async fn answer_may_lack_optional_members() {
    let stage = Stage::new().await;
    let auth = stage.emulated.auth_server();
    auth.fault(
        Fault::json(
            200,
            &json!({
                "access_token": "bare",
                "expires": "1700000000",
                "expires_in": "3600",
                "domain": "oauth.bitrix.info",
                "server_endpoint": "https://elsewhere.example/rest/",
                "member_id": "",
            }),
        )
        .once(),
    );
    auth.fault(Fault::byte_order_mark().once());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let store = {
        let seen = Arc::clone(&seen);
        move |renewed: RenewedTokens| {
            seen.lock().unwrap().push(renewed);
            std::future::ready(Ok::<_, String>(()))
        }
    };
    let grant = RefreshGrant::builder(Arc::clone(&stage.transport), "local.app", "the secret & all")
        .allow_http()
        .build(
            &stage.installed.server_endpoint,
            &stage.installed.refresh_token,
            store,
        )
        .unwrap();
    let bare = grant.token(None).await.unwrap();
    assert!(token(&grant, &bare).await.is_ok());
    // The same server, and the same refresh token where it gave no other.
    let same = stage.installed.refresh_token.clone();
    assert_eq!(stage.traded(), [same.clone(), same]);
    let seen = seen.lock().unwrap();
    assert_eq!(seen[0].refresh_token(), stage.installed.refresh_token);
    assert_eq!(seen[0].expires_in(), Some(Duration::from_secs(3600)));
    assert_eq!(seen[0].server_endpoint(), Some("https://elsewhere.example/rest/"));
    assert_eq!((seen[0].member_id(), seen[0].client_endpoint()), (None, None));
    assert_eq!(seen[1].expires_in(), Some(Duration::from_secs(3600)));
    assert_eq!(seen[1].member_id(), Some(stage.emulated.member_id()));
    assert_eq!(seen[1].client_endpoint(), Some(&*stage.emulated.rest_url()));
    assert_eq!(seen[1].server_endpoint(), Some(&*auth.server_endpoint()));
}

#[tokio::test]
async fn secret_needs_https_by_default() {
    let stage = Stage::new().await;
    let app = RefreshGrant::builder(Arc::clone(&stage.transport), "local.app", "the secret & all");
    let built = app.build(&stage.installed.server_endpoint, "refresh", async |_| {
        Ok::<_, String>(())
    });
    assert_eq!(built.unwrap_err(), GrantError::Scheme("http".to_owned()));
}
