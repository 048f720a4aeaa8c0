//! What tests of first contact share.

use std::error::Error;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use imbot_caps::event::{ApplicationTokens, Posted};
use imbot_caps::registry::{RegistryBuilder, SenderClaim};
use imbot_caps::transport::{Request, ReqwestTransport, Response, Transport, TransportError};
use imbot_caps::{Portal, Registry};
use imbot_caps_emulator::EmulatedPortal;
use serde_json::Value;
use tokio::runtime;

pub const REVISION: &str = "imbot.v2.Revision.get";
pub const OLD: &str = "im.revision.get";
pub const BATCH: &str = "batch";

/// The portal by its webhook.
pub fn webhook(emulated: &EmulatedPortal) -> Portal {
    Portal::builder()
        .allow_http()
        .webhook(emulated.webhook_url())
        .unwrap()
}

/// The methods called since the last look.
pub fn asked(emulated: &EmulatedPortal) -> Vec<String> {
    emulated
        .take_requests()
        .into_iter()
        .map(|request| request.method)
        .collect()
}

/// Sends over real sockets without a time limit, so that a loaded machine fails no test.
#[derive(Default)]
pub struct Untimed(Mutex<Vec<(runtime::Id, Arc<ReqwestTransport>)>>);

impl Untimed {
    /// The client of the runtime at hand: a pooled connection belongs to its runtime.
    fn client(&self) -> Arc<ReqwestTransport> {
        let own = runtime::Handle::current().id();
        let mut clients = self.0.lock().unwrap();
        if let Some((_, client)) = clients.iter().find(|(runtime, _)| *runtime == own) {
            return Arc::clone(client);
        }
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .no_gzip()
            .no_proxy()
            .build()
            .unwrap();
        let client = Arc::new(ReqwestTransport::with_client(client));
        clients.push((own, Arc::clone(&client)));
        client
    }
}

impl Transport for Untimed {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        let client = self.client();
        Box::pin(async move { client.send(request).await })
    }
}

/// How long a probe may take by the system's clock. By default it is ten seconds, which a
/// loaded machine may need.
pub const LONG: Duration = Duration::from_secs(60);

/// Makes a registry whose clock is the system's.
pub fn untimed_builder() -> RegistryBuilder {
    Registry::builder(Untimed::default()).deadline(LONG)
}

pub fn untimed() -> Registry {
    untimed_builder().build()
}

/// The claim of the sender of an event with this `auth`, verified with the token.
pub fn sender_claim(payload: &Value, token: &str) -> Result<SenderClaim, Box<dyn Error + Send + Sync>> {
    let mut payload = payload.clone();
    if payload.get("event").is_none() {
        payload["event"] = "ONAPPUPDATE".into();
    }
    let event = Posted::from_value(payload)?.verify(&ApplicationTokens::new(token))?;
    Ok(SenderClaim::of(event.sender())?)
}

/// The same of a form.
pub fn claim_of_form(form: &str, token: &str) -> Result<SenderClaim, Box<dyn Error + Send + Sync>> {
    let event = Posted::from_form(format!("event=ONAPPUPDATE&{form}").as_bytes())?;
    Ok(SenderClaim::of(
        event.verify(&ApplicationTokens::new(token))?.sender(),
    )?)
}
