//! Every fault, observed from outside.

use imbot_caps_emulator::{Build, EmulatedPortal, Emulator, Fault, StatusBasis};
use serde_json::json;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::client::{Answer, call, connect, send};

const GET: &str = "imbot.v2.Revision.get";

async fn faulty(fault: Fault) -> EmulatedPortal {
    let portal = Emulator::start_single(Build::rest(33)).await.unwrap();
    portal.fault(fault);
    portal
}

async fn answer(portal: &EmulatedPortal) -> Option<Answer> {
    send("GET", &format!("{}{GET}", portal.webhook_url()), "", b"").await
}

#[tokio::test]
async fn error_status_can_be_overridden() {
    let portal = faulty(Fault::error("PORTAL_DELETED").times(2)).await;
    let text = "Portal was deleted".to_owned();
    let (status, code, said) = answer(&portal).await.unwrap().error();
    assert_eq!((status, code.as_str(), said), (403, "PORTAL_DELETED", text));
    portal.set_build(Build::rest(33).status_basis(StatusBasis::Documented));
    assert_eq!(answer(&portal).await.unwrap().status, 500);
    assert_eq!(answer(&portal).await.unwrap().status, 200);
    portal.fault(Fault::error("QUERY_LIMIT_EXCEEDED").status(429));
    assert_eq!(answer(&portal).await.unwrap().status, 429);
    portal.clear_faults();
    portal.fault(Fault::error("NO_SUCH_CODE"));
    assert_eq!(answer(&portal).await.unwrap().error().0, 400);
}

/// Written from the documentation and the server's source, which disagree.
#[tokio::test]
async fn code_statuses_match_both_sources() {
    let portal = Emulator::start_single(Build::rest(33)).await.unwrap();
    for (code, source, documented) in [
        ("QUERY_LIMIT_EXCEEDED", 503, 503),
        ("OPERATION_TIME_LIMIT", 429, 429),
        ("OVERLOAD_LIMIT", 401, 503),
        ("PORTAL_DELETED", 403, 500),
        ("CONNECTION_ERROR", 401, 401),
        ("ACCESS_DENIED", 401, 403),
        ("INVALID_CREDENTIALS", 401, 403),
        ("INVALID_REQUEST", 401, 400),
        ("insufficient_scope", 401, 403),
        ("expired_token", 401, 401),
        ("NO_AUTH_FOUND", 401, 401),
        ("INTERNAL_SERVER_ERROR", 500, 500),
        ("ERROR_METHOD_NOT_FOUND", 404, 404),
    ] {
        for (statuses, status) in [
            (StatusBasis::Source, source),
            (StatusBasis::Documented, documented),
        ] {
            portal.set_build(Build::rest(33).status_basis(statuses));
            portal.fault(Fault::error(code).once());
            let (found, name, _) = answer(&portal).await.unwrap().error();
            assert_eq!((found, name.as_str()), (status, code), "{statuses:?}");
        }
    }
}

#[tokio::test]
async fn ten_megabytes_arrive_whole() {
    let big = answer(&faulty(Fault::big_body(10_000_000)).await).await.unwrap();
    assert_eq!(big.body.len(), 10_000_000);
}

#[tokio::test]
async fn fault_matches_method_and_count() {
    let portal = faulty(Fault::html(503).on(GET).once()).await;
    assert_eq!(call(&portal, "server.time", json!({})).await.status, 200);
    assert_eq!(answer(&portal).await.unwrap().status, 503);
    assert_eq!(answer(&portal).await.unwrap().status, 200);
    assert_eq!(portal.count(GET), 2);
}

