//! `src/wire/query/generated.rs`: the longer names in events, which an error may show.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use imbot_caps::Table;
use serde_json::Value;

use crate::{SourceError, read};

const EXAMPLES: &str = "tests/docs/events.json";

/// Shorter names are shown in any case.
const FROM: usize = 8;

/// Of the form with which a portal opens an application's page.
const OF_INSTALLATION: [&str; 6] = [
    "AUTH_EXPIRES",
    "PLACEMENT",
    "PLACEMENT_OPTIONS",
    "PROTOCOL",
    "REFRESH_ID",
    "SERVER_ENDPOINT",
];

/// The text of the file.
///
/// # Errors
///
/// [`SourceError`] if `tests/docs/events.json` is missing or wrong.
pub fn generate() -> Result<String, SourceError> {
    let mut names: BTreeSet<String> = OF_INSTALLATION.map(str::to_owned).into();
    let examples =
        serde_json::from_str(&read(EXAMPLES)?).map_err(|error| SourceError::new(EXAMPLES, error))?;
    keys(&examples, &mut names);
    let table = Table::builtin();
    for object in table.event_objects() {
        object.members().for_each(|member| words(member, &mut names));
    }
    for event in table.event_translations() {
        let own = [event.name()]
            .into_iter()
            .chain(event.older())
            .chain(event.each());
        own.chain(event.members())
            .chain(event.data())
            .for_each(|text| words(text, &mut names));
    }
    let mut out = String::from(
        "//! Generated from `features.toml` and `tests/docs/events.json` by `cargo xtask generate`.\n\
         //! Do not edit: change the sources.\n\n\
         /// The names in events that have eight bytes or more, sorted.\n\
         #[rustfmt::skip]\npub(super) const EVENT_NAMES: &[&str] = &[\n",
    );
    for name in names {
        let _ = writeln!(out, "    {name:?},");
    }
    out.push_str("];\n");
    Ok(out)
}

/// Adds the names of all members.
fn keys(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                words(name, names);
                keys(value, names);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| keys(item, names)),
        _ => {}
    }
}

/// Adds the longer words of a text.
fn words(text: &str, names: &mut BTreeSet<String>) {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let long = words.filter(|word| word.len() >= FROM && word.bytes().any(|byte| byte.is_ascii_alphabetic()));
    names.extend(long.map(str::to_owned));
}
