//! Takes the events that portals post.

use std::sync::Arc;

use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{Response, StatusCode};
use hyper::body::Incoming;
use imbot_caps::event::{BODY_LIMIT, BotEvent, BotEventKind, EventError, Posted};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::deliver::Bells;
use super::form::auth_of_form;
use super::journal::{Appended, Journal, JournalError, NewEvent};
use super::settings::{Bot, Bots, Wants};
use crate::body::{BodyFailure, ProxyBody, read};
use crate::builder::Limits;
use crate::code;
use crate::failure::{Failure, json_response};

/// The way from portals to bots.
pub(crate) struct Receiver {
    pub(crate) bots: Bots,
    pub(crate) journal: Journal,
    pub(crate) bells: Bells,
}

impl Receiver {
    /// Takes a posted event. When it returns, the event is on disk.
    pub(crate) async fn take(
        &self,
        secret: &str,
        head: &Parts,
        body: Incoming,
        limits: &Limits,
    ) -> Result<Response<ProxyBody>, Failure> {
        let Some(bot) = self.bots.by_secret(secret) else {
            let text = "no bot has this address: it is /events/{secret}";
            return Err(Failure::new(StatusCode::NOT_FOUND, code::EVENT, text).closing());
        };
        let body = read(body, BODY_LIMIT, limits.body_idle).await;
        let body = body.map_err(BodyFailure::into_failure)?;
        let mime = head.headers.get(CONTENT_TYPE).and_then(|mime| mime.to_str().ok());
        let is_json = mime.is_some_and(|mime| mime.starts_with("application/json"));
        let (events, digest) = {
            let own = Arc::clone(bot);
            // Reading a large form takes long.
            let reading = tokio::task::spawn_blocking(move || events_of(&own, &body, is_json));
            let read = reading.await.map_err(|_| journal_failure(&JournalError::Ended))?;
            read.map_err(|error| refused(bot, &error))?
        };
        let appended = self
            .journal
            .append(&bot.name, digest, events, limits.events)
            .await
            .map_err(|error| journal_failure(&error))?;
        match appended {
            Appended::Written => self.bells.ring(&bot.name),
            Appended::Known => {
                tracing::debug!(imbot_caps.bot = bot.name, "a portal posted an event again");
            }
            Appended::Full => {
                tracing::error!(
                    imbot_caps.bot = bot.name,
                    "an event was refused: the bot takes no events, and the journal has as many as it keeps"
                );
                let text = "the bot takes no events, and the journal has as many as it keeps";
                return Err(Failure::new(StatusCode::SERVICE_UNAVAILABLE, code::EVENT, text));
            }
        }
        metrics::counter!("imbot_caps.proxy.events", "outcome" => "acknowledged").increment(1);
        Ok(json_response(StatusCode::OK, &json!({"result": true})))
    }
}

/// The events of a post in the newest form, and the digest by which the post is known again.
fn events_of(bot: &Bot, body: &[u8], is_json: bool) -> Result<(Vec<NewEvent>, Option<Vec<u8>>), EventError> {
    let (posted, auth) = match is_json {
        true => {
            let posted = Posted::from_json(body)?;
            let whole = serde_json::from_slice::<Value>(body).ok();
            let auth = whole.and_then(|mut whole| whole.get_mut("auth").map(Value::take));
            (
                posted,
                auth.and_then(|auth| auth.as_object().cloned())
                    .unwrap_or_default(),
            )
        }
        false => (Posted::from_form(body)?, auth_of_form(body)),
    };
    let events = posted.verify(&bot.tokens)?.into_events();
    let can_come_once = |event: &BotEvent| {
        matches!(
            event.kind(),
            BotEventKind::MessageAdd
                | BotEventKind::MessageDelete
                | BotEventKind::CommandAdd
                | BotEventKind::BotDelete
        )
    };
    // A message can be edited twice in a second, to the same text: those posts are equal, and are two events.
    let is_once = events.iter().all(can_come_once);
    let digest = is_once.then(|| Sha256::digest(body).to_vec());
    // A bot that polls gets no tokens of the event.
    let auth = match bot.wants {
        Wants::Deliver { .. } => auth,
        Wants::Keep { .. } => Map::new(),
    };
    let events = events.into_iter().map(|event| new_event(event, &auth)).collect();
    Ok((events, digest))
}

fn new_event(event: BotEvent, auth: &Map<String, Value>) -> NewEvent {
    let mut body = Map::new();
    body.insert("event".to_owned(), event.name().into());
    if let Some(id) = event.handler_id() {
        body.insert("event_handler_id".to_owned(), id.into());
    }
    let (bot_id, name, sent_at) = (event.bot_id(), event.name().to_owned(), event.sent_at());
    body.insert("data".to_owned(), Value::Object(event.into_data()));
    if let Some(sent_at) = sent_at {
        body.insert("ts".to_owned(), sent_at.into());
    }
    body.insert("auth".to_owned(), Value::Object(auth.clone()));
    NewEvent {
        bot_id,
        name,
        body: Value::Object(body).to_string(),
    }
}

fn refused(bot: &Bot, error: &EventError) -> Failure {
    let status = match error {
        EventError::Unverified => StatusCode::FORBIDDEN,
        _ => StatusCode::BAD_REQUEST,
    };
    metrics::counter!("imbot_caps.proxy.events", "outcome" => "refused").increment(1);
    tracing::warn!(imbot_caps.bot = bot.name, error.message = %error, "a posted event was refused");
    Failure::new(status, code::EVENT, error.to_string())
}

pub(crate) fn journal_failure(error: &JournalError) -> Failure {
    tracing::error!(error.message = %error, "the journal of events failed");
    let text = "the journal of events failed: see the log of the server";
    Failure::new(StatusCode::INTERNAL_SERVER_ERROR, code::JOURNAL, text)
}
