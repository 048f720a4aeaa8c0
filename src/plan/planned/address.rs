//! The address of a bot's events, after a registration: which requests make sure of it.
//!
//! If the application has a bot with the code already, `Bot.register` of imbot.v2 returns that bot unchanged. So the
//! address of the call may not be in use. A bot that the older API has registered keeps its form: events in both
//! forms would come twice.

use serde_json::{Value, json};

use crate::feature::Feature;
use crate::plan::bot_token_in_url;
use crate::plan::policy::CredentialKind;
use crate::table::path::member;
use crate::wire::{BatchView, Call, Outcome, Reply, reference};

const OLDER_UPDATE: &str = "imbot.update";
const OLDER_COMMAND_UPDATE: &str = "imbot.command.update";

/// The bot of a registration, and the address that it shall have.
pub(in crate::plan) struct Address {
    bot: u64,
    url: String,
    /// The botToken, which a webhook needs.
    token: Option<String>,
    /// Whether the bot does not poll now.
    is_webhook: bool,
}

/// What the last request was.
#[derive(Clone, Copy)]
pub(in crate::plan) enum Stage {
    /// The portal was asked for the handlers of the application.
    Listed,
    /// The bot got its address.
    Updated,
    /// The bot of the older API got its address.
    OlderUpdated,
    /// The commands of that bot were listed.
    CommandsListed,
    /// Its commands got the address.
    CommandsUpdated,
}

