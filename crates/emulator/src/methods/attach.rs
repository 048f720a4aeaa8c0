//! Attachments of messages: whether a portal can read them.

use serde_json::{Map, Value as Json};

/// Checks the contents of a block: an object, a list of objects, or text.
type Check = fn(&Json) -> bool;

/// What a block can be, in the order that decides between several.
const BLOCKS: [(&str, Check); 8] = [
    ("USER", |user| any(user, |own| has_text(own, "NAME"))),
    ("LINK", |link| any(link, is_link)),
    ("RICH_LINK", |link| any(link, is_link)),
    ("MESSAGE", |message| match message {
        Json::Object(message) => has_text(message, "TEXT"),
        text => is_text(text),
    }),
    ("GRID", |grid| grid.is_array() && any(grid, is_cell)),
    ("IMAGE", |image| any(image, |own| is_url(own.get("LINK")))),
    ("FILE", |file| any(file, |own| is_url(own.get("LINK")))),
    ("DELIMITER", |_| true),
];

/// The blocks that a portal keeps: those of a known kind with what it needs.
pub(super) fn blocks(sent: &Json) -> Vec<Json> {
    let sent = sent.get("BLOCKS").filter(|own| !own.is_null()).unwrap_or(sent);
    let blocks: Vec<&Json> = match sent {
        Json::Array(blocks) => blocks.iter().collect(),
        Json::Object(blocks) => blocks.values().collect(),
        _ => Vec::new(),
    };
    let is_kept = |block: &&&Json| {
        let known = BLOCKS.iter().find_map(|(kind, check)| {
            let contents = block.get(kind).filter(|own| !own.is_null())?;
            Some(check(contents))
        });
        known.unwrap_or_default()
    };
    blocks
        .iter()
        .filter(is_kept)
        .map(|block| (*block).clone())
        .collect()
}

/// Whether one of them is right; a single one comes without a list.
fn any(contents: &Json, is_right: impl Fn(&Map<String, Json>) -> bool) -> bool {
    match contents {
        Json::Array(list) => list.iter().filter_map(Json::as_object).any(is_right),
        Json::Object(own) if own.values().all(Json::is_object) => {
            own.values().filter_map(Json::as_object).any(is_right)
        }
        Json::Object(own) => is_right(own),
        _ => false,
    }
}

fn is_link(link: &Map<String, Json>) -> bool {
    let is_id = |key| {
        link.get(key)
            .is_some_and(|id| super::text_of(id).parse::<u64>().is_ok_and(|id| id > 0))
    };
    let is_set = |key| link.get(key).is_some_and(|value| !value.is_null());
    let names = ["USER_ID", "CHAT_ID"].into_iter().any(is_id) || is_set("NETWORK_ID");
    is_set("NAME") && names || is_url(link.get("LINK"))
}

fn is_cell(cell: &Map<String, Json>) -> bool {
    let is_line = cell.get("DISPLAY").and_then(Json::as_str) == Some("LINE");
    is_line || has_text(cell, "NAME") || has_text(cell, "VALUE")
}

fn has_text(object: &Map<String, Json>, key: &str) -> bool {
    object.get(key).is_some_and(is_text)
}

/// Whether PHP makes text of the value that is not blank: of text, a number or `true`.
pub(super) fn is_text(value: &Json) -> bool {
    !super::text_of(value).trim().is_empty()
}

/// An address of the web, or a path of the portal.
pub(super) fn is_url(value: Option<&Json>) -> bool {
    let url = value.and_then(Json::as_str).unwrap_or_default();
    ["/", "http://", "https://"]
        .iter()
        .any(|start| url.starts_with(start))
}
