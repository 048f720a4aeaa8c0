//! Telling bots and people what happened.

use serde_json::{Value as Json, json};

use imbot_caps::Feature;

use super::event::OF_WEBHOOKS;
use super::recipients::Invocation;
use super::{Bot, Delivery, EventKind, Message, State, Subject};
use crate::form;
use crate::methods::view;
use crate::php::Value;

/// A bot that hears of an event, and the command that the event is about.
pub(crate) type Recipient = (Bot, Option<Invocation>);

/// One request to a handler, with the bots that it is for.
struct HandlerCall {
    app_id: String,
    url: String,
    user_id: i64,
    handler_id: u64,
    recipients: Vec<Recipient>,
}

impl State {
    /// What is to be sent, in order; it is then no more the portal's affair.
    pub(crate) fn take_outbox(&mut self) -> Vec<Delivery> {
        std::mem::take(&mut self.outbox)
    }

    /// Tells a bot, in its queue or at its addresses.
    pub(crate) fn emit(&mut self, bot_id: u64, event_kind: EventKind, subject: &Subject) {
        self.emit_to(vec![(bot_id, None)], event_kind, subject);
    }

    /// Tells the bots of a chat that hear of it, except the bot that caused it, and all
    /// recorded people of the chat.
    pub(crate) fn emit_in_chat(&mut self, event_kind: EventKind, subject: &Subject) {
        let members = self.members_of(subject.chat_id);
        for member in &members {
            if Some(*member) != subject.user_id && self.hears(*member, event_kind, subject) {
                self.emit(*member, event_kind, subject);
            }
        }
        for member in members {
            self.emit_to_user(member, event_kind, subject);
        }
    }

    /// Tells the bots that hear of a message, and recorded people. A deleted message is given
    /// as it was before.
    pub(crate) fn emit_message(&mut self, event_kind: EventKind, message: &Message) {
        let recipients = self.recipients(event_kind, message);
        let recipients = recipients.into_iter().map(|id| (id, None)).collect();
        let subject = Subject::of(message);
        self.emit_to(recipients, event_kind, &subject);
        for member in self.members_of(subject.chat_id) {
            self.emit_to_user(member, event_kind, &subject);
        }
    }

    /// Puts a message into its chat and tells of it: of the commands in it, or of itself
    /// where there are none. Answers with its id.
    pub(crate) fn post(&mut self, message: Message) -> u64 {
        let id = message.id;
        self.messages.push(message.clone());
        self.emit_new_message(&message);
        id
    }

    fn emit_new_message(&mut self, message: &Message) {
        let commands = self.commands_in(message);
        if commands.is_empty() {
            return self.emit_message(EventKind::MessageAdded, message);
        }
        let recipients = commands.into_iter().map(|given| (given.bot_id, Some(given)));
        let subject = Subject::of(message);
        self.emit_to(recipients.collect(), EventKind::CommandGiven, &subject);
        for member in self.members_of(subject.chat_id) {
            self.emit_to_user(member, EventKind::MessageAdded, &subject);
        }
    }

    fn members_of(&self, chat_id: Option<u64>) -> Vec<u64> {
        let chat = chat_id.and_then(|id| self.chat(id));
        chat.map(|chat| chat.members.clone()).unwrap_or_default()
    }

    /// Sends an event to these bots: to each handler of the application, in the form of the handler's event
    /// (`fireRestEvents` in the module `im`). A handler of imbot.v2 gets one event for each bot and command. A
    /// handler of the first generation gets one event for all of them.
    fn emit_to(
        &mut self,
        recipients: Vec<(u64, Option<Invocation>)>,
        event_kind: EventKind,
        subject: &Subject,
    ) {
        let recipients = recipients.into_iter();
        let recipients = recipients.filter_map(|(id, given)| Some((self.bot(id)?.clone(), given)));
        let recipients: Vec<Recipient> = recipients.collect();
        let (v2, v1) = event_kind.names();
        for (bot, given) in &recipients {
            let subject = &subject.with_command(given.as_ref());
            if bot.event_mode == "fetch" {
                let data = view::event(self, bot, true, event_kind, subject);
                self.enqueue(bot.id, v2, data);
            }
        }
        if let Some(v1) = v1 {
            let heard = recipients.iter().filter(|(bot, _)| bot.event_mode != "fetch");
            let heard: Vec<Recipient> = heard.cloned().collect();
            for call in self.handler_calls(v1, &heard) {
                let data = view::event_v1(self, event_kind, &call.recipients, subject);
                self.send(event_kind, v1, call, data);
            }
        }
        for recipient in &recipients {
            let subject = &subject.with_command(recipient.1.as_ref());
            for call in self.handler_calls(v2, std::slice::from_ref(recipient)) {
                let data = view::event(self, &recipient.0, false, event_kind, subject);
                self.send(event_kind, v2, call, data);
            }
        }
    }

