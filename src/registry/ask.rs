//! Answers callers: from memory, or by a probe that they wait for or that runs in the background.

use std::future::{poll_fn, ready};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, SystemTime};

use tokio::runtime;
use tracing::Instrument;

use super::event::Event;
use super::served::Served;
use super::shared::Shared;
use super::slot::{About, Failed, Outcome, Slot};
use super::state::State;
use super::stored::{Gained, LeasedProbe, Reason, StoreClient, listen, save_known};
use crate::clock::{Clock, within};
use crate::freshness::{Decision, Observation, Purpose};
use crate::knowledge::Knowledge;
use crate::portal::Portal;
use crate::portal_id::PortalId;
use crate::portal_probe::{Found, ProbeError, ProbeErrorKind, ProbeOptions, probe};
use crate::single_flight::{Attempt, Joining, Leader};
use crate::wire::REVISION_GET;

/// How many probes a caller waits for if each is lost with its runtime.
const TRIES: usize = 3;

/// How long a runtime may run nothing before it counts as stopped.
const STILL: Duration = Duration::from_secs(1);

impl Slot {
    /// Answers from memory if that is good enough. Otherwise waits for a probe: the running one, or
    /// a new one.
    ///
    /// The probe runs in a task of its own, so it goes on if this future is dropped.
    pub(super) async fn ask(
        self: &Arc<Self>,
        portal: &Portal,
        shared: &Arc<Shared>,
        purpose: Purpose,
    ) -> Result<Served, ProbeError> {
        let failed = |trouble| Err(ProbeError::new(portal, REVISION_GET, trouble));
        let Ok(runtime) = runtime::Handle::try_current() else {
            return match self.decide(portal, shared, purpose) {
                (Decision::Ask { else_serve: false }, _) => failed(ProbeErrorKind::NoRuntime),
                (Decision::ReturnError, Some(error)) => Err(error),
                (Decision::Serve, None) => Ok(Served::Fresh),
                _ => Ok(Served::Stale),
            };
        };
        let mut serve = false;
        let mut lost = 0;
        while lost < TRIES {
            let (attempt, else_serve) = match self.join(portal, shared, purpose, &runtime) {
                Joined::Answered(answer) => return answer,
                Joined::InBackground => return Ok(Served::Stale),
                Joined::Waiting { attempt, else_serve } => (attempt, else_serve),
            };
            serve = else_serve;
            match self.wait(&attempt, shared, &runtime).await {
                // The answer was read late: the machine slept, or is overloaded. The state has it
                // with its true age, and decides again.
                Some(Ok(asked)) if is_late(asked, shared) => lost += 1,
                Some(Ok(_)) => return Ok(Served::Probed),
                Some(Err(failed)) => match failed.of(portal) {
                    Some(_) if serve => return Ok(Served::Stale),
                    Some(error) => return Err(error.clone()),
                    // This caller's credential was not tried.
                    None => {}
                },
                // The probe's runtime was shut down.
                None => lost += 1,
            }
        }
        match serve {
            true => Ok(Served::Stale),
            false => failed(ProbeErrorKind::Interrupted),
        }
    }

    /// Waits for the running probe, if there is one.
    pub(super) async fn settled(&self, shared: &Shared) {
        let Ok(runtime) = runtime::Handle::try_current() else {
            return;
        };
        if let Some(attempt) = self.state.current() {
            self.wait(&attempt, shared, &runtime).await;
        }
    }

    /// Waits for the outcome of a probe. `None` if the probe is lost. If its runtime has stopped,
    /// it is given up.
    async fn wait(
        &self,
        attempt: &Attempt<About, Outcome>,
        shared: &Shared,
        runtime: &runtime::Handle,
    ) -> Option<Outcome> {
        let own_runtime = &attempt.about.runtime;
        if own_runtime.id() == runtime.id() {
            return attempt.finished().await;
        }
        let mut finished = pin!(attempt.finished());
        let mut stopped = pin!(has_stopped(own_runtime, &*shared.clock));
        let outcome = poll_fn(|context| match finished.as_mut().poll(context) {
            Poll::Ready(outcome) => Poll::Ready(outcome),
            Poll::Pending => stopped.as_mut().poll(context).map(|()| None),
        });
        let outcome = outcome.await;
        if outcome.is_none() {
            self.state.give_up(attempt);
        }
        outcome
    }

