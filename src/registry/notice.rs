//! [`Notice`]: a portal's `member_id` and address, from an event of the portal.

use serde_json::Value;
use subtle::ConstantTimeEq;

use crate::portal_id::{PortalError, PortalId};

mod form_key;

use form_key::{APPLICATION_TOKEN, AUTH, CLIENT_ENDPOINT, FormKey, MEMBER_ID};

/// The limit of a form, in bytes. The form of a message of 20,000 characters, percent-encoded, has
/// some hundred thousand bytes.
const FORM_LIMIT: usize = 4 * 1024 * 1024;

/// The sender of an event and its address: `auth[member_id]` and `auth[client_endpoint]` of an event
/// that the handler of an application or a bot received.
///
/// # Verification
///
/// Anybody can send a form to a public address. So a notice is made with a stored secret: the
/// `application_token` that the portal gave when the application was installed. It is compared in
/// constant time with `auth[application_token]`.
///
/// A verified event comes from the portal. It proves nothing about an address: a portal can name the
/// address of another portal. So a notice moves no knowledge, and causes no request to a new address.
///
/// # The field with the address
///
/// Only `client_endpoint` is read. `domain` has no scheme and no path, and in the reply to a token
/// request it is the authorisation server. `server_endpoint` is always that server.
///
/// ```
/// use imbot_caps::Notice;
///
/// let stored = "51856fefc120afa4b628cc82d3935cce";
/// let notice = Notice::from_form(
///     "event=ONAPPUPDATE&auth%5Bmember_id%5D=0123456789abcdef0123456789abcdef\
///      &auth%5Bapplication_token%5D=51856fefc120afa4b628cc82d3935cce\
///      &auth%5Bclient_endpoint%5D=https%3A%2F%2Facme.bitrix24.com%2Frest%2F",
///     stored,
/// )?;
/// assert_eq!(notice.member_id().to_string(), "0123456789abcdef0123456789abcdef");
/// assert_eq!(notice.address().unwrap().to_string(), "https://acme.bitrix24.com");
/// # Ok::<(), imbot_caps::NoticeError>(())
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
    /// The `application_token` is missing, or it is not the stored one.
    #[error(
        "the event's `auth[application_token]` is not the one that is stored for this portal: it is forged, or the \
         application was installed again and the new token was not stored"
    )]
    Unverified,
    /// A field of `auth` comes twice, or has a list as its value. PHP and other readers would read
    /// different values.
    #[error(
        "the event has `{field}` more than once, or something else in its place: no portal sends that, so refuse it"
    )]
    Ambiguous {
        /// The field; `auth` for all of them.
        field: &'static str,
    },
    /// The form is longer than the limit.
    #[error(
        "the event is longer than the limit of {limit} bytes: no portal sends such a long event, so refuse it"
    )]
    TooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The `member_id` or the `client_endpoint` is not valid.
    #[error("the event's `auth` is not a portal's: {0}")]
    Wrong(#[from] PortalError),
}

impl Notice {
    /// Makes a notice of an event as JSON: the whole payload, with `auth` in it.
    /// `application_token` is the one that is stored for the portal.
    ///
    /// It looks up three members, so its time does not depend on the length of the payload. The time
    /// is spent by the parser that makes the [`Value`]: limit the length of the body before.
    ///
    /// # Errors
    ///
    /// [`NoticeError`] if the event is not verified, has no `member_id`, or has a wrong field. A
    /// missing address is not an error.
    pub fn from_json(payload: &Value, application_token: &str) -> Result<Self, NoticeError> {
        let field = |name| payload.get("auth")?.get(name)?.as_str();
        verify(field(APPLICATION_TOKEN), application_token)?;
        Self::new(field(MEMBER_ID), field(CLIENT_ENDPOINT))
    }

