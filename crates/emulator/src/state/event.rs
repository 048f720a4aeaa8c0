//! Events: the queue of bots that poll, and the addresses of those that do not.

use serde_json::{Map, Value as Json, json};

use imbot_caps::Feature;

use super::super::build::Imbot;
use super::super::methods::handler::EventHandler;
use super::recipients::Invocation;
use super::{Bot, Message, State};

/// What a bot is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventKind {
    MessageAdded,
    MessageUpdated,
    MessageDeleted,
    JoinedChat,
    BotDeleted,
    ContextGiven,
    CommandGiven,
    ReactionChanged,
}

impl EventKind {
    /// Whether newer builds add the message that the event's own message answers.
    pub(crate) fn has_answered_message(self) -> bool {
        matches!(
            self,
            Self::MessageAdded | Self::MessageUpdated | Self::CommandGiven | Self::ReactionChanged
        )
    }

    /// All, in the order in which a bot's handlers are made.
    const ALL: [Self; 8] = [
        Self::MessageAdded,
        Self::MessageUpdated,
        Self::MessageDeleted,
        Self::JoinedChat,
        Self::BotDeleted,
        Self::ContextGiven,
        Self::CommandGiven,
        Self::ReactionChanged,
    ];

    /// Its name in the second generation, and in the first where it has one.
    pub(super) fn names(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::MessageAdded => ("ONIMBOTV2MESSAGEADD", Some("ONIMBOTMESSAGEADD")),
            Self::MessageUpdated => ("ONIMBOTV2MESSAGEUPDATE", Some("ONIMBOTMESSAGEUPDATE")),
            Self::MessageDeleted => ("ONIMBOTV2MESSAGEDELETE", Some("ONIMBOTMESSAGEDELETE")),
            Self::JoinedChat => ("ONIMBOTV2JOINCHAT", Some("ONIMBOTJOINCHAT")),
            Self::BotDeleted => ("ONIMBOTV2DELETE", Some("ONIMBOTDELETE")),
            Self::ContextGiven => ("ONIMBOTV2CONTEXTGET", Some("ONIMBOTCONTEXTGET")),
            Self::CommandGiven => ("ONIMBOTV2COMMANDADD", Some("ONIMCOMMANDADD")),
            Self::ReactionChanged => ("ONIMBOTV2REACTIONCHANGE", None),
        }
    }

    /// Whether its events carry a refresh token.
    pub(super) fn has_refresh_token(self) -> bool {
        !matches!(self, Self::JoinedChat | Self::BotDeleted)
    }

    /// Its name in the queue of a person, who hears of fewer things.
    pub(super) fn name_for_users(self) -> Option<&'static str> {
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
pub(crate) struct Subject {
    pub(crate) chat_id: Option<u64>,
    pub(crate) message_id: Option<u64>,
    /// Who did it.
    pub(crate) user_id: Option<u64>,
    /// What else the event says, in the second generation's form.
    pub(crate) more: Map<String, Json>,
}

impl Subject {
    /// A message, and who wrote it.
    pub(super) fn of(message: &Message) -> Self {
        Self {
            chat_id: Some(message.chat_id),
            message_id: Some(message.id),
            user_id: Some(message.author_id),
            ..Self::default()
        }
    }

    /// The same with this command.
    pub(super) fn with_command(&self, given: Option<&Invocation>) -> Self {
        let mut subject = self.clone();
        if let Some(given) = given {
            let command = json!({
                "id": given.command_id,
                "command": format!("/{}", given.name),
                "params": given.params,
                "context": "textarea",
            });
            subject.more.insert("command".to_owned(), command);
        }
        subject
    }
}

/// An event that waits to be polled.
pub(super) struct Event {
    pub(super) id: u64,
    /// The bot, or the person, in whose queue it stands.
    pub(super) owner_id: u64,
    name: &'static str,
    date: String,
    data: Json,
}

/// The events that need no scope. Nothing here makes them happen.
const COMMON_EVENTS: [&str; 8] = [
    "ONAPPUNINSTALL",
    "ONAPPINSTALL",
    "ONAPPUPDATE",
    "ONAPPPAYMENT",
    "ONSUBSCRIPTIONRENEW",
    "ONAPPTEST",
    "ONAPPMETHODCONFIRM",
    "ONOFFLINEEVENT",
];

