//! Asking a portal: from memory, behind, or by a flight that is waited for.

use std::future::{poll_fn, ready};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, SystemTime};

use tokio::runtime;
use tracing::Instrument;

use super::super::event::Event;
use super::super::flight::{Boarding, Flight, Pilot};
use super::super::state::State;
use super::super::{Shared, metrics};
use super::{About, Failed, Outcome, Question, Slot};
use crate::clock::{Clock, within};
use crate::freshness::{Decision, Observation};
use crate::knowledge::Knowledge;
use crate::portal::{Portal, PortalId};
use crate::probe::{Found, ProbeError, ProbeErrorKind, ProbeOptions, probe};
use crate::wire::REVISION_GET;

/// How often a caller waits for a flight that is lost with its runtime.
const TRIES: usize = 3;

/// How long a runtime may run nothing before it is taken to stand still.
const STILL: Duration = Duration::from_secs(1);

impl Slot {
    /// Answers from memory where that is good enough, else from one probe: the one
    /// in flight, or one that this call starts.
    ///
    /// The probe runs in a task of its own, so that no waiter's end is its end.
    pub(in crate::registry) async fn ask(
        self: &Arc<Self>,
        portal: &Portal,
        shared: &Arc<Shared>,
        question: Question,
    ) -> Result<Served, ProbeError> {
        let failed = |trouble| Err(ProbeError::new(portal, REVISION_GET, trouble));
        let Ok(runtime) = runtime::Handle::try_current() else {
            return match self.decide(portal, shared, question) {
                (Decision::Ask { else_serve: false }, _) => failed(ProbeErrorKind::NoRuntime),
                (Decision::Refuse, Some(error)) => Err(error),
                (Decision::Serve, None) => Ok(Served::Fresh),
                _ => Ok(Served::Stale),
            };
        };
        let mut serve = false;
        let mut lost = 0;
        while lost < TRIES {
            let (flight, else_serve) = match self.board(portal, shared, question, &runtime) {
                Boarded::Answered(answer) => return answer,
                Boarded::Behind => return Ok(Served::Stale),
                Boarded::Waiting { flight, else_serve } => (flight, else_serve),
            };
            serve = else_serve;
            match self.wait(&flight, shared, &runtime).await {
                // The answer was read late: the machine slept, or is overloaded. It is
                // remembered, as old as it is, and memory tells whether that will do.
                Some(Ok(asked)) if is_late(asked, shared) => lost += 1,
                Some(Ok(_)) => return Ok(Served::Asked),
                Some(Err(failed)) => match failed.of(portal) {
                    Some(_) if serve => return Ok(Served::Stale),
                    Some(error) => return Err(error.clone()),
                    // A credential's failure is its own. This caller has another, which was
                    // not tried.
                    None => {}
                },
                // Nothing comes of a flight whose runtime was shut down under it.
                None => lost += 1,
            }
        }
        match serve {
            true => Ok(Served::Stale),
            false => failed(ProbeErrorKind::Interrupted),
        }
    }

    /// Waits for the flight under way, if there is one.
    pub(in crate::registry) async fn settled(&self, shared: &Shared) {
        let Ok(runtime) = runtime::Handle::try_current() else {
            return;
        };
        if let Some(flight) = self.flights.current() {
            self.wait(&flight, shared, &runtime).await;
        }
    }

    /// What a flight brings; `None` when it is lost, or given up since its runtime
    /// stands still.
    async fn wait(
        &self,
        flight: &Flight<About, Outcome>,
        shared: &Shared,
        runtime: &runtime::Handle,
    ) -> Option<Outcome> {
        let pilots = &flight.about.runtime;
        if pilots.id() == runtime.id() {
            return flight.landed().await;
        }
        let (mut landed, mut still) = (pin!(flight.landed()), pin!(stands_still(pilots, &*shared.clock)));
        let outcome = poll_fn(|context| match landed.as_mut().poll(context) {
            Poll::Ready(outcome) => Poll::Ready(outcome),
            Poll::Pending => still.as_mut().poll(context).map(|()| None),
        });
        let outcome = outcome.await;
        if outcome.is_none() {
            self.flights.give_up(flight);
        }
        outcome
    }

    /// Asks behind, if that is due. Waits for nothing.
    pub(in crate::registry) fn revalidate(
        self: &Arc<Self>,
        portal: &Portal,
        shared: &Arc<Shared>,
        question: Question,
    ) {
        if let Ok(runtime) = runtime::Handle::try_current() {
            self.board(portal, shared, question, &runtime);
        }
    }

