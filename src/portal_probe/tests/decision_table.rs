//! What a portal answers to `imbot.v2.Revision.get`, and what is made of it: a
//! test for each line of the table, on each build that it can come from, with
//! the statuses of both sources.

use serde_json::json;

use super::*;
use crate::knowledge::Provenance;
use crate::portal::StaticToken;
use imbot_caps_emulator::{Fault, Imbot, OauthToken, StatusBasis, Webhook};

/// Every build that was shipped, and those of modules updated apart.
fn builds() -> Vec<Build> {
    let shipped = Build::shipped().chain([
        Build::rest(32).imbot(Imbot::WithRevisionGet),
        Build::rest(33).imbot(Imbot::NotInstalled),
        Build::rest(33).imbot(Imbot::WithoutV2),
        Build::rest(33).imbot(Imbot::WithoutRevisionGet),
        Build::rest(34).on_premise(),
        Build::rest(41),
    ]);
    shipped
        .flat_map(|build| {
            [StatusBasis::Source, StatusBasis::Documented]
                .map(|statuses| build.clone().status_basis(statuses))
        })
        .collect()
}

fn has_revision_get(build: &Build) -> bool {
    build.caps().knowledge().revision_get() == Some(true)
}

/// Those that have the method, and those that have not.
fn new_and_old() -> (Vec<Build>, Vec<Build>) {
    let (new, old): (Vec<_>, Vec<_>) = builds().into_iter().partition(has_revision_get);
    assert!(new.len() >= 12 && old.len() >= 20, "{} {}", new.len(), old.len());
    (new, old)
}

/// The truth about a build: its number, and whether it has imbot.v2.
fn truth(build: &Build) -> (Option<u16>, Option<bool>) {
    let caps = build.caps();
    (caps.knowledge().rest(), caps.knowledge().imbot_v2())
}

fn learned(found: &Found) -> (Option<u16>, Option<bool>) {
    (found.known.rest(), found.known.imbot_v2())
}

#[tokio::test]
async fn new_portals_answer_first_request() {
    let (emulator, prober) = (Emulator::start().await.unwrap(), Prober::default());
    for build in new_and_old().0 {
        let emulated = emulator.portal(build.clone());
        let found = prober.ask(&emulated).await.0.unwrap();
        assert_eq!(learned(&found), truth(&build), "{build:?}");
        assert_eq!(found.known.rest_provenance(), Provenance::ImbotRevisionGet);
        assert!(found.incomplete.is_none() && found.moved_to.is_none());
        assert_eq!(asked(&emulated), [REVISION_GET]);
    }
    // Whatever the number.
    for rest in [32, 33, 99, 9_999] {
        let emulated = emulator.portal(Build::rest(36));
        emulated.fault(Fault::result(json!({"rest": rest})));
        let found = prober.ask(&emulated).await.0.unwrap();
        assert_eq!(learned(&found), (Some(rest), Some(true)));
        assert_eq!(asked(&emulated), [REVISION_GET]);
    }
}

#[tokio::test]
async fn one_batch_settles_not_found() {
    let (emulator, prober) = (Emulator::start().await.unwrap(), Prober::default());
    for build in new_and_old().1 {
        let emulated = emulator.portal(build.clone());
        let found = prober.ask(&emulated).await.0.unwrap();
        assert_eq!(learned(&found), truth(&build), "{build:?}");
        assert_eq!(found.known.revision_get(), Some(false), "{build:?}");
        assert_eq!(found.known.rest_provenance(), Provenance::ImRevisionGet);
        assert!(found.incomplete.is_none(), "{build:?}");
        assert_eq!(asked(&emulated), [REVISION_GET, BATCH], "{build:?}");
    }
}

