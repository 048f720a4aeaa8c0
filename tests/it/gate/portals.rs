//! Which portals the gates of HTTP requests gate: what went over the wire to each.

use imbot_caps::gate::{Gate, GateMiddleware, HttpGateLayer, PortalPattern};
use imbot_caps::{Portal, Snapshot};
use imbot_caps_emulator::{Build, EmulatedPortal};
use reqwest::{Client, Method, Request};
use serde_json::json;
use tower::{Layer, ServiceExt};

use crate::support::fixture::Stage;
use crate::support::http::{asked, webhook};

const SEND: &str = "imbot.v2.Chat.Message.send";
const OLDER_SEND: &str = "imbot.message.add";
const ADAPTERS: [&str; 2] = ["middleware", "layer"];

/// A call that an older portal takes in another form only.
fn call(url: &str) -> Request {
    let mut request = Request::new(Method::POST, url.parse().unwrap());
    let json = "application/json".parse().unwrap();
    request.headers_mut().insert("content-type", json);
    let params = json!({"botId": 7, "botToken": "t", "dialogId": "1", "fields": {"message": "Hello"}});
    *request.body_mut() = Some(params.to_string().into());
    request
}

fn link(url: &str) -> Request {
    Request::new(Method::GET, url.parse().unwrap())
}

async fn send(adapter: &str, gate: &Gate, portals: PortalPattern, request: Request) {
    let sent = match adapter {
        "layer" => {
            let layer = HttpGateLayer::new(gate).portals(portals);
            layer.layer(Client::new()).oneshot(request).await.is_ok()
        }
        _ => {
            let client = reqwest_middleware::ClientBuilder::new(Client::new())
                .with(GateMiddleware::new(gate).portals(portals))
                .build();
            client.execute(request).await.is_ok()
        }
    };
    assert!(sent, "{adapter}");
}

fn own_host(portal: &EmulatedPortal) -> String {
    let url: reqwest::Url = portal.url().parse().unwrap();
    format!("{}:{}", url.host_str().unwrap(), url.port().unwrap())
}

/// Whether a call to the portal goes through a gate: then it is asked for its revision, and
/// the call comes in the older form.
async fn is_gated(adapter: &str, gate: &Gate, portals: PortalPattern, portal: &EmulatedPortal) -> bool {
    send(
        adapter,
        gate,
        portals,
        call(&format!("{}{SEND}", portal.webhook_url())),
    )
    .await;
    let asked = asked(portal);
    let is_gated = asked.iter().any(|method| method == OLDER_SEND);
    assert!(
        is_gated || asked == [SEND],
        "untouched, and nothing besides: {asked:?}"
    );
    is_gated
}

#[tokio::test]
async fn user_link_starts_no_probe() {
    for adapter in ADAPTERS {
        let stage = Stage::set().await;
        let gate = Gate::new(&stage.registry);
        // It is at the same origin as the one that is registered.
        let (_, _handle) = stage.known(Build::rest(36)).await;
        let inner = stage.emulator.portal(Build::rest(36));
        let (hook, rest) = (inner.webhook_url(), inner.rest_url());
        let links = [
            link(&format!("{hook}imbot.v2.Bot.list?botToken=x")),
            link(&format!("{hook}batch?cmd[a]=imbot.v2.Bot.list")),
            link(&format!("{rest}imbot.v2.Bot.list?auth=t0ken")),
            call(&format!("{hook}{SEND}")),
            call(&format!("{rest}{SEND}?access_token=t0ken")),
            call(&format!("{hook}imbot.v2.Chat.Message.sned")),
        ];
        for request in links {
            send(adapter, &gate, PortalPattern::registered(), request).await;
            assert_eq!(asked(&inner).len(), 1, "{adapter}: the link alone");
        }
        assert!(stage.registry.get(webhook(&inner).id()).is_none());
        let report = gate.report();
        assert_eq!(report.unregistered, 5, "{adapter}");
        assert!(report.features.is_empty() && report.unknown_names.is_empty());
        let text = report.to_string();
        assert!(
            text.contains("not registered: 5; they went on without the gate"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn registered_portals_are_gated() {
    for adapter in ADAPTERS {
        for by in ["portal", "warm_up", "restore", "client"] {
            let stage = Stage::set().await;
            let gate = Gate::new(&stage.registry);
            let portal = stage.emulator.portal(Build::rest(30));
            assert!(!is_gated(adapter, &gate, PortalPattern::registered(), &portal).await);
            let at = webhook(&portal);
            match by {
                "portal" => drop(stage.registry.handle(&at)),
                "warm_up" => drop(stage.registry.warm_up([at]).run().await),
                "client" => drop(gate.client(&at)),
                _ => {
                    let other = imbot_caps::Registry::new();
                    other.caps(&at).await.unwrap();
                    let json = serde_json::to_string(&other.snapshot()).unwrap();
                    let snapshot = Snapshot::from_json(json).unwrap();
                    assert_eq!(stage.registry.restore(&snapshot).taken, 1);
                }
            }
            asked(&portal);
            assert!(
                is_gated(adapter, &gate, PortalPattern::registered(), &portal).await,
                "{adapter}, {by}"
            );
        }
    }
}

#[tokio::test]
async fn pattern_gates_http_if_allowed() {
    for adapter in ADAPTERS {
        let stage = Stage::set().await;
        for (portals, gated) in [
            (
                (|host: &str| PortalPattern::hosts([host]).unwrap()) as fn(&str) -> PortalPattern,
                false,
            ),
            (|_| PortalPattern::any(), false),
            (|host| PortalPattern::hosts([host]).unwrap().allow_http(), true),
            (|_| PortalPattern::any().allow_http(), true),
            (
                |host| {
                    PortalPattern::hosts([&host[..host.len() - 1]])
                        .unwrap()
                        .allow_http()
                },
                false,
            ),
            (
                |host| {
                    let host = host.split(':').next().unwrap();
                    PortalPattern::hosts([host]).unwrap().allow_http()
                },
                false,
            ),
        ] {
            let gate = Gate::new(&stage.registry);
            let portal = stage.emulator.portal(Build::rest(30));
            let portals = portals(&own_host(&portal));
            let text = format!("{adapter}: {portals:?}");
            assert_eq!(is_gated(adapter, &gate, portals, &portal).await, gated, "{text}");
            assert_eq!(gate.report().unregistered, u64::from(!gated), "{text}");
        }
    }
}

/// The same host at https is another portal.
#[tokio::test]
async fn https_portal_gates_no_http() {
    let stage = Stage::set().await;
    let portal = stage.emulator.portal(Build::rest(30));
    let secure = portal.webhook_url().replacen("http://", "https://", 1);
    let _handle = stage.registry.handle(&Portal::webhook(&secure).unwrap());
    for adapter in ADAPTERS {
        let gate = Gate::new(&stage.registry);
        assert!(!is_gated(adapter, &gate, PortalPattern::registered(), &portal).await);
    }
}
