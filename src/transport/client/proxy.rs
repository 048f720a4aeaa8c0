//! Decides which requests use the environment's proxy.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Whether a request may use a proxy: it is https and leaves this machine. For https the client asks
/// for a tunnel (CONNECT), so the proxy learns the host and port only.
pub(super) fn may_serve(url: &Url) -> bool {
    url.scheme() == "https" && !url.host().is_none_or(is_loopback)
}

fn is_loopback(host: Host<&str>) -> bool {
    match host {
        // RFC 6761, 6.3.
        Host::Domain(name) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            name == "localhost" || name.ends_with(".localhost")
        }
        Host::Ipv4(address) => is_own(address.into()),
        Host::Ipv6(address) => is_own(address.into()),
    }
}

/// Whether this is an address of this machine. The unspecified address leads there, too.
fn is_own(address: IpAddr) -> bool {
    let address = match address {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(address, IpAddr::from),
        IpAddr::V4(_) => address,
    };
    let unspecified: [IpAddr; 2] = [Ipv4Addr::UNSPECIFIED.into(), Ipv6Addr::UNSPECIFIED.into()];
    address.is_loopback() || unspecified.contains(&address)
}

/// The variable that names a proxy for https, and whether that proxy is of http or https. Read after
/// a failed connection, to explain it.
pub(super) fn of_environment() -> Option<(&'static str, bool)> {
    const NAMES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    let mut named = NAMES
        .iter()
        .filter_map(|name| Some((*name, std::env::var(name).ok().filter(|value| !value.is_empty())?)));
    let (name, value) = named.next()?;
    let scheme = value.split_once("://").map_or("http", |(scheme, _)| scheme);
    let is_http = ["http", "https"]
        .iter()
        .any(|own| scheme.eq_ignore_ascii_case(own));
    Some((name, is_http))
}

/// The advice after a failed connection.
pub(super) fn advice() -> Option<String> {
    let (name, is_http) = of_environment()?;
    Some(match is_http {
        true => format!(
            "; `{name}` names a proxy: check it, name the host in `NO_PROXY`, or build the transport with \
             `without_proxy`"
        ),
        false => format!(
            "; `{name}` names a proxy that is not of http or https: name one that is, or give a client of your own \
             to `ReqwestTransport::with_client`"
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_remote_https_uses_proxy() {
        for (url, expected) in [
            ("https://acme.bitrix24.com/rest/", true),
            ("https://acme.bitrix24.com:8443/rest/", true),
            ("https://10.0.0.1/", true),
            ("https://[2001:db8::1]/", true),
            ("https://localhost.example/", true),
            ("https://notlocalhost/", true),
            ("http://acme.bitrix24.com/rest/", false),
            ("http://10.0.0.1/", false),
            ("https://localhost/", false),
            ("https://LOCALHOST.:8443/", false),
            ("https://box.localhost/", false),
            ("https://127.0.0.1/", false),
            ("https://127.1/", false),
            ("https://2130706433/", false),
            ("https://127.255.255.254:1/", false),
            ("https://0.0.0.0/", false),
            ("https://[::1]:8443/", false),
            ("https://[::]/", false),
            ("https://[::ffff:127.0.0.1]/", false),
            ("https://[::ffff:7f00:1]/", false),
            ("https://[::ffff:0.0.0.0]/", false),
            ("ftp://acme.bitrix24.com/", false),
        ] {
            assert_eq!(may_serve(&Url::parse(url).unwrap()), expected, "{url}");
        }
    }
}
