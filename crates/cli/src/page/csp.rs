//! The content security policy of the page.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// Allows this style and this script, and no request. `data:` is for the empty icon, without which a browser asks
/// the server for one.
pub(super) fn of(style: &str, script: &str) -> String {
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action 'none'",
        hash(style),
        hash(script)
    )
}

fn hash(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text))
}

#[cfg(test)]
mod tests {
    #[test]
    fn hash_is_sha256_in_base64() {
        // The hash of `alert('Hello, world.');` in the specification of the policy.
        let policy = super::of("", "alert('Hello, world.');");
        let hash = "script-src 'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='";
        assert!(policy.contains(hash), "{policy}");
    }
}
