//! Events: the queue of bots that poll, and the addresses of those that do not.

use serde_json::{Map, Value as Json, json};

use crate::Feature;

use super::super::methods::view;
use super::State;

/// What a bot is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::emulator) enum Happening {
    MessageAdded,
    MessageUpdated,
    MessageDeleted,
    JoinedChat,
    BotDeleted,
    ContextGiven,
    CommandGiven,
    ReactionChanged,
}

impl Happening {
    /// Its name in the second generation, and in the first where it has one.
    fn names(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::MessageAdded => ("ONIMBOTV2MESSAGEADD", Some("ONIMBOTMESSAGEADD")),
            Self::MessageUpdated => ("ONIMBOTV2MESSAGEUPDATE", Some("ONIMBOTMESSAGEUPDATE")),
            Self::MessageDeleted => ("ONIMBOTV2MESSAGEDELETE", Some("ONIMBOTMESSAGEDELETE")),
            Self::JoinedChat => ("ONIMBOTV2JOINCHAT", Some("ONIMBOTJOINCHAT")),
            Self::BotDeleted => ("ONIMBOTV2DELETE", Some("ONIMBOTDELETE")),
            Self::ContextGiven => ("ONIMBOTV2CONTEXTGET", None),
            Self::CommandGiven => ("ONIMBOTV2COMMANDADD", Some("ONIMCOMMANDADD")),
            Self::ReactionChanged => ("ONIMBOTV2REACTIONCHANGE", None),
        }
    }

    /// Its name in the queue of a person, who hears of fewer things.
    fn name_for_users(self) -> Option<&'static str> {
        match self {
            Self::MessageAdded => Some("ONIMV2MESSAGEADD"),
            Self::MessageUpdated => Some("ONIMV2MESSAGEUPDATE"),
            Self::MessageDeleted => Some("ONIMV2MESSAGEDELETE"),
            Self::JoinedChat => Some("ONIMV2JOINCHAT"),
            Self::ReactionChanged => Some("ONIMV2REACTIONCHANGE"),
            _ => None,
        }
    }
}

/// What it happened to.
#[derive(Clone, Debug, Default)]
pub(in crate::emulator) struct Subject {
    pub(in crate::emulator) chat_id: Option<u64>,
    pub(in crate::emulator) message_id: Option<u64>,
    /// Who did it.
    pub(in crate::emulator) user_id: Option<u64>,
    /// What else the event says, in the second generation's form.
    pub(in crate::emulator) more: Map<String, Json>,
}

/// An event that waits to be polled.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) id: u64,
    /// The bot, or the person, in whose queue it stands.
    pub(super) owner_id: u64,
    name: &'static str,
    date: String,
    data: Json,
}

/// An address that events are sent to.
#[derive(Debug)]
pub(super) struct Subscription {
    bot_id: u64,
    app_id: String,
    url: String,
    /// The one event of a first-generation handler; `None` for all.
    event: Option<&'static str>,
    /// Nobody wants it any more, but the build did not remove it: it hears of
    /// all bots of the application.
    is_left_behind: bool,
}

/// An event on its way to an address.
#[derive(Clone, Debug)]
pub(in crate::emulator) struct Delivery {
    pub(in crate::emulator) url: String,
    pub(in crate::emulator) body: Json,
}

impl State {
    /// Sends the events of a bot to its address, all of them.
    pub(in crate::emulator) fn subscribe(&mut self, bot_id: u64) {
        let Some(bot) = self.bot(bot_id) else { return };
        let Some(url) = bot.webhook_url.clone().filter(|_| bot.event_mode == "webhook") else {
            return;
        };
        let app_id = bot.app_id.clone();
        self.subscriptions.push(Subscription {
            bot_id,
            app_id,
            url,
            event: None,
            is_left_behind: false,
        });
    }

    /// Sends one event of a bot of the first generation to this address.
    pub(in crate::emulator) fn subscribe_v1(&mut self, bot_id: u64, event: &'static str, url: String) {
        let Some(app_id) = self.bot(bot_id).map(|bot| bot.app_id.clone()) else {
            return;
        };
        self.subscriptions
            .retain(|own| own.bot_id != bot_id || own.event != Some(event));
        self.subscriptions.push(Subscription {
            bot_id,
            app_id,
            url,
            event: Some(event),
            is_left_behind: false,
        });
    }

