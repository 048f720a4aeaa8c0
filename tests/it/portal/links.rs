//! Links to files and tokens that a portal does not know, as clients and adapters see them.

use std::io;
use std::sync::{Arc, Mutex};

use imbot_caps::gate::Gate;
use imbot_caps::portal::{AccessToken, StaticToken, TokenSource};
use imbot_caps::wire::Reply;
use imbot_caps::{Portal, RefreshGrant};
use imbot_caps_emulator::{App, Build, EmulatedPortal, Emulator, OauthToken, Webhook};
use serde_json::{Value, json};

use crate::registry::end_to_end::Calls;
use crate::support::http::{Untimed, untimed};

const CODE: &str = "c0dethatmustnotbeseen";
const TOKEN: &str = "t0kenthatmustnotbeseen";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The file's link as the client or the adapter hands it on, and what stands behind it.
async fn download(client: &impl Calls, code: &str) -> (String, String) {
    let token = "botTokenthatmustnotbeseen";
    let call = async |method: &str, mut params: Value| {
        params["botToken"] = token.into();
        client.call(&format!("imbot.v2.{method}"), params).await
    };
    let fields = json!({"code": code, "properties": {"name": "Ann"}});
    let card = call("Bot.register", json!({"fields": fields})).await.unwrap();
    let bot = card["bot"]["id"].clone();
    let chat = call("Chat.add", json!({"botId": bot, "fields": {"title": "T"}}))
        .await
        .unwrap();
    let upload = json!({
        "botId": bot,
        "dialogId": chat["chat"]["dialogId"],
        "fields": {"name": "a.txt", "content": "aGk="},
    });
    let file = call("File.upload", upload).await.unwrap()["file"]["id"].clone();
    let params = json!({"botId": bot, "fileId": file, "botToken": token});
    let command = format!("imbot.v2.File.download?botId={bot}&fileId={file}&botToken={token}");
    let batched = client
        .call("batch", json!({"cmd": {"one": command}}))
        .await
        .unwrap();
    assert!(batched["result"]["one"]["downloadUrl"].is_string(), "{batched}");
    let answer = call("File.download", params).await.unwrap();
    let body = json!({"result": answer}).to_string();
    let printed = format!("{:?}", Reply::read(200, None, body.as_bytes()));
    assert!(!printed.contains("thatm"), "{printed}");
    let link = answer["downloadUrl"].as_str().unwrap().to_owned();
    let content = reqwest::get(&link).await.unwrap().text().await.unwrap();
    (link, content)
}

