//! The ready token source: the standard refresh-token grant.

mod exchange;
mod refresh_grant;
mod refusal;
mod renewed;
mod server;

pub use refresh_grant::{RefreshGrant, RefreshGrantBuilder};
pub use renewed::{RenewedTokens, StoredTokens};
pub use server::GrantError;
