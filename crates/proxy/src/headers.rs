//! The headers of one connection, which are not passed on, and requests that two readers could read as two.

use std::net::SocketAddr;

use http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, EXPECT, HOST,
    HeaderName, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
};
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use url::{Host, Url};

use crate::code;
use crate::failure::Failure;
use crate::portals::is_loopback;

/// Headers about one connection (RFC 9110, section 7.6.1), and the older names of some.
const HOP_BY_HOP: [HeaderName; 9] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// Headers that decide how a request is read. Twice in one request, two readers could take two values.
const SINGLE: [HeaderName; 5] = [
    HOST,
    CONTENT_TYPE,
    CONTENT_LENGTH,
    CONTENT_ENCODING,
    AUTHORIZATION,
];

/// The most bytes of a head. hyper stops at a multiple of it.
pub(crate) const HEAD: usize = 64 * 1024;

/// Removes the headers of this connection, and those that `Connection` names.
pub(crate) fn remove_hop_by_hop(headers: &mut HeaderMap) {
    // Many messages have none of them.
    if !headers.keys().any(|name| HOP_BY_HOP.contains(name)) {
        return;
    }
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| HeaderName::from_bytes(name.trim().as_bytes()).ok())
        .collect();
    for name in named.iter().chain(&HOP_BY_HOP) {
        headers.remove(name);
    }
}

/// The headers of a request to a portal. Its host and length are the client's.
pub(crate) fn for_portal(mut headers: HeaderMap) -> HeaderMap {
    remove_hop_by_hop(&mut headers);
    for name in [HOST, CONTENT_LENGTH, EXPECT, ACCEPT_ENCODING] {
        // The gate reads no compressed replies.
        headers.remove(name);
    }
    headers
}

/// Refuses requests that two readers could read as two, and requests for other hosts: a page in a browser can make
/// its own host name an address of this machine.
pub(crate) fn check(head: &Parts, hosts: &[String]) -> Result<(), Failure> {
    let bad = |text: &str| Failure::new(StatusCode::BAD_REQUEST, code::BAD_REQUEST, text).closing();
    if head.uri.scheme().is_some() || head.uri.authority().is_some() {
        return Err(bad(
            "not sent. This is no forward proxy: write the portal into the path, as /{host}/rest/...",
        ));
    }
    for name in &SINGLE {
        if head.headers.get_all(name).iter().nth(1).is_some() {
            return Err(bad(&format!("not sent. The request has the header {name} twice")));
        }
    }
    let of_headers = head
        .headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len());
    if of_headers.sum::<usize>() + head.uri.path().len() > HEAD {
        return Err(Failure::new(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            code::BAD_REQUEST,
            "not sent. The request has more than 64 KiB of headers",
        )
        .closing());
    }
    let Some(host) = head
        .headers
        .get(HOST)
        .map(|host| host.to_str().unwrap_or_default())
    else {
        return match head.version {
            // It had none before HTTP/1.1.
            http::Version::HTTP_10 => Ok(()),
            _ => Err(bad("not sent. The request has no header Host")),
        };
    };
    match is_own(host, hosts) {
        true => Ok(()),
        false => Err(Failure::new(
            StatusCode::MISDIRECTED_REQUEST,
            code::BAD_REQUEST,
            "not sent. This server does not answer under the name in the header Host: start it with --allowed-host",
        )
        .closing()),
    }
}

/// Whether the server answers under this name: an IP address, a name of loopback, or a name that it was given.
fn is_own(host: &str, hosts: &[String]) -> bool {
    // What most clients send needs no parser of addresses.
    if host.parse::<SocketAddr>().is_ok() || host == "localhost" {
        return true;
    }
    let Ok(url) = Url::parse(&format!("http://{host}/")) else {
        return false;
    };
    if url.path() != "/" || !url.username().is_empty() || url.query().is_some() {
        return false;
    }
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            is_loopback(&Host::Domain(name)) || hosts.iter().any(|own| own.eq_ignore_ascii_case(name))
        }
        // A browser does not look up an address, so no page can choose it.
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connection_headers_are_removed() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("connection", "close, X-Own"),
            ("x-own", "1"),
            ("keep-alive", "timeout=5"),
            ("te", "trailers"),
            ("transfer-encoding", "chunked"),
            ("upgrade", "websocket"),
            ("x-other", "2"),
        ] {
            headers.insert(HeaderName::from_static(name), value.parse().unwrap());
        }
        remove_hop_by_hop(&mut headers);
        let left: Vec<_> = headers.keys().map(HeaderName::as_str).collect();
        assert_eq!(left, ["x-other"]);
    }

    #[test]
    fn only_own_hosts_are_answered() {
        let hosts = ["gate".to_owned()];
        for (host, expected) in [
            ("127.0.0.1:8024", true),
            ("localhost", true),
            ("[::1]:8024", true),
            ("GATE:8024", true),
            ("evil.example", false),
            ("localhost.evil.example", false),
            ("evil.example/", false),
            ("user@localhost", false),
            ("", false),
        ] {
            assert_eq!(is_own(host, &hosts), expected, "{host}");
        }
    }
}
