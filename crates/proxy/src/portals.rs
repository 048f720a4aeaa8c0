//! The portals that the server may talk to.

use std::fmt;
use std::net::IpAddr;
use std::pin::Pin;

use imbot_caps::transport::{PublicResolver, Request, ReqwestTransport, Response, Transport, TransportError};
use url::{Host, Url};

/// The portals that the server may talk to. Without a list, the server would send requests of its clients to any
/// host: an open relay.
///
/// ```
/// use imbot_caps_proxy::PortalList;
///
/// let list = PortalList::new().portal("box.example:8443")?.domain("bitrix24.com")?;
/// assert!(list.includes_host("acme.bitrix24.com") && !list.includes_host("box.example"));
/// # Ok::<(), imbot_caps_proxy::ListError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct PortalList {
    portals: Vec<(Host, u16)>,
    domains: Vec<String>,
    any: bool,
    private: bool,
}

/// Where the requests to a portal may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// To every address that its name has.
    Every,
    /// To public addresses alone.
    Public,
}

/// An entry of the list that is no host, or a domain with too many owners.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ListError {
    /// It is no host.
    #[error("`{0}` is not the host of a portal: write it as `acme.bitrix24.com` or `box.example:8443`")]
    Host(String),
    /// It is no domain.
    #[error("`{0}` is not a domain: write it as `bitrix24.com`, without a port")]
    Domain(String),
    /// Anybody can register a name below it.
    #[error("anybody can register a name below `{0}`: list a domain that has one owner")]
    PublicSuffix(String),
}

/// The longest part of an entry that an error shows.
const SHOWN: usize = 80;

impl PortalList {
    /// An empty list. The server does not start with it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Also the portal at this host: `acme.bitrix24.com`, or `box.example:8443` for another port.
    ///
    /// # Errors
    ///
    /// [`ListError::Host`].
    pub fn portal(mut self, host: &str) -> Result<Self, ListError> {
        let refused = || ListError::Host(shown(host));
        let url = url_of(host).ok_or_else(refused)?;
        let own = url.host().ok_or_else(refused)?.to_owned();
        self.portals
            .push((own, url.port_or_known_default().unwrap_or(443)));
        Ok(self)
    }

    /// Also all portals below this domain, and at the domain itself, at the default port.
    ///
    /// # Errors
    ///
    /// [`ListError::Domain`], or [`ListError::PublicSuffix`] for a domain such as `com`.
    pub fn domain(mut self, domain: &str) -> Result<Self, ListError> {
        let url = url_of(domain).filter(|url| url.port().is_none());
        let Some(Host::Domain(own)) = url.as_ref().and_then(Url::host) else {
            return Err(ListError::Domain(shown(domain)));
        };
        let own = own.trim_end_matches('.');
        if psl::domain_str(own).is_none() {
            return Err(ListError::PublicSuffix(shown(domain)));
        }
        self.domains.push(own.to_owned());
        Ok(self)
    }

    /// Portals at every host with a public address. Then whoever reaches the server can make it send https requests
    /// to any public host. Hosts without a public address stay refused: loopback, private and link-local networks, and
    /// the addresses at which clouds serve metadata, also if a name leads there. Entries of the list are reached
    /// wherever they are.
    #[must_use]
    pub fn any(mut self) -> Self {
        self.any = true;
        self
    }

    /// With [`any`](Self::any), also hosts without a public address. Then whoever reaches the server reaches the
    /// network of the server, too.
    #[must_use]
    pub fn private_addresses(mut self) -> Self {
        self.private = true;
        self
    }

    /// A transport for the registry of the server: it sends to the portals of the list alone. A portal that
    /// [`any`](Self::any) stands for is reached at public addresses alone.
    #[must_use]
    pub fn transport(&self) -> PortalTransport {
        PortalTransport {
            portals: self.clone(),
            every: ReqwestTransport::new(),
            public: ReqwestTransport::builder().public_addresses_only().build(),
        }
    }

