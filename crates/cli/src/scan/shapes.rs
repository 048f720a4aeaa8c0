//! The shapes of results, as the documentation has them. A test compares them with `tests/docs`.

/// The shape of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// An object with these members.
    Object(&'static [&'static str]),
    /// An object with members for ids.
    ById,
    Boolean,
    Integer,
    List,
}

#[rustfmt::skip]
const SHAPES: &[(&str, Shape)] = &[
    ("im.chat.get", Shape::Object(&["ID"])),
    ("im.dialog.messages.get", Shape::Object(&["chat_id", "messages", "users", "files"])),
    ("im.message.add", Shape::Integer),
    ("im.message.delete", Shape::Boolean),
    ("im.message.update", Shape::Boolean),
    ("im.notify.get", Shape::Object(&["total_count", "total_unread_count", "chat_id", "notifications", "users"])),
    ("im.recent.list", Shape::Object(&["items", "hasMorePages", "hasMore", "copilot", "messagesAutoDeleteConfigs"])),
    ("im.revision.get", Shape::Object(&["rest", "web", "mobile", "desktop", "im_revision_mobile"])),
    ("im.v2.Event.get", Shape::Object(&["events", "nextOffset", "hasMore"])),
    ("im.v2.File.download", Shape::Object(&["downloadUrl"])),
    ("im.v2.File.upload", Shape::Object(&["file", "messageId", "chatId", "dialogId"])),
    ("imbot.app.register", Shape::Integer),
    ("imbot.app.unregister", Shape::Boolean),
    ("imbot.app.update", Shape::Boolean),
    ("imbot.bot.list", Shape::ById),
    ("imbot.chat.add", Shape::Integer),
    ("imbot.chat.get", Shape::Object(&["ID"])),
    ("imbot.chat.leave", Shape::Boolean),
    ("imbot.chat.sendTyping", Shape::Boolean),
    ("imbot.chat.setManager", Shape::Boolean),
    ("imbot.chat.setOwner", Shape::Boolean),
    ("imbot.chat.updateAvatar", Shape::Boolean),
    ("imbot.chat.updateColor", Shape::Boolean),
    ("imbot.chat.updateTitle", Shape::Boolean),
    ("imbot.chat.user.add", Shape::Boolean),
    ("imbot.chat.user.delete", Shape::Boolean),
    ("imbot.chat.user.list", Shape::List),
    ("imbot.command.answer", Shape::Integer),
    ("imbot.command.register", Shape::Integer),
    ("imbot.command.unregister", Shape::Boolean),
    ("imbot.command.update", Shape::Boolean),
    ("imbot.message.add", Shape::Integer),
    ("imbot.message.delete", Shape::Boolean),
    ("imbot.message.like", Shape::Boolean),
    ("imbot.message.update", Shape::Boolean),
    ("imbot.register", Shape::Integer),
    ("imbot.unregister", Shape::Boolean),
    ("imbot.update", Shape::Boolean),
    ("imbot.v2.Bot.get", Shape::Object(&["bot", "users"])),
    ("imbot.v2.Bot.list", Shape::Object(&["bots", "users", "hasNextPage"])),
    ("imbot.v2.Bot.register", Shape::Object(&["bot", "users"])),
    ("imbot.v2.Bot.unregister", Shape::Object(&["result"])),
    ("imbot.v2.Bot.update", Shape::Object(&["bot", "users"])),
    ("imbot.v2.Chat.add", Shape::Object(&["chat", "users"])),
    ("imbot.v2.Chat.get", Shape::Object(&["chat"])),
    ("imbot.v2.Chat.InputAction.notify", Shape::Object(&["result"])),
    ("imbot.v2.Chat.leave", Shape::Object(&["result"])),
    ("imbot.v2.Chat.Manager.add", Shape::Object(&["result"])),
    ("imbot.v2.Chat.Manager.delete", Shape::Object(&["result"])),
    ("imbot.v2.Chat.Message.delete", Shape::Object(&["result"])),
    ("imbot.v2.Chat.Message.get", Shape::Object(&["message", "user"])),
    ("imbot.v2.Chat.Message.getContext", Shape::Object(&["messages", "users", "hasPrevPage", "hasNextPage"])),
    ("imbot.v2.Chat.Message.Reaction.add", Shape::Object(&["result"])),
    ("imbot.v2.Chat.Message.Reaction.delete", Shape::Object(&["result"])),
    ("imbot.v2.Chat.Message.read", Shape::Object(&["chatId", "lastId", "counter", "viewedMessages"])),
    ("imbot.v2.Chat.Message.send", Shape::Object(&["id", "uuidMap"])),
    ("imbot.v2.Chat.Message.update", Shape::Object(&["result"])),
    ("imbot.v2.Chat.setOwner", Shape::Object(&["result"])),
    ("imbot.v2.Chat.TextField.enabled", Shape::Object(&["result"])),
    ("imbot.v2.Chat.update", Shape::Object(&["result"])),
    ("imbot.v2.Chat.User.add", Shape::Object(&["result"])),
    ("imbot.v2.Chat.User.delete", Shape::Object(&["result"])),
    ("imbot.v2.Chat.User.list", Shape::List),
    ("imbot.v2.Command.answer", Shape::Object(&["result"])),
    ("imbot.v2.Command.list", Shape::Object(&["commands"])),
    ("imbot.v2.Command.register", Shape::Object(&["command"])),
    ("imbot.v2.Command.unregister", Shape::Object(&["result"])),
    ("imbot.v2.Command.update", Shape::Object(&["command"])),
    ("imbot.v2.Event.get", Shape::Object(&["events", "nextOffset", "hasMore"])),
    ("imbot.v2.File.download", Shape::Object(&["downloadUrl"])),
    ("imbot.v2.File.upload", Shape::Object(&["file", "messageId", "chatId", "dialogId"])),
    ("imbot.v2.Revision.get", Shape::Object(&["rest", "web", "mobile", "desktop"])),
];

