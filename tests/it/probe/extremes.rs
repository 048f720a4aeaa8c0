//! Numbers of any size, in each place where a number comes from outside: nothing panics, and
//! no wait is longer than a day.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use imbot_caps::clock::Clock;
use imbot_caps::gate::CallError;
use imbot_caps::plan::{Planner, Policy, Step};
use imbot_caps::portal::{AccessToken, RenewedTokens, TokenSource};
use imbot_caps::revision::MAX_REVISION;
use imbot_caps::transport::{Redirects, Request, Response, Transport, TransportError};
use imbot_caps::wire::{BatchReplies, Call, Reply};
use imbot_caps::{Caps, Portal, RefreshGrant, Registry, Revisions, Snapshot, Table};
use serde_json::{Map, Value, json};

use imbot_caps_xtask::facts;

use crate::support::http::sender_claim;

const DAY: Duration = Duration::from_secs(86_400);
const YEAR: Duration = Duration::from_secs(365 * 86_400);
const NOW: Duration = Duration::from_secs(1_795_921_200);

const SEND: &str = "imbot.v2.Chat.Message.send";

/// As JSON writes them: beyond every type, with and without sign and fraction, as text, and
/// what is no number.
fn numbers() -> Vec<String> {
    let nines = "9".repeat(400);
    let numbers = [
        "0",
        "-1",
        "1",
        "35",
        "65535",
        "65536",
        "86400",
        "86401",
        "4294967295",
        "4294967296",
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "1795921200",
        "253402300799",
        "253402300800",
        "0.5",
        "-0.0",
        "1e18",
        "5e-324",
        "1e308",
        "-1e308",
        "1e400",
        "-1e400",
        "\"NaN\"",
        "\"inf\"",
        "\"-Infinity\"",
        "\"1e400\"",
        "\" 7 \"",
        "\"0x10\"",
        "\"\"",
        "null",
        "true",
        "[]",
        "{}",
        "[1]",
    ];
    let quoted = numbers
        .iter()
        .filter(|own| own.starts_with(['-', '0', '1', '9']))
        .map(|own| format!("\"{own}\""));
    let mut all: Vec<String> = numbers.iter().map(ToString::to_string).chain(quoted).collect();
    all.extend([
        nines.clone(),
        format!("-{nines}"),
        format!("\"{nines}\""),
        format!("\"-{nines}\""),
    ]);
    all
}

/// A clock that stands. Pauses pass at once and are noted; deadlines never pass.
#[derive(Clone, Default)]
struct Standing(Arc<Mutex<Vec<Duration>>>);

const DEADLINE: Duration = Duration::from_secs(10);

impl Clock for Standing {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + NOW
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.0.lock().unwrap().push(duration);
        match duration < DEADLINE {
            true => Box::pin(std::future::ready(())),
            false => Box::pin(std::future::pending()),
        }
    }
}

/// Answers each method with a status, `Retry-After` and a body.
#[derive(Clone)]
struct Answers(Arc<dyn Fn(&str) -> Answer + Send + Sync>);

struct Answer(u16, String, String);

impl Transport for Answers {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        let method = request.url().path().rsplit('/').next().unwrap_or_default();
        let Answer(status, retry_after, body) = (self.0)(method);
        let response = Response::new(status, None, body.into_bytes()).with_retry_after(&retry_after);
        Box::pin(std::future::ready(Ok(response)))
    }
}

fn hooked() -> Portal {
    Portal::webhook("https://acme.example/rest/1/c0dec0de/").unwrap()
}

#[track_caller]
fn at_most_a_day(wait: Option<Duration>, what: &str) {
    assert!(wait.is_none_or(|wait| wait <= DAY), "{wait:?}: {what}");
}

#[track_caller]
fn bounded(error: &CallError, what: &str) {
    at_most_a_day(error.retry_after(), what);
    let Some(api) = error.api_error() else { return };
    at_most_a_day(api.retry_after(), what);
    let latest = (NOW + DAY).as_secs();
    assert!(
        api.reset_at.is_none_or(|reset| reset <= latest),
        "{:?}: {what}",
        api.reset_at
    );
}

