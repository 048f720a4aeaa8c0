//! What a string names: a method, an event, or a part of a method that is computed.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use imbot_caps::Table;
use imbot_caps::plan::{UnknownName, unknown_names};
use serde_json::Map;

use super::token::HOLE;

/// The longest string that is looked at. Names and addresses are shorter.
const MAX_TEXT: usize = 4096;

/// The namespaces of the chat-bot API.
pub(super) const NAMESPACES: [&str; 2] = ["imbot.", "im."];

/// What a string names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Method(MethodName),
    /// An event, in capital letters.
    Event(String),
    /// The first part of a method's name. The rest is computed.
    Computed(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MethodName {
    pub(super) name: String,
    /// The parameters after `?`.
    pub(super) query: Option<String>,
    /// Whether an address, or a computed part of one, is before the name.
    pub(super) is_address: bool,
    /// Whether the address has `/rest/`.
    pub(super) is_rest: bool,
}

/// Reads a string.
pub(super) fn read(text: &str) -> Option<Name> {
    if text.len() > MAX_TEXT {
        return None;
    }
    let text = text.trim();
    event(text).map(Name::Event).or_else(|| method(text))
}

/// The event that a string names, in capital letters.
fn event(text: &str) -> Option<String> {
    let is_name = text.len() > 6 && text.len() <= 40 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let name = is_name.then(|| text.to_ascii_uppercase())?;
    let is_bots = text.starts_with("ONIMBOT") && name.len() > "ONIMBOTV2".len();
    // An event of bots whose prefix lacks the bot.
    let of_message = || {
        name.strip_prefix("ONIM")
            .filter(|rest| rest.starts_with("MESSAGE"))
    };
    let is_cut = || of_message().is_some_and(|rest| EVENTS.contains(format!("ONIMBOT{rest}").as_str()));
    (is_bots || EVENTS.contains(name.as_str()) || is_cut() || is_misspelt(text, &name)).then_some(name)
}

/// The most letters in which a misspelt event differs from a known one.
const MAX_DISTANCE: usize = 2;

/// Whether a name is almost that of an event.
fn is_misspelt(text: &str, name: &str) -> bool {
    // `onImageLoad` begins so, too. The events of another module do as well.
    let is_written = text.starts_with("ONIM")
        || text.starts_with("OnIm")
            && text
                .get(4..5)
                .is_some_and(|next| next.bytes().all(|byte| byte.is_ascii_uppercase()));
    if !is_written || name.len() < 11 || name.starts_with("ONIMCONNECTOR") || name.starts_with("ONIMOPENLINE")
    {
        return false;
    }
    let without_bot = |event: &str| {
        let rest = event
            .strip_prefix("ONIMBOT")
            .filter(|rest| rest.starts_with("MESSAGE"));
        rest.map(|rest| format!("ONIM{rest}"))
    };
    let of_same = |event: &&&str| event.contains("V2") == name.contains("V2");
    EVENTS.iter().filter(of_same).any(|event| {
        distance(name, event) <= MAX_DISTANCE
            || without_bot(event).is_some_and(|event| distance(name, &event) <= MAX_DISTANCE)
    })
}

/// How many letters have to be changed, added or left out to make one name of another.
fn distance(one: &str, other: &str) -> usize {
    if one.len().abs_diff(other.len()) > MAX_DISTANCE {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.bytes().enumerate() {
        let mut left = at + 1;
        let mut next = vec![left];
        for (index, theirs) in other.bytes().enumerate() {
            let cost = |at: usize| row.get(at).copied().unwrap_or(usize::MAX - 1);
            let changed = cost(index) + usize::from(letter != theirs);
            left = changed.min(left + 1).min(cost(index + 1) + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(usize::MAX)
}

/// The events that a text with commas lists.
pub(super) fn listed(text: &str) -> Vec<String> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let parts: Vec<&str> = parts.collect();
    let is_list = text.len() <= MAX_TEXT && parts.len() > 1;
    let is_name = |part: &&str| {
        part.len() > 4
            && part
                .get(..2)
                .is_some_and(|start| start.eq_ignore_ascii_case("on"))
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    match is_list && parts.iter().all(is_name) {
        true => parts.into_iter().filter_map(event).collect(),
        false => Vec::new(),
    }
}

/// Whether methods are known that begin with the first two parts of a name: `im.message.` of `im.message.get`.
pub(super) fn has_known_group(name: &str) -> bool {
    let mut parts = name.splitn(3, '.');
    let (Some(space), Some(group), Some(_)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let prefix = format!("{space}.{group}.");
    BY_SMALL_LETTERS.values().any(|known| known.starts_with(&prefix))
}

/// The events that the table names.
static EVENTS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let table = Table::builtin();
    let named = table.rows().flat_map(|row| row.applies().events());
    let translated = table.event_translations();
    let translated = translated.flat_map(|own| [Some(own.name()), own.older()].into_iter().flatten());
    named.chain(translated).collect()
});

/// Whether the table names an event.
pub(super) fn is_known_event(name: &str) -> bool {
    EVENTS.contains(name)
}

fn method(text: &str) -> Option<Name> {
    let text = with_holes(text);
    let (start, namespace) = begins(&text)?;
    let before = text.get(..start)?;
    if before.contains(char::is_whitespace) {
        return None;
    }
    let after = text.get(start..)?;
    let end = after
        .find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '.' && letter != '_')
        .unwrap_or(after.len());
    let (name, rest) = after.split_at_checked(end)?;
    let computed = || Some(Name::Computed(name.to_owned()));
    if name.ends_with('.') {
        return if rest.is_empty() || rest.starts_with(HOLE) {
            computed()
        } else {
            None
        };
    }
    let name = [".json", ".xml"]
        .iter()
        .find_map(|suffix| name.strip_suffix(suffix))
        .unwrap_or(name);
    if name.len() <= namespace.len() {
        return None;
    }
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    let query = match rest.chars().next() {
        None => None,
        Some('?') => rest.get(1..).map(str::to_owned),
        Some('#') => None,
        Some(HOLE) if suggestion_of(name).is_none() => None,
        // What follows may be a query, too.
        Some(HOLE) => return (name.starts_with("imbot.") && !rest.contains('.')).then(computed)?,
        Some(_) => return None,
    };
    Some(Name::Method(MethodName {
        name: name.to_owned(),
        query,
        is_address: !before.is_empty() && before != "/",
        is_rest: before.contains("/rest/"),
    }))
}

/// Where the name of a method begins in a string.
fn begins(text: &str) -> Option<(usize, &'static str)> {
    let found = |namespace: &'static str| {
        let found = text.match_indices(namespace).find(|(at, _)| {
            let before = text.get(..*at).and_then(|before| before.chars().next_back());
            matches!(before, None | Some('/' | HOLE))
        });
        found.map(|(at, _)| (at, namespace))
    };
    NAMESPACES.into_iter().find_map(found)
}

/// The string with [`HOLE`] for each placeholder of a format: `{}`, `{name}`, `{{name}}`, `%s`.
fn with_holes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['{', '%']) {
        out.push_str(rest.get(..at).unwrap_or_default());
        let from = rest.get(at..).unwrap_or_default();
        let length = match from.starts_with('{') {
            true => from.find('}').map(|end| {
                let closing = from.get(end..).unwrap_or_default();
                end + closing.len() - closing.trim_start_matches('}').len()
            }),
            false => placeholder(from),
        };
        if let Some(length) = length {
            out.push(HOLE);
            rest = from.get(length..).unwrap_or_default();
        } else {
            out.push_str(from.get(..1).unwrap_or_default());
            rest = from.get(1..).unwrap_or_default();
        }
    }
    out.push_str(rest);
    out
}

