//! What a row of the table shows on a portal.

use std::time::{Duration, UNIX_EPOCH};

use imbot_caps_emulator::{Build, EmulatedPortal, Emulator};
use serde_json::{Value as Json, json};

use crate::client::call;
use crate::events::handler;

/// A portal to try a row on, with a bot where bots of imbot.v2 can be.
pub(super) struct Trial {
    portal: EmulatedPortal,
    bot: u64,
}

impl Trial {
    pub(super) async fn start(build: &Build) -> Self {
        let portal = Emulator::start_single(build.clone()).await.unwrap();
        let mut trial = Self { portal, bot: 0 };
        let fields = json!({"code": "ann", "type": "bot", "properties": {"name": "A"}});
        let card = trial.v2("Bot.register", json!({"fields": fields})).await;
        trial.bot = card["bot"]["id"].as_u64().unwrap_or_default();
        trial
    }

    /// The result, or the code of the error.
    async fn any(&self, method: &str, params: Json) -> Json {
        let answer = call(&self.portal, method, params).await;
        let mut json = answer.json();
        match json.get_mut("error") {
            Some(code) => code.take(),
            None => json["result"].take(),
        }
    }

    async fn v2(&self, method: &str, params: Json) -> Json {
        let mut own = json!({"botId": self.bot, "botToken": "t"});
        own.as_object_mut()
            .unwrap()
            .extend(params.as_object().unwrap().clone());
        self.any(&format!("imbot.v2.{method}"), own).await
    }

    async fn update(&self, fields: Json) -> Json {
        self.v2("Bot.update", json!({"fields": fields})).await
    }

    /// Sends a message with this field, and tells how it was stored.
    async fn sent(&self, field: &str, value: bool) -> Json {
        let params = json!({"dialogId": "1", "fields": {"message": "m", field: value}});
        self.v2("Chat.Message.send", params).await;
        let stored = self.portal.messages().pop();
        json!(stored.map(|own| [
            own.is_system,
            own.url_preview,
            own.skip_connector,
            own.silent_connector
        ]))
    }

    async fn command(&self) -> Json {
        let texts = json!({"command": "a", "title": {"en": "A", "de": "Ae"}});
        let mut params = texts.clone();
        params["fields"] = texts;
        self.v2("Command.register", params).await["command"]["id"].clone()
    }

    /// Changes a command, and tells how it is stored.
    async fn command_after(&self, fields: Json) -> Json {
        let id = self.command().await;
        let code = self
            .v2("Command.update", json!({"commandId": id, "fields": fields}))
            .await;
        let code = if code.is_string() { code } else { Json::Null };
        let stored = self.portal.commands();
        json!([
            code,
            stored.first().map(|own| own.name.clone()),
            stored.first().map(|own| own.texts.clone()),
        ])
    }

    /// The colour of a chat after it was sent this one.
    async fn color(&self, name: &str) -> Json {
        let chat = self.v2("Chat.add", json!({"fields": {"color": "RED"}})).await;
        let id = chat["chat"]["dialogId"].clone();
        let update = json!({"dialogId": id, "fields": {"color": "GREEN"}});
        self.v2("Chat.update", update).await;
        let update = json!({"dialogId": id, "fields": {"color": name}});
        self.v2("Chat.update", update).await;
        json!(self.portal.chats().first().map(|chat| chat.color.clone()))
    }

    /// The kinds of events the bot or its user finds after all that can happen.
    async fn events(&self, name: &str) -> Json {
        if name.starts_with("ONIMV2") {
            self.any("im.v2.Event.subscribe", json!({})).await;
            self.v1_bot(json!({})).await;
            self.any("imbot.chat.add", json!({"CLIENT_ID": "c", "USERS": [1]}))
                .await;
        }
        self.command().await;
        let chat = self.v2("Chat.add", json!({"fields": {"userIds": [2]}})).await;
        let chat = chat["chat"]["dialogId"].as_str().unwrap_or("chat1").to_owned();
        self.v2("Chat.User.add", json!({"dialogId": chat, "userIds": [1]}))
            .await;
        self.v2("Chat.leave", json!({"dialogId": chat})).await;
        let dialog = self.bot.max(1).to_string();
        let said = self.portal.say(1, &dialog, "hello").await.unwrap_or_default();
        self.portal.edit(said, "there").await;
        self.portal.react(1, said, "like").await;
        self.portal.delete(said).await;
        let send = json!({"dialogId": "1", "fields": {"message": "m"}});
        let sent = self.v2("Chat.Message.send", send).await["id"].as_u64();
        self.portal.react(1, sent.unwrap_or_default(), "like").await;
        self.portal.say(1, &dialog, "/a").await;
        self.portal.open_with(1, &dialog, json!({"source": "link"})).await;
        self.any(
            "imbot.v2.Bot.register",
            json!({"botToken": "u", "fields": {"code": "two", "properties": {"name": "T"}}}),
        )
        .await;
        let two = self.portal.bots().last().map_or(0, |bot| bot.id);
        self.v2("Chat.add", json!({"fields": {"userIds": [two]}})).await;
        let mut found = Vec::new();
        let own = json!({"botId": two, "botToken": "u"});
        for page in [
            self.v2("Event.get", json!({})).await,
            self.any("imbot.v2.Event.get", own).await,
            self.any("im.v2.Event.get", json!({})).await,
        ] {
            for event in page["events"].as_array().into_iter().flatten() {
                found.push(event["type"].clone());
            }
        }
        json!(found.contains(&json!(name)))
    }

