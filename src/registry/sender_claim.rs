//! [`SenderClaim`]: a portal's `member_id` and address, from a verified event of the portal.

use crate::event::Sender;
use crate::portal_id::{PortalError, PortalId};

/// The sender of a verified event and its address: `auth[member_id]` and `auth[client_endpoint]`.
///
/// # What it proves
///
/// A [`Sender`] comes from [`Posted::verify`](crate::event::Posted::verify) alone. So the event comes from the
/// portal. It proves nothing about an address: a portal can name the address of another portal. So a
/// claim moves no knowledge, and causes no request to a new address.
///
/// # The field with the address
///
/// Only `client_endpoint` is read. `domain` has no scheme and no path, and in the reply to a token
/// request it is the authorisation server. `server_endpoint` is always that server.
///
/// ```
/// use imbot_caps::event::{ApplicationTokens, Posted};
/// use imbot_caps::registry::SenderClaim;
///
/// let body = b"event=ONAPPUPDATE&auth%5Bmember_id%5D=0123456789abcdef0123456789abcdef\
///     &auth%5Bapplication_token%5D=51856fefc120afa4b628cc82d3935cce\
///     &auth%5Bclient_endpoint%5D=https%3A%2F%2Facme.bitrix24.com%2Frest%2F";
/// let stored = ApplicationTokens::new("51856fefc120afa4b628cc82d3935cce");
/// let event = Posted::from_form(body)?.verify(&stored)?;
/// let claim = SenderClaim::of(event.sender())?;
/// assert_eq!(claim.member_id().to_string(), "0123456789abcdef0123456789abcdef");
/// assert_eq!(claim.address().unwrap().to_string(), "https://acme.bitrix24.com");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SenderClaim {
    member: PortalId,
    address: Option<PortalId>,
}

/// The reason that no claim is made of an event. Repeats nothing of the event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SenderClaimError {
    /// The event has no `auth[member_id]`.
    #[error(
        "the event has no `auth[member_id]`: a portal on premise that was never registered has none, and is known \
         by its address alone"
    )]
    NoMemberId,
    /// The `member_id` or the `client_endpoint` is not valid.
    #[error("the event's `auth` is not a portal's: {0}")]
    Wrong(#[from] PortalError),
}

impl SenderClaim {
    /// Makes a claim of the sender of a verified event.
    ///
    /// # Errors
    ///
    /// [`SenderClaimError`] if the event has no `member_id`, or has a wrong field. A missing address is not an
    /// error.
    pub fn of(sender: &Sender) -> Result<Self, SenderClaimError> {
        let member = sender.member_id().ok_or(SenderClaimError::NoMemberId)?;
        let address = sender.client_endpoint().map(PortalId::at_endpoint);
        Ok(Self {
            member: PortalId::of_member(member)?,
            address: address.transpose()?,
        })
    }

    /// The `member_id` of the sender.
    #[must_use]
    pub fn member_id(&self) -> &PortalId {
        &self.member
    }

    /// The address of the sender, if the event has one.
    #[must_use]
    pub fn address(&self) -> Option<&PortalId> {
        self.address.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::event::{ApplicationTokens, Posted};

    const MEMBER: &str = "0123456789abcdef0123456789abcdef";

    fn claim_of(mut auth: Value) -> Result<SenderClaim, SenderClaimError> {
        auth["application_token"] = "t".into();
        let posted = Posted::from_value(json!({"event": "ONAPPUPDATE", "auth": auth})).unwrap();
        SenderClaim::of(posted.verify(&ApplicationTokens::new("t")).unwrap().sender())
    }

    #[test]
    fn address_is_client_endpoint() {
        let auth = json!({
            "member_id": MEMBER.to_uppercase(),
            "client_endpoint": "https://box.example:8443/crm/rest/",
            "domain": "oauth.example",
            "server_endpoint": "https://oauth.example/rest/",
        });
        let claim = claim_of(auth).unwrap();
        assert_eq!(claim.member_id().to_string(), MEMBER);
        assert_eq!(
            claim.address().unwrap().to_string(),
            "https://box.example:8443/crm"
        );
        assert!(!format!("{claim:?}").contains("\"t\""));
    }

    #[test]
    fn only_member_id_is_required() {
        for auth in [
            json!({"member_id": MEMBER}),
            json!({"member_id": MEMBER, "client_endpoint": null, "domain": "acme.bitrix24.com"}),
            json!({"member_id": MEMBER, "client_endpoint": ""}),
        ] {
            assert_eq!(claim_of(auth).unwrap().address(), None);
        }
        for auth in [
            json!({"client_endpoint": "https://acme.bitrix24.com/rest/"}),
            json!({"member_id": "", "domain": "acme.bitrix24.com"}),
            json!({"member_id": null}),
            json!({"member_id": [MEMBER]}),
        ] {
            let description = auth.to_string();
            assert_eq!(claim_of(auth), Err(SenderClaimError::NoMemberId), "{description}");
        }
        for auth in [
            json!({"member_id": "x"}),
            json!({"member_id": MEMBER, "client_endpoint": "no url"}),
        ] {
            assert!(matches!(claim_of(auth), Err(SenderClaimError::Wrong(_))));
        }
    }
}
