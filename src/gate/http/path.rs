//! The parts of a portal's path.

use std::ops::Range;

use url::{Position, Url};

pub(super) use crate::transport::decoded;

/// The suffix that asks for a reply in XML.
pub(super) const XML: &str = ".xml";

/// The parts of a path, with their positions. Slashes in a row count as one, as for portals.
pub(super) fn segments(path: &str) -> Vec<(Range<usize>, &str)> {
    let mut at = 0;
    let mut found = Vec::new();
    for segment in path.split('/') {
        if !segment.is_empty() {
            found.push((at..at + segment.len(), segment));
        }
        at += segment.len() + 1;
    }
    found
}

/// A method and its suffix (`.json`, `.xml`); `None` if the text is no method.
pub(super) fn without_suffix(last: &str) -> Option<(&str, &str)> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    if !last.bytes().all(is_word) {
        return None;
    }
    let (stem, suffix) = match last.rfind('.').and_then(|at| last.split_at_checked(at)) {
        Some((stem, suffix)) if [".json", XML].iter().any(|own| suffix.eq_ignore_ascii_case(own)) => {
            (stem, suffix)
        }
        _ => (last, ""),
    };
    (!stem.is_empty()).then_some((stem, suffix))
}

/// The address with these parts as its path. User and password of an address are for a proxy, not for the portal.
pub(super) fn at_segments(url: &Url, segments: &[(Range<usize>, &str)]) -> Url {
    let mut path = String::with_capacity(url.path().len());
    for (_, segment) in segments {
        path.push('/');
        path.push_str(segment);
    }
    let mut own = url.clone();
    own.set_query(None);
    own.set_fragment(None);
    own.set_path(&path);
    // This cannot fail: the address has a host.
    let _ = own.set_username("");
    let _ = own.set_password(None);
    own
}

/// The address up to `/rest/`. User and password of an address are for a proxy, not for the portal.
pub(super) fn base(url: &Url, segments: &[(Range<usize>, &str)]) -> String {
    let host = &url[Position::BeforeHost..Position::AfterPort];
    let mut base = String::with_capacity(url.as_str().len());
    for part in [url.scheme(), "://", host] {
        base.push_str(part);
    }
    for (_, segment) in segments {
        base.push('/');
        base.push_str(segment);
    }
    base.push('/');
    base
}
