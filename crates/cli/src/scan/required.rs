//! The parameters that methods need.
//!
//! They are those that the documentation marks as required. Where the PHP source takes another parameter
//! in place of one, both stand here, with `|` between them. A test compares this list with `tests/docs`.

use super::value::{Object, Value};

#[rustfmt::skip]
const REQUIRED: &[(&str, &str)] = &[
    ("im.chat.leave", "CHAT_ID|DIALOG_ID"),
    ("im.chat.updateTitle", "CHAT_ID|DIALOG_ID TITLE"),
    ("im.chat.user.add", "CHAT_ID|DIALOG_ID USERS"),
    ("im.chat.user.delete", "CHAT_ID|DIALOG_ID USER_ID"),
    ("im.disk.file.commit", "CHAT_ID|DIALOG_ID FILE_ID|UPLOAD_ID|DISK_ID|SYMLINK|FILE_PARAMS"),
    ("im.disk.folder.get", "CHAT_ID|DIALOG_ID"),
    ("im.message.add", "DIALOG_ID|CHAT_ID|USER_ID MESSAGE|ATTACH|KEYBOARD"),
    ("im.message.delete", "MESSAGE_ID|ID"),
    ("im.message.update", "MESSAGE_ID|ID"),
    ("im.notify.personal.add", "USER_ID|TO MESSAGE"),
    ("im.notify.system.add", "USER_ID|TO MESSAGE"),
    ("im.v2.File.download", "dialogId fileId"),
    ("im.v2.File.upload", "dialogId|chatId fields fields.name fields.content"),
    ("imbot.app.update", "APP_ID"),
    ("imbot.chat.get", "ENTITY_TYPE|DIALOG_ID ENTITY_ID|DIALOG_ID"),
    ("imbot.chat.leave", "CHAT_ID|DIALOG_ID"),
    ("imbot.chat.sendTyping", "DIALOG_ID"),
    ("imbot.chat.setManager", "CHAT_ID|DIALOG_ID USER_ID"),
    ("imbot.chat.setOwner", "CHAT_ID|DIALOG_ID USER_ID"),
    ("imbot.chat.updateAvatar", "CHAT_ID|DIALOG_ID AVATAR"),
    ("imbot.chat.updateColor", "CHAT_ID|DIALOG_ID COLOR"),
    ("imbot.chat.updateTitle", "CHAT_ID|DIALOG_ID TITLE"),
    ("imbot.chat.user.add", "CHAT_ID|DIALOG_ID USERS"),
    ("imbot.chat.user.delete", "CHAT_ID|DIALOG_ID USER_ID"),
    ("imbot.chat.user.list", "CHAT_ID|DIALOG_ID"),
    ("imbot.command.answer", "COMMAND_ID|COMMAND MESSAGE_ID"),
    ("imbot.command.register", "BOT_ID COMMAND EVENT_COMMAND_ADD|EVENT_HANDLER LANG"),
    ("imbot.command.unregister", "COMMAND_ID"),
    ("imbot.command.update", "COMMAND_ID FIELDS"),
    ("imbot.dialog.get", "DIALOG_ID"),
    ("imbot.message.add", "MESSAGE|ATTACH|KEYBOARD"),
    ("imbot.message.delete", "MESSAGE_ID"),
    ("imbot.message.like", "MESSAGE_ID"),
    ("imbot.message.update", "MESSAGE_ID"),
    ("imbot.register", "CODE EVENT_MESSAGE_ADD|EVENT_HANDLER EVENT_WELCOME_MESSAGE|EVENT_HANDLER EVENT_BOT_DELETE|EVENT_HANDLER PROPERTIES PROPERTIES.NAME|PROPERTIES.LAST_NAME"),
    ("imbot.unregister", "BOT_ID"),
    ("imbot.update", "BOT_ID FIELDS"),
    ("imbot.v2.Bot.register", "fields.code fields.properties fields.properties.name"),
    ("imbot.v2.Bot.unregister", "botId"),
    ("imbot.v2.Bot.update", "botId fields"),
    ("imbot.v2.Chat.add", "botId"),
    ("imbot.v2.Chat.get", "botId dialogId|chatId"),
    ("imbot.v2.Chat.InputAction.notify", "botId dialogId|chatId"),
    ("imbot.v2.Chat.leave", "botId dialogId|chatId"),
    ("imbot.v2.Chat.Manager.add", "botId dialogId|chatId userIds"),
    ("imbot.v2.Chat.Manager.delete", "botId dialogId|chatId userIds"),
    ("imbot.v2.Chat.Message.delete", "botId messageId"),
    ("imbot.v2.Chat.Message.get", "botId messageId"),
    ("imbot.v2.Chat.Message.getContext", "botId messageId"),
    ("imbot.v2.Chat.Message.Reaction.add", "botId messageId reaction"),
    ("imbot.v2.Chat.Message.Reaction.delete", "botId messageId reaction"),
    ("imbot.v2.Chat.Message.read", "botId dialogId|chatId"),
    ("imbot.v2.Chat.Message.send", "botId dialogId|chatId"),
    ("imbot.v2.Chat.Message.update", "botId messageId fields"),
    ("imbot.v2.Chat.setOwner", "botId dialogId|chatId userId"),
    ("imbot.v2.Chat.TextField.enabled", "botId dialogId|chatId"),
    ("imbot.v2.Chat.update", "botId dialogId|chatId fields"),
    ("imbot.v2.Chat.User.add", "botId dialogId|chatId userIds"),
    ("imbot.v2.Chat.User.delete", "botId dialogId|chatId userId"),
    ("imbot.v2.Chat.User.list", "botId dialogId|chatId"),
    ("imbot.v2.Command.answer", "botId commandId messageId dialogId"),
    ("imbot.v2.Command.list", "botId"),
    ("imbot.v2.Command.register", "botId fields.command|command"),
    ("imbot.v2.Command.unregister", "botId commandId"),
    ("imbot.v2.Command.update", "botId commandId fields"),
    ("imbot.v2.Event.get", "botId"),
    ("imbot.v2.File.download", "botId fileId"),
    ("imbot.v2.File.upload", "botId dialogId|chatId fields fields.name fields.content"),
];