    /// What to do for somebody who asks, and the error that is the reason.
    pub(in crate::registry) fn decide(
        &self,
        portal: &Portal,
        shared: &Shared,
        question: Question,
    ) -> (Decision, Option<ProbeError>) {
        let now = shared.clock.now();
        self.with(|state| {
            let (decision, error) = state.decide(question, portal, now, &shared.settings, self.seed());
            (decision, error.cloned())
        })
    }

    /// Answers from memory, or finds the flight to wait for: the one under way, or
    /// a new one, which is then begun.
    fn board(
        self: &Arc<Self>,
        portal: &Portal,
        shared: &Arc<Shared>,
        question: Question,
        runtime: &runtime::Handle,
    ) -> Boarded {
        let now = shared.clock.now();
        loop {
            let mut asked = Decision::Serve;
            let about = || About {
                runtime: runtime.clone(),
                began: now,
            };
            let boarding = self.flights.board(about, |kept| {
                let (settings, seed) = (&shared.settings, self.seed());
                if kept.will_do(question, now, settings, seed) {
                    return Some(Ok(Served::Fresh));
                }
                kept.with(&|| self.account(), |state| {
                    let (decision, error) = state.decide(question, portal, now, settings, seed);
                    asked = decision;
                    match (decision, error) {
                        (Decision::Serve, None) => Some(Ok(Served::Fresh)),
                        (Decision::Refuse, Some(error)) => Some(Err(error.clone())),
                        (Decision::Serve | Decision::Refuse, _) => Some(Ok(Served::Stale)),
                        (Decision::Revalidate | Decision::Ask { .. }, _) => {
                            state.wants_to_ask(portal);
                            None
                        }
                    }
                })
            });
            let flight = match boarding {
                Boarding::Answered(answer) => return Boarded::Answered(answer),
                Boarding::Joined(flight) => {
                    if flight.about.runtime.id() != runtime.id() && is_late(flight.about.began, shared) {
                        // Who does not wait would never find out that it stands still.
                        self.flights.give_up(&flight);
                        continue;
                    }
                    flight
                }
                Boarding::First(flight, pilot) => {
                    self.fly(runtime, portal, shared, pilot);
                    flight
                }
            };
            return match asked {
                Decision::Ask { else_serve } => Boarded::Waiting { flight, else_serve },
                _ => Boarded::Behind,
            };
        }
    }

    /// Asks the portal, in a task of its own.
    fn fly(
        self: &Arc<Self>,
        runtime: &runtime::Handle,
        portal: &Portal,
        shared: &Arc<Shared>,
        pilot: Pilot<Outcome>,
    ) {
        let (slot, shared) = (Arc::clone(self), Arc::clone(shared));
        let (host, port) = portal.server();
        let span = tracing::debug_span!(
            "probe",
            bitrix24.portal = %portal.address(),
            server.address = host,
            server.port = port,
        );
        let (mut portal, mut pilot) = (portal.clone(), pilot);
        let handle = runtime.clone();
        let flight = async move {
            let mut own = Vec::new();
            loop {
                let began = shared.clock.now();
                let conversation = converse(Arc::clone(&slot), Arc::clone(&shared), portal.clone());
                // In a task within the task: a panic of a transport or a token source,
                // or of a runtime without a timer, is caught and told.
                let (asked, found) = match handle.spawn(conversation.in_current_span()).await {
                    Ok(found) => found,
                    Err(error) if error.is_panic() => (
                        began,
                        Err(ProbeError::new(&portal, REVISION_GET, ProbeErrorKind::Panicked)),
                    ),
                    // The runtime is shut down. The flight is lost, and who waits on
                    // another runtime begins one there.
                    Err(_) => return,
                };
                let now = shared.clock.now();
                let mut events = Vec::new();
                let mut next = None;
                let followed = Followed::of(&found);
                let left = slot.flights.land(pilot, |kept| {
                    kept.with(&|| slot.account(), |state| {
                        let take_in = |state: &mut State| {
                            let (outcome, told) = state.take_in(&portal, found, asked, now);
                            // Under the lock, so that they come in the order of what happened.
                            let has_answered = state.record().is_some();
                            let tell = |event: &Event| {
                                shared.send(portal.address(), event.clone(), has_answered);
                            };
                            told.iter().for_each(tell);
                            events = told;
                            match outcome {
                                Ok(()) => Some(Ok(asked)),
                                Err(error) if !error.is_of_portal() => {
                                    own.push((portal.clone(), error));
                                    next = state.next_to_ask(&own, now, &shared.settings, slot.seed());
                                    next.is_none().then(|| {
                                        state.others_may_ask();
                                        Err(None)
                                    })
                                }
                                Err(error) => Some(Err(Some(error))),
                            }
                        };
                        let outcome = take_in(state);
                        slot.publish(state);
                        outcome.map(|outcome| {
                            state.all_asked();
                            outcome.map_err(|shared| {
                                let own = std::mem::take(&mut own);
                                Arc::new(Failed { own, shared })
                            })
                        })
                    })
                });
                metrics::probed(
                    &shared,
                    &portal,
                    &events,
                    now.duration_since(began).unwrap_or_default(),
                );
                events.iter().for_each(Event::trace);
                if let Some(followed) = followed {
                    followed.take_in(&slot, &shared, asked, now);
                }
                shared.hear(&portal, now);
                // Not landed: somebody waits who has another credential.
                let (Some(left), Some(another)) = (left, next) else {
                    return;
                };
                (pilot, portal) = (left, another);
            }
        };
        runtime.spawn(flight.instrument(span));
    }
}

