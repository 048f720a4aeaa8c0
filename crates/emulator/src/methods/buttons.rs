//! Keyboards, menus and attachments of messages: what a build stores, and what it refuses.
//!
//! Sources: `Bot\Keyboard`, `Bot\ContextMenu` and `CIMMessageParamAttach` (module `im`),
//! and the methods that read them.

use serde_json::{Map, Value as Json};

use imbot_caps::Feature;

use super::super::build::Build;
use super::super::envelope::RestError;
use super::super::php::Value;
use super::super::state::Message;
use super::attach::{self, is_text, is_url};

/// JSON of so many characters is too long for a portal.
const TOO_LONG: usize = 60_000;

/// What a button or item does when it is pressed, by its members. If it has several, the
/// first of this list counts.
const EFFECTS: [&[&str]; 4] = [
    &["LINK"],
    &["APP_ID", "APP_PARAMS"],
    &["ACTION", "ACTION_VALUE"],
    &["COMMAND", "COMMAND_PARAMS"],
];

/// The actions of buttons; items of menus know all but the last two.
const ACTIONS: [&str; 7] = ["PUT", "SEND", "COPY", "CALL", "DIALOG", "LIVECHAT", "HELP"];

/// What a call brings for a message.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sent<'a> {
    pub(super) attach: Option<&'a Value>,
    pub(super) keyboard: Option<&'a Value>,
    pub(super) menu: Option<&'a Value>,
    /// The bot whose commands buttons give; 0 for none.
    pub(super) bot_id: i64,
}

/// What a method does with a part of a message that it cannot read, and with an empty one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strictness {
    /// A new message of the first generation: an unreadable part is refused, an empty one is
    /// ignored.
    New,
    /// The same in imbot.v2, where an empty attachment is refused, too.
    NewV2,
    /// A change in the first generation: an unreadable part is refused. An empty one, or `N`,
    /// removes the part.
    Change,
    /// A change or an answer in imbot.v2: an unreadable part is ignored. `N` removes the part.
    Lenient,
}

/// What becomes of one part of a message.
#[derive(Debug, Default)]
enum Part {
    #[default]
    Kept,
    Removed,
    Put(Json),
}

/// What a call changes on a message.
#[derive(Debug, Default)]
pub(super) struct Extras {
    keyboard: Part,
    menu: Part,
}

impl Extras {
    /// Reads what was sent.
    ///
    /// # Errors
    ///
    /// The portal's, for what it cannot read or what is too long.
    pub(super) fn read(build: &Build, sent: Sent<'_>, strictness: Strictness) -> Result<Self, RestError> {
        let blocks = |sent: &Value| stored(attach::blocks(&json(sent)?));
        let has_bot = sent.bot_id > 0;
        let buttons = |sent: &Value| {
            stored(keep(entries(sent, "BUTTONS")?, true, |own| {
                button(build, own, has_bot)
            }))
        };
        let items = |sent: &Value| {
            stored(keep(entries(sent, "ITEMS")?, false, |own| {
                item(build, own, has_bot)
            }))
        };
        // An attachment is checked and not stored.
        part("ATTACH", sent.attach, strictness, blocks)?;
        Ok(Self {
            keyboard: part("KEYBOARD", sent.keyboard, strictness, buttons)?,
            menu: part("MENU", sent.menu, strictness, items)?,
        })
    }

    /// Puts them on a message, or takes them off it; what was not sent stays as it is.
    pub(super) fn put(self, message: &mut Message) {
        for (slot, part) in [
            (&mut message.keyboard, self.keyboard),
            (&mut message.menu, self.menu),
        ] {
            match part {
                Part::Kept => {}
                Part::Removed => *slot = None,
                Part::Put(new) => *slot = Some(new),
            }
        }
    }
}

fn part(
    name: &str,
    sent: Option<&Value>,
    strictness: Strictness,
    read: impl Fn(&Value) -> Option<Json>,
) -> Result<Part, RestError> {
    let Some(sent) = sent.filter(|sent| **sent != Value::Null) else {
        return Ok(Part::Kept);
    };
    // A change compares loosely in PHP, where `true == 'N'`.
    let is_no = *sent == Value::Text("N".to_owned())
        || *sent == Value::Bool(true) && strictness == Strictness::Change;
    let is_read = sent.is_truthy() || (strictness == Strictness::NewV2 && name == "ATTACH");
    match strictness {
        Strictness::Change if is_no || !sent.is_truthy() => return Ok(Part::Removed),
        Strictness::Lenient if is_no => return Ok(Part::Removed),
        _ if !is_read => return Ok(Part::Kept),
        _ => {}
    }
    let called = name.to_lowercase();
    let is_v2 = matches!(strictness, Strictness::NewV2 | Strictness::Lenient);
    let refused = |kind: &str, text: String| {
        let code = match is_v2 {
            true => format!("PARAM_{name}_ERROR"),
            false => format!("{name}_{kind}"),
        };
        Err(RestError::new(code, text))
    };
    match read(sent) {
        Some(new) if new.to_string().chars().count() >= TOO_LONG => refused(
            "OVERSIZE",
            format!("You have exceeded the maximum allowable size of {called}"),
        ),
        Some(new) => Ok(Part::Put(new)),
        None if strictness == Strictness::Lenient => Ok(Part::Kept),
        None => refused("ERROR", format!("Incorrect {called} params")),
    }
}

