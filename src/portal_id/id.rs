//! [`PortalId`], and how it is shown.

use std::fmt;
use std::sync::Arc;

use url::Url;

use super::address::{self, member_id, origin};
use super::error::{ExpectedAddress, PortalError};

/// The name of a portal: its `member_id` where that is known, since it stays the same when the
/// address changes. Otherwise its address. Holds no secret.
///
/// Addresses that differ only in repeated slashes, needless escapes, capitals of the
/// scheme or host, the host's trailing dot or the default port are one id. An address has
/// at most 512 bytes. A longer one is refused where the portal is made.
///
/// Serde writes the text that `Display` shows. It can be parsed again.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortalId(Id);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Id {
    Member([u8; 16]),
    Origin(Arc<str>),
}

impl PortalId {
    /// The id of the portal at this endpoint, for a portal without a known `member_id`. Plain
    /// http is allowed: no credential goes with an id.
    pub(crate) fn at_endpoint(endpoint: &str) -> Result<PortalId, PortalError> {
        let endpoint = address::endpoint(endpoint, true, ExpectedAddress::Endpoint)?;
        Ok(Self::at(&endpoint))
    }

    /// The same for an endpoint that was read before.
    pub(crate) fn at(endpoint: &Url) -> PortalId {
        PortalId(Id::Origin(origin(endpoint).into()))
    }

    /// The id of the portal with this `member_id`.
    pub(crate) fn of_member(text: &str) -> Result<PortalId, PortalError> {
        let id = member_id(text).ok_or(PortalError::MemberId)?;
        Ok(PortalId(Id::Member(id)))
    }

    /// The same for the bytes of a `member_id`.
    pub(crate) fn from_member(member: [u8; 16]) -> PortalId {
        PortalId(Id::Member(member))
    }

    /// The id of an address that is already in its one spelling.
    pub(crate) fn from_origin(origin: &str) -> PortalId {
        PortalId(Id::Origin(origin.into()))
    }

    /// The bytes of a `member_id`.
    #[inline]
    pub(crate) fn as_member(&self) -> Option<&[u8; 16]> {
        match &self.0 {
            Id::Member(member) => Some(member),
            Id::Origin(_) => None,
        }
    }

    /// The text of an address.
    #[inline]
    pub(crate) fn as_origin(&self) -> Option<&str> {
        match &self.0 {
            Id::Member(_) => None,
            Id::Origin(origin) => Some(origin),
        }
    }

    pub(crate) fn is_member(&self) -> bool {
        matches!(self.0, Id::Member(_))
    }

    /// The endpoint of a portal that is known by its address.
    pub(crate) fn endpoint(&self) -> Option<String> {
        match &self.0 {
            Id::Member(_) => None,
            // `address::origin` leaves out the usual path.
            Id::Origin(origin) if origin.ends_with('/') => Some(origin.to_string()),
            Id::Origin(origin) => Some(format!("{origin}/rest/")),
        }
    }

    /// A number made of the id by FNV-1a. It is the same in every process.
    pub(crate) fn seed(&self) -> u64 {
        match &self.0 {
            Id::Member(id) => Self::seed_of(id),
            Id::Origin(origin) => Self::seed_of(origin.as_bytes()),
        }
    }

    /// The same for the bytes of an id.
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