#[tokio::test]
async fn single_calls_replace_refused_batch() {
    let (emulator, prober) = (Emulator::start().await.unwrap(), Prober::default());
    for build in new_and_old().1 {
        for refusal in [
            Fault::error("ERROR_METHOD_NOT_FOUND"),
            Fault::error("insufficient_scope"),
            Fault::error("ERROR_BATCH_METHOD_NOT_ALLOWED"),
            Fault::html(403),
            Fault::result(json!("none of a batch")),
        ] {
            let emulated = emulator.portal(build.clone());
            emulated.fault(refusal.on(BATCH));
            let found = prober.ask(&emulated).await.0.unwrap();
            assert_eq!(learned(&found), truth(&build), "{build:?}");
            assert!(found.incomplete.is_none(), "{build:?}");
            let mut questions = vec![REVISION_GET, BATCH, IM_REVISION_GET];
            // Below, the number says that there is no imbot.v2.
            let rest = build.caps().knowledge().rest();
            // The number says that it may be there by now.
            if rest >= Some(33) {
                questions.push(REVISION_GET);
            }
            if rest >= Some(32) {
                questions.push(BOT_LIST);
            }
            assert_eq!(asked(&emulated), questions, "{build:?}");
        }
    }
}

#[tokio::test]
async fn not_found_needs_proven_address() {
    let (emulator, prober) = (Emulator::start().await.unwrap(), Prober::default());
    for build in builds() {
        let absent = || Fault::error("ERROR_METHOD_NOT_FOUND");
        // A messenger that is not installed: everything of it is not found.
        let emulated = emulator.portal(build.clone());
        emulated.fault(absent().on(REVISION_GET));
        for method in [REVISION_GET, IM_REVISION_GET, BOT_LIST] {
            emulated.fault(absent().inside_batch().on(method));
        }
        let error = prober.ask(&emulated).await.0.unwrap_err();
        assert!(
            matches!(
                error.kind(),
                ProbeErrorKind::NothingFound { portal_answers: true }
            ),
            "{error}"
        );
        assert!(error.to_string().contains("the address is right"), "{error}");
        assert_eq!(error.class(), ProbeErrorClass::Permanent);
        assert_eq!(asked(&emulated), [REVISION_GET, BATCH]);

        // An address that is none of a portal.
        let emulated = emulator.portal(build.clone());
        emulated.fault(absent());
        let error = prober.ask(&emulated).await.0.unwrap_err();
        assert!(
            matches!(
                error.kind(),
                ProbeErrorKind::NothingFound {
                    portal_answers: false
                }
            ),
            "{error}"
        );
        assert!(error.to_string().contains("check that the address"), "{error}");
        assert_eq!(
            asked(&emulated),
            [REVISION_GET, BATCH, IM_REVISION_GET, SERVER_TIME]
        );
    }
}

#[tokio::test]
async fn absence_codes_mean_not_found() {
    let (emulator, prober) = (Emulator::start().await.unwrap(), Prober::default());
    for build in new_and_old().1 {
        for code in ["22002", "MAIN_CONTROLLER_22002", "2210204", "2210205"] {
            let emulated = emulator.portal(build.clone());
            emulated.fault(Fault::error(code).on(REVISION_GET));
            emulated.fault(Fault::error(code).on(REVISION_GET).inside_batch());
            let found = prober.ask(&emulated).await.0.unwrap();
            assert_eq!(learned(&found), truth(&build), "{code} {build:?}");
            assert_eq!(asked(&emulated), [REVISION_GET, BATCH], "{code} {build:?}");
        }
    }
}

