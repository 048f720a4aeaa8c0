//! The texts of a probe's errors.

use std::fmt;

use super::{Error, ErrorKind};
use crate::knowledge::IMBOT_V2_REST;
use crate::wire::{ErrorClass, REVISION_GET};

impl<E> ErrorKind<E> {
    /// What to do about it.
    pub(crate) fn advice(&self) -> &'static str {
        match self {
            ErrorKind::Api(error) => match error.class() {
                ErrorClass::Expired => {
                    "the token has expired and could not be replaced: check the token source"
                }
                ErrorClass::Credential if error.code == "INVALID_REQUEST" => {
                    "the portal takes REST over https only"
                }
                ErrorClass::Credential
                    if error.code == "ACCESS_DENIED" || error.code == "PAYMENT_REQUIRED" =>
                {
                    "the portal's plan has no REST, or none for this credential: its owner can tell"
                }
                ErrorClass::Scope => "the credential lacks the method's scope: add it on the portal",
                ErrorClass::Credential if error.code == "ERROR_OAUTH" || error.code == "NOT_INSTALLED" => {
                    "the application is not installed on the portal: have it installed again"
                }
                ErrorClass::Credential => {
                    "the credential is not accepted: check the webhook or the application's access on the portal"
                }
                ErrorClass::Transient => "this passes: ask again in a while",
                ErrorClass::Blocked => {
                    "the portal or its REST API is closed: its owner or Bitrix24 support can open it"
                }
                ErrorClass::Absent | ErrorClass::Refused | ErrorClass::Failed | ErrorClass::Other => {
                    "look the code up in the REST documentation"
                }
            },
            ErrorKind::NoToken(_) => "see the source of this error",
            ErrorKind::NoReply { .. } | ErrorKind::Deadline(_) => {
                "check the network and the address, and ask again"
            }
            ErrorKind::Moved { to: Some(_) } => {
                "ask the portal's owner whether it was renamed, and use its new address: a redirect proves nothing"
            }
            ErrorKind::Moved { to: None } => {
                "the portal, or a proxy before it, leads to a page instead of answering: its licence may have expired, its \
                 site is closed, or a login is asked for"
            }
            ErrorKind::Malformed(_) | ErrorKind::Impossible { .. } | ErrorKind::TooLarge => {
                "something between here and the portal answered: check the address and the proxies"
            }
            ErrorKind::NothingFound { portal_answers: true } => {
                "the address is right, since a portal answers there: its messenger is not installed, or too old to be asked"
            }
            ErrorKind::NothingFound {
                portal_answers: false,
            } => {
                "check that the address is the portal's REST address, and that nothing on the way changes the case of \
                 method names"
            }
            ErrorKind::Contradiction(_) => {
                "ask again; if it stays so, see that nothing on the way changes the case of method names"
            }
            ErrorKind::RequestLimit => "ask again in a while: this probe has used up its five requests",
        }
    }
}

impl<E> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let trouble = self.kind();
        write!(
            f,
            "the capabilities are not known: {}: {trouble}; {}",
            self.asked,
            trouble.advice()
        )
    }
}

impl<E> fmt::Display for ErrorKind<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ErrorKind::NoReply { .. } => f.write_str("no whole reply came"),
            ErrorKind::NoToken(_) => f.write_str("there is no access token"),
            ErrorKind::Api(error) => error.fmt(f),
            ErrorKind::Moved { to: Some(to) } => write!(f, "it redirects to {to}"),
            ErrorKind::Moved { to: None } => f.write_str("it redirects to a page"),
            ErrorKind::Malformed(malformed) => malformed.fmt(f),
            ErrorKind::TooLarge => f.write_str("the reply has more than 64 KiB or 8,192 JSON values"),
            ErrorKind::NothingFound { .. } => write!(f, "neither this nor {REVISION_GET} was found"),
            ErrorKind::Contradiction(contradiction) => contradiction.fmt(f),
            ErrorKind::Deadline(limit) => write!(f, "no answer within {} s", limit.as_secs_f32()),
            ErrorKind::Impossible { rest } => write!(
                f,
                "it reports REST revision {rest}, but no portal with imbot.v2 is below {IMBOT_V2_REST}"
            ),
            ErrorKind::RequestLimit => {
                f.write_str("not asked, or not asked again: the probe had used up its requests")
            }
        }
    }
}
