//! Runs a probe: puts the questions of [`inquiry`](super::inquiry), and repeats them by
//! [`retry`](super::retry).

use super::error::{Failure, ProbeError, ProbeErrorKind};
use super::inquiry::{Failed, Inquiry};
use super::options::ProbeOptions;
use super::retry;
use super::session::Session;
use crate::clock::within;
use crate::knowledge::Knowledge;
use crate::portal::Portal;

/// The result of a probe.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) known: Knowledge,
    /// Why the knowledge is incomplete. It stands all the same.
    pub(crate) incomplete: Option<ProbeError>,
    /// The new endpoint of the portal, if a redirect was followed.
    pub(crate) moved_to: Option<String>,
}

/// Asks a portal what it can do. This takes one request if the portal has
/// `imbot.v2.Revision.get`, two if it has not, and up to five if it also refuses batches.
///
/// Repeats come in addition: at most two after transient failures, one after an expired token, and
/// one if a redirect is followed. There are never more than [`REQUESTS`] in all. If these are used
/// up, there are no more repeats and no more questions, and what was learned stands. Cancel-safe:
/// every question is a read.
///
/// # Errors
///
/// If neither the REST revision nor the presence of imbot.v2 was learned. If the deadline passes
/// during a repeat, the error is the one before the repeat. If it passes while the probe waits for
/// a token, the error is [`ProbeErrorKind::Token`].
pub(crate) async fn probe(options: &ProbeOptions<'_>, portal: &Portal) -> Result<Found, ProbeError> {
    let mut session = Session::new(options, portal);
    let mut inquiry = Inquiry::new();
    let mut mending = None;
    let conversation = converse(options, &mut session, &mut inquiry, &mut mending);
    if within(options.clock, options.deadline, conversation)
        .await
        .is_none()
    {
        let failure = match (session.trouble_at_deadline(), mending) {
            (ProbeErrorKind::Deadline(_), Some(mending)) => mending,
            (trouble, _) => Failure::from(trouble),
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

/// Asks until enough is known. During a repeat, `mending` holds the failure before it.
async fn converse(
    options: &ProbeOptions<'_>,
    session: &mut Session<'_>,
    inquiry: &mut Inquiry,
    mending: &mut Option<Failure>,
) {
    let began = options.clock.now();
    let mut repeats = 0;
    while let Some(question) = inquiry.question() {
        if session.requests_left() == 0 {
            return inquiry.cut(ProbeErrorKind::RequestLimit);
        }
        let answer = session.ask(question).await;
        if let Err(failure) = &answer
            && session.requests_left() > 0
            && let Some(pause) = retry::pause(failure, repeats, options.jitter)
        {
            // If the clock was set back, the probe does not wait longer.
            let passed = options.clock.now().duration_since(began).unwrap_or_default();
            if pause < options.deadline.saturating_sub(passed) {
                *mending = Some(failure.clone());
                repeats = u32::saturating_add(repeats, 1);
                tracing::debug!(
                    rpc.method = question.method(),
                    http.request.resend_count = repeats,
                    error.type = failure.trouble.class().as_str(),
                    error.message = %failure.trouble,
                    bitrix24.pause = ?pause,
                    "asking again"
                );
                options.clock.sleep(pause).await;
                continue;
            }
        }
        *mending = None;
        inquiry.answer(answer);
    }
}