    /// Refreshes in the background if that is due. Does not wait.
    pub(super) fn revalidate(self: &Arc<Self>, portal: &Portal, shared: &Arc<Shared>, purpose: Purpose) {
        if let Ok(runtime) = runtime::Handle::try_current() {
            self.join(portal, shared, purpose, &runtime);
        }
    }

    /// The decision for a caller, and the error that is its reason.
    pub(super) fn decide(
        &self,
        portal: &Portal,
        shared: &Shared,
        purpose: Purpose,
    ) -> (Decision, Option<ProbeError>) {
        let now = shared.clock.now();
        self.with(|state| {
            let (decision, error) = state.decide(purpose, portal, now, &shared.settings, self.seed());
            (decision, error.cloned())
        })
    }

    /// Answers from memory, or joins the running probe, or starts one.
    fn join(
        self: &Arc<Self>,
        portal: &Portal,
        shared: &Arc<Shared>,
        purpose: Purpose,
        runtime: &runtime::Handle,
    ) -> Joined {
        listen(shared, runtime);
        let now = shared.clock.now();
        loop {
            let mut asked = Decision::Serve;
            let about = || About {
                runtime: runtime.clone(),
                began: now,
            };
            let joining = self.state.join(about, |state, _| {
                let (settings, seed) = (&shared.settings, self.seed());
                if state.is_fresh(purpose, now, settings, seed) {
                    return Some(Ok(Served::Fresh));
                }
                state.with(&|| self.account(), |state| {
                    let (decision, error) = state.decide(purpose, portal, now, settings, seed);
                    asked = decision;
                    match (decision, error) {
                        (Decision::Serve, None) => Some(Ok(Served::Fresh)),
                        (Decision::ReturnError, Some(error)) => Some(Err(error.clone())),
                        (Decision::Serve | Decision::ReturnError, _) => Some(Ok(Served::Stale)),
                        (Decision::Revalidate | Decision::Ask { .. }, _) => {
                            state.wants_to_ask(portal, purpose);
                            None
                        }
                    }
                })
            });
            let attempt = match joining {
                Joining::Answered(answer) => return Joined::Answered(answer),
                Joining::Joined(attempt) => {
                    if attempt.about.runtime.id() != runtime.id() && is_late(attempt.about.began, shared) {
                        // A caller that does not wait would not notice that the runtime has stopped.
                        self.state.give_up(&attempt);
                        continue;
                    }
                    attempt
                }
                Joining::Started(attempt, leader) => {
                    self.start(runtime, portal, shared, (purpose, asked), leader);
                    attempt
                }
            };
            return match asked {
                Decision::Ask { else_serve } => Joined::Waiting { attempt, else_serve },
                _ => Joined::InBackground,
            };
        }
    }

