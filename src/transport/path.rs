//! Paths of addresses, compared as portals read them.

use std::borrow::Cow;

use url::form_urlencoded;

/// Whether two paths lead to the same method. Escapes, slashes in a row or at the end,
/// and the suffix `.json` make no difference.
pub(super) fn is_same_path(one: &str, other: &str) -> bool {
    segments(one).eq(segments(other))
}

fn segments(path: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let path = path.trim_end_matches('/');
    let stem = path.strip_suffix(".json").unwrap_or(path);
    stem.split('/').filter(|segment| !segment.is_empty()).map(decoded)
}

/// A part of a path as a portal reads it. Of escapes none means more than one letter of
/// a name: what has others is no method.
pub(crate) fn decoded(segment: &str) -> Cow<'_, str> {
    if !segment.contains('%') {
        return segment.into();
    }
    // In a path these are letters like others.
    let text = format!("x={}", segment.replace('+', "%2B").replace('&', "%26"));
    let pair = form_urlencoded::parse(text.as_bytes()).next();
    pair.map_or(segment.into(), |(_, text)| text.into_owned().into())
}
