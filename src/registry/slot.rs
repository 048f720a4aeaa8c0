//! One portal's place: what is published of it, what is remembered, and the probe
//! in flight.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::runtime;
use tokio::sync::watch;
use tracing::Instrument;

use super::event::Event;
use super::flight::{Boarding, Flight, Flights, Pilot};
use super::state::State;
use super::{Settings, Shared, metrics};
use crate::clock::within;
use crate::feature::Gate;
use crate::freshness::Decision;
use crate::knowledge::{AtomicKnowledge, Knowledge};
use crate::portal::{Portal, PortalId};
use crate::probe::{Conduct, Found, ProbeError, Trouble, probe};
use crate::wire::REVISION_GET;

#[derive(Debug)]
pub(super) struct Slot {
    /// Distinguishes the portal's pauses and lifetimes from those of others.
    seed: u64,
    /// What readers see. Written under the lock of `flights`, or by the successor.
    published: AtomicKnowledge,
    flights: Flights<State, About, Outcome>,
    /// Made by the first who waits for a change: few do.
    changes: OnceLock<watch::Sender<()>>,
    /// The slot that answers for this one, since both turned out to be one portal.
    successor: OnceLock<Arc<Slot>>,
    /// When it was last looked up, in seconds since the Unix epoch.
    used: AtomicU64,
}

/// What a flight is known by.
#[derive(Clone, Debug)]
struct About {
    portal: Portal,
    runtime: runtime::Id,
    began: SystemTime,
}

type Outcome = Result<(), ProbeError>;

/// What is asked of a portal.
#[derive(Clone, Copy, Debug)]
pub(super) enum Question {
    /// All that the table asks about.
    All,
    /// One thing.
    One(Gate),
    /// Whatever is known: memory will not do.
    Again,
}

/// How often a caller waits for a flight that is lost with its runtime.
const TRIES: usize = 3;

/// What a waiter on another runtime adds to the time of a flight, which is kept by
/// the runtime of the flight and passes unnoticed while that one is idle.
const SLACK: Duration = Duration::from_secs(1);

impl Slot {
    pub(super) fn new(id: &PortalId) -> Self {
        Self {
            seed: id.seed(),
            published: AtomicKnowledge::new(&Knowledge::unknown()),
            flights: Flights::new(State::default()),
            changes: OnceLock::new(),
            successor: OnceLock::new(),
            used: AtomicU64::new(0),
        }
    }

    /// What is known, as readers see it: two atomic loads.
    #[inline]
    pub(super) fn known(&self) -> Knowledge {
        self.published.load()
    }

    /// Signals each change from now on.
    pub(super) fn changes(&self) -> watch::Receiver<()> {
        // Under the lock of those who publish: a change is either signalled to this
        // receiver, or was published before.
        self.flights
            .with(|_| self.changes.get_or_init(|| watch::channel(()).0).subscribe())
    }

    pub(super) fn touch(&self, now: SystemTime) {
        let seconds = seconds(now);
        // Read first: a shared line is written once a second at most.
        if self.used.load(Ordering::Relaxed) != seconds {
            self.used.store(seconds, Ordering::Relaxed);
        }
    }

    /// As if it had last been looked up then, unless it was since: in seconds since
    /// the Unix epoch.
    pub(super) fn used_before(&self, seconds: u64) {
        self.used.fetch_max(seconds, Ordering::Relaxed);
    }

