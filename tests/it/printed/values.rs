//! Values with a secret in each place that can hold one, as they are printed.

use std::fmt::{Debug, Display};
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use imbot_caps::emulator::{App, Build, Emulator, Fault, OauthToken, Webhook};
use imbot_caps::gate::{
    Batch, Client, Command, Gate, GateError, GateLayer, GateMiddleware, HttpGateLayer, Plan, Planner, Policy,
    Reason, Reference,
};
use imbot_caps::transport::{Redirects, Request, ReqwestTransport, Response, Transport, TransportError};
use imbot_caps::wire::{BatchReplies, Call, ErrorCode, Reply};
use imbot_caps::{
    AccessToken, Caps, Notice, Portal, PortalId, RefreshGrant, Registry, RenewedTokens, Snapshot,
    StaticToken, StoredTokens, TokenSource,
};
use serde_json::{Value, json};
use tower::{Layer, Service};

use super::SECRET;

/// The types of which [`shown`] has values.
pub const SHOWN: &[&str] = &[
    "emulator::App",
    "emulator::AuthServer",
    "emulator::Bot",
    "emulator::EmulatedPortal",
    "emulator::Emulator",
    "emulator::Expectation",
    "emulator::Fault",
    "emulator::Installation",
    "emulator::OauthToken",
    "emulator::Recorded",
    "emulator::Violation",
    "emulator::Webhook",
    "gate::Adaptation",
    "gate::Batch",
    "gate::CallError",
    "gate::Change",
    "gate::Client",
    "gate::Command",
    "gate::FollowUp",
    "gate::Gate",
    "gate::GateBuilder",
    "gate::GateError",
    "gate::GateFuture",
    "gate::GateLayer",
    "gate::GateMiddleware",
    "gate::GateService",
    "gate::HttpGateLayer",
    "gate::HttpGateService",
    "gate::Plan",
    "gate::Planner",
    "gate::Reason",
    "gate::Reference",
    "gate::ReferenceError",
    "gate::Refused",
    "gate::Report",
    "portal::AccessToken",
    "portal::GrantError",
    "portal::Portal",
    "portal::PortalBuilder",
    "portal::PortalError",
    "portal::PortalId",
    "portal::RefreshGrant",
    "portal::RefreshGrantBuilder",
    "portal::RenewedTokens",
    "portal::StaticToken",
    "portal::StoredTokens",
    "portal::TokenError",
    "probe::ProbeError",
    "probe::Trouble",
    "registry::Event",
    "registry::Events",
    "registry::Handle",
    "registry::Notice",
    "registry::NoticeError",
    "registry::Noticed",
    "registry::Registry",
    "registry::RegistryBuilder",
    "registry::Snapshot",
    "registry::SnapshotError",
    "registry::SnapshotRecord",
    "registry::WarmUp",
    "transport::NotAHost",
    "transport::Redirects",
    "transport::ReqwestTransport",
    "transport::Request",
    "transport::Response",
    "transport::TransportError",
    "vocabulary::UnknownName",
    "vocabulary::UnknownParameter",
    "wire::ApiError",
    "wire::BatchReplies",
    "wire::Call",
    "wire::ErrorCode",
    "wire::Malformed",
    "wire::Reply",
];

const SEND: &str = "imbot.v2.Chat.Message.send";

