//! [`SharedSource`]: one call of a token source at a time, and one result for all that wait.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::runtime;
use tracing::Instrument;

use super::access_token::{AccessToken, Confirmed};
use super::error::TokenError;
use super::source::TokenSource;
use crate::clock::{Clock, within};
use crate::single_flight::{Attempt, Joining, Leader, SingleFlight};

type Outcome = Result<AccessToken, TokenError>;

/// A token source with the rules that [`TokenSource`] promises for its calls.
///
/// Its lock is never held during a wait.
pub(crate) struct SharedSource {
    source: Box<dyn TokenSource>,
    state: SingleFlight<State, Began, Outcome>,
}

/// When a call of the source began.
type Began = SystemTime;

#[derive(Default)]
struct State {
    /// The last token of the source.
    newest: Option<AccessToken>,
    /// An expired token that cannot be replaced.
    refused: Option<(AccessToken, TokenError)>,
    pause: Option<Pause>,
}

/// The pause after a transient failure.
struct Pause {
    error: TokenError,
    failures: u32,
    /// When the failed call began.
    began: SystemTime,
    /// When a waiting caller saw the failure. The task of the call has no clock.
    seen: Option<SystemTime>,
}

impl Pause {
    const FIRST: Duration = Duration::from_secs(5);
    const LONGEST: Duration = Duration::from_secs(600);

    fn lasts_at(&self, now: SystemTime) -> bool {
        let since = self.seen.unwrap_or(self.began);
        let doublings = self.failures.saturating_sub(1).min(16);
        let length = Self::FIRST
            .saturating_mul(2_u32.saturating_pow(doublings))
            .min(Self::LONGEST);
        let length = length.max(self.error.retry_after().unwrap_or_default());
        // A clock that was set back ends the pause.
        now.duration_since(since).is_ok_and(|passed| passed < length)
    }
}

/// How long a call may take. After that, another one starts: the call hangs, or its runtime has
/// stopped.
const PATIENCE: Duration = Duration::from_secs(60);

/// How many calls a caller waits for if each is lost with its runtime.
const TRIES: usize = 3;

impl SharedSource {
    pub(crate) fn new(source: impl TokenSource) -> Arc<Self> {
        Arc::new(Self {
            source: Box::new(source),
            state: SingleFlight::new(State::default()),
        })
    }

    /// Whether both have the same source.
    pub(crate) fn is(&self, other: &Self) -> bool {
        let identity = self.source.identity();
        std::ptr::eq(self, other) || identity.is_some() && identity == other.source.identity()
    }

    /// What the authorisation server has confirmed with the newest token. Returned once.
    pub(crate) fn take_confirmed(&self) -> Option<Arc<Confirmed>> {
        self.state.with(|state| state.newest.as_ref()?.take_confirmed())
    }

    /// As [`TokenSource::secret_goes_to`].
    pub(crate) fn secret_goes_to(&self) -> Option<&str> {
        self.source.secret_goes_to()
    }

    /// As [`TokenSource::token`]. Cancel-safe: the call goes on for others.
    pub(crate) async fn token(self: &Arc<Self>, expired: Option<&AccessToken>, clock: &dyn Clock) -> Outcome {
        let mut lost = 0;
        while lost < TRIES {
            let attempt = match self.join(expired, clock.now()) {
                Joining::Answered(answer) => return answer,
                Joining::Joined(attempt) => attempt,
                Joining::Started(attempt, leader) => {
                    self.call(attempt.about, expired.cloned(), leader);
                    attempt
                }
            };
            let age = clock.now().duration_since(attempt.about).unwrap_or_default();
            match within(clock, PATIENCE.saturating_sub(age), attempt.finished()).await {
                // The call was for any token, and this caller knows that this one has expired.
                Some(Some(Ok(token))) if expired.is_some_and(|expired| expired.is(&token)) => {}
                Some(Some(Ok(token))) => return Ok(token),
                Some(Some(Err(error))) => {
                    self.state.with(|state| {
                        if let Some(pause) = &mut state.pause {
                            pause.seen.get_or_insert(clock.now());
                        }
                    });
                    return Err(error);
                }
                // The call took too long, or its runtime was shut down.
                Some(None) | None => {
                    self.state.give_up(&attempt);
                    lost = usize::saturating_add(lost, 1);
                }
            }
        }
        Err(TokenError::transient(
            "the token source takes too long, or its runtime was shut down",
        ))
    }