/// Parameters that programs often add to all calls, in one place of their own.
const OF_ALL_CALLS: [&str; 2] = ["botId", "BOT_ID"];

/// The required parameters that a call lacks. `is_whole` says that nothing is added before it is sent.
pub(super) fn missing(method: &str, params: &Object, is_whole: bool) -> Vec<String> {
    let Some((_, required)) = REQUIRED.iter().find(|(name, _)| *name == method) else {
        return Vec::new();
    };
    let spelling = if method.contains(".v2.") {
        Spelling::Exact
    } else {
        Spelling::Any
    };
    let mut missing: Vec<String> = Vec::new();
    for alternatives in required.split(' ') {
        let is_added = !is_whole && OF_ALL_CALLS.contains(&alternatives);
        let first = alternatives.split('|').next().unwrap_or_default();
        // What lacks as a whole lacks its parts, too.
        let is_part = missing.iter().any(|own| first.starts_with(&format!("{own}.")));
        let is_there = alternatives
            .split('|')
            .any(|path| may_have(params, path, spelling));
        if !is_added && !is_part && !is_there {
            missing.push(first.to_owned());
        }
    }
    missing
}

/// How names are compared. Below the first level, portals take any spelling.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spelling {
    Exact,
    Any,
}

/// Whether a call may have a parameter.
fn may_have(object: &Object, path: &str, spelling: Spelling) -> bool {
    if object.open {
        return true;
    }
    let (name, rest) = path
        .split_once('.')
        .map_or((path, None), |(name, rest)| (name, Some(rest)));
    let plain = |name: &str| name.replace('_', "").to_ascii_lowercase();
    let same = |own: &str| own == name || spelling == Spelling::Any && plain(own) == plain(name);
    let mut members = object.members.iter().filter(|(own, _)| same(own));
    members.any(|(_, value)| match (rest, value) {
        (None, _) | (_, Value::Unknown | Value::Text(_)) => true,
        (Some(rest), Value::Object(inner)) => may_have(inner, rest, Spelling::Any),
        (Some(_), _) => false,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;

    use super::*;

    /// The required parameters of the documentation, by method.
    fn documented() -> BTreeMap<String, Vec<String>> {
        let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for file in ["imbot-v2.toml", "v1.toml"] {
            let path = format!("{}/../../tests/docs/{file}", env!("CARGO_MANIFEST_DIR"));
            let mut method = String::new();
            for line in fs::read_to_string(path).unwrap().lines() {
                if let Some(name) = line.strip_prefix("[\"") {
                    method = name.trim_end_matches("\"]").to_owned();
                }
                let param = line.trim().strip_suffix(", required\",");
                if let Some((name, _)) = param.and_then(|param| param.split_once(':')) {
                    let name = name.trim_matches('"').to_owned();
                    found.entry(method.clone()).or_default().push(name);
                }
            }
        }
        found
    }

    #[test]
    fn list_has_documented_parameters() {
        let documented = documented();
        for (method, required) in REQUIRED {
            let own = documented
                .get(*method)
                .unwrap_or_else(|| panic!("{method} has no page"));
            for path in own.iter().filter(|path| !path.contains("[]")) {
                let begins = |alternatives: &str| {
                    alternatives
                        .split('|')
                        .any(|other| other == path || other.starts_with(&format!("{path}.")))
                };
                assert!(required.split(' ').any(begins), "{method} lacks {path}");
            }
        }
    }
}
