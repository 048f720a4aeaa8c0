//! One portal: who it is, where it answers, and with what credential.

#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, reason = "numbers from outside are here")
)]

use std::fmt;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

mod address;
mod grant;
mod serial;
mod token;

pub(crate) use address::HOST_LIMIT;
pub use address::{PortalError, Wanted};
pub use grant::{GrantError, RefreshGrant, RefreshGrantBuilder, RenewedTokens, StoredTokens};
pub use token::{AccessToken, StaticToken, TokenError, TokenErrorKind, TokenSource};

pub(crate) use token::{Confirmed, SharedSource};

use address::Webhook;

use crate::site::Sites;

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
pub struct Portal(Arc<Inner>);

struct Inner {
    id: PortalId,
    /// What it is known by where its `member_id` is not known.
    address: PortalId,
    /// Ends with a slash; method names are added to it.
    endpoint: Url,
    credential: Credential,
    /// It was found in an HTTP request, and the program did not make it.
    is_of_request: bool,
}

pub(crate) enum Credential {
    Webhook { user: Box<str>, code: SecretString },
    OAuth(Arc<SharedSource>),
}

/// What a portal is called: its `member_id` where that is known, since it survives a
/// change of address; else where it answers. Holds no secret.
///
/// Addresses that differ only in repeated slashes, needless escapes, capitals of the
/// scheme or host, the host's trailing dot or the default port are one id. An address has
/// at most 512 bytes. A longer one is refused where the portal is made.
///
/// Written with serde as the text that it is shown as, which can be parsed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortalId(Id);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Id {
    Member([u8; 16]),
    Origin(Arc<str>),
}

impl Portal {
    /// A portal by its incoming webhook, as the portal shows it:
    /// `https://{host}/rest/{user}/{code}/`.
    ///
    /// On premise there may be a port and a path before `/rest/`. Hosts with
    /// other than ASCII letters and IPv6 addresses are understood. Use
    /// [`Portal::builder`] to allow plain http, or to give the `member_id`.
    ///
    /// # Errors
    ///
    /// [`PortalError`] when it is not such an address: each kind says what to
    /// change, and none repeats the address.
    pub fn webhook(address: &str) -> Result<Portal, PortalError> {
        Self::builder().webhook(address)
    }

    /// A portal by the `client_endpoint` that it gave the application, such as
    /// `https://{host}/rest/`, with a source of access tokens.
    ///
    /// Clones share what the source gave and its refresh: clone the portal rather
    /// than make it anew. Portals of one source are known as of one credential
    /// where the source is shared, as [`TokenSource`] says.
    ///
    /// # Errors
    ///
    /// [`PortalError`] when it is no such address, and when the source is a
    /// [`RefreshGrant`] that would send the client secret to the portal itself.
    pub fn oauth(client_endpoint: &str, tokens: impl TokenSource) -> Result<Portal, PortalError> {
        Self::builder().oauth(client_endpoint, tokens)
    }

    /// A builder, to give the `member_id` or to allow plain http.
    #[must_use]
    pub fn builder() -> PortalBuilder {
        PortalBuilder::default()
    }

    /// What the portal is known by.
    #[must_use]
    pub fn id(&self) -> &PortalId {
        &self.0.id
    }

    /// What it is known by to those who do not know its `member_id`.
    pub(crate) fn address(&self) -> &PortalId {
        &self.0.address
    }

    /// Where the portal answers, without credential: `https://acme.bitrix24.com/rest/`.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        self.0.endpoint.as_str()
    }

    /// What the authorisation server has said of the portal, to the first who asks.
    pub(crate) fn unheard(&self) -> Option<Arc<Confirmed>> {
        match &self.0.credential {
            Credential::OAuth(tokens) => tokens.unheard(),
            Credential::Webhook { .. } => None,
        }
    }

    /// Whether it is called by an incoming webhook, and not by an application.
    pub(crate) fn is_webhook(&self) -> bool {
        matches!(self.0.credential, Credential::Webhook { .. })
    }

    /// The host and port where the portal answers.
    pub(crate) fn server(&self) -> (&str, Option<u16>) {
        let host = self.0.endpoint.host_str().unwrap_or_default();
        (host, self.0.endpoint.port_or_known_default())
    }

    /// Whether both are called with the same credential, at the same address.
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

    /// Whether it was found in an HTTP request. Anybody may have made up its credential.
    pub(crate) fn is_of_request(&self) -> bool {
        self.0.is_of_request
    }

    pub(crate) fn credential(&self) -> &Credential {
        &self.0.credential
    }

    /// The address of a method. For a webhook it holds the code.
    pub(crate) fn method_url(&self, method: &str) -> Url {
        let mut url = self.0.endpoint.clone();
        // An endpoint is http or https, which can always have path segments.
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty();
            if let Credential::Webhook { user, code } = &self.0.credential {
                path.push(user).push(code.expose_secret());
            }
            path.push(method);
        }
        url
    }
}

