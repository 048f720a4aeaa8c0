//! The log speaks of portals and failures by the fields that the crate's first page
//! lists.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use imbot_caps::Feature;
use imbot_caps_emulator::{Build, Emulator, Fault};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use crate::support::http::{untimed, webhook};

/// The crate's first page, which lists what is logged and counted.
pub const FIRST_PAGE: &str = include_str!("../../../src/lib.md");

/// Keeps the fields of what the crate logs.
#[derive(Clone, Default)]
pub struct Fields(Arc<Mutex<Vec<(String, String)>>>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let entry = (field.name().to_owned(), format!("{value:?}"));
        self.0.lock().unwrap().push(entry);
    }
}

impl<S: tracing::Subscriber> Layer<S> for Fields {
    fn on_new_span(&self, span: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        if span.metadata().target().starts_with("imbot_caps") {
            span.record(&mut self.clone());
        }
    }

    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target().starts_with("imbot_caps") {
            event.record(&mut self.clone());
        }
    }
}

impl Fields {
    fn contain(&self, name: &str, value: &str) -> bool {
        let fields = self.0.lock().unwrap();
        fields.iter().any(|(n, v)| n == name && v == value)
    }

    /// The number of fields with this name.
    pub fn count(&self, name: &str) -> usize {
        let fields = self.0.lock().unwrap();
        fields.iter().filter(|(own, _)| own == name).count()
    }

    pub fn mention(&self, text: &str) -> bool {
        let fields = self.0.lock().unwrap();
        fields.iter().any(|(_, value)| value.contains(text))
    }
}

/// Has this thread's log kept until the guard is dropped.
pub fn of_this_thread(log: impl tracing::Subscriber + Send + Sync) -> impl Sized {
    // While there is but one subscriber, a place that another thread comes by first is
    // turned off for all, since that thread has none.
    let another = tracing::Dispatch::new(tracing_subscriber::registry());
    (tracing::subscriber::set_default(log), another)
}

#[tokio::test]
async fn log_fields_match_documentation() {
    let fields = Fields::default();
    // Of this thread alone: another test has the whole process's log.
    let log = tracing_subscriber::registry().with(fields.clone());
    let _guard = of_this_thread(log);
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(34));
    let portal = webhook(&emulated);
    let registry = untimed();
    let handle = registry.handle(&portal);
    for build in [Build::rest(34), Build::rest(36), Build::rest(33)] {
        emulated.set_build(build);
        handle.refresh().await.unwrap();
    }
    for code in ["INVALID_CREDENTIALS", "OVERLOAD_LIMIT"] {
        emulated.fault(Fault::error(code).once());
        handle.refresh().await.unwrap_err();
    }
    let absent = imbot_caps::wire::Reply::read(
        400,
        None,
        br#"{"error": "ERROR_METHOD_NOT_FOUND", "error_description": "Method not found!"}"#,
    );
    handle.report_not_found(Feature::SystemMessage, &absent).await;
    registry.restore(&registry.snapshot());
    let client = registry.client(&portal);
    let bot = serde_json::json!({"botId": 1, "botToken": "t", "fields": {"botToken": "u"}});
    client.call("imbot.v2.Bot.get", bot.clone()).await.unwrap_err();
    client.call("imbot.v2.Bot.update", bot).await.unwrap_err();

    assert!(fields.contain("bitrix24.restored.older", "1"));
    assert!(fields.contain("bitrix24.portal", &portal.id().to_string()));
    assert!(fields.contain("server.address", r#""127.0.0.1""#));
    assert!(fields.contain("rpc.method", r#""imbot.v2.Revision.get""#));
    assert!(fields.contain("http.response.status_code", "200"));
    assert!(fields.contain("error.type", r#""credential""#));
    assert!(fields.contain("error.type", r#""blocked""#));
    assert!(fields.contain("bitrix24.feature", r#""message.system""#));
    assert!(fields.contain("bitrix24.feature", r#""bot.token_rotation""#));
    assert!(fields.contain(
        "bitrix24.change",
        "`bot.appId` is taken out of the reply (bot.app_id)"
    ));
    let names: BTreeSet<_> = fields
        .0
        .lock()
        .unwrap()
        .iter()
        .map(|(name, _)| name.clone())
        .collect();
    for name in names {
        assert!(
            name == "message" || FIRST_PAGE.contains(&format!("`{name}`")),
            "{name} is not documented"
        );
    }
}