/// What was printed of each type.
#[derive(Clone, Default)]
struct Shown(Arc<Mutex<Vec<(&'static str, String)>>>);

impl Shown {
    fn debug(&self, own: &'static str, value: &(impl Debug + ?Sized)) {
        self.0
            .lock()
            .unwrap()
            .push((own, format!("{value:?} {value:#?}")));
    }

    fn text(&self, own: &'static str, value: &(impl Debug + Display)) {
        self.debug(own, value);
        self.0.lock().unwrap().push((own, value.to_string()));
    }

    /// An error with all its causes.
    fn error(&self, own: &'static str, error: &(dyn std::error::Error + 'static)) {
        let mut next = Some(error);
        while let Some(error) = next {
            self.0
                .lock()
                .unwrap()
                .push((own, format!("{error} {error:?} {error:#?}")));
            next = error.source();
        }
    }
}

/// Answers as it is told, and prints the requests. Its errors tell the whole request.
#[derive(Clone)]
struct Echo(Shown, Respond);

/// A status and a body for each path.
type Respond = fn(&str) -> Option<(u16, Value)>;

impl Transport for Echo {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        self.0.debug("transport::Request", &request);
        let body = String::from_utf8_lossy(request.body()).into_owned();
        let error = TransportError::Broken(format!("{} {body}", request.url()));
        let answer = (self.1)(request.url().path());
        let answer = answer.map(|(status, body)| Response::new(status, None, body.to_string().into_bytes()));
        Box::pin(std::future::ready(answer.ok_or(error)))
    }
}

fn hooked() -> Portal {
    Portal::webhook(&format!("https://acme.example/rest/1/{SECRET}/")).unwrap()
}

/// An error that repeats the secret.
fn repeats() -> Value {
    json!({"error": format!("NO_{SECRET}"), "error_description": format!("{SECRET} is wrong")})
}

fn call(method: &str, params: Value) -> Call {
    Call::of(method, params.as_object().unwrap().clone())
}

pub async fn shown() -> Vec<(&'static str, String)> {
    let shown = Shown::default();
    of_wire(&shown);
    of_portal(&shown);
    of_tokens(&shown).await;
    of_registry(&shown).await;
    of_plans(&shown);
    of_clients(&shown).await;
    of_adapters(&shown);
    of_emulator(&shown).await;
    std::mem::take(&mut *shown.0.lock().unwrap())
}

fn of_wire(shown: &Shown) {
    shown.debug("wire::Call", &Call::new("x").with("auth", SECRET));
    let result = json!({"result": SECRET}).to_string();
    shown.debug("wire::Reply", &Reply::read(200, None, result.as_bytes()));
    let moved = format!("https://acme.example/rest/1/{SECRET}/x");
    shown.debug("wire::Reply", &Reply::read(302, Some(&moved), b""));
    let page = format!("<title>{moved}</title>{moved}");
    let page = Reply::read(404, None, page.as_bytes());
    if let Reply::Malformed(malformed) = &page {
        shown.text("wire::Malformed", malformed);
    }
    shown.debug("wire::Reply", &page);
    let inside = json!({"result": {"a": SECRET, "b": {"access_token": SECRET}}});
    shown.debug("wire::BatchReplies", &BatchReplies::read(inside).unwrap());
    shown.debug("wire::ErrorCode", &ErrorCode::new("ERROR_METHOD_NOT_FOUND"));

    let mut response = Response::new(302, Some(moved.clone()), SECRET.as_bytes().to_vec());
    response = response.with_retry_after(SECRET);
    shown.debug("transport::Response", &response);
    shown.debug("transport::ReqwestTransport", &ReqwestTransport::new());
    shown.debug(
        "transport::Redirects",
        &Redirects::to_hosts(["new.example"]).unwrap(),
    );
    for entry in [
        moved.as_str(),
        &format!("{SECRET}@new.example"),
        &format!("a?auth={SECRET}"),
    ] {
        shown.error("transport::NotAHost", &Redirects::to_hosts([entry]).unwrap_err());
    }
}

