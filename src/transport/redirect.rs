//! Which redirects the probe follows: whom a credential may be shown.

use std::sync::Arc;

use url::{Host, Origin, Url};

/// Which redirects are followed: none, unless told otherwise.
///
/// A renamed portal answers at its old address with a redirect, and whoever can
/// answer there can ask for the credential in this way. Where a redirect may be
/// followed, the request is repeated once, with its body and without a
/// `Referer`, at the scheme, host and port that it names; the path stays. The
/// program is told the new address, to store it.
///
/// Never followed, whatever the policy: a redirect from https to http, and one
/// within the same scheme, host and port, which a portal sends that is closed.
///
/// ```
/// use imbot_caps::transport::Redirects;
///
/// let rename = Redirects::to_hosts(["new.example", "box.example:8443"])?;
/// # let _ = rename;
/// # Ok::<(), imbot_caps::transport::NotAHost>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Redirects(Policy);

#[derive(Clone, Debug, Default)]
enum Policy {
    #[default]
    Deny,
    SameSite,
    Hosts(Arc<[(Host, Option<u16>)]>),
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
        Self(Policy::Deny)
    }

    /// Follows those within one registrable domain, by the Public Suffix List, at
    /// the same port: from `old.bitrix24.com` to `new.bitrix24.com`, and from
    /// `a.acme.co.uk` to `b.acme.co.uk`.
    ///
    /// IP addresses, and names below suffixes that are not on the list, have no
    /// such domain. In the cloud the portals of all customers are of one site:
    /// what is trusted there is the answer of the cloud itself.
    #[must_use]
    pub fn same_site() -> Self {
        Self(Policy::SameSite)
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
        Ok(Self(Policy::Hosts(hosts?)))
    }

    /// The endpoint with the scheme, host and port that a redirect leads to, when
    /// it may be followed.
    pub(crate) fn follow(&self, endpoint: &Url, location: &str) -> Option<Url> {
        let target = target(endpoint, location)?;
        let same_port = target.port() == endpoint.port();
        let leave = match &self.0 {
            Policy::Deny => false,
            Policy::SameSite => same_port && site(endpoint).is_some_and(|own| site(&target) == Some(own)),
            Policy::Hosts(hosts) => hosts.iter().any(|(host, port)| {
                let at_port = match port {
                    Some(port) => target.port_or_known_default() == Some(*port),
                    None => same_port,
                };
                at_port && target.host() == Some(borrowed(host))
            }),
        };
        let downgrade = endpoint.scheme() == "https" && target.scheme() != "https";
        (leave && !downgrade).then_some(target)
    }
}

/// The scheme, host and port that a redirect leads to, when those are not the
/// portal's own. None for what has no host, or is not answered over HTTP.
pub(crate) fn elsewhere(endpoint: &Url, location: &str) -> Option<Origin> {
    let mut target = endpoint.join(location).ok()?;
    if let Some(host) = target.host_str().map(without_dot) {
        let host = host.to_owned();
        target.set_host(Some(&host)).ok()?;
    }
    // What mails or transfers files is no portal, and `mailto:` has no host.
    if !matches!(target.scheme(), "http" | "https") {
        return None;
    }
    let target = target.origin();
    (target != endpoint.origin()).then_some(target)
}

/// The endpoint as it would be at the redirect's scheme, host and port.
fn target(endpoint: &Url, location: &str) -> Option<Url> {
    let Origin::Tuple(scheme, host, port) = elsewhere(endpoint, location)? else {
        return None;
    };
    let mut target = endpoint.clone();
    target.set_scheme(&scheme).ok()?;
    target.set_host(Some(&host.to_string())).ok()?;
    target.set_port(Some(port)).ok()?;
    Some(target)
}

/// The registrable domain; none for addresses, and below unknown suffixes.
fn site(url: &Url) -> Option<&str> {
    let Host::Domain(host) = url.host()? else {
        return None;
    };
    let is_known = psl::suffix(host.as_bytes()).is_some_and(|suffix| suffix.is_known());
    psl::domain_str(host).filter(|_| is_known)
}

