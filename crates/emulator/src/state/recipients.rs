//! Who hears of a message: by the type of a bot, by mention, and in open lines.
//!
//! Sources: `Bot::getBotsForMessage` (module `im`) and the documentation of the events.

use std::ops::Range;

use super::super::methods::command::without_slash;
use super::{ChatKind, EventKind, Message, State, Subject};

/// The `entityType` of chats with customers, and of two more where each bot hears all.
const OPEN_LINE: &str = "LINES";
const SUPPORT: &str = "SUPPORT24_QUESTION";
const HEARD_BY_ALL: [&str; 3] = [OPEN_LINE, SUPPORT, "NETWORK_DIALOG"];

/// The types of bots that need no mention.
const OBSERVERS: [&str; 2] = ["supervisor", "personal"];

/// A command that a message gives.
#[derive(Clone, Debug)]
pub(crate) struct Invocation {
    pub(crate) bot_id: u64,
    pub(crate) command_id: u64,
    /// Without the slash.
    pub(crate) name: String,
    pub(crate) params: String,
}

impl State {
    /// The bots that hear of this message, in the order in which they joined.
    ///
    /// No bot hears what a bot sends, nor a new line of the system. What a bot changes or
    /// deletes in a group chat is heard like the message of a person. A bot hears of each
    /// edit of its own: no source has it, other people report it in public. We have not tried it.
    pub(super) fn recipients(&self, event_kind: EventKind, message: &Message) -> Vec<u64> {
        let Some(chat) = self.chat(message.chat_id) else {
            return Vec::new();
        };
        let is_private = chat.kind == ChatKind::Private;
        let is_of_bot = self.bot(message.author_id).is_some();
        let edits = is_of_bot && event_kind == EventKind::MessageUpdated;
        let entity = chat.entity_type.as_str();
        let is_new = event_kind == EventKind::MessageAdded;
        let is_quiet =
            is_of_bot && (is_private || is_new || entity == SUPPORT) || is_new && message.is_system;
        let mentioned = mentioned(&message.text);
        let hears = |id: &u64| {
            let Some(bot) = self.bot(*id) else { return false };
            if bot.id == message.author_id && (edits || is_private) {
                return edits;
            }
            let is_meant = is_private
                || HEARD_BY_ALL.contains(&entity)
                || OBSERVERS.contains(&bot.kind.as_str())
                || mentioned.contains(id);
            !is_quiet && is_meant && (entity != OPEN_LINE || bot.is_support_openline)
        };
        let members = chat.members.iter().copied();
        members.filter(hears).collect()
    }

    /// Whether a bot hears of what happened in its chat, other than of messages. Of a
    /// reaction hears the bot whose message it is on.
    pub(super) fn hears(&self, bot_id: u64, event_kind: EventKind, subject: &Subject) -> bool {
        let message = subject.message_id.and_then(|id| self.message(id));
        match event_kind {
            EventKind::ReactionChanged => {
                let is_own = message.is_some_and(|message| message.author_id == bot_id);
                is_own && self.bot(bot_id).is_some_and(|bot| bot.is_reactions_enabled)
            }
            _ => true,
        }
    }

    /// The commands that a message of a person gives, one a line, in their order.
    pub(crate) fn commands_in(&self, message: &Message) -> Vec<Invocation> {
        let Some(chat) = self.chat(message.chat_id) else {
            return Vec::new();
        };
        if message.is_system || message.bot_id != 0 {
            return Vec::new();
        }
        let lines = message.text.lines().filter(|line| line.starts_with('/'));
        let given = lines.flat_map(|line| {
            let (name, params) = line.split_once(' ').unwrap_or((line, ""));
            // A second slash goes, too.
            let name = without_slash(&without_slash(name));
            let of_name = self.commands.iter().filter(move |own| own.name == name);
            of_name.map(move |own| (own, params))
        });
        given
            .filter(|(own, _)| own.is_common || chat.members.contains(&own.bot_id))
            .filter(|(own, _)| {
                let bot = self.bot(own.bot_id);
                chat.entity_type != OPEN_LINE || bot.is_some_and(|bot| bot.is_support_openline)
            })
            .map(|(own, params)| Invocation {
                bot_id: own.bot_id,
                command_id: own.id,
                name: own.name.clone(),
                params: params.to_owned(),
            })
            .collect()
    }
}

