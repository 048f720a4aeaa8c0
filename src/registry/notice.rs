//! [`Notice`]: a portal's `member_id` and address, from a verified event of the portal.

use crate::event::Sender;
use crate::portal_id::{PortalError, PortalId};

/// The sender of a verified event and its address: `auth[member_id]` and `auth[client_endpoint]`.
///
/// # What it proves
///
/// A [`Sender`] comes from [`Posted::verify`](crate::event::Posted::verify) alone. So the event comes from the
/// portal. It proves nothing about an address: a portal can name the address of another portal. So a
/// notice moves no knowledge, and causes no request to a new address.
///
/// # The field with the address
///
/// Only `client_endpoint` is read. `domain` has no scheme and no path, and in the reply to a token
/// request it is the authorisation server. `server_endpoint` is always that server.
///
/// ```
/// use imbot_caps::event::{ApplicationTokens, Posted};
/// use imbot_caps::registry::Notice;
///
/// let body = b"event=ONAPPUPDATE&auth%5Bmember_id%5D=0123456789abcdef0123456789abcdef\
///     &auth%5Bapplication_token%5D=51856fefc120afa4b628cc82d3935cce\
///     &auth%5Bclient_endpoint%5D=https%3A%2F%2Facme.bitrix24.com%2Frest%2F";
/// let stored = ApplicationTokens::new("51856fefc120afa4b628cc82d3935cce");
/// let event = Posted::from_form(body)?.verify(&stored)?;
/// let notice = Notice::of(event.sender())?;
/// assert_eq!(notice.member_id().to_string(), "0123456789abcdef0123456789abcdef");
/// assert_eq!(notice.address().unwrap().to_string(), "https://acme.bitrix24.com");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    member: PortalId,
    address: Option<PortalId>,
}

/// The reason that no notice is made of an event. Repeats nothing of the event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoticeError {
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

impl Notice {
    /// Makes a notice of the sender of a verified event.
    ///
    /// # Errors
    ///
    /// [`NoticeError`] if the event has no `member_id`, or has a wrong field. A missing address is not an
    /// error.
    pub fn of(sender: &Sender) -> Result<Self, NoticeError> {
        let member = sender.member_id().ok_or(NoticeError::NoMemberId)?;
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

    fn notice_of(mut auth: Value) -> Result<Notice, NoticeError> {
        auth["application_token"] = "t".into();
        let posted = Posted::from_value(json!({"event": "ONAPPUPDATE", "auth": auth})).unwrap();
        Notice::of(posted.verify(&ApplicationTokens::new("t")).unwrap().sender())
    }

    #[test]
    fn address_is_client_endpoint() {
        let auth = json!({
            "member_id": MEMBER.to_uppercase(),
            "client_endpoint": "https://box.example:8443/crm/rest/",
            "domain": "oauth.example",
            "server_endpoint": "https://oauth.example/rest/",
        });
        let notice = notice_of(auth).unwrap();
        assert_eq!(notice.member_id().to_string(), MEMBER);
        assert_eq!(
            notice.address().unwrap().to_string(),
            "https://box.example:8443/crm"
        );
        assert!(!format!("{notice:?}").contains("\"t\""));
    }

    #[test]
    fn only_member_id_is_required() {
        for auth in [
            json!({"member_id": MEMBER}),
            json!({"member_id": MEMBER, "client_endpoint": null, "domain": "acme.bitrix24.com"}),
            json!({"member_id": MEMBER, "client_endpoint": ""}),
        ] {
            assert_eq!(notice_of(auth).unwrap().address(), None);
        }
        for auth in [
            json!({"client_endpoint": "https://acme.bitrix24.com/rest/"}),
            json!({"member_id": "", "domain": "acme.bitrix24.com"}),
            json!({"member_id": null}),
            json!({"member_id": [MEMBER]}),
        ] {
            let description = auth.to_string();
            assert_eq!(notice_of(auth), Err(NoticeError::NoMemberId), "{description}");
        }
        for auth in [
            json!({"member_id": "x"}),
            json!({"member_id": MEMBER, "client_endpoint": "no url"}),
        ] {
            assert!(matches!(notice_of(auth), Err(NoticeError::Wrong(_))));
        }
    }
}
