//! One question to a token source at a time, and one answer for all who wait.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::runtime;
use tokio::sync::watch;
use tracing::Instrument;

use super::access_token::{AccessToken, Confirmed};
use super::error::TokenError;
use super::source::TokenSource;
use crate::clock::{Clock, within};

type Outcome = Result<AccessToken, TokenError>;

/// A token source as a credential has it: what [`TokenSource`] promises of who
/// asks it.
///
/// Its lock is held for a look, and never while anybody waits.
pub(crate) struct SharedSource {
    source: Box<dyn TokenSource>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    asked: u64,
    flight: Option<Flight>,
    /// What the source gave last.
    newest: Option<AccessToken>,
    /// An expired token that cannot be replaced.
    refused: Option<(AccessToken, TokenError)>,
    pause: Option<Pause>,
}

/// A question under way.
#[derive(Clone)]
struct Flight {
    number: u64,
    since: SystemTime,
    outcome: watch::Receiver<Option<Outcome>>,
}

/// For how long not to ask.
struct Pause {
    error: TokenError,
    failures: u32,
    /// When the question began that failed.
    began: SystemTime,
    /// When those who waited saw it fail: the task that failed has no clock.
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

/// After how long a question is asked anew: it hangs, or its runtime stands still.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often a caller waits for a question that is lost with its runtime.
const TRIES: usize = 3;

impl SharedSource {
    pub(crate) fn new(source: impl TokenSource) -> Arc<Self> {
        Arc::new(Self {
            source: Box::new(source),
            state: Mutex::default(),
        })
    }

    /// Whether both ask the same source.
    pub(crate) fn is(&self, other: &Self) -> bool {
        let identity = self.source.identity();
        std::ptr::eq(self, other) || identity.is_some() && identity == other.source.identity()
    }

    /// What the authorisation server has confirmed with the newest token. Returned once.
    pub(crate) fn take_confirmed(&self) -> Option<Arc<Confirmed>> {
        self.state().newest.as_ref()?.take_confirmed()
    }

    /// As [`TokenSource::secret_goes_to`].
    pub(crate) fn secret_goes_to(&self) -> Option<&str> {
        self.source.secret_goes_to()
    }

    /// As [`TokenSource::token`]. Cancel-safe: the question goes on for others.
    pub(crate) async fn token(self: &Arc<Self>, expired: Option<&AccessToken>, clock: &dyn Clock) -> Outcome {
        let mut lost = 0;
        while lost < TRIES {
            let flight = match self.look(expired, clock.now())? {
                ControlFlow::Break(token) => return Ok(token),
                ControlFlow::Continue(flight) => flight,
            };
            let age = clock.now().duration_since(flight.since).unwrap_or_default();
            let mut landing = flight.outcome;
            let landed = landing.wait_for(Option::is_some);
            let landed = within(clock, PATIENCE.saturating_sub(age), landed).await;
            match landed.map(|landed| landed.map(|outcome| outcome.clone())) {
                // Somebody asked for any token while this caller knew better.
                Some(Ok(Some(Ok(token)))) if expired.is_some_and(|expired| expired.is(&token)) => {}
                Some(Ok(Some(Ok(token)))) => return Ok(token),
                Some(Ok(Some(Err(error)))) => {
                    if let Some(pause) = &mut self.state().pause {
                        pause.seen.get_or_insert(clock.now());
                    }
                    return Err(error);
                }
                // It took too long, or its runtime was shut down under it.
                Some(Ok(None) | Err(_)) | None => {
                    self.give_up(flight.number);
                    lost = usize::saturating_add(lost, 1);
                }
            }
        }
        Err(TokenError::transient(
            "the token source takes too long, or its runtime was shut down",
        ))
    }

