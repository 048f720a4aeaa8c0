//! The short conversation that turns a portal's answers into knowledge.
//!
//! What to ask next and what an answer proves is pure, in [`Inquiry`]; asking is
//! in [`probe`]. The probe goes through the transport alone, never through
//! anything that needs its result.

use std::fmt;
use std::time::Duration;

use serde_json::Value;

use crate::clock::{Clock, within};
use crate::knowledge::{Contradiction, Knowledge};
use crate::portal::{Portal, PortalId, TokenError};
use crate::revision::Revisions;
use crate::transport::{Transport, TransportError};
use crate::wire::{ApiError, BOT_LIST, Class, IM_REVISION_GET, Malformed, REVISION_GET, Reply};

mod session;

use session::Session;

/// Why a portal's capabilities could not be learned.
///
/// It says nothing of what the portal can do: what was known before still
/// stands. `Display` says what to do, and holds no secret.
#[derive(Clone, Debug)]
pub struct ProbeError {
    portal: PortalId,
    asked: &'static str,
    trouble: Trouble,
}

/// What kept a probe from learning.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Trouble {
    /// No whole reply came.
    Transport(TransportError),
    /// The API refused for a reason that proves nothing of the portal.
    Api(ApiError),
    /// The portal redirects, which is not followed.
    Moved {
        /// The scheme, host and port it leads to, when it leads elsewhere; none
        /// when it stays on the portal's own host.
        to: Option<String>,
    },
    /// The answer is none of the API.
    Malformed(Malformed),
    /// Neither method that reports revisions was found. One exists on every
    /// portal with a messenger, so the address or something on the way is wrong.
    NothingFound,
    /// The answers contradict each other.
    Contradiction(Contradiction),
    /// There is no access token.
    Token(TokenError),
    /// The probe took longer than it may.
    Deadline(Duration),
    /// Too many other portals were being asked.
    Busy,
    /// The portal told this credential less than was known of it.
    LessThanKnown,
    /// There is no tokio runtime to probe on.
    NoRuntime,
    /// The runtime that the probe ran on was shut down, or stands still.
    Interrupted,
    /// The transport or the token source panicked, or the runtime has no timer.
    Panicked,
}

impl ProbeError {
    pub(crate) fn new(portal: &Portal, asked: &'static str, trouble: Trouble) -> Self {
        Self {
            portal: portal.id().clone(),
            asked,
            trouble,
        }
    }

    /// The portal.
    #[must_use]
    pub fn portal(&self) -> &PortalId {
        &self.portal
    }

    /// What kept the probe from learning.
    #[must_use]
    pub fn trouble(&self) -> &Trouble {
        &self.trouble
    }

