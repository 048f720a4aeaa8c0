//! The credential of a portal.

use std::sync::Arc;

use secrecy::SecretString;

use super::token::SharedSource;

/// What a call to a portal is authorised by.
pub(crate) enum Credential {
    Webhook { user: Box<str>, code: SecretString },
    OAuth(Arc<SharedSource>),
}