/// Probes, calls and sends a batch. No number in the answers may do more than fail them.
async fn talk(answers: Answers, what: &str) {
    let clock = Standing::default();
    let registry = Registry::builder(answers)
        .clock(clock.clone())
        .deadline(DEADLINE)
        .build();
    let handle = registry.handle(&hooked());
    for _ in 0..2 {
        match handle.ready().await {
            Ok(caps) => {
                let rest = caps.knowledge().rest();
                assert!(rest.is_none_or(|rest| rest <= MAX_REVISION), "{rest:?}: {what}");
            }
            Err(error) => at_most_a_day(error.retry_after(), what),
        }
    }
    let client = registry.client(&hooked());
    let send = || {
        Call::new(SEND)
            .with("dialogId", "chat1")
            .with("fields", json!({"message": "x"}))
    };
    if let Err(error) = client.send_call(send()).await {
        bounded(&error, what);
    }
    let get = || Call::new("imbot.v2.Event.get").with("offset", 1);
    if let Err(error) = client.send_call(get()).await {
        bounded(&error, what);
    }
    match client.batch([("one", send()), ("two", get())]).await {
        Ok(replies) => replies.iter().for_each(|(_, reply)| read(reply, what)),
        Err(error) => bounded(&error, what),
    }
    for slept in clock.0.lock().unwrap().iter() {
        assert!(*slept <= DAY, "{slept:?}: {what}");
    }
}

fn read(reply: &Reply, what: &str) {
    match reply {
        Reply::Error(error) => at_most_a_day(error.retry_after(), what),
        Reply::Malformed(malformed) => at_most_a_day(malformed.retry_after(), what),
        _ => {}
    }
}

