//! The short conversation that turns a portal's answers into knowledge.
//!
//! What to ask next and what an answer proves is pure, in [`inquiry`], and so is
//! when to ask once more, in [`retry`]; asking is in [`session`]. The probe goes
//! through the transport alone, never through anything that needs its result.

#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, reason = "numbers from outside are here")
)]

use std::time::Duration;

use crate::clock::{Clock, within};
use crate::knowledge::Knowledge;
use crate::portal::Portal;
use crate::transport::{Redirects, Transport};

mod error;
mod inquiry;
mod retry;
mod session;

pub use error::{FailureKind, ProbeError, ProbeErrorKind};

use error::Failure;
use inquiry::{Failed, Inquiry};
use session::Session;

/// The most requests to the portal of one probe. All count: questions, repeats after passing
/// failures, repeats with a new token, and repeats where a redirect leads. What a token
/// source sends to its own server does not.
const REQUESTS: u32 = 5;

/// How to ask.
pub(crate) struct ProbeOptions<'a> {
    pub(crate) transport: &'a dyn Transport,
    pub(crate) clock: &'a dyn Clock,
    /// For the whole of it, with all pauses.
    pub(crate) deadline: Duration,
    pub(crate) redirects: &'a Redirects,
    /// What sets this portal's pauses apart from those of others.
    pub(crate) jitter: u64,
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
/// exists, two where it does not, up to five where batch is refused besides.
///
/// To these come at most two repeats after something passing, one after an
/// expired token, and one where a redirect is followed, but never more than
/// [`REQUESTS`] in all. When these are used up, repeats are dropped first and then
/// the questions that are left; what was learned stands. Cancel-safe: every question
/// is a read.
///
/// # Errors
///
/// When neither the REST revision nor whether imbot.v2 is there could be learned.
/// When the deadline passes during a repeat, the error is that which it was to
/// mend; while a token is waited for, it is [`ProbeErrorKind::Token`].
pub(crate) async fn probe(conduct: &ProbeOptions<'_>, portal: &Portal) -> Result<Found, ProbeError> {
    let mut session = Session::new(conduct, portal);
    let mut inquiry = Inquiry::new();
    let mut mending = None;
    let conversation = converse(conduct, &mut session, &mut inquiry, &mut mending);
    if within(conduct.clock, conduct.deadline, conversation)
        .await
        .is_none()
    {
        let failure = match (session.struck(), mending) {
            (ProbeErrorKind::Deadline(_), Some(mending)) => mending,
            (struck, _) => Failure::from(struck),
        };
        inquiry.answer(Err(failure));
    }
    let error = |Failed { asked, failure }| ProbeError::of(portal, asked, session.hide(failure));
    let (known, failed) = inquiry.conclude().map_err(error)?;
    Ok(Found {
        known,
        incomplete: failed.map(error),
        moved_to: session.moved_to(),
    })
}

/// Asks until enough is known. `mending` is the failure that the question at hand
/// repeats after.
async fn converse(
    conduct: &ProbeOptions<'_>,
    session: &mut Session<'_>,
    inquiry: &mut Inquiry,
    mending: &mut Option<Failure>,
) {
    let began = conduct.clock.now();
    let mut repeats = 0;
    while let Some(question) = inquiry.question() {
        if session.requests_left() == 0 {
            return inquiry.cut(ProbeErrorKind::RequestLimit);
        }
        let answer = session.ask(question).await;
        if let Err(failure) = &answer
            && session.requests_left() > 0
            && let Some(pause) = retry::pause(failure, repeats, conduct.jitter)
        {
            // A clock that was set back is no reason to wait longer.
            let passed = conduct.clock.now().duration_since(began).unwrap_or_default();
            if pause < conduct.deadline.saturating_sub(passed) {
                *mending = Some(failure.clone());
                repeats = u32::saturating_add(repeats, 1);
                tracing::debug!(
                    rpc.method = question.method(),
                    http.request.resend_count = repeats,
                    error.type = failure.trouble.kind().as_str(),
                    error.message = %failure.trouble,
                    bitrix24.pause = ?pause,
                    "asking again"
                );
                conduct.clock.sleep(pause).await;
                continue;
            }
        }
        *mending = None;
        inquiry.answer(answer);
    }
}

#[cfg(test)]
#[cfg(feature = "reqwest")]
mod tests;
