//! Error codes, and what each proves.

use std::fmt;

/// A portal's error code, as it was sent.
///
/// Open: portals and their modules bring new ones. Compared without regard to
/// case, as the field does.
#[derive(Clone, Debug)]
pub struct ErrorCode(Box<str>);

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
        Self(code.into())
    }

    /// The code as it was sent; may be empty.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
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
        *self == *other.0
    }
}

impl Eq for ErrorCode {}

impl PartialEq<str> for ErrorCode {
    fn eq(&self, other: &str) -> bool {
        self.0.eq_ignore_ascii_case(other)
    }
}

impl PartialEq<&str> for ErrorCode {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            "" => f.write_str("(no code)"),
            code => f.write_str(code),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes() {
        for (code, class) in [
            ("ERROR_METHOD_NOT_FOUND", Class::Absent),
            ("error_method_not_found", Class::Absent),
            ("22002", Class::Absent),
            ("2210205", Class::Absent),
            ("insufficient_scope", Class::Scope),
            ("INSUFFICIENT_SCOPE", Class::Scope),
            ("expired_token", Class::Expired),
            ("NO_AUTH_FOUND", Class::Credential),
            ("CONNECTION_ERROR", Class::Transient),
            ("PORTAL_DELETED", Class::Blocked),
            ("BOT_TOKEN_NOT_SPECIFIED", Class::Refused),
            ("100", Class::Refused),
            ("", Class::Other),
            ("0", Class::Other),
            ("SOMETHING_NEW", Class::Other),
            ("220020", Class::Other),
        ] {
            assert_eq!(ErrorCode::new(code).class(), class, "{code}");
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
