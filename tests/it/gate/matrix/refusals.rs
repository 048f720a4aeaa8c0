//! A refusal is fresh: every refused call of the matrix, with the portal upgraded since,
//! as it was, or out of reach. The clock stands.

use imbot_caps::freshness::Lifetimes;
use imbot_caps::gate::RefusedError;
use imbot_caps::gate::{CallError, Client, Gate};
use imbot_caps::{Knowledge, Portal, Requirement};
use imbot_caps_emulator::Fault;
use serde_json::json;

use super::*;
use crate::support::fixture::{HOUR, MINUTE, SECOND, Stage, closed, overloaded, scoped};
use crate::support::http::REVISION;

const UPDATE: &str = "imbot.v2.Bot.update";
const SEND: &str = "imbot.v2.Chat.Message.send";

fn rotation() -> Json {
    json!({"botId": 7, "botToken": "t0ken-of-the-bot", "fields": {"botToken": "new"}})
}

fn keyboard_call() -> Call {
    Call::with_params(SEND, keyboard().as_object().cloned().unwrap_or_default())
}

/// Refused before REST 24, and never dangerous.
fn keyboard() -> Json {
    let keyboard = json!({"BUTTONS": [{"TEXT": "x", "ACTION": "SEND", "ACTION_VALUE": "y"}]});
    json!({"botId": 7, "botToken": "t", "dialogId": "chat5", "fields": {"message": "x", "keyboard": keyboard}})
}

fn probes(portal: &EmulatedPortal) -> usize {
    let requests = portal.take_requests();
    requests.iter().filter(|own| own.method == REVISION).count()
}

fn refused(result: Result<Json, CallError>) -> Option<RefusedError> {
    result.err().and_then(|error| error.refused().cloned())
}

#[tokio::test]
async fn stale_refusal_starts_probe() {
    let stage = Stage::set().await;
    let calls = calls();
    let full = calls.values().map(|(call, _)| call.clone());
    let single = parameters(&calls).into_iter().map(|(_, _, call)| call);
    let calls: Vec<Call> = full.chain(single).collect();
    let (mut refusals, mut sent) = (0, 0);
    for column in columns() {
        for call in &calls {
            for scene in ["upgraded", "as it was", "unreachable"] {
                let (portal, handle) = stage.portal(column.build.clone());
                let client = Gate::new(&stage.registry).client(handle.portal());
                handle.pin(*column.caps.knowledge());
                let planned = client.plan(call);
                let lacks = planned.is_err_and(|own| own.unsupported().is_some());
                handle.unpin();
                if !lacks {
                    break;
                }
                handle.ready().await.unwrap();
                stage.clock.advance(2 * MINUTE);
                probes(&portal);
                refusals += 1;
                match scene {
                    "upgraded" => portal.set_build(Build::rest(36)),
                    "unreachable" => portal.fault(overloaded()),
                    _ => {}
                }
                let case = format!("{call:?} on {}, {scene}", column.label);
                let first = refused(client.send_call(call.clone()).await);
                let asked = probes(&portal);
                assert_eq!(asked, 1, "{case}: {first:?}");
                let now = client.plan(call);
                match scene {
                    "upgraded" => {
                        let is_sent = now.is_ok();
                        assert_eq!(first.is_none(), is_sent, "{case}: {first:?}");
                        sent += usize::from(is_sent);
                        continue;
                    }
                    "unreachable" => {
                        let first = first.unwrap();
                        assert_eq!(first.answer_age(), Some(2 * MINUTE), "{case}");
                        assert!(first.probe_error().is_some(), "{case}");
                        let shown = first.to_string();
                        assert!(shown.contains("answered 2 minutes ago"), "{case}: {shown}");
                        assert!(shown.contains("could not be asked again"), "{case}: {shown}");
                    }
                    _ => assert_eq!(first.unwrap().answer_age(), Some(Default::default()), "{case}"),
                }
                assert!(refused(client.send_call(call.clone()).await).is_some(), "{case}");
                assert_eq!(probes(&portal), 0, "{case}: within the minute");
            }
        }
    }
    assert!(refusals > 300 && sent > 100, "{refusals}, {sent}");
}

