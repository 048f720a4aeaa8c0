//! Names for display: quoted if they could deceive, and cut.

use std::borrow::Cow;

use crate::wire::redact::shown_within;

/// The longest stored name, in bytes.
const MAX_NAME: usize = 100;

/// A name, in quotes if it has white space or invisible characters.
pub(super) fn quoted(name: &str) -> Cow<'_, str> {
    let is_plain = !name.contains(char::is_whitespace) && name.escape_debug().eq(name.chars());
    match is_plain {
        true => name.into(),
        false => format!("{name:?}").into(),
    }
}

pub(crate) fn cut(name: &str) -> String {
    shown_within(MAX_NAME, name, &[])
}