    /// What a bot with an address hears when it is unregistered.
    async fn told_of_deletion(&self) -> Json {
        let (url, mut received) = handler().await;
        let moved = self
            .update(json!({"eventMode": "webhook", "webhookUrl": format!("{url}?CLIENT_ID=t")}))
            .await;
        if !moved.is_object() {
            return Json::Null;
        }
        self.v2("Bot.unregister", json!({})).await;
        let body = received.recv().await.unwrap();
        json!(body.contains("event=ONIMBOTV2DELETE"))
    }

    /// Whether a bot hears at an address without a `CLIENT_ID`.
    async fn heard_without_client_id(&self) -> Json {
        let (url, mut received) = handler().await;
        self.update(json!({"eventMode": "webhook", "webhookUrl": url}))
            .await;
        let id = self.portal.bots().first().map_or(0, |bot| bot.id);
        self.portal.say(1, &id.to_string(), "Hello").await;
        json!(received.try_recv().is_ok())
    }

    async fn v1_bot(&self, more: Json) -> Json {
        let mut params = json!({
            "CODE": "old", "CLIENT_ID": "c", "PROPERTIES": {"NAME": "Old"},
            "EVENT_HANDLER": "http://127.0.0.1:9/",
        });
        let own = params.as_object_mut().unwrap();
        own.extend(more.as_object().unwrap().clone());
        self.any("imbot.register", params).await
    }

    /// The calling user's recent chats, one of which a bot wrote in: how many
    /// there are, and the first one's counter.
    async fn recent(&self, params: Json) -> Json {
        let bot = self.v1_bot(json!({})).await;
        let dialog = bot.to_string();
        self.portal.say(1, &dialog, "Hello").await;
        let answer = json!({"CLIENT_ID": "c", "DIALOG_ID": "1", "MESSAGE": "Hi"});
        self.any("imbot.message.add", answer).await;
        let list = self.any("im.recent.get", params).await;
        json!([list.as_array().unwrap().len(), list[0]["counter"]])
    }

    /// How the one button or item of a message was stored, or the code that refused it.
    async fn buttons(&self, what: &str, does: Json) -> Json {
        self.v1_bot(json!({})).await;
        let mut entry = json!({"TEXT": "Go"});
        let own = entry.as_object_mut().unwrap();
        own.extend(does.as_object().unwrap().clone());
        let params = json!({"CLIENT_ID": "c", "DIALOG_ID": "1", "MESSAGE": "m", what: [entry]});
        let sent = self.any("imbot.message.add", params).await;
        let stored = self.portal.messages().pop();
        stored.map_or(sent, |own| json!([own.keyboard, own.menu]))
    }

    async fn after_webhook_moved(&self) -> Json {
        let to =
            |port: u16| json!({"eventMode": "webhook", "webhookUrl": format!("http://127.0.0.1:{port}/")});
        self.update(to(9)).await;
        self.update(to(10)).await;
        json!(self.portal.subscriptions())
    }
}

