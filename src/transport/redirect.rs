//! Which redirects are moves of a portal, and which of those are followed: whom a
//! credential may be shown.

use std::fmt;
use std::sync::Arc;

use url::{Host, Origin, Url};

use super::labels::{is_label, labels};
use super::path::is_same_path;
use crate::portal::HOST_LIMIT;
use crate::site::{Sites, without_dot};
use crate::table::Table;
use crate::wire::redact::shown;

/// Which moves are followed: none, unless told otherwise.
///
/// A renamed portal answers at its old address with a redirect. It is a move where
///
/// - the status is 301, 302, 307 or 308;
/// - the path is the one that was asked for, to the method's name. Escapes, slashes in
///   a row or at the end, and the suffix `.json` make no difference; a query is
///   ignored;
/// - scheme, host and port are not those that were asked, the port is not 0, and no user
///   name stands before the host;
/// - it does not lead from https to http.
///
/// Any other redirect leads to a page: of an expired licence, a closed site, a login.
/// It is never followed, and never told as a new address.
///
/// Whoever can answer at the old address can ask for the credential by a move. Where
/// it may be followed, the request is repeated once, with its body and without a
/// `Referer`, at the scheme, host and port that it names; the path stays. The program
/// is told the new address, to store it.
///
/// ```
/// use imbot_caps::transport::Redirects;
///
/// let rename = Redirects::to_hosts(["new.example", "box.example:8443"])?;
/// # let _ = rename;
/// # Ok::<(), imbot_caps::transport::NotAHost>(())
/// ```
#[derive(Clone, Default)]
pub struct Redirects {
    policy: Policy,
    sites: Sites,
}

#[derive(Clone, Debug, Default)]
enum Policy {
    #[default]
    Deny,
    SameSite,
    AnyCloudPortal,
    Hosts(Arc<[(Host, Option<u16>)]>),
}

impl fmt::Debug for Redirects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Redirects").field(&self.policy).finish()
    }
}

/// A text that is no host, with or without a port. One that looks like an address
/// is not repeated: it may hold a credential.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no host: give one such as `portal.example`, or `portal.example:8443` for a port")]
pub struct NotAHost(String);

impl Redirects {
    /// Follows none: the probe fails with the new address in its error.
    #[must_use]
    pub fn deny() -> Self {
        Self::by(Policy::Deny)
    }

    /// Follows those within one site, at the same port: from `a.acme.co.uk` to
    /// `b.acme.co.uk`.
    ///
    /// A site is a registrable domain by the Public Suffix List. The domains of
    /// [`Table::cloud_domains`] count as public suffixes: two portals of the cloud
    /// belong to two customers and are never one site. A name below a suffix that is
    /// not on the list is a site by itself, and IP addresses are of none.
    #[must_use]
    pub fn same_site() -> Self {
        Self::by(Policy::SameSite)
    }

    /// Follows those from one portal of the cloud to any other, in any zone, at the same
    /// port: from `old.bitrix24.com` to `new.bitrix24.com` or to `new.bitrix24.de`.
    ///
    /// The target may be the portal of any customer of the cloud. So the credential goes
    /// wherever in the cloud the old address says. What is trusted is that the cloud
    /// itself answers there. Which names are portals of the cloud, the registry's table
    /// says: [`Table::cloud_domains`].
    #[must_use]
    pub fn any_cloud_portal() -> Self {
        Self::by(Policy::AnyCloudPortal)
    }

