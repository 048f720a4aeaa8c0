//! A portal's id as text. Reading checks it like an address.

use std::str::FromStr;

use super::address::{endpoint_of_id, plain_origin};
use super::error::PortalError;
use super::id::PortalId;
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

/// Reads what `Display` shows: a `member_id` or an address. All spellings of one address
/// are one id: `https://ACME.bitrix24.com.:443//rest/` is `https://acme.bitrix24.com`.
///
/// ```
/// use imbot_caps::{Portal, PortalId};
///
/// let portal = Portal::webhook("https://acme.bitrix24.com/rest/1/s3cret/")?;
/// assert_eq!(portal.id().to_string().parse::<PortalId>()?, *portal.id());
/// # Ok::<(), imbot_caps::PortalError>(())
/// ```
impl FromStr for PortalId {
    type Err = PortalError;

    fn from_str(text: &str) -> Result<Self, PortalError> {
        if let Some(origin) = plain_origin(text) {
            return Ok(Self::from_origin(origin));
        }
        if !text.contains("://") {
            return Self::of_member(text).map_err(|_| PortalError::NotAnId);
        }
        Ok(Self::at(&endpoint_of_id(text)?))
    }
}

impl Serialize for PortalId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PortalId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = PortalId;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("the id of a portal: a member_id or an address")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<PortalId, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::Portal;
    use crate::portal_id::Wanted;

    #[test]
    fn portal_ids_round_trip() {
        let member = Portal::builder().member_id("0123456789abcdefFEDCBA9876543210");
        for (portal, text) in [
            (
                Portal::webhook("https://ACME.bitrix24.com/rest/1/s3cret/"),
                "https://acme.bitrix24.com",
            ),
            (
                Portal::webhook("https://box.example:8443/crm/rest/1/s3cret/"),
                "https://box.example:8443/crm",
            ),
            (
                Portal::builder()
                    .allow_http()
                    .webhook("http://[::1]:80/rest/rest/1/s3cret/"),
                "http://[::1]/rest/rest/",
            ),
            (
                Portal::oauth(
                    "https://box.example/crm/api-old/",
                    crate::portal::StaticToken::new("x"),
                ),
                "https://box.example/crm/api-old/",
            ),
            (
                member.webhook("https://acme.bitrix24.com/rest/1/s3cret/"),
                "0123456789abcdeffedcba9876543210",
            ),
        ] {
            let portal = portal.unwrap();
            assert_eq!(portal.id().to_string(), text);
            assert_eq!(text.parse::<PortalId>().as_ref(), Ok(portal.id()));
            let written = serde_json::to_string(portal.id()).unwrap();
            assert_eq!(written, format!("{text:?}"));
            assert_eq!(serde_json::from_str::<PortalId>(&written).unwrap(), *portal.id());
            let endpoint = portal.address().endpoint();
            assert_eq!(endpoint.as_deref(), Some(portal.endpoint()));
        }
    }

    #[test]
    fn id_errors_explain_without_secrets() {
        use PortalError as E;
        for (text, expected) in [
            ("", E::NotAnId),
            ("acme", E::NotAnId),
            ("0123456789abcdef", E::NotAnId),
            (
                "https://acme.bitrix24.com/rest/1/s3cret",
                E::WebhookAsEndpoint(Wanted::Id),
            ),
            (
                "https://acme.bitrix24.com/rest/1/s3cret/",
                E::WebhookAsEndpoint(Wanted::Id),
            ),
            (
                "https://acme.bitrix24.com/rest/s3cret",
                E::WebhookAsEndpoint(Wanted::Id),
            ),
            (
                "https://acme.bitrix24.com/rest/1/s3cret/profile.json",
                E::WebhookAsEndpoint(Wanted::Id),
            ),
            (
                "https://acme.bitrix24.com/rest/api/1/s3cret",
                E::RestV3(Wanted::Id),
            ),
            ("https://u:s3cret@acme.bitrix24.com", E::UserInfo(Wanted::Id)),
            (
                "https://acme.bitrix24.com?auth=s3cret",
                E::QueryOrFragment(Wanted::Id),
            ),
            ("ftp://acme.bitrix24.com", E::Scheme("ftp".into(), Wanted::Id)),
            ("https://acme.bitrix24.com/", E::NotAnEndpoint(Wanted::Id)),
        ] {
            assert_eq!(text.parse::<PortalId>(), Err(expected), "{text}");
            let error = serde_json::from_value::<PortalId>(text.into()).unwrap_err();
            assert!(!error.to_string().contains("s3cret"), "{error}");
        }
        assert!(serde_json::from_str::<PortalId>("33").is_err());
    }
}