    /// Whether the list is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.any && self.portals.is_empty() && self.domains.is_empty()
    }

    /// Whether the portal at this host is listed: `acme.bitrix24.com`, or `box.example:8443`.
    #[must_use]
    pub fn includes_host(&self, host: &str) -> bool {
        url_of(host).is_some_and(|url| self.includes(&url))
    }

    /// Whether the portal at this address is listed.
    pub(crate) fn includes(&self, url: &Url) -> bool {
        self.reach(url).is_some()
    }

    /// Where requests to the portal at this address may go; `None` if it is not listed.
    pub(crate) fn reach(&self, url: &Url) -> Option<Reach> {
        let (host, port) = (url.host()?, url.port_or_known_default()?);
        // An entry without a port is for https, and http is for loopback alone.
        let is_portal = |(own, own_port): &(Host, u16)| is_same(own, &host) && *own_port == port;
        if self.portals.iter().any(is_portal) || (port == 443 && self.is_below(&host)) {
            return Some(Reach::Every);
        }
        match (self.any, self.private) {
            (false, _) => None,
            (true, true) => Some(Reach::Every),
            (true, false) if is_loopback(&host) || PublicResolver::check(url).is_err() => None,
            (true, false) => Some(Reach::Public),
        }
    }

    fn is_below(&self, host: &Host<&str>) -> bool {
        let Host::Domain(name) = host else { return false };
        let name = name.trim_end_matches('.');
        self.domains.iter().any(|domain| {
            let above = name.strip_suffix(domain.as_str());
            above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
        })
    }
}

fn is_same(own: &Host, host: &Host<&str>) -> bool {
    match (own, host) {
        (Host::Domain(own), Host::Domain(host)) => own.trim_end_matches('.') == host.trim_end_matches('.'),
        (Host::Ipv4(own), Host::Ipv4(host)) => own == host,
        (Host::Ipv6(own), Host::Ipv6(host)) => own == host,
        _ => false,
    }
}

/// The transport of [`PortalList::transport`].
#[derive(Debug)]
pub struct PortalTransport {
    portals: PortalList,
    every: ReqwestTransport,
    public: ReqwestTransport,
}

impl Transport for PortalTransport {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        match self.portals.reach(request.url()) {
            Some(Reach::Every) => self.every.send(request),
            // It refuses what is not listed and not public.
            Some(Reach::Public) | None if self.portals.any => self.public.send(request),
            _ => {
                let text = "the host is not in the list of the server".to_owned();
                Box::pin(std::future::ready(Err(TransportError::Connect(text))))
            }
        }
    }
}

/// The address of a host with an optional port; `None` for any other text.
pub(crate) fn url_of(host: &str) -> Option<Url> {
    url_at(host, "", None)
}

/// A path and a query at a host with an optional port; `None` for any other host.
pub(crate) fn url_at(host: &str, path: &str, query: Option<&str>) -> Option<Url> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    if host.is_empty() || host.ends_with(':') || !host.bytes().all(is_plain) {
        return None;
    }
    let mut text = format!("https://{host}/{path}");
    if let Some(query) = query {
        text.push('?');
        text.push_str(query);
    }
    Url::parse(&text).ok()
}

/// The address of REST at `box.example:8443` or `box.example/prefix`; `None` for any other text.
pub(crate) fn endpoint_of(portal: &str, insecure_http: bool) -> Option<Url> {
    let (host, prefix) = portal.split_once('/').unwrap_or((portal, ""));
    let prefix = prefix.trim_matches('/');
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_/".contains(&byte);
    if !prefix.bytes().all(is_plain) {
        return None;
    }
    let mut url = by_scheme(url_of(host)?, insecure_http);
    let slash = if prefix.is_empty() { "" } else { "/" };
    url.set_path(&format!("{prefix}{slash}rest/"));
    Some(url)
}

