//! Values with a secret in each place that can hold one, as they are printed.

use std::fmt::{Debug, Display};
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use imbot_caps::gate::{
    Batch, BatchCommand, Client, Gate, GateError, GateLayer, GateMiddleware, HttpCall, HttpGateLayer,
    ResultReference,
};
use imbot_caps::plan::{Planner, Policy, Reason, Step, TypedError};
use imbot_caps::portal::{AccessToken, RenewedTokens, StaticToken, StoredTokens, TokenSource};
use imbot_caps::registry::SenderClaimError;
use imbot_caps::transport::{Redirects, Request, ReqwestTransport, Response, Transport, TransportError};
use imbot_caps::wire::{BatchReplies, Call, ErrorCode, Reply, decode};
use imbot_caps::{Caps, Portal, PortalId, RefreshGrant, Registry, Snapshot};
use imbot_caps_emulator::{App, Build, Emulator, Fault, OauthToken, Webhook};
use serde::Serialize;
use serde_json::{Value, json};
use tower::{Layer, Service};

use crate::support::http::claim_of_form;

use super::SECRET;

mod emulated;
mod events;
mod gates;
mod probes;

/// The types of which [`shown`] has values.
pub const SHOWN: &[&str] = &[
    "imbot_caps_emulator::App",
    "imbot_caps_emulator::AuthServer",
    "imbot_caps_emulator::Bot",
    "imbot_caps_emulator::EmulatedPortal",
    "imbot_caps_emulator::Emulator",
    "imbot_caps_emulator::Expectation",
    "imbot_caps_emulator::Fault",
    "imbot_caps_emulator::Installation",
    "imbot_caps_emulator::OauthToken",
    "imbot_caps_emulator::Recorded",
    "imbot_caps_emulator::Violation",
    "imbot_caps_emulator::Webhook",
    "event::AnswerError",
    "event::ApplicationTokens",
    "event::BotEvent",
    "event::Command",
    "event::EventError",
    "event::UserTokens",
    "event::Installation",
    "event::Posted",
    "event::Reaction",
    "event::Sender",
    "event::Verified",
    "plan::MethodNotFound",
    "plan::BotAddress",
    "gate::Batch",
    "gate::EventPolling",
    "gate::NewerEventsError",
    "gate::BotWithOlderEvents",
    "gate::PollError",
    "gate::UnreadableEvent",
    "gate::CallError",
    "plan::Change",
    "gate::Client",
    "gate::BatchCommand",
    "plan::Done",
    "gate::Gate",
    "gate::GateBuilder",
    "gate::GateError",
    "gate::GateFuture",
    "gate::GateLayer",
    "gate::GateMiddleware",
    "gate::GateService",
    "gate::GatedCall",
    "gate::GatedStep",
    "gate::HttpCall",
    "gate::HttpGateLayer",
    "gate::HttpGateService",
    "plan::PlannedCall",
    "plan::Planner",
    "plan::Reason",
    "gate::ResultReference",
    "gate::ReferenceError",
    "plan::Refused",
    "gate::RefusedError",
    "plan::ReplyError",
    "plan::Step",
    "plan::TypedError",
    "gate::Report",
    "portal::AccessToken",
    "portal::GrantError",
    "portal::Portal",
    "portal::PortalBuilder",
    "portal_id::PortalError",
    "portal_id::PortalId",
    "portal::RefreshGrant",
    "portal::RefreshGrantBuilder",
    "portal::RenewedTokens",
    "portal::StaticToken",
    "portal::StoredTokens",
    "portal::TokenError",
    "portal_probe::ProbeError",
    "portal_probe::ProbeErrorKind",
    "probe::Error",
    "probe::ErrorKind",
    "probe::Found",
    "probe::Outgoing",
    "probe::Pause",
    "probe::Probe",
    "probe::Redirect",
    "probe::Renewal",
    "probe::Step",
    "registry::Event",
    "registry::Events",
    "registry::Handle",
    "registry::Registry",
    "registry::RegistryBuilder",
    "registry::SenderClaim",
    "registry::SenderClaimError",
    "registry::SenderClaimOutcome",
    "registry::Snapshot",
    "registry::SnapshotError",
    "registry::SnapshotRecord",
    "registry::WarmUp",
    "store::Lease",
    "transport::HostError",
    "transport::Redirects",
    "transport::ReqwestTransport",
    "transport::Request",
    "transport::TransportError",
    "vocabulary::UnknownName",
    "vocabulary::UnknownParameter",
    "wire::ApiError",
    "wire::BatchReplies",
    "wire::Call",
    "wire::ErrorCode",
    "wire::Malformed",
    "wire::Reply",
    "wire::UnexpectedResult",
    "wire::Response",
];