#[tokio::test]
async fn rotation_after_upgrade_is_sent() {
    let stage = Stage::set().await;
    let (portal, handle) = stage.portal(Build::rest(34));
    let client = Gate::new(&stage.registry).client(handle.portal());
    let fields = json!({
        "code": "ann", "properties": {"name": "Ann"}, "botToken": "t0ken-of-the-bot", "eventMode": "fetch",
    });
    let made = client
        .call("imbot.v2.Bot.register", json!({"fields": fields}))
        .await
        .unwrap();
    portal.set_build(Build::rest(36));
    portal.take_requests();
    let mut params = rotation();
    params["botId"] = made["bot"]["id"].clone();
    client.call(UPDATE, params).await.unwrap();
    let asked: Vec<String> = portal.take_requests().into_iter().map(|own| own.method).collect();
    assert_eq!(asked, [REVISION, UPDATE]);
    let by_new = json!({"botId": made["bot"]["id"], "botToken": "new"});
    client.call("imbot.v2.Bot.get", by_new).await.unwrap();
}

#[tokio::test]
async fn thousand_refusals_start_one_probe() {
    for (method, params) in [(UPDATE, rotation()), (SEND, keyboard())] {
        for fault in [None, Some(overloaded())] {
            let stage = Stage::set().await;
            let (portal, handle) = stage.known(Build::rest(20)).await;
            stage.clock.advance(2 * MINUTE);
            fault.into_iter().for_each(|fault| portal.fault(fault));
            let storm = async || {
                let calls: Vec<_> = (0..1_000)
                    .map(|nth| {
                        // Of many gates.
                        let client = match nth % 2 {
                            0 => stage.registry.client(handle.portal()),
                            _ => Gate::new(&stage.registry).client(handle.portal()),
                        };
                        let params = params.clone();
                        tokio::spawn(async move { client.call(method, params).await })
                    })
                    .collect();
                for call in calls {
                    assert!(refused(call.await.unwrap()).is_some());
                }
            };
            storm().await;
            assert_eq!(probes(&portal), 1, "{method}");
            // The first pause of a failure is over, and the minute is not.
            stage.clock.advance(59 * SECOND);
            storm().await;
            assert_eq!(probes(&portal), 0, "{method}");
            stage.clock.advance(SECOND);
            storm().await;
            assert_eq!(probes(&portal), 1, "{method}");
        }
    }
}

#[cfg(all(feature = "reqwest-middleware", feature = "tower"))]
#[tokio::test]
async fn every_adapter_probes_before_refusal() {
    use imbot_caps::gate::{GateError, GateLayer, GateMiddleware};
    use reqwest_middleware::ClientBuilder;
    use tower::{Layer, ServiceExt};

    let stage = Stage::set().await;
    let gate = Gate::new(&stage.registry);
    for adapter in ["client", "tower", "middleware"] {
        let (portal, handle) = stage.known(Build::rest(20)).await;
        stage.clock.advance(2 * MINUTE);
        portal.set_build(Build::rest(36));
        let call = keyboard_call();
        let is_refused = match adapter {
            "client" => refused(gate.client(handle.portal()).send_call(call).await).is_some(),
            "tower" => {
                let sender = tower::service_fn(|_: Call| async {
                    Ok::<_, std::convert::Infallible>(imbot_caps::wire::Reply::Result(json!({})))
                });
                let service = GateLayer::new(&gate, handle.portal()).layer(sender);
                matches!(service.oneshot(call).await, Err(GateError::Refused(_)))
            }
            _ => {
                let client = ClientBuilder::new(reqwest::Client::new())
                    .with(GateMiddleware::new(&gate))
                    .build();
                let url = format!("{}{SEND}", portal.webhook_url());
                let body = keyboard().to_string();
                let request = client.post(url).header("content-type", "application/json");
                request.body(body).send().await.is_err()
            }
        };
        assert!(!is_refused, "{adapter}");
        assert_eq!(probes(&portal), 1, "{adapter}");
    }
}

#[tokio::test]
async fn fresh_pinned_capped_refusals_skip_probe() {
    let stage = Stage::set().await;
    let (portal, handle) = stage.known(Build::rest(20)).await;
    let client = stage.registry.client(handle.portal());
    stage.clock.advance(59 * SECOND);
    portal.set_build(Build::rest(36));
    let error = refused(client.call(SEND, keyboard()).await).unwrap();
    assert_eq!(error.answer_age(), Some(59 * SECOND));
    assert_eq!(probes(&portal), 0, "young");

    stage.clock.advance(HOUR / 2);
    let call = keyboard_call();
    assert!(client.plan(&call).is_err());
    handle.pin(Knowledge::pinned(20));
    for (method, params) in [(SEND, keyboard()), (UPDATE, rotation())] {
        let error = refused(client.call(method, params).await).unwrap();
        assert_eq!(error.answer_age(), None);
    }
    assert_eq!(probes(&portal), 0, "pinned");

    let stage = Stage::with(|builder| builder.max_revision(20)).await;
    let (portal, handle) = stage.known(Build::rest(36)).await;
    let client = stage.registry.client(handle.portal());
    stage.clock.advance(2 * MINUTE);
    for (method, params) in [(SEND, keyboard()), (UPDATE, rotation())] {
        assert!(refused(client.call(method, params).await).is_some());
    }
    assert_eq!(probes(&portal), 0, "capped");
    assert!(!handle.caps().supports(Requirement::rest("acme.later", 21)));
}

