//! The portals that a gate of HTTP requests handles.

use std::sync::{Arc, Mutex, PoisonError};

use url::{Host, Url};

use crate::portal::PortalId;
use crate::site::without_dot;
use crate::transport::{HostError, host_and_port};

/// The portals that a gate of HTTP requests handles, besides those that the program has
/// registered.
///
/// An HTTP client may send requests that others have written: a bot fetches a link, for
/// example. Such a link can look like a call of a portal. If the gate handled it, the registry
/// would ask that host for its revision through its own
/// [`Transport`](crate::transport::Transport), without the client's resolver and rules. So
/// `HttpGateLayer` and `GateMiddleware` gate a request in two cases:
///
/// - The registry knows the address of the portal, which is origin and prefix. The address was
///   registered by [`Registry::handle`](crate::Registry::handle) or `caps`, a client, a warm-up
///   or a snapshot; or a portal of the registry has moved there, as
///   [`docs::moves`](crate::docs::moves) says. A portal at plain http has to be made with
///   [`allow_http`](crate::portal::PortalBuilder::allow_http). A snapshot registers all its portals, also
///   at plain http: do not restore one that others could have written.
/// - Its host matches this pattern. Then its portal is registered. A pattern of
///   [hosts](Self::hosts) takes the first 8 portals with a path before `/rest/` at a host:
///   links could name any number. Register the portals that have to be gated.
///
/// Every other request is passed on untouched. Calls among them that a row of the table may be
/// about are counted in [`Report::unregistered`](crate::gate::Report::unregistered), and the
/// first is logged at level debug.
///
/// A registry beyond its [capacity](crate::registry::RegistryBuilder::capacity) forgets portals without
/// a [`Handle`](crate::Handle). Keep the handles, or give a pattern.
///
/// ```
/// # #[cfg(any(feature = "reqwest-middleware", feature = "tower"))]
/// # fn portals() -> Result<(), imbot_caps::transport::HostError> {
/// use imbot_caps::gate::PortalPattern;
///
/// let portals = PortalPattern::hosts(["*.bitrix24.com", "*.bitrix24.de", "box.example:8443"])?;
/// # let _ = portals;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct PortalPattern {
    pattern: Pattern,
    http: bool,
    /// The portals with a path that the pattern has taken.
    with_path: Arc<Mutex<Vec<PortalId>>>,
}

/// The most portals with a path that are taken at a host, and in all.
const WITH_PATH: usize = 8;
const ALL_WITH_PATH: usize = 1_024;

#[derive(Clone, Debug, Default)]
enum Pattern {
    #[default]
    None,
    Hosts(Arc<[Entry]>),
    Any,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    host: Host,
    /// Whether one label stands before the host.
    is_below: bool,
    /// `None` is the default port of the scheme.
    port: Option<u16>,
}

impl PortalPattern {
    /// The portals that the program has registered, and no others: the default.
    #[must_use]
    pub fn registered() -> Self {
        Self::default()
    }

    /// Also portals at these hosts: `box.example` at the default port, `box.example:8443` at
    /// this port. `*.` stands for exactly one label before the host: `*.bitrix24.com` includes
    /// `acme.bitrix24.com`, and neither `bitrix24.com` nor `a.b.bitrix24.com`.
    ///
    /// Hosts are compared as browsers read them: in lower case, in punycode, without a dot
    /// at the end. An IP address is one host.
    ///
    /// # Errors
    ///
    /// [`HostError`] for an entry that is no host.
    pub fn hosts<I>(hosts: I) -> Result<Self, HostError>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        let entries: Result<_, _> = hosts.into_iter().map(|host| Entry::of(host.as_ref())).collect();
        Ok(Self {
            pattern: Pattern::Hosts(entries?),
            ..Self::default()
        })
    }

    /// Portals at every host.
    ///
    /// If others can choose a link that the client fetches, they can make the registry send
    /// requests to any host, also in the network of this program, and register portals. Use it
    /// only if every address is the program's own. Otherwise, let the registry's transport refuse
    /// private addresses, as `ReqwestTransport` does with `public_addresses_only`.
    #[must_use]
    pub fn any() -> Self {
        Self {
            pattern: Pattern::Any,
            ..Self::default()
        }
    }

    /// The pattern includes plain http: for loopback and closed networks. The registry then
    /// sends the credential of such a request unencrypted, as the request itself does.
    #[must_use]
    pub fn allow_http(mut self) -> Self {
        self.http = true;
        self
    }

    /// Whether the address matches the pattern, and the host is below its limit of portals.
    pub(super) fn take(&self, url: &Url, address: &PortalId) -> bool {
        self.include(url) && (matches!(self.pattern, Pattern::Any) || self.has_reservation(address))
    }

    /// Whether a portal has no path, or is one of the first portals with a path at its host.
    fn has_reservation(&self, address: &PortalId) -> bool {
        let host = |address: &PortalId| {
            let (scheme, rest) = address.as_origin()?.split_once("://")?;
            let (host, _) = rest.split_once('/')?;
            Some(format!("{scheme}://{host}"))
        };
        let Some(own) = host(address) else {
            return true;
        };
        let mut taken = self.with_path.lock().unwrap_or_else(PoisonError::into_inner);
        let at_host = taken.iter().filter(|taken| host(taken).as_ref() == Some(&own));
        let is_free = at_host.count() < WITH_PATH && taken.len() < ALL_WITH_PATH;
        if is_free && !taken.contains(address) {
            taken.push(address.clone());
        }
        taken.contains(address)
    }

    /// Whether an address matches the pattern.
    fn include(&self, url: &Url) -> bool {
        let by_scheme = match url.scheme() {
            "https" => true,
            "http" => self.http,
            _ => false,
        };
        by_scheme
            && match &self.pattern {
                Pattern::None => false,
                Pattern::Hosts(entries) => entries.iter().any(|entry| entry.includes(url)),
                Pattern::Any => true,
            }
    }
}