#[tokio::test]
async fn malformed_bodies_are_sent() {
    let html = answer(&faulty(Fault::html(200)).await).await.unwrap();
    assert!(html.status == 200 && html.text().starts_with("<html>"));
    assert!(html.header("content-type").unwrap().starts_with("text/html"));

    let empty = answer(&faulty(Fault::empty_body().status(502)).await)
        .await
        .unwrap();
    assert_eq!((empty.status, empty.text()), (502, ""));

    let big = answer(&faulty(Fault::big_body(1_000_000)).await).await.unwrap();
    assert_eq!(big.body.len(), 1_000_000);
    assert!(big.result().is_string());

    let custom = answer(&faulty(Fault::body(418, "text/plain", "tea")).await)
        .await
        .unwrap();
    assert_eq!((custom.status, custom.text()), (418, "tea"));

    let number = answer(&faulty(Fault::json(200, &json!({"error": 0}))).await)
        .await
        .unwrap();
    assert_eq!(number.json(), json!({"error": 0}));

    let wrong = answer(&faulty(Fault::result(json!({"rest": "many"}))).await)
        .await
        .unwrap();
    assert_eq!(wrong.json()["result"], json!({"rest": "many"}));
    assert!(wrong.json()["time"].is_object());

    let marked = answer(&faulty(Fault::byte_order_mark()).await).await.unwrap();
    assert!(marked.text().starts_with("\u{FEFF}{"));
}

#[tokio::test]
async fn fault_headers_extend_or_replace() {
    for fault in [
        Fault::html(503),
        Fault::error("QUERY_LIMIT_EXCEEDED"),
        Fault::result(json!(1)),
        Fault::byte_order_mark(),
    ] {
        let portal = faulty(
            fault
                .header("Retry-After", "3")
                .header("content-type", "text/plain")
                .header("not a name", "x")
                .header("X-Odd", "two\nlines"),
        )
        .await;
        let answer = answer(&portal).await.unwrap();
        assert_eq!(answer.header("retry-after"), Some("3"));
        assert_eq!(answer.header("content-type"), Some("text/plain"));
        assert_eq!(answer.header("x-odd"), None, "{}", answer.head);
    }
}

#[tokio::test]
async fn redirects_say_where() {
    let portal = faulty(Fault::redirect("https://new.example/rest/").status(307)).await;
    let moved = answer(&portal).await.unwrap();
    assert_eq!(moved.status, 307);
    assert_eq!(moved.header("location"), Some("https://new.example/rest/"));

    let portal = faulty(Fault::moved("https://new.example/").status(308)).await;
    let path = portal.webhook_url().split_once("/rest/").unwrap().1.to_owned();
    let moved = answer(&portal).await.unwrap();
    assert_eq!(moved.status, 308);
    let location = moved.header("location").unwrap();
    let expected = format!("https://new.example/rest/{path}");
    assert!(location.starts_with(&expected), "{location}");
}

