//! Which application an access token belongs to: the portal says it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::Method;
use http::header::{CONTENT_TYPE, HeaderValue};
use imbot_caps::portal::StaticToken;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::time::Instant;
use url::Url;

use crate::way::Way;

/// An answer is good for so long. An access token lives for an hour.
const KEPT: Duration = Duration::from_secs(600);

/// The most answers that are kept.
const MOST: usize = 10_000;

/// The most bytes of an answer.
const ANSWER: usize = 64 * 1024;

/// The owner of an access token.
#[derive(Clone)]
pub(crate) struct Owner {
    /// The code of the application.
    pub(crate) application: String,
    /// One source for each token, so that the registry takes it for one credential.
    pub(crate) token: Arc<StaticToken>,
}

/// The owners that portals have named. The tokens are in memory alone.
#[derive(Default)]
pub(crate) struct Owners(Mutex<HashMap<[u8; 32], (Owner, Instant)>>);

impl Owners {
    /// The owner of a token at the portal with this address of REST. `None` if the portal names no application: then
    /// the portal is to say what is wrong with the token.
    pub(crate) async fn of(&self, endpoint: &Url, token: &str, way: &Way) -> Option<Owner> {
        let mut key = Sha256::new();
        key.update(endpoint.as_str());
        key.update([0]);
        key.update(token);
        let key: [u8; 32] = key.finalize().into();
        if let Some(owner) = self.known(&key) {
            return Some(owner);
        }
        let application = ask(endpoint, token, way).await?;
        let owner = Owner {
            application,
            token: Arc::new(StaticToken::new(token)),
        };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() < MOST {
            known.insert(key, (owner.clone(), Instant::now() + KEPT));
        }
        Some(owner)
    }

    fn known(&self, key: &[u8; 32]) -> Option<Owner> {
        let now = Instant::now();
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, (_, end)| *end > now);
        known.get(key).map(|(owner, _)| owner.clone())
    }
}

async fn ask(endpoint: &Url, token: &str, way: &Way) -> Option<String> {
    let mut request = reqwest::Request::new(Method::POST, endpoint.join("app.info").ok()?);
    let json = HeaderValue::from_static("application/json");
    request.headers_mut().insert(CONTENT_TYPE, json);
    *request.body_mut() = Some(json!({"auth": token}).to_string().into());
    let mut answer = way.send(request).await.ok()?;
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.ok()? {
        body.extend_from_slice(&chunk);
        if body.len() > ANSWER {
            return None;
        }
    }
    let read: Value = serde_json::from_slice(&body).ok()?;
    let code = read.get("result")?.get("CODE")?.as_str()?;
    (answer.status().is_success() && !code.is_empty()).then(|| code.to_owned())
}