    /// Makes a notice of the form that a portal posts: `application/x-www-form-urlencoded` with PHP's
    /// keys. `application_token` is the one that is stored for the portal.
    ///
    /// It reads the form on this thread, field by field, in time that is proportional to its length. A
    /// form of more than 4 MiB is refused unread. If the server that receives events allows forms of
    /// more than 256 KiB, call this in [`spawn_blocking`](tokio::task::spawn_blocking).
    ///
    /// # Errors
    ///
    /// Those of [`from_json`](Self::from_json), [`NoticeError::TooLong`] for more than 4 MiB, and
    /// [`NoticeError::Ambiguous`] for a field that comes twice.
    pub fn from_form(body: &str, application_token: &str) -> Result<Self, NoticeError> {
        if body.len() > FORM_LIMIT {
            return Err(NoticeError::TooLong { limit: FORM_LIMIT });
        }
        let (mut member, mut endpoint, mut token) = (None, None, None);
        for (key, value) in url::form_urlencoded::parse(body.as_bytes()) {
            let (field, is_list) = match FormKey::of(&key) {
                FormKey::Other => continue,
                FormKey::Whole => return Err(NoticeError::Ambiguous { field: AUTH }),
                FormKey::Field(field, is_list) => (field, is_list),
            };
            let place = match field {
                MEMBER_ID => &mut member,
                CLIENT_ENDPOINT => &mut endpoint,
                _ => &mut token,
            };
            if is_list || place.replace(value).is_some() {
                return Err(NoticeError::Ambiguous { field });
            }
        }
        verify(token.as_deref(), application_token)?;
        Self::new(member.as_deref(), endpoint.as_deref())
    }

