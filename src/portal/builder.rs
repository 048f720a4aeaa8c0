//! [`PortalBuilder`], and the constructors of [`Portal`].

use url::Url;

use super::credential::Credential;
use super::portal::{Parts, Portal};
use super::token::{SharedSource, TokenSource};
use super::webhook::{Webhook, webhook, webhook_at};
use crate::portal_id::{ExpectedAddress, PortalError, PortalId, endpoint};
use crate::site::Sites;

impl Portal {
    /// A portal with an incoming webhook, in the form that the portal shows:
    /// `https://{host}/rest/{user}/{code}/`.
    ///
    /// On premise there may be a port and a path before `/rest/`. Hosts may have letters other than ASCII,
    /// or be IPv6 addresses. Use [`Portal::builder`] to allow plain http, or to give the `member_id`.
    ///
    /// # Errors
    ///
    /// [`PortalError`] if the address is not a webhook. Each kind says what to change, and none repeats
    /// the address.
    pub fn webhook(address: &str) -> Result<Portal, PortalError> {
        Self::builder().webhook(address)
    }

    /// A portal with the `client_endpoint` that it sent to the application, such as
    /// `https://{host}/rest/`, and a source of access tokens.
    ///
    /// Clones share the source's tokens and refreshes. So clone a portal instead of making it again. If
    /// portals share one source, they have one credential: see [`TokenSource`].
    ///
    /// # Errors
    ///
    /// [`PortalError`] if the address is not an endpoint, or if the source is a
    /// [`RefreshGrant`](crate::RefreshGrant) that would send the client secret to the portal itself.
    pub fn oauth(client_endpoint: &str, tokens: impl TokenSource) -> Result<Portal, PortalError> {
        Self::builder().oauth(client_endpoint, tokens)
    }

    /// A builder, to give the `member_id` or to allow plain http.
    #[must_use]
    pub fn builder() -> PortalBuilder {
        PortalBuilder::default()
    }
}

/// Makes a [`Portal`] with options that its address does not hold.
#[derive(Clone, Debug, Default)]
pub struct PortalBuilder {
    allow_http: bool,
    /// The error of a wrong text is returned when the portal is made.
    member_id: Option<Result<PortalId, PortalError>>,
    is_of_request: bool,
}

impl PortalBuilder {
    /// Allows plain http: only for loopback and closed networks. The credential is then sent without
    /// encryption. By default portals refuse webhooks over plain http.
    #[must_use]
    pub fn allow_http(mut self) -> Self {
        self.allow_http = true;
        self
    }

    /// Marks the portal as found in an HTTP request.
    pub(crate) fn of_request(mut self) -> Self {
        self.is_of_request = true;
        self
    }

    /// Sets the portal's `member_id`: 32 hexadecimal digits, from the application's events or tokens. With
    /// it [`Registry::get`](crate::Registry::get) finds the portal, also after a change of address that
    /// is proven.
    #[must_use]
    pub fn member_id(mut self, member_id: impl Into<String>) -> Self {
        self.member_id = Some(PortalId::of_member(&member_id.into()));
        self
    }

    /// Makes a portal like [`Portal::webhook`].
    ///
    /// # Errors
    ///
    /// The errors of [`Portal::webhook`], and [`PortalError::MemberId`].
    pub fn webhook(self, address: &str) -> Result<Portal, PortalError> {
        let webhook = webhook(address, self.allow_http)?;
        self.of_webhook(webhook)
    }

    /// Makes a portal like [`Portal::webhook`], of an address that is parsed already.
    pub(crate) fn webhook_at(self, address: Url) -> Result<Portal, PortalError> {
        let webhook = webhook_at(address, self.allow_http)?;
        self.of_webhook(webhook)
    }

    fn of_webhook(self, webhook: Webhook) -> Result<Portal, PortalError> {
        let Webhook { endpoint, user, code } = webhook;
        let credential = Credential::Webhook {
            user: user.into(),
            code,
        };
        self.build(endpoint, credential, ExpectedAddress::Webhook)
    }

    /// Makes a portal like [`Portal::oauth`].
    ///
    /// # Errors
    ///
    /// The errors of [`Portal::oauth`], and [`PortalError::MemberId`].
    pub fn oauth(self, client_endpoint: &str, tokens: impl TokenSource) -> Result<Portal, PortalError> {
        let endpoint = endpoint(client_endpoint, self.allow_http, ExpectedAddress::Endpoint)?;
        let server = tokens.secret_goes_to().map(Url::parse);
        if server.is_some_and(|server| server.is_ok_and(|server| server.origin() == endpoint.origin())) {
            return Err(PortalError::AuthServerIsPortal);
        }
        let credential = Credential::OAuth(SharedSource::new(tokens));
        self.build(endpoint, credential, ExpectedAddress::Endpoint)
    }

    fn build(
        self,
        endpoint: Url,
        credential: Credential,
        wanted: ExpectedAddress,
    ) -> Result<Portal, PortalError> {
        if !Sites::default().may_have(&endpoint) {
            return Err(PortalError::NotACloudAddress(wanted));
        }
        let address = PortalId::at(&endpoint);
        let id = self.member_id.unwrap_or_else(|| Ok(address.clone()))?;
        Ok(Portal::from(Parts {
            id,
            address,
            endpoint,
            credential,
            is_of_request: self.is_of_request,
        }))
    }
}