/// The length of `%s`, `%v`, `%d` or `%1$s`.
fn placeholder(text: &str) -> Option<usize> {
    let mut letters = text.char_indices().skip(1);
    let (at, letter) = letters.find(|(_, letter)| !letter.is_ascii_digit() && *letter != '$')?;
    matches!(letter, 's' | 'v' | 'd' | 'q').then_some(at + 1)
}

/// The most names that a thread keeps.
const MAX_KEPT: usize = 4096;

thread_local! {
    /// Names that were looked up. A program says the same ones again and again.
    static KEPT: RefCell<HashMap<String, Option<Option<String>>>> = RefCell::default();
}

/// A method that no portal has, with the name that is likely meant. `None` if it is known.
pub(super) fn suggestion_of(name: &str) -> Option<Option<String>> {
    if let Some(found) = KEPT.with_borrow(|kept| kept.get(name).cloned()) {
        return found;
    }
    let found = looked_up(name);
    KEPT.with_borrow_mut(|kept| {
        if kept.len() >= MAX_KEPT {
            kept.clear();
        }
        kept.insert(name.to_owned(), found.clone());
    });
    found
}

fn looked_up(name: &str) -> Option<Option<String>> {
    let unknown = unknown_names(Table::builtin(), name, &Map::new())
        .into_iter()
        .next()?;
    match unknown {
        UnknownName::Method { suggestion, .. } => Some(suggestion),
        _ => None,
    }
}

