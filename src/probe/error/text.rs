//! The texts of a probe's errors.

use std::fmt;

use super::{ProbeError, ProbeErrorKind};
use crate::knowledge::IMBOT_V2_REST;
use crate::transport::TransportError;
use crate::wire::{Class, REVISION_GET};

impl ProbeError {
    fn advice(&self) -> &'static str {
        match &self.kind {
            ProbeErrorKind::Api(error) => match error.class() {
                Class::Expired => "the token has expired and could not be replaced: check the token source",
                Class::Credential if error.code == "INVALID_REQUEST" => {
                    "the portal takes REST over https only"
                }
                Class::Credential if error.code == "ACCESS_DENIED" || error.code == "PAYMENT_REQUIRED" => {
                    "the portal's plan has no REST, or none for this credential: its owner can tell"
                }
                Class::Scope => "the credential lacks the method's scope: add it on the portal",
                Class::Credential if error.code == "ERROR_OAUTH" || error.code == "NOT_INSTALLED" => {
                    "the application is not installed on the portal: have it installed again"
                }
                Class::Credential => {
                    "the credential is not accepted: check the webhook or the application's access on the portal"
                }
                Class::Transient => "this passes: ask again in a while",
                Class::Blocked => {
                    "the portal or its REST API is closed: its owner or Bitrix24 support can open it"
                }
                Class::Absent | Class::Refused | Class::Failed | Class::Other => {
                    "look the code up in the REST documentation"
                }
            },
            ProbeErrorKind::Transport(TransportError::Redirected) => {
                "give the transport a client that follows no redirects"
            }
            // The error's own text says what to do.
            ProbeErrorKind::Transport(TransportError::Tls(_) | TransportError::NotPublic(_))
            | ProbeErrorKind::Token(_) => "",
            ProbeErrorKind::Transport(TransportError::NotHttp(_)) => "check the address and the proxies",
            ProbeErrorKind::Transport(_) | ProbeErrorKind::Deadline(_) => {
                "check the network and the address, and ask again"
            }
            ProbeErrorKind::Moved { to: Some(_) } => {
                "ask the portal's owner whether it was renamed, and make the portal anew with its new address: a redirect \
                 proves nothing; `RegistryBuilder::redirects` says which are followed"
            }
            ProbeErrorKind::Moved { to: None } => {
                "the portal, or a proxy before it, leads to a page instead of answering: its licence may have expired, its \
                 site is closed, or a login is asked for"
            }
            ProbeErrorKind::Malformed(_) | ProbeErrorKind::Impossible { .. } => {
                "something between here and the portal answered: check the address and the proxies"
            }
            ProbeErrorKind::NothingFound { portal_answers: true } => {
                "the address is right, since a portal answers there: its messenger is not installed, or too old to be asked"
            }
            ProbeErrorKind::NothingFound {
                portal_answers: false,
            } => {
                "check that the address is the portal's REST address, and that nothing on the way changes the case of \
                 method names"
            }
            ProbeErrorKind::Contradiction(_) => {
                "ask again; if it stays so, see that nothing on the way changes the case of method names"
            }
            ProbeErrorKind::RequestLimit => "ask again in a while: this probe has used up its five requests",
            ProbeErrorKind::Busy => "ask again in a while, or let more probes through at a time",
            ProbeErrorKind::LessThanKnown => "give the credential the scopes imbot and im",
            ProbeErrorKind::NoRuntime => "call from within a tokio runtime",
            ProbeErrorKind::Interrupted => "ask again on a runtime that goes on",
            ProbeErrorKind::Panicked => {
                "see the panic's message: the transport or the token source is at fault, or the runtime needs `enable_all`"
            }
        }
    }
}

impl fmt::Display for ProbeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { portal, asked, .. } = self;
        write!(
            f,
            "the capabilities of {portal} are not known: {asked}: {}",
            self.kind
        )?;
        match self.advice() {
            "" => Ok(()),
            advice => write!(f, "; {advice}"),
        }
    }
}

impl fmt::Display for ProbeErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProbeErrorKind::Transport(error) => error.fmt(f),
            ProbeErrorKind::Api(error) => error.fmt(f),
            ProbeErrorKind::Moved { to: Some(to) } => write!(f, "it redirects to {to}"),
            ProbeErrorKind::Moved { to: None } => f.write_str("it redirects to a page"),
            ProbeErrorKind::Malformed(malformed) => malformed.fmt(f),
            ProbeErrorKind::NothingFound { .. } => write!(f, "neither this nor {REVISION_GET} was found"),
            ProbeErrorKind::Contradiction(contradiction) => contradiction.fmt(f),
            ProbeErrorKind::Token(error) => error.fmt(f),
            ProbeErrorKind::Deadline(limit) => write!(f, "no answer within {} s", limit.as_secs_f32()),
            ProbeErrorKind::Impossible { rest } => write!(
                f,
                "it reports REST revision {rest}, but no portal with imbot.v2 is below {IMBOT_V2_REST}"
            ),
            ProbeErrorKind::RequestLimit => {
                f.write_str("not asked, or not asked again: the probe had used up its requests")
            }
            ProbeErrorKind::Busy => f.write_str("too many other portals were being asked"),
            ProbeErrorKind::LessThanKnown => f.write_str("the credential is told less than was known"),
            ProbeErrorKind::NoRuntime => f.write_str("there is no tokio runtime here"),
            ProbeErrorKind::Interrupted => {
                f.write_str("the runtime of the probe was shut down or stands still")
            }
            ProbeErrorKind::Panicked => f.write_str("the probe panicked"),
        }
    }
}
