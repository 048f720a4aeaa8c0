//! Bots that poll, on portals that only push.
//!
//! `imbot.v2.Bot.register` with `eventMode` "fetch" needs a portal with `imbot.v2.Event.get`. On any other portal the
//! server registers its own address for the bot, and answers `Event.get` from its journal: as a call, and as a
//! command of a batch.

use std::sync::Arc;

use imbot_caps::gate::HttpCall;
use imbot_caps::wire::{BATCH, Call};
use imbot_caps::{Caps, Feature, Portal, Registry};
use serde_json::Value;
use url::Url;

use super::journal::Journal;
use super::owner::Owners;
use super::page::Page;
use super::receive::journal_failure;
use super::settings::{Bot, Bots};
use crate::failure::Failure;
use crate::upstream::Upstream;

/// The events that are kept for bots.
pub(crate) struct PollingEmulation {
    pub(crate) bots: Bots,
    pub(crate) journal: Journal,
    pub(crate) registry: Registry,
    /// Where the server listens.
    pub(crate) own: String,
    pub(crate) owners: Owners,
}

/// Who sent a request.
pub(super) struct Caller<'r> {
    pub(super) url: &'r Url,
    /// The portal, with the credential of the request.
    pub(super) portal: &'r Portal,
    pub(super) has_access_token: bool,
    /// The application, if its events are kept.
    pub(super) application: Option<String>,
}

impl PollingEmulation {
    /// A quick look at the method, so that no other call is read twice.
    pub(crate) fn concerns(&self, url: &Url) -> bool {
        let path = url.path().trim_end_matches('/');
        let method = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        // Whoever escapes a letter of a method has it read.
        let is_ours = method.contains('%') || {
            let method = method.strip_suffix(".json").unwrap_or(&method);
            is_event_get(method) || is_registration(method) || method == BATCH
        };
        is_ours && self.bots.keeps(url)
    }

    /// The application that a request is of, if the events of an application of this portal are kept.
    pub(super) async fn application(
        &self,
        request: &reqwest::Request,
        read: &HttpCall,
        upstream: &Upstream,
    ) -> Option<String> {
        if !self.bots.keeps_for_application(request.url()) {
            return None;
        }
        self.owners.of(request, read, upstream).await
    }

    /// The bot of a call, if the caller has shown that it is its own: by its token, or by an access token of its
    /// application.
    pub(super) fn bot_of(&self, caller: &Caller<'_>, call: &Call) -> Option<Arc<Bot>> {
        let token = call
            .params()
            .get("botToken")
            .or_else(|| call.params().get("fields")?.get("botToken"));
        let by_token = token
            .and_then(Value::as_str)
            .and_then(|token| self.bots.kept(caller.url, token));
        let by_application = || {
            let application = caller.application.as_ref()?;
            self.bots.kept_for_application(caller.url, application)
        };
        by_token.or_else(by_application).cloned()
    }

    /// Whether the portal pushes the events of the bot. Once it does, that stays: the offsets of the bot are those of
    /// the journal.
    pub(super) async fn is_pushed(&self, caller: &Caller<'_>, bot: &Bot) -> Result<bool, Failure> {
        if self.is_pushed_in_journal(bot).await? {
            return Ok(true);
        }
        Ok(self
            .caps(caller, false)
            .await
            .is_some_and(|caps| lacks_event_get(&caps)))
    }

    /// What is known of the portal. If the portal cannot be asked, the gate says what happens to the call.
    pub(super) async fn caps(&self, caller: &Caller<'_>, is_asked: bool) -> Option<Caps> {
        let handle = self.registry.handle(caller.portal);
        match is_asked {
            true => handle.refresh().await.ok(),
            false => handle.ready_for(Feature::ImbotV2EventGet).await.ok(),
        }
    }

    /// A page in the form of `imbot.v2.Event.get`.
    pub(super) async fn page(&self, page: &Page) -> Result<Value, Failure> {
        let read = self
            .journal
            .page(&page.bot.name, page.bot_id, page.offset, page.limit)
            .await;
        read.map_err(|error| journal_failure(&error))
    }

    pub(super) async fn is_pushed_in_journal(&self, bot: &Bot) -> Result<bool, Failure> {
        let is_pushed = self.journal.is_pushed(&bot.name).await;
        is_pushed.map_err(|error| journal_failure(&error))
    }

    /// The portal has registered the bot for pushed events.
    pub(super) async fn set_pushed(&self, bot: &Bot) {
        match self.journal.set_pushed(&bot.name).await {
            Ok(()) => tracing::info!(
                imbot_caps.bot = bot.name,
                "a bot that polls was registered for pushed events, which the server keeps"
            ),
            // Its first event says it, too.
            Err(error) => tracing::error!(error.message = %error, "the journal of events failed"),
        }
    }
}

/// A portal of which this is unknown is asked by the call itself.
pub(super) fn lacks_event_get(caps: &Caps) -> bool {
    caps.check(Feature::ImbotV2EventGet).is_unsupported()
}

pub(super) fn is_of_kept(call: &Call) -> bool {
    is_event_get(call.method()) || is_registration(call.method())
}

pub(super) fn is_event_get(method: &str) -> bool {
    method.eq_ignore_ascii_case(Feature::ImbotV2EventGet.as_str())
}

pub(super) fn is_first_registration(method: &str) -> bool {
    method.eq_ignore_ascii_case(Feature::ImbotV2BotRegister.as_str())
}

fn is_registration(method: &str) -> bool {
    is_first_registration(method) || method.eq_ignore_ascii_case(Feature::ImbotV2BotUpdate.as_str())
}
