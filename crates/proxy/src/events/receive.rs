//! Takes the events that portals post.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{Response, StatusCode};
use hyper::body::Incoming;
use imbot_caps::event::{BODY_LIMIT, BotEvent, BotEventKind, EventError, EventForm, Posted, Verified};
use imbot_caps::gate::Gate;
use imbot_caps::portal::{AccessToken, PortalBuilder, TokenError, TokenSource};
use imbot_caps::registry::SenderClaim;
use imbot_caps::{Feature, Handle, Portal};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use url::Url;

use super::deliver::Bells;
use super::form::auth_of_form;
use super::journal::{Appended, Journal, JournalError, Most, NewEvent};
use super::settings::{Bot, Bots, BotsError, Wants};
use crate::body::{BodyFailure, ProxyBody, read};
use crate::builder::Limits;
use crate::code;
use crate::failure::{Failure, json_response};
use crate::portals::by_scheme;

/// Events are read and verified on so many threads. Reading one can take many times the memory of its body.
const READERS: usize = 4;

/// After an event that contradicts what is known, the portal is asked again. Further such events count after this
/// time.
const AGAIN: Duration = Duration::from_secs(600);

/// The way from portals to bots.
pub(crate) struct Receiver {
    bots: Bots,
    journal: Journal,
    bells: Bells,
    /// By the names of the bots.
    places: HashMap<String, Arc<Place>>,
    readers: Arc<Semaphore>,
}

/// The portal of a bot, as the gate knows it.
struct Place {
    gate: Gate,
    endpoint: Url,
    handle: Handle,
    /// Bodies that are read at one time.
    posts: Semaphore,
    asked: Mutex<Option<Instant>>,
}

impl Receiver {
    pub(crate) fn new(
        bots: Bots,
        journal: Journal,
        bells: Bells,
        gate: &Gate,
        insecure_http: bool,
        limits: &Limits,
    ) -> Result<Self, BotsError> {
        let place = |bot: &Arc<Bot>| {
            let endpoint = by_scheme(bot.portal.clone(), insecure_http);
            let portal = portal_at(&endpoint, |builder| builder).map_err(|_| BotsError::Bot {
                bot: bot.name.clone(),
                what: "has a `portal` that can be none: write it as acme.bitrix24.com",
            })?;
            let place = Place {
                gate: gate.clone(),
                handle: gate.registry().handle(&portal),
                endpoint,
                posts: Semaphore::new(limits.posts),
                asked: Mutex::default(),
            };
            Ok((bot.name.clone(), Arc::new(place)))
        };
        let places: Result<_, BotsError> = bots.0.iter().map(place).collect();
        Ok(Self {
            places: places?,
            bots,
            journal,
            bells,
            readers: Arc::new(Semaphore::new(READERS)),
        })
    }

