//! The access token of a request, as a source of tokens.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::pin::Pin;
use std::sync::OnceLock;

use crate::portal::{AccessToken, StaticToken, TokenError, TokenSource};

/// The token of a request. Two with one token are one credential, though each request
/// makes its own.
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
            // Odd: never the address of what another source shares.
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