/// What comes next.
pub(in crate::plan) enum Next {
    /// A method with its parameters.
    Send(&'static str, Value, Stage),
    /// The bot has the address. Handlers of other addresses may be of no use now.
    Moved(String),
    /// There is no more to do.
    Done,
    /// The address may not be in use.
    Unsure(&'static str),
}

impl Address {
    /// Of a registration: the call that was sent, and its result. `None` if the result names no bot.
    pub(super) fn of(sent: &Call, result: &Value) -> Option<Self> {
        let (_, fields) = member(sent.params(), "fields")?;
        let fields = fields.as_object()?;
        let bot = result.get("bot")?;
        Some(Self {
            bot: bot.get("id")?.as_u64()?,
            url: member(fields, "webhookUrl")?.1.as_str()?.to_owned(),
            token: bot_token_in_url::token(sent.params(), fields),
            is_webhook: bot.get("eventMode").and_then(Value::as_str) != Some("fetch"),
        })
    }

    pub(super) fn bot(&self) -> u64 {
        self.bot
    }

    /// Whether a portal replaces a part of the address or of the token in a batch: then neither is known.
    pub(super) fn has_reference(&self) -> bool {
        let texts = std::iter::once(&self.url).chain(&self.token);
        texts
            .into_iter()
            .any(|text| reference::matches(text).next().is_some())
    }

    /// The first request. `listing` is that of the application's handlers.
    pub(super) fn first(
        &self,
        sent: &Call,
        result: &Value,
        credential: CredentialKind,
        listing: impl FnOnce() -> (&'static str, Value),
    ) -> Next {
        if credential == CredentialKind::Application {
            let (method, params) = listing();
            return Next::Send(method, params, Stage::Listed);
        }
        // A webhook cannot list handlers. The older API registers bots without reactions, and imbot.v2 registers them
        // with reactions, if the call says nothing else (`Bot::register` in the module `im`).
        let has_reactions = result
            .get("bot")
            .and_then(|bot| bot.get("isReactionsEnabled")?.as_bool());
        let fields = member(sent.params(), "fields").and_then(|(_, fields)| fields.as_object());
        let asks = fields.is_some_and(|fields| member(fields, "isReactionsEnabled").is_some());
        match has_reactions {
            Some(true) => self.update(),
            _ if !self.is_webhook => self.update(),
            Some(false) if !asks => self.update_older(),
            _ => Next::Unsure(
                "the bot's address may be another: a bot without reactions may be of the older API, so call imbot.v2.Bot.update, or imbot.update",
            ),
        }
    }

    /// Takes the reply to the last request.
    pub(super) fn take(&self, stage: Stage, reply: &Reply) -> Next {
        let Reply::Result(result) = reply else {
            return Next::Unsure(
                "the bot's address may be another: the portal refused to tell or to change it",
            );
        };
        match stage {
            Stage::Listed => self.listed(result),
            Stage::Updated => Next::Moved(self.url.clone()),
            Stage::OlderUpdated => {
                let params = self.with_token("botToken", json!({"botId": self.bot}));
                Next::Send(
                    Feature::ImbotV2CommandList.as_str(),
                    params,
                    Stage::CommandsListed,
                )
            }
            Stage::CommandsListed => match self.own_command(result) {
                Some(command) => {
                    let fields = json!({"EVENT_COMMAND_ADD": self.url});
                    let params = json!({"COMMAND_ID": command, "FIELDS": fields});
                    let params = self.with_token("CLIENT_ID", params);
                    Next::Send(OLDER_COMMAND_UPDATE, params, Stage::CommandsUpdated)
                }
                None => Next::Done,
            },
            Stage::CommandsUpdated => Next::Done,
        }
    }

    /// The portal has listed the handlers of the application.
    fn listed(&self, result: &Value) -> Next {
        let replies = BatchView::of(result);
        let handlers = match replies.and_then(|replies| replies.get("handlers")) {
            Some(Outcome::Result(Value::Array(handlers))) => handlers,
            _ => {
                return Next::Unsure(
                    "the bot's address may be another: the portal did not list the handlers",
                );
            }
        };
        let (mut newer, mut older) = (Vec::new(), Vec::new());
        for handler in handlers {
            let text = |name| handler.get(name).and_then(Value::as_str);
            let (Some(event), Some(url)) = (text("event"), text("handler")) else {
                continue;
            };
            let event = event.to_ascii_uppercase();
            if event.starts_with("ONIMBOTV2") {
                newer.push(url);
            } else if event.starts_with("ONIMBOT") || event == "ONIMCOMMANDADD" {
                older.push(url);
            }
        }
        let is_own = |url: &&str| **url == *self.url;
        match () {
            () if self.is_webhook && newer.iter().any(is_own) => Next::Done,
            () if !self.is_webhook || !newer.is_empty() || older.is_empty() => self.update(),
            () if older.iter().all(is_own) => Next::Done,
            () => self.update_older(),
        }
    }

    fn update(&self) -> Next {
        let fields = json!({"eventMode": "webhook", "webhookUrl": self.url});
        let params = self.with_token("botToken", json!({"botId": self.bot, "fields": fields}));
        Next::Send(Feature::ImbotV2BotUpdate.as_str(), params, Stage::Updated)
    }

    fn update_older(&self) -> Next {
        let fields = json!({"EVENT_HANDLER": self.url});
        let params = self.with_token("CLIENT_ID", json!({"BOT_ID": self.bot, "FIELDS": fields}));
        Next::Send(OLDER_UPDATE, params, Stage::OlderUpdated)
    }

    /// A command of the bot. One stands for all: they have one address.
    fn own_command(&self, result: &Value) -> Option<u64> {
        let commands = result.get("commands")?.as_array()?;
        let own = commands
            .iter()
            .find(|own| own.get("botId").and_then(Value::as_u64) == Some(self.bot));
        own?.get("id")?.as_u64()
    }

    fn with_token(&self, name: &str, mut params: Value) -> Value {
        if let (Some(token), Value::Object(params)) = (&self.token, &mut params) {
            params.insert(name.to_owned(), token.as_str().into());
        }
        params
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "https://bot.example/on";
    const OTHER: &str = "https://bot.example/before";

    /// The method of the next request, or what ends the requests.
    fn told(next: Next) -> &'static str {
        match next {
            Next::Send(method, _, _) => method,
            Next::Moved(_) => "moved",
            Next::Done => "done",
            Next::Unsure(_) => "unsure",
        }
    }

    fn registered(mode: &str, fields: Value, bot: Value) -> (Call, Value) {
        let mut bot = bot;
        bot["id"] = 7.into();
        bot["eventMode"] = mode.into();
        let mut fields = fields;
        fields["webhookUrl"] = OWN.into();
        let call = Call::new("imbot.v2.Bot.register").with("fields", fields);
        (call, json!({"bot": bot}))
    }

    #[test]
    fn handlers_decide_about_the_next_request() {
        let (update, older_update) = ("imbot.v2.Bot.update", OLDER_UPDATE);
        for (mode, handlers, next) in [
            ("webhook", vec![("ONIMBOTV2MESSAGEADD", OWN)], "done"),
            (
                "webhook",
                vec![("ONIMBOTV2MESSAGEADD", OTHER), ("ONIMBOTMESSAGEADD", OWN)],
                update,
            ),
            (
                "webhook",
                vec![("onimbotmessageadd", OWN), ("ONIMCOMMANDADD", OWN)],
                "done",
            ),
            (
                "webhook",
                vec![("ONIMBOTMESSAGEADD", OWN), ("ONIMCOMMANDADD", OTHER)],
                older_update,
            ),
            ("webhook", vec![("ONIMBOTMESSAGEADD", OTHER)], older_update),
            ("webhook", vec![("ONCRMDEALADD", OWN)], update),
            ("webhook", vec![], update),
            ("fetch", vec![("ONIMBOTV2MESSAGEADD", OWN)], update),
            ("fetch", vec![("ONIMBOTMESSAGEADD", OWN)], update),
        ] {
            let (call, result) = registered(mode, json!({}), json!({}));
            let address = Address::of(&call, &result).unwrap();
            let listed = |(event, url): &(&str, &str)| json!({"event": event, "handler": url});
            let list: Vec<Value> = handlers.iter().map(listed).collect();
            let reply = Reply::Result(json!({"result": {"handlers": list}}));
            assert_eq!(
                told(address.take(Stage::Listed, &reply)),
                next,
                "{mode} {handlers:?}"
            );
        }
    }

    #[test]
    fn reactions_tell_apis_of_bots_apart() {
        let (update, older_update) = ("imbot.v2.Bot.update", OLDER_UPDATE);
        let asked = json!({"isReactionsEnabled": false});
        for (mode, fields, bot, next) in [
            ("webhook", json!({}), json!({"isReactionsEnabled": true}), update),
            (
                "webhook",
                json!({}),
                json!({"isReactionsEnabled": false}),
                older_update,
            ),
            (
                "webhook",
                asked.clone(),
                json!({"isReactionsEnabled": false}),
                "unsure",
            ),
            ("webhook", json!({}), json!({}), "unsure"),
            ("fetch", asked, json!({"isReactionsEnabled": false}), update),
            ("fetch", json!({}), json!({}), update),
        ] {
            let (call, result) = registered(mode, fields, bot);
            let address = Address::of(&call, &result).unwrap();
            let first = address.first(&call, &result, CredentialKind::Webhook, || ("none", Value::Null));
            assert_eq!(told(first), next, "{mode} {result}");
        }
    }
}
