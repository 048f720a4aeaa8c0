//! Error codes, and what each proves.

use std::fmt;

use super::redact::{TEXT_LIMIT, shown_within};

/// The most that is kept of a code, in bytes. The longest known code has 31.
pub(super) const CODE_LIMIT: usize = TEXT_LIMIT / 4;

/// A portal's error code, as it was sent.
///
/// Open: portals and their modules bring new ones. Compared without regard to
/// case, as the field does, and always as it was sent.
///
/// `Display` and `Debug` show a code that is known here as it is. A code that is not
/// known here is shown without the credential and the tokens of the call that it
/// answers, where these have eight characters or more.
#[derive(Clone)]
pub struct ErrorCode(Box<Text>);

/// In a box, since errors are to be small.
#[derive(Clone)]
struct Text {
    sent: Box<str>,
    /// As it may be shown, where that is different.
    shown: Option<Box<str>>,
}

/// What an error code proves of the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Class {
    /// The method, or the module it is in, is not there.
    Absent,
    /// The method is there, and the credential lacks its scope.
    Scope,
    /// The access token is no longer valid: a refresh may help.
    Expired,
    /// The credential does not work here, and a refresh would not help.
    Credential,
    /// Something passing: a rate limit, a broken connection.
    Transient,
    /// Someone closed the portal, or its REST API, for the time being or for good.
    Blocked,
    /// The method is there: it ran, and refused the call.
    Refused,
    /// A code that is not known here: it proves nothing.
    Other,
}

/// Codes by class. Sources: the documentation's page of system errors and the
/// server's module `rest` for what comes before the method; the pages of the
/// imbot.v2 methods for `Refused`.
const CODES: &[(Class, &[&str])] = &[
    (
        Class::Absent,
        &[
            "ERROR_METHOD_NOT_FOUND",
            // The controller is there, the action is not.
            "22002",
            "MAIN_CONTROLLER_22002",
            // The module is not installed, or has no controllers.
            "2210204",
            "2210205",
        ],
    ),
    (Class::Scope, &["insufficient_scope"]),
    (Class::Expired, &["expired_token", "invalid_token"]),
    (
        Class::Credential,
        &[
            "NO_AUTH_FOUND",
            "INVALID_CREDENTIALS",
            "ACCESS_DENIED",
            "user_access_error",
            "authorization_error",
            "WRONG_AUTH_TYPE",
            "APPLICATION_NOT_FOUND",
            "NOT_INSTALLED",
            "PAYMENT_REQUIRED",
            "invalid_grant",
            "invalid_client",
            "METHOD_CONFIRM_WAITING",
            "METHOD_CONFIRM_DENIED",
            // "Https required": the address of the credential is wrong.
            "INVALID_REQUEST",
        ],
    ),
    (
        Class::Transient,
        &[
            "QUERY_LIMIT_EXCEEDED",
            "OPERATION_TIME_LIMIT",
            // The portal could not reach the authorisation server.
            "CONNECTION_ERROR",
            "INTERNAL_SERVER_ERROR",
            "ERROR_UNEXPECTED_ANSWER",
            "WRONG_ENCODING",
            // Any exception of the server outside of a method.
            "ERROR_CORE",
        ],
    ),
    (Class::Blocked, &["PORTAL_DELETED", "OVERLOAD_LIMIT"]),
    (
        Class::Refused,
        &[
            "BOT_TOKEN_NOT_SPECIFIED",
            "CLIENT_ID_NOT_SPECIFIED",
            "BOT_ID_REQUIRED",
            "BOT_NOT_FOUND",
            "BOT_OWNERSHIP_ERROR",
            "BOT_INVALID_CALLBACK",
            "REST_SERVER_NOT_FOUND",
            // A missing or wrongly typed argument of a controller.
            "100",
            "MAIN_CONTROLLER_22001",
        ],
    ),
];

impl ErrorCode {
    /// A code as it was sent.
    #[must_use]
    pub fn new(code: impl Into<Box<str>>) -> Self {
        let (sent, shown) = (code.into(), None);
        Self(Box::new(Text { sent, shown }))
    }

    /// The code as it was sent, for comparing; may be empty. A hostile portal can put
    /// the credential into it: write `Display` to logs instead.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0.sent
    }

    /// Shows it without these from now on, unless it is known here.
    pub(crate) fn hide(&mut self, secrets: &[&str]) {
        if self.class() == Class::Other {
            let shown = shown_within(CODE_LIMIT, &self.0.sent, secrets);
            self.0.shown = (shown != *self.0.sent).then(|| shown.into());
        }
    }

    fn as_shown(&self) -> &str {
        self.0.shown.as_deref().unwrap_or(&self.0.sent)
    }

    /// What it proves.
    #[must_use]
    pub fn class(&self) -> Class {
        CODES
            .iter()
            .find(|(_, codes)| codes.iter().any(|code| *self == **code))
            .map_or(Class::Other, |(class, _)| *class)
    }

    /// Whether a portal sends this only for methods that it has.
    ///
    /// It looks the method up, then at the credential and the scope, then at the
    /// method's time, and then runs it. What is decided before the look-up, or by
    /// something in front of the portal, proves no method.
    #[must_use]
    pub fn proves_method(&self) -> bool {
        match self.class() {
            Class::Scope | Class::Expired | Class::Credential | Class::Refused => true,
            Class::Transient => *self == *"OPERATION_TIME_LIMIT",
            Class::Absent | Class::Blocked | Class::Other => false,
        }
    }
}

impl PartialEq for ErrorCode {
    fn eq(&self, other: &Self) -> bool {
        *self == *other.0.sent
    }
}

impl Eq for ErrorCode {}