/// Who is mentioned in a text: `[USER=7]Ann[/USER]`, `[user=7 replace]Ann[/user]`.
pub(crate) fn mentioned(text: &str) -> Vec<u64> {
    mentions(text).into_iter().map(|(id, ..)| id).collect()
}

/// The text without its mentions, each with the comma after it. Only those in capitals,
/// with a name and without `REPLACE`, are taken out.
pub(crate) fn without_mentions(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = 0;
    for (_, range, is_plain) in mentions(text) {
        if is_plain {
            out.push_str(text.get(rest..range.start).unwrap_or_default());
            rest = range.end;
            if text.get(rest..).is_some_and(|rest| rest.starts_with(',')) {
                rest += 1;
            }
        }
    }
    out.push_str(text.get(rest..).unwrap_or_default());
    out.trim().to_owned()
}

/// Each mention: who, where it stands, and whether it is taken out of texts.
fn mentions(text: &str) -> Vec<(u64, Range<usize>, bool)> {
    // ASCII letters alone change, so that all places stay as they are.
    let upper = text.to_ascii_uppercase();
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = upper.get(from..).and_then(|rest| rest.find("[USER=")) {
        let start = from + start;
        from = start + 1;
        let Some(inside) = upper.get(start + "[USER=".len()..) else {
            break;
        };
        let digits = inside.bytes().take_while(u8::is_ascii_digit).count();
        let (id, after) = inside.split_at(digits);
        let shown = after.strip_prefix(" REPLACE").unwrap_or(after).strip_prefix(']');
        let (Ok(id), Some(shown)) = (id.parse(), shown) else {
            continue;
        };
        let line = shown.lines().next().unwrap_or_default();
        let Some(length) = line.find("[/USER]") else {
            continue;
        };
        let end = text.len() - shown.len() + length + "[/USER]".len();
        let is_capital = |at: Option<&str>, tag| at == Some(tag);
        let is_plain = length > 0
            && after.starts_with(']')
            && is_capital(text.get(start..start + 5), "[USER")
            && is_capital(text.get(end - 7..end), "[/USER]");
        found.push((id, start..end, is_plain));
        from = end;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_parse_as_on_portal() {
        for (text, ids, left) in [
            ("[USER=7]Ann[/USER], hello", &[7][..], "hello"),
            (
                "hi [USER=7]Ann[/USER] and [USER=8]B[/USER]!",
                &[7, 8],
                "hi  and !",
            ),
            (
                "[user=7 replace]Ann[/user] x",
                &[7],
                "[user=7 replace]Ann[/user] x",
            ),
            (
                "[USER=7 REPLACE]Ann[/USER] x",
                &[7],
                "[USER=7 REPLACE]Ann[/USER] x",
            ),
            ("[USER=7][/USER] x", &[7], "[USER=7][/USER] x"),
            ("[USER=x]Ann[/USER]", &[], "[USER=x]Ann[/USER]"),
            ("[USER=7]An\nn[/USER]", &[], "[USER=7]An\nn[/USER]"),
            ("[USER=7]\u{c4}nn[/USER]\u{df}", &[7], "\u{df}"),
            ("[USER=7", &[], "[USER=7"),
            ("[USER=[USER=7]Ann[/USER]", &[7], "[USER="),
        ] {
            assert_eq!(mentioned(text), ids, "{text}");
            assert_eq!(without_mentions(text), left, "{text}");
        }
    }
}
