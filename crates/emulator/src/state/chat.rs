//! Chats, and which one a dialog id means.

use super::{Message, State};

/// What sort of chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChatKind {
    /// Closed: its members are invited.
    Group,
    /// Anyone may join.
    Open,
    /// Between a bot and one person.
    Private,
}

/// A chat as the portal stores it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Chat {
    /// The chat's id.
    pub id: u64,
    /// What sort of chat.
    pub kind: ChatKind,
    /// The title; of a private chat, empty.
    pub title: String,
    /// What it is about.
    pub description: String,
    /// The colour, as `#rrggbb`.
    pub color: String,
    /// The picture as it was sent.
    pub avatar: String,
    /// Whose chat it is.
    pub owner_id: u64,
    /// The kind of thing it belongs to.
    pub entity_type: String,
    /// The thing it belongs to.
    pub entity_id: String,
    /// Bots and people in it, in the order of joining.
    pub members: Vec<u64>,
    /// Those of them that may manage it.
    pub managers: Vec<u64>,
    /// Whether there is a field to write in.
    pub is_text_field_enabled: bool,
    /// When it was opened, in ISO 8601.
    pub date: String,
}

impl Chat {
    /// How its members call it: `chat` and the id, or, in a private chat, the
    /// other one's id.
    pub(crate) fn dialog_id(&self, seen_by: u64) -> String {
        let other = self.members.iter().find(|member| **member != seen_by);
        match (self.kind, other) {
            (ChatKind::Private, Some(other)) => other.to_string(),
            _ => format!("chat{}", self.id),
        }
    }
}

/// The number in a dialog id, and whether it is a chat's; `None` when there is
/// none.
pub(crate) fn dialog_number(dialog: &str) -> Option<(u64, bool)> {
    let digits = dialog.strip_prefix("chat").unwrap_or(dialog);
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = digits.parse::<u32>().ok().filter(|id| is_number && *id > 0)?;
    Some((number.into(), digits.len() < dialog.len()))
}

impl State {
    pub(crate) fn chat(&self, id: u64) -> Option<&Chat> {
        self.chats.iter().find(|chat| chat.id == id)
    }

    pub(crate) fn chat_mut(&mut self, id: u64) -> Option<&mut Chat> {
        self.chats.iter_mut().find(|chat| chat.id == id)
    }

    /// Opens a chat with these members and nothing else set.
    pub(crate) fn open_chat(&mut self, kind: ChatKind, owner_id: u64, members: Vec<u64>) -> u64 {
        let id = self.next_id();
        self.chats.push(Chat {
            id,
            kind,
            title: String::new(),
            description: String::new(),
            color: super::super::color::DEFAULT.to_owned(),
            avatar: String::new(),
            owner_id,
            entity_type: String::new(),
            entity_id: String::new(),
            members,
            managers: Vec::new(),
            is_text_field_enabled: true,
            date: self.build.now(),
        });
        id
    }

    /// The chat that a dialog id means to a member; a private chat is opened
    /// when first named. `None` for a chat that the member is not in.
    pub(crate) fn chat_of(&mut self, member: u64, dialog: &str) -> Option<u64> {
        let (number, is_chat) = dialog_number(dialog)?;
        let has = |chat: &&Chat, id| chat.members.contains(&id);
        if is_chat {
            return self
                .chat(number)
                .filter(|chat| has(chat, member))
                .map(|chat| chat.id);
        }
        let known = self
            .chats
            .iter()
            .filter(|chat| chat.kind == ChatKind::Private)
            .find(|chat| has(chat, member) && has(chat, number))
            .map(|chat| chat.id);
        Some(known.unwrap_or_else(|| self.open_chat(ChatKind::Private, member, vec![member, number])))
    }

    /// A message with nothing but author and text, not yet in the chat.
    pub(crate) fn draft(&mut self, author_id: u64, chat_id: u64, dialog: &str, text: String) -> Message {
        let is_bot = self.bot(author_id).is_some();
        Message {
            id: self.next_id(),
            bot_id: if is_bot { author_id } else { 0 },
            author_id,
            chat_id,
            dialog_id: dialog.to_owned(),
            text,
            date: self.build.now(),
            is_system: false,
            url_preview: true,
            skip_connector: false,
            silent_connector: false,
            keyboard: None,
            menu: None,
            is_deleted: false,
            reply_id: None,
            reactions: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dialog_id_forms() {
        assert_eq!(dialog_number("7"), Some((7, false)));
        assert_eq!(dialog_number("chat7"), Some((7, true)));
        for dialog in [
            "",
            "chat",
            "0",
            "-1",
            "+1",
            "chat 1",
            "sg5",
            "99999999999999999999",
        ] {
            assert_eq!(dialog_number(dialog), None, "{dialog}");
        }
    }
}
