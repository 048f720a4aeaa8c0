//! Addresses that a sender claims. A credential goes to such an address, so a text that two readers could
//! read as two hosts is none.

// The types of addresses alone: `core` has no sockets.
use core::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU16;

/// The longest address, in bytes. Real ones have less than a hundred.
const LIMIT: usize = 512;

/// The longest host and the longest label of a host, in bytes (RFC 1035).
const HOST_LIMIT: usize = 253;
const LABEL_LIMIT: usize = 63;

/// Whether it is a host, perhaps with a port: `acme.bitrix24.com`, `box.example:8443`, `[::1]:80`.
pub(super) fn is_host_and_port(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte);
    if text.len() > LIMIT || !text.bytes().all(is_plain) {
        return false;
    }
    if let Ok(address) = text.parse::<SocketAddr>() {
        return address.port() != 0;
    }
    let inside = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    if inside.is_some_and(|inside| inside.parse::<Ipv6Addr>().is_ok()) {
        return true;
    }
    let (host, port) = match text.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (text, None),
    };
    is_host(host) && port.is_none_or(|port| port.parse::<NonZeroU16>().is_ok())
}

/// A name or an IPv4 address. Browsers read a name whose last label begins with a digit as an IPv4 address:
/// `127.1`, `0x7f000001`.
fn is_host(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    if last.starts_with(|first: char| first.is_ascii_digit()) {
        return host.parse::<Ipv4Addr>().is_ok();
    }
    let is_label = |label: &str| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (1..=LABEL_LIMIT).contains(&label.len()) && label.bytes().all(is_plain) && !label.starts_with('-')
    };
    host.len() <= HOST_LIMIT && host.split('.').all(is_label)
}

/// Whether it is an address with a path: `https://acme.bitrix24.com/rest/`.
pub(super) fn is_endpoint(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/%".contains(&byte);
    rest.and_then(|rest| rest.split_once('/'))
        .is_some_and(|(host, path)| {
            text.len() <= LIMIT && is_host_and_port(host) && path.bytes().all(is_plain)
        })
}

#[cfg(test)]
mod tests {
    #[cfg(feature = "registry")]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hosts_are_read_in_one_way() {
        for host in [
            "acme.bitrix24.com",
            "ACME.bitrix24.com",
            "box",
            "box_1.local:8443",
            "xn--80ak6aa92e.com",
            "127.0.0.1",
            "127.0.0.1:80",
            "[::1]",
            "[::1]:8080",
        ] {
            assert!(is_host_and_port(host), "{host}");
            assert!(is_endpoint(&format!("https://{host}/rest/")), "{host}");
        }
        let long = format!("{}.example", "a".repeat(LABEL_LIMIT + 1));
        for host in [
            "",
            ".",
            "acme.example.",
            ".example",
            "a..example",
            "-a.example",
            "acme.bitrix24.com@evil.example",
            "acme.bitrix24.com:x@evil.example",
            "evil.example/",
            "evil.example\\@acme.bitrix24.com",
            "evil.example?acme.bitrix24.com",
            "evil.example#acme.bitrix24.com",
            "acme.bitrix24.com evil.example",
            "acme.bitrix24.com\r\nX: y",
            "acme\u{3002}bitrix24.com",
            "acme%2ebitrix24.com",
            "box:",
            "box:0",
            "box:65536",
            "box:80:80",
            "127.1",
            "0x7f.0.0.1",
            "2130706433",
            "::1",
            "[::1",
            "[box]",
            "[fe80::1%251]",
            &long,
        ] {
            assert!(!is_host_and_port(host), "{host}");
            // A slash ends the host.
            let is_endpoint = is_endpoint(&format!("https://{host}/rest/"));
            assert!(!is_endpoint || host.contains('/'), "{host}");
        }
        for address in [
            "acme.bitrix24.com/rest/",
            "https:///rest/",
            "https://acme.bitrix24.com",
            "ftp://acme.bitrix24.com/rest/",
            "https://acme.bitrix24.com/rest/?x=1",
            "https://acme.bitrix24.com/rest/#x",
            " https://acme.bitrix24.com/rest/",
        ] {
            assert!(!is_endpoint(address), "{address}");
        }
    }

    #[cfg(feature = "registry")]
    proptest! {
        /// A reader of URLs finds the host that stands in the text.
        #[test]
        fn url_reader_finds_same_host(host in "[a-zA-Z0-9\\[\\]:.@/\\\\?#%_ -]{1,16}|[a-z0-9]{1,4}(\\.[a-z0-9]{1,4}){0,4}(:[0-9]{1,5})?") {
            let url = url::Url::parse(&format!("https://{host}/rest/"));
            if let Ok(url) = url && is_host_and_port(&host) {
                let name = url.host_str().unwrap();
                // An IPv6 address has several spellings.
                prop_assert!(name.starts_with('[') || host.to_lowercase().starts_with(name), "{} {}", host, name);
                prop_assert_eq!(url.path(), "/rest/");
                prop_assert_eq!((url.username(), url.password()), ("", None));
            }
        }
    }
}