impl fmt::Debug for Portal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Portal({}", self.0.id)?;
        if let Id::Member(_) = self.0.id.0 {
            write!(f, " at {}", self.0.endpoint)?;
        }
        match &self.0.credential {
            Credential::Webhook { user, .. } => write!(f, ", webhook of user {user})"),
            Credential::OAuth(_) => f.write_str(", OAuth)"),
        }
    }
}

impl PortalId {
    /// A number drawn from it, the same in every process: FNV-1a.
    pub(crate) fn seed(&self) -> u64 {
        match &self.0 {
            Id::Member(id) => Self::seed_of(id),
            Id::Origin(origin) => Self::seed_of(origin.as_bytes()),
        }
    }

    /// The same of its bytes.
    pub(crate) fn seed_of<'b>(bytes: impl IntoIterator<Item = &'b u8>) -> u64 {
        bytes.into_iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        })
    }
}

impl fmt::Display for PortalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Id::Member(id) => id.iter().try_for_each(|byte| write!(f, "{byte:02x}")),
            Id::Origin(origin) => f.write_str(origin),
        }
    }
}

impl fmt::Debug for PortalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PortalId({self})")
    }
}

/// Makes a [`Portal`], for what its address does not say.
#[derive(Clone, Debug, Default)]
pub struct PortalBuilder {
    allow_http: bool,
    /// An error where the text was none: it is told when the portal is made.
    member_id: Option<Result<PortalId, PortalError>>,
    is_of_request: bool,
}

impl PortalBuilder {
    /// Allows plain http. Portals refuse webhooks over it unless configured
    /// otherwise, and the credential crosses the network in the open: for
    /// loopback and for closed networks.
    #[must_use]
    pub fn allow_http(mut self) -> Self {
        self.allow_http = true;
        self
    }

    /// The portal is found in an HTTP request.
    pub(crate) fn of_request(mut self) -> Self {
        self.is_of_request = true;
        self
    }

    /// The portal's `member_id`: 32 hexadecimal digits, from the application's
    /// events or tokens. With it the portal is found by [`Registry::get`](crate::Registry::get),
    /// and known across changes of address that are proven.
    #[must_use]
    pub fn member_id(mut self, member_id: impl Into<String>) -> Self {
        self.member_id = Some(PortalId::of_member(&member_id.into()));
        self
    }

    /// As [`Portal::webhook`].
    ///
    /// # Errors
    ///
    /// As there, and when the `member_id` is none.
    pub fn webhook(self, address: &str) -> Result<Portal, PortalError> {
        let Webhook { endpoint, user, code } = address::webhook(address, self.allow_http)?;
        let credential = Credential::Webhook {
            user: user.into(),
            code,
        };
        self.build(endpoint, credential, Wanted::Webhook)
    }

    /// As [`Portal::oauth`].
    ///
    /// # Errors
    ///
    /// As there, and when the `member_id` is none.
    pub fn oauth(self, client_endpoint: &str, tokens: impl TokenSource) -> Result<Portal, PortalError> {
        let endpoint = address::endpoint(client_endpoint, self.allow_http, Wanted::Endpoint)?;
        let server = tokens.secret_goes_to().map(Url::parse);
        if server.is_some_and(|server| server.is_ok_and(|server| server.origin() == endpoint.origin())) {
            return Err(PortalError::SecretToPortal);
        }
        let credential = Credential::OAuth(SharedSource::new(tokens));
        self.build(endpoint, credential, Wanted::Endpoint)
    }

    fn build(self, endpoint: Url, credential: Credential, wanted: Wanted) -> Result<Portal, PortalError> {
        if !Sites::default().may_have(&endpoint) {
            return Err(PortalError::NotOfCloud(wanted));
        }
        let address = PortalId::at(&endpoint);
        let id = self.member_id.unwrap_or_else(|| Ok(address.clone()))?;
        Ok(Portal(Arc::new(Inner {
            id,
            address,
            endpoint,
            credential,
            is_of_request: self.is_of_request,
        })))
    }
}