#[tokio::test]
async fn refusal_age_is_configurable() {
    for (age, expected) in [(HOUR / 2, 0), (Default::default(), 3)] {
        let stage = Stage::with(|builder| builder.lifetimes(Lifetimes::new().max_refusal_age(age))).await;
        let (portal, handle) = stage.known(Build::rest(20)).await;
        let client = stage.registry.client(handle.portal());
        for _ in 0..3 {
            assert!(refused(client.call(SEND, keyboard()).await).is_some());
        }
        assert_eq!(probes(&portal), expected, "{age:?}");
    }
}

#[tokio::test]
async fn cancelled_refusal_keeps_probe_running() {
    let stage = Stage::set().await;
    let (portal, handle) = stage.known(Build::rest(20)).await;
    let client = stage.registry.client(handle.portal());
    stage.clock.advance(2 * MINUTE);
    portal.set_build(Build::rest(36));
    let (hold, held) = Fault::hold();
    portal.fault(hold.on(REVISION));
    let call = |client: &Client| {
        let client = client.clone();
        tokio::spawn(async move { client.call(SEND, keyboard()).await })
    };
    let first = call(&client);
    held.arrived(1).await;
    first.abort();
    let second = call(&client);
    assert!(first.await.is_err());
    held.release();
    assert!(refused(second.await.unwrap()).is_none());
    assert_eq!(probes(&portal), 1);
}

/// The portal with a webhook that it does not have.
fn bad(portal: &EmulatedPortal, code: &str) -> Portal {
    let url = format!("{}/rest/1/{code}/", portal.url().trim_end_matches('/'));
    Portal::builder().allow_http().webhook(&url).unwrap()
}

#[tokio::test]
async fn bad_credential_blocks_no_probe() {
    for (method, params, rest, poor) in [
        (UPDATE, rotation(), 34, "wrong"),
        (UPDATE, rotation(), 34, "without scope"),
        (SEND, keyboard(), 20, "wrong"),
    ] {
        let case = format!("{method}, {poor}");
        let stage = Stage::set().await;
        let (portal, handle) = stage.known(Build::rest(rest)).await;
        let poor = ["badbadbad1", "badbadbad2"].map(|code| match poor {
            "wrong" => bad(&portal, code),
            _ => scoped(&portal, code, &["user"]),
        });
        stage.clock.advance(2 * MINUTE);
        portal.set_build(Build::rest(36));
        let call = async |portal: &Portal| {
            let client = stage.registry.client(portal);
            refused(client.call(method, params.clone()).await).is_some()
        };
        for poor in &poor {
            for expected in [1, 0, 0] {
                assert!(call(poor).await, "{case}");
                assert_eq!(probes(&portal), expected, "{case}");
            }
        }
        assert!(!call(handle.portal()).await, "{case}");
        assert_eq!(probes(&portal), 1, "{case}");
    }
}

#[tokio::test]
async fn good_credential_retries_after_bad() {
    let stage = Stage::set().await;
    let (portal, handle) = stage.known(Build::rest(20)).await;
    stage.clock.advance(2 * MINUTE);
    portal.set_build(Build::rest(36));
    let (hold, held) = Fault::hold();
    portal.fault(hold.on(REVISION));
    let call = |portal: &Portal| {
        let client = stage.registry.client(portal);
        tokio::spawn(async move { refused(client.call(SEND, keyboard()).await).is_some() })
    };
    let first = call(&bad(&portal, "badbadbad1"));
    held.arrived(1).await;
    let second = call(handle.portal());
    tokio::task::yield_now().await;
    held.release();
    assert!(!second.await.unwrap());
    assert!(!first.await.unwrap(), "the portal itself refuses it");
    assert_eq!(probes(&portal), 2);
}

