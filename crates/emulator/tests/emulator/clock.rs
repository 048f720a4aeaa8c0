//! What depends on the time, by a clock that the test moves.

use std::time::{Duration, UNIX_EPOCH};

use imbot_caps_emulator::{Build, Emulator, Fault, OauthToken};
use serde_json::json;

use crate::client::{call, post};

const DAY: u64 = 86_400;

#[tokio::test]
async fn portals_share_the_emulator_clock() {
    let emulator = Emulator::start().await.unwrap();
    let clock = emulator.clock();
    clock.stop();
    clock.set(UNIX_EPOCH + Duration::from_secs(1_775_088_000));
    for portal in [emulator.portal(Build::rest(33)), emulator.portal(Build::rest(30))] {
        assert_eq!(portal.clock().now(), clock.now());
        let answer = call(&portal, "server.time", json!({})).await.json();
        assert_eq!(answer["result"], "2026-04-02T00:00:00+00:00");
        assert_eq!(answer["time"]["start"], 1_775_088_000.0);
        assert_eq!(answer["time"]["duration"], 0.0);
    }
}

#[tokio::test]
async fn token_expires_after_an_hour() {
    let portal = Emulator::start_single(Build::rest(33)).await.unwrap();
    let clock = portal.clock();
    clock.stop();
    portal.add_token(OauthToken::new("hour", "local.app"));
    portal.add_token(OauthToken::new("day", "local.app").lifetime(Duration::from_secs(DAY)));
    let url = format!("{}server.time", portal.rest_url());
    clock.advance(Duration::from_secs(3_599));
    assert_eq!(post(&url, &json!({"auth": "hour"})).await.status, 200);
    clock.advance(Duration::from_secs(1));
    assert_eq!(post(&url, &json!({"auth": "hour"})).await.code(), "expired_token");
    assert_eq!(post(&url, &json!({"auth": "day"})).await.status, 200);
}

#[tokio::test]
async fn dated_rule_starts_on_its_day() {
    let portal = Emulator::start_single(Build::rest(36)).await.unwrap();
    let midnight = UNIX_EPOCH + Duration::from_secs(20_671 * DAY); // 2026-08-06
    let fields = json!({"code": "ann", "properties": {"name": "Ann"}, "botToken": "x".repeat(41)});
    let params = json!({"fields": fields});
    portal.clock().stop();
    portal.clock().set(midnight - Duration::from_secs(1));
    let method = "imbot.v2.Bot.register";
    assert_eq!(call(&portal, method, params.clone()).await.status, 200);
    portal.clock().advance(Duration::from_secs(1));
    assert_eq!(
        call(&portal, method, params.clone()).await.code(),
        "BOT_TOKEN_INVALID_LENGTH"
    );
    // A build below the revision of the rule never has it.
    portal.set_build(Build::rest(35));
    assert_eq!(call(&portal, method, params).await.status, 200);
}

#[tokio::test]
async fn latency_follows_stopped_clock() {
    let portal = Emulator::start_single(Build::rest(33)).await.unwrap();
    let clock = portal.clock();
    clock.stop();
    let (hold, held) = Fault::hold();
    portal.fault(hold);
    portal.fault(Fault::latency(Duration::from_secs(30)).once());
    let asked = tokio::spawn({
        let portal = portal.clone();
        async move { call(&portal, "server.time", json!({})).await.status }
    });
    held.arrived(1).await;
    held.release();
    // The clock stands, so that the request waits however long this takes.
    assert_eq!(call(&portal, "server.time", json!({})).await.status, 200);
    assert!(!asked.is_finished());
    clock.advance(Duration::from_secs(30));
    assert_eq!(asked.await.unwrap(), 200);
}

#[tokio::test]
async fn running_clock_delays_in_realtime() {
    let portal = Emulator::start_single(Build::rest(33)).await.unwrap();
    portal.fault(Fault::latency(Duration::from_millis(20)));
    let before = portal.clock().now();
    assert_eq!(call(&portal, "server.time", json!({})).await.status, 200);
    assert!(portal.clock().now() >= before + Duration::from_millis(20));
}
