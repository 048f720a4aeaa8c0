//! Polling for events: `imbot.v2.Event.get`, page after page.

use std::convert::Infallible;
use std::fmt;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use super::client::{CallError, Client};
use crate::event::{BotEvent, EventError};
use crate::feature::Feature;
use crate::transport::TransportError;
use crate::wire::{Call, ErrorClass};

const EVENT_GET: &str = "imbot.v2.Event.get";

/// The pause after a page without events.
const IDLE: Duration = Duration::from_secs(1);

/// The first and the longest pause after a failure that passes. Each is twice the one before.
const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(60);

/// The events of a bot that polls, in order, in [one form](crate::event). Made by [`Client::events`].
///
/// The offset moves on only after the hook has returned for the event. So the program loses no event of a
/// page. After the hook has failed, the next page begins with the same event. After a crash, all events of
/// the last page come again, unless the program has stored the [`id`](BotEvent::id) of the last event and
/// gives the next number to [`from_offset`](Self::from_offset). An event that comes again has the same id.
///
/// The portal deletes events by itself, too: after 24 hours, when the bot is switched to webhooks, and when
/// the bot is deleted.
///
/// ```no_run
/// # async fn run(client: imbot_caps::gate::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let mut events = client.events(7).bot_token("t0ken");
/// let never = events
///     .run(async |event| {
///         match event {
///             Ok(event) => println!("{:?}: {:?}", event.kind(), event.text()),
///             Err(unread) => eprintln!("{unread}"),
///         }
///         Ok::<(), std::io::Error>(())
///     })
///     .await?;
/// # match never {}
/// # }
/// ```
#[derive(Clone)]
#[must_use]
pub struct EventPolling {
    client: Client,
    bot_id: u64,
    bot_token: Option<SecretString>,
    offset: Option<u64>,
    limit: Option<u16>,
    pause_when_empty: Duration,
    /// Whether the portal has said how the bot gets its events, or will not say it.
    is_mode_known: bool,
}

/// An item of a page that is no event of the known form. The whole item is in it.
#[derive(Clone, PartialEq)]
pub struct UnreadableEvent {
    /// What is wrong with it.
    pub error: EventError,
    /// The item as the portal sent it.
    pub item: Value,
}

/// Why polling ended.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PollError<E> {
    /// The call failed, and a repeat would fail, too. On a portal without polling it is
    /// [`CallError::Refused`]: the bot needs an address there.
    #[error("{0}")]
    Call(#[source] CallError),
    /// The portal says that the bot has the `eventMode` "webhook", as each bot of the older API has. A portal puts no
    /// event of such a bot into the queue, so polling would never return one.
    #[error(
        "bot {bot_id} never gets events by polling: the portal says that its eventMode is \"webhook\". Read the events that are posted to its address, or call imbot.v2.Bot.update with `eventMode` \"fetch\""
    )]
    NotPolled {
        /// The id of the bot.
        bot_id: u64,
    },
    /// The reply has no list of events.
    #[error("the reply to imbot.v2.Event.get has no list of events with `nextOffset`")]
    NoPage,
    /// The hook failed. The event comes again.
    #[error("the hook failed: {0}")]
    Hook(E),
}

impl Client {
    /// The events of this bot by polling: for a bot that was registered with `eventMode` "fetch".
    pub fn events(&self, bot_id: u64) -> EventPolling {
        EventPolling {
            client: self.clone(),
            bot_id,
            bot_token: None,
            offset: None,
            limit: None,
            pause_when_empty: IDLE,
            is_mode_known: false,
        }
    }
}

impl EventPolling {
    /// Sets the bot's token, which a webhook needs.
    pub fn bot_token(mut self, token: impl Into<String>) -> Self {
        self.bot_token = Some(SecretString::from(token.into()));
        self
    }

    /// Begins at this offset. Events below it are confirmed: the portal deletes them. Without one, the first
    /// request confirms nothing.
    pub fn from_offset(mut self, offset: u64) -> Self {
        self.offset = Some(offset);
        self
    }

    /// The most events of a page, 1 to 1,000; 100 by default.
    pub fn limit(mut self, limit: u16) -> Self {
        self.limit = Some(limit);
        self
    }

    /// The pause after a page without events; a second by default. A portal takes about two requests a second.
    pub fn pause_when_empty(mut self, pause: Duration) -> Self {
        self.pause_when_empty = pause;
        self
    }

    /// The offset of the next request.
    #[must_use]
    pub fn offset(&self) -> Option<u64> {
        self.offset
    }

    /// Asks for one page, and calls the hook with each event, one after the other. Returns the number of
    /// events.
    ///
    /// After the first page without events it calls `imbot.v2.Bot.get`, once: an empty page does not tell whether the
    /// bot polls at all.
    ///
    /// Cancel-safe: the offset names the first event for which the hook has not returned.
    ///
    /// # Errors
    ///
    /// [`PollError`]. After [`PollError::Hook`] the next page begins with the same event.
    pub async fn page<E>(
        &mut self,
        mut hook: impl AsyncFnMut(Result<BotEvent, UnreadableEvent>) -> Result<(), E>,
    ) -> Result<usize, PollError<E>> {
        let mut params = self.params_of_bot();
        if let Some(offset) = self.offset {
            params.insert("offset".to_owned(), offset.into());
        }
        if let Some(limit) = self.limit {
            params.insert("limit".to_owned(), limit.into());
        }
        let sent = self.client.send_call(Call::with_params(EVENT_GET, params)).await;
        let mut page = sent.map_err(PollError::Call)?;
        let next = page.get("nextOffset").and_then(Value::as_u64);
        let (Some(Value::Array(items)), Some(next)) = (page.get_mut("events").map(Value::take), next) else {
            return Err(PollError::NoPage);
        };
        let table = self.client.gate().registry().reading().table();
        let count = items.len();
        for item in items {
            // The copy is for an item that cannot be read: nothing is lost.
            let event = BotEvent::from_polled_with(item.clone(), table);
            if let Ok(event) = &event {
                self.client.observe_event(event);
            }
            let id = event.as_ref().ok().and_then(BotEvent::id);
            let event = event.map_err(|error| UnreadableEvent { error, item });
            hook(event).await.map_err(PollError::Hook)?;
            if let Some(id) = id {
                self.offset = Some(id.saturating_add(1));
            }
        }
        // A server that is no portal may name an earlier one.
        self.offset = Some(self.offset.map_or(next, |own| own.max(next)));
        match count == 0 && !self.is_polled().await {
            true => Err(PollError::NotPolled { bot_id: self.bot_id }),
            false => Ok(count),
        }
    }