    /// Whether asking again later may help, with nothing changed.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match &self.trouble {
            Trouble::Transport(error) => {
                !matches!(error, TransportError::Client(_) | TransportError::Redirected)
            }
            Trouble::Api(error) => error.class() == Class::Transient,
            Trouble::Malformed(malformed) => matches!(malformed.status, 200 | 408 | 425 | 429 | 500..),
            Trouble::Deadline(_) | Trouble::Busy | Trouble::Interrupted | Trouble::Contradiction(_) => true,
            _ => false,
        }
    }

    /// The wait that the portal asked for.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        None
    }

    /// Whether someone has closed the portal or its REST API, or moved it: only
    /// people can help. An address on premise may be closed for an hour.
    #[must_use]
    pub fn is_blocked(&self) -> bool {
        match &self.trouble {
            Trouble::Api(error) => error.class() == Class::Blocked,
            Trouble::Moved { .. } => true,
            _ => false,
        }
    }

    /// Whether the credential is the trouble, and another may work.
    #[must_use]
    pub fn is_credential(&self) -> bool {
        match &self.trouble {
            Trouble::Api(error) => matches!(error.class(), Class::Credential | Class::Expired | Class::Scope),
            Trouble::Token(_) | Trouble::LessThanKnown => true,
            _ => false,
        }
    }

    fn advice(&self) -> &'static str {
        match &self.trouble {
            Trouble::Api(error) => match error.class() {
                Class::Expired => "the token has expired and could not be replaced: check the token source",
                Class::Credential if error.code == "INVALID_REQUEST" => {
                    "the portal takes REST over https only"
                }
                Class::Credential if error.code == "ACCESS_DENIED" || error.code == "PAYMENT_REQUIRED" => {
                    "the portal's plan has no REST, or none for this credential: its owner can tell"
                }
                Class::Credential | Class::Scope => {
                    "the credential is not accepted: check the webhook or the application's access on the portal"
                }
                Class::Transient => "this passes: ask again in a while",
                Class::Blocked => {
                    "the portal or its REST API is closed: its owner or Bitrix24 support can open it"
                }
                _ => "look the code up in the REST documentation",
            },
            Trouble::Transport(TransportError::Redirected) => {
                "give the transport a client that follows no redirects"
            }
            Trouble::Transport(_) | Trouble::Deadline(_) => {
                "check the network and the address, and ask again"
            }
            Trouble::Moved { to: Some(_) } => {
                "the portal has a new address: store it and make the portal anew with it"
            }
            Trouble::Moved { to: None } => {
                "the portal leads to its own site instead of answering: its licence may have expired, or its site is closed"
            }
            Trouble::Malformed(_) => {
                "something between here and the portal answered: check the address and the proxies"
            }
            Trouble::NothingFound => {
                "check that the address is the portal's REST address, that nothing on the way changes the case of \
                 method names, and that the messenger is installed"
            }
            Trouble::Contradiction(_) => "ask again",
            Trouble::Token(_) => "check the token source",
            Trouble::Busy => "ask again in a while, or let more probes through at a time",
            Trouble::LessThanKnown => "give the credential the scopes imbot and im",
            Trouble::NoRuntime => "call from within a tokio runtime",
            Trouble::Interrupted => "ask again on a runtime that goes on",
            Trouble::Panicked => {
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
            "the capabilities of {portal} are not known: {asked}: {}; {}",
            self.trouble,
            self.advice()
        )
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Transport(error) => error.fmt(f),
            Trouble::Api(error) => error.fmt(f),
            Trouble::Moved { to: Some(to) } => write!(f, "it redirects to {to}"),
            Trouble::Moved { to: None } => f.write_str("it redirects to its own site"),
            Trouble::Malformed(malformed) => malformed.fmt(f),
            Trouble::NothingFound => write!(f, "neither this nor {REVISION_GET} was found"),
            Trouble::Contradiction(contradiction) => contradiction.fmt(f),
            Trouble::Token(error) => error.fmt(f),
            Trouble::Deadline(limit) => write!(f, "no answer within {} s", limit.as_secs_f32()),
            Trouble::Busy => f.write_str("too many other portals were being asked"),
            Trouble::LessThanKnown => f.write_str("the credential is told less than was known"),
            Trouble::NoRuntime => f.write_str("there is no tokio runtime here"),
            Trouble::Interrupted => f.write_str("the runtime of the probe was shut down or stands still"),
            Trouble::Panicked => f.write_str("the probe panicked"),
        }
    }
}

impl std::error::Error for ProbeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.trouble {
            Trouble::Transport(error) => Some(error),
            Trouble::Api(error) => Some(error),
            Trouble::Contradiction(error) => Some(error),
            Trouble::Token(error) => Some(error),
            _ => None,
        }
    }
}

/// How to ask.
pub(crate) struct Conduct<'a> {
    pub(crate) transport: &'a dyn Transport,
    pub(crate) clock: &'a dyn Clock,
    /// For the whole of it, with all pauses.
    pub(crate) deadline: Duration,
}

/// What came of a probe.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) known: Knowledge,
    /// Why not more: what is known stands all the same.
    pub(crate) incomplete: Option<ProbeError>,
    /// Where the portal was followed to: its endpoint now.
    pub(crate) moved_to: Option<String>,
}

/// Asks a portal what it can do: one request where `imbot.v2.Revision.get`
/// exists, two or three where it does not. Cancel-safe: every question is a
/// read.
pub(crate) async fn probe(conduct: &Conduct<'_>, portal: &Portal) -> Result<Found, ProbeError> {
    let found = within(conduct.clock, conduct.deadline, converse(conduct, portal)).await;
    found.unwrap_or_else(|| {
        let trouble = Trouble::Deadline(conduct.deadline);
        Err(ProbeError::new(portal, REVISION_GET, trouble))
    })
}

