//! A crate that wraps the API, with calls as types, a table and a client of its own. The test is
//! of both sides: `cargo test --example library`.
#![allow(missing_docs, reason = "the comments are for readers of this file")]

use imbot_caps::gate::{CallError, Client, Gate};
use imbot_caps::plan::TypedCall;
use imbot_caps::table::TableError;
use imbot_caps::transport::Transport;
use imbot_caps::{Registry, Requirement, Table};
use serde::{Deserialize, Serialize};

/// What the library knows beyond the table: voices, of a revision to come. It is the requirement of
/// the row with the same id.
pub const VOICE: Requirement = Requirement::rest("acme.voice", 37).and_imbot_v2();

pub const OVERLAY: &str = r#"
title = "acme"
version = "0.1.0"
requires = "^2"
[[feature]]
id = "acme.voice"
title = "Voice messages"
kind = "new"
applies = { methods = ["imbot.v2.Chat.Message.send"], request = ["fields.voice"] }
fallback = { shim = "omit", note = "The text holds a link to the recording." }
source = "https://example.com/acme"
confidence = "inferred"
"#;

/// A message with a recording. Without voices the gate leaves the recording out: see the row.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Say<'a> {
    pub bot_id: u64,
    pub dialog_id: &'a str,
    pub fields: Fields<'a>,
}

#[derive(Serialize)]
pub struct Fields<'a> {
    pub message: &'a str,
    pub voice: &'a str,
}

#[derive(Deserialize)]
pub struct Said {
    pub id: u64,
}

impl TypedCall for Say<'_> {
    type Reply = Said;
    const METHOD: &'static str = "imbot.v2.Chat.Message.send";
}

/// The text of a recording. It has no other form: without voices nothing is sent.
#[derive(Serialize)]
pub struct Transcribe {
    pub id: u64,
}

impl TypedCall for Transcribe {
    type Reply = String;
    const METHOD: &'static str = "acme.voice.transcribe";
    const NEEDS: &'static [Requirement] = &[VOICE];
}

/// One for all portals. Make it once: it keeps the table for the life of the process.
pub fn gate(http: impl Transport) -> Result<Gate, TableError> {
    let table = Table::builtin().with_requirements(OVERLAY, &[VOICE])?.leak();
    Ok(Gate::new(&Registry::builder(http).table(table).build()))
}

/// The library's own client, for one portal.
pub struct Acme(pub Client);

impl Acme {
    pub async fn say(&self, say: &Say<'_>) -> Result<u64, CallError> {
        Ok(self.0.send(say).await?.id)
    }

    pub async fn transcribe(&self, id: u64) -> Result<String, CallError> {
        self.0.send(&Transcribe { id }).await
    }
}

#[tokio::test]
async fn both_sides_get_what_they_take() -> Result<(), Box<dyn std::error::Error>> {
    use imbot_caps::{Portal, transport::ReqwestTransport};
    use imbot_caps_emulator::{Build, Emulator, Fault};

    for (rest, has_voices) in [(37, true), (36, false)] {
        let portal = Emulator::start_single(Build::rest(rest)).await?;
        let own = Portal::builder().allow_http().webhook(portal.webhook_url())?;
        let gate = gate(ReqwestTransport::new())?;
        let acme = Acme(gate.client(&own));
        portal.fault(Fault::result(serde_json::json!({"id": 5})).on(Say::METHOD));
        portal.fault(Fault::result("Hello".into()).on(Transcribe::METHOD));

        let (message, voice) = ("https://acme.example/1.ogg", "1.ogg");
        let fields = Fields { message, voice };
        let say = Say {
            bot_id: 7,
            dialog_id: "1",
            fields,
        };
        assert_eq!(acme.say(&say).await?, 5);
        let sent = portal.take_requests().pop().ok_or("no request")?.params;
        assert_eq!(sent["fields"].get("voice").is_some(), has_voices);

        let text = acme.transcribe(5).await;
        assert_eq!(text.is_ok(), has_voices);
        assert_eq!(matches!(text, Err(CallError::Unsupported(_))), !has_voices);
    }
    Ok(())
}