    /// What is known without asking; else the question to wait for, begun now if
    /// need be.
    fn look(
        self: &Arc<Self>,
        expired: Option<&AccessToken>,
        now: SystemTime,
    ) -> Result<ControlFlow<AccessToken, Flight>, TokenError> {
        let mut state = self.state();
        if let Some(expired) = expired {
            match (&state.newest, &state.refused) {
                (Some(newest), _) if !newest.is(expired) => {
                    return Ok(ControlFlow::Break(newest.clone()));
                }
                (_, Some((token, error))) if token.is(expired) => return Err(error.clone()),
                _ => {}
            }
        }
        // A clock that was set back tells no age; who waits has a timer.
        let is_old = |flight: &Flight| now.duration_since(flight.since).is_ok_and(|age| age >= PATIENCE);
        if let Some(flight) = state.flight.as_ref().filter(|flight| !is_old(flight)) {
            return Ok(ControlFlow::Continue(flight.clone()));
        }
        if let Some(pause) = &state.pause
            && pause.lasts_at(now)
        {
            return Err(pause.error.clone());
        }
        let Ok(runtime) = runtime::Handle::try_current() else {
            return Err(TokenError::transient(
                "there is no tokio runtime here to ask the token source on",
            ));
        };
        state.asked = state.asked.saturating_add(1);
        let (landed, outcome) = watch::channel(None);
        let flight = Flight {
            number: state.asked,
            since: now,
            outcome,
        };
        state.flight = Some(flight.clone());
        drop(state);
        self.ask(&runtime, flight.number, expired.cloned(), landed);
        Ok(ControlFlow::Continue(flight))
    }

    /// Asks the source, in a task within a task: a panic is caught and told.
    fn ask(
        self: &Arc<Self>,
        runtime: &runtime::Handle,
        number: u64,
        expired: Option<AccessToken>,
        landed: watch::Sender<Option<Outcome>>,
    ) {
        let question = {
            let (shared, expired) = (Arc::clone(self), expired.clone());
            async move { shared.source.token(expired.as_ref()).await }
        };
        let question = runtime.spawn(question.in_current_span());
        let shared = Arc::clone(self);
        runtime.spawn(async move {
            let outcome = match question.await {
                Ok(outcome) => outcome,
                Err(error) if error.is_panic() => Err(TokenError::transient(
                    "the token source panicked; see the panic's message",
                )),
                // The runtime is being shut down: dropping `landed` tells.
                Err(_) => return,
            };
            landed.send_replace(Some(shared.land(number, expired.as_ref(), outcome)));
        });
    }

    /// Takes the answer in, and gives it back as those who wait are to have it.
    fn land(&self, number: u64, expired: Option<&AccessToken>, outcome: Outcome) -> Outcome {
        let mut state = self.state();
        let outcome = match outcome {
            Ok(token) if expired.is_some_and(|expired| expired.is(&token)) => Err(TokenError::transient(
                "the token source gave the expired token again",
            )),
            Ok(token) => Ok(token),
            // A source may have put a token into its error.
            Err(error) => Err(expired
                .into_iter()
                .chain(&state.newest)
                .fold(error, TokenError::without)),
        };
        let Some(flight) = state.flight.take_if(|flight| flight.number == number) else {
            // Given up on; what the source gave it may be older than what is known.
            return outcome;
        };
        match &outcome {
            Ok(token) => {
                state.pause = None;
                state.refused.take_if(|(refused, _)| !refused.is(token));
                state.newest = Some(token.clone());
            }
            Err(error) if error.is_transient() => {
                let failures = state.pause.as_ref().map_or(0, |pause| pause.failures);
                state.pause = Some(Pause {
                    error: error.clone(),
                    failures: failures.saturating_add(1),
                    began: flight.since,
                    seen: None,
                });
            }
            Err(error) => {
                state.pause = None;
                if let Some(expired) = expired {
                    state.refused = Some((expired.clone(), error.clone()));
                }
            }
        }
        outcome
    }

    fn give_up(&self, number: u64) {
        self.state().flight.take_if(|flight| flight.number == number);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
