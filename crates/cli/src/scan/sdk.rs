//! Calls by the official SDKs, whose functions stand for methods.

use super::call_sites::{Site, SiteKind};
use super::context::Context;
use super::expression::chain_start;
use super::language::Language;
use super::names;
use super::outline::Outline;
use super::token::Tokens;

/// The services of `getIMBotScope()` of bitrix24/b24phpsdk, each with the methods that it calls.
const PHP_SERVICES: [(&str, &str); 12] = [
    ("bot", "imbot.v2.Bot."),
    ("chat", "imbot.v2.Chat."),
    ("chatUser", "imbot.v2.Chat.User."),
    ("chatManager", "imbot.v2.Chat.Manager."),
    ("chatMessage", "imbot.v2.Chat.Message."),
    ("chatMessageReaction", "imbot.v2.Chat.Message.Reaction."),
    ("chatInputAction", "imbot.v2.Chat.InputAction."),
    ("chatTextField", "imbot.v2.Chat.TextField."),
    ("command", "imbot.v2.Command."),
    ("event", "imbot.v2.Event."),
    ("file", "imbot.v2.File."),
    ("revision", "imbot.v2.Revision."),
];

/// The functions of bitrix24/b24phpsdk that give all services of bots, and of chats.
const PHP_SCOPE: &str = "getIMBotScope";
const PHP_CHATS: &str = "getIMScope";

/// The functions of its service for notifications, each with the method that it calls.
const PHP_NOTIFY: [(&str, &str); 8] = [
    ("fromSystem", "im.notify.system.add"),
    ("fromPersonal", "im.notify.personal.add"),
    ("delete", "im.notify.delete"),
    ("markAsRead", "im.notify.read"),
    ("markMessagesAsRead", "im.notify.read"),
    ("markMessagesAsUnread", "im.notify.read"),
    ("confirm", "im.notify.confirm"),
    ("answer", "im.notify.answer"),
];

/// The call that a word completes.
pub(super) fn site(tokens: &Tokens, outline: &Outline, at: usize) -> Option<Site> {
    if !tokens.is(at + 1, "(") {
        return None;
    }
    let name = match tokens.language {
        Language::Php => php(tokens, outline, at)?,
        Language::Python => python(tokens, outline, at)?,
        _ => return None,
    };
    Some(Site {
        token: at,
        start: chain_start(tokens, at),
        end: tokens.after(at + 1),
        kind: SiteKind::Method {
            name,
            unknown: None,
            query: None,
            is_address: false,
            sdk: Some(at + 1),
        },
        context: Context::Elsewhere,
    })
}

/// The value that a name has, as the first token of it and its last.
fn value_of(tokens: &Tokens, outline: &Outline, name: &str, before: usize) -> Option<usize> {
    let values = outline.assignments.get(name)?;
    let earlier = values.iter().rev().find(|value| **value < before);
    let value = *earlier.or_else(|| values.first())?;
    // The last name of the chain.
    let mut last = None;
    let mut at = value;
    loop {
        if tokens.word(at).is_some() {
            last = Some(at);
            at += 1;
        }
        if tokens.is(at, "(") {
            at = tokens.after(at);
        }
        if !tokens.is_any(at, &["->", ".", "?->", "::"]) {
            break;
        }
        at += 1;
    }
    last
}

/// The name of a chain just before `.name`: the last word, past the brackets of a call.
fn link_before(tokens: &Tokens, at: usize) -> Option<usize> {
    let link = at.checked_sub(1)?;
    if !tokens.is_any(link, &["->", ".", "?->", "::"]) {
        return None;
    }
    let before = link.checked_sub(1)?;
    match tokens.mate(before) {
        Some(open) if open < before => tokens.word(open.checked_sub(1)?).map(|_| open - 1),
        _ => tokens.word(before).map(|_| before),
    }
}

