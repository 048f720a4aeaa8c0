//! Which redirects are moves of a portal, and which of those are followed: whom a
//! credential may be shown.

use std::fmt;
use std::sync::Arc;

use url::{Host, Origin, Url};

use super::labels::{is_label, labels};
use super::path::is_same_path;
use crate::portal_id::HOST_LIMIT;
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
/// `Referer`, at the scheme, host and port that it names; the path stays. When the portal
/// has answered a probe there, [`Event::Moved`](crate::Event::Moved) reports the new address.
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

impl NotAHost {
    pub(crate) fn of(entry: &str) -> Self {
        let is_address = entry.contains(['/', '\\', '@', '?', '#', '%']);
        Self(shown(if is_address { "…" } else { entry }, &[]))
    }
}

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
    /// wherever in the cloud the old address says. This policy trusts the cloud to answer
    /// at all of these names. The registry's table lists the cloud's domains:
    /// [`Table::cloud_domains`].
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

pub(crate) fn host_and_port(entry: &str) -> Result<(Host, Option<u16>), NotAHost> {
    let not_a_host = || NotAHost::of(entry);
    let parse = |host: &str| match Host::parse(without_dot(host)) {
        // No name has a star: as a pattern it would be taken for a name, and match nothing.
        Ok(host) if !host.to_string().contains('*') => Ok(host),
        _ => Err(not_a_host()),
    };
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
mod tests;