/// What stands before the botToken in the `app_id` of a webhook's bots.
pub(super) const OF_WEBHOOKS: &str = "custom";

/// An address that events are sent to.
///
/// A portal keeps a row for each event. Those that were made for a bot are kept
/// together here, since they are ended together.
pub(super) struct Subscription {
    /// The bot it was made for; one that an application made for itself has none
    /// and hears of all of the application's bots.
    bot_id: Option<u64>,
    app_id: String,
    /// Empty for one that is polled by methods that are not served here.
    pub(super) url: String,
    /// The id of the handler for each.
    events: Vec<(u64, &'static str)>,
    /// In whose name the handler is called; 0 for whoever caused the event.
    pub(super) user_id: i64,
    /// Nobody wants it any more, but the build did not remove it: it hears of
    /// all bots of the application.
    is_left_behind: bool,
}

impl Subscription {
    /// The id of the handler of this event.
    pub(super) fn handler_of(&self, name: &str) -> Option<u64> {
        let mut events = self.events.iter();
        events.find(|(_, event)| *event == name).map(|(id, _)| *id)
    }

    /// Whether it was made for a bot by the older API.
    pub(super) fn is_of_older_api(&self) -> bool {
        self.events
            .iter()
            .all(|(_, event)| !event.starts_with("ONIMBOTV2"))
    }

    pub(super) fn hears(&self, bot: &Bot) -> bool {
        let is_of_application = self.app_id == bot.app_id;
        let is_reached = match self.bot_id {
            _ if self.is_left_behind => is_of_application,
            Some(bot_id) => bot_id == bot.id,
            // Bots that poll are passed over.
            None => is_of_application && bot.event_mode != "fetch",
        };
        is_reached && !self.url.is_empty()
    }
}

/// An event on its way to an address.
#[derive(Clone)]
pub(crate) struct Delivery {
    pub(crate) url: String,
    pub(crate) body: Json,
}

impl State {
    /// Sends the events of a bot to its address, all of them.
    pub(crate) fn subscribe(&mut self, bot_id: u64) {
        let Some(bot) = self.bot(bot_id) else { return };
        let Some(url) = bot.webhook_url.clone().filter(|_| bot.event_mode == "webhook") else {
            return;
        };
        let app_id = bot.app_id.clone();
        let events = EventKind::ALL.map(|event_kind| (self.next_id(), event_kind.names().0));
        let events = events.to_vec();
        self.subscriptions.push(Subscription {
            bot_id: Some(bot_id),
            app_id,
            url,
            events,
            user_id: 0,
            is_left_behind: false,
        });
    }

    /// Whether a bot has handlers of imbot.v2.
    pub(crate) fn is_subscribed(&self, bot_id: u64) -> bool {
        let mut own = self.subscriptions.iter().filter(|own| own.bot_id == Some(bot_id));
        own.any(|own| !own.is_of_older_api() && !own.is_left_behind)
    }

    /// Sends one event of a bot of the first generation to this address.
    pub(crate) fn subscribe_v1(&mut self, bot_id: u64, event: &'static str, url: String) {
        let Some(app_id) = self.bot(bot_id).map(|bot| bot.app_id.clone()) else {
            return;
        };
        self.subscriptions
            .retain(|own| own.bot_id != Some(bot_id) || own.events.iter().any(|(_, own)| *own != event));
        let id = self.next_id();
        self.subscriptions.push(Subscription {
            bot_id: Some(bot_id),
            app_id,
            url,
            events: vec![(id, event)],
            user_id: 0,
            is_left_behind: false,
        });
    }

    /// Ends the subscriptions of a bot of imbot.v2, where the build does: elsewhere they
    /// stay and keep hearing what is said to the application's bots. They stay on
    /// every build while an application has other bots, whose they may be too. Those of the
    /// older API stay (`unbindV2RestEvents` in the module `imbot`).
    pub(crate) fn unsubscribe(&mut self, bot_id: u64) {
        let Some(bot) = self.bot(bot_id) else { return };
        let is_shared = !bot.app_id.starts_with(OF_WEBHOOKS)
            && self
                .bots
                .iter()
                .any(|other| other.id != bot_id && other.app_id == bot.app_id);
        let is_own = |own: &Subscription| own.bot_id == Some(bot_id) && !own.is_of_older_api();
        if self.build.supports(Feature::SubscriptionCleanup) && !is_shared {
            self.subscriptions.retain(|own| !is_own(own));
        }
        for own in self.subscriptions.iter_mut().filter(|own| is_own(own)) {
            own.is_left_behind = true;
        }
    }