fn php(tokens: &Tokens, outline: &Outline, at: usize) -> Option<String> {
    let action = tokens.word(at)?;
    let service = link_before(tokens, at)?;
    let notifies = PHP_NOTIFY.iter().find(|(name, _)| *name == action);
    if let Some((_, method)) = notifies
        && is_notify(tokens, outline, service, 0)
    {
        return Some((*method).to_owned());
    }
    let prefix = php_service(tokens, outline, service, 0)?;
    names::joined(prefix, action)
}

/// Whether a chain ends in the service for notifications.
fn is_notify(tokens: &Tokens, outline: &Outline, at: usize, depth: usize) -> bool {
    let Some(word) = tokens.word(at) else {
        return false;
    };
    if word == "notify" && tokens.is(at + 1, "(") {
        let scope = link_before(tokens, at);
        return scope.is_some_and(|scope| is_scope(tokens, outline, scope, PHP_CHATS, depth));
    }
    let value = (depth < 4).then(|| value_of(tokens, outline, word, at)).flatten();
    value.is_some_and(|value| value != at && is_notify(tokens, outline, value, depth + 1))
}

/// The methods of the service that a chain ends in.
fn php_service(tokens: &Tokens, outline: &Outline, at: usize, depth: usize) -> Option<&'static str> {
    let word = tokens.word(at)?;
    let own = PHP_SERVICES.iter().find(|(name, _)| *name == word);
    if let Some((_, prefix)) = own
        && tokens.is(at + 1, "(")
    {
        let scope = link_before(tokens, at)?;
        return is_scope(tokens, outline, scope, PHP_SCOPE, depth).then_some(prefix);
    }
    if depth >= 4 {
        return None;
    }
    let value = value_of(tokens, outline, word, at)?;
    (value != at).then(|| php_service(tokens, outline, value, depth + 1))?
}

fn is_scope(tokens: &Tokens, outline: &Outline, at: usize, name: &str, depth: usize) -> bool {
    let Some(word) = tokens.word(at) else {
        return false;
    };
    if word == name {
        return true;
    }
    let value = (depth < 4).then(|| value_of(tokens, outline, word, at)).flatten();
    value.is_some_and(|value| value != at && is_scope(tokens, outline, value, name, depth + 1))
}

fn python(tokens: &Tokens, outline: &Outline, at: usize) -> Option<String> {
    let mut names = vec![tokens.word(at)?.to_owned()];
    let mut here = at;
    while let Some(before) = link_before(tokens, here) {
        names.push(tokens.word(before)?.to_owned());
        here = before;
        if names.len() > 8 {
            return None;
        }
    }
    // The first name may stand for a part of a client.
    let first = names.last()?.clone();
    if let Some(value) = value_of(tokens, outline, &first, at)
        && value != here
    {
        let mut here = value;
        let mut of_value = vec![tokens.word(value)?.to_owned()];
        while let Some(before) = link_before(tokens, here) {
            of_value.push(tokens.word(before)?.to_owned());
            here = before;
            if of_value.len() > 8 {
                return None;
            }
        }
        names.pop();
        names.extend(of_value);
    }
    names.reverse();
    let start = names.iter().position(|name| name == "imbot" || name == "im")?;
    // The client itself is before it.
    if start == 0 {
        return None;
    }
    let joined = names.get(start..)?.join(".");
    let listed = names::BY_SMALL_LETTERS
        .get(&joined)
        .map(|name| (*name).to_owned());
    listed.or_else(|| names::suggestion_of(&joined).is_none().then_some(joined))
}

/// The name of a parameter in a call of b24pysdk: `botId` for `bot_id`, or `BOT_ID` in an older method.
pub(super) fn parameter(method: &str, name: &str) -> Option<String> {
    if name == "timeout" {
        return None;
    }
    // A bare `id` is a function of Python.
    let name = name.strip_prefix("bitrix_").unwrap_or(name);
    if !method.contains(".v2.") {
        return Some(name.to_ascii_uppercase());
    }
    let mut parts = name.split('_');
    let mut out = parts.next()?.to_owned();
    for part in parts {
        let mut letters = part.chars();
        out.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        out.push_str(letters.as_str());
    }
    Some(out)
}
