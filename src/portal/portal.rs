//! [`Portal`]: its name, its endpoint and its credential.

use std::fmt;
use std::sync::Arc;

use secrecy::ExposeSecret;
use url::Url;

use super::credential::Credential;
use super::token::Confirmed;
use crate::portal_id::PortalId;

/// A Bitrix24 portal that calls can be made to. Cheap to clone.
///
/// Neither `Debug` nor any error shows the credential.
///
/// ```
/// use imbot_caps::Portal;
///
/// let portal = Portal::webhook("https://acme.bitrix24.com/rest/1/s3cret/")?;
/// assert_eq!(portal.id().to_string(), "https://acme.bitrix24.com");
/// assert_eq!(format!("{portal:?}"), "Portal(https://acme.bitrix24.com, webhook of user 1)");
/// # Ok::<(), imbot_caps::PortalError>(())
/// ```
#[derive(Clone)]
pub struct Portal(Arc<Parts>);

/// The parts of a portal.
pub(super) struct Parts {
    pub(super) id: PortalId,
    /// The id by the address alone.
    pub(super) address: PortalId,
    /// Ends with a slash; method names are added to it.
    pub(super) endpoint: Url,
    pub(super) credential: Credential,
    /// The portal was found in an HTTP request. The program did not make it.
    pub(super) is_of_request: bool,
}

impl From<Parts> for Portal {
    fn from(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Portal {
    /// The portal's id: its `member_id` if it was given, otherwise its address.
    #[must_use]
    pub fn id(&self) -> &PortalId {
        &self.0.id
    }

    /// The portal's id by its address, whether or not its `member_id` is known.
    pub(crate) fn address(&self) -> &PortalId {
        &self.0.address
    }

    /// The endpoint without the credential: `https://acme.bitrix24.com/rest/`.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        self.0.endpoint.as_str()
    }

    /// The portal's address as the authorisation server has confirmed it. Returned once for each
    /// confirmation.
    pub(crate) fn take_confirmed(&self) -> Option<Arc<Confirmed>> {
        match &self.0.credential {
            Credential::OAuth(tokens) => tokens.take_confirmed(),
            Credential::Webhook { .. } => None,
        }
    }

    /// Whether the credential is an incoming webhook. Otherwise it is an application's.
    pub(crate) fn is_webhook(&self) -> bool {
        matches!(self.0.credential, Credential::Webhook { .. })
    }

    /// The host and port of the endpoint.
    pub(crate) fn server(&self) -> (&str, Option<u16>) {
        let host = self.0.endpoint.host_str().unwrap_or_default();
        (host, self.0.endpoint.port_or_known_default())
    }

    /// Whether both have the same address and the same credential.
    pub(crate) fn same_credential(&self, other: &Portal) -> bool {
        self.0.address == other.0.address && self.same_secret(other)
    }

    fn same_secret(&self, other: &Portal) -> bool {
        match (&self.0.credential, &other.0.credential) {
            (Credential::Webhook { user, code }, Credential::Webhook { user: u, code: c }) => {
                user == u && code.expose_secret() == c.expose_secret()
            }
            (Credential::OAuth(tokens), Credential::OAuth(others)) => tokens.is(others),
            _ => false,
        }
    }

    /// Whether the portal was found in an HTTP request. Anybody can make up its credential.
    pub(crate) fn is_of_request(&self) -> bool {
        self.0.is_of_request
    }

    pub(crate) fn credential(&self) -> &Credential {
        &self.0.credential
    }

    /// The URL of a method. A webhook's URL holds the code.
    pub(crate) fn method_url(&self, method: &str) -> Url {
        let mut url = self.0.endpoint.clone();
        // The scheme is http or https, so the URL has path segments.
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty();
            match &self.0.credential {
                Credential::Webhook { user, code } => path.extend([&**user, code.expose_secret(), method]),
                Credential::OAuth(_) => path.push(method),
            };
        }
        url
    }
}

impl fmt::Debug for Portal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Portal({}", self.0.id)?;
        if self.0.id.is_member() {
            write!(f, " at {}", self.0.endpoint)?;
        }
        match &self.0.credential {
            Credential::Webhook { user, .. } => write!(f, ", webhook of user {user})"),
            Credential::OAuth(_) => f.write_str(", OAuth)"),
        }
    }
}