    /// Ends the subscriptions that the older API has made for a bot.
    pub(crate) fn unsubscribe_v1(&mut self, bot_id: u64) {
        self.subscriptions
            .retain(|own| own.bot_id != Some(bot_id) || !own.is_of_older_api());
    }

    /// The events that an application can handle, each with the scope it needs.
    pub(crate) fn event_names(&self) -> Vec<(Option<&'static str>, &'static str)> {
        let names = EventKind::ALL.map(EventKind::names);
        let has_v2 = self.build.imbot_level() >= Imbot::WithoutRevisionGet;
        let has_v1 = |name: &str| match name {
            "ONIMBOTMESSAGEUPDATE" | "ONIMBOTMESSAGEDELETE" => {
                self.build.supports(Feature::BotMessageUpdateDeleteEvents)
            }
            "ONIMBOTCONTEXTGET" => self.build.supports(Feature::ImV2ChatBotSendContext),
            _ => true,
        };
        let v2 = names.iter().filter(|_| has_v2).map(|(v2, _)| *v2);
        let v1 = names.iter().filter_map(|(_, v1)| *v1);
        let of_bots = v2.chain(v1.filter(|name| has_v1(name)));
        let common = COMMON_EVENTS.into_iter().map(|name| (None, name));
        common.chain(of_bots.map(|name| (Some("imbot"), name))).collect()
    }

    /// An application's handlers, as a portal has them: one for each event,
    /// address and user.
    pub(crate) fn handlers(&self, app_id: &str) -> Vec<EventHandler> {
        let mut handlers = Vec::new();
        for own in self.subscriptions.iter().filter(|own| own.app_id == app_id) {
            for (_, event) in &own.events {
                let handler = EventHandler {
                    event,
                    url: own.url.clone(),
                    user_id: own.user_id,
                };
                if !handlers.contains(&handler) {
                    handlers.push(handler);
                }
            }
        }
        handlers
    }

    /// Adds a handler to those of an application.
    pub(crate) fn add_handler(&mut self, app_id: &str, handler: EventHandler) {
        let id = self.next_id();
        self.subscriptions.push(Subscription {
            bot_id: None,
            app_id: app_id.to_owned(),
            url: handler.url,
            events: vec![(id, handler.event)],
            user_id: handler.user_id,
            is_left_behind: false,
        });
    }

    /// Removes handlers of an application, wherever they are from.
    pub(crate) fn remove_handlers(&mut self, app_id: &str, removed: &[EventHandler]) {
        for own in self.subscriptions.iter_mut().filter(|own| own.app_id == app_id) {
            let (url, user_id) = (&own.url, own.user_id);
            let is_removed = |event: &str| {
                removed
                    .iter()
                    .any(|gone| gone.event == event && gone.url == *url && gone.user_id == user_id)
            };
            own.events.retain(|(_, event)| !is_removed(event));
        }
        self.subscriptions.retain(|own| !own.events.is_empty());
    }

    /// The addresses that are still told of events, for each time they are.
    pub(crate) fn subscribed_urls(&self) -> Vec<String> {
        let urls = self.subscriptions.iter().map(|own| own.url.clone());
        urls.filter(|url| !url.is_empty()).collect()
    }

    pub(super) fn enqueue(&mut self, owner_id: u64, name: &'static str, data: Json) {
        let id = self.next_id();
        self.events.push(Event {
            id,
            owner_id,
            name,
            date: self.build.now(),
            data,
        });
    }

    /// Forgets the queue of a person or a bot.
    pub(crate) fn forget_events(&mut self, owner_id: u64) {
        self.events.retain(|event| event.owner_id != owner_id);
    }

    /// A page of these queues from an id on. What stands before it counts as
    /// read and is deleted, so an offset confirms all below it.
    pub(crate) fn fetch_events(&mut self, owners: &[u64], offset: u64, limit: usize) -> Json {
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
