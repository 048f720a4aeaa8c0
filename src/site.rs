//! [`Sites`]: decides which hosts are one site. One owner can make any number of hosts in a site. So
//! sites share resources, and a redirect within a site may be allowed.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use crate::fair_share::Account;
use crate::portal_id::PortalId;
use crate::table::Table;

/// The rule by which hosts are one site, with the cloud's domains of a table.
///
/// - Below a domain of the cloud the site is one label more: `acme.bitrix24.com`.
/// - Otherwise it is the registrable domain by the Public Suffix List: `acme.co.uk`.
/// - A name below a suffix that is not on the list is a site by itself. So is an IPv4 address.
/// - The site of an IPv6 address is its /48 network: one customer may have that much (RFC 6177).
///
/// Ports, schemes and paths make no difference.
///
/// Names below a suffix of the list's private section, such as `vercel.app`, have different owners.
/// So for redirects each is a site by itself. For shares all of them are the one site `vercel.app`:
/// anybody can get any number of such names.
#[derive(Clone, Copy)]
pub(crate) struct Sites(&'static Table);

impl Sites {
    pub(crate) fn by(table: &'static Table) -> Self {
        Self(table)
    }

    /// The site of a host, for redirects.
    pub(crate) fn of(self, host: Host<&str>) -> String {
        self.by_rule(host, registrable)
    }

    /// The site of a host, for shares.
    fn sharing(self, host: Host<&str>) -> String {
        self.by_rule(host, registered)
    }

    fn by_rule(self, host: Host<&str>, registrable: fn(&str) -> Option<&str>) -> String {
        match host {
            Host::Domain(name) => {
                let name = without_dot(name);
                let own = self.cloud_portal(name).or_else(|| registrable(name));
                own.unwrap_or(name).to_owned()
            }
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => match address.to_ipv4_mapped() {
                Some(address) => address.to_string(),
                None => network(address),
            },
        }
    }

    /// The account of the portal at this address, for shares.
    pub(crate) fn account(self, address: &PortalId) -> Account {
        let portal = address.as_origin().unwrap_or_default();
        let site = self.of_address(portal);
        let is_local = is_local(&site);
        Account::new(&site, portal).local(is_local)
    }

    /// The site of an address in the spelling of ids, for shares.
    pub(crate) fn of_address(self, address: &str) -> String {
        let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
        let authority = rest.split('/').next().unwrap_or_default();
        if let Some((inner, _)) = authority.strip_prefix('[').and_then(|rest| rest.split_once(']'))
            && let Ok(address) = inner.parse()
        {
            return self.sharing(Host::Ipv6(address));
        }
        let host = authority.split(':').next().unwrap_or_default();
        match host.parse() {
            Ok(address) => self.sharing(Host::Ipv4(address)),
            Err(_) => self.sharing(Host::Domain(host)),
        }
    }

    /// Whether a host has the name of a portal of the cloud.
    pub(crate) fn is_cloud_portal(self, host: Host<&str>) -> bool {
        let Host::Domain(name) = host else {
            return false;
        };
        self.cloud_portal(without_dot(name)) == Some(without_dot(name))
    }

    /// Whether a portal may have this endpoint. A portal of the cloud has one endpoint: no other port,
    /// no path before `/rest/`, and no name below its own.
    pub(crate) fn may_have(self, endpoint: &Url) -> bool {
        let Some(Host::Domain(name)) = endpoint.host() else {
            return true;
        };
        let name = without_dot(name);
        let is_whole = |portal| portal == name && endpoint.port().is_none() && endpoint.path() == "/rest/";
        self.cloud_portal(name).is_none_or(is_whole)
    }

    /// The portal of the cloud with this name, or with a name above it.
    fn cloud_portal(self, name: &str) -> Option<&str> {
        let mut dots = name.match_indices('.').map(|(dot, _)| dot);
        dots.find_map(|dot| {
            let above = name.get(..dot)?;
            let domain = name.get(dot.checked_add(1)?..)?;
            let label = above.rsplit('.').next().filter(|label| !label.is_empty())?;
            let portal = name.get(above.len() - label.len()..)?;
            self.0.is_cloud_domain(domain).then_some(portal)
        })
    }
}

impl Default for Sites {
    fn default() -> Self {
        Self::by(Table::builtin())
    }
}

impl fmt::Debug for Sites {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sites")
    }
}

