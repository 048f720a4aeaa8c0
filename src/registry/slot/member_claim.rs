//! [`ClaimNovelty`]: whether a claim is new.

/// The result of a member's claim to be at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClaimNovelty {
    /// It was made before, or too many others are kept.
    Old,
    /// It is the first claim at this address.
    First,
    /// Others were made at this address before.
    Later,
}
