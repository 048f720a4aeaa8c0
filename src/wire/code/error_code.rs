//! A portal's error code.

use std::fmt;

use super::class::ErrorClass;
use super::known::{GROUPS, Group, RATE_LIMITS, SENT_WITH_5XX};
use crate::wire::redact::{Finder, TEXT_LIMIT};

/// The longest stored code, in bytes. The longest known code has 31.
pub(crate) const CODE_LIMIT: usize = TEXT_LIMIT / 4;

/// A portal's error code, as it was sent.
///
/// The set of codes is open: portals and their modules add new ones. Codes are compared without
/// regard to case, and always as they were sent.
///
/// `Display` and `Debug` show a known code unchanged. From an unknown code they remove the
/// credential and the tokens of the call, if these have eight characters or more.
#[derive(Clone)]
pub struct ErrorCode(Box<Text>);

/// In a box, so that errors are small.
#[derive(Clone)]
struct Text {
    sent: Box<str>,
    /// The displayed form, if it is different.
    shown: Option<Box<str>>,
}

impl ErrorCode {
    /// A code as it was sent.
    #[must_use]
    pub fn new(code: impl Into<Box<str>>) -> Self {
        let (sent, shown) = (code.into(), None);
        Self(Box::new(Text { sent, shown }))
    }