/// Whether the part of a method's name after a prefix makes a known method.
pub(super) fn joined(prefix: &str, rest: &str) -> Option<String> {
    let is_name = rest.len() > 2
        && rest.len() < 60
        && rest.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && rest
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
    let name = is_name.then(|| format!("{prefix}{rest}"))?;
    suggestion_of(&name).is_none().then_some(name)
}

/// The generation of the API that a name belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Generation {
    Older,
    Newer,
    /// Methods of users, not of bots.
    Neither,
}

/// The generation of a method.
pub(super) fn generation(method: &str) -> Generation {
    match method {
        _ if method.starts_with("imbot.v2.") => Generation::Newer,
        _ if method.starts_with("imbot.") => Generation::Older,
        _ => Generation::Neither,
    }
}

/// The generation of an event of a bot.
pub(super) fn event_generation(event: &str) -> Generation {
    match event {
        _ if event.starts_with("ONIMBOTV2") => Generation::Newer,
        _ if event.starts_with("ONIMBOT") || event == "ONIMCOMMANDADD" => Generation::Older,
        _ => Generation::Neither,
    }
}

/// A name of a scanned file as it may be shown. What does not look like a name may be a secret.
pub(super) fn shown(name: &str) -> &str {
    // Codes and tokens are long, and mix letters with digits.
    let is_part = |part: &str| {
        let digits = part.bytes().filter(u8::is_ascii_digit).count();
        part.len() <= 40 && (digits == 0 || digits <= 2 && part.len() < 12)
    };
    let is_name = name.len() <= 120
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'_')
        && name.split(['.', '_']).all(is_part);
    let letters = name
        .strip_prefix("ONIMBOTV2")
        .or_else(|| name.strip_prefix("ONIMV2"));
    let is_event =
        letters.is_some_and(|rest| rest.len() <= 31 && rest.bytes().all(|byte| byte.is_ascii_uppercase()));
    if is_name || is_event || is_known_event(name) {
        name
    } else {
        "(a name that is not shown)"
    }
}

/// How b24pysdk writes a part of a method's name: `input_action` for `InputAction`.
pub(super) fn in_small_letters(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut before = '.';
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && before != '.' && !before.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
        before = letter;
    }
    out
}

/// The methods of the table, by the way in which b24pysdk writes them.
pub(super) static BY_SMALL_LETTERS: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let table = Table::builtin();
    let rows = table.rows().flat_map(|row| row.applies().methods());
    let older = table.unversioned_methods();
    let exact = rows.chain(older).filter(|name| !name.ends_with('*'));
    exact.map(|name| (in_small_letters(name), name)).collect()
});
