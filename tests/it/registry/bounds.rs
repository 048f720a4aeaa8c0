//! Texts from outside are cut before they are kept: an error, an event or a note is short,
//! however long the text is that it was made of.

use std::fmt::{Debug, Display};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use imbot_caps::plan::{Policy, plan};
use imbot_caps::portal::{AccessToken, RenewedTokens, StaticToken, TokenError, TokenErrorKind, TokenSource};
use imbot_caps::registry::Events;
use imbot_caps::transport::{Request, ReqwestTransport, Response, Transport, TransportError};
use imbot_caps::wire::{Call, Reply};
use imbot_caps::{Caps, Portal, RefreshGrant, Registry};
use imbot_caps_emulator::{App, Build, Emulator, Fault};
use serde_json::{Value, json};

use crate::support::fixture::{DAY, Stage};
use crate::support::http::{BATCH, OLD, REVISION};

/// More than any error, event or note has in bytes, as `Display` or `Debug` writes it.
const BOUND: usize = 1_024;

/// The same where it holds another error, or the words of several rows.
const WIDE_BOUND: usize = 2_048;

/// In one piece, in letters of two bytes, and in such as `Debug` writes as an escape.
const LETTERS: [&str; 4] = ["x", "é", "\u{301}", "\""];

/// Texts within what a probe reads of a reply, and one beyond it.
fn long_texts() -> impl Iterator<Item = String> {
    let beyond = std::iter::once("x".repeat(300_000));
    LETTERS.iter().map(|letter| letter.repeat(5_000)).chain(beyond)
}

#[track_caller]
fn check_within(bound: usize, made: &(impl Display + Debug)) {
    for text in [made.to_string(), format!("{made:?}")] {
        let begin: String = text.chars().take(300).collect();
        assert!(text.len() <= bound, "{} bytes: {begin}", text.len());
    }
}

#[track_caller]
fn check(made: &(impl Display + Debug)) {
    check_within(BOUND, made);
}

/// Answers of a portal that hold the text wherever a text may stand.
fn answers(long: &str) -> Vec<Fault> {
    let errors = [
        json!({"error": long}),
        json!({"error": "NEVER_SEEN", "error_description": long}),
        json!({"error": long, "error_description": long}),
        json!({"error": "", "error_description": long}),
        json!({"error": {"code": long, "message": long}}),
        json!({"error": [{"code": long, "message": long}]}),
        json!({"error": [long, long]}),
        json!({"error": {"code": [long], "message": {"text": long}}}),
        json!({"error": "expired_token", "error_description": long}),
        json!({"error": "QUERY_LIMIT_EXCEEDED", "error_description": long, "retryAfter": long}),
        json!({"error": "X", "result": long}),
    ];
    let others = [
        json!({"result": long, "error": long}),
        json!({ long: long }),
        json!([long]),
        json!(long),
    ];
    let mut faults: Vec<_> = errors
        .iter()
        .flat_map(|body| [200, 503].map(|status| Fault::json(status, body)))
        .collect();
    faults.extend(others.iter().map(|body| Fault::json(200, body)));
    faults.extend([
        Fault::body(200, "text/html", format!("<html><title>{long}</title>{long}")),
        Fault::body(200, "application/json", format!("{{\"result\":\"{long}")),
        Fault::result(json!(long)),
        Fault::result(json!({"rest": long, "web": long})),
        Fault::result(json!({"rest": {long: long}})),
        Fault::result(json!({"bots": 1, long: 1})),
    ]);
    if long.is_ascii() {
        let header = long.replace('"', "%22");
        faults.extend([
            Fault::moved(&format!("https://{header}.example")),
            Fault::redirect(&format!("https://other.example/{header}?{header}")),
            Fault::redirect(&header),
            Fault::error("X").header("Retry-After", &header),
        ]);
    }
    faults
}

/// The next event, where there is one by now.
async fn told(events: &mut Events) -> Option<imbot_caps::registry::Event> {
    tokio::select! {
        biased;
        event = events.next() => event,
        () = std::future::ready(()) => None,
    }
}

#[tokio::test]
async fn probe_errors_and_events_are_short() {
    let stage = Stage::set().await;
    let mut events = stage.registry.events();
    let mut failed = 0;
    for (nth, long) in long_texts().enumerate() {
        let asked = [REVISION, OLD, BATCH];
        let asked = if nth == 0 { &asked[..] } else { &asked[..1] };
        for (fault, method) in answers(&long)
            .into_iter()
            .flat_map(|fault| asked.iter().map(move |method| (fault.clone(), *method)))
        {
            let (emulated, handle) = stage.portal(Build::rest(32));
            emulated.fault(fault.on(method));
            if method == OLD {
                emulated.fault(Fault::error("ERROR_BATCH_METHOD_NOT_ALLOWED").on(BATCH));
            }
            if let Err(error) = handle.ready().await {
                failed += 1;
                check(&error);
                check(error.kind());
            }
            while let Some(event) = told(&mut events).await {
                let text = format!("{event:?}");
                assert!(text.len() <= BOUND, "{} bytes", text.len());
            }
        }
    }
    assert!(failed > 100, "{failed}");
    for record in stage.registry.snapshot().records() {
        assert!(format!("{record:?}").len() <= BOUND, "{record:?}");
    }
}