fn of_portal(shown: &Shown) {
    let portals = [
        hooked(),
        Portal::oauth("https://acme.example/rest/", StaticToken::new(SECRET)).unwrap(),
        Portal::builder()
            .member_id("0123456789abcdef0123456789abcdef")
            .webhook(&format!("https://acme.example/crm/rest/1/{SECRET}/"))
            .unwrap(),
    ];
    for portal in portals {
        shown.debug("portal::Portal", &portal);
        shown.text("portal::PortalId", portal.id());
    }
    shown.debug(
        "portal::PortalBuilder",
        &Portal::builder().member_id(SECRET).allow_http(),
    );
    for wrong in [
        SECRET.to_owned(),
        format!("{SECRET}:x"),
        format!("{SECRET}://acme.example/rest/1/x/"),
        format!("http://acme.example/rest/1/{SECRET}/"),
        format!("https://acme.example/rest/{SECRET}/"),
        format!("https://acme.example/rest/1/{SECRET}/profile"),
        format!("https://acme.example/rest/1/{SECRET}/?auth={SECRET}"),
        format!("https://{SECRET}@acme.example/rest/1/x/"),
        format!("https://u:{SECRET}@acme.example/rest/1/x/"),
        format!("https://acme.example:{SECRET}/rest/1/x/"),
        format!("https://acme .example/rest/1/{SECRET}/"),
        format!("https://acme.example/rest/1/{}/", SECRET.repeat(40)),
        format!("https://acme.example/rest/api/1/{SECRET}/"),
        format!("https://acme.example/rest/1/{SECRET}%2F/"),
    ] {
        let errors = [
            Portal::webhook(&wrong).err(),
            Portal::oauth(&wrong, StaticToken::new(SECRET)).err(),
            wrong.parse::<PortalId>().err(),
        ];
        assert!(errors.iter().any(Option::is_some), "{wrong}");
        for error in errors.iter().flatten() {
            shown.error("portal::PortalError", error);
        }
        let app = RefreshGrant::builder(ReqwestTransport::new(), "local.app", SECRET);
        let store = async |_: RenewedTokens| Ok::<_, String>(());
        if let Err(error) = app.build(&wrong, SECRET, store) {
            shown.error("portal::GrantError", &error);
        }
    }
}

async fn of_tokens(shown: &Shown) {
    shown.debug("portal::AccessToken", &AccessToken::new(SECRET));
    shown.debug("portal::StaticToken", &StaticToken::new(SECRET));
    shown.debug("portal::StoredTokens", &StoredTokens::new(SECRET, SECRET));
    let renews = Echo(shown.clone(), |_| {
        let pair = json!({"access_token": SECRET, "refresh_token": SECRET, "expires_in": 3600});
        Some((200, pair))
    });
    let refuses = Echo(shown.clone(), |_| Some((400, repeats())));
    let silent = Echo(shown.clone(), |_| None);
    for transport in [renews, refuses, silent] {
        let app = RefreshGrant::builder(transport, "local.app", SECRET).access_token(SECRET);
        shown.debug("portal::RefreshGrantBuilder", &app);
        let told = shown.clone();
        let grant = app.build(
            RefreshGrant::DOCUMENTED_SERVER,
            SECRET,
            move |renewed: RenewedTokens| {
                told.debug("portal::RenewedTokens", &renewed);
                std::future::ready(Err::<(), _>(format!("no row for {SECRET}")))
            },
        );
        let grant = grant.unwrap();
        shown.debug("portal::RefreshGrant", &grant);
        let error = grant.token(Some(&AccessToken::new(SECRET))).await.unwrap_err();
        shown.error("portal::TokenError", &error);
    }
}

