//! A portal's id as text. Reading checks it like an address.

use std::str::FromStr;

use super::address::{endpoint_of_id, plain_origin};
use super::error::PortalError;
use super::id::PortalId;
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

/// Reads the text that `Display` shows: a `member_id` or an address. All spellings of one address give
/// one id: `https://ACME.bitrix24.com.:443//rest/` gives `https://acme.bitrix24.com`.
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
