//! Secrets change no decision, and no text from outside is kept whole.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use imbot_caps::clock::Clock;
use imbot_caps::gate::CallError;
use imbot_caps::portal::{StaticToken, StoredTokens, TokenErrorKind, TokenSource};
use imbot_caps::registry::ProbeErrorKind;
use imbot_caps::transport::{Redirects, Request, Response, Transport, TransportError};
use imbot_caps::wire::{BatchReplies, Call, Reply};
use imbot_caps::{Portal, RefreshGrant, Registry};
use serde_json::{Value, json};
use tokio::time::Instant;

mod calls;
mod moves;
mod servers;

/// The time of the test's runtime. These tests stop it: on a busy machine the system's clock would end a probe at
/// its deadline.
struct RuntimeClock(Instant);

impl RuntimeClock {
    fn new() -> Self {
        Self(Instant::now())
    }
}

impl Clock for RuntimeClock {
    fn now(&self) -> SystemTime {
        const START: Duration = Duration::from_secs(1_800_000_000);
        SystemTime::UNIX_EPOCH + START + self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(tokio::time::sleep(duration))
    }
}

type Answer = dyn Fn(&str) -> Result<Response, TransportError> + Send + Sync;

/// Answers each method with a body of its own, and notes what was asked.
#[derive(Clone)]
struct Answers {
    answer: Arc<Answer>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Answers {
    fn new(answer: impl Fn(&str) -> (u16, Value) + Send + Sync + 'static) -> Self {
        Self::raw(move |method| {
            let (status, body) = answer(method);
            Ok(Response::new(status, None, body.to_string().into_bytes()))
        })
    }

    fn raw(answer: impl Fn(&str) -> Result<Response, TransportError> + Send + Sync + 'static) -> Self {
        Self {
            answer: Arc::new(answer),
            asked: Arc::default(),
        }
    }

    fn registry(&self) -> Registry {
        // Too short for a pause.
        Registry::builder(self.clone())
            .clock(RuntimeClock::new())
            .deadline(Duration::from_millis(200))
            .build()
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

impl Transport for Answers {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        let method = request
            .url()
            .path()
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_owned();
        let answer = (self.answer)(&method);
        self.asked.lock().unwrap().push(method);
        Box::pin(std::future::ready(answer))
    }
}

const SEND: &str = "imbot.v2.Chat.Message.send";

const METHODS: [&str; 7] = [
    "imbot.v2.Revision.get",
    "im.revision.get",
    "imbot.v2.Bot.list",
    "server.time",
    "batch",
    "imbot.message.add",
    SEND,
];

const CODES: [(&str, u16); 24] = [
    ("ERROR_METHOD_NOT_FOUND", 404),
    ("22002", 400),
    ("MAIN_CONTROLLER_22002", 400),
    ("2210205", 400),
    ("insufficient_scope", 401),
    ("expired_token", 401),
    ("invalid_token", 401),
    ("NO_AUTH_FOUND", 401),
    ("INVALID_CREDENTIALS", 401),
    ("ACCESS_DENIED", 403),
    ("user_access_error", 401),
    ("METHOD_CONFIRM_WAITING", 401),
    ("INVALID_REQUEST", 400),
    ("QUERY_LIMIT_EXCEEDED", 503),
    ("OPERATION_TIME_LIMIT", 429),
    ("CONNECTION_ERROR", 401),
    ("INTERNAL_SERVER_ERROR", 500),
    ("ERROR_UNEXPECTED_ANSWER", 500),
    ("PORTAL_DELETED", 403),
    ("OVERLOAD_LIMIT", 503),
    ("BOT_NOT_FOUND", 400),
    ("BOT_TOKEN_NOT_SPECIFIED", 400),
    ("MAIN_CONTROLLER_22001", 400),
    // Not known to the crate.
    ("MESSAGE_NOT_FOUND", 400),
];

/// Occurs nowhere in what is sent and answered.
const NOWHERE: &str = "zqzqzqzqzq";

/// Each part of a text of up to 40 characters.
fn parts(text: &str) -> BTreeSet<String> {
    let mut parts = BTreeSet::new();
    for from in 0..text.len() {
        for to in from + 1..=text.len().min(from + 40) {
            parts.insert(text[from..to].to_owned());
        }
    }
    parts
}

/// A portal by a webhook with this code.
fn hooked(code: &str) -> Portal {
    Portal::webhook(&format!("https://acme.example/rest/1/{code}/")).unwrap()
}

/// The parts of a text that a webhook's code may be.
fn codes(text: &str) -> BTreeSet<String> {
    let of_code = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    text.split(|letter| !of_code(letter)).flat_map(parts).collect()
}

/// What comes of a call with this bot's token, and of the same in a batch.
async fn call(answers: &Answers, portal: &Portal, token: &str, code: &str) -> String {
    let client = answers.registry().client(portal);
    answers.asked();
    let params = json!({
        "botId": 7, "botToken": token, "dialogId": "chat5", "fields": {"message": "x"},
    });
    let error = client.call(SEND, params.clone()).await.unwrap_err();
    let api = error.api_error().unwrap();
    let alone = (
        api.code == code,
        api.class(),
        error.may_have_run(),
        answers.asked(),
    );

    let call = Call::with_params(SEND, params.as_object().unwrap().clone());
    let replies = client.batch([("one", call)]).await.unwrap();
    let Some(Reply::Error(inner)) = replies.get("one") else {
        panic!("{replies:?}");
    };
    format!("{alone:?} {} {:?}", inner.code == code, inner.class())
}

#[tokio::test(start_paused = true)]
async fn secrets_never_change_call_outcome() {
    for (code, status) in CODES {
        let answers = Answers::new(move |method| {
            let error = json!({"error": code, "error_description": "Not found"});
            match method {
                "imbot.v2.Revision.get" => (200, json!({"result": {"rest": 36}})),
                "batch" => (
                    200,
                    json!({"result": {"result": [], "result_error": {"one": error}}}),
                ),
                _ => (status, error),
            }
        });
        let other = hooked(NOWHERE);
        let expected = call(&answers, &other, NOWHERE, code).await;
        let codes = codes(code);
        for secret in parts(code) {
            // It is the webhook's code, too, where it can be one.
            let portal = match codes.contains(&secret) {
                true => &hooked(&secret),
                false => &other,
            };
            let found = call(&answers, portal, &secret, code).await;
            assert_eq!(found, expected, "{secret}");
        }
    }
}

fn authorised(token: &str) -> Portal {
    Portal::oauth("https://acme.example/rest/", StaticToken::new(token)).unwrap()
}

/// What comes of a probe with this credential.
async fn probe(answers: &Answers, portal: &Portal) -> String {
    let registry = answers.registry();
    let found = registry
        .caps(portal)
        .await
        .map(|caps| caps.knowledge().to_string());
    let found = found.map_err(|error| (error.class(), error.is_transient(), error.retry_after()));
    format!("{found:?} {:?}", answers.asked())
}

#[tokio::test(start_paused = true)]
async fn secrets_never_change_probe_outcome() {
    let absent = || {
        (
            404,
            json!({"error": "ERROR_METHOD_NOT_FOUND", "error_description": "Method not found!"}),
        )
    };
    let not_found = move || absent().1;
    let mut portals = vec![
        // Each method by itself, since batch is refused.
        Answers::new(move |method| match method {
            "im.revision.get" => (200, json!({"result": {"rest": 30, "web": 117}})),
            "server.time" => (200, json!({"result": "2026-11-29T03:00:00+00:00"})),
            _ => absent(),
        }),
        Answers::new(move |method| match method {
            "batch" => (
                200,
                json!({"result": {
                    "result": {"old": {"rest": 30, "web": 117}, "control": "2026-11-29"},
                    "result_error": {"again": not_found(), "bots": not_found()},
                }}),
            ),
            _ => absent(),
        }),
        Answers::new(move |method| match method {
            "batch" => (
                200,
                json!({"result": {
                    "result": {"old": {"rest": 32}, "bots": {"bots": []}, "control": "2026-11-29"},
                    "result_error": {"again": not_found()},
                }}),
            ),
            _ => absent(),
        }),
    ];
    for (code, status) in CODES {
        portals.push(Answers::new(move |_| {
            (status, json!({"error": code, "error_description": ""}))
        }));
    }
    let words = ["result_error", "error_description", "12345678"];
    let words = words
        .into_iter()
        .chain(["ERROR_METHOD_NOT_FOUND", "Method not found!"])
        .chain(METHODS);
    let secrets: [fn(&str) -> BTreeSet<String>; 2] = [parts, codes];
    let credentials: [fn(&str) -> Portal; 2] = [authorised, hooked];
    for (of, credential) in secrets.into_iter().zip(credentials) {
        let all: BTreeSet<_> = words.clone().flat_map(of).collect();
        for (nth, answers) in portals.iter().enumerate() {
            let expected = probe(answers, &credential(NOWHERE)).await;
            assert_eq!(expected.contains("REST revision 30"), nth < 2, "{expected}");
            let own = nth.checked_sub(3).and_then(|nth| CODES.get(nth));
            let own = own.map(|(code, _)| of(code));
            for secret in own.as_ref().unwrap_or(&all) {
                let found = probe(answers, &credential(secret)).await;
                assert_eq!(found, expected, "{secret}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn secrets_never_change_refresh_outcome() {
    for code in [
        "invalid_grant",
        "invalid_client",
        "unauthorized_client",
        "server_error",
    ] {
        let answers = Answers::new(move |_| (400, json!({"error": code, "error_description": ""})));
        let refresh = async |client_secret: &str, refresh_token: &str| {
            let app = RefreshGrant::builder(answers.clone(), "local.app", client_secret);
            let server = RefreshGrant::DOCUMENTED_SERVER;
            let grant = app
                .build(server, refresh_token, async |_| Ok::<_, String>(()))
                .unwrap();
            grant.token(None).await.unwrap_err().is_transient()
        };
        let expected = refresh(NOWHERE, NOWHERE).await;
        for secret in parts(code) {
            for found in [refresh(&secret, NOWHERE).await, refresh(NOWHERE, &secret).await] {
                assert_eq!(found, expected, "{secret}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn unknown_code_compares_but_hides_secret() {
    const SECRET: &str = "s3cretCode";
    let code = format!("NO_{SECRET}");
    for pad in [0, 80, 95, 380, 395, 400] {
        let sent = code.clone();
        let text = format!("{}{SECRET} is wrong", "x".repeat(pad));
        let answers = Answers::new(move |method| {
            let error = json!({"error": sent, "error_description": text, "more": [SECRET]});
            match method {
                "imbot.v2.Revision.get" => (200, json!({"result": {"rest": 36}})),
                "batch" => (
                    200,
                    json!({"result": {"result": [], "result_error": {"one": error}}}),
                ),
                _ => (400, error),
            }
        });
        let portal = Portal::webhook("https://acme.example/rest/1/c0dec0de/").unwrap();
        let client = answers.registry().client(&portal);
        let params = json!({"botId": 7, "botToken": SECRET, "dialogId": "chat5", "fields": {"message": "x"}});
        let error = client.call(SEND, params.clone()).await.unwrap_err();
        assert!(error.api_error().unwrap().code == *code, "{error}");
        let call = Call::with_params(SEND, params.as_object().unwrap().clone());
        let replies = client.batch([("one", call)]).await.unwrap();
        assert!(matches!(replies.get("one"), Some(Reply::Error(error)) if error.code == *code));
        for text in [
            error.to_string(),
            format!("{error:?} {error:#?}"),
            format!("{replies:?}"),
        ] {
            assert!(!text.to_lowercase().contains("s3cr"), "{pad}: {text}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn no_answer_makes_large_error() {
    let long = |text: &str| text.repeat(60_000 / text.len());
    let mut answers = Vec::new();
    for text in ["x", "é", "\u{301}", "\""] {
        let text = long(text);
        for status in [200, 302, 303, 404, 502] {
            let host = format!("https://{text}.example");
            let bodies = [
                json!({"error": text, "error_description": text}),
                json!({"error": {"code": text, "message": text}}),
                json!({"result": {"rest": text}}),
                json!({"result": {text.clone(): text}}),
                json!({text.clone(): text}),
            ];
            for body in bodies {
                let host = host.clone();
                answers.push(Answers::raw(move |method| {
                    let location = format!("{host}/rest/1/c0dec0de/{method}");
                    Ok(Response::new(
                        status,
                        Some(location),
                        body.to_string().into_bytes(),
                    ))
                }));
            }
        }
        for error in [
            TransportError::Connect(text.clone()),
            TransportError::Broken(text.clone()),
            TransportError::Tls(text.clone()),
            TransportError::NotHttp(text.clone()),
            TransportError::Client(text.clone()),
        ] {
            answers.push(Answers::raw(move |_| Err(error.clone())));
        }
    }
    let portal = Portal::webhook("https://acme.example/rest/1/c0dec0de/").unwrap();
    for own in answers {
        let registry = own.registry();
        let probed = registry.caps(&portal).await.unwrap_err();
        for text in [probed.to_string(), format!("{probed:?}")] {
            assert!(text.len() <= 1_100, "{}: {text}", text.len());
        }
        if let Err(called) = registry.client(&portal).call("profile", json!({})).await {
            for text in [called.to_string(), format!("{called:?}")] {
                assert!(text.len() <= 1_024, "{}: {text}", text.len());
            }
        }
    }
}