async fn of_registry(shown: &Shown) {
    let answers: [Respond; 3] = [
        |_| None,
        |_| Some((400, repeats())),
        |_| Some((200, json!({"result": {"rest": 36}}))),
    ];
    for answer in answers {
        let builder = Registry::builder(Echo(shown.clone(), answer)).clock(Standing);
        shown.debug("registry::RegistryBuilder", &builder);
        let registry = builder.build();
        let mut events = registry.events();
        shown.debug("registry::Registry", &registry);
        shown.debug("registry::WarmUp", &registry.warm_up([hooked()]));
        let handle = registry.portal(&hooked());
        if let Err(error) = handle.ready().await {
            shown.error("probe::ProbeError", &error);
            shown.text("probe::Trouble", error.trouble());
            match error.trouble() {
                imbot_caps::Trouble::Transport(error) => shown.error("transport::TransportError", error),
                imbot_caps::Trouble::Api(error) => shown.error("wire::ApiError", error),
                other => panic!("{other:?}"),
            }
        }
        shown.debug("registry::Handle", &handle);
        shown.debug("registry::Event", &events.next().await.unwrap());
        shown.debug("registry::Events", &events);

        let form = format!(
            "auth[application_token]={SECRET}&auth[access_token]={SECRET}&\
             auth[member_id]=0123456789abcdef0123456789abcdef&auth[client_endpoint]=https://acme.example/rest/"
        );
        let notice = Notice::from_form(&form, SECRET).unwrap();
        shown.debug("registry::Notice", &notice);
        shown.debug("registry::Noticed", &registry.notice(&notice));
        let wrong = format!("auth[application_token]={SECRET}&auth[member_id]={SECRET}");
        for error in [
            Notice::from_form(&form, "another").unwrap_err(),
            Notice::from_form(&wrong, SECRET).unwrap_err(),
        ] {
            shown.error("registry::NoticeError", &error);
        }

        let snapshot = registry.snapshot();
        let written = serde_json::to_string(&snapshot).unwrap();
        shown.0.lock().unwrap().push(("registry::Snapshot", written));
        shown.debug("registry::Snapshot", &snapshot);
        for record in snapshot.records() {
            shown.debug("registry::SnapshotRecord", record);
        }
    }
    for text in [
        SECRET.to_owned(),
        json!({"format": 99, "auth": SECRET}).to_string(),
        json!(SECRET).to_string(),
    ] {
        shown.error("registry::SnapshotError", &Snapshot::from_json(text).unwrap_err());
    }
    let record =
        json!({"portal": SECRET, "address": SECRET, "known": {SECRET: SECRET}, "learned_unix_ms": SECRET});
    let read = Snapshot::from_json(json!({"format": 1, "records": [record]}).to_string()).unwrap();
    assert_eq!(read.skipped().len(), 1);
    shown.debug("registry::Snapshot", &read);
}

/// Bots' tokens and addresses in calls that pass, are changed, or are refused.
fn of_plans(shown: &Shown) {
    let fields = json!({
        "code": SECRET, "properties": {"name": SECRET}, "eventMode": "webhook",
        "webhookUrl": format!("https://bot.example/{SECRET}?token={SECRET}"), "botToken": SECRET,
        "message": SECRET, "system": true, "color": SECRET, "backgroundId": SECRET, "unknown": SECRET,
    });
    let params = json!({"botId": 1, "botToken": SECRET, "dialogId": SECRET, "fields": fields});
    let policy = Policy::default();
    for rest in [30, 32, 33, 34, 36] {
        let caps = Caps::at(rest);
        let planner = Planner::new(&caps, &policy);
        shown.debug("gate::Planner", &planner);
        for method in [
            "imbot.v2.Bot.register",
            "imbot.v2.Bot.update",
            "imbot.v2.Bot.unregister",
            SEND,
            "imbot.v2.Chat.update",
            "imbot.v2.Command.register",
            "imbot.v2.Event.get",
        ] {
            let plan = planner.plan(&call(method, params.clone()));
            shown.debug("gate::Plan", &plan);
            match &plan {
                Plan::Pass { noted } => noted.iter().for_each(|change| shown.text("gate::Change", change)),
                Plan::Adapt(adapted) => {
                    shown.debug("gate::Adaptation", &**adapted);
                    adapted
                        .changes()
                        .iter()
                        .for_each(|change| shown.text("gate::Change", change));
                    adapted
                        .follow_ups()
                        .iter()
                        .for_each(|follow_up| shown.debug("gate::FollowUp", follow_up));
                }
                Plan::Refuse(refused) => {
                    shown.error("gate::Refused", &**refused);
                    let reason: &Reason = refused.reason();
                    shown.debug("gate::Reason", reason);
                }
            }
        }
    }
}

