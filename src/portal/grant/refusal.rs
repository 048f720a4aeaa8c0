//! Reads answers of an authorisation server that hold no tokens.

use std::time::SystemTime;

use crate::portal::token::{TokenError, TokenErrorKind};
use crate::transport::Response;
use crate::wire::budget::Budget;
use crate::wire::{ApiError, ErrorClass, Reply};

/// Codes that other tokens do not help against: the program's configuration is wrong.
/// Sources: the documentation's page of the authorisation server's errors, the error
/// tables of the official SDKs, and the protocol (RFC 6749, 4.1.2.1 and 5.2).
const CONFIGURATION: [&str; 7] = [
    "invalid_client",
    "wrong_client",
    "unauthorized_client",
    "invalid_scope",
    "invalid_request",
    "unsupported_grant_type",
    "unsupported_response_type",
];

/// Codes that need a change on the portal.
const INSTALLATION: [&str; 8] = [
    "NOT_INSTALLED",
    "ERROR_OAUTH",
    "APPLICATION_NOT_FOUND",
    "PAYMENT_REQUIRED",
    "ACCESS_DENIED",
    "user_access_error",
    "allowed_only_intranet_user",
    "WRONG_LICENSE",
];

/// The kind of an error of the server. The code decides, whatever the status: the server answers
/// `wrong_client` with status 200.
fn kind_of(error: &ApiError) -> TokenErrorKind {
    let is_in = |codes: &[&str]| codes.iter().any(|code| error.code == **code);
    match error.class() {
        _ if is_in(&CONFIGURATION) => TokenErrorKind::Configuration,
        _ if is_in(&INSTALLATION) => TokenErrorKind::Installation,
        ErrorClass::Scope => TokenErrorKind::Configuration,
        ErrorClass::Credential | ErrorClass::Expired => TokenErrorKind::Credential,
        ErrorClass::Transient => TokenErrorKind::Transient,
        _ => TokenErrorKind::UnexpectedAnswer,
    }
}

/// The error of an answer without tokens, and whether the answer refuses the refresh token: it is an
/// error of the server that is not transient.
pub(super) fn of(response: &Response, secrets: &[&str], now: SystemTime) -> (TokenError, bool) {
    let values = Budget::SMALL.values;
    let Ok(reply) = Reply::read_hiding(response.status, None, &response.body, || secrets.to_vec(), values)
    else {
        let reason = format!("the authorisation server gave JSON with more than {values} values");
        return (
            TokenError::of_kind(TokenErrorKind::UnexpectedAnswer, reason),
            false,
        );
    };
    let wait = response.wait(&reply, now);
    let is_error = matches!(reply, Reply::Error(_));
    let (kind, reason) = match reply {
        Reply::Error(error) => (
            kind_of(&error),
            format!("the authorisation server refused: {error}"),
        ),
        Reply::Malformed(malformed) => {
            let kind = match malformed.status {
                408 | 425 | 429 | 500.. => TokenErrorKind::Transient,
                _ => TokenErrorKind::UnexpectedAnswer,
            };
            let reason = format!(
                "the authorisation server gave no tokens but {} (HTTP {})",
                malformed.what, malformed.status
            );
            (kind, reason)
        }
        Reply::Redirect { .. } => (
            TokenErrorKind::UnexpectedAnswer,
            "the authorisation server redirects, which is not followed".to_owned(),
        ),
        Reply::Result(_) => (
            TokenErrorKind::UnexpectedAnswer,
            "the authorisation server gave a result without tokens".to_owned(),
        ),
    };
    let error = TokenError::of_kind(kind, reason).waiting(wait);
    (error, is_error && kind != TokenErrorKind::Transient)
}
