//! The access token of a request, as a token source.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::pin::Pin;
use std::sync::OnceLock;

use crate::portal::{AccessToken, StaticToken, TokenError, TokenSource};

/// The token of a request. Each request makes a source of its own. Two sources with one token
/// are one credential.
pub(super) struct RequestToken {
    token: StaticToken,
    identity: usize,
}

impl RequestToken {
    pub(super) fn new(token: &AccessToken) -> Self {
        static KEYS: OnceLock<RandomState> = OnceLock::new();
        let hash = KEYS.get_or_init(RandomState::new).hash_one(token.expose());
        Self {
            token: StaticToken::new(token.expose()),
            // An odd number is never the address that another source has as its identity.
            identity: hash as usize | 1,
        }
    }
}

impl TokenSource for RequestToken {
    fn token<'a>(
        &'a self,
        expired: Option<&'a AccessToken>,
    ) -> Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>> {
        self.token.token(expired)
    }

    fn identity(&self) -> Option<usize> {
        Some(self.identity)
    }
}