#[tokio::test]
async fn missing_scope_proves_the_method() {
    let (emulator, prober) = (Emulator::start().await.unwrap(), Prober::default());
    let (new, old) = new_and_old();
    for build in new {
        let emulated = emulator.portal(build.clone());
        let url = emulated.add_webhook(Webhook::new(7, "imonly").scopes(["im"]));
        let (found, _) = prober.probe(emulated.clock(), &webhook(&url)).await;
        let found = found.unwrap();
        assert_eq!(learned(&found), truth(&build), "{build:?}");
        assert!(found.incomplete.is_none());
        assert_eq!(asked(&emulated), [REVISION_GET, IM_REVISION_GET]);

        // With neither scope there is no number, and imbot.v2 is known all the same.
        let url = emulated.add_webhook(Webhook::new(7, "neither").scopes([""; 0]));
        let (found, _) = prober.probe(emulated.clock(), &webhook(&url)).await;
        let found = found.unwrap();
        assert_eq!(learned(&found), (None, Some(true)), "{build:?}");
        assert!(found.incomplete.unwrap().is_credential());
        assert_eq!(asked(&emulated), [REVISION_GET, IM_REVISION_GET]);
    }
    for build in old {
        let emulated = emulator.portal(build.clone());
        for (code, scopes, number) in [("imonly", &["im"][..], true), ("imbotonly", &["imbot"], false)] {
            let url = emulated.add_webhook(Webhook::new(7, code).scopes(scopes.iter().copied()));
            let (found, _) = prober.probe(emulated.clock(), &webhook(&url)).await;
            let found = found.unwrap();
            let (rest, api) = truth(&build);
            assert_eq!(
                learned(&found),
                (rest.filter(|_| number), api),
                "{code} {build:?}"
            );
            assert_eq!(found.incomplete.is_none(), number, "{code} {build:?}");
            assert_eq!(asked(&emulated), [REVISION_GET, BATCH], "{code} {build:?}");
        }
    }
}

#[tokio::test]
async fn bad_credential_proves_nothing() {
    let (emulator, prober) = (Emulator::start().await.unwrap(), Prober::default());
    for build in builds() {
        let emulated = emulator.portal(build.clone());
        emulated.add_token(OauthToken::new("old", "app.1").expired());
        let oauth = |token: &str| {
            let tokens = StaticToken::new(token);
            Portal::builder()
                .allow_http()
                .oauth(&emulated.rest_url(), tokens)
                .unwrap()
        };
        let wrong = emulated.webhook_url().replace("/rest/1/", "/rest/2/");
        for portal in [webhook(&wrong), oauth("old"), oauth("never given")] {
            let (found, pauses) = prober.probe(emulated.clock(), &portal).await;
            let error = found.unwrap_err();
            assert_eq!(error.class(), ProbeErrorClass::Credential, "{error}");
            assert!(error.is_credential() && pauses.is_empty(), "{error}");
            // "Not found" comes before the credential is looked at.
            let questions = match has_revision_get(&build) {
                true => &[REVISION_GET][..],
                false => &[REVISION_GET, BATCH],
            };
            assert_eq!(asked(&emulated), questions, "{error}");
        }
    }
    for code in [
        "NO_AUTH_FOUND",
        "INVALID_CREDENTIALS",
        "ACCESS_DENIED",
        "user_access_error",
        "authorization_error",
        "APPLICATION_NOT_FOUND",
        "INVALID_REQUEST",
        "expired_token",
    ] {
        for build in builds() {
            let emulated = emulator.portal(build);
            emulated.fault(Fault::error(code));
            let (found, pauses) = prober.ask(&emulated).await;
            let error = found.unwrap_err();
            assert_eq!(error.class(), ProbeErrorClass::Credential, "{error}");
            assert_eq!((asked(&emulated), pauses), (vec![REVISION_GET.into()], vec![]));
        }
    }
}

