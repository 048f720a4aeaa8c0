//! Access tokens, their sources, and the errors of those.

mod access_token;
mod error;
mod shared;
mod source;

pub use access_token::AccessToken;
pub(crate) use access_token::{Confirmed, secret};
pub use error::{TokenError, TokenErrorKind};
pub(crate) use shared::SharedSource;
pub use source::{StaticToken, TokenSource};
