//! Moves the bots of an application from the older form of events to the newer one.

use serde_json::{Value, json};

use super::client::{CallError, Client};
use crate::feature::Feature;

/// The most handlers that are removed. An application has about ten.
const MAX_HANDLERS: usize = 50;

/// Why the events of a bot were not moved to the newer form.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NewerEventsError {
    /// The credential is a webhook. It may not remove the older handlers, so each event would come twice.
    #[error(
        "an incoming webhook may not remove event handlers, so each event would come twice: let the bot poll, with `eventMode` \"fetch\""
    )]
    Webhook,
    /// The portal has no imbot.v2, or it is not known whether it has.
    #[error("the portal is not known to have imbot.v2: the bot keeps the older form of events")]
    NoImbotV2,
    /// The bot did not get the address. Nothing was changed, if the call has not run.
    #[error("the bot did not get its address: {0}")]
    Update(#[source] CallError),
    /// The portal has taken the address, and no newer handler has it. The older handlers stay, so no event is lost.
    #[error(
        "the portal sends no newer events to this address, so the older handlers stay: check the address"
    )]
    NoNewHandler,
    /// The bot gets events in the newer form. Older handlers are left, so some events come twice. A repeat does
    /// the rest.
    #[error("older handlers are left, and events come twice until they are removed: {0}")]
    Left(#[source] CallError),
}

impl Client {
    /// Moves the bots of an application from the older form of events to the newer one. They keep their ids, chats
    /// and commands. Returns the number of older handlers that were removed.
    ///
    /// It calls `imbot.v2.Bot.update` with the address, and then removes the older handlers of the application by
    /// `event.get` and `event.unbind`. Handlers belong to the application, so all its bots move. Between the two
    /// steps each event comes twice, in both forms, and none is lost. The program has to read both forms, as
    /// [`Client::verify`] does. The bot also gets reactions from now on.
    ///
    /// See [`docs::events`](crate::docs::events#after-an-upgrade-of-the-portal) for the sources. Not cancel-safe: a
    /// dropped move may leave both kinds of handlers. A repeat does no harm.
    ///
    /// # Errors
    ///
    /// [`NewerEventsError`].
    pub async fn use_newer_events(&self, bot_id: u64, webhook_url: &str) -> Result<usize, NewerEventsError> {
        if self.portal().portal().is_webhook() {
            return Err(NewerEventsError::Webhook);
        }
        // The registry has an event for a failure. The portal is unknown then.
        let caps = self
            .portal()
            .ready()
            .await
            .unwrap_or_else(|_| self.portal().caps());
        if !caps.supports(Feature::ImbotV2BotUpdate) {
            return Err(NewerEventsError::NoImbotV2);
        }
        let fields = json!({"eventMode": "webhook", "webhookUrl": webhook_url, "isReactionsEnabled": true});
        let update = json!({"botId": bot_id, "fields": fields});
        let updated = self.call(Feature::ImbotV2BotUpdate.as_str(), update).await;
        updated.map_err(NewerEventsError::Update)?;
        let handlers = self
            .call("event.get", Value::Null)
            .await
            .map_err(NewerEventsError::Left)?;
        let handlers = handlers.as_array().map_or(&[][..], Vec::as_slice);
        if !handlers.iter().any(|own| is_newer(own, webhook_url)) {
            return Err(NewerEventsError::NoNewHandler);
        }
        let older = handlers.iter().filter_map(older);
        let mut removed = 0;
        for (event, handler) in older.take(MAX_HANDLERS) {
            // Handlers of bots belong to no user.
            let unbind = json!({"event": event, "handler": handler, "auth_type": 0});
            self.call("event.unbind", unbind)
                .await
                .map_err(NewerEventsError::Left)?;
            removed += 1;
        }
        Ok(removed)
    }
}

/// Whether a handler gets newer events at this address.
fn is_newer(handler: &Value, url: &str) -> bool {
    let text = |name| handler.get(name).and_then(Value::as_str);
    let is_newer = text("event").is_some_and(|event| event.to_ascii_uppercase().starts_with("ONIMBOTV2"));
    is_newer && text("handler") == Some(url)
}

/// The event and the address of a handler of the older form.
fn older(handler: &Value) -> Option<(String, &str)> {
    let event = handler.get("event")?.as_str()?.to_ascii_uppercase();
    let is_of_bots = event.starts_with("ONIMBOT") || event == "ONIMCOMMANDADD";
    let is_older = is_of_bots && !event.starts_with("ONIMBOTV2");
    is_older.then_some((event, handler.get("handler")?.as_str()?))
}