    /// Follows those to these hosts: `new.example` at the port that the portal
    /// has now, `new.example:8443` at this port.
    ///
    /// # Errors
    ///
    /// [`NotAHost`] for an entry that is none.
    pub fn to_hosts<I>(hosts: I) -> Result<Self, NotAHost>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        let hosts: Result<_, _> = hosts
            .into_iter()
            .map(|entry| host_and_port(entry.as_ref()))
            .collect();
        Ok(Self::by(Policy::Hosts(hosts?)))
    }

    fn by(policy: Policy) -> Self {
        let sites = Sites::default();
        Self { policy, sites }
    }

    /// The same, with the cloud's domains of this table.
    pub(crate) fn with_table(self, table: &'static Table) -> Self {
        let sites = Sites::by(table);
        Self { sites, ..self }
    }

    /// The endpoint at the scheme, host and port that a portal has moved to, when the
    /// move may be followed.
    ///
    /// A name with the credential as a label is not: resolvers and the log would be told
    /// the credential. A host that is listed here tells nothing.
    pub(crate) fn follow(&self, endpoint: &Url, to: &Origin, credentials: &[&str]) -> Option<Url> {
        let target = target(endpoint, to)?;
        let same_port = target.port() == endpoint.port();
        let shows_credential = || is_label(&labels(endpoint, to).0, credentials);
        let (from, host) = (endpoint.host()?, target.host()?);
        let leave = match &self.policy {
            Policy::Deny => false,
            Policy::SameSite => {
                let are_names = matches!((&from, &host), (Host::Domain(_), Host::Domain(_)));
                let is_same = || are_names && self.sites.of(from) == self.sites.of(host);
                same_port && is_same() && !shows_credential()
            }
            Policy::AnyCloudPortal => {
                let is_portal = |host| self.sites.is_cloud_portal(host);
                same_port && is_portal(from) && is_portal(host) && !shows_credential()
            }
            Policy::Hosts(hosts) => hosts.iter().any(|(host, port)| {
                let at_port = match port {
                    Some(port) => target.port_or_known_default() == Some(*port),
                    None => same_port,
                };
                at_port && target.host() == Some(borrowed(host))
            }),
        };
        leave.then_some(target)
    }
}

/// The scheme, host and port that a portal has moved to, by a redirect of a request to
/// this address; none when the redirect is no move.
pub(crate) fn moved(asked: &Url, location: &str) -> Option<Origin> {
    let mut target = asked.join(location).ok()?;
    let has_user = !target.username().is_empty() || target.password().is_some();
    // Nothing answers at port 0.
    if target.host_str()?.len() > HOST_LIMIT || has_user || target.port() == Some(0) {
        return None;
    }
    if let Some(host) = target.host_str().map(without_dot) {
        let host = host.to_owned();
        target.set_host(Some(&host)).ok()?;
    }
    let is_web = matches!((asked.scheme(), target.scheme()), (_, "https") | ("http", "http"));
    let is_move = is_web && is_same_path(asked.path(), target.path());
    let target = target.origin();
    (is_move && target != origin_without_dot(asked)).then_some(target)
}

fn origin_without_dot(url: &Url) -> Origin {
    match url.origin() {
        Origin::Tuple(scheme, Host::Domain(name), port) => {
            Origin::Tuple(scheme, Host::Domain(without_dot(&name).to_owned()), port)
        }
        other => other,
    }
}

/// The endpoint as it would be at this scheme, host and port.
fn target(endpoint: &Url, to: &Origin) -> Option<Url> {
    let Origin::Tuple(scheme, host, port) = to else {
        return None;
    };
    let mut target = endpoint.clone();
    target.set_scheme(scheme).ok()?;
    target.set_host(Some(&host.to_string())).ok()?;
    target.set_port(Some(*port)).ok()?;
    Some(target)
}

fn host_and_port(entry: &str) -> Result<(Host, Option<u16>), NotAHost> {
    let not_a_host = || {
        let is_address = entry.contains(['/', '\\', '@', '?', '#', '%']);
        NotAHost(shown(if is_address { "…" } else { entry }, &[]))
    };
    let parse = |host: &str| Host::parse(without_dot(host)).map_err(|_| not_a_host());
    // `[::1]` has colons and no port.
    match entry.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => {
            let port = port.parse().map_err(|_| not_a_host())?;
            Ok((parse(host)?, Some(port)))
        }
        _ => Ok((parse(entry)?, None)),
    }
}

