//! Names of methods.

use crate::wire::without_suffix;

/// Whether a text is the name of a method, and no path to another resource. A suffix such as
/// `.json` is refused: it would choose the form of the reply.
pub(super) fn is_name(method: &str) -> bool {
    let mut parts = method.split('.');
    let is_part = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    parts.all(is_part) && without_suffix(method) == method
}