const SEND: &str = "imbot.v2.Chat.Message.send";

/// What was printed of each type.
#[derive(Clone, Default)]
struct Shown(Arc<Mutex<Vec<(&'static str, String)>>>);

impl Shown {
    fn debug(&self, own: &'static str, value: &(impl Debug + ?Sized)) {
        let text = format!("{value:?}");
        assert!(!text.is_empty(), "{own}");
        self.0.lock().unwrap().push((own, format!("{text} {value:#?}")));
    }

    fn text(&self, own: &'static str, value: &(impl Debug + Display)) {
        self.debug(own, value);
        let text = value.to_string();
        assert!(!text.is_empty(), "{own}");
        self.0.lock().unwrap().push((own, text));
    }

    /// A value as serde writes it.
    fn view(&self, own: &'static str, value: &impl Serialize) {
        let text = serde_json::to_string(value).unwrap();
        self.0.lock().unwrap().push((own, text));
    }

    /// An error with all its causes.
    fn error(&self, own: &'static str, error: &(dyn std::error::Error + 'static)) {
        let mut next = Some(error);
        while let Some(error) = next {
            assert!(!error.to_string().is_empty(), "{own}");
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
    Call::with_params(method, params.as_object().unwrap().clone())
}

pub async fn shown() -> Vec<(&'static str, String)> {
    let shown = Shown::default();
    of_wire(&shown);
    probes::of_probes(&shown);
    of_portal(&shown);
    of_tokens(&shown).await;
    of_registry(&shown).await;
    gates::of_plans(&shown);
    gates::of_clients(&shown).await;
    gates::of_adapters(&shown).await;
    emulated::of_emulator(&shown).await;
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
    shown.debug("wire::Response", &response);
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
        shown.error("transport::HostError", &Redirects::to_hosts([entry]).unwrap_err());
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
        shown.text("portal_id::PortalId", portal.id());
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
            shown.error("portal_id::PortalError", error);
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
        let handle = registry.handle(&hooked());
        if let Err(error) = handle.ready().await {
            shown.error("portal_probe::ProbeError", &error);
            shown.text("portal_probe::ProbeErrorKind", error.kind());
            match error.kind() {
                imbot_caps::registry::ProbeErrorKind::Transport(error) => {
                    shown.error("transport::TransportError", error)
                }
                imbot_caps::registry::ProbeErrorKind::Api(error) => shown.error("wire::ApiError", error),
                other => panic!("{other:?}"),
            }
        }
        shown.debug("registry::Handle", &handle);
        shown.debug("registry::Event", &events.next().await.unwrap());
        shown.debug("registry::Events", &events);

        events::show(shown);
        let form = format!(
            "auth[application_token]={SECRET}&auth[access_token]={SECRET}&\
             auth[member_id]=0123456789abcdef0123456789abcdef&auth[client_endpoint]=https://acme.example/rest/"
        );
        let claim = claim_of_form(&form, SECRET).unwrap();
        shown.debug("registry::SenderClaim", &claim);
        shown.debug("registry::SenderClaimOutcome", &registry.record_sender(&claim));
        let wrong = format!("auth[application_token]={SECRET}&auth[member_id]={SECRET}");
        for error in [
            claim_of_form(&form, "another").unwrap_err(),
            claim_of_form(&wrong, SECRET).unwrap_err(),
        ] {
            let name = match error.is::<SenderClaimError>() {
                true => "registry::SenderClaimError",
                false => "event::EventError",
            };
            shown.error(name, &*error);
        }

        let snapshot = registry.snapshot();
        let written = serde_json::to_string(&snapshot).unwrap();
        shown.0.lock().unwrap().push(("registry::Snapshot", written));
        shown.debug("registry::Snapshot", &snapshot);
        for record in snapshot.records() {
            shown.debug("registry::SnapshotRecord", record);
        }
    }
    let lease = imbot_caps::store::Lease::new("https://acme.example".to_owned(), SECRET.to_owned());
    shown.debug("store::Lease", &lease);
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

/// A clock that stands, so that nothing waits and no deadline passes.
struct Standing;

impl imbot_caps::clock::Clock for Standing {
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
