//! Compares paths of addresses like portals do.

use std::borrow::Cow;

use url::form_urlencoded;

/// Whether two paths lead to the same method. Escapes, repeated slashes, slashes at the end and the
/// suffix `.json` make no difference.
pub(super) fn is_same_path(one: &str, other: &str) -> bool {
    segments(one).eq(segments(other))
}

fn segments(path: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let path = path.trim_end_matches('/');
    let stem = path.strip_suffix(".json").unwrap_or(path);
    stem.split('/').filter(|segment| !segment.is_empty()).map(decoded)
}

/// A segment of a path without escapes, as a portal reads it. In the name of a method, an escape stands
/// for one character. A path with other escapes leads to no method.
pub(crate) fn decoded(segment: &str) -> Cow<'_, str> {
    if !segment.contains('%') {
        return segment.into();
    }
    // In a path these are ordinary characters.
    let text = format!("x={}", segment.replace('+', "%2B").replace('&', "%26"));
    let pair = form_urlencoded::parse(text.as_bytes()).next();
    pair.map_or(segment.into(), |(_, text)| text.into_owned().into())
}