async fn of_clients(shown: &Shown) {
    let refer = || Reference::to("one").at("id").after(SECRET);
    shown.debug("gate::Reference", &refer());
    let command: Command = call(SEND, json!({"botToken": SECRET})).refer("dialogId", refer());
    shown.debug("gate::Command", &command);
    shown.debug("gate::Batch", &Batch::new().call("two", command.clone()));
    let echo = Echo(shown.clone(), |path| {
        match path.ends_with("imbot.v2.Revision.get") {
            true => Some((200, json!({"result": {"rest": 36}}))),
            false if path.ends_with("/batch") => Some((
                200,
                json!({"result": {"result": [], "result_error": {"one": repeats()}}}),
            )),
            false => Some((400, repeats())),
        }
    });
    let registry = Registry::builder(echo).clock(Standing).build();
    let client: Client = registry.client(&hooked());
    shown.debug("gate::Client", &client);
    let send = || {
        call(
            SEND,
            json!({"botToken": SECRET, "dialogId": "chat1", "fields": {"message": SECRET}}),
        )
    };
    let error = client.send(send()).await.unwrap_err();
    shown.debug("wire::ErrorCode", &error.api().unwrap().code);
    shown.text("wire::ErrorCode", &error.api().unwrap().code);
    shown.error("wire::ApiError", error.api().unwrap());
    shown.error("gate::CallError", &error);
    let replies = client.batch([("one", send())]).await.unwrap();
    shown.debug("wire::BatchReplies", &replies);
    shown.debug("wire::Reply", replies.get("one").unwrap());
    let error = client.batch(Batch::new().call("two", command)).await.unwrap_err();
    if let imbot_caps::gate::CallError::Reference { why: reference, .. } = &error {
        shown.error("gate::ReferenceError", reference);
    }
    shown.error("gate::CallError", &error);

    // Names that no portal knows, with secrets for values.
    let misspelt = call("imbot.v2.Chat.Message.sned", json!({"botToken": SECRET}));
    client.send(misspelt).await.unwrap_err();
    let fields = json!({"mesage": SECRET, "message": SECRET});
    let unknown = call(
        SEND,
        json!({"botToken": SECRET, "dialogId": "chat1", "fields": fields}),
    );
    client.send(unknown).await.unwrap_err();
    let report = client.gate().report();
    assert!(report.unknown_names.len() >= 2, "{report:?}");
    shown.text("gate::Report", &report);
    for name in &report.unknown_names {
        shown.text("vocabulary::UnknownName", name);
        if let imbot_caps::gate::UnknownName::Parameters { parameters, .. } = name {
            parameters
                .iter()
                .for_each(|parameter| shown.text("vocabulary::UnknownParameter", parameter));
        }
    }
}

fn of_adapters(shown: &Shown) {
    let registry = Registry::builder(Echo(shown.clone(), |_| None))
        .clock(Standing)
        .build();
    let builder = Gate::builder(&registry);
    shown.debug("gate::GateBuilder", &builder);
    let gate = builder.build();
    shown.debug("gate::Gate", &gate);
    shown.debug("gate::GateMiddleware", &GateMiddleware::new(&gate));
    let layer = GateLayer::new(&gate, &hooked());
    shown.debug("gate::GateLayer", &layer);
    let inner = tower::service_fn(|_: Call| async { Err::<Reply, _>(TransportError::Timeout) });
    let mut service = layer.layer(inner);
    shown.debug(
        "gate::GateFuture",
        &service.call(Call::new("profile").with("auth", SECRET)),
    );
    let layer = HttpGateLayer::new(&gate);
    shown.debug("gate::HttpGateLayer", &layer);
    // The services print the service behind them, which is the program's own.
    shown.debug("gate::HttpGateService", &layer.layer(reqwest::Client::new()));
    shown.debug("gate::GateService", &GateLayer::new(&gate, &hooked()).layer(1));
    shown.text("gate::GateError", &GateError::Inner(TransportError::Timeout));
}

