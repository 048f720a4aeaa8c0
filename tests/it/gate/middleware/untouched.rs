//! What goes on byte for byte: calls that the portal takes, and what is no call.

use imbot_caps_emulator::{Emulator, Webhook};

use super::*;
use crate::support::http::webhook;

/// Requests of many shapes, none of which a portal of today needs to have changed.
fn shapes(portal: &EmulatedPortal) -> Vec<Request> {
    let hook = portal.webhook_url();
    let rest = portal.rest_url();
    let odd = " {\"botToken\" : \"x\",\r\n \"fields\":{\"code\":\"\\u0061\",  \"n\":1.50} } ";
    let mut traced = post(&format!("{hook}imbot.v2.Bot.list"), JSON, odd);
    traced.headers_mut().insert("x-trace", "7".parse().unwrap());
    traced.headers_mut().append("x-trace", "8".parse().unwrap());
    traced
        .headers_mut()
        .insert("accept-encoding", "identity".parse().unwrap());
    *traced.timeout_mut() = Some(std::time::Duration::from_secs(9));
    let batch = r#"{"halt":0,"cmd":{"b":"imbot.v2.Bot.list?botToken=%61","a":"server.time"}}"#;
    vec![
        traced,
        post(
            &format!("{hook}{SEND}.json/?a=%41&b[]=1"),
            FORM,
            "botId=1&fields%5Bmessage%5D=%61+b&&x",
        ),
        request(
            Method::GET,
            &format!("{hook}{SEND}?botId=1&dialogId=chat%31&fields[message]=b"),
            "",
            "",
        ),
        post(&format!("{hook}{SEND}"), JSON, "{ broken"),
        post(&format!("{hook}{SEND}"), "text/plain", "\u{feff}[1]"),
        post(&format!("{hook}batch"), JSON, batch),
        post(&format!("{rest}imbot.v2.Bot.list?auth={TOKEN}&x=%20"), JSON, "{}"),
        post(
            &format!("{rest}imbot.v2.Bot.list"),
            FORM,
            format!("access_token={TOKEN}"),
        ),
    ]
}

/// Requests that are none of the gate's, on any portal.
fn strangers(portal: &EmulatedPortal) -> Vec<Request> {
    let hook = portal.webhook_url();
    let rest = portal.rest_url();
    let full = r#"{"botId":1,"dialogId":"1","fields":{"system":true}}"#;
    let batch = r#"{"cmd":{"a":"server.time","b":"crm.deal.list?x[]=1"}}"#;
    vec![
        post(&format!("{hook}profile.xml"), JSON, full),
        post(&format!("{rest}api/1/x/{SEND}"), JSON, full),
        post(&format!("{rest}{SEND}"), JSON, full),
        post(&format!("{}{SEND}", portal.url()), JSON, full),
        post(&format!("{hook}crm.deal.list"), JSON, full),
        post(&format!("{hook}batch"), JSON, batch),
        request(Method::PUT, &format!("{hook}{SEND}"), JSON, full),
        post(
            &format!("{hook}crm.deal.list"),
            JSON,
            Body::wrap(Body::from(full)),
        ),
    ]
}

/// What these requests are on the wire, with and without the gate.
async fn both_ways(
    stage: &Stage,
    portal: &EmulatedPortal,
    requests: impl Fn(&EmulatedPortal) -> Vec<Request>,
) {
    let mut ways = Vec::new();
    for is_gated in [false, true] {
        let tap = Tap::default();
        let mut builder = ClientBuilder::new(Client::new());
        if is_gated {
            builder = builder.with(gate(stage));
        }
        let client = builder.with(tap.clone()).build();
        let mut answers = Vec::new();
        for request in requests(portal) {
            let response = client.execute(request).await.unwrap();
            let mut head = (
                response.status(),
                response.headers().clone(),
                response.url().clone(),
            );
            head.1.remove("date");
            let body = response.bytes().await.unwrap();
            let mut body: Value = serde_json::from_slice(&body).unwrap_or_default();
            body.as_object_mut().map(|body| body.remove("time"));
            if let Some(times) = body.pointer_mut("/result/result_time") {
                times.take();
            }
            answers.push((head, body));
        }
        let received: Vec<_> = portal
            .take_requests()
            .into_iter()
            .map(|request| {
                (
                    request.verb,
                    request.path,
                    request.headers,
                    request.params.to_string(),
                )
            })
            .collect();
        let tapped = std::mem::take(&mut *tap.0.lock().unwrap());
        ways.push((tapped, received, answers));
    }
    let [(tapped, received, answers), gated] = &ways[..] else {
        panic!()
    };
    assert_eq!(&gated.0, tapped);
    assert_eq!(&gated.1, received);
    for (one, other) in gated.2.iter().zip(answers) {
        assert_eq!(one, other);
    }
    assert_eq!(tapped.len(), requests(portal).len());
}

#[tokio::test]
async fn supported_requests_stay_byte_identical() {
    let stage = Stage::set().await;
    let (portal, _) = stage.known(Build::rest(36)).await;
    portal.add_token(OauthToken::new(TOKEN, "app"));
    both_ways(&stage, &portal, shapes).await;
}

#[tokio::test]
async fn unrelated_requests_start_no_probe() {
    for build in [Build::rest(30), Build::rest(36)] {
        let stage = Stage::set().await;
        // Nobody has asked it, and nobody does.
        let portal = stage.emulator.portal(build);
        both_ways(&stage, &portal, strangers).await;
    }
}

#[tokio::test]
async fn followed_redirect_teaches_nothing() {
    let stage = Stage::set().await;
    let (old, new) = (
        Emulator::start_single(Build::rest(36)).await.unwrap(),
        Emulator::start_single(Build::rest(36)).await.unwrap(),
    );
    let handle = stage.registry.handle(&webhook(&old));
    let both = Webhook::new(7, "c0deofboth");
    let url = old.add_webhook(both.clone());
    new.add_webhook(both);
    for status in [302, 308] {
        old.fault(Fault::moved(new.url()).status(status));
        let request = || post(&format!("{url}{SETTLED}"), JSON, "{\"botToken\": \"t\"}");
        let response = gated(&stage).execute(request()).await.unwrap();
        assert!(
            response.url().as_str().starts_with(new.url()),
            "{}",
            response.url()
        );
        let plain = Client::new().execute(request()).await.unwrap();
        assert_eq!(response.status(), plain.status());
        let (response, plain) = (json_of(response).await, json_of(plain).await);
        assert_eq!(response["result"], plain["result"], "it goes on as it came");
        assert_eq!(handle.caps().knowledge().imbot_v2(), None, "{status}");
        old.clear_faults();
    }
    let response = gated(&stage)
        .execute(post(&format!("{url}{SETTLED}"), JSON, "{\"botToken\": \"t\"}"))
        .await;
    assert_eq!(response.unwrap().status(), 200);
    assert_eq!(handle.caps().knowledge().imbot_v2(), Some(true));
}