fn borrowed(host: &Host) -> Host<&str> {
    match host {
        Host::Domain(name) => Host::Domain(name),
        Host::Ipv4(address) => Host::Ipv4(*address),
        Host::Ipv6(address) => Host::Ipv6(*address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const METHOD: &str = "imbot.v2.Revision.get";

    /// Follows a redirect of a method to the same path at another host.
    #[track_caller]
    fn check(policy: &Redirects, endpoint: &str, to: &str, expected: Option<&str>) {
        let endpoint = Url::parse(endpoint).unwrap();
        let asked = endpoint.join(METHOD).unwrap();
        let location = format!("{}{}", to.trim_end_matches('/'), asked.path());
        let found = moved(&asked, &location).and_then(|to| policy.follow(&endpoint, &to, &[]));
        assert_eq!(
            found.as_ref().map(Url::as_str),
            expected,
            "{endpoint} to {location}"
        );
    }

    #[test]
    fn none_is_followed_by_default() {
        for policy in [Redirects::default(), Redirects::deny()] {
            check(
                &policy,
                "https://old.bitrix24.com/rest/",
                "https://new.bitrix24.com/rest/",
                None,
            );
        }
    }

    #[test]
    fn same_site_is_never_another_customer() {
        let policy = Redirects::same_site();
        let box_ = "https://box.acme.org:8443/rest/";
        for (from, to, expected) in [
            (
                "https://a.acme.co.uk/crm/rest/",
                "https://b.acme.co.uk/",
                Some("https://b.acme.co.uk/crm/rest/"),
            ),
            (
                "https://a.acme.org/rest/",
                "//b.acme.org",
                Some("https://b.acme.org/rest/"),
            ),
            (
                "https://a.acme.org/rest/",
                "https://B.Acme.org.:443",
                Some("https://b.acme.org/rest/"),
            ),
            (
                box_,
                "https://new.acme.org:8443/",
                Some("https://new.acme.org:8443/rest/"),
            ),
            // To https is no loss, though the default port is another.
            (
                "http://box.acme.org/rest/",
                "https://box.acme.org/",
                Some("https://box.acme.org/rest/"),
            ),
            (
                "http://portal.intranet/rest/",
                "https://portal.intranet/",
                Some("https://portal.intranet/rest/"),
            ),
            (
                "http://acme.bitrix24.com/rest/",
                "https://acme.bitrix24.com/",
                Some("https://acme.bitrix24.com/rest/"),
            ),
            (
                "https://old.bitrix24.com/rest/",
                "https://new.bitrix24.com/",
                None,
            ),
            (
                "https://old.bitrix24.com.br/rest/",
                "https://new.bitrix24.com.br/",
                None,
            ),
            (
                "https://old.bitrix24.com/rest/",
                "https://www.bitrix24.com/",
                None,
            ),
            ("https://acme.co.uk/rest/", "https://evil.co.uk/", None),
            ("https://a.github.io/rest/", "https://b.github.io/", None),
            ("https://box.acme.org/rest/", "http://new.acme.org/", None),
            ("https://box.acme.org/rest/", "https://new.acme.org:8443/", None),
            (box_, "https://new.acme.org/", None),
            ("https://10.0.0.1/rest/", "https://10.0.0.2/", None),
            ("http://10.0.0.1/rest/", "https://10.0.0.1/", None),
            ("https://127.0.0.1/rest/", "https://127.0.1/", None),
            ("https://[::1]/rest/", "https://[::2]/", None),
            (
                "https://a.portal.intranet/rest/",
                "https://b.portal.intranet/",
                None,
            ),
            ("https://localhost/rest/", "https://localhost:81/", None),
            // Within the same host: the portal is closed.
            ("https://box.acme.org/rest/", "", None),
            ("https://box.acme.org/rest/", "https://BOX.acme.org.:443", None),
        ] {
            check(&policy, from, to, expected);
        }
    }

    #[test]
    fn any_cloud_portal_stays_in_the_cloud() {
        let policy = Redirects::any_cloud_portal();
        let old = "https://old.bitrix24.com/rest/";
        for (from, to, expected) in [
            (
                old,
                "https://new.bitrix24.com/",
                Some("https://new.bitrix24.com/rest/"),
            ),
            (
                old,
                "https://NEW.Bitrix24.de.:443",
                Some("https://new.bitrix24.de/rest/"),
            ),
            (
                old,
                "https://old.bitrix24.com.br/",
                Some("https://old.bitrix24.com.br/rest/"),
            ),
            (old, "https://bitrix24.com/", None),
            (old, "https://a.new.bitrix24.com/", None),
            (old, "https://bitrix24.com.evil.com/", None),
            (old, "https://evil-bitrix24.com/", None),
            (old, "https://box.acme.org/", None),
            (old, "http://new.bitrix24.com/", None),
            (old, "https://new.bitrix24.com:8443/", None),
            (old, "", None),
            ("https://box.acme.org/rest/", "https://new.bitrix24.com/", None),
            ("https://a.acme.org/rest/", "https://b.acme.org/", None),
        ] {
            check(&policy, from, to, expected);
        }
    }

    #[test]
    fn move_keeps_path_and_method() {
        const ASKED: &str = "https://box.example:8443/rest/1/c0de/imbot.v2.Revision.get";
        let asked = Url::parse(ASKED).unwrap();
        let to =
            |asked: &Url, location: &str| moved(asked, location).map(|origin| origin.ascii_serialization());
        let path = asked.path();
        for (location, expected) in [
            (format!("https://new.example{path}"), "https://new.example"),
            (
                format!("https://new.example:8443{path}"),
                "https://new.example:8443",
            ),
            (format!("//new.example{path}"), "https://new.example"),
            (format!("https://NEW.example.{path}"), "https://new.example"),
            (
                format!("https://new.example{path}?auth=x#y"),
                "https://new.example",
            ),
            (format!("https://new.example{path}.json"), "https://new.example"),
            (format!("https://new.example{path}/"), "https://new.example"),
            (format!("https://new.example/{path}"), "https://new.example"),
            (
                "https://new.example/rest/1/c%30de/imbot%2Ev2.Revision.get".to_owned(),
                "https://new.example",
            ),
            (format!("https://new.example/x/..{path}"), "https://new.example"),
            (format!("https://10.0.0.1{path}"), "https://10.0.0.1"),
            (format!("https://[::1]:81{path}"), "https://[::1]:81"),
            // The same host at another port.
            (format!("https://box.example{path}"), "https://box.example"),
        ] {
            assert_eq!(to(&asked, &location).as_deref(), Some(expected), "{location}");
        }
        for location in [
            // The portal's own.
            "",
            "/",
            "#x",
            "?x",
            path,
            ASKED,
            "/bitrix/coupon_activation.php",
            "../../../bitrix/coupon_activation.php",
            "https://BOX.example.:8443/rest/1/c0de/imbot.v2.Revision.get",
            // Licence pages and the like, with the port lost or the scheme changed.
            "http://localhost/bitrix/coupon_activation.php",
            "https://localhost/bitrix/coupon_activation.php",
            "http://box.example/bitrix/coupon_activation.php",
            "https://box.example/bitrix/coupon_activation.php",
            "http://127.0.0.1:8443/",
            "https://www.bitrix24.com/closed.php?portal=box.example",
            // Logins and access proxies.
            "https://sso.example/login?backurl=/rest/1/c0de/imbot.v2.Revision.get",
            "https://sso.example/login?backurl=https://box.example:8443/rest/1/c0de/imbot.v2.Revision.get",
            "https://sso.example/rest/1/c0de/imbot.v2.Revision.get/login",
            "https://sso.example/login/rest/1/c0de/imbot.v2.Revision.get",
            "https://sso.example/login%2Frest%2F1%2Fc0de%2Fimbot.v2.Revision.get",
            "https://sso.example/rest%2F1%2Fc0de%2Fimbot.v2.Revision.get",
            "https://sso.example/#/rest/1/c0de/imbot.v2.Revision.get",
            "https://acme.cloudflareaccess.com/cdn-cgi/access/login/box.example?redirect_url=%2Frest%2F1",
            "https://login.microsoftonline.com/common/oauth2/authorize?state=/rest/1/c0de/",
            "/oauth2/start?rd=%2Frest%2F1%2Fc0de%2Fimbot.v2.Revision.get",
            // A part of the path, another method, or another case.
            "//new.example/",
            "//new.example",
            "https://new.example",
            "https://new.example/rest/",
            "https://new.example/rest/1/c0de/",
            "https://new.example/rest/imbot.v2.Revision.get",
            "https://new.example/rest/1/c0de/profile",
            "https://new.example/rest/1/c0de/imbot.v2.revision.get",
            "https://new.example/REST/1/c0de/imbot.v2.Revision.get",
            "https://new.example/rest/2/c0de/imbot.v2.Revision.get",
            "https://new.example/rest/1/other/imbot.v2.Revision.get",
            "https://new.example/rest/1/c0de/imbot.v2.Revision.get.xml",
            "https://new.example/rest/1/c0de/imbot.v2.Revision.get;x",
            "https://new.example/rest/1/c0de/imbot.v2.Revision.get%00",
            // From https to http.
            "http://new.example/rest/1/c0de/imbot.v2.Revision.get",
            "http://box.example:8443/rest/1/c0de/imbot.v2.Revision.get",
            // With a user.
            "https://user@new.example/rest/1/c0de/imbot.v2.Revision.get",
            "https://user:pass@new.example/rest/1/c0de/imbot.v2.Revision.get",
            // No web address.
            "https://",
            "https:///",
            "javascript:alert(1)",
            "mailto:x@new.example",
            "data:text/plain,x",
            "ftp://new.example/rest/1/c0de/imbot.v2.Revision.get",
            "file:///rest/1/c0de/imbot.v2.Revision.get",
            "ws://new.example/rest/1/c0de/imbot.v2.Revision.get",
        ] {
            assert_eq!(to(&asked, location), None, "{location}");
        }
        let long = format!("https://{}.example{path}", "a".repeat(300_000));
        assert_eq!(to(&asked, &long), None);
        // To https is no loss.
        let asked = Url::parse("http://box.example/rest/m").unwrap();
        assert_eq!(
            to(&asked, "https://box.example/rest/m").as_deref(),
            Some("https://box.example")
        );
    }

    #[test]
    fn listed_hosts_are_followed_at_the_same_port_or_the_listed_one() {
        let policy = Redirects::to_hosts([
            "new.example",
            "Box.Example.:8443",
            "10.0.0.2",
            "[::2]",
            "[::3]:81",
            "портал.рф",
        ])
        .unwrap();
        for (from, to, expected) in [
            (
                "https://old.test/rest/",
                "https://new.example/",
                Some("https://new.example/rest/"),
            ),
            (
                "https://old.test:81/rest/",
                "https://new.example:81/",
                Some("https://new.example:81/rest/"),
            ),
            (
                "https://old.test/rest/",
                "https://box.example:8443/",
                Some("https://box.example:8443/rest/"),
            ),
            (
                "https://10.0.0.1/rest/",
                "https://10.0.0.2/",
                Some("https://10.0.0.2/rest/"),
            ),
            (
                "https://[::1]/rest/",
                "https://[::2]/",
                Some("https://[::2]/rest/"),
            ),
            (
                "https://[::1]/rest/",
                "https://[::3]:81/",
                Some("https://[::3]:81/rest/"),
            ),
            (
                "https://old.test/rest/",
                "https://xn--80awhdgm.xn--p1ai/",
                Some("https://xn--80awhdgm.xn--p1ai/rest/"),
            ),
            ("https://old.test/rest/", "https://new.example:81/", None),
            ("https://old.test/rest/", "https://box.example/", None),
            ("https://old.test/rest/", "http://new.example/", None),
            ("https://old.test/rest/", "https://sub.new.example/", None),
            ("https://new.example/rest/", "https://new.example/x", None),
        ] {
            check(&policy, from, to, expected);
        }
    }

    #[test]
    fn what_is_no_host_is_told() {
        for entry in ["", "new.example:", "new.example:x", "a b", "[::1"] {
            let error = Redirects::to_hosts([entry]).unwrap_err();
            assert_eq!(error, NotAHost(entry.to_owned()));
        }
    }

    #[test]
    fn what_looks_like_an_address_is_not_repeated() {
        for entry in [
            "https://new.example/",
            "https://new.example/rest/1/s3cret/",
            "new.example/rest/1/s3cret",
            "new.example\\rest\\1\\s3cret",
            "new.example%2Frest%2F1%2Fs3cret",
            "user:s3cret@new.example",
            "new.example?auth=s3cret",
            "new.example#s3cret",
        ] {
            let error = Redirects::to_hosts([entry]).unwrap_err();
            assert_eq!(error, NotAHost("…".to_owned()), "{entry}");
        }
    }
}