#[tokio::test]
async fn transient_errors_prove_nothing_and_retry() {
    let (emulator, prober) = (Emulator::start().await.unwrap(), Prober::default());
    for build in builds() {
        for (fault, kind, requests) in [
            (
                Fault::error("QUERY_LIMIT_EXCEEDED"),
                ProbeErrorClass::Transient,
                3,
            ),
            (
                Fault::error("QUERY_LIMIT_EXCEEDED").status(429),
                ProbeErrorClass::Transient,
                3,
            ),
            (Fault::error("CONNECTION_ERROR"), ProbeErrorClass::Transient, 3),
            (
                Fault::error("INTERNAL_SERVER_ERROR"),
                ProbeErrorClass::Transient,
                3,
            ),
            (
                Fault::error("ERROR_UNEXPECTED_ANSWER"),
                ProbeErrorClass::Transient,
                3,
            ),
            (
                Fault::error("NEVER_SEEN").status(500),
                ProbeErrorClass::Transient,
                3,
            ),
            (Fault::html(502), ProbeErrorClass::Transient, 3),
            (Fault::html(503), ProbeErrorClass::Transient, 3),
            // Ten minutes or so are too long to wait.
            (
                Fault::error("OPERATION_TIME_LIMIT"),
                ProbeErrorClass::Transient,
                1,
            ),
            // These wait for people.
            (Fault::error("OVERLOAD_LIMIT"), ProbeErrorClass::Blocked, 1),
            (Fault::error("PORTAL_DELETED"), ProbeErrorClass::Blocked, 1),
        ] {
            let emulated = emulator.portal(build.clone());
            emulated.fault(fault);
            let (found, pauses) = prober.ask(&emulated).await;
            let error = found.unwrap_err();
            assert_eq!(error.class(), kind, "{error}");
            assert_eq!(asked(&emulated), vec![REVISION_GET; requests], "{error}");
            assert_eq!(pauses.len(), requests - 1, "{error}");
        }
    }
}

#[tokio::test]
async fn redirect_means_moved_or_blocked() {
    let (emulator, prober) = (Emulator::start().await.unwrap(), Prober::default());
    for build in builds() {
        for status in [301, 302, 307, 308] {
            for (fault, kind) in [
                (Fault::moved("https://new.example/"), ProbeErrorClass::Moved),
                (
                    Fault::redirect("https://new.example/rest/"),
                    ProbeErrorClass::Blocked,
                ),
                (
                    Fault::redirect("/bitrix/coupon_activation.php"),
                    ProbeErrorClass::Blocked,
                ),
            ] {
                let emulated = emulator.portal(build.clone());
                emulated.fault(fault.status(status));
                let (found, pauses) = prober.ask(&emulated).await;
                let error = found.unwrap_err();
                assert_eq!(error.class(), kind, "{error}");
                assert!(error.is_blocked() && pauses.is_empty(), "{error}");
                assert_eq!(asked(&emulated), [REVISION_GET]);
            }
        }
    }
}

#[tokio::test]
async fn unrelated_reply_proves_nothing() {
    let (emulator, prober) = (Emulator::start().await.unwrap(), Prober::default());
    for build in builds() {
        for (fault, kind, requests) in [
            (Fault::result(json!({"web": 130})), ProbeErrorClass::Transient, 1),
            (Fault::result(json!({"rest": -1})), ProbeErrorClass::Transient, 1),
            (Fault::result(json!("36")), ProbeErrorClass::Transient, 1),
            (Fault::result(json!(null)), ProbeErrorClass::Transient, 1),
            // Perhaps in passing.
            (Fault::html(200), ProbeErrorClass::Transient, 3),
            (Fault::empty_body(), ProbeErrorClass::Transient, 3),
            (Fault::half_body(), ProbeErrorClass::Transient, 3),
            // Something else stands there.
            (Fault::html(404), ProbeErrorClass::Malformed, 1),
            (Fault::html(403), ProbeErrorClass::Malformed, 1),
            (Fault::big_body(100_000), ProbeErrorClass::Malformed, 1),
            (
                Fault::error("NEVER_SEEN").status(400),
                ProbeErrorClass::Permanent,
                1,
            ),
            (Fault::error("").status(400), ProbeErrorClass::Permanent, 1),
        ] {
            let emulated = emulator.portal(build.clone());
            emulated.fault(fault.on(REVISION_GET));
            let (found, pauses) = prober.ask(&emulated).await;
            // Half of "not found" is no "not found" either.
            let error = found.unwrap_err();
            assert_eq!(error.class(), kind, "{error}");
            assert_eq!(asked(&emulated), vec![REVISION_GET; requests], "{error}");
            assert_eq!(pauses.len(), requests - 1, "{error}");
        }
    }
}
