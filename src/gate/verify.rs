//! Verifies events, and counts the forms in which bots get them.

use super::client::Client;
use super::event_forms::Unread;
use super::gate::Gate;
use super::portal_gate::PortalGate;
use crate::event::{ApplicationTokens, BotEvent, BotEventKind, EventError, EventForm, Posted, Verified};
use crate::fair_share::Account;
use crate::feature::Feature;
use crate::plan::{BotAddress, Done};
use crate::registry::Handle;
use crate::site::Sites;
use crate::wire::{Call, Reply};

impl Gate {
    /// Verifies a posted event of a portal, and gives its events: [`Posted::verify_with`] the registry's table. The
    /// gate counts the form of each event.
    ///
    /// - [`Report::bots_with_older_events`](super::Report::bots_with_older_events) lists the bots that get the older
    ///   form.
    /// - If a bot was registered for one form, and the program has read 16 events of the other form and none of
    ///   this one, the log has a warning: the program may pass on the events of one form only. There is one
    ///   warning for each form.
    ///
    /// # Errors
    ///
    /// Those of [`Posted::verify`].
    pub fn verify(
        &self,
        portal: &Handle,
        posted: Posted,
        tokens: &ApplicationTokens,
    ) -> Result<Verified, EventError> {
        let verified = posted.verify_with(tokens, self.table())?;
        let portal_gate = self.at(portal.clone());
        for event in verified.events() {
            portal_gate.observe_event(event);
        }
        Ok(verified)
    }
}

impl Client {
    /// [`Gate::verify`] for the portal of this client.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn verify(&self, posted: Posted, tokens: &ApplicationTokens) -> Result<Verified, EventError> {
        self.gate().verify(self.portal(), posted, tokens)
    }
}

impl PortalGate {
    /// Counts the form of an event that was read.
    pub(super) fn observe_event(&self, event: &BotEvent) {
        let Some(bot_id) = event.bot_id() else { return };
        let portal = self.handle.portal().address();
        if event.kind() == BotEventKind::BotDelete {
            return self.gate.event_forms().removed(portal, bot_id);
        }
        let is_older = event.form() == EventForm::Older;
        let read = self
            .gate
            .event_forms()
            .read(|| self.account(), portal, bot_id, is_older);
        warn(read);
    }

    /// Keeps which form the bots of a call get. `asked` is the call as the program made it, if it can be about
    /// the registration of a bot.
    pub(super) fn observe_registration(&self, asked: Option<&Call>, done: &Done) {
        let portal = self.handle.portal().address();
        let forms = self.gate.event_forms();
        // Only calls of the older API name an address.
        for bot in done.bot_addresses() {
            match bot.url() {
                Some(_) => warn(forms.registered(|| self.account(), portal, bot.bot(), true)),
                None => forms.removed(portal, bot.bot()),
            }
        }
        let (Some(asked), Reply::Result(result)) = (asked, done.reply()) else {
            return;
        };
        if asked.method() == Feature::ImbotV2BotRegister.as_str() && done.bot_addresses().is_empty() {
            let bot_id = result.get("bot").and_then(|bot| bot.get("id")?.as_u64());
            if let Some(bot_id) = bot_id {
                warn(forms.registered(|| self.account(), portal, bot_id, false));
            }
        }
        if asked.method() == Feature::ImbotV2BotUnregister.as_str()
            && let Some(bot_id) = BotAddress::bot_of(asked)
        {
            forms.removed(portal, bot_id);
        }
    }

    fn account(&self) -> Account {
        Sites::by(self.gate.table()).account(self.handle.portal().address())
    }
}

fn warn(unread: Option<Unread>) {
    let Some(Unread {
        portal,
        bot_id,
        is_older,
    }) = unread
    else {
        return;
    };
    let form = match is_older {
        true => "older: ONIMBOTMESSAGEADD, ONIMCOMMANDADD",
        false => "newer: ONIMBOTV2MESSAGEADD, ONIMBOTV2COMMANDADD",
    };
    tracing::warn!(
        bitrix24.portal = %portal,
        bitrix24.bot = bot_id,
        bitrix24.form = form,
        "a bot was registered for a form of events of which the program has read none: give all posted events to `Posted`, whatever their names are"
    );
}
