//! A portal to call: its id, its endpoint and its credential.
//!
//! [`Portal`] has a webhook's code, or gets its tokens from a [`TokenSource`]. [`RefreshGrant`] is a
//! token source that renews tokens by OAuth. No `Debug`, error or log line shows a credential.

#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, reason = "numbers from outside are here")
)]

mod builder;
mod credential;
mod grant;
#[expect(
    clippy::module_inception,
    reason = "the file of the type that gives the room its name"
)]
mod portal;
mod token;
mod webhook;

pub use crate::portal_id::{ExpectedAddress, PortalError, PortalId};
pub use builder::PortalBuilder;
pub(crate) use credential::Credential;
pub use grant::{GrantError, RefreshGrant, RefreshGrantBuilder, RenewedTokens, StoredTokens};
pub use portal::Portal;
pub(crate) use token::SharedSource;
pub use token::{AccessToken, StaticToken, TokenError, TokenErrorKind, TokenSource};

#[cfg(test)]
mod tests;
