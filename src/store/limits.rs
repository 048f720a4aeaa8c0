//! How long keys and texts may be.

/// The longest key, in bytes. A key is the address of a portal.
pub const KEY_LIMIT: usize = 512;

/// The longest text, in bytes. The texts of this version have less than a quarter of it.
pub const BODY_LIMIT: usize = 4_096;
