//! [`Redirects`]: decides which redirects are moves of a portal, and which moves are followed. A
//! followed move sends the credential to the new address.

use std::fmt;
use std::sync::Arc;

use url::{Host, Origin, Url};

use super::path::is_same_path;
use super::secret_in_host::shows_secret;
use crate::portal_id::HOST_LIMIT;
use crate::site::{Sites, without_dot};
use crate::table::Table;
use crate::wire::redact::shown;

/// Chooses which moves are followed. By default none is.
///
/// A renamed portal redirects from its old address. A redirect is a move if
///
/// - the status is 301, 302, 307 or 308;
/// - the path is the same, with the method's name. Escapes, repeated slashes, slashes at the end and
///   the suffix `.json` make no difference. A query is ignored;
/// - the scheme, host or port differs, the port is not 0, and there is no user name before the host;
/// - it does not lead from https to http.
///
/// Any other redirect leads to a page: of an expired licence, a closed site, a login. It is never
/// followed, and never reported as a new address.
///
/// A server at the old address can ask for the credential by a move. If the move may be followed, the
/// request is repeated once at the new scheme, host and port, with the same path and body and without
/// a `Referer`. When the portal has answered a probe there, [`Event::Moved`](crate::registry::Event::Moved)
/// reports the new address.
///
/// ```
/// use imbot_caps::transport::Redirects;
///
/// let rename = Redirects::to_hosts(["new.example", "box.example:8443"])?;
/// # let _ = rename;
/// # Ok::<(), imbot_caps::transport::HostError>(())
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

/// The error for a text that is not a host, with or without a port. A text that looks like an address is
/// not repeated, since it may hold a credential.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no host: give one such as `portal.example`, or `portal.example:8443` for a port")]
pub struct HostError(String);

impl HostError {
    pub(crate) fn of(entry: &str) -> Self {
        let is_address = entry.contains(['/', '\\', '@', '?', '#', '%']);
        Self(shown(if is_address { "…" } else { entry }, &[]))
    }
}

impl Redirects {
    /// Follows no move. The probe fails, and its error has the new address.
    #[must_use]
    pub fn deny() -> Self {
        Self::by(Policy::Deny)
    }

    /// Follows moves within one site, at the same port: from `a.acme.co.uk` to `b.acme.co.uk`.
    ///
    /// A site is a registrable domain by the Public Suffix List. The domains of
    /// [`Table::cloud_domains`] count as public suffixes: two portals of the cloud belong to two
    /// customers and are never one site. A name below a suffix that is not on the list is a site by
    /// itself. IP addresses belong to no site.
    #[must_use]
    pub fn same_site() -> Self {
        Self::by(Policy::SameSite)
    }

    /// Follows moves from one portal of the cloud to any other, in any zone, at the same port: from
    /// `old.bitrix24.com` to `new.bitrix24.com` or to `new.bitrix24.de`.
    ///
    /// The target may be the portal of any customer of the cloud. The old address decides where the
    /// credential goes. So this policy trusts the cloud, which answers at all of these names. The
    /// registry's table lists the cloud's domains: [`Table::cloud_domains`].
    #[must_use]
    pub fn any_cloud_portal() -> Self {
        Self::by(Policy::AnyCloudPortal)
    }

    /// Follows moves to these hosts: to `new.example` at the portal's present port, to
    /// `new.example:8443` at port 8443.
    ///
    /// # Errors
    ///
    /// [`HostError`] for an entry that is not a host.
    pub fn to_hosts<I>(hosts: I) -> Result<Self, HostError>
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

    /// The same policy with the cloud's domains of this table.
    pub(crate) fn with_table(self, table: &'static Table) -> Self {
        let sites = Sites::by(table);
        Self { sites, ..self }
    }

    /// The new endpoint of a portal, if the move may be followed.
    ///
    /// A move to a name that shows the credential is not followed: resolvers and the log would see the
    /// credential. For hosts that the program has listed this check is not needed.
    pub(crate) fn follow(&self, endpoint: &Url, to: &Origin, credentials: &[&str]) -> Option<Url> {
        let target = target(endpoint, to)?;
        let same_port = target.port() == endpoint.port();
        let shows_credential = || shows_secret(endpoint, to, credentials);
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

/// The new scheme, host and port after a redirect of a request to this address. `None` if the redirect
/// is not a move.
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

/// The endpoint at another scheme, host and port.
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

pub(crate) fn host_and_port(entry: &str) -> Result<(Host, Option<u16>), HostError> {
    let not_a_host = || HostError::of(entry);
    let parse = |host: &str| match Host::parse(without_dot(host)) {
        // No name has a star. A pattern with one would count as a name and match nothing.
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
