//! Every documented method of imbot.v2, with every documented parameter.

use serde_json::json;

use super::*;

pub(super) fn documented() -> Vec<Call> {
    let bot = json!({"botId": 7, "botToken": "token"});
    let with = |method: &str, more: Value| {
        let mut params = bot.clone();
        for (name, value) in more.as_object().unwrap() {
            params[name] = value.clone();
        }
        call(&format!("imbot.v2.{method}"), params)
    };
    let properties = json!({
        "name": "Bot", "lastName": "Botson", "workPosition": "Clerk", "color": "lightBlue",
        "gender": "F", "avatar": "aGk=",
    });
    let keyboard = json!([{"TEXT": "Go", "COMMAND": "go"}]);
    let attach = json!([{"MESSAGE": "more"}]);
    vec![
        call("imbot.v2.Revision.get", json!({})),
        call(
            "imbot.v2.Bot.register",
            json!({"fields": {
                "code": "clerk", "botToken": "token", "properties": properties, "type": "openline",
                "eventMode": "webhook", "webhookUrl": "https://bot.example/on", "isHidden": false,
                "isReactionsEnabled": true, "isSupportOpenline": true, "backgroundId": "azure",
            }}),
        ),
        with("Bot.unregister", json!({})),
        with(
            "Bot.update",
            json!({"fields": {
                "properties": properties, "isHidden": false, "isReactionsEnabled": true,
                "isSupportOpenline": true, "backgroundId": "azure", "eventMode": "webhook",
                "webhookUrl": "https://bot.example/on", "botToken": "next",
            }}),
        ),
        with("Bot.get", json!({"code": "clerk"})),
        call(
            "imbot.v2.Bot.list",
            json!({"botToken": "token", "filter": {"type": "bot"}, "limit": 50, "offset": 0}),
        ),
        with(
            "Chat.add",
            json!({"fields": {
                "title": "Room", "description": "Ours", "color": "mint", "avatar": "aGk=",
                "userIds": [1, 2], "ownerId": 1, "message": "Hello",
            }}),
        ),
        with("Chat.get", json!({"dialogId": "chat5"})),
        with(
            "Chat.update",
            json!({"dialogId": "chat5", "fields": {
                "title": "Room", "description": "Ours", "color": "DARK_BLUE", "avatar": "aGk=",
            }}),
        ),
        with("Chat.setOwner", json!({"dialogId": "chat5", "userId": 1})),
        with("Chat.leave", json!({"dialogId": "chat5"})),
        with(
            "Chat.InputAction.notify",
            json!({"dialogId": "5", "statusMessageCode": "IMBOT_AGENT_ACTION_THINKING", "duration": 30}),
        ),
        with(
            "Chat.Manager.add",
            json!({"dialogId": "chat5", "userIds": [1, 2, 3]}),
        ),
        with(
            "Chat.Manager.delete",
            json!({"dialogId": "chat5", "userIds": [1]}),
        ),
        with(
            "Chat.Message.send",
            json!({"dialogId": "chat5", "fields": {
                "message": "Hello", "attach": attach, "keyboard": keyboard, "system": true,
                "urlPreview": false, "skipConnector": true, "silentConnector": true, "replyId": 3,
                "templateId": "t", "forwardIds": {"u": 4},
            }}),
        ),
        with(
            "Chat.Message.update",
            json!({"messageId": 9, "fields": {
                "message": "Hello", "attach": attach, "keyboard": keyboard, "urlPreview": false,
            }}),
        ),
        with("Chat.Message.delete", json!({"messageId": 9, "complete": true})),
        with("Chat.Message.get", json!({"messageId": 9})),
        with("Chat.Message.getContext", json!({"messageId": 9, "range": 5})),
        with("Chat.Message.read", json!({"dialogId": "chat5", "messageId": 9})),
        with(
            "Chat.Message.Reaction.add",
            json!({"messageId": 9, "reaction": "like"}),
        ),
        with(
            "Chat.Message.Reaction.delete",
            json!({"messageId": 9, "reaction": "like"}),
        ),
        with(
            "Chat.TextField.enabled",
            json!({"dialogId": "chat5", "enabled": false}),
        ),
        with(
            "Chat.User.list",
            json!({"dialogId": "chat5", "order": {"id": "ASC"}, "limit": 50}),
        ),
        with("Chat.User.add", json!({"dialogId": "chat5", "userIds": [1, 2]})),
        with("Chat.User.delete", json!({"dialogId": "chat5", "userId": 1})),
        with(
            "Command.register",
            json!({"fields": {
                "command": "help", "title": {"en": "Help", "de": "Hilfe"}, "params": {"en": "topic"},
                "common": false, "hidden": true, "extranetSupport": false,
            }}),
        ),
        with("Command.unregister", json!({"commandId": 11})),
        with(
            "Command.update",
            json!({"commandId": 11, "fields": {
                "command": "sos", "title": {"en": "Help", "de": null}, "params": {"en": "topic"},
                "common": false, "hidden": true, "extranetSupport": false,
            }}),
        ),
        with(
            "Command.answer",
            json!({"commandId": 11, "messageId": 9, "dialogId": "chat5", "fields": {
                "message": "Hello", "attach": attach, "keyboard": keyboard, "system": true,
                "urlPreview": false,
            }}),
        ),
        with("Command.list", json!({})),
        with(
            "Event.get",
            json!({"offset": 1, "limit": 50, "withUserEvents": true}),
        ),
        with(
            "File.upload",
            json!({"dialogId": "chat5", "fields": {"name": "a.txt", "content": "aGk=", "message": "see"}}),
        ),
        with("File.download", json!({"fileId": 3})),
    ]
}