    /// Ends the subscriptions of a bot, where the build does: elsewhere they
    /// stay and keep hearing what is said to the application's bots.
    pub(in crate::emulator) fn unsubscribe(&mut self, bot_id: u64) {
        let is_v1 = self.bot(bot_id).is_some_and(|bot| bot.is_v1);
        if is_v1 || self.build.supports(Feature::SubscriptionCleanup) {
            self.subscriptions.retain(|own| own.bot_id != bot_id);
        }
        for own in self.subscriptions.iter_mut().filter(|own| own.bot_id == bot_id) {
            own.is_left_behind = true;
        }
    }

    /// The addresses that are still told of events, for each time they are.
    pub(in crate::emulator) fn subscribed_urls(&self) -> Vec<String> {
        self.subscriptions.iter().map(|own| own.url.clone()).collect()
    }

    /// What is to be sent, in order; it is then no more the portal's affair.
    pub(in crate::emulator) fn take_outbox(&mut self) -> Vec<Delivery> {
        std::mem::take(&mut self.outbox)
    }

    /// Tells a bot, in its queue or at its addresses.
    pub(in crate::emulator) fn emit(&mut self, bot_id: u64, happening: Happening, subject: &Subject) {
        let Some(bot) = self.bot(bot_id).cloned() else {
            return;
        };
        let (v2, v1) = happening.names();
        if bot.event_mode == "fetch" {
            let data = view::event(self, &bot, true, happening, subject);
            self.enqueue(bot_id, v2, data);
        }
        let name = if bot.is_v1 { v1 } else { Some(v2) };
        let Some(name) = name else { return };
        let data = match bot.is_v1 {
            true => view::event_v1(self, &bot, subject),
            false => view::event(self, &bot, false, happening, subject),
        };
        let hears = |own: &&Subscription| {
            let own_bot = own.bot_id == bot_id && !own.is_left_behind;
            let of_application = own.is_left_behind && own.app_id == bot.app_id;
            (own_bot || of_application) && own.event.is_none_or(|event| event == name)
        };
        let urls: Vec<_> = self
            .subscriptions
            .iter()
            .filter(hears)
            .map(|own| own.url.clone())
            .collect();
        for url in urls {
            let body = json!({
                "event": name,
                "data": data,
                "ts": self.build.unix_time(),
                "auth": self.event_auth(&bot),
            });
            self.outbox.push(Delivery { url, body });
        }
    }

    /// Tells all bots and recorded people of a chat, save the one who did it.
    pub(in crate::emulator) fn emit_in_chat(&mut self, happening: Happening, subject: &Subject) {
        let members = subject
            .chat_id
            .and_then(|id| self.chat(id))
            .map(|chat| chat.members.clone())
            .unwrap_or_default();
        for member in members {
            if Some(member) != subject.user_id {
                self.emit(member, happening, subject);
            }
            self.emit_to_user(member, happening, subject);
        }
    }

    /// Tells a person, when that person's events are recorded.
    pub(in crate::emulator) fn emit_to_user(
        &mut self,
        user_id: u64,
        happening: Happening,
        subject: &Subject,
    ) {
        let Some(name) = happening
            .name_for_users()
            .filter(|_| self.recorded_users.contains(&user_id))
        else {
            return;
        };
        let data = view::event_for_user(self, user_id, happening, subject);
        self.enqueue(user_id, name, data);
    }

    fn enqueue(&mut self, owner_id: u64, name: &'static str, data: Json) {
        let id = self.next_id();
        self.events.push(Event {
            id,
            owner_id,
            name,
            date: self.build.now(),
            data,
        });
    }

    /// Forgets the queue of a person.
    pub(in crate::emulator) fn forget_events(&mut self, owner_id: u64) {
        self.events.retain(|event| event.owner_id != owner_id);
    }

    /// A page of these queues from an id on. What stands before it counts as
    /// read and is deleted, so an offset confirms all below it.
    pub(in crate::emulator) fn fetch_events(&mut self, owners: &[u64], offset: u64, limit: usize) -> Json {
        self.events
            .retain(|event| event.id >= offset || !owners.contains(&event.owner_id));
        let page: Vec<_> = self
            .events
            .iter()
            .filter(|event| owners.contains(&event.owner_id))
            .take(limit)
            .collect();
        let next = page.last().map_or(offset, |event| event.id + 1);
        let events: Vec<_> = page
            .iter()
            .map(|event| {
                json!({
                    "eventId": event.id,
                    "type": event.name,
                    "date": event.date,
                    "data": event.data,
                })
            })
            .collect();
        json!({"events": events, "nextOffset": next, "hasMore": page.len() >= limit})
    }
}
