//! Limits of the cloud, by a clock that the test moves.

use std::time::{Duration, UNIX_EPOCH};

use imbot_caps_emulator::{Build, EmulatedPortal, Emulator, RateLimit, Webhook};
use serde_json::json;

use crate::client::{call, get};

const LIST: &str = "imbot.bot.list";

async fn portal() -> EmulatedPortal {
    let portal = Emulator::start_single(Build::rest(33)).await.unwrap();
    portal.clock().stop();
    portal.clock().set(UNIX_EPOCH + Duration::from_secs(60_000));
    portal
}

async fn let_through(portal: &EmulatedPortal, requests: usize) -> usize {
    let mut through = 0;
    for _ in 0..requests {
        through += usize::from(call(portal, "server.time", json!({})).await.status == 200);
    }
    through
}

#[tokio::test]
async fn bucket_matches_the_tariff() {
    for (limit, burst, per_second) in [(RateLimit::standard(), 50, 2), (RateLimit::enterprise(), 250, 5)] {
        let portal = portal().await;
        portal.limit_rate(limit);
        assert_eq!(let_through(&portal, burst + 3).await, burst);
        portal.clock().advance(Duration::from_secs(1));
        assert_eq!(let_through(&portal, per_second + 3).await, per_second);
    }
}

#[tokio::test]
async fn rate_limit_precedes_other_checks() {
    let portal = portal().await;
    portal.limit_rate(RateLimit::new(0, 1));
    let refused = call(&portal, "no.such", json!({})).await.error();
    let text = "Too many requests".to_owned();
    assert_eq!(refused, (503, "QUERY_LIMIT_EXCEEDED".to_owned(), text));
    assert_eq!(portal.count("no.such"), 1);
    portal.set_build(Build::rest(33).on_premise());
    assert_eq!(let_through(&portal, 1).await, 1);
    portal.set_build(Build::rest(33));
    portal.limit_rate(None);
    assert_eq!(let_through(&portal, 1).await, 1);
}

#[tokio::test]
async fn operating_limit_is_per_credential() {
    let portal = portal().await;
    portal.limit_operating(Duration::from_secs(480));
    portal.set_operating(LIST, Duration::from_secs(300));
    let first = call(&portal, LIST, json!({})).await.json();
    assert_eq!(first["time"]["operating"], 300.0);
    assert_eq!(first["time"]["operating_reset_at"], 60_600);
    let batch = call(&portal, "batch", json!({"cmd": {"a": LIST, "b": LIST}})).await;
    let batch = batch.result();
    assert_eq!(batch["result_time"]["a"]["operating"], 600.0);
    assert_eq!(batch["result_error"]["b"]["error"], "OPERATION_TIME_LIMIT");
    let blocked = call(&portal, LIST, json!({})).await;
    assert_eq!(
        (blocked.status, blocked.code().as_str()),
        (429, "OPERATION_TIME_LIMIT")
    );

    assert_eq!(let_through(&portal, 1).await, 1);
    let other = portal.add_webhook(Webhook::new(2, "other"));
    assert_eq!(get(&format!("{other}{LIST}")).await.status, 200);

    portal.clock().advance(Duration::from_secs(599));
    assert_eq!(call(&portal, LIST, json!({})).await.status, 429);
    portal.clock().advance(Duration::from_secs(1));
    assert_eq!(call(&portal, LIST, json!({})).await.status, 200);
}

#[tokio::test]
async fn on_premise_counts_no_time() {
    let portal = portal().await;
    portal.set_build(Build::rest(33).on_premise());
    portal.limit_operating(Duration::ZERO);
    portal.set_operating(LIST, Duration::from_secs(1));
    for _ in 0..2 {
        let answer = call(&portal, LIST, json!({})).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json()["time"].get("operating"), None);
    }
}
