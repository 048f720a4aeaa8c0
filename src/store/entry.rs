//! What is read from a store and written to it.

use std::fmt;

/// The version of an entry. A store gives a new one at each write, and compares them. Versions have
/// no order.
///
/// A store never uses a version twice for one key, not even after the entry was deleted. Otherwise a
/// writer could replace an entry that it has not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Version(u64);

impl Version {
    /// The version with this number.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// What a store has under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// The text, as it was saved. At most [`BODY_LIMIT`](super::BODY_LIMIT) bytes are read of it: the
    /// registry skips a longer one.
    pub body: String,
    /// The version of this text.
    pub version: Version,
}

impl Entry {
    /// An entry.
    #[must_use]
    pub fn new(body: String, version: Version) -> Self {
        Self { body, version }
    }
}

/// A write that depends on the version that the writer has read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// The key, at most [`KEY_LIMIT`](super::KEY_LIMIT) bytes.
    pub key: String,
    /// The new text, at most [`BODY_LIMIT`](super::BODY_LIMIT) bytes.
    pub body: String,
    /// The version that the writer has read. `None` if there was no entry.
    pub based_on: Option<Version>,
    /// Whether to tell the [listeners](super::Store::news). It is false for a text that says the same
    /// as the one before, and only has later times.
    pub announce: bool,
}

impl Change {
    /// A change that the listeners hear of.
    #[must_use]
    pub fn new(key: String, body: String, based_on: Option<Version>) -> Self {
        Self {
            key,
            body,
            based_on,
            announce: true,
        }
    }
}

/// The result of a [`Change`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveOutcome {
    /// The text is saved, and this is its version.
    Done(Version),
    /// The store has another version than the writer has read. This is its entry. Nothing was saved.
    Conflict(Option<Entry>),
}

/// The right to ask one portal, until it is released or expires.
#[derive(Clone, PartialEq, Eq)]
pub struct Lease {
    key: String,
    token: String,
}

impl Lease {
    /// A lease. The token differs from the tokens of all other leases of this key.
    #[must_use]
    pub fn new(key: String, token: String) -> Self {
        Self { key, token }
    }

    /// The key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The token, by which the store knows the holder.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }
}

/// Shows no token: whoever has it can release the lease.
impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}
