//! Describes a body that is not a reply.

use serde_json::Value;

use super::json::{self, ReadError};

/// Describes a body without repeating any part that may come from the request.
pub(super) fn describe(text: &[u8], values: usize) -> String {
    let looks_like_html = text.first() == Some(&b'<');
    match json::read::<Value>(text, values) {
        _ if text.is_empty() => "an empty body".to_owned(),
        Ok(Value::Object(members)) if ["result", "error"].iter().any(|own| members.contains_key(*own)) => {
            "a JSON object that names one of its members twice".to_owned()
        }
        Ok(Value::Object(_)) => "a JSON object with neither `result` nor `error`".to_owned(),
        Ok(_) => "JSON that is no object".to_owned(),
        Err(_) if looks_like_html => match title(text) {
            Some(title) => format!("an HTML page titled \"{title}\""),
            None => "an HTML page".to_owned(),
        },
        // The first bytes of gzip and of Zstandard. No request asks for compression.
        Err(_) if text.starts_with(&[0x1f, 0x8b]) || text.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) => {
            "a compressed body".to_owned()
        }
        Err(ReadError::TooMany { limit }) => format!("JSON with more than the {limit} values that are read"),
        Err(ReadError::Json(error)) if error.is_eof() => {
            format!("half of a JSON body ({} bytes)", text.len())
        }
        Err(_) => format!("{} bytes that are not JSON", text.len()),
    }
}

/// A page's title. `None` if it could hold an address, which may have a secret.
fn title(html: &[u8]) -> Option<String> {
    let html = String::from_utf8_lossy(html.get(..4096).unwrap_or(html));
    // ASCII case only, so that the offsets hold in the original.
    let lower = html.to_ascii_lowercase();
    let start = lower.find("<title>")? + "<title>".len();
    let end = start + lower.get(start..)?.find("</title>")?;
    let title = html.get(start..end)?.trim();
    let harmless = title.len() <= 60
        && !title.is_empty()
        && title
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '.' | ',' | ':' | '!'))
        && !title.split(' ').any(|word| word.len() > 15);
    harmless.then(|| title.to_owned())
}