    /// The code as it was sent, for comparing. It may be empty. A hostile portal can put the
    /// credential into it: write `Display` to logs instead.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0.sent
    }

    /// Removes these secrets from the displayed form, unless the code is known.
    pub(crate) fn hide(&mut self, secrets: &Finder) {
        if self.class() == ErrorClass::Other {
            let shown = secrets.shown(CODE_LIMIT, &self.0.sent);
            self.0.shown = (shown != *self.0.sent).then(|| shown.into());
        }
    }

    fn as_shown(&self) -> &str {
        self.0.shown.as_deref().unwrap_or(&self.0.sent)
    }

    /// What it proves.
    #[must_use]
    pub fn class(&self) -> ErrorClass {
        self.group().map_or(ErrorClass::Other, |group| group.class)
    }

    /// Whether a portal sends this only for methods that it has.
    ///
    /// A portal looks up the method, then checks the credential and the scope, then the
    /// method's time limit, and then runs it. A code from before the look-up, or from a proxy,
    /// proves no method.
    #[must_use]
    pub fn proves_method(&self) -> bool {
        self.group().is_some_and(|group| group.proves_method)
    }

    /// Whether every credential of the portal gets the same answer. False for an unknown code:
    /// another credential may get another answer.
    #[must_use]
    pub fn is_for_all_credentials(&self) -> bool {
        self.group().is_some_and(|group| group.is_for_all_credentials)
    }

    /// Whether it is a rate limit. Portals count requests by the address of the caller.
    #[cfg(feature = "registry")]
    pub(crate) fn is_rate_limit(&self) -> bool {
        self.is_of(RATE_LIMITS)
    }

    /// Whether the code with this HTTP status proves that the method did not run.
    pub(crate) fn proves_not_run(&self, status: u16) -> bool {
        let by_code = match self.class() {
            ErrorClass::Absent
            | ErrorClass::Scope
            | ErrorClass::Expired
            | ErrorClass::Credential
            | ErrorClass::Blocked
            | ErrorClass::Refused => true,
            ErrorClass::Transient => self.is_of(RATE_LIMITS),
            ErrorClass::Failed | ErrorClass::Other => false,
        };
        by_code
            && match status {
                // Portals send 200 with the errors of a batch, and if they wrote a warning first.
                200..300 | 400..500 => true,
                500..600 => self.is_of(SENT_WITH_5XX),
                _ => false,
            }
    }

    fn group(&self) -> Option<&'static Group> {
        GROUPS.iter().find(|group| self.is_of(group.codes))
    }

    fn is_of(&self, codes: &[&str]) -> bool {
        codes.iter().any(|code| *self == **code)
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

    /// The list of codes that was written by hand from the sources.
    fn listed() -> Vec<Listed> {
        let lines = include_str!("../../../tests/codes.jsonl").lines();
        lines
            .map(|line| serde_json::from_str(line).expect(line))
            .collect()
    }

    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Listed {
        code: String,
        /// The statuses that the sources name. None of them decides.
        #[serde(default)]
        status: Vec<u16>,
        class: String,
        #[serde(default)]
        proves_method: bool,
        #[serde(default)]
        is_for_all_credentials: bool,
        /// Repositories and paths.
        from: Vec<String>,
    }

    #[test]
    fn classes_agree_with_the_list() {
        for listed in listed() {
            let Listed { code, class, .. } = &listed;
            assert!(!listed.from.is_empty(), "{code} has no source");
            for spelling in [code.clone(), code.to_lowercase(), code.to_uppercase()] {
                let known = ErrorCode::new(spelling);
                assert_eq!(&format!("{:?}", known.class()).to_lowercase(), class, "{known}");
                assert_eq!(known.proves_method(), listed.proves_method, "{known}");
                assert_eq!(
                    known.is_for_all_credentials(),
                    listed.is_for_all_credentials,
                    "{known}"
                );
            }
            for status in listed
                .status
                .iter()
                .chain(&[200, 400, 401, 403, 404, 429, 500, 503])
            {
                let body = format!(r#"{{"error":"{code}","error_description":""}}"#);
                let Reply::Error(error) = Reply::read(*status, None, body.as_bytes()) else {
                    panic!("{body}");
                };
                if error.code.class() != ErrorClass::Other {
                    assert_eq!(error.class(), error.code.class(), "{code} with {status}");
                }
            }
        }
    }

    /// The list has the statuses of each code. So a status that no source has proves nothing.
    #[test]
    fn only_listed_statuses_prove_not_run() {
        for Listed {
            code, class, status, ..
        } in listed()
        {
            let is_limit = ["QUERY_LIMIT_EXCEEDED", "OPERATION_TIME_LIMIT"].contains(&&*code);
            let is_early = !["transient", "failed", "other"].contains(&&*class) || is_limit;
            let with_5xx = is_early && status.iter().any(|status| *status >= 500);
            for status in 100..=u16::from(u8::MAX) * 4 {
                let is_proven = match status {
                    200..=299 | 400..=499 => is_early,
                    500..=599 => with_5xx,
                    _ => false,
                };
                for (result, is_proven) in [("", is_proven), (r#","result":7"#, false)] {
                    let body = format!(r#"{{"error":"{code}"{result}}}"#);
                    let Reply::Error(error) = Reply::read(status, None, body.as_bytes()) else {
                        panic!("{body}");
                    };
                    assert_eq!(error.proves_not_run(), is_proven, "{code} with {status}{result}");
                }
            }
        }
    }

    #[test]
    fn known_codes_are_listed_once() {
        let known = GROUPS.iter().flat_map(|group| group.codes);
        let mut known: Vec<_> = known.map(|code| code.to_lowercase()).collect();
        let of_a_class = |listed: &Listed| listed.class != "other";
        let mut listed: Vec<_> = listed()
            .into_iter()
            .filter(of_a_class)
            .map(|listed| listed.code.to_lowercase())
            .collect();
        known.sort_unstable();
        listed.sort_unstable();
        assert_eq!(known, listed);
        known.dedup();
        assert_eq!(known.len(), listed.len(), "a code has two classes");
    }

    #[test]
    fn status_classifies_only_unknown_codes() {
        for code in ["", "0", "1048582", "220020", "SOMETHING_NEW"] {
            for (status, class) in [
                (200, ErrorClass::Other),
                (400, ErrorClass::Other),
                (401, ErrorClass::Other),
                (403, ErrorClass::Other),
                (404, ErrorClass::Other),
                (429, ErrorClass::Transient),
                (500, ErrorClass::Transient),
                (503, ErrorClass::Transient),
            ] {
                let body = format!(r#"{{"error":"{code}","error_description":""}}"#);
                let Reply::Error(error) = Reply::read(status, None, body.as_bytes()) else {
                    panic!("{body}");
                };
                assert_eq!(error.class(), class, "{code} with {status}");
                assert!(
                    !error.code.proves_method() && !error.code.is_for_all_credentials(),
                    "{code}"
                );
            }
        }
    }
}