/// Adds the access token to each call, as a program of its own does.
#[cfg(all(feature = "reqwest-middleware", feature = "tower"))]
struct With<C>(C, Option<&'static str>);

#[cfg(all(feature = "reqwest-middleware", feature = "tower"))]
impl<C: Calls> Calls for With<C> {
    async fn call(&self, method: &str, mut params: Value) -> Result<Value, String> {
        if let Some(token) = self.1 {
            params["auth"] = token.into();
        }
        self.0.call(method, params).await
    }
}

/// The links that each adapter hands on. `auth` goes into the parameters.
#[cfg(all(feature = "reqwest-middleware", feature = "tower"))]
async fn links_of_adapters(
    at: &Portal,
    base: &str,
    auth: Option<&'static str>,
    log: &Log,
) -> Vec<(String, String)> {
    use imbot_caps::gate::{GateLayer, GateMiddleware, HttpGateLayer};
    use tower::Layer;

    let name = |adapter: &str| format!("{adapter}{}", auth.is_some());
    let gate = || {
        let registry = untimed();
        drop(registry.handle(at));
        Gate::new(&registry)
    };
    let middleware = crate::registry::end_to_end::OverMiddleware {
        client: reqwest_middleware::ClientBuilder::new(reqwest::Client::new())
            .with(GateMiddleware::new(&gate()))
            .build(),
        base: base.to_owned(),
    };
    let over_http = crate::registry::end_to_end::OverTower {
        service: HttpGateLayer::new(&gate()).layer(reqwest::Client::new()),
        base: base.to_owned(),
    };
    let layer = GateLayer::new(&gate(), at);
    let over_calls = crate::registry::end_to_end::OverCalls(
        layer.layer(crate::registry::end_to_end::sender(base.to_owned())),
    );
    vec![
        link(&With(middleware, auth), &name("middleware"), log).await,
        link(&With(over_http, auth), &name("http"), log).await,
        link(&With(over_calls, auth), &name("calls"), log).await,
    ]
}

#[tokio::test]
async fn file_links_are_never_logged() {
    let log = Log::default();
    let own = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer({
            let log = log.clone();
            move || log.clone()
        })
        .with_ansi(false)
        .finish();
    // Of this thread, which is all of this test's runtime. The client of a link's user
    // may log what it likes, so that the links are followed without it.
    let guard = crate::probe::log::of_this_thread(own);
    let emulated = Emulator::start_single(Build::rest(36)).await.unwrap();
    let address = emulated.add_webhook(Webhook::new(7, CODE));
    let hooked = Portal::builder().allow_http().webhook(&address).unwrap();
    emulated.add_token(OauthToken::new(TOKEN, "local.app"));
    let installed = Portal::builder().allow_http();
    let installed = installed
        .oauth(&emulated.rest_url(), StaticToken::new(TOKEN))
        .unwrap();
    let ways = [
        (&hooked, &*address, None, CODE),
        (&installed, &emulated.rest_url(), Some(TOKEN), TOKEN),
    ];
    let mut found = Vec::new();
    for (at, base, auth, secret) in ways {
        let client = Gate::new(&untimed()).client(at);
        let own = link(&client, &format!("client{}", auth.is_some()), &log).await;
        found.push((own, secret));
        #[cfg(all(feature = "reqwest-middleware", feature = "tower"))]
        for other in links_of_adapters(at, base, auth, &log).await {
            found.push((other, secret));
        }
        #[cfg(not(all(feature = "reqwest-middleware", feature = "tower")))]
        let _ = base;
    }
    drop(guard);
    for ((link, content), secret) in found {
        assert!(link.contains(secret), "the link holds the credential: {link}");
        assert_eq!(content, "hi");
    }
}

/// The same, and the log was kept and is clean.
async fn link(client: &impl Calls, code: &str, log: &Log) -> (String, String) {
    log.0.lock().unwrap().clear();
    let found = download(client, code).await;
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let ours: Vec<_> = log.lines().filter(|line| line.contains("imbot_caps")).collect();
    assert!(!ours.is_empty(), "the log was kept: {log}");
    for line in ours {
        assert!(!line.contains("thatm") && !line.contains("download/?"), "{line}");
    }
    found
}

fn grant(emulated: &EmulatedPortal, client_id: &str, refresh_token: &str) -> RefreshGrant {
    RefreshGrant::builder(Untimed::default(), client_id, "secret")
        .access_token("garbage")
        .allow_http()
        .build(
            &emulated.auth_server().server_endpoint(),
            refresh_token,
            async |_| Ok::<_, String>(()),
        )
        .unwrap()
}

#[tokio::test]
async fn unknown_token_is_refreshed() {
    let emulated = Emulator::start_single(Build::rest(36)).await.unwrap();
    let installed = emulated.install(App::new("local.app", "secret"));
    let grant = grant(&emulated, "local.app", &installed.refresh_token);
    let portal = Portal::builder().allow_http();
    let portal = portal.oauth(&emulated.rest_url(), grant).unwrap();
    let caps = untimed().caps(&portal).await.unwrap();
    assert_eq!(caps.knowledge().rest(), Some(36));
    assert_eq!(emulated.auth_server().requests().len(), 1);
}

#[tokio::test]
async fn grant_reports_server_refusal() {
    let emulated = Emulator::start_single(Build::rest(36)).await.unwrap();
    let installed = emulated.install(App::new("local.app", "secret"));
    let garbage = AccessToken::new("garbage");
    let refused = grant(&emulated, "local.other", &installed.refresh_token);
    let error = refused.token(Some(&garbage)).await.unwrap_err();
    assert!(error.to_string().contains("wrong_client"), "{error}");
}