#[tokio::test]
async fn errors_of_calls_are_short() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.portal(Build::rest(36));
    let client = stage.registry.client(handle.portal());
    let mut failed = 0;
    for long in long_texts() {
        for fault in answers(&long) {
            emulated.clear_faults();
            emulated.fault(fault);
            if let Err(error) = client.call("profile", json!({})).await {
                failed += 1;
                check(&error);
            }
        }
        // In a batch, and beside a command that ran.
        let errors =
            json!({"a": {"error": long, "error_description": long}, "b": long, "c": {long.clone(): long}});
        let result = json!({"result": {}, "result_error": errors});
        emulated.clear_faults();
        emulated.fault(Fault::result(result).on(BATCH));
        let commands = ["a", "b", "c"].map(|key| (key, Call::new("profile")));
        let replies = client.batch(commands).await.unwrap();
        for key in ["a", "b"] {
            match replies.get(key) {
                Some(Reply::Error(error)) => check(error),
                other => panic!("{key}: {other:?}"),
            }
        }
    }
    assert!(failed > 100, "{failed}");
}

#[tokio::test]
async fn times_of_replies_are_clamped() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.portal(Build::rest(36));
    let client = stage.registry.client(handle.portal());
    let day = stage.clock.now() + DAY;
    for reset in [0, 1_700_000_000, 95_617_584_000, u64::MAX] {
        let body = json!({"error": "OPERATION_TIME_LIMIT", "time": {"operating_reset_at": reset}});
        emulated.clear_faults();
        emulated.fault(Fault::json(429, &body));
        let error = client.call("profile", json!({})).await.unwrap_err();
        let told = error.api_error().unwrap().reset_at.unwrap();
        let latest = day.duration_since(UNIX_EPOCH).unwrap().as_secs();
        assert_eq!(told, reset.min(latest));
        let Reply::Error(error) = Reply::read(429, None, body.to_string().as_bytes()) else {
            panic!("{body}");
        };
        // Whoever counts with it does not overflow.
        let told = SystemTime::checked_add(&UNIX_EPOCH, Duration::from_secs(error.reset_at.unwrap()));
        assert!(told.is_some() && error.reset_at <= Some(253_402_300_799));
    }
}

/// Gives this error to every request.
struct Failing(TransportError);

impl Transport for Failing {
    fn send(
        &self,
        _: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        Box::pin(std::future::ready(Err(self.0.clone())))
    }
}

/// Gives this error for every token.
struct NoToken(String);

impl TokenSource for NoToken {
    fn token<'a>(
        &'a self,
        _: Option<&'a AccessToken>,
    ) -> Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>> {
        let error = TokenError::of_kind(TokenErrorKind::UnexpectedAnswer, &*self.0);
        Box::pin(std::future::ready(Err(error)))
    }
}

#[tokio::test]
async fn transport_and_token_errors_are_short() {
    for long in long_texts() {
        for error in [
            TransportError::Connect(long.clone()),
            TransportError::Broken(long.clone()),
            TransportError::Client(long.clone()),
        ] {
            let registry = Registry::builder(Failing(error))
                .deadline(crate::support::fixture::DEADLINE)
                .build();
            let portal = Portal::webhook("https://acme.example/rest/1/s3cret/").unwrap();
            check(&registry.caps(&portal).await.unwrap_err());
            check(
                &registry
                    .client(&portal)
                    .call("profile", json!({}))
                    .await
                    .unwrap_err(),
            );
            // The longest address is shown whole.
            let prefix = "p".repeat(460);
            let portal = Portal::webhook(&format!("https://acme.example/{prefix}/rest/1/s3cret/")).unwrap();
            check_within(WIDE_BOUND, &registry.caps(&portal).await.unwrap_err());
        }
        let registry = Registry::builder(Failing(TransportError::Timeout)).build();
        let portal = Portal::oauth("https://acme.example/rest/", NoToken(long.clone())).unwrap();
        check_within(WIDE_BOUND, &registry.caps(&portal).await.unwrap_err());
        let error = registry
            .client(&portal)
            .call("profile", json!({}))
            .await
            .unwrap_err();
        check_within(WIDE_BOUND, &error);
        check(&TokenError::new(&*long));
    }
}