/// Bodies with a place for a number, and the methods that answer so; others answer well.
const BODIES: &[(&str, &str)] = &[
    ("imbot.v2.Revision.get", r#"{"result":{"rest":@}}"#),
    (
        "imbot.v2.Revision.get",
        r#"{"result":{"rest":36,"web":@,"mobile":@,"desktop":@}}"#,
    ),
    ("imbot.v2.Revision.get", r#"{"result":@,"total":@,"next":@}"#),
    (
        "im.revision.get",
        r#"{"result":{"rest":@,"web":@,"mobile":@,"desktop":@}}"#,
    ),
    (
        "",
        r#"{"result":{"rest":36},"time":{"start":@,"finish":@,"duration":@,"processing":@,"operating":@,"operating_reset_at":@}}"#,
    ),
    ("", r#"{"error":"QUERY_LIMIT_EXCEEDED","retryAfter":@}"#),
    (
        "",
        r#"{"error":"OPERATION_TIME_LIMIT","retry_after":@,"time":{"operating":@,"operating_reset_at":@}}"#,
    ),
    (
        "",
        r#"{"error":"OVERLOAD_LIMIT","time":{"operating_reset_at":@}}"#,
    ),
    ("", r#"{"error":@,"error_description":@}"#),
    ("", r#"{"error":{"code":@,"message":@},"retryAfter":@}"#),
    ("", r#"{"result":null,"error":@}"#),
    (
        "batch",
        r#"{"result":{"result":{"one":@,"two":{"events":[{"eventId":@}],"nextOffset":@,"lastEventId":@}},"result_total":{"one":@},"result_next":{"one":@},"result_time":{"one":{"operating":@,"operating_reset_at":@}}}}"#,
    ),
    (
        "batch",
        r#"{"result":{"result":[],"result_error":{"one":{"error":"QUERY_LIMIT_EXCEEDED","retryAfter":@},"two":{"error":@,"retry_after":@}},"result_time":{"one":{"operating_reset_at":@}}}}"#,
    ),
    ("batch", r#"{"result":{"result":@,"result_error":@}}"#),
    (
        "imbot.v2.Event.get",
        r#"{"result":{"events":[{"eventId":@,"date":@}],"nextOffset":@,"lastEventId":@,"hasMore":@}}"#,
    ),
    ("imbot.v2.Chat.Message.send", r#"{"result":{"id":@,"uuidMap":@}}"#),
    ("imbot.message.add", r#"{"result":@}"#),
];

#[tokio::test]
async fn numbers_in_replies_are_bounded() {
    for (method, template) in BODIES {
        for number in numbers() {
            let body = template.replace('@', &number);
            for (status, rest) in [(200, "36"), (503, "30")] {
                let (own, told) = (body.clone(), number.clone());
                let answers = Answers(Arc::new(move |asked| {
                    if asked == *method || method.is_empty() {
                        return Answer(status, String::new(), own.clone());
                    }
                    let good = match asked {
                        "imbot.v2.Revision.get" if *method == "im.revision.get" => {
                            r#"{"error":"ERROR_METHOD_NOT_FOUND"}"#.to_owned()
                        }
                        "imbot.v2.Revision.get" => format!(r#"{{"result":{{"rest":{rest}}}}}"#),
                        _ => format!(r#"{{"result":{told}}}"#),
                    };
                    Answer(200, String::new(), good)
                }));
                talk(answers, &body).await;
            }
        }
    }
}

#[tokio::test]
async fn numbers_in_headers_are_bounded() {
    let dates = [
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Mon, 01 Jan 0001 00:00:00 GMT",
    ];
    let mut headers = numbers();
    headers.extend(dates.map(str::to_owned));
    headers.push("9".repeat(10_000));
    for header in headers {
        let header = header.trim_matches('"').to_owned();
        for status in [
            0, 1, 99, 100, 199, 200, 204, 299, 300, 304, 399, 429, 503, 599, 600, 999, 65_535,
        ] {
            for body in ["", r#"{"error":"OVERLOAD_LIMIT"}"#] {
                let told = header.clone();
                let answers = Answers(Arc::new(move |_| Answer(status, told.clone(), body.to_owned())));
                talk(answers, &header).await;
            }
        }
    }
}

#[tokio::test]
async fn token_server_numbers_are_bounded() {
    for template in [
        r#"{"access_token":"a","refresh_token":"b","expires_in":@,"expires":@,"user_id":@}"#,
        r#"{"access_token":@,"refresh_token":@,"expires_in":3600,"member_id":@,"client_endpoint":@}"#,
        r#"{"error":"server_error","retryAfter":@,"retry_after":@}"#,
        r#"{"error":@,"error_description":@,"expires_in":@}"#,
    ] {
        for number in numbers() {
            let body = template.replace('@', &number);
            let (own, header) = (body.clone(), number.trim_matches('"').to_owned());
            let answers = Answers(Arc::new(move |_| Answer(200, header.clone(), own.clone())));
            let app = RefreshGrant::builder(answers, "local.app", "secret").clock(Standing::default());
            let store = |renewed: RenewedTokens| {
                assert!(
                    renewed.expires_in().is_none_or(|life| life <= YEAR),
                    "{:?}",
                    renewed.expires_in()
                );
                std::future::ready(Ok::<_, String>(()))
            };
            let grant = app
                .build(RefreshGrant::DOCUMENTED_SERVER, "refresh", store)
                .unwrap();
            for _ in 0..2 {
                if let Err(error) = grant.token(Some(&AccessToken::new("old"))).await {
                    at_most_a_day(error.retry_after(), &body);
                }
            }
        }
    }
}

#[tokio::test]
async fn numbers_in_snapshots_are_bounded() {
    let ends = r#"{"least":@,"least_from":"im.revision.get","most":@,"most_from":"im.revision.get"}"#;
    let record = |learned: &str, same: &str, ends: &str| {
        format!(
            r#"{{"format":1,"records":[{{"portal":"https://acme.example","address":"https://acme.example",
            "learned_unix_ms":{learned},"same_since_unix_ms":{same},"known":{{"rest":{ends}}}}}]}}"#
        )
    };
    let good = ends.replace('@', "30");
    for number in numbers() {
        for text in [
            record(&number, &number, &good),
            record(&number, "0", &good),
            record("1795921200000", &number, &good),
            record("1795921200000", "0", &ends.replace('@', &number)),
            record(
                "0",
                "1795921200000",
                &ends.replacen('@', &number, 1).replace('@', "9999"),
            ),
            format!(r#"{{"format":{number},"records":[]}}"#),
        ] {
            let Ok(snapshot) = Snapshot::from_json(&text) else {
                continue;
            };
            let clock = Standing::default();
            let answers = Answers(Arc::new(|_| {
                Answer(200, String::new(), r#"{"result":{"rest":36}}"#.to_owned())
            }));
            let registry = Registry::builder(answers).clock(clock).build();
            registry.restore(&snapshot);
            let again = serde_json::to_string(&registry.snapshot()).unwrap();
            assert_eq!(Snapshot::from_json(again).unwrap().skipped(), [], "{text}");
            registry.caps(&hooked()).await.unwrap();
        }
    }
}

#[test]
fn numbers_in_calls_are_bounded() {
    let numbers: Vec<Value> = numbers()
        .iter()
        .filter_map(|own| serde_json::from_str(own).ok())
        .collect();
    let policy = Policy::default();
    for (method, facts) in facts::documented().unwrap() {
        let (params, result) = (facts::leaves(&facts.params), facts::leaves(&facts.result));
        for number in &numbers {
            let params = facts::params_with(&params, |_| number.clone());
            let result = facts::params_with(&result, |_| number.clone());
            let result = result.get("result").cloned().unwrap_or_else(|| number.clone());
            for rest in [18, 30, 32, 33, 34, 36] {
                let caps = Caps::at(rest);
                let call = Call::with_params(method.clone(), params.clone());
                for result in [&result, number] {
                    let batch = json!({"result": {"0": result, "one": result}, "result_next": number});
                    for result in [result.clone(), batch] {
                        let planned = Planner::new(&caps, &policy).plan(&call);
                        if let Ok(Step::Done(done)) = planned.map(|own| own.take(Reply::Result(result))) {
                            read(done.reply(), &method);
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn numbers_in_addresses_are_bounded() {
    for number in numbers() {
        let text = number.trim_matches('"');
        for address in [
            format!("https://acme.example:{text}/rest/1/c0dec0de/"),
            format!("https://acme.example/rest/{text}/c0dec0de/"),
            format!("https://{text}/rest/1/c0dec0de/"),
            format!("https://[::{text}]/rest/1/c0dec0de/"),
        ] {
            if let Ok(portal) = Portal::webhook(&address) {
                assert!(portal.id().to_string().len() <= 512, "{address}");
            }
        }
        let _ = Redirects::to_hosts([format!("new.example:{text}")]);
        let Ok(value) = serde_json::from_str::<Value>(&number) else {
            continue;
        };
        let auth = json!({
            "application_token": "t", "member_id": value, "client_endpoint": value, "expires": value, "expires_in": value,
        });
        let _ = sender_claim(&json!({"auth": auth, "ts": value}), "t");
        let members: Map<String, Value> = Map::from_iter([("rest".to_owned(), value.clone())]);
        if let Ok(seen) = serde_json::from_value::<Revisions>(Value::Object(members)) {
            assert!(format!("{seen:?}").len() < 200);
        }
        let batch =
            json!({"result": value, "result_error": value, "result_total": value, "result_next": value});
        if let Some(replies) = BatchReplies::read(batch) {
            replies.iter().for_each(|(_, reply)| self::read(reply, &number));
        }
    }
}

#[test]
fn numbers_in_overlays_are_bounded() {
    for number in numbers() {
        let number = number.trim_matches('"');
        for row in [
            format!("requires = {{ rest = {number} }}"),
            format!("requires = {{ rest = 1, until = {number} }}"),
            format!("requires = {{ web = {number} }}"),
        ] {
            let text = format!(
                "title = \"acme\"\nversion = \"0.1.0\"\nrequires = \"^2\"\n\n[[feature]]\nid = \"acme.voice\"\n\
                 title = \"Voice messages\"\nkind = \"new\"\n{row}\napplies = {{ methods = [\"{SEND}\"] }}\n\
                 source = \"https://example.com/acme\"\nconfidence = \"inferred\"\n"
            );
            // Read or refused with a place, and never more.
            if let Err(error) = Table::builtin().with_overlay(&text) {
                assert!(error.to_string().contains("line "), "{error}");
            }
        }
    }
}