impl PartialEq<str> for ErrorCode {
    fn eq(&self, other: &str) -> bool {
        self.0.sent.eq_ignore_ascii_case(other)
    }
}

impl PartialEq<&str> for ErrorCode {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_shown() {
            "" => f.write_str("(no code)"),
            code => f.write_str(code),
        }
    }
}

impl fmt::Debug for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ErrorCode").field(&self.as_shown()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Reply;

    /// Every code that was found in the documentation and in the server's source,
    /// with each status that either gives it: what it is, and whether it proves
    /// that the method exists.
    #[test]
    fn a_code_is_what_it_is_with_any_status() {
        for (code, statuses, class, proves) in [
            ("ERROR_METHOD_NOT_FOUND", &[404, 200][..], Class::Absent, false),
            ("22002", &[400], Class::Absent, false),
            ("MAIN_CONTROLLER_22002", &[400], Class::Absent, false),
            ("2210204", &[400], Class::Absent, false),
            ("2210205", &[400], Class::Absent, false),
            ("insufficient_scope", &[401, 403, 200], Class::Scope, true),
            ("expired_token", &[401], Class::Expired, true),
            ("invalid_token", &[401], Class::Expired, true),
            ("NO_AUTH_FOUND", &[401], Class::Credential, true),
            ("INVALID_CREDENTIALS", &[401, 403], Class::Credential, true),
            ("ACCESS_DENIED", &[401, 403], Class::Credential, true),
            ("user_access_error", &[401, 403], Class::Credential, true),
            ("authorization_error", &[401], Class::Credential, true),
            ("APPLICATION_NOT_FOUND", &[401], Class::Credential, true),
            ("NOT_INSTALLED", &[401], Class::Credential, true),
            ("PAYMENT_REQUIRED", &[401], Class::Credential, true),
            ("WRONG_AUTH_TYPE", &[401, 403], Class::Credential, true),
            ("METHOD_CONFIRM_WAITING", &[401], Class::Credential, true),
            ("METHOD_CONFIRM_DENIED", &[401], Class::Credential, true),
            ("invalid_grant", &[400, 401], Class::Credential, true),
            ("invalid_client", &[400, 401], Class::Credential, true),
            ("INVALID_REQUEST", &[400, 401], Class::Credential, true),
            ("QUERY_LIMIT_EXCEEDED", &[503, 429], Class::Transient, false),
            ("OPERATION_TIME_LIMIT", &[429, 200], Class::Transient, true),
            ("CONNECTION_ERROR", &[401], Class::Transient, false),
            ("INTERNAL_SERVER_ERROR", &[500], Class::Transient, false),
            ("ERROR_UNEXPECTED_ANSWER", &[500], Class::Transient, false),
            ("WRONG_ENCODING", &[400], Class::Transient, false),
            ("ERROR_CORE", &[400, 500], Class::Transient, false),
            ("PORTAL_DELETED", &[403, 410, 500], Class::Blocked, false),
            ("OVERLOAD_LIMIT", &[401, 503], Class::Blocked, false),
            ("BOT_TOKEN_NOT_SPECIFIED", &[400], Class::Refused, true),
            ("CLIENT_ID_NOT_SPECIFIED", &[400], Class::Refused, true),
            ("BOT_ID_REQUIRED", &[400], Class::Refused, true),
            ("BOT_NOT_FOUND", &[400], Class::Refused, true),
            ("BOT_OWNERSHIP_ERROR", &[400], Class::Refused, true),
            ("BOT_INVALID_CALLBACK", &[400], Class::Refused, true),
            ("REST_SERVER_NOT_FOUND", &[400], Class::Refused, true),
            ("100", &[400], Class::Refused, true),
            ("MAIN_CONTROLLER_22001", &[400], Class::Refused, true),
            // Of batches: the method is not even looked up.
            ("ERROR_BATCH_LENGTH_EXCEEDED", &[200], Class::Other, false),
            ("ERROR_BATCH_METHOD_NOT_ALLOWED", &[200], Class::Other, false),
            ("ERROR_ARGUMENT", &[400], Class::Other, false),
            ("", &[200, 400], Class::Other, false),
            ("0", &[200, 400], Class::Other, false),
            ("1048582", &[400], Class::Other, false),
            ("220020", &[400], Class::Other, false),
            ("SOMETHING_NEW", &[400, 401, 403, 404], Class::Other, false),
            // A hint only where the code says nothing.
            ("SOMETHING_NEW", &[429, 500, 503], Class::Transient, false),
        ] {
            for status in statuses {
                for spelling in [code.to_owned(), code.to_lowercase(), code.to_uppercase()] {
                    let body = format!(r#"{{"error":"{spelling}","error_description":""}}"#);
                    let Reply::Error(error) = Reply::read(*status, None, body.as_bytes()) else {
                        panic!("{body}");
                    };
                    assert_eq!(error.class(), class, "{spelling} with {status}");
                    assert_eq!(error.code.proves_method(), proves, "{spelling}");
                }
            }
        }
    }

    #[test]
    fn no_code_is_left_out_of_the_test_above() {
        let source = include_str!("code.rs");
        let (_, test) = source
            .split_once("fn a_code_is_what_it_is_with_any_status")
            .unwrap();
        for (_, codes) in CODES {
            for code in *codes {
                assert!(test.contains(&format!("(\"{code}\", ")), "{code}");
            }
        }
    }

    #[test]
    fn no_code_has_two_classes() {
        let all: Vec<_> = CODES.iter().flat_map(|(_, codes)| *codes).collect();
        for (nth, code) in all.iter().enumerate() {
            assert!(
                !all.iter()
                    .skip(nth + 1)
                    .any(|other| other.eq_ignore_ascii_case(code)),
                "{code}"
            );
        }
    }
}