    fn new(member: Option<&str>, endpoint: Option<&str>) -> Result<Self, NoticeError> {
        // PHP sends an empty text for a missing value.
        let given = |text: &&str| !text.trim().is_empty();
        let member = member.filter(given).ok_or(NoticeError::NoMemberId)?;
        let address = endpoint.filter(given).map(PortalId::at_endpoint);
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

fn verify(sent: Option<&str>, stored: &str) -> Result<(), NoticeError> {
    let is_stored = sent.is_some_and(|sent| sent.as_bytes().ct_eq(stored.as_bytes()).into());
    // Two empty tokens are not a proof.
    match is_stored && !stored.is_empty() {
        true => Ok(()),
        false => Err(NoticeError::Unverified),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::portal_id::Wanted;

    const MEMBER: &str = "0123456789abcdef0123456789abcdef";

    fn notice_of(mut auth: Value) -> Result<Notice, NoticeError> {
        auth["application_token"] = "t".into();
        Notice::from_json(&json!({ "auth": auth }), "t")
    }

    #[test]
    fn both_event_formats_identify_portal() {
        let json = json!({
            "event": "ONAPPUPDATE",
            "data": {"VERSION": "2"},
            "auth": {
                "member_id": MEMBER,
                "client_endpoint": "https://box.example:8443/crm/rest/",
                "domain": "oauth.example",
                "server_endpoint": "https://oauth.example/rest/",
                "application_token": "s3cret",
            },
        });
        let form = format!(
            "event=ONAPPUPDATE&data[VERSION]=2&auth%5Bmember_id%5D={}\
             &auth[client_endpoint]=https%3A%2F%2Fbox.example%3A8443%2Fcrm%2Frest%2F&auth[domain]=oauth.example\
             &auth[server_endpoint]=https%3A%2F%2Foauth.example%2Frest%2F&auth[application_token]=s3cret",
            MEMBER.to_uppercase(),
        );
        for notice in [
            Notice::from_json(&json, "s3cret"),
            Notice::from_form(&form, "s3cret"),
        ] {
            let notice = notice.unwrap();
            assert_eq!(notice.member_id().to_string(), MEMBER);
            assert_eq!(
                notice.address().unwrap().to_string(),
                "https://box.example:8443/crm"
            );
            assert!(!format!("{notice:?}").contains("s3cret"));
        }
    }

    #[test]
    fn only_member_id_is_required() {
        for auth in [
            json!({"member_id": MEMBER}),
            json!({"member_id": MEMBER, "client_endpoint": null, "domain": "acme.bitrix24.com"}),
            json!({"member_id": MEMBER, "client_endpoint": ""}),
        ] {
            let notice = notice_of(auth).unwrap();
            assert_eq!(notice.address(), None);
        }
        for payload in [
            json!({"client_endpoint": "https://acme.bitrix24.com/rest/"}),
            json!({"member_id": "", "domain": "acme.bitrix24.com"}),
            json!({"member_id": null}),
            json!({"member_id": [MEMBER]}),
        ] {
            let description = payload.to_string();
            assert_eq!(notice_of(payload), Err(NoticeError::NoMemberId), "{description}");
        }
        for body in ["", "&auth[member_id]=", "&member_id=1", "&auth[]=1"] {
            let body = format!("auth[application_token]=t{body}");
            assert_eq!(
                Notice::from_form(&body, "t"),
                Err(NoticeError::NoMemberId),
                "{body}"
            );
        }
    }

    #[test]
    fn forged_events_are_refused() {
        for (sent, stored) in [
            (json!("other"), "stored"),
            (json!("stored1"), "stored"),
            (json!("store"), "stored"),
            (json!("STORED"), "stored"),
            (json!(""), ""),
            (json!(null), ""),
            (json!(null), "stored"),
            (json!(["stored"]), "stored"),
            (json!(7), "7"),
        ] {
            let auth = json!({"member_id": MEMBER, "application_token": sent});
            let payload = json!({ "auth": auth });
            assert_eq!(
                Notice::from_json(&payload, stored),
                Err(NoticeError::Unverified),
                "{payload} {stored}"
            );
            let sent = sent.as_str().unwrap_or("7");
            let form = format!("auth[member_id]={MEMBER}&auth[application_token]={sent}");
            let by_form = Notice::from_form(&form, stored);
            assert_eq!(by_form.is_ok(), !stored.is_empty() && sent == stored, "{form}");
        }
        for payload in [
            json!({"auth": MEMBER}),
            json!({"data": {"auth": {"application_token": "t"}}}),
            json!([]),
            json!(null),
        ] {
            assert_eq!(
                Notice::from_json(&payload, "t"),
                Err(NoticeError::Unverified),
                "{payload}"
            );
        }
    }

    #[test]
    fn repeated_fields_are_refused() {
        let auth = format!(
            "auth[application_token]=t&auth[member_id]={MEMBER}\
             &auth[client_endpoint]=https%3A%2F%2Facme.bitrix24.com%2Frest%2F"
        );
        for (key, field) in [
            ("auth[member_id]", MEMBER_ID),
            ("auth%5Bmember_id%5D", MEMBER_ID),
            ("%61uth[member%5fid]", MEMBER_ID),
            ("+auth[member_id]", MEMBER_ID),
            ("auth[member_id]x", MEMBER_ID),
            ("auth[member_id]%00", MEMBER_ID),
            ("auth[member_id][]", MEMBER_ID),
            ("auth[member_id]x[y]", MEMBER_ID),
            ("auth[client_endpoint]", CLIENT_ENDPOINT),
            ("auth[client_endpoint][0]", CLIENT_ENDPOINT),
            ("auth[application_token]", APPLICATION_TOKEN),
            ("auth[application_token][]", APPLICATION_TOKEN),
            ("auth", AUTH),
            ("++auth", AUTH),
            ("auth%00[x]", AUTH),
        ] {
            for form in [format!("{auth}&{key}=x"), format!("{key}=x&{auth}")] {
                let refused = Err(NoticeError::Ambiguous { field });
                assert_eq!(Notice::from_form(&form, "t"), refused, "{form}");
            }
        }
        for key in [
            "auth[]",
            "auth[domain]",
            "auth[member_id",
            "auths[member_id]",
            "data[auth]",
            "AUTH",
        ] {
            let form = format!("{auth}&{key}=x&{key}=y");
            assert!(Notice::from_form(&form, "t").is_ok(), "{form}");
        }
    }

    #[test]
    fn too_long_forms_are_rejected() {
        let form = |length: usize| {
            let auth = format!("auth[member_id]={MEMBER}&auth[application_token]=t&data=");
            let padding = "x".repeat(length - auth.len());
            Notice::from_form(&format!("{auth}{padding}"), "t")
        };
        assert!(form(FORM_LIMIT).is_ok());
        assert_eq!(
            form(FORM_LIMIT + 1),
            Err(NoticeError::TooLong { limit: FORM_LIMIT })
        );
    }

    #[test]
    fn event_errors_repeat_no_secret() {
        for (member, endpoint, expected) in [
            ("s3cret", "", PortalError::MemberId),
            (
                MEMBER,
                "https://acme.bitrix24.com/rest/1/s3cret/",
                PortalError::WebhookAsEndpoint(Wanted::Endpoint),
            ),
            (
                MEMBER,
                "https://acme.bitrix24.com/rest/1/s3cret/imbot.v2.Revision.get",
                PortalError::WebhookAsEndpoint(Wanted::Endpoint),
            ),
            (
                MEMBER,
                "https://u:s3cret@acme.bitrix24.com/rest/",
                PortalError::UserInfo(Wanted::Endpoint),
            ),
            (
                MEMBER,
                "file:///s3cret",
                PortalError::Scheme("file".into(), Wanted::Endpoint),
            ),
            (
                MEMBER,
                "https://acme.bitrix24.com/",
                PortalError::NotAnEndpoint(Wanted::Endpoint),
            ),
        ] {
            let error = notice_of(json!({"member_id": member, "client_endpoint": endpoint})).unwrap_err();
            assert_eq!(error, NoticeError::Wrong(expected));
            assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
        }
    }
}