    /// Takes a posted event. When it returns, the event is on disk.
    pub(crate) async fn take(
        &self,
        secret: &str,
        head: &Parts,
        body: Incoming,
        limits: &Limits,
    ) -> Result<Response<ProxyBody>, Failure> {
        let found = self.bots.by_secret(secret);
        let Some((bot, place)) = found.and_then(|bot| Some((bot, self.places.get(&bot.name)?))) else {
            let text = "no bot has this address: it is /events/{secret}";
            return Err(Failure::new(StatusCode::NOT_FOUND, code::EVENT, text).closing());
        };
        let posts = tokio::time::timeout(limits.body_idle, place.posts.acquire()).await;
        let _post = posts.map_err(|_| {
            let text = "too many events of this bot come at one time";
            Failure::new(StatusCode::SERVICE_UNAVAILABLE, code::BUSY, text).closing()
        })?;
        let body = read(body, BODY_LIMIT, limits.body_idle).await;
        let body = body.map_err(BodyFailure::into_failure)?;
        let mime = head.headers.get(CONTENT_TYPE).and_then(|mime| mime.to_str().ok());
        let is_json = mime.is_some_and(|mime| mime.starts_with("application/json"));
        let (events, digest) = {
            let (own, place) = (Arc::clone(bot), Arc::clone(place));
            // The semaphore is never closed.
            let reader = Arc::clone(&self.readers).acquire_owned().await;
            // Reading a large form takes long.
            let reading = tokio::task::spawn_blocking(move || {
                let _reader = reader;
                events_of(&own, &place, &body, is_json)
            });
            let read = reading.await.map_err(|_| journal_failure(&JournalError::Ended))?;
            read.map_err(|error| refused(bot, &error))?
        };
        let most = Most {
            events: limits.events,
            bytes: limits.event_bytes,
        };
        let is_kept = matches!(bot.wants, Wants::Keep { .. });
        let appended = self
            .journal
            .append(&bot.name, digest, events, most, is_kept)
            .await
            .map_err(|error| journal_failure(&error))?;
        match appended {
            Appended::Written => self.bells.ring(&bot.name),
            Appended::Known => {
                tracing::debug!(imbot_caps.bot = bot.name, "a portal posted an event again");
            }
            Appended::Full => {
                metrics::counter!("imbot_caps.proxy.events", "outcome" => "refused").increment(1);
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

impl Place {
    /// Tells the registry what a verified event says of its portal.
    fn learn(&self, verified: &Verified) {
        let registry = self.gate.registry();
        if let Ok(claim) = SenderClaim::of(verified.sender()) {
            let member = claim.member_id().to_string();
            if let Ok(portal) = portal_at(&self.endpoint, |builder| builder.member_id(member)) {
                // The registry finds the portal by its `member_id` from now on.
                let _known = registry.handle(&portal);
            }
            registry.record_sender(&claim);
        }
        let is_newer = |event: &BotEvent| event.form() == EventForm::V2Posted && event.bot_id().is_some();
        let lacks = |what: Feature| self.handle.check(what).is_unsupported();
        if verified.events().iter().any(is_newer) && lacks(Feature::ImbotV2BotRegister) {
            let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
            if asked.is_none_or(|asked| asked.elapsed() >= AGAIN) {
                *asked = Some(Instant::now());
                // Only a portal with imbot.v2 sends such an event.
                self.handle.mark_stale();
            }
        }
    }
}

/// The portal at this address of REST. The server has no credential for it.
fn portal_at(
    endpoint: &Url,
    set: impl FnOnce(PortalBuilder) -> PortalBuilder,
) -> Result<Portal, imbot_caps::PortalError> {
    let mut builder = set(Portal::builder());
    if endpoint.scheme() == "http" {
        builder = builder.allow_http();
    }
    builder.oauth(endpoint.as_str(), NoToken)
}

/// The server has no token. It asks portals with the credentials of calls.
struct NoToken;

impl TokenSource for NoToken {
    fn token<'a>(
        &'a self,
        _expired: Option<&'a AccessToken>,
    ) -> Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>> {
        let error = TokenError::new("the server has no token of its own");
        Box::pin(std::future::ready(Err(error)))
    }
}

/// The events of a post in the newest form, and the digest by which the post is known again.
fn events_of(
    bot: &Bot,
    place: &Place,
    body: &[u8],
    is_json: bool,
) -> Result<(Vec<NewEvent>, Option<Vec<u8>>), EventError> {
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
    let verified = place.gate.verify(&place.handle, posted, &bot.tokens)?;
    place.learn(&verified);
    let events = verified.into_events();
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
    let is_kept = matches!(bot.wants, Wants::Keep { .. });
    // A bot that polls asks for the events of one bot. Those of the application reach nobody.
    let wanted = events
        .into_iter()
        .filter(|event| !is_kept || event.bot_id().is_some());
    let events = wanted.map(|event| new_event(event, &auth, is_kept)).collect();
    Ok((events, digest))
}

fn new_event(event: BotEvent, auth: &Map<String, Value>, is_kept: bool) -> NewEvent {
    let mut body = Map::new();
    body.insert("event".to_owned(), event.name().into());
    if let Some(id) = event.handler_id() {
        body.insert("event_handler_id".to_owned(), id.into());
    }
    let (bot_id, name, sent_at) = (event.bot_id(), event.name().to_owned(), event.sent_at());
    let mut data = event.into_data();
    if is_kept {
        // The tokens of the bot: an event that is polled has none.
        for member in data.values_mut().filter_map(Value::as_object_mut) {
            member.shift_remove("auth");
        }
    }
    body.insert("data".to_owned(), Value::Object(data));
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