#[tokio::test]
async fn unconfirmed_rotation_probes_once() {
    let limited = || Fault::error("QUERY_LIMIT_EXCEEDED");
    for (scene, fault, pause) in [
        ("limited", Some(limited()), MINUTE),
        ("overloaded", Some(overloaded()), MINUTE),
        // The pause is a little longer or shorter for each portal.
        ("closed", Some(closed()), 2 * MINUTE),
        ("restored from a backup", None, MINUTE),
    ] {
        let stage = Stage::set().await;
        let (portal, handle) = stage.known(Build::rest(36)).await;
        let client = stage.registry.client(handle.portal());
        let fails = fault.is_some();
        match fault {
            Some(fault) => portal.fault(fault.on(REVISION)),
            None => portal.set_build(Build::rest(34)),
        }
        let asks = async |times: usize| {
            for _ in 0..times {
                let refusal = refused(client.call(UPDATE, rotation()).await).unwrap();
                assert_eq!(refusal.probe_error().is_some(), fails, "{scene}: {refusal}");
            }
            let requests = portal.take_requests();
            assert!(requests.iter().all(|own| own.method == REVISION), "{scene}");
            requests.len()
        };
        assert_eq!(asks(20).await, 1, "{scene}");
        stage.clock.advance(59 * SECOND);
        assert_eq!(asks(20).await, 0, "{scene}");
        stage.clock.advance(pause - 59 * SECOND);
        assert_eq!(asks(20).await, 1, "{scene}");
        portal.clear_faults();
        portal.set_build(Build::rest(36));
        stage.clock.advance(HOUR / 2);
        assert!(
            refused(client.call(UPDATE, rotation()).await).is_none(),
            "{scene}"
        );
        let sent: Vec<_> = portal.take_requests().into_iter().map(|own| own.method).collect();
        assert_eq!(sent, [REVISION, UPDATE], "{scene}");
    }
}

/// Requests whose parameters a gate does not see: how they are written.
#[cfg(all(feature = "reqwest-middleware", feature = "tower"))]
fn unread_request(portal: &EmulatedPortal, form: &str) -> reqwest::Request {
    const METHOD: &str = "imbot.v2.Bot.list";
    let (suffix, content_type, body) = match form {
        "xml" => (".xml", "application/json", r#"{"botId":7}"#.to_owned()),
        "deep" => ("", "application/json", "[".repeat(200) + &"]".repeat(200)),
        "gzip" => ("", "application/json", "\u{1f}".to_owned()),
        _ => ("", "multipart/form-data; boundary=x", "--x--\r\n".to_owned()),
    };
    let url = format!("{}{METHOD}{suffix}", portal.webhook_url());
    let mut request = reqwest::Client::new()
        .post(url)
        .header("content-type", content_type);
    if form == "gzip" {
        request = request.header("content-encoding", "gzip");
    }
    request.body(body).build().unwrap()
}

#[cfg(all(feature = "reqwest-middleware", feature = "tower"))]
#[tokio::test]
async fn unreadable_request_probes_before_refusal() {
    use imbot_caps::gate::{GateError, GateMiddleware, HttpGateLayer};
    use tower::{Layer, ServiceExt};

    let stage = Stage::set().await;
    let gate = Gate::new(&stage.registry);
    let middleware = reqwest_middleware::ClientBuilder::new(reqwest::Client::new())
        .with(GateMiddleware::new(&gate))
        .build();
    for form in ["multipart", "xml", "gzip", "deep"] {
        for adapter in ["middleware", "tower"] {
            for scene in ["upgraded", "as it was", "unreachable"] {
                let case = format!("{form}, {adapter}, {scene}");
                let (portal, _) = stage.known(Build::rest(30)).await;
                let is_sent = async || {
                    let request = unread_request(&portal, form);
                    match adapter {
                        "tower" => {
                            let service = HttpGateLayer::new(&gate).layer(reqwest::Client::new());
                            let answer = service.oneshot(request).await;
                            !matches!(answer, Err(GateError::Unreadable(_)))
                        }
                        _ => middleware.execute(request).await.is_ok(),
                    }
                };
                assert!(!is_sent().await, "{case}");
                assert_eq!(probes(&portal), 0, "{case}: the answer is young");
                stage.clock.advance(5 * MINUTE);
                match scene {
                    "upgraded" => portal.set_build(Build::rest(36)),
                    "unreachable" => portal.fault(overloaded()),
                    _ => {}
                }
                assert_eq!(is_sent().await, scene == "upgraded", "{case}");
                let requests = portal.take_requests();
                let before = requests.iter().take_while(|own| own.method == REVISION);
                assert_eq!(before.count(), 1, "{case}");
                // The emulator has no answers in XML, and says that the method is absent.
                if (form, scene) != ("xml", "upgraded") {
                    assert_eq!(is_sent().await, scene == "upgraded", "{case}");
                    assert_eq!(probes(&portal), 0, "{case}: within the minute");
                }
            }
        }
    }
}