async fn of_emulator(shown: &Shown) {
    let (webhook, app) = (Webhook::new(7, SECRET), App::new("local.other", SECRET));
    let token = OauthToken::new(SECRET, "local.app");
    shown.debug("emulator::Webhook", &webhook);
    shown.debug("emulator::OauthToken", &token);
    shown.debug("emulator::App", &app);
    for fault in [
        Fault::error(SECRET),
        Fault::result(json!({"botToken": SECRET})),
        Fault::body(200, SECRET, SECRET),
        Fault::json(400, &repeats()),
        Fault::moved(&format!("https://acme.example/rest/1/{SECRET}/")),
        Fault::redirect(&format!("https://acme.example/rest/1/{SECRET}/")),
        Fault::hang_up().header("Location", SECRET),
    ] {
        shown.debug("emulator::Fault", &fault);
    }
    let emulator = Emulator::start().await.unwrap();
    let portal = emulator.portal(Build::rest(30));
    portal.strict();
    let url = portal.add_webhook(webhook);
    portal.add_token(token);
    let mut installation = portal.install(app);
    (installation.access_token, installation.refresh_token) = (SECRET.into(), SECRET.into());
    shown.debug("emulator::Installation", &installation);

    let client = reqwest::Client::new();
    let token_url = portal.auth_server().token_url();
    let (rest, origin) = (portal.rest_url(), url.trim_end_matches("/").to_owned());
    for address in [
        format!("{url}server.time?auth={SECRET}&token={SECRET}"),
        format!("{origin}//server.time"),
        // The method is missing, and the user id.
        url.clone(),
        origin.clone(),
        format!("{rest}{SECRET}/server.time"),
        format!("{rest}12345/{SECRET}"),
        format!("{url}a/b/c"),
        format!(
            "{url}imbot.register?CLIENT_ID={SECRET}&CODE=a&EVENT_HANDLER=http://127.0.0.1:1/&PROPERTIES[NAME]=A"
        ),
        format!("{token_url}?grant_type=refresh_token&client_secret={SECRET}&refresh_token={SECRET}"),
    ] {
        client.get(address).send().await.unwrap();
    }
    let command = format!("imbot.v2.Bot.register?botToken={SECRET}&fields[botToken]={SECRET}");
    for (method, params) in [
        ("batch", json!({"cmd": {"a": command}})),
        (
            "imbot.v2.Bot.update",
            json!({"botToken": SECRET, "fields": {"botToken": SECRET, "bot_token": SECRET}}),
        ),
        ("profile", json!({"auth": SECRET, "AUTH": SECRET})),
    ] {
        let call = client.post(format!("{url}{method}")).body(params.to_string());
        let call = call.header("Content-Type", "application/json");
        call.header("Authorization", format!("Bearer {SECRET}"))
            .send()
            .await
            .unwrap();
    }
    shown.debug("emulator::Emulator", &emulator);
    shown.debug("emulator::EmulatedPortal", &portal);
    shown.debug("emulator::AuthServer", &portal.auth_server());
    let requests = [portal.requests(), portal.auth_server().requests()].concat();
    assert_eq!(requests.len(), 12);
    requests
        .iter()
        .for_each(|own| shown.text("emulator::Recorded", own));
    portal
        .violations()
        .iter()
        .for_each(|own| shown.text("emulator::Violation", own));
    portal
        .bots()
        .iter()
        .for_each(|own| shown.debug("emulator::Bot", own));
    for (pointer, value) in [
        ("/auth", json!(SECRET)),
        ("/fields/botToken", json!(SECRET)),
        ("/fields", json!({"botToken": SECRET})),
    ] {
        shown.text(
            "emulator::Expectation",
            &portal.expect("profile").with(pointer, value),
        );
    }
}

/// A clock that stands, so that nothing waits and no deadline passes.
struct Standing;

impl imbot_caps::Clock for Standing {
    fn now(&self) -> std::time::SystemTime {
        std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_795_921_200)
    }

    fn sleep(&self, duration: std::time::Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        // A pause passes at once, and a deadline never.
        match duration < std::time::Duration::from_secs(5) {
            true => Box::pin(std::future::ready(())),
            false => Box::pin(std::future::pending()),
        }
    }
}