#[tokio::test]
async fn connections_break() {
    let half = answer(&faulty(Fault::half_body()).await).await.unwrap();
    assert_eq!(half.body.len(), half.announced() / 2);
    assert!(half.text().starts_with(r#"{"result""#));
    assert!(answer(&faulty(Fault::hang_up()).await).await.is_none());
}

#[tokio::test]
async fn lost_answer_means_call_ran() {
    for (fault, bots) in [(Fault::lose_answer(), 1), (Fault::hang_up(), 0)] {
        let portal = faulty(fault).await;
        let url = format!("{}imbot.v2.Bot.register", portal.webhook_url());
        let form = b"botToken=t&fields[code]=a&fields[properties][name]=A";
        assert!(send("POST", &url, "", form).await.is_none());
        assert_eq!(portal.bots().len(), bots);
        assert_eq!(portal.requests().len(), 1);
    }
}

#[tokio::test]
async fn held_requests_wait_without_sleeping() {
    let (fault, hold) = Fault::hold();
    let portal = faulty(fault).await;
    portal.fault(Fault::html(502).once());
    let requests: Vec<_> = (0..3)
        .map(|_| {
            let portal = portal.clone();
            tokio::spawn(async move { answer(&portal).await.unwrap().status })
        })
        .collect();
    hold.arrived(3).await;
    assert_eq!(portal.count(GET), 3);
    assert!(requests.iter().all(|request| !request.is_finished()));
    hold.release();
    let mut statuses = Vec::new();
    for request in requests {
        statuses.push(request.await.unwrap());
    }
    statuses.sort_unstable();
    // The fault after the hold took one of them.
    assert_eq!(statuses, [200, 200, 502]);
}

#[tokio::test]
async fn dropped_hold_releases_request() {
    let (fault, hold) = Fault::hold();
    let portal = faulty(fault).await;
    drop(hold);
    assert_eq!(answer(&portal).await.unwrap().status, 200);
}

#[tokio::test]
async fn invalid_status_becomes_500() {
    assert_eq!(answer(&faulty(Fault::html(7)).await).await.unwrap().status, 500);
}

#[tokio::test]
async fn reset_differs_from_close() {
    let portal = faulty(Fault::reset().once()).await;
    let mut stream = connect(portal.url()).await.unwrap();
    stream
        .write_all(b"GET /rest/server.time HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await
        .unwrap();
    let error = stream.read_to_end(&mut Vec::new()).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    assert_eq!(answer(&portal).await.unwrap().status, 200);
}

#[tokio::test]
async fn drip_follows_the_clock() {
    let portal = faulty(Fault::drip(10, Duration::from_secs(1))).await;
    portal.clock().stop();
    let path = portal.webhook_url().replace(portal.url(), "/");
    let mut stream = connect(portal.url()).await.unwrap();
    let request = format!("GET {path}server.time HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut received = Vec::new();
    let body = |received: &[u8]| {
        let text = String::from_utf8(received.to_vec()).unwrap();
        text.split_once("\r\n\r\n").map(|(_, body)| body.len())
    };
    for pieces in 1..=3 {
        while body(&received).unwrap_or(0) < pieces * 10 {
            assert_ne!(stream.read_buf(&mut received).await.unwrap(), 0);
        }
        assert_eq!(body(&received), Some(pieces * 10));
        portal.clock().advance(Duration::from_secs(1));
    }
    // The rest comes as fast as the clock is moved.
    let reading = tokio::spawn(async move {
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).await.unwrap();
        rest
    });
    while !reading.is_finished() {
        portal.clock().advance(Duration::from_secs(1));
        tokio::task::yield_now().await;
    }
    received.extend(reading.await.unwrap());
    assert!(String::from_utf8(received).unwrap().ends_with("}}"));
}

#[tokio::test]
async fn fault_probability_is_deterministic() {
    let mut runs = Vec::new();
    for seed in [7, 7, 8] {
        let portal = faulty(Fault::html(502).with_probability(0.5, seed)).await;
        let mut statuses = Vec::new();
        for _ in 0..64 {
            statuses.push(answer(&portal).await.unwrap().status);
        }
        let failed = statuses.iter().filter(|status| **status == 502).count();
        assert!((16..48).contains(&failed), "{failed}");
        runs.push(statuses);
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
    for (probability, status) in [(0.0, 200), (1.0, 502)] {
        let portal = faulty(Fault::html(502).with_probability(probability, 1)).await;
        assert_eq!(answer(&portal).await.unwrap().status, status);
    }
}

#[tokio::test]
async fn one_batch_command_fails() {
    let portal = faulty(
        Fault::error("INTERNAL_SERVER_ERROR")
            .on(GET)
            .inside_batch()
            .once(),
    )
    .await;
    portal.fault(Fault::result(json!("late")).on("server.time").inside_batch());
    // Of whole answers: it fits no command, and no request either.
    portal.fault(Fault::html(502).inside_batch());
    let cmd = json!({"a": GET, "b": GET, "c": "server.time"});
    let batch = call(&portal, "batch", json!({"cmd": cmd})).await.result();
    assert_eq!(batch["result_error"]["a"]["error"], "INTERNAL_SERVER_ERROR");
    assert_eq!(batch["result"]["b"]["rest"], 33);
    assert_eq!(batch["result"]["c"], "late");
    assert_eq!(answer(&portal).await.unwrap().result()["rest"], 33);
}

#[tokio::test]
async fn any_error_shape_and_status() {
    for error in [
        json!(""),
        json!("0"),
        json!(22002),
        json!({"code": "X"}),
        json!(null),
    ] {
        let body = json!({"error": error, "error_description": "odd"});
        let odd = answer(&faulty(Fault::json(400, &body)).await).await.unwrap();
        assert_eq!((odd.status, odd.json()), (400, body));
    }
    let cheerful = answer(&faulty(Fault::error("BOT_NOT_FOUND").status(200)).await).await;
    assert_eq!(cheerful.unwrap().error().0, 200);
}