    fn params_of_bot(&self) -> Map<String, Value> {
        let mut params = Map::new();
        params.insert("botId".to_owned(), self.bot_id.into());
        if let Some(token) = &self.bot_token {
            params.insert("botToken".to_owned(), token.expose_secret().into());
        }
        params
    }

    /// Whether the bot may get events by polling. It may, unless the portal says that the bot has another mode.
    /// Source: `EventLogger::isFetchBot` in the module `im`.
    async fn is_polled(&mut self) -> bool {
        if self.is_mode_known {
            return true;
        }
        let get = Call::with_params(Feature::ImbotV2BotGet.as_str(), self.params_of_bot());
        match self.client.send_call(get).await {
            Ok(reply) => {
                let mode = reply.get("bot").and_then(|bot| bot.get("eventMode")?.as_str());
                let is_webhook = mode.is_some_and(|mode| mode.eq_ignore_ascii_case("webhook"));
                // A program can switch the bot to polling, and go on with this value.
                self.is_mode_known = !is_webhook;
                !is_webhook
            }
            Err(error) => {
                tracing::debug!(
                    bitrix24.portal = %self.client.portal().portal().address(),
                    rpc.method = Feature::ImbotV2BotGet.as_str(),
                    error.message = %error,
                    "it is not known whether the bot polls"
                );
                // After a failure that passes, the next empty page asks again.
                self.is_mode_known = !passes(&error, 0);
                true
            }
        }
    }

    /// Asks for page after page. After a failure that passes it asks again, in 1 s, 2 s, and so on up to a
    /// minute, or when the portal says. It pauses after a page without events.
    ///
    /// Cancel-safe, as [`page`](Self::page).
    ///
    /// # Errors
    ///
    /// [`PollError`] if the hook fails, if a reply has no page, or if a repeat would fail as well: the gate
    /// refuses the call, the credential does not work, the bot does not exist or does not poll, or the server redirects. A
    /// page of another server ends the run, too. With status 200 it ends the run only after five failures
    /// in a row, and with status 408, 425, 429 or 5xx it does not end it.
    pub async fn run<E>(
        &mut self,
        mut hook: impl AsyncFnMut(Result<BotEvent, UnreadableEvent>) -> Result<(), E>,
    ) -> Result<Infallible, PollError<E>> {
        let mut pause = FIRST;
        let mut failures = 0;
        loop {
            let before = self.offset;
            let wait = match self.page(&mut hook).await {
                // Without a move of the offset the same page would come at once.
                Ok(count) => (count == 0 || self.offset == before).then_some(self.pause_when_empty),
                Err(PollError::Call(error)) if passes(&error, failures) => {
                    failures = u32::saturating_add(failures, 1);
                    let wait = error.retry_after().unwrap_or(pause).max(pause);
                    tracing::debug!(
                        bitrix24.portal = %self.client.portal().portal().address(),
                        rpc.method = EVENT_GET,
                        error.message = %error,
                        bitrix24.pause = ?wait,
                        "asking for events again after a failure"
                    );
                    pause = pause.saturating_mul(2).min(LONGEST);
                    self.client.gate().registry().sleep(wait).await;
                    continue;
                }
                Err(error) => return Err(error),
            };
            (pause, failures) = (FIRST, 0);
            if let Some(wait) = wait {
                self.client.gate().registry().sleep(wait).await;
            }
        }
    }
}

/// The most failures in a row that may be half of a reply, or a page of another server.
const UNCLEAR: u32 = 5;

/// Whether a later request can get a page, after so many failures. Reading a page again does no harm.
fn passes(error: &CallError, failures: u32) -> bool {
    match error {
        CallError::Transport(error) => matches!(
            error,
            TransportError::Connect(_) | TransportError::Timeout | TransportError::Broken(_)
        ),
        CallError::Token(error) => error.is_transient(),
        CallError::Malformed(malformed) => match malformed.status {
            408 | 425 | 429 | 500.. => true,
            200 => failures < UNCLEAR,
            _ => false,
        },
        CallError::Api(error) => matches!(error.class(), ErrorClass::Transient | ErrorClass::Failed),
        _ => false,
    }
}

impl fmt::Debug for EventPolling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventPolling")
            .field("bot_id", &self.bot_id)
            .field("offset", &self.offset)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for UnreadableEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an item of imbot.v2.Event.get was not read: {}", self.error)
    }
}

impl fmt::Debug for UnreadableEvent {
    /// Without the item: it may hold texts of people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnreadableEvent")
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for UnreadableEvent {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}
