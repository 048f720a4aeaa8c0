//! Runs a [`Probe`] over a transport.

use std::time::Duration;

use super::error::{ProbeError, of_transport};
use super::options::ProbeOptions;
use crate::clock::within;
use crate::knowledge::Knowledge;
use crate::portal::{Portal, TokenError};
use crate::portal_client::{CallOptions, Exchange, NoReply, PortalClient};
use crate::probe::{Error, Pause, Probe, Step};
use crate::wire::Call;
use crate::wire::budget::Budget;

/// The result of a probe.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) known: Knowledge,
    /// Why the knowledge is incomplete. It stands all the same.
    pub(crate) incomplete: Option<ProbeError>,
    /// The new endpoint of the portal, if a redirect was followed.
    pub(crate) moved_to: Option<String>,
}

/// Asks a portal what it can do: see [`Probe`]. Cancel-safe: every question is a read.
///
/// # Errors
///
/// As [`Probe::finish`] says. If the deadline passes while the probe waits for a token, the error is
/// [`ProbeErrorKind::Token`](super::ProbeErrorKind::Token).
pub(crate) async fn probe(options: &ProbeOptions<'_>, portal: &Portal) -> Result<Found, ProbeError> {
    let call_options = CallOptions {
        transport: options.transport,
        clock: options.clock,
        redirects: options.redirects,
        budget: Budget::SMALL,
        // Replies to a probe are short.
        reply_memory: None,
        timeout: None,
    };
    let mut client = PortalClient::new(call_options, portal);
    let mut probe = Probe::new(options.clock.now())
        .deadline(options.deadline)
        .jitter(options.jitter);
    if !portal.is_webhook() {
        probe = probe.renewing();
    }
    let conversation = converse(options, &mut client, &mut probe);
    if within(options.clock, options.deadline, conversation)
        .await
        .is_none()
    {
        match client.waits_for_token() {
            true => probe.no_token(NoReply::Token(no_token_within(options.deadline))),
            false => probe.expire(),
        }
    }
    let error = |mut error: Error<NoReply>| {
        error.hide(&client.secrets());
        ProbeError::of(portal, error)
    };
    let found = probe.finish().map_err(error)?;
    Ok(Found {
        known: found.knowledge,
        incomplete: found.incomplete.map(error),
        moved_to: found.moved_to,
    })
}

/// Does each step, until the probe is done.
async fn converse(options: &ProbeOptions<'_>, client: &mut PortalClient<'_>, probe: &mut Probe<NoReply>) {
    loop {
        match probe.step(options.clock.now()) {
            Step::Send(request) => {
                let sent = client
                    .send(&Call::with_params(request.method(), request.params()), false)
                    .await;
                let now = options.clock.now();
                match sent {
                    Ok(Exchange { reply, retry_after }) => request.take(now, reply, retry_after),
                    Err(NoReply::Transport(error)) => {
                        request.fail(now, of_transport(&error), NoReply::Transport(error));
                    }
                    Err(none) => request.no_token(none),
                }
            }
            Step::Wait(pause) => {
                trace(&pause);
                options.clock.sleep(pause.duration()).await;
                pause.resume();
            }
            Step::Renew(renewal) => match client.renew().await {
                Ok(()) => renewal.done_elsewhere(),
                Err(none) => renewal.fail(none),
            },
            Step::Redirect(redirect) => match client.target(redirect.location()) {
                Ok(target) => {
                    if redirect.follow(target.as_str()) {
                        client.move_to(target);
                    }
                }
                Err(to) => redirect.refuse(to),
            },
            Step::Done => return,
        }
    }
}

fn trace(pause: &Pause<'_, NoReply>) {
    if let Some((method, trouble)) = pause.reason() {
        let trouble = super::error::ProbeErrorKind::from(trouble.clone());
        tracing::debug!(
            rpc.method = method,
            http.request.resend_count = pause.repeats(),
            error.type = trouble.class().as_str(),
            error.message = %trouble,
            bitrix24.pause = ?pause.duration(),
            "asking again"
        );
    }
}

/// A token source that does not answer says nothing about the portal, so that is a failure of the
/// credential.
fn no_token_within(deadline: Duration) -> TokenError {
    let limit = deadline.as_secs_f32();
    TokenError::transient(format!("the token source gave none within {limit} s"))
}