/// The registrable domain of a name. `None` below unknown suffixes.
fn registrable(name: &str) -> Option<&str> {
    let is_known = psl::suffix(name.as_bytes()).is_some_and(|suffix| suffix.is_known());
    psl::domain_str(name).filter(|_| is_known)
}

/// The domain that was registered at a registry of names: one label more than a suffix of the list's ICANN
/// section. `None` below unknown suffixes.
fn registered(name: &str) -> Option<&str> {
    let mut rest = name;
    loop {
        let suffix = psl::suffix(rest.as_bytes()).filter(psl::Suffix::is_known)?;
        let length = suffix.as_bytes().len();
        if suffix.typ() == Some(psl::Type::Icann) {
            let above = name.get(..name.len().checked_sub(length + 1)?)?;
            let label = above.rsplit('.').next()?;
            return name.get(above.len() - label.len()..);
        }
        // The suffix is private, so the part above it counts.
        let private = rest.get(rest.len().checked_sub(length)?..)?;
        rest = private.split_once('.')?.1;
    }
}

/// Whether a site is this machine.
fn is_local(site: &str) -> bool {
    let is_loopback = |address: Ipv4Addr| address.is_loopback();
    let is_name = site == "localhost" || site.ends_with(".localhost");
    is_name || site == "::/48" || site.parse().is_ok_and(is_loopback)
}

