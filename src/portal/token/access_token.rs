//! [`AccessToken`], and the address that the authorisation server confirms with it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use crate::portal_id::PortalId;

/// An access token of an application. Never printed.
///
/// This copy is wiped when it is dropped. Requests, HTTP clients and the program have copies
/// that are not wiped: see [`docs::security`](crate::docs::security).
#[derive(Clone)]
pub struct AccessToken {
    secret: SecretString,
    confirmed: Option<Arc<Confirmed>>,
}

/// Copies a text into a secret and wipes the text. A text with spare capacity cannot become the
/// secret itself: shrinking it would leave a copy in memory.
pub(crate) fn secret(text: impl Into<String>) -> SecretString {
    let text = Zeroizing::new(text.into());
    SecretString::from(text.as_str())
}

/// The `member_id` and the address of a token's portal, from the authorisation server.
#[derive(Debug)]
pub(crate) struct Confirmed {
    pub(crate) member: PortalId,
    pub(crate) address: PortalId,
    /// Whether a registry has taken it.
    is_taken: AtomicBool,
}

impl AccessToken {
    /// A token as the authorisation server gave it.
    #[must_use]
    pub fn new(token: impl Into<String>) -> Self {
        Self {
            secret: secret(token),
            confirmed: None,
        }
    }

    /// The same token with the `member_id` and endpoint from the authorisation server's reply,
    /// if the reply has both.
    pub(crate) fn confirming(mut self, member_id: Option<&str>, client_endpoint: Option<&str>) -> Self {
        let member = member_id.and_then(|text| PortalId::of_member(text).ok());
        let address = client_endpoint.and_then(|text| PortalId::at_endpoint(text).ok());
        self.confirmed = member.zip(address).map(|(member, address)| {
            Arc::new(Confirmed {
                member,
                address,
                is_taken: AtomicBool::new(false),
            })
        });
        self
    }

    /// What the authorisation server has confirmed. Returned once for all clones of the token.
    pub(super) fn take_confirmed(&self) -> Option<Arc<Confirmed>> {
        let is_new = |confirmed: &&Arc<Confirmed>| !confirmed.is_taken.swap(true, Ordering::Relaxed);
        self.confirmed.as_ref().filter(is_new).map(Arc::clone)
    }

    /// The token itself, for the request.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.secret.expose_secret()
    }

    pub(crate) fn is(&self, other: &AccessToken) -> bool {
        self.expose() == other.expose()
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(..)")
    }
}