impl Entry {
    fn of(text: &str) -> Result<Self, HostError> {
        let below = text.strip_prefix("*.");
        let rest = below.unwrap_or(text);
        let (host, port) = host_and_port(rest).map_err(|_| HostError::of(text))?;
        let is_below = below.is_some();
        // An IP address has no subdomains, and a star stands for the first label alone.
        if (is_below && !matches!(host, Host::Domain(_))) || rest.contains('*') || rest.starts_with('.') {
            return Err(HostError::of(text));
        }
        Ok(Self { host, is_below, port })
    }

    fn includes(&self, url: &Url) -> bool {
        // A `Url` without a port has the default port.
        let usual = match url.scheme() {
            "http" => 80,
            _ => 443,
        };
        let port = url.port_or_known_default();
        if port != Some(self.port.unwrap_or(usual)) {
            return false;
        }
        match (url.host(), &self.host) {
            (Some(Host::Domain(name)), Host::Domain(own)) => {
                let name = without_dot(name);
                let below = name.split_once('.').filter(|(label, _)| !label.is_empty());
                match self.is_below {
                    false => name == own,
                    true => below.is_some_and(|(_, rest)| rest == own),
                }
            }
            (Some(Host::Ipv4(address)), Host::Ipv4(own)) => address == *own,
            (Some(Host::Ipv6(address)), Host::Ipv6(own)) => address == *own,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn include(pattern: &str, url: &str) -> bool {
        let portals = PortalPattern::hosts([pattern]).unwrap_or_else(|error| panic!("{pattern}: {error}"));
        portals.include(&Url::parse(url).unwrap())
    }

    #[test]
    fn hosts_of_patterns() {
        for (pattern, url, expected) in [
            ("*.bitrix24.com", "https://acme.bitrix24.com/rest/1/c/m", true),
            ("*.BITRIX24.com.", "https://ACME.bitrix24.COM./", true),
            ("*.bitrix24.com", "https://acme.bitrix24.com:443/", true),
            ("*.bitrix24.com", "https://acme.bitrix24.com:8443/", false),
            ("*.bitrix24.com:8443", "https://acme.bitrix24.com:8443/", true),
            ("*.bitrix24.com:8443", "https://acme.bitrix24.com/", false),
            ("*.bitrix24.com", "http://acme.bitrix24.com/", false),
            ("*.bitrix24.com", "https://bitrix24.com/", false),
            ("*.bitrix24.com", "https://.bitrix24.com/", false),
            ("*.bitrix24.com", "https://a.b.bitrix24.com/", false),
            ("*.bitrix24.com", "https://acmebitrix24.com/", false),
            ("*.bitrix24.com", "https://acme.bitrix24.com.evil.com/", false),
            ("*.bitrix24.com", "https://acme.bitrix24.community/", false),
            ("*.bitrix24.com", "https://evil.com/acme.bitrix24.com/", false),
            ("*.bitrix24.com", "https://acme.bitrix24.com@evil.com/", false),
            ("*.bitrix24.com", "https://evil.com?acme.bitrix24.com", false),
            ("*.bitrix24.com", "https://evil.com#acme.bitrix24.com", false),
            ("*.bitrix24.com", "https://evil.com\\acme.bitrix24.com", false),
            ("*.bitrix24.com", "https://acme.bitrix24.com%2eevil.com/", false),
            ("*.bitrix24.com", "https://acme。bitrix24。com/", true),
            ("*.портал.рф", "https://acme.xn--80awhdgm.xn--p1ai/", true),
            ("*.xn--80awhdgm.xn--p1ai", "https://acme.портал.рф/", true),
            ("портал.рф", "https://xn--80awhdgm.xn--p1ai/", true),
            // The first letter is not Latin.
            ("acme.example", "https://аcme.example/", false),
            ("10.0.0.1", "https://10.0.0.1/", true),
            ("10.0.0.1", "https://0x0a.1/", true),
            ("10.0.0.1", "https://10.0.0.10/", false),
            ("10.0.0.1", "https://[::ffff:10.0.0.1]/", false),
            ("[::1]:8443", "https://[0:0::1]:8443/", true),
            ("[::1]", "https://[::1]:8443/", false),
        ] {
            assert_eq!(include(pattern, url), expected, "{pattern}: {url}");
        }
    }

    #[test]
    fn invalid_host_entry_is_reported() {
        for entry in [
            "",
            "*",
            "*.",
            "*.*.example",
            "a.*.example",
            "*a.example",
            "*.10.0.0.1",
            "*.[::1]",
            ".example",
            "*..example",
            "a b",
            "example:",
            "example:x",
        ] {
            let error = PortalPattern::hosts(["fine.example", entry]).unwrap_err();
            assert_eq!(error, HostError::of(entry), "{entry}");
        }
        let error = PortalPattern::hosts(["https://box.example/rest/1/s3cret/"]).unwrap_err();
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }

    #[test]
    fn portals_per_host_are_limited() {
        let portals = PortalPattern::hosts(["box.example", "*.acme.example"]).unwrap();
        let takes = |address: String| {
            let id: PortalId = address.parse().unwrap();
            portals.take(&Url::parse(&address).unwrap(), &id)
        };
        let taken = |host: &str| {
            let all = (0..1_000).map(|nth| format!("https://{host}/p{nth}/rest/"));
            all.filter(|address| takes(address.clone())).count()
        };
        for host in ["box.example", "a.acme.example"] {
            assert_eq!((taken(host), taken(host)), (WITH_PATH, WITH_PATH), "{host}");
            assert!(takes(format!("https://{host}/rest/")), "{host}");
        }
    }

    fn label() -> impl Strategy<Value = String> {
        prop_oneof![
            Just("bitrix24".to_owned()),
            Just("com".to_owned()),
            Just("BITRIX24".to_owned()),
            Just("*".to_owned()),
            Just("acme".to_owned()),
            "[a-z][a-z0-9-]{0,6}[a-z]",
        ]
    }

    proptest! {
        #[test]
        fn wildcard_is_one_label(
            labels in proptest::collection::vec(label(), 1..5),
            ends in prop_oneof![Just(""), Just(".bitrix24.com"), Just("bitrix24.com"), Just(".com")],
            dot in prop_oneof![Just(""), Just(".")],
            user in prop_oneof![Just(""), Just("a.bitrix24.com@"), Just("a:bitrix24.com@")],
            rest in prop_oneof![Just(""), Just(":443"), Just(":80"), Just("/.bitrix24.com")],
        ) {
            let host = format!("{}{ends}", labels.join("."));
            let Ok(url) = Url::parse(&format!("https://{user}{host}{dot}{rest}")) else {
                return Ok(());
            };
            let host = host.to_lowercase();
            let parts: Vec<&str> = host.split('.').collect();
            let expected = parts.len() == 3 && parts[1..] == ["bitrix24", "com"] && rest != ":80";
            prop_assert_eq!(include("*.bitrix24.com", url.as_str()), expected, "{}", url);
        }

        #[test]
        fn pattern_reads_any_text(entry in "\\PC{0,20}", url in "https?://[*a-z0-9.:\\[\\]@-]{1,20}/") {
            if let (Ok(portals), Ok(url)) = (PortalPattern::hosts([&entry]), Url::parse(&url)) {
                prop_assert!(!portals.include(&url) || url.scheme() == "https");
            }
        }
    }
}