/// The same address by plain http, if that is allowed and the host is loopback.
pub(crate) fn by_scheme(mut url: Url, insecure_http: bool) -> Url {
    if insecure_http && url.host().is_some_and(|host| is_loopback(&host)) {
        let port = url.port_or_known_default();
        // This cannot fail: both schemes have hosts and ports.
        let _ = url.set_scheme("http");
        let _ = url.set_port(port);
    }
    url
}

/// Whether a host is this machine.
pub(crate) fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        Host::Ipv4(address) => IpAddr::from(*address).is_loopback(),
        Host::Ipv6(address) => IpAddr::from(*address).is_loopback(),
    }
}

fn shown(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}

impl fmt::Display for PortalList {
    /// For the log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let any = match (self.any, self.private) {
            (false, _) => None,
            (true, false) => Some("any at a public address".to_owned()),
            (true, true) => Some("any".to_owned()),
        };
        let portals = self.portals.iter().map(|(host, port)| format!("{host}:{port}"));
        let domains = self.domains.iter().map(|domain| format!("*.{domain}"));
        let all: Vec<_> = portals.chain(domains).chain(any).collect();
        f.write_str(&all.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> PortalList {
        let list = PortalList::new().portal("box.example:8443").unwrap();
        list.domain("Bitrix24.com").unwrap()
    }

    #[test]
    fn only_listed_hosts_are_included() {
        for (host, expected) in [
            ("acme.bitrix24.com", true),
            ("ACME.bitrix24.com:443", true),
            ("bitrix24.com", true),
            ("a.b.bitrix24.com.", true),
            ("box.example:8443", true),
            ("box.example", false),
            ("acme.bitrix24.com:8443", false),
            ("acmebitrix24.com", false),
            ("bitrix24.com.evil.example", false),
            ("evil.example", false),
            ("127.0.0.1", false),
            ("evil.example#.bitrix24.com", false),
            ("evil.example@acme.bitrix24.com", false),
            ("", false),
        ] {
            assert_eq!(list().includes_host(host), expected, "{host}");
        }
    }

    #[test]
    fn any_leads_to_public_addresses_alone() {
        let any = PortalList::new().any();
        let with_private = any.clone().private_addresses();
        let listed = any.clone().portal("10.0.0.5").unwrap();
        for host in [
            "127.0.0.1",
            "127.1",
            "0x7f000001:8443",
            "2130706433",
            "localhost",
            "LOCALHOST.",
            "a.localhost",
            "0.0.0.0",
            "10.0.0.6",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.100.100.200",
            "168.63.129.16",
            "[::1]",
            "[::ffff:169.254.169.254]",
            "[fe80::1]",
            "[fd00:ec2::254]",
            "[64:ff9b::a9fe:a9fe]",
        ] {
            assert!(!any.includes_host(host) && !listed.includes_host(host), "{host}");
            assert!(with_private.includes_host(host), "{host}");
        }
        let reach = |list: &PortalList, host: &str| list.reach(&url_of(host).unwrap());
        assert_eq!(reach(&any, "8.8.8.8"), Some(Reach::Public));
        assert_eq!(reach(&any, "box.example:8443"), Some(Reach::Public));
        assert_eq!(reach(&listed, "10.0.0.5"), Some(Reach::Every));
        assert_eq!(reach(&with_private, "box.example"), Some(Reach::Every));
    }

    #[test]
    fn wrong_entries_are_refused() {
        for domain in [
            "com",
            "co.uk",
            "",
            "a b",
            "10.0.0.1",
            "bitrix24.com:80",
            "https://a.example/",
        ] {
            assert!(PortalList::new().domain(domain).is_err(), "{domain}");
        }
        for portal in [
            "",
            "a b",
            "https://a.example/",
            "a.example/x",
            "user@a.example",
            "a.example:x",
        ] {
            assert!(PortalList::new().portal(portal).is_err(), "{portal}");
        }
        assert!(PortalList::new().is_empty());
    }
}
