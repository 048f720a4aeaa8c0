//! [`StoreError`]: why a store did not do what it was asked.

use crate::wire::redact::shown;

/// The kind of a store's failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// The store cannot be reached, or did not answer.
    Unavailable,
    /// The store did not answer within the registry's time limit.
    TimedOut,
    /// The store takes no writes: it is read-only, it is full, or the program lacks a right.
    Refused,
    /// The store's contents or its answers are not what it has written.
    Damaged,
    /// A key or a text is longer than the store allows.
    TooLong,
    /// The store's code panicked.
    Panicked,
}

impl StoreErrorKind {
    /// The word for logs and metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            StoreErrorKind::Unavailable => "unavailable",
            StoreErrorKind::TimedOut => "timed_out",
            StoreErrorKind::Refused => "refused",
            StoreErrorKind::Damaged => "damaged",
            StoreErrorKind::TooLong => "too_long",
            StoreErrorKind::Panicked => "panicked",
        }
    }

    const fn advice(self) -> &'static str {
        match self {
            StoreErrorKind::Unavailable => "check that the store runs and can be reached",
            StoreErrorKind::TimedOut => {
                "check the load of the store and the way to it, or raise `RegistryBuilder::store_timeout`"
            }
            StoreErrorKind::Refused => "give the store room, and the program the right to write",
            StoreErrorKind::Damaged => "delete the store's contents: the portals are asked again",
            StoreErrorKind::TooLong => "raise the store's own limits to those of `imbot_caps::store`",
            StoreErrorKind::Panicked => "see the panic's message: the store's code is at fault",
        }
    }
}

/// A failure of a store. It never fails a call: the registry goes on without the store, and asks it
/// again after a pause.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the store failed ({}): {text}; {}", .kind.as_str(), .kind.advice())]
pub struct StoreError {
    kind: StoreErrorKind,
    text: String,
}

impl StoreError {
    /// A failure of this kind, with the text of its cause. The text is cut. It must hold no secret:
    /// the address of a database may hold a password.
    #[must_use]
    pub fn new(kind: StoreErrorKind, text: &str) -> Self {
        Self {
            kind,
            text: shown(text, &[]),
        }
    }

    /// The kind.
    #[must_use]
    pub fn kind(&self) -> StoreErrorKind {
        self.kind
    }
}