    /// Answers from memory, or joins the running call, or starts one. Replaces a call that takes
    /// too long.
    fn join(&self, expired: Option<&AccessToken>, now: SystemTime) -> Joining<Began, Outcome, Outcome> {
        // If the clock was set back, the age is unknown. The timers of waiting callers still run.
        let is_old = |attempt: &Attempt<Began, Outcome>| {
            now.duration_since(attempt.about).is_ok_and(|age| age >= PATIENCE)
        };
        loop {
            let answer = |state: &mut State, is_running| state.answer(expired, is_running, now);
            match self.state.join(|| now, answer) {
                Joining::Joined(attempt) if is_old(&attempt) => self.state.give_up(&attempt),
                joining => return joining,
            }
        }
    }

    /// Calls the source, in a task within a task, which catches a panic.
    fn call(self: &Arc<Self>, began: Began, expired: Option<AccessToken>, leader: Leader<Outcome>) {
        // Without a runtime the leader is dropped. `State::answer` has looked for one.
        let Ok(runtime) = runtime::Handle::try_current() else {
            return;
        };
        let call = {
            let (shared, expired) = (Arc::clone(self), expired.clone());
            async move { shared.source.token(expired.as_ref()).await }
        };
        let call = runtime.spawn(call.in_current_span());
        let shared = Arc::clone(self);
        runtime.spawn(async move {
            let outcome = match call.await {
                Ok(outcome) => outcome,
                Err(error) if error.is_panic() => Err(TokenError::transient(
                    "the token source panicked; see the panic's message",
                )),
                // The runtime is being shut down. Dropping the leader wakes the waiting callers.
                Err(_) => return,
            };
            shared.state.complete(leader, |state| {
                Some(state.take_in(began, expired.as_ref(), outcome))
            });
        });
    }
}

impl State {
    /// The answer without a call, if there is one.
    fn answer(&self, expired: Option<&AccessToken>, is_running: bool, now: SystemTime) -> Option<Outcome> {
        if let Some(expired) = expired {
            match (&self.newest, &self.refused) {
                (Some(newest), _) if !newest.is(expired) => return Some(Ok(newest.clone())),
                (_, Some((token, error))) if token.is(expired) => return Some(Err(error.clone())),
                _ => {}
            }
        }
        if is_running {
            return None;
        }
        if let Some(pause) = &self.pause
            && pause.lasts_at(now)
        {
            return Some(Err(pause.error.clone()));
        }
        runtime::Handle::try_current().is_err().then(|| {
            Err(TokenError::transient(
                "there is no tokio runtime here to ask the token source on",
            ))
        })
    }

    /// Takes in the result of a call. Returns the outcome for the waiting callers.
    fn take_in(&mut self, began: Began, expired: Option<&AccessToken>, outcome: Outcome) -> Outcome {
        let outcome = match outcome {
            Ok(token) if expired.is_some_and(|expired| expired.is(&token)) => Err(TokenError::transient(
                "the token source gave the expired token again",
            )),
            Ok(token) => Ok(token),
            // A source may have put a token into its error.
            Err(error) => Err(expired
                .into_iter()
                .chain(&self.newest)
                .fold(error, TokenError::without)),
        };
        match &outcome {
            Ok(token) => {
                self.pause = None;
                self.refused.take_if(|(refused, _)| !refused.is(token));
                self.newest = Some(token.clone());
            }
            Err(error) if error.is_transient() => {
                let failures = self.pause.as_ref().map_or(0, |pause| pause.failures);
                self.pause = Some(Pause {
                    error: error.clone(),
                    failures: failures.saturating_add(1),
                    began,
                    seen: None,
                });
            }
            Err(error) => {
                self.pause = None;
                if let Some(expired) = expired {
                    self.refused = Some((expired.clone(), error.clone()));
                }
            }
        }
        outcome
    }
}

#[cfg(test)]
mod tests;
