//! How long addresses may be.

/// The longest address of a portal, in bytes: an endpoint, or a webhook. It leaves room
/// for the longest host and for as much again. Real ones take less than a hundred.
pub(crate) const ADDRESS_LIMIT: usize = 512;

/// The longest name of a host, in bytes (RFC 1035).
pub(crate) const HOST_LIMIT: usize = 253;