/// How long a flight may take.
fn patience(shared: &Shared) -> Duration {
    // Once to be let through, once to fly, and timers are a little late.
    shared.settings.deadline.saturating_mul(2).saturating_add(STILL)
}

/// Whether the portal was asked longer ago than a flight may take.
fn is_late(asked: SystemTime, shared: &Shared) -> bool {
    let age = shared.clock.now().duration_since(asked);
    age.is_ok_and(|age| age > patience(shared))
}

/// Ends once this runtime has run nothing for [`STILL`], or is shut down.
async fn stands_still(runtime: &runtime::Handle, clock: &dyn Clock) {
    while let Some(Ok(())) = within(clock, STILL, runtime.spawn(ready(()))).await {
        clock.sleep(STILL).await;
    }
}

/// Asks the portal once it is let through; since when the answer may be true, and
/// what it is.
async fn converse(
    slot: Arc<Slot>,
    shared: Arc<Shared>,
    portal: Portal,
) -> (SystemTime, Result<Found, ProbeError>) {
    let failed = |trouble| Err(ProbeError::new(&portal, REVISION_GET, trouble));
    let has_answered = slot.has_answered();
    let Some(_permit) = shared.permit(slot.account().site(), has_answered).await else {
        return (shared.clock.now(), failed(ProbeErrorKind::Busy));
    };
    let (asked, deadline) = (shared.clock.now(), shared.settings.deadline);
    slot.with(State::asking);
    let conduct = ProbeOptions {
        transport: &*shared.transport,
        clock: &*shared.clock,
        deadline,
        redirects: &shared.settings.redirects,
        jitter: slot.seed(),
    };
    (asked, probe(&conduct, &portal).await)
}

/// What a portal has answered at the address that it redirected to.
struct Followed {
    to: PortalId,
    known: Knowledge,
}

impl Followed {
    fn of(found: &Result<Found, ProbeError>) -> Option<Self> {
        let found = found.as_ref().ok()?;
        let to = PortalId::at_endpoint(found.moved_to.as_deref()?).ok()?;
        let known = found.known;
        Some(Self { to, known })
    }

    /// It is known of that address too.
    fn take_in(&self, from: &Slot, shared: &Shared, asked: SystemTime, now: SystemTime) {
        let slot = shared.directory.follow(from, &self.to, now);
        slot.with(|state| state.restore(&self.known, Observation::anew(asked), false, now));
    }
}

/// Where somebody who asks was put.
enum Boarded {
    /// Nowhere: memory has the answer.
    Answered(Result<Served, ProbeError>),
    /// Nowhere: memory will do, and a flight is under way.
    Behind,
    /// Among those who wait for a flight.
    Waiting {
        flight: Flight<About, Outcome>,
        /// Whether memory will do if the flight fails.
        else_serve: bool,
    },
}

/// Where an answer came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::registry) enum Served {
    /// From memory, within its lifetime.
    Fresh,
    /// From memory, past its lifetime: the portal is being asked, or cannot be.
    Stale,
    /// From the portal.
    Asked,
}
