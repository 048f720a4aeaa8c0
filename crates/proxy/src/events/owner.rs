//! Which application an access token belongs to: the portal says it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use imbot_caps::gate::HttpCall;
use imbot_caps::wire::Call;
use reqwest::Request;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::time::Instant;

use crate::body::read_answer;
use crate::upstream::Upstream;

/// An answer is good for so long. An access token lives for an hour.
const KEPT: Duration = Duration::from_secs(600);

/// The most answers that are kept.
const MOST: usize = 10_000;

/// The most bytes of an answer.
const ANSWER: usize = 64 * 1024;

/// The applications that portals have named, by address and token. The tokens are in memory alone, as digests.
#[derive(Default)]
pub(crate) struct Owners(Mutex<HashMap<[u8; 32], (String, Instant)>>);

impl Owners {
    /// The code of the application whose access token a call has. `None` if the portal names no application: then the
    /// portal is to say what is wrong with the token.
    pub(crate) async fn of(&self, request: &Request, read: &HttpCall, upstream: &Upstream) -> Option<String> {
        let mut key = Sha256::new();
        key.update(read.portal().endpoint());
        key.update([0]);
        key.update(read.access_token()?.expose());
        let key: [u8; 32] = key.finalize().into();
        if let Some(application) = self.known(&key) {
            return Some(application);
        }
        let application = ask(read.with_call(request, &Call::new("app.info")), upstream).await?;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() < MOST {
            known.insert(key, (application.clone(), Instant::now() + KEPT));
        }
        Some(application)
    }

    fn known(&self, key: &[u8; 32]) -> Option<String> {
        let now = Instant::now();
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, (_, end)| *end > now);
        known.get(key).map(|(application, _)| application.clone())
    }
}

async fn ask(question: Request, upstream: &Upstream) -> Option<String> {
    let answer = upstream.send(question).await.ok()?;
    let is_success = answer.status().is_success();
    let body = read_answer(answer, ANSWER).await.ok()??;
    let read: Value = serde_json::from_slice(&body).ok()?;
    let code = read.get("result")?.get("CODE")?.as_str()?;
    (is_success && !code.is_empty()).then(|| code.to_owned())
}
