//! One renewal of a token for all workers of a bot: `/oauth/token/`.
//!
//! A refresh token works once. If two workers renew one token, the second is refused, and its user has to install the
//! application again. Here the first worker's renewal is sent to the authorisation server, and every worker with the
//! same refresh token gets its answer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Response, StatusCode};
use reqwest::redirect::Policy;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::sync::watch;
use tokio::time::Instant;
use url::Url;

use crate::body::read_answer;
use crate::body::{ProxyBody, whole};
use crate::builder::Limits;
use crate::code;
use crate::failure::Failure;

/// How long an answer is given to further workers: as long as the access token in it lives.
const KEPT: Duration = Duration::from_secs(3_600);

/// The most answers that are kept. Beyond it, renewals are not shared.
const MOST: usize = 10_000;

/// The most bytes of an answer.
const ANSWER: usize = 64 * 1024;

/// The longest wait for the authorisation server.
const PATIENCE: Duration = Duration::from_secs(30);

type Key = [u8; 32];

#[derive(Clone)]
struct Answer {
    status: StatusCode,
    body: Bytes,
    is_good: bool,
}

type Waiting = watch::Receiver<Option<Result<Answer, Failure>>>;

/// The renewals that run, and the answers that are kept. Secrets are in memory alone.
#[derive(Clone)]
pub(crate) struct Renewals {
    client: reqwest::Client,
    server: Url,
    known: Arc<Mutex<HashMap<Key, (Waiting, Instant)>>>,
}

/// The client for the authorisation server.
pub(crate) fn client(limits: &Limits, insecure_http: bool) -> reqwest::Result<reqwest::Client> {
    let builder = reqwest::Client::builder()
        .redirect(Policy::none())
        .referer(false)
        // Another crate may have turned these on for the whole program.
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .connect_timeout(limits.connect)
        .read_timeout(limits.reply);
    match insecure_http {
        // The server may be at plain http. A proxy of the environment would read the secrets.
        true => builder.no_proxy().build(),
        false => builder.build(),
    }
}

impl Renewals {
    pub(crate) fn new(client: reqwest::Client, server: Url) -> Self {
        Self {
            client,
            server,
            known: Arc::default(),
        }
    }

    /// Renews a token. The parameters are in the query or in the form, as the authorisation server takes them.
    pub(crate) async fn renew(&self, query: &str, form: &[u8]) -> Result<Response<ProxyBody>, Failure> {
        let mut params: HashMap<String, String> = HashMap::new();
        for part in [query.as_bytes(), form] {
            params.extend(form_urlencoded::parse(part).into_owned());
        }
        let wrong = |text: &str| Failure::new(StatusCode::BAD_REQUEST, code::BAD_REQUEST, text);
        if params.get("grant_type").map(String::as_str) != Some("refresh_token") {
            return Err(wrong("not sent. Only `grant_type=refresh_token` is renewed here"));
        }
        let mut digest = Sha256::new();
        for name in ["client_id", "client_secret", "refresh_token"] {
            let value = params.get(name).filter(|value| !value.is_empty());
            let value = value.ok_or_else(|| {
                wrong("not sent. A renewal needs client_id, client_secret and refresh_token")
            })?;
            digest.update(value.len().to_be_bytes());
            digest.update(value);
        }
        let mut waiting = self.join(digest.finalize().into(), params);
        let answered = waiting.wait_for(Option::is_some).await;
        // The task that sends has ended without an answer only if the runtime stops.
        let answer = answered.ok().and_then(|answer| answer.clone());
        let answer = answer.unwrap_or_else(|| Err(unanswered("the server is stopping")))?;
        let mut response = Response::new(whole(answer.body));
        *response.status_mut() = answer.status;
        let json = http::HeaderValue::from_static("application/json; charset=utf-8");
        response.headers_mut().insert(CONTENT_TYPE, json);
        Ok(response)
    }

    /// The renewal of this token that runs or has run, or a new one. It goes on if its workers leave.
    fn join(&self, key: Key, params: HashMap<String, String>) -> Waiting {
        let now = Instant::now();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, (_, end)| *end > now);
        if let Some((waiting, _)) = known.get(&key) {
            return waiting.clone();
        }
        let (sender, waiting) = watch::channel(None);
        if known.len() < MOST {
            known.insert(key, (waiting.clone(), now + KEPT));
        }
        let own = self.clone();
        tokio::spawn(async move {
            let answer = own.send(&params).await;
            if !answer.as_ref().is_ok_and(|answer| answer.is_good) {
                // The next worker asks again.
                let mut known = own.known.lock().unwrap_or_else(PoisonError::into_inner);
                known.remove(&key);
            }
            // Without a receiver, nobody waits.
            let _ = sender.send(Some(answer));
        });
        waiting
    }

    async fn send(&self, params: &HashMap<String, String>) -> Result<Answer, Failure> {
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(params)
            .finish();
        let request = self.client.post(self.server.clone());
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let failed = |error: reqwest::Error| unanswered(&error.without_url().to_string());
        let answer = request
            .body(form)
            .timeout(PATIENCE)
            .send()
            .await
            .map_err(failed)?;
        let status = answer.status();
        let body = read_answer(answer, ANSWER).await.map_err(failed)?;
        let body = body.ok_or_else(|| unanswered("its answer is longer than 64 KiB"))?;
        let read: Value = serde_json::from_slice(&body).unwrap_or_default();
        let has = |name: &str| read.get(name).is_some_and(Value::is_string);
        Ok(Answer {
            is_good: status.is_success() && has("access_token") && has("refresh_token"),
            status,
            body: body.into(),
        })
    }
}

fn unanswered(why: &str) -> Failure {
    let text = format!("the token may be renewed: the authorisation server gave no answer: {why}");
    Failure::new(StatusCode::BAD_GATEWAY, code::NO_ANSWER, text)
}
