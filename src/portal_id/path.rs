//! Brings the path of an address to one spelling.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use url::Url;

/// The characters that are escaped in a segment of a path: all that RFC 3986 does not allow there
/// (`pchar`).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

/// Brings the path to one spelling: no repeated slashes, and no needless escapes. Servers decode escapes
/// before they look up a path, also the escape of a slash.
pub(super) fn normalize(url: &mut Url) {
    let is_escaped_slash = |three: &[u8]| three.eq_ignore_ascii_case(b"%2f");
    if url.path().as_bytes().windows(3).any(is_escaped_slash) {
        // `Url` resolves a `..` that is now a segment.
        let parted = url.path().replace("%2f", "/").replace("%2F", "/");
        url.set_path(&parted);
    }
    let mut path = String::with_capacity(url.path().len());
    for segment in url.path().split('/').filter(|segment| !segment.is_empty()) {
        let bytes: Vec<u8> = percent_decode_str(segment).collect();
        path.push('/');
        path.extend(percent_encode(&bytes, ESCAPED));
    }
    if url.path().ends_with('/') {
        path.push('/');
    }
    if path != url.path() {
        url.set_path(&path);
    }
}
