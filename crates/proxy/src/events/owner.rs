//! Which application an access token belongs to: the portal says it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::header::AUTHORIZATION;
use imbot_caps::gate::HttpCall;
use imbot_caps::wire::Call;
use reqwest::{Body, Request};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::time::Instant;

use crate::body::read_answer;
use crate::way::Way;

/// An answer is good for so long. An access token lives for an hour.
const KEPT: Duration = Duration::from_secs(600);

/// The most answers that are kept.
const MOST: usize = 10_000;

/// The most bytes of an answer.
const ANSWER: usize = 64 * 1024;

/// The applications that portals have named, by the question. The tokens are in memory alone.
#[derive(Default)]
pub(crate) struct Owners(Mutex<HashMap<[u8; 32], (String, Instant)>>);

impl Owners {
    /// The code of the application whose access token a call has. `None` if the portal names no application: then the
    /// portal is to say what is wrong with the token.
    pub(crate) async fn of(&self, request: &Request, read: &HttpCall, way: &Way) -> Option<String> {
        let question = read.with_call(request, &Call::new("app.info"));
        let key = key_of(&question);
        if let Some(application) = self.known(&key) {
            return Some(application);
        }
        let application = ask(question, way).await?;
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

/// The address and the token of a question. It has no parameters beside the token.
fn key_of(question: &Request) -> [u8; 32] {
    let token = question.headers().get(AUTHORIZATION);
    let body = question.body().and_then(Body::as_bytes);
    let mut key = Sha256::new();
    for part in [
        question.url().as_str().as_bytes(),
        token.map(|token| token.as_bytes()).unwrap_or_default(),
        body.unwrap_or_default(),
    ] {
        key.update(part.len().to_be_bytes());
        key.update(part);
    }
    key.finalize().into()
}

async fn ask(question: Request, way: &Way) -> Option<String> {
    let answer = way.send(question).await.ok()?;
    let is_success = answer.status().is_success();
    let body = read_answer(answer, ANSWER).await.ok()??;
    let read: Value = serde_json::from_slice(&body).ok()?;
    let code = read.get("result")?.get("CODE")?.as_str()?;
    (is_success && !code.is_empty()).then(|| code.to_owned())
}