async fn converse(conduct: &Conduct<'_>, portal: &Portal) -> Result<Found, ProbeError> {
    let mut session = Session::new(conduct.transport, portal);
    let mut inquiry = Inquiry::new();
    loop {
        let asked = inquiry.question();
        let answer = session.ask(asked).await;
        let next = answer.and_then(|reply| inquiry.answer(reply));
        match next.map_err(|trouble| ProbeError::new(portal, asked, trouble))? {
            Next::Ask(next) => inquiry = next,
            Next::Done(known) => {
                return Ok(Found {
                    known,
                    incomplete: None,
                    moved_to: None,
                });
            }
        }
    }
}

/// The state of the conversation: what is known so far, and what to ask.
#[derive(Debug)]
struct Inquiry {
    known: Knowledge,
    step: Step,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    RevisionGet,
    ImRevisionGet,
    BotList,
}

#[derive(Debug)]
enum Next {
    Ask(Inquiry),
    Done(Knowledge),
}

impl Inquiry {
    fn new() -> Self {
        Self {
            known: Knowledge::unknown(),
            step: Step::RevisionGet,
        }
    }

    fn question(&self) -> &'static str {
        match self.step {
            Step::RevisionGet => REVISION_GET,
            Step::ImRevisionGet => IM_REVISION_GET,
            Step::BotList => BOT_LIST,
        }
    }

    /// What an answer proves, and what is left to ask.
    fn answer(&self, reply: Reply) -> Result<Next, Trouble> {
        let class = match &reply {
            Reply::Result(_) => None,
            Reply::Error(error) => Some(error.class()),
            Reply::Moved { location } => {
                return Err(Trouble::Moved { to: location.clone() });
            }
            Reply::Malformed(malformed) => return Err(Trouble::Malformed(malformed.clone())),
        };
        let learned = match (self.step, class) {
            (Step::RevisionGet, None) => Knowledge::from_imbot_revision_get(&revisions(&reply)?),
            (Step::RevisionGet, Some(Class::Absent)) => Knowledge::revision_get_absent(),
            // The method is looked up before the scope: it exists.
            (Step::RevisionGet, Some(Class::Scope)) => Knowledge::revision_get_exists(),

            (Step::ImRevisionGet, None) => Knowledge::from_im_revision_get(&revisions(&reply)?),
            // No number without scope `im`, but the address is the right one.
            (Step::ImRevisionGet, Some(Class::Scope)) => Knowledge::unknown(),
            // This one is as old as the revisions. Without it "not found" may come
            // from a wrong address as well, and then proves nothing.
            (Step::ImRevisionGet, Some(Class::Absent)) => return Err(Trouble::NothingFound),

            (Step::BotList, Some(Class::Absent)) => Knowledge::imbot_v2_absent(),
            (Step::BotList, None | Some(Class::Scope | Class::Refused)) => Knowledge::imbot_v2_exists(),
            // A code not known here proves nothing, and the rest stands.
            (Step::BotList, Some(Class::Other)) => Knowledge::unknown(),

            (_, Some(_)) => match reply {
                Reply::Error(error) => return Err(Trouble::Api(error)),
                _ => Knowledge::unknown(),
            },
        };
        let known = self.known.meet(&learned).map_err(Trouble::Contradiction)?;
        Ok(match self.step {
            Step::RevisionGet if known.rest().is_some() => Next::Done(known),
            Step::RevisionGet => Next::Ask(Inquiry {
                known,
                step: Step::ImRevisionGet,
            }),
            Step::ImRevisionGet if known.imbot_v2().is_none() => Next::Ask(Inquiry {
                known,
                step: Step::BotList,
            }),
            Step::ImRevisionGet | Step::BotList => Next::Done(known),
        })
    }
}

/// The revisions in a result; a result without `rest` is none of the method.
fn revisions(reply: &Reply) -> Result<Revisions, Trouble> {
    let malformed = |what: String| Trouble::Malformed(Malformed::new(200, what));
    // Not repeated when it is something else: it may be anything.
    let Reply::Result(result @ Value::Object(_)) = reply else {
        return Err(malformed("a result that is no object of revisions".to_owned()));
    };
    let seen: Revisions = serde::Deserialize::deserialize(result).map_err(|error: serde_json::Error| {
        malformed(format!("a result that holds no revisions: {error}"))
    })?;
    match seen.rest() {
        // PHP makes 0 of nothing; revisions were counted from more than that.
        Some(1..) => Ok(seen),
        Some(0) | None => Err(malformed("a result without the counter `rest`".to_owned())),
    }
}

#[cfg(test)]
mod tests;
