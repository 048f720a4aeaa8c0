//! Brings the path of an address to one spelling.

use url::Url;

use crate::wire::percent;

/// Whether a character can stand in a segment of a path unescaped (RFC 3986, `pchar`).
fn is_plain(byte: u8) -> bool {
    percent::is_unreserved(byte) || b"!$&'()*+,;=:@".contains(&byte)
}

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
        path.push('/');
        let bytes = percent::decode(segment.as_bytes(), |byte| byte);
        percent::encode(&mut path, &bytes, is_plain);
    }
    if url.path().ends_with('/') {
        path.push('/');
    }
    if path != url.path() {
        url.set_path(&path);
    }
}