/// What a row shows on a portal; `None` for rows that nobody thought of.
pub(super) async fn effect(id: &str, on: &Trial) -> Option<Json> {
    let long = "x".repeat(41);
    let add = json!({"command": "x"});
    Some(match id {
        "ONIMBOTV2DELETE" => on.told_of_deletion().await,
        _ if id.starts_with("ON") => on.events(id).await,
        "event.get.next_offset" => on.v2("Event.get", json!({})).await["nextOffset"].clone(),
        "event.get.last_event_id" => {
            on.portal
                .clock()
                .set(UNIX_EPOCH + Duration::from_secs(1_780_272_000));
            on.v2("Event.get", json!({})).await["lastEventId"].clone()
        }
        "event.get.user_events" => on.v2("Event.get", json!({"withUserEvents": true})).await,
        "event.get.user_events.text" => on.v2("Event.get", json!({"withUserEvents": "N"})).await,
        "response.nested_result" => on.v2("Chat.InputAction.notify", json!({"dialogId": "1"})).await,
        "command.register.fields" => {
            let fields = json!({"fields": {"command": "x", "title": {"en": "X"}}});
            let answer = on.v2("Command.register", fields).await;
            json!(answer.is_object())
        }
        "command.register.flat" => {
            let flat = json!({"command": "x", "title": {"en": "X"}});
            json!(on.v2("Command.register", flat).await.is_object())
        }
        "command.register.flat.boolean" => {
            let flat = json!({"command": "x", "title": {"en": "X"}, "common": true});
            json!(on.v2("Command.register", flat).await.is_object())
        }
        "command.register.title_required" => json!(on.v2("Command.register", add).await.is_object()),
        "message.system" => on.sent("system", true).await,
        "message.url_preview" => on.sent("urlPreview", false).await,
        "message.skip_connector" => on.sent("skipConnector", true).await,
        "message.silent_connector" => on.sent("silentConnector", true).await,
        "message.fields.whitelist" => on.sent("nonsense", true).await,
        "command.list.titles" => {
            on.command().await;
            on.v2("Command.list", json!({})).await["commands"][6]["title"].clone()
        }
        "bot.background_id" => {
            on.update(json!({"backgroundId": "nonsense"})).await["bot"]["backgroundId"].clone()
        }
        "text_field.private_chats" => {
            on.v2("Chat.TextField.enabled", json!({"dialogId": 1, "enabled": "N"}))
                .await
        }
        "text_field.enabled.boolean" => {
            let chat = on.v2("Chat.add", json!({})).await;
            let params = json!({"dialogId": chat["chat"]["dialogId"], "enabled": false});
            on.v2("Chat.TextField.enabled", params).await
        }
        "error.bot_token_not_specified" | "error.client_id_not_specified" => {
            on.any("imbot.v2.Bot.list", json!({})).await
        }
        "events.webhook_client_id" => on.heard_without_client_id().await,
        "events.subscription_cleanup" => on.after_webhook_moved().await,
        "bot.token_rotation" | "error.bot_ownership.after_rotation" => {
            on.update(json!({"botToken": "new"})).await;
            let again = on.update(json!({})).await;
            json!(again.is_object())
        }
        "bot.token_rotation.length" | "error.bot_token_invalid_length.rotation" => {
            json!(on.update(json!({"botToken": long})).await.is_object())
        }
        "error.bot_token_rotation_failed" => {
            let other = json!({"botToken": "u", "fields": {"code": "u", "properties": {"name": "U"}}});
            on.any("imbot.v2.Bot.register", other).await;
            json!(on.update(json!({"botToken": "u"})).await.is_object())
        }
        "bot.app_id" => on.update(json!({})).await["bot"]["appId"].clone(),
        "bot.token_length_limit" | "error.bot_token_invalid_length" => {
            let fields = json!({"code": "long", "properties": {"name": "L"}});
            let params = json!({"botToken": long, "fields": fields});
            let answer = on.any("imbot.v2.Bot.register", params).await;
            json!(answer.is_object())
        }
        "command.name_invalid" => on.command_after(json!({"command": ["x"]})).await,
        "command.name_empty" => on.command_after(json!({"command": ""})).await,
        "command.already_exists" => {
            let other = json!({"command": "b", "title": {"en": "B"}});
            let mut params = other.clone();
            params["fields"] = other;
            on.v2("Command.register", params).await;
            let id = on.command().await;
            let rename = json!({"commandId": id, "fields": {"command": "b"}});
            json!(on.v2("Command.update", rename).await.is_object())
        }
        "command.title_invalid" => on.command_after(json!({"title": "x"})).await,
        "command.update.rename" => on.command_after(json!({"command": "b"})).await,
        "command.update.title_merge" => on.command_after(json!({"title": {"en": "B"}})).await,
        "command.update.title_null_deletes" => {
            on.command_after(json!({"title": {"en": "A", "de": null}})).await
        }
        "command.lang_case" => on.command_after(json!({"title": {"EN": "B", "DE": "C"}})).await,
        "manager.empty_user_ids" => {
            let chat = on.v2("Chat.add", json!({})).await;
            on.v2("Chat.Manager.add", json!({"dialogId": chat["chat"]["dialogId"]}))
                .await
        }
        "color.camel_case" => on.color("lightBlue").await,
        "color.invalid_ignored" => on.color("nonsense").await,
        "message.delete.complete.boolean" => {
            let params = json!({"messageId": 1, "complete": true});
            on.v2("Chat.Message.delete", params).await
        }
        "message.delete.collection" => {
            on.sent("system", false).await;
            let id = on.portal.messages().pop().map(|own| own.id);
            on.v2("Chat.Message.delete", json!({"messageId": id})).await
        }
        "bot.update.support_openline" => {
            on.update(json!({"isSupportOpenline": true})).await["bot"]["isSupportOpenline"].clone()
        }
        "file.download.bot_access" => {
            let chat = on.v2("Chat.add", json!({})).await;
            let file = json!({"name": "a", "content": "aGk="});
            let params = json!({"dialogId": chat["chat"]["dialogId"], "fields": file});
            let file = on.v2("File.upload", params).await;
            let down = json!({"fileId": file["file"]["id"]});
            json!(on.v2("File.download", down).await.is_object())
        }
        "v1.bot_list.id_int" => {
            on.v1_bot(json!({})).await;
            let list = on.any("imbot.bot.list", json!({})).await;
            let ids = list.as_object().unwrap().values();
            json!(ids.map(|bot| bot["ID"].is_u64()).collect::<Vec<_>>().pop())
        }
        "bot.update.webhook_url" | "bot.update.event_mode" => on.after_webhook_moved().await,
        "bot.register.token_location" => {
            let fields = json!({"code": "in", "botToken": "t", "properties": {"name": "I"}});
            let answer = on.any("imbot.v2.Bot.register", json!({"fields": fields})).await;
            json!(answer.is_object())
        }
        "bot.types" => {
            let fields = json!({"code": "ty", "type": "personal", "properties": {"name": "P"}});
            on.v2("Bot.register", json!({"fields": fields})).await["bot"]["type"].clone()
        }
        "error.bot_type_not_allowed" => on.v2("Chat.Message.get", json!({"messageId": 1})).await,
        "auth.client_id" => {
            let listed = on.any("imbot.v2.Bot.list", json!({"clientId": "t"})).await;
            listed["hasNextPage"].clone()
        }
        "im.revision.get.desktop" => on.any("im.revision.get", json!({})).await["desktop"].clone(),
        "v1.events.message_update_delete" => {
            on.v1_bot(json!({})).await;
            json!(on.portal.subscriptions().len())
        }
        "v1.bot.type_supervisor" => {
            on.v1_bot(json!({"TYPE": "S"})).await;
            json!(on.portal.bots().pop().map(|bot| bot.kind))
        }
        "v1.update.openline" => {
            on.v1_bot(json!({})).await;
            let id = on.portal.bots().pop().map(|bot| bot.id);
            let update = json!({"BOT_ID": id, "CLIENT_ID": "c", "FIELDS": {"OPENLINE": "Y"}});
            on.any("imbot.update", update).await;
            json!(on.portal.bots().pop().map(|bot| bot.is_support_openline))
        }
        "im.recent.get.last_update" => on.recent(json!({"LAST_UPDATE": "2999-01-01T00:00:00Z"})).await,
        "im.recent.get.last_sync_date" => on.recent(json!({"LAST_SYNC_DATE": "2999-01-01T00:00:00Z"})).await,
        "im.recent.get.only_openlines" => on.recent(json!({"ONLY_OPENLINES": "Y"})).await,
        "im.recent.with_counters" => on.recent(json!({"WITH_COUNTERS": "N"})).await,
        "keyboard.action" => {
            on.buttons("KEYBOARD", json!({"ACTION": "PUT", "ACTION_VALUE": "/a"}))
                .await
        }
        "menu.action" => {
            on.buttons("MENU", json!({"ACTION": "PUT", "ACTION_VALUE": "/a"}))
                .await
        }
        "menu.link" => on.buttons("MENU", json!({"LINK": "/a"})).await,
        "menu.command" => on.buttons("MENU", json!({"COMMAND": "a"})).await,
        "message.update.url_preview" => {
            on.sent("system", false).await;
            let id = on.portal.messages().pop().map(|own| own.id);
            let params = json!({"messageId": id, "fields": {"message": "New", "urlPreview": false}});
            on.v2("Chat.Message.update", params).await
        }
        "bot.update.unknown_fields" | "error.bot_update_failed" => {
            json!(on.update(json!({"BOT": {"name": "New"}})).await.is_object())
        }
        "bot.register.known_code" | "error.bot_limit_exceeded" => {
            let fields = json!({"code": "twice", "properties": {"name": "T"}});
            let params = json!({"botToken": "u", "fields": fields});
            let first = on.any("imbot.v2.Bot.register", params.clone()).await;
            let second = on.any("imbot.v2.Bot.register", params).await;
            json!([first["bot"]["id"] == second["bot"]["id"], second.is_object()])
        }
        // The member is optional on every build; what carries it is the event.
        "event.additional_messages" => on.events("ONIMBOTV2MESSAGEADD").await,
        "v1.chat.entity" => {
            on.v1_bot(json!({})).await;
            let entity = json!({"CLIENT_ID": "c", "ENTITY_TYPE": "T", "ENTITY_ID": "1"});
            on.any("imbot.chat.add", entity.clone()).await;
            on.any("imbot.chat.get", entity).await
        }
        _ => return None,
    })
}