    /// Runs the probe in a task of its own.
    fn start(
        self: &Arc<Self>,
        runtime: &runtime::Handle,
        portal: &Portal,
        shared: &Arc<Shared>,
        reason: Reason,
        leader: Leader<Outcome>,
    ) {
        let (slot, shared) = (Arc::clone(self), Arc::clone(shared));
        let (host, port) = portal.server();
        let span = tracing::debug_span!(
            "probe",
            bitrix24.portal = %portal.address(),
            server.address = host,
            server.port = port,
        );
        let mut portal = portal.clone();
        let handle = runtime.clone();
        let attempt = async move {
            let mut own = Vec::new();
            let (left, leased) = LeasedProbe::begin(&slot, &shared, &portal, reason, leader).await;
            let Some(mut leader) = left else {
                return;
            };
            loop {
                let began = shared.clock.now();
                let conversation = converse(Arc::clone(&slot), Arc::clone(&shared), portal.clone());
                // A task within the task catches a panic of the transport, of the token source, or
                // of a runtime without a timer.
                let (asked, found) = match handle.spawn(conversation.in_current_span()).await {
                    Ok(found) => found,
                    Err(error) if error.is_panic() => (
                        began,
                        Err(ProbeError::new(&portal, REVISION_GET, ProbeErrorKind::Panicked)),
                    ),
                    // The runtime is shut down, so the attempt is lost. A caller that waits on
                    // another runtime starts one there.
                    Err(_) => return,
                };
                let now = shared.clock.now();
                let mut events = Vec::new();
                let mut next = None;
                let mut gained = Gained::Nothing;
                let followed = Followed::of(&found);
                let left = slot.state.complete(leader, |state| {
                    state.with(&|| slot.account(), |state| {
                        let apply = |state: &mut State| {
                            let (outcome, new) = state.apply_probe(&portal, found, asked, now);
                            // Sent under the lock, so that listeners get them in order.
                            let has_answered = state.record().is_some();
                            let send = |event: &Event| {
                                shared.send(portal.address(), event.clone(), has_answered);
                            };
                            new.iter().for_each(send);
                            events = new;
                            match outcome {
                                Ok(()) => {
                                    gained = Gained::Answer;
                                    Some(Ok(asked))
                                }
                                Err(error) if !error.is_for_all_credentials() => {
                                    own.push((portal.clone(), error));
                                    next = state.next_to_ask(&own, now, &shared.settings, slot.seed());
                                    next.is_none().then(|| {
                                        state.others_may_ask();
                                        Err(None)
                                    })
                                }
                                Err(error) => {
                                    if error.is_of_fleet() {
                                        gained = Gained::Failure;
                                    }
                                    Some(Err(Some(error)))
                                }
                            }
                        };
                        let outcome = apply(state);
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
                shared
                    .metrics
                    .probed(&portal, &events, now.duration_since(began).unwrap_or_default());
                events.iter().for_each(Event::trace);
                if let Some(followed) = followed {
                    let new = followed.take_in(&slot, &shared, asked, now);
                    save_known(&new, &shared).await;
                }
                shared.take_confirmed(&portal, now);
                // The attempt goes on if a caller with another credential waits.
                let (Some(left), Some(another)) = (left, next) else {
                    leased.end(&slot, &shared, gained).await;
                    return;
                };
                (leader, portal) = (left, another);
            }
        };
        runtime.spawn(attempt.instrument(span));
    }
}

/// How long an attempt may take.
fn patience(shared: &Shared) -> Duration {
    // The permit and the probe may take the deadline each. Timers are a little late.
    let store = shared.store.as_ref().map(StoreClient::patience);
    let probe = shared.settings.deadline.saturating_mul(2).saturating_add(STILL);
    probe.saturating_add(store.unwrap_or_default())
}

/// Whether the portal was asked longer ago than an attempt may take.
fn is_late(asked: SystemTime, shared: &Shared) -> bool {
    let age = shared.clock.now().duration_since(asked);
    age.is_ok_and(|age| age > patience(shared))
}

/// Returns when this runtime has run nothing for [`STILL`], or is shut down.
async fn has_stopped(runtime: &runtime::Handle, clock: &dyn Clock) {
    while let Some(Ok(())) = within(clock, STILL, runtime.spawn(ready(()))).await {
        clock.sleep(STILL).await;
    }
}

/// Waits for a permit and probes the portal. Returns the time of the question and the answer.
async fn converse(
    slot: Arc<Slot>,
    shared: Arc<Shared>,
    portal: Portal,
) -> (SystemTime, Result<Found, ProbeError>) {
    let failed = |trouble| Err(ProbeError::new(&portal, REVISION_GET, trouble));
    let has_answered = slot.has_answered();
    let Some(_permit) = shared.permit(slot.account().site(), has_answered).await else {
        return (shared.clock.now(), failed(ProbeErrorKind::TooManyProbes));
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

/// The answer of a portal at the address that it redirected to.
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

    /// Records the answer for that address, too. Returns the slot of the address.
    fn take_in(&self, from: &Slot, shared: &Shared, asked: SystemTime, now: SystemTime) -> Arc<Slot> {
        let slot = shared.directory.follow(from, &self.to, now);
        slot.with(|state| state.restore(&self.known, Observation::new(asked), false, now));
        slot
    }
}

/// What a caller has to do after it has joined.
enum Joined {
    /// Return this answer.
    Answered(Result<Served, ProbeError>),
    /// Answer from memory. A probe runs in the background.
    InBackground,
    /// Wait for a probe.
    Waiting {
        attempt: Attempt<About, Outcome>,
        /// Whether to answer from memory if the probe fails.
        else_serve: bool,
    },
}