fn host_and_port(entry: &str) -> Result<(Host, Option<u16>), NotAHost> {
    let not_a_host = || {
        let is_address = entry.contains(['/', '\\', '@', '?', '#', '%']);
        NotAHost(if is_address { "…" } else { entry }.to_owned())
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

/// `acme.example.` is the same host as `acme.example`.
fn without_dot(host: &str) -> &str {
    host.strip_suffix('.').unwrap_or(host)
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

    #[track_caller]
    fn check(policy: &Redirects, endpoint: &str, location: &str, expected: Option<&str>) {
        let found = policy.follow(&Url::parse(endpoint).unwrap(), location);
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
    fn one_site_is_one_registrable_domain() {
        let policy = Redirects::same_site();
        let old = "https://old.bitrix24.com/rest/";
        for (from, to, expected) in [
            (
                old,
                "https://new.bitrix24.com/",
                Some("https://new.bitrix24.com/rest/"),
            ),
            (old, "//new.bitrix24.com", Some("https://new.bitrix24.com/rest/")),
            (
                old,
                "https://NEW.Bitrix24.com.:443/x?y#z",
                Some("https://new.bitrix24.com/rest/"),
            ),
            (
                old,
                "https://user:pass@new.bitrix24.com/",
                Some("https://new.bitrix24.com/rest/"),
            ),
            (
                "https://a.acme.co.uk/crm/rest/",
                "https://b.acme.co.uk/rest/",
                Some("https://b.acme.co.uk/crm/rest/"),
            ),
            (
                "https://box.acme.org:8443/rest/",
                "https://new.acme.org:8443/",
                Some("https://new.acme.org:8443/rest/"),
            ),
            // To https is no loss, though the default port is another.
            (
                "http://box.acme.org/rest/",
                "https://box.acme.org/",
                Some("https://box.acme.org/rest/"),
            ),
            (old, "https://new.bitrix24.de/", None),
            (old, "https://bitrix24.com.evil.com/", None),
            (old, "https://evil-bitrix24.com/", None),
            ("https://acme.co.uk/rest/", "https://evil.co.uk/", None),
            ("https://a.github.io/rest/", "https://b.github.io/", None),
            (old, "http://new.bitrix24.com/", None),
            (old, "https://new.bitrix24.com:8443/", None),
            ("https://box.acme.org:8443/rest/", "https://new.acme.org/", None),
            ("https://10.0.0.1/rest/", "https://10.0.0.2/", None),
            ("https://127.0.0.1/rest/", "https://127.0.1/", None),
            ("https://[::1]/rest/", "https://[::2]/", None),
            (
                "https://a.portal.intranet/rest/",
                "https://b.portal.intranet/",
                None,
            ),
            ("https://localhost/rest/", "https://localhost:81/", None),
            // Within the same host: the portal is closed.
            (old, "/bitrix/coupon_activation.php", None),
            (old, "https://old.bitrix24.com:443/rest/", None),
            (old, "https://OLD.bitrix24.com./rest/", None),
            (old, "", None),
            (old, "https://", None),
            (old, "javascript:alert(1)", None),
            (old, "ftp://new.bitrix24.com/", None),
            (old, "data:text/plain,x", None),
            (old, "mailto:x@new.bitrix24.com", None),
        ] {
            check(&policy, from, to, expected);
        }
    }

    #[test]
    fn elsewhere_is_another_host_that_answers_over_http() {
        let old = Url::parse("https://old.bitrix24.com/rest/").unwrap();
        for (location, expected) in [
            ("http://new.example:81/x", Some("http://new.example:81")),
            ("https://old.bitrix24.com./x", None),
            ("/x", None),
            ("mailto:x@new.example", None),
            ("data:text/plain,x", None),
            ("ftp://new.example/", None),
            ("file:///x", None),
        ] {
            let found = elsewhere(&old, location).map(|origin| origin.ascii_serialization());
            assert_eq!(found.as_deref(), expected, "{location}");
        }
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