/// A button without effect is left out. One whose effect the build lacks stays without it.
fn button(build: &Build, mut button: Map<String, Json>, has_bot: bool) -> Option<Map<String, Json>> {
    let effect = effect(&button, has_bot, &ACTIONS)?;
    if effect == 2 && !build.supports(Feature::KeyboardAction) {
        button.remove("ACTION");
        button.remove("ACTION_VALUE");
    }
    Some(button)
}

/// An item keeps one effect that the build has. An item without effect is left out.
fn item(build: &Build, mut item: Map<String, Json>, has_bot: bool) -> Option<Map<String, Json>> {
    let features = [
        (Feature::MenuLink, EFFECTS[0]),
        (Feature::MenuAction, EFFECTS[2]),
        (Feature::MenuCommand, EFFECTS[3]),
    ];
    for (feature, keys) in features {
        if !build.supports(feature) {
            keys.iter().for_each(|key| drop(item.remove(*key)));
        }
    }
    let actions = ACTIONS.get(..5).unwrap_or_default();
    let own = EFFECTS.get(effect(&item, has_bot, actions)?)?;
    for key in EFFECTS.into_iter().flatten().filter(|key| !own.contains(key)) {
        item.remove(*key);
    }
    Some(item)
}

/// The index of its effect; `None` if it has none.
fn effect(entry: &Map<String, Json>, has_bot: bool, actions: &[&str]) -> Option<usize> {
    let has_text = |key: &str| entry.get(key).is_some_and(is_text);
    let action = entry.get("ACTION").and_then(Json::as_str).unwrap_or_default();
    let does = [
        is_url(entry.get("LINK")),
        has_text("APP_ID") && entry.get("APP_ID").is_none_or(|id| super::text_of(id) != "0"),
        actions.contains(&action) && has_text("ACTION_VALUE"),
        has_bot && has_text("COMMAND"),
    ];
    does.iter().position(|does| *does)
}

/// What was sent, which is a structure or its JSON as text.
fn json(sent: &Value) -> Option<Json> {
    match sent {
        Value::Text(text) => serde_json::from_str(text).ok(),
        other => Some(other.to_json()),
    }
}

/// What stands under `key`, or the list itself; a form sends either as text.
fn entries(sent: &Value, key: &str) -> Option<Vec<Json>> {
    let list = match json(sent)? {
        Json::Object(mut members) if members.get(key).is_some_and(|own| !own.is_null()) => {
            members.remove(key)?
        }
        other => other,
    };
    match list {
        Json::Array(entries) => Some(entries),
        Json::Object(entries) => Some(entries.into_iter().map(|(_, entry)| entry).collect()),
        _ => None,
    }
}

/// The entries that a portal keeps: line breaks of keyboards, and entries with a text and
/// an effect. Only the portal's own modules may set `FUNCTION`.
fn keep(
    entries: Vec<Json>,
    has_breaks: bool,
    keep: impl Fn(Map<String, Json>) -> Option<Map<String, Json>>,
) -> Vec<Json> {
    // A button's text must be a string that PHP does not find empty.
    let is_label = |text: &Json| is_text(text) && !(has_breaks && (!text.is_string() || text == "0"));
    let kept = entries.into_iter().filter_map(|entry| match entry {
        Json::Object(entry) if has_breaks && is_line_break(&entry) => Some(entry.into()),
        Json::Object(entry) if entry.get("FUNCTION").is_some_and(|own| !own.is_null()) => None,
        Json::Object(entry) if entry.get("TEXT").is_some_and(is_label) => keep(entry).map(Json::from),
        _ => None,
    });
    kept.collect()
}

/// `None` where nothing is left.
fn stored(kept: Vec<Json>) -> Option<Json> {
    (!kept.is_empty()).then(|| kept.into())
}

fn is_line_break(entry: &Map<String, Json>) -> bool {
    entry.get("TYPE").and_then(Json::as_str) == Some("NEWLINE")
}
