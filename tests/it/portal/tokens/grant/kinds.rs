//! What an authorisation server refuses, what kind of error it is, and how long it lasts.

use std::time::UNIX_EPOCH;

use imbot_caps::portal::TokenErrorKind::{
    self, Configuration, Credential, Installation, Transient, UnexpectedAnswer,
};
use imbot_caps::registry::ProbeErrorKind;

use super::*;

const DAY: Duration = Duration::from_secs(86_400);

/// The codes of the protocol (RFC 6749, 4.1.2.1 and 5.2), and Bitrix24's own.
const CODES: [(&str, TokenErrorKind); 30] = [
    ("invalid_grant", Credential),
    ("bad_verification_code", Credential),
    ("expired_token", Credential),
    ("invalid_token", Credential),
    ("NO_AUTH_FOUND", Credential),
    ("INVALID_CREDENTIALS", Credential),
    ("NOT_INSTALLED", Installation),
    ("ERROR_OAUTH", Installation),
    ("APPLICATION_NOT_FOUND", Installation),
    ("PAYMENT_REQUIRED", Installation),
    ("ACCESS_DENIED", Installation),
    ("access_denied", Installation),
    ("user_access_error", Installation),
    ("invalid_client", Configuration),
    ("wrong_client", Configuration),
    ("WRONG_CLIENT", Configuration),
    ("unauthorized_client", Configuration),
    ("invalid_scope", Configuration),
    ("insufficient_scope", Configuration),
    ("invalid_request", Configuration),
    ("INVALID_REQUEST", Configuration),
    ("unsupported_grant_type", Configuration),
    ("unsupported_response_type", Configuration),
    ("server_error", Transient),
    ("temporarily_unavailable", Transient),
    ("QUERY_LIMIT_EXCEEDED", Transient),
    ("INTERNAL_SERVER_ERROR", Transient),
    ("ERROR_UNEXPECTED_ANSWER", Transient),
    ("PORTAL_DELETED", UnexpectedAnswer),
    ("OVERLOAD_LIMIT", UnexpectedAnswer),
];

/// What each kind tells people to do.
fn advice(kind: TokenErrorKind) -> &'static str {
    match kind {
        Credential => "have the application installed or authorised again",
        Installation => "see on the portal that the application is installed",
        Configuration => "check the client id, the client secret, the scopes",
        UnexpectedAnswer => "check the server_endpoint",
        _ => "asked again after a pause",
    }
}

/// Has a token refused so, and looks whether the server is asked once more on the next day.
async fn refuse(status: u16, code: &str, kind: TokenErrorKind) {
    let stage = Stage::new().await;
    let auth = stage.emulated.auth_server();
    auth.fault(Fault::json(status, &json!({ "error": code })));
    let (grant, first) = (stage.grant(), stage.first());
    let error = token(&grant, &first).await.unwrap_err();
    assert_eq!(error.kind(), kind, "{code} {status}: {error}");
    let text = error.to_string();
    assert!(text.contains(advice(kind)) && text.contains(code), "{text}");
    let passes = matches!(kind, UnexpectedAnswer | Transient);
    assert_eq!(error.is_transient(), passes, "{text}");
    // Probes of a portal fail in the same way, and ask the server no more often.
    let portal = stage.portal(&grant);
    let probed = stage.registry().caps(&portal).await.unwrap_err();
    assert!(probed.is_credential(), "{probed}");
    assert_eq!(probed.is_transient(), passes, "{probed}");
    let ProbeErrorKind::Token(told) = probed.kind() else {
        panic!("{probed:?}");
    };
    assert_eq!(told.kind(), kind);
    assert_eq!(stage.traded().len(), 1, "{code} {status}");
    stage.emulated.clock().advance(DAY);
    assert!(token(&grant, &first).await.is_err());
    assert_eq!(
        stage.traded().len(),
        if passes { 2 } else { 1 },
        "{code} {status}"
    );
}

#[tokio::test]
async fn code_decides_kind_not_status() {
    for (code, kind) in CODES {
        for status in [200, 400, 401, 403, 500, 503] {
            refuse(status, code, kind).await;
        }
    }
}

#[tokio::test]
async fn unknown_codes_are_transient() {
    for code in ["a code of next year", "invalid_grants"] {
        for (status, kind) in [
            (200, UnexpectedAnswer),
            (400, UnexpectedAnswer),
            (401, UnexpectedAnswer),
            (403, UnexpectedAnswer),
            (500, Transient),
        ] {
            refuse(status, code, kind).await;
        }
    }
}

#[tokio::test]
async fn custom_source_kinds_are_reported() {
    for kind in [
        Credential,
        Installation,
        Configuration,
        UnexpectedAnswer,
        Transient,
    ] {
        let error = TokenError::of_kind(kind, "the vault is sealed");
        assert_eq!((error.kind(), error.is_transient()), (kind, kind.is_transient()));
        let text = error.to_string();
        assert!(
            text.contains("the vault is sealed") && text.contains(advice(kind)),
            "{text}"
        );
        assert_eq!(kind.to_string(), kind.as_str());
    }
    assert_eq!(TokenError::new("x").kind(), Credential);
    assert_eq!(TokenError::transient("x").kind(), Transient);
}

#[tokio::test]
async fn server_wait_is_clamped() {
    let header = |value: &str| Fault::html(503).header("Retry-After", value);
    let body = |body: Value| Fault::json(503, &body);
    let limit = |name: &str, wait: Value| body(json!({"error": "QUERY_LIMIT_EXCEEDED", name: wait}));
    for (overloaded, asked, kept) in [
        (header("120"), 120, 120),
        (header("3"), 3, 5),
        (header(&u64::MAX.to_string()), 86_400, 86_400),
        (header("Sun, 29 Nov 2026 03:02:00 GMT"), 120, 120),
        (header("Sun, 29 Nov 2026 03:00:03 GMT"), 3, 5),
        (header("Fri, 31 Dec 9999 23:59:59 GMT"), 86_400, 86_400),
        (limit("retryAfter", json!(120)), 120, 120),
        (limit("retryAfter", json!("120")), 120, 120),
        (limit("retry_after", json!(u64::MAX)), 86_400, 86_400),
        (
            limit("time", json!({"operating_reset_at": 1_795_921_320})),
            120,
            120,
        ),
        (
            limit("retryAfter", json!(60)).header("Retry-After", "120"),
            120,
            120,
        ),
        (
            limit("retryAfter", json!(120)).header("Retry-After", "Sun, 29 Nov 2026 03:01:00 GMT"),
            120,
            120,
        ),
    ] {
        let stage = Stage::new().await;
        let clock = stage.emulated.clock();
        // Sun, 29 Nov 2026 03:00:00 GMT.
        clock.set(UNIX_EPOCH + Duration::from_secs(1_795_921_200));
        stage.emulated.auth_server().fault(overloaded.clone().once());
        let (grant, first) = (stage.grant(), stage.first());
        let error = token(&grant, &first).await.unwrap_err();
        assert_eq!(
            error.retry_after(),
            Some(Duration::from_secs(asked)),
            "{overloaded:?}"
        );
        clock.advance(Duration::from_secs(kept) - Duration::from_millis(1));
        assert!(token(&grant, &first).await.is_err());
        assert_eq!(stage.traded().len(), 1, "{overloaded:?}");
        clock.advance(Duration::from_millis(1));
        assert!(token(&grant, &first).await.is_ok(), "{overloaded:?}");
    }
}