    /// The calls of handlers that tell these bots of an event. Two handlers of one
    /// application with the same address and user are one to the portal.
    fn handler_calls(&self, name: &str, recipients: &[Recipient]) -> Vec<HandlerCall> {
        let mut calls: Vec<HandlerCall> = Vec::new();
        for (bot, given) in recipients {
            let mut known = Vec::new();
            let is_installed = self.is_installed(&bot.app_id);
            for own in self.subscriptions.iter().filter(|own| own.hears(bot)) {
                let Some(handler_id) = own.handler_of(name) else {
                    continue;
                };
                let key = (own.url.clone(), own.user_id);
                if !is_installed || !self.finds_bot(bot, name, &own.url) || known.contains(&key) {
                    continue;
                }
                known.push(key);
                let recipient = (bot.clone(), given.clone());
                let is_same = |call: &&mut HandlerCall| {
                    (&call.app_id, &call.url, call.user_id) == (&bot.app_id, &own.url, own.user_id)
                };
                match calls.iter_mut().find(is_same) {
                    Some(call) => call.recipients.push(recipient),
                    None => calls.push(HandlerCall {
                        app_id: bot.app_id.clone(),
                        url: own.url.clone(),
                        user_id: own.user_id,
                        handler_id,
                        recipients: vec![recipient],
                    }),
                }
            }
        }
        calls
    }

    fn send(&mut self, event_kind: EventKind, name: &str, call: HandlerCall, data: Json) {
        let mut auth = self.event_auth(&call.app_id, event_kind.has_refresh_token());
        // The older API stores the CLIENT_ID of a webhook's bot itself (`bindEvent` in `im_rest.php`).
        let client_id = call.app_id.strip_prefix(OF_WEBHOOKS);
        if let Some(client_id) = client_id.filter(|_| !name.starts_with("ONIMBOTV2")) {
            let sent: String = client_id.chars().take(50).collect();
            auth.insert("application_token".to_owned(), sent.into());
        }
        let body = json!({
            "event": name,
            "event_handler_id": call.handler_id,
            "data": data,
            "ts": self.build.unix_time(),
            "auth": auth,
        });
        self.outbox.push(Delivery { url: call.url, body });
    }

    /// Whether the portal finds the bot that an event is for. Older ones know a webhook's
    /// bot by the `CLIENT_ID` of its address alone, and drop the event elsewhere.
    fn finds_bot(&self, bot: &Bot, event: &str, url: &str) -> bool {
        // The older API writes it into each address.
        let is_of_v2 = event.starts_with("ONIMBOTV2");
        let Some(token) = bot.app_id.strip_prefix(OF_WEBHOOKS).filter(|_| is_of_v2) else {
            return true;
        };
        self.build.supports(Feature::WebhookEventsWithoutClientId) || names_token(url, token)
    }

    /// Tells a person, when that person's events are recorded.
    pub(crate) fn emit_to_user(&mut self, user_id: u64, event_kind: EventKind, subject: &Subject) {
        let Some(name) = event_kind
            .name_for_users()
            .filter(|_| self.recorded_users.contains(&user_id))
        else {
            return;
        };
        let data = view::event_for_user(self, user_id, event_kind, subject);
        self.enqueue(user_id, name, data);
    }
}

/// Whether the query of an address has the token as its last `CLIENT_ID`, a name in any case.
/// PHP takes "0" for an empty value.
fn names_token(url: &str, token: &str) -> bool {
    let (address, _fragment) = url.split_once('#').unwrap_or((url, ""));
    let query = address.split_once('?').map_or("", |(_, query)| query);
    let params = form::parse(query.as_bytes());
    let named = params
        .iter()
        .filter(|(name, _)| name.as_text().eq_ignore_ascii_case("CLIENT_ID"));
    let Some((_, Value::Text(value))) = named.last() else {
        return false;
    };
    value == token && !matches!(value.as_str(), "" | "0")
}