fn network(address: Ipv6Addr) -> String {
    let [a, b, c, ..] = address.segments();
    format!("{}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
}

/// `acme.example.` is the same host as `acme.example`.
pub(crate) fn without_dot(host: &str) -> &str {
    host.strip_suffix('.').unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::CloudDomains;

    fn site(host: &str) -> String {
        let host = Host::parse(host).unwrap();
        let host = match &host {
            Host::Domain(name) => Host::Domain(name.as_str()),
            Host::Ipv4(address) => Host::Ipv4(*address),
            Host::Ipv6(address) => Host::Ipv6(*address),
        };
        Sites::default().of(host)
    }

    #[test]
    fn owner_hosts_form_one_site() {
        for (host, expected) in [
            ("acme.bitrix24.com", "acme.bitrix24.com"),
            ("cdn.acme.bitrix24.com", "acme.bitrix24.com"),
            ("acme.bitrix24.com.br", "acme.bitrix24.com.br"),
            ("bitrix24.com", "bitrix24.com"),
            ("acme.bitrix24.com.", "acme.bitrix24.com"),
            ("ACME.Bitrix24.DE", "acme.bitrix24.de"),
            ("evil-bitrix24.com", "evil-bitrix24.com"),
            ("x.bitrix24.com.evil.com", "evil.com"),
            ("a.evil.com", "evil.com"),
            ("b.c.evil.com", "evil.com"),
            ("evil.co.uk", "evil.co.uk"),
            ("a.evil.co.uk", "evil.co.uk"),
            ("co.uk", "co.uk"),
            ("a.github.io", "a.github.io"),
            ("portal.intranet", "portal.intranet"),
            ("b.portal.intranet", "b.portal.intranet"),
            ("localhost", "localhost"),
            ("10.0.0.1", "10.0.0.1"),
            ("[2001:db8:1:2::1]", "2001:db8:1::/48"),
            ("[2001:db8:1:3:3:4:5:6]", "2001:db8:1::/48"),
            ("[2001:db8:2:3::1]", "2001:db8:2::/48"),
            ("[::ffff:10.0.0.1]", "10.0.0.1"),
        ] {
            assert_eq!(site(host), expected, "{host}");
        }
    }

    #[test]
    fn cloud_domains_separate_portals() {
        for domain in Table::builtin().cloud_domains().flat_map(CloudDomains::names) {
            assert_ne!(site(&format!("one.{domain}")), site(&format!("other.{domain}")));
            let is_portal = |name: String| Sites::default().is_cloud_portal(Host::Domain(&name));
            assert!(is_portal(format!("acme.{domain}")));
            assert!(is_portal(format!("acme.{domain}.")));
            assert!(!is_portal(domain.to_owned()) && !is_portal(format!(".{domain}")));
            assert!(!is_portal(format!("a.acme.{domain}")) && !is_portal(format!("acme.{domain}.evil.com")));
            assert!(!is_portal(format!("acme{domain}")));
        }
    }

    #[test]
    fn overlay_adds_cloud_domains() {
        let overlay = "title = \"acme\"\nversion = \"0.1.0\"\nrequires = \"^2\"\n\
             [[cloud]]\ndomains = [\"portals.example.com\"]\nsource = \"https://example.com/cloud\"\n";
        let table = Table::builtin().with_overlay(overlay).unwrap().leak();
        let host = || Host::Domain("acme.portals.example.com");
        assert_eq!(Sites::default().of(host()), "example.com");
        assert_eq!(Sites::by(table).of(host()), "acme.portals.example.com");
        assert!(Sites::by(table).is_cloud_portal(Host::Domain("acme.bitrix24.com")));
    }

    #[test]
    fn free_names_share_one_site() {
        for (host, sharing, of_redirects) in [
            ("x1.vercel.app", "vercel.app", "x1.vercel.app"),
            ("a.x1.vercel.app", "vercel.app", "x1.vercel.app"),
            ("vercel.app", "vercel.app", "vercel.app"),
            ("x.github.io", "github.io", "x.github.io"),
            ("x.duckdns.org", "duckdns.org", "x.duckdns.org"),
            ("b.s3.amazonaws.com", "amazonaws.com", "b.s3.amazonaws.com"),
            ("a.evil.co.uk", "evil.co.uk", "evil.co.uk"),
            ("acme.bitrix24.com", "acme.bitrix24.com", "acme.bitrix24.com"),
            ("portal.intranet", "portal.intranet", "portal.intranet"),
            ("co.uk", "co.uk", "co.uk"),
        ] {
            assert_eq!(Sites::default().of_address(&format!("https://{host}")), sharing);
            assert_eq!(site(host), of_redirects);
        }
    }

    #[test]
    fn cloud_portal_has_one_endpoint() {
        for (endpoint, expected) in [
            ("https://acme.bitrix24.com/rest/", true),
            ("https://acme.bitrix24.com./rest/", true),
            ("http://acme.bitrix24.com/rest/", true),
            ("https://acme.bitrix24.com:8443/rest/", false),
            ("https://acme.bitrix24.com/crm/rest/", false),
            ("https://acme.bitrix24.com/rest/rest/", false),
            ("https://acme.bitrix24.com/api/", false),
            ("https://a.acme.bitrix24.com/rest/", false),
            ("https://box.example:8443/crm/rest/", true),
            ("https://10.0.0.1/crm/rest/", true),
        ] {
            let url = Url::parse(endpoint).unwrap();
            assert_eq!(Sites::default().may_have(&url), expected, "{endpoint}");
        }
    }

    #[test]
    fn account_holds_address_and_site() {
        let account = |address: &str| Sites::default().account(&PortalId::from_origin(address));
        let own = account("https://a.evil.com:8443/crm");
        assert_eq!(
            (own.site(), own.portal()),
            ("evil.com", "https://a.evil.com:8443/crm")
        );
        for (address, site) in [
            ("https://acme.bitrix24.com", "acme.bitrix24.com"),
            ("http://10.0.0.1:8080/a/rest/", "10.0.0.1"),
            ("http://[2001:db8::1]:81", "2001:db8::/48"),
            ("https://[::1]", "::/48"),
            ("http://localhost:81/", "localhost"),
            ("no address", "no address"),
            ("", ""),
        ] {
            assert_eq!(account(address).site(), site, "{address}");
            let is_local = ["::/48", "localhost"].contains(&site);
            assert_eq!(account(address).is_local(), is_local, "{address}");
        }
        assert!(account("http://127.0.0.1:8080").is_local());
    }
}
