//! The name of a portal: its `member_id`, or its address in one spelling. Holds no credential.

#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, reason = "numbers from outside are here")
)]

mod address;
mod error;
mod id;
mod limits;
mod path;
mod text;

pub(crate) use address::{at_path, base, base_of, endpoint, may_hold_code, parsed};
pub(crate) use error::scheme;
pub use error::{ExpectedAddress, PortalError};
pub use id::PortalId;
pub(crate) use limits::{ADDRESS_LIMIT, HOST_LIMIT};

#[cfg(test)]
mod tests;
