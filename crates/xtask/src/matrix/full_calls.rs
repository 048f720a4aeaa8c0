//! Every method of imbot.v2 with all that is documented for it.

use super::*;

/// A picture of one pixel.
const PIXEL: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// Each method with all that is documented for it, as a bot of the newest revision
/// would send it, but for whose call it is; and the paths without which it is no call.
pub fn full_calls() -> Vec<(&'static str, Json, &'static [&'static str])> {
    const CHAT: &[&str] = &["botId", "dialogId"];
    const MESSAGE: &[&str] = &["botId", "messageId"];
    let keyboard = json!({"BUTTONS": [
        {"TEXT": "Yes", "COMMAND": "yes", "COMMAND_PARAMS": "1"},
        {"TEXT": "Copy", "ACTION": "COPY", "ACTION_VALUE": "42"},
    ]});
    let attach = json!([{"MESSAGE": "More"}]);
    let properties = json!({
        "name": "Ann", "lastName": "Bot", "workPosition": "Helper", "color": "lightBlue", "gender": "F",
        "avatar": PIXEL,
    });
    let of_bot = json!({
        "properties": properties, "eventMode": "webhook", "webhookUrl": "http://127.0.0.1:9/bot",
        "isHidden": false, "isReactionsEnabled": true, "isSupportOpenline": true, "backgroundId": "azure",
    });
    let with = |fields: &Json, more: Json| {
        let mut fields = fields.clone();
        extend(&mut fields, more);
        fields
    };
    vec![
        ("Revision.get", json!({}), &[]),
        (
            "Bot.register",
            json!({"fields": with(&of_bot, json!({"code": "ann", "type": "bot", "botToken": "t"}))}),
            &["fields.code", "fields.botToken", "fields.properties.name"],
        ),
        ("Bot.unregister", json!({}), &["botId"]),
        (
            "Bot.update",
            json!({"fields": with(&of_bot, json!({"botToken": "new"}))}),
            &["botId", "fields.properties.name"],
        ),
        ("Bot.get", json!({}), &["botId"]),
        (
            "Bot.list",
            json!({"filter": {"type": "bot"}, "limit": 50, "offset": 0}),
            &[],
        ),
        (
            "Chat.add",
            json!({"fields": {
                "title": "T", "description": "D", "color": "lightBlue", "avatar": PIXEL, "userIds": [1, 2],
                "ownerId": 1, "message": "Hello",
            }}),
            &["botId"],
        ),
        ("Chat.get", json!({"dialogId": "chat5"}), CHAT),
        (
            "Chat.update",
            json!({"dialogId": "chat5", "fields": {
                "title": "T", "description": "D", "color": "lightBlue", "avatar": PIXEL,
            }}),
            &["botId", "dialogId", "fields.title"],
        ),
        (
            "Chat.setOwner",
            json!({"dialogId": "chat5", "userId": 1}),
            &["botId", "dialogId", "userId"],
        ),
        ("Chat.leave", json!({"dialogId": "chat5"}), CHAT),
        (
            "Chat.InputAction.notify",
            json!({
                "dialogId": "chat5", "statusMessageCode": "IMBOT_AGENT_ACTION_THINKING", "duration": 20,
            }),
            CHAT,
        ),
        (
            "Chat.Manager.add",
            json!({"dialogId": "chat5", "userIds": [1, 2]}),
            &["botId", "dialogId", "userIds"],
        ),
        (
            "Chat.Manager.delete",
            json!({"dialogId": "chat5", "userIds": [1, 2]}),
            &["botId", "dialogId", "userIds"],
        ),
        (
            "Chat.Message.send",
            json!({"dialogId": "chat5", "fields": {
                "message": "Hello", "attach": attach, "keyboard": keyboard, "system": true, "urlPreview": false,
                "skipConnector": true, "silentConnector": true, "replyId": 7, "templateId": "x",
                "forwardIds": {"y": 8},
            }}),
            &["botId", "dialogId", "fields.message"],
        ),
        (
            "Chat.Message.update",
            json!({"messageId": 7, "fields": {
                "message": "Hello", "attach": attach, "keyboard": keyboard, "urlPreview": false,
            }}),
            &["botId", "messageId", "fields.message"],
        ),
        (
            "Chat.Message.delete",
            json!({"messageId": 7, "complete": true}),
            MESSAGE,
        ),
        ("Chat.Message.get", json!({"messageId": 7}), MESSAGE),
        (
            "Chat.Message.getContext",
            json!({"messageId": 7, "range": 10}),
            MESSAGE,
        ),
        (
            "Chat.Message.read",
            json!({"dialogId": "chat5", "messageId": 7}),
            CHAT,
        ),
        (
            "Chat.Message.Reaction.add",
            json!({"messageId": 7, "reaction": "like"}),
            &["botId", "messageId", "reaction"],
        ),
        (
            "Chat.Message.Reaction.delete",
            json!({"messageId": 7, "reaction": "like"}),
            &["botId", "messageId", "reaction"],
        ),
        (
            "Chat.TextField.enabled",
            json!({"dialogId": "chat5", "enabled": false}),
            CHAT,
        ),
        (
            "Chat.User.list",
            json!({"dialogId": "chat5", "order": {"ID": "ASC"}, "limit": 50}),
            CHAT,
        ),
        (
            "Chat.User.add",
            json!({"dialogId": "chat5", "userIds": [1, 2]}),
            &["botId", "dialogId", "userIds"],
        ),
        (
            "Chat.User.delete",
            json!({"dialogId": "chat5", "userId": 2}),
            &["botId", "dialogId", "userId"],
        ),
        (
            "Command.register",
            json!({"fields": {
                "command": "help", "title": {"en": "Help"}, "params": {"en": "what"}, "common": true,
                "hidden": false, "extranetSupport": true,
            }}),
            &["botId", "fields.command", "fields.title"],
        ),
        (
            "Command.unregister",
            json!({"commandId": 7}),
            &["botId", "commandId"],
        ),
        (
            "Command.update",
            json!({"commandId": 7, "fields": {
                "command": "aid", "title": {"en": "Aid"}, "params": {"en": "what"}, "common": true,
                "hidden": false, "extranetSupport": true,
            }}),
            &["botId", "commandId", "fields.title"],
        ),
        (
            "Command.answer",
            json!({"commandId": 7, "messageId": 7, "dialogId": "chat5", "fields": {
                "message": "So", "attach": attach, "keyboard": keyboard, "system": true, "urlPreview": false,
            }}),
            &["botId", "commandId", "messageId", "dialogId", "fields.message"],
        ),
        ("Command.list", json!({}), &["botId"]),
        (
            "Event.get",
            json!({"offset": 1, "limit": 50, "withUserEvents": true}),
            &["botId"],
        ),
        (
            "File.upload",
            json!({"dialogId": "chat5", "fields": {"name": "a.txt", "content": "aGk=", "message": "Look"}}),
            &["botId", "dialogId", "fields.name", "fields.content"],
        ),
        ("File.download", json!({"fileId": 7}), &["botId", "fileId"]),
    ]
}

pub fn extend(members: &mut Json, more: Json) {
    if let (Json::Object(members), Json::Object(more)) = (members, more) {
        members.extend(more);
    }
}

/// The full calls by their methods, with the paths they cannot go without.
pub fn calls() -> BTreeMap<String, (Call, &'static [&'static str])> {
    let calls = full_calls().into_iter().map(|(name, more, required)| {
        let mut params = Map::new();
        if !matches!(name, "Revision.get" | "Bot.register" | "Bot.list") {
            params.insert("botId".to_owned(), json!(7));
        }
        if !matches!(name, "Revision.get" | "Bot.register") {
            params.insert("botToken".to_owned(), json!("t"));
        }
        if let Json::Object(more) = more {
            params.extend(more);
        }
        let name = format!("imbot.v2.{name}");
        (name.clone(), (Call::with_params(name, params), required))
    });
    calls.collect()
}