    pub(super) fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }

    /// Whether the directory alone has it, and would lose nothing that was said by
    /// the user.
    pub(super) fn is_unheld(self: &Arc<Self>) -> bool {
        Arc::strong_count(self) == 1 && !self.flights.with(|state| state.is_pinned())
    }

    /// Looks at what is remembered, and changes it; readers see the result.
    pub(super) fn with<R>(&self, look: impl FnOnce(&mut State) -> R) -> R {
        let (mut look, mut slot) = (look, self);
        loop {
            let seen = slot.flights.with(|state| match slot.successor.get() {
                // It was joined to another, and has given its state away.
                Some(successor) => Err((successor, look)),
                None => {
                    let seen = look(state);
                    slot.publish(state);
                    Ok(seen)
                }
            });
            match seen {
                Ok(seen) => return seen,
                Err((successor, unused)) => (slot, look) = (successor, unused),
            }
        }
    }

    /// Counts a reply that contradicts what is known: see [`State::contradict`].
    pub(super) fn contradict(&self, id: &'static str, now: SystemTime, settings: &Settings) -> (u32, bool) {
        self.with(|state| state.contradict(id, now, settings, self.seed))
    }

    /// Lets another slot of the same portal answer for this one, and take over
    /// what it remembers. Handles of both go on.
    pub(super) fn join(self: &Arc<Self>, successor: &Arc<Slot>, now: SystemTime) {
        if Arc::ptr_eq(self, successor) {
            return;
        }
        let state = self.flights.with(|state| {
            self.successor.set(Arc::clone(successor)).ok()?;
            Some(std::mem::take(state))
        });
        if let Some(mut state) = state {
            state.mirrors.push(Arc::downgrade(self));
            successor.with(|own| own.absorb(state, now));
        }
    }

    /// Publishes what readers are to see. Called under the lock.
    fn publish(&self, state: &mut State) {
        let view = state.view();
        self.show(&view);
        state.mirrors.retain(|mirror| match mirror.upgrade() {
            Some(mirror) => {
                mirror.show(&view);
                true
            }
            None => false,
        });
    }

    fn show(&self, view: &Knowledge) {
        if self.published.load() != *view {
            self.published.store(view);
            if let Some(changes) = self.changes.get() {
                changes.send_replace(());
            }
        }
    }

    /// Answers from memory where that is good enough, else from one probe: the one
    /// in flight, or one that this call starts.
    ///
    /// The probe runs in a task of its own, so that no waiter's end is its end.
    pub(super) async fn ask(
        self: &Arc<Self>,
        portal: &Portal,
        shared: &Arc<Shared>,
        question: Question,
    ) -> Result<Served, ProbeError> {
        let failed = |trouble| Err(ProbeError::new(portal, REVISION_GET, trouble));
        let Ok(runtime) = runtime::Handle::try_current() else {
            return match self.decide(portal, shared, question) {
                (Decision::Ask { else_serve: false }, _) => failed(Trouble::NoRuntime),
                (Decision::Refuse, Some(error)) => Err(error),
                (Decision::Serve, None) => Ok(Served::Fresh),
                _ => Ok(Served::Stale),
            };
        };
        let mut serve = false;
        let mut lost = 0;
        while lost < TRIES {
            let (slot, flight, else_serve) = match self.board(portal, shared, question, &runtime) {
                Boarded::Answered(answer) => return answer,
                Boarded::Behind => return Ok(Served::Stale),
                Boarded::Waiting {
                    slot,
                    flight,
                    else_serve,
                } => (slot, flight, else_serve),
            };
            serve = else_serve;
            match slot.wait(&flight, shared, &runtime).await {
                // A credential's failure is its own, and so is that of a former
                // address; this caller has another.
                Some(Err(error)) if error.is_of_caller() && !flight.about.portal.same_credential(portal) => {}
                Some(Err(_)) if serve => return Ok(Served::Stale),
                Some(outcome) => return outcome.map(|()| Served::Asked),
                // Nothing comes of a flight whose runtime was shut down under it.
                None => lost += 1,
            }
        }
        match serve {
            true => Ok(Served::Stale),
            false => failed(Trouble::Interrupted),
        }
    }

    /// Waits for the flight under way, if there is one.
    pub(super) async fn settled(&self, shared: &Shared) {
        let Ok(runtime) = runtime::Handle::try_current() else {
            return;
        };
        let mut slot = self;
        while let Some(successor) = slot.successor.get() {
            slot = successor;
        }
        if let Some(flight) = slot.flights.current() {
            slot.wait(&flight, shared, &runtime).await;
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
        if flight.about.runtime == runtime.id() {
            return flight.landed().await;
        }
        let landed = within(&*shared.clock, patience(shared), flight.landed()).await;
        landed.unwrap_or_else(|| {
            self.flights.give_up(flight.number);
            None
        })
    }

    /// Asks behind, if that is due. Waits for nothing.
    pub(super) fn revalidate(self: &Arc<Self>, portal: &Portal, shared: &Arc<Shared>, question: Question) {
        if let Ok(runtime) = runtime::Handle::try_current() {
            self.board(portal, shared, question, &runtime);
        }
    }

    /// What to do for somebody who asks, and the error that is the reason.
    pub(super) fn decide(
        &self,
        portal: &Portal,
        shared: &Shared,
        question: Question,
    ) -> (Decision, Option<ProbeError>) {
        let now = shared.clock.now();
        self.with(|state| {
            let (decision, error) = state.decide(question, portal, now, &shared.settings, self.seed);
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
        let mut slot = self;
        loop {
            let mut asked = Decision::Serve;
            let about = || About {
                portal: portal.clone(),
                runtime: runtime.id(),
                began: now,
            };
            let boarding = slot.flights.board(about, |state| {
                if slot.successor.get().is_some() {
                    return Some(None);
                }
                let (decision, error) = state.decide(question, portal, now, &shared.settings, slot.seed);
                asked = decision;
                match (decision, error) {
                    (Decision::Serve, None) => Some(Some(Ok(Served::Fresh))),
                    (Decision::Refuse, Some(error)) => Some(Some(Err(error.clone()))),
                    (Decision::Serve | Decision::Refuse, _) => Some(Some(Ok(Served::Stale))),
                    (Decision::Revalidate | Decision::Ask { .. }, _) => None,
                }
            });
            let flight = match boarding {
                Boarding::Answered(Some(answer)) => return Boarded::Answered(answer),
                Boarding::Answered(None) => {
                    // It was joined to another, and has given its state away.
                    slot = slot.successor.get().unwrap_or(slot);
                    continue;
                }
                Boarding::Joined(flight) => {
                    let age = now.duration_since(flight.about.began).unwrap_or_default();
                    if flight.about.runtime != runtime.id() && age > patience(shared) {
                        // Who does not wait would never find out that it stands still.
                        slot.flights.give_up(flight.number);
                        continue;
                    }
                    flight
                }
                Boarding::First(flight, pilot) => {
                    slot.fly(runtime, portal, shared, flight.number, pilot);
                    flight
                }
            };
            return match asked {
                Decision::Ask { else_serve } => Boarded::Waiting {
                    slot: Arc::clone(slot),
                    flight,
                    else_serve,
                },
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
        number: u64,
        pilot: Pilot<Outcome>,
    ) {
        let (slot, shared) = (Arc::clone(self), Arc::clone(shared));
        let (host, port) = portal.server();
        let span = tracing::debug_span!(
            "probe",
            bitrix24.portal = %portal.id(),
            server.address = host,
            server.port = port,
        );
        let portal = portal.clone();
        let handle = runtime.clone();
        let flight = async move {
            let began = shared.clock.now();
            let conversation = converse(Arc::clone(&slot), Arc::clone(&shared), portal.clone());
            // In a task within the task: a panic of a transport or a token source, or
            // of a runtime without a timer, is caught and told.
            let found = match handle.spawn(conversation.in_current_span()).await {
                Ok(found) => found,
                Err(error) if error.is_panic() => {
                    Err(ProbeError::new(&portal, REVISION_GET, Trouble::Panicked))
                }
                // The runtime is shut down. The flight is lost, and who waits on
                // another runtime begins one there.
                Err(_) => return,
            };
            let now = shared.clock.now();
            let mut events = Vec::new();
            slot.flights.land(number, pilot, |state| {
                let take_in = |state: &mut State| state.take_in(&portal, found, now);
                let (outcome, told) = match slot.successor.get() {
                    Some(successor) => successor.with(take_in),
                    None => {
                        let taken = take_in(state);
                        slot.publish(state);
                        taken
                    }
                };
                // Under the lock, so that they come in the order of what happened.
                told.iter().for_each(|event| shared.send(event.clone()));
                events = told;
                outcome
            });
            let took = now.duration_since(began).unwrap_or_default();
            metrics::probed(&shared, &portal, &events, took);
            events.iter().for_each(Event::trace);
        };
        runtime.spawn(flight.instrument(span));
    }
}

/// How long a flight on another runtime may take.
fn patience(shared: &Shared) -> Duration {
    // Once to be let through, once to fly.
    shared.settings.deadline.saturating_mul(2).saturating_add(SLACK)
}

async fn converse(slot: Arc<Slot>, shared: Arc<Shared>, portal: Portal) -> Result<Found, ProbeError> {
    let Some(_permit) = shared.permit().await else {
        return Err(ProbeError::new(&portal, REVISION_GET, Trouble::Busy));
    };
    slot.with(State::asking);
    let conduct = Conduct {
        transport: &*shared.transport,
        clock: &*shared.clock,
        deadline: shared.settings.deadline,
        redirects: &shared.settings.redirects,
        jitter: slot.seed,
    };
    probe(&conduct, &portal).await
}

/// Where somebody who asks was put.
enum Boarded {
    /// Nowhere: memory has the answer.
    Answered(Result<Served, ProbeError>),
    /// Nowhere: memory will do, and a flight is under way.
    Behind,
    /// Among those who wait for a flight.
    Waiting {
        slot: Arc<Slot>,
        flight: Flight<About, Outcome>,
        /// Whether memory will do if the flight fails.
        else_serve: bool,
    },
}

/// Where an answer came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Served {
    /// From memory, within its lifetime.
    Fresh,
    /// From memory, past its lifetime: the portal is being asked, or cannot be.
    Stale,
    /// From the portal.
    Asked,
}

pub(super) fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
