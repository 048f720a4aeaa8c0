//! Which check comes first, and how names are spelled.

use imbot_caps_emulator::{Build, EmulatedPortal, Emulator, Imbot, OauthToken, StatusBasis, Webhook};
use serde_json::json;

use crate::client::{call, get, post, send};

const GET: &str = "imbot.v2.Revision.get";

async fn portal(build: Build) -> (Emulator, EmulatedPortal) {
    let emulator = Emulator::start().await.unwrap();
    let portal = emulator.portal(build);
    (emulator, portal)
}

#[tokio::test]
async fn not_found_precedes_credential_check() {
    let (_emulator, portal) = portal(Build::rest32_without_imbot_v2()).await;
    let bad = portal.rest_url() + "1/wrong/";
    let not_found = (404, "ERROR_METHOD_NOT_FOUND".into(), "Method not found!".into());
    for url in [portal.webhook_url(), &bad, &portal.rest_url()] {
        assert_eq!(get(&format!("{url}{GET}")).await.error(), not_found, "{url}");
    }
    assert_eq!(
        get(&format!("{bad}server.time")).await.code(),
        "INVALID_CREDENTIALS"
    );
    let unsigned = get(&(portal.rest_url() + "server.time")).await;
    assert_eq!(
        unsigned.error(),
        (401, "NO_AUTH_FOUND".into(), "Wrong authorization data".into())
    );
}

#[tokio::test]
async fn scope_error_proves_method_exists() {
    let (_emulator, portal) = portal(Build::rest(33)).await;
    let narrow = portal.add_webhook(Webhook::new(7, "narrow").scopes(["crm"]));
    let (status, code, text) = get(&format!("{narrow}{GET}")).await.error();
    assert_eq!((status, code.as_str()), (401, "insufficient_scope"));
    assert!(text.ends_with("webhook token"), "{text}");
    // The scope is checked before the action is looked for.
    assert_eq!(
        get(&format!("{narrow}imbot.v2.Revision.foo")).await.code(),
        "insufficient_scope"
    );
    assert_eq!(get(&format!("{narrow}scope")).await.result(), json!(["crm"]));

    portal.set_build(Build::rest(33).status_basis(StatusBasis::Documented));
    assert_eq!(get(&format!("{narrow}{GET}")).await.status, 403);
}

#[tokio::test]
async fn unknown_action_differs_from_unknown_method() {
    let (_emulator, portal) = portal(Build::rest(33)).await;
    let text = r"Could not find description of foo in Bitrix\Imbot\V2\Controller\Revision";
    let answer = call(&portal, "imbot.v2.Revision.foo", json!({})).await;
    assert_eq!(answer.error(), (400, "22002".into(), text.into()));
}

#[tokio::test]
async fn missing_module_fails_before_authorisation() {
    let (_emulator, portal) = portal(Build::rest(33).imbot(Imbot::NotInstalled)).await;
    let bad = portal.rest_url() + "1/wrong/" + GET;
    let missing = (400, "2210205".into(), "Could not find module imbot".into());
    assert_eq!(get(&bad).await.error(), missing);
    assert_eq!(
        call(&portal, "im.revision.get", json!({})).await.result()["rest"],
        33
    );
}

#[tokio::test]
async fn spelling() {
    let (_emulator, portal) = portal(Build::rest(33)).await;
    for (method, status) in [
        (GET, 200),
        ("imbot.v2.Revision.get.json", 200),
        ("imbot.v2.Revision.get/", 200),
        ("imbot.V2.Revision.GET", 200),
        ("imbot.v2.revision.get", 404),
        ("IMBOT.V2.REVISION.GET", 404),
        ("Im.Revision.Get", 200),
        ("SERVER.TIME.JSON", 200),
        ("Imbot.Bot.List", 200),
        ("", 404),
    ] {
        let answer = get(&format!("{}{method}", portal.webhook_url())).await;
        assert_eq!(answer.status, status, "{method}: {}", answer.text());
    }
    // Without the user id no webhook's address is recognised.
    let code = portal
        .webhook_url()
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap();
    let without_user = format!("{}{code}/{GET}", portal.rest_url());
    assert_eq!(get(&without_user).await.code(), "ERROR_METHOD_NOT_FOUND");
}

#[tokio::test]
async fn tokens_have_three_places_and_expire() {
    let (_emulator, portal) = portal(Build::rest(33)).await;
    portal.add_token(OauthToken::new("good", "local.app"));
    portal.add_token(OauthToken::new("old", "local.app").scopes(["crm"]).expired());
    let url = portal.rest_url() + GET;
    assert_eq!(post(&url, &json!({"auth": "good"})).await.status, 200);
    assert_eq!(get(&format!("{url}?access_token=good")).await.status, 200);
    let bearer = send("GET", &url, "Authorization: Bearer good\r\n", b"").await;
    assert_eq!(bearer.unwrap().status, 200);

    let expired = (
        401,
        "expired_token".into(),
        "The access token provided has expired".into(),
    );
    // Expiry is found out before the scope.
    assert_eq!(post(&url, &json!({"auth": "old"})).await.error(), expired);
    portal.expire_token("good");
    assert_eq!(post(&url, &json!({"auth": "good"})).await.error(), expired);
    portal.revoke("good");
    assert_eq!(post(&url, &json!({"auth": "good"})).await.code(), "invalid_token");
    // A token in brackets is none.
    assert_eq!(
        get(&format!("{url}?auth[domain]=x")).await.code(),
        "NO_AUTH_FOUND"
    );
}

#[tokio::test]
async fn token_parameter_is_denied() {
    let (_emulator, portal) = portal(Build::rest(33)).await;
    let answer = call(&portal, GET, json!({"token": "t"})).await;
    assert_eq!(answer.error().0, 403);
    assert_eq!(answer.code(), "ACCESS_DENIED");
}

#[tokio::test]
async fn revisions_of_each_build() {
    let (_emulator, portal) = portal(Build::rest(30)).await;
    let old = call(&portal, "im.revision.get", json!({})).await.result();
    assert_eq!(
        old,
        json!({"rest": 30, "web": 130, "mobile": 19, "desktop": 3, "im_revision_mobile": 19})
    );
    portal.set_build(Build::rest(23));
    let older = call(&portal, "im.revision.get", json!({})).await.result();
    assert_eq!(older.get("desktop"), None);

    portal.set_build(Build::rest(33));
    let new = call(&portal, GET, json!({})).await.result();
    assert_eq!(new, json!({"rest": 33, "web": 130, "mobile": 23, "desktop": 6}));

    portal.set_build(Build::rest(32).imbot(Imbot::WithRevisionGet).desktop(5));
    let uneven = call(&portal, GET, json!({})).await.result();
    assert_eq!((&uneven["rest"], &uneven["desktop"]), (&json!(32), &json!(5)));
}