/// Members that some builds gave, which the documentation has no more.
const OLDER_MEMBERS: [(&str, &str); 5] = [
    ("im.recent.list", "birthdayList"),
    ("im.recent.list", "users"),
    ("im.dialog.messages.get", "chatId"),
    ("imbot.v2.Event.get", "lastEventId"),
    ("im.v2.Event.get", "lastEventId"),
];

/// Members of a chat, which some methods give in place of its id if they get `DIALOG_ID`.
#[rustfmt::skip]
const OF_CHATS: [&str; 38] = [
    "id", "parent_chat_id", "parent_message_id", "name", "description", "owner", "extranet", "avatar", "color",
    "type", "counter", "user_counter", "message_count", "unread_id", "restrictions", "last_message_id", "last_id",
    "marked_id", "disk_folder_id", "entity_type", "entity_id", "entity_data_1", "entity_data_2", "entity_data_3",
    "mute_list", "date_create", "message_type", "public", "role", "entity_link", "text_field_enabled",
    "background_id", "permissions", "is_new", "readed_list", "manager_list", "last_message_views", "dialog_id",
];

/// The shape of a method's result. `None` if it is not known.
pub(super) fn of(method: &str) -> Option<Shape> {
    let found = SHAPES.iter().find(|(name, _)| *name == method);
    found.map(|(_, shape)| *shape)
}

/// Whether any build gives a member of a result.
pub(super) fn has(method: &str, shape: Shape, member: &str) -> bool {
    match shape {
        Shape::Object(members) => {
            let of_chat = matches!(method, "im.chat.get" | "imbot.chat.get") && OF_CHATS.contains(&member);
            of_chat || members.contains(&member) || OLDER_MEMBERS.contains(&(method, member))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn shapes_are_documented() {
        for (method, shape) in SHAPES {
            let line = |text: &str| format!("  \"{text}\",");
            let section = section(method);
            match shape {
                Shape::Object(members) => {
                    for member in *members {
                        let begin = format!("  \"result.{member}: ");
                        assert!(section.contains(&begin), "{method} {member}");
                    }
                    let tops = section.lines().filter(|line| {
                        let path = line.trim().trim_start_matches("\"result.").split(':').next();
                        line.starts_with("  \"result.") && path.is_some_and(|path| !path.contains(['.', '[']))
                    });
                    assert_eq!(tops.count(), members.len(), "{method}");
                }
                Shape::ById => assert!(section.contains(&line("result.<any>: object")), "{method}"),
                Shape::Boolean => assert!(section.contains(&line("result: boolean")), "{method}"),
                Shape::Integer => assert!(section.contains(&line("result: integer")), "{method}"),
                Shape::List => {
                    let is_list =
                        section.contains(&line("result: array")) || section.contains("\"result: User[]\"");
                    assert!(is_list, "{method}");
                }
            }
        }
    }

    /// What a page says of a method.
    fn section(method: &str) -> String {
        let files = ["imbot-v2.toml", "v1.toml"];
        let text = files.map(|file| {
            let path = format!("{}/../../tests/docs/{file}", env!("CARGO_MANIFEST_DIR"));
            fs::read_to_string(path).unwrap()
        });
        let text = text.concat();
        let head = format!("[\"{method}\"]\n");
        let section = text
            .split(&head)
            .nth(1)
            .unwrap_or_else(|| panic!("{method} has no page"));
        section.split("\n[").next().unwrap().to_owned()
    }
}