#[tokio::test]
async fn token_server_texts_are_truncated() {
    let transport = Arc::new(ReqwestTransport::new());
    for long in long_texts() {
        let emulated = Emulator::start_single(Build::rest(36)).await.unwrap();
        let installed = emulated.install(App::new("local.app", "the secret & all"));
        let stored: Arc<Mutex<Vec<RenewedTokens>>> = Arc::default();
        let seen = Arc::clone(&stored);
        let store = move |renewed: RenewedTokens| {
            seen.lock().unwrap().push(renewed);
            std::future::ready(Ok::<_, String>(()))
        };
        let grant = || {
            RefreshGrant::builder(Arc::clone(&transport), "local.app", "the secret & all")
                .allow_http()
                .build(
                    &installed.server_endpoint,
                    &installed.refresh_token,
                    store.clone(),
                )
                .unwrap()
        };
        for fault in answers(&long) {
            emulated.auth_server().clear_faults();
            emulated.auth_server().fault(fault);
            check(&grant().token(None).await.unwrap_err());
        }
        for expires_in in [json!(u64::MAX), json!(u64::MAX.to_string()), json!(long)] {
            let tokens = json!({
                "access_token": "second", "refresh_token": "next", "expires_in": expires_in,
                "member_id": long, "client_endpoint": format!("https://{long}.example/rest/"),
                "server_endpoint": format!("https://oauth.example/{long}/"), "domain": long,
            });
            emulated.auth_server().clear_faults();
            emulated.auth_server().fault(Fault::json(200, &tokens));
            let _ = grant().token(None).await;
        }
        for renewed in stored.lock().unwrap().drain(..) {
            let debug = format!("{renewed:?}");
            assert!(debug.len() <= BOUND, "{} bytes", debug.len());
            assert_eq!((renewed.member_id(), renewed.client_endpoint()), (None, None));
            assert_eq!(renewed.server_endpoint(), None);
            assert!(renewed.expires_in().is_none_or(|life| life <= 365 * DAY));
        }
    }
}

#[tokio::test]
async fn notes_and_refusals_are_short() {
    let stage = Stage::set().await;
    let (_, handle) = stage.known(Build::rest(36)).await;
    let client = stage.registry.client(handle.portal());
    let mut refused = 0;
    for long in long_texts() {
        let name = format!("imbot.v2.{}", "x".repeat(long.len()));
        let _ = client.call(name, json!({"botId": 7})).await;
        let many: serde_json::Map<String, Value> = (0..30)
            .map(|nth| (format!("{nth}{long}"), json!(nth)))
            .chain([(long.clone(), json!(1))])
            .collect();
        let _ = client.call("imbot.v2.Bot.list", many.into()).await;
        let commands = [0, 1].map(|_| (long.clone(), Call::new("profile")));
        check(&client.batch(commands).await.unwrap_err());

        for old in [18, 30, 32] {
            for method in [
                "imbot.v2.Bot.list",
                "imbot.v2.Chat.Message.read",
                "imbot.v2.File.upload",
            ] {
                let command = format!("{method}?botId=7&{long}=1");
                let call = Call::new(BATCH).with("cmd", json!({ long.clone(): command }));
                if let Err(refusal) = plan(&call, &Caps::at(old), &Policy::default()) {
                    refused += 1;
                    check_within(WIDE_BOUND, &*refusal);
                }
            }
        }
    }
    assert!(refused > 0);
    let notes = client.gate().report().unknown_names;
    assert!(notes.len() > 4, "{notes:?}");
    for note in notes {
        check_within(8 * BOUND, &note);
    }
}

#[test]
fn errors_of_constructors_are_short() {
    for long in long_texts() {
        let builder = Portal::builder().member_id(&*long);
        assert!(format!("{builder:?}").len() <= BOUND);
        check(
            &builder
                .webhook("https://acme.example/rest/1/s3cret/")
                .unwrap_err(),
        );
        for address in [
            long.clone(),
            format!("{long}://acme.example/rest/1/s3cret/"),
            format!("https://{long}/rest/1/s3cret/"),
            format!("https://acme.example:{long}/rest/1/s3cret/"),
            format!("https://{long}@acme.example/rest/1/s3cret/"),
            format!("https://acme.example/{long}/rest/1/s3cret/"),
            format!("https://acme.example/rest/1/{long}/"),
            format!("https://acme.example/rest/1/s3cret/?{long}"),
        ] {
            check(&Portal::webhook(&address).unwrap_err());
            check(&Portal::oauth(&address, StaticToken::new("x")).unwrap_err());
            check(&address.parse::<imbot_caps::PortalId>().unwrap_err());
        }
    }
}
