//! One portal's place: what is known of it, and the probe in flight.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tokio::runtime;
use tokio::sync::watch;
use tracing::Instrument;

use crate::clock::SystemClock;
use crate::knowledge::{AtomicKnowledge, Knowledge};
use crate::portal::Portal;
use crate::probe::{Conduct, Found, ProbeError, Trouble, probe};
use crate::transport::{Redirects, Transport};
use crate::wire::REVISION_GET;

#[derive(Debug)]
pub(super) struct Slot {
    known: AtomicKnowledge,
    /// Whether a probe ever succeeded: it may have learned nothing sharp.
    asked: AtomicBool,
    /// Also the write lock of `known` and `asked`.
    flights: Mutex<Flights>,
    /// Made by the first who waits for a change: few do.
    changes: OnceLock<watch::Sender<()>>,
}

#[derive(Debug, Default)]
struct Flights {
    started: u64,
    current: Option<Flight>,
}

/// A probe under way.
#[derive(Clone, Debug)]
struct Flight {
    number: u64,
    portal: Portal,
    runtime: runtime::Id,
    outcome: watch::Receiver<Option<Outcome>>,
}

type Outcome = Result<(), ProbeError>;

/// How often a caller waits for a flight that is lost with its runtime.
const TRIES: usize = 3;

/// What a waiter on another runtime adds to the deadline, which is kept by the
/// runtime of the flight and passes unnoticed while that one is idle.
const SLACK: Duration = Duration::from_secs(1);

impl Default for Slot {
    fn default() -> Self {
        Self {
            known: AtomicKnowledge::new(&Knowledge::unknown()),
            asked: AtomicBool::new(false),
            flights: Mutex::default(),
            changes: OnceLock::new(),
        }
    }
}

impl Slot {
    #[inline]
    pub(super) fn known(&self) -> Knowledge {
        self.known.load()
    }

    pub(super) fn is_known(&self) -> bool {
        self.asked.load(Ordering::Acquire)
    }

    /// Signals each change from now on.
    pub(super) fn changes(&self) -> watch::Receiver<()> {
        self.changes.get_or_init(|| watch::channel(()).0).subscribe()
    }

    /// Waits until something is known: from memory, or from one probe, the one in
    /// flight or one that this call starts. With `again`, memory will not do.
    ///
    /// The probe runs in a task of its own, so that no waiter's end is its end.
    pub(super) async fn ask(
        self: &Arc<Self>,
        portal: &Portal,
        transport: &Arc<dyn Transport>,
        deadline: Duration,
        again: bool,
    ) -> Outcome {
        let failed = |trouble| Err(ProbeError::new(portal, REVISION_GET, trouble));
        let Ok(runtime) = runtime::Handle::try_current() else {
            return match self.is_known() && !again {
                true => Ok(()),
                false => failed(Trouble::NoRuntime),
            };
        };
        let mut lost = 0;
        while lost < TRIES {
            let Some(flight) = self.join_or_start(&runtime, portal, transport, deadline, again) else {
                return Ok(());
            };
            let mut landing = flight.outcome.clone();
            let landed = landing.wait_for(Option::is_some);
            let landed = if flight.runtime == runtime.id() {
                landed.await
            } else {
                let Ok(landed) = tokio::time::timeout(deadline + SLACK, landed).await else {
                    self.give_up(flight.number);
                    lost += 1;
                    continue;
                };
                landed
            };
            match landed.map(|outcome| outcome.clone()) {
                // A credential's failure is its own; this caller has another.
                Ok(Some(Err(error))) if error.is_credential() && !flight.portal.same_credential(portal) => {}
                Ok(Some(outcome)) => return outcome,
                // Nothing comes of a flight whose runtime was shut down under it.
                Ok(None) | Err(_) => lost += 1,
            }
        }
        failed(Trouble::Interrupted)
    }

    /// The flight to wait for; none when there is nothing to wait for.
    fn join_or_start(
        self: &Arc<Self>,
        runtime: &runtime::Handle,
        portal: &Portal,
        transport: &Arc<dyn Transport>,
        deadline: Duration,
        again: bool,
    ) -> Option<Flight> {
        let mut flights = self.flights();
        // Asked under the lock that landing holds: whoever finds no flight here
        // and nothing known is the first.
        if !again && self.is_known() {
            return None;
        }
        // `has_changed` fails when the task is gone: landed flights are taken out
        // by their task, so one that is still here was lost.
        let alive = |flight: &&Flight| flight.outcome.has_changed().is_ok();
        if let Some(flight) = flights.current.as_ref().filter(alive) {
            return Some(flight.clone());
        }
        flights.started += 1;
        let (landed, outcome) = watch::channel(None);
        let flight = Flight {
            number: flights.started,
            portal: portal.clone(),
            runtime: runtime.id(),
            outcome,
        };
        flights.current = Some(flight.clone());
        drop(flights);

        let (slot, number) = (Arc::clone(self), flight.number);
        let (portal, transport) = (portal.clone(), Arc::clone(transport));
        let span = tracing::debug_span!("probe", portal = %portal.id());
        let conversation = {
            let portal = portal.clone();
            async move {
                let conduct = Conduct {
                    transport: &*transport,
                    clock: &SystemClock,
                    deadline,
                    redirects: &Redirects::deny(),
                    jitter: 0,
                };
                probe(&conduct, &portal).await
            }
        };
        // In a task within the task: a panic of a transport or a token source, or
        // of a runtime without a timer, is caught and told.
        let conversation = runtime.spawn(conversation.instrument(span));
        runtime.spawn(async move {
            let failed = |trouble| Err(ProbeError::new(&portal, REVISION_GET, trouble));
            let found = match conversation.await {
                Ok(found) => found.map(|found| {
                    let Found {
                        known,
                        incomplete,
                        moved_to,
                    } = found;
                    if let Some(error) = incomplete {
                        tracing::warn!(portal = %portal.id(), %error, "not all could be learned");
                    }
                    if let Some(to) = moved_to {
                        tracing::warn!(portal = %portal.id(), to, "the portal has moved");
                    }
                    known
                }),
                Err(error) if error.is_panic() => failed(Trouble::Panicked),
                Err(_) => failed(Trouble::Interrupted),
            };
            landed.send_replace(Some(slot.land(number, &portal, found)));
        });
        Some(flight)
    }

    /// Takes a probe's answer in, and ends the flight.
    fn land(&self, number: u64, portal: &Portal, found: Result<Knowledge, ProbeError>) -> Outcome {
        let mut flights = self.flights();
        if flights
            .current
            .as_ref()
            .is_none_or(|flight| flight.number != number)
        {
            // Given up on; what it found may be older than what is known.
            return found.map(|_| ());
        }
        flights.current = None;
        let known = match found {
            Ok(known) => known,
            Err(error) => {
                tracing::warn!(portal = %portal.id(), %error, "the portal's capabilities could not be learned");
                return Err(error);
            }
        };
        let before = self.known.load();
        // What contradicts the past replaces it; what does not, adds to it.
        let after = before.meet(&known).unwrap_or(known);
        self.known.store(&after);
        let first = !self.asked.swap(true, Ordering::AcqRel);
        if first {
            tracing::info!(portal = %portal.id(), known = %after, "learned what the portal can do");
        } else if after != before {
            tracing::info!(portal = %portal.id(), %before, %after, "the portal has changed");
        }
        if let Some(changes) = self.changes.get().filter(|_| after != before) {
            changes.send_replace(());
        }
        Ok(())
    }

    fn give_up(&self, number: u64) {
        let mut flights = self.flights();
        if flights
            .current
            .as_ref()
            .is_some_and(|flight| flight.number == number)
        {
            flights.current = None;
        }
    }

    fn flights(&self) -> MutexGuard<'_, Flights> {
        self.flights.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(all(test, feature = "reqwest"))]
mod tests {
    use super::*;
    use crate::emulator::{Build, Emulator};
    use crate::transport::ReqwestTransport;

    /// A caller may look, find nothing, and come to ask after the answer landed.
    #[tokio::test]
    async fn who_comes_as_the_answer_lands_asks_no_second_time() {
        let emulated = Emulator::start_single(Build::rest(36)).await.unwrap();
        let portal = Portal::builder()
            .allow_http()
            .webhook(emulated.webhook_url())
            .unwrap();
        let transport: Arc<dyn Transport> = Arc::new(ReqwestTransport::new());
        let (slot, deadline) = (Arc::new(Slot::default()), Duration::from_secs(10));
        for (again, requests) in [(false, 1), (false, 1), (true, 2), (false, 2)] {
            slot.ask(&portal, &transport, deadline, again).await.unwrap();
            emulated.expect(REVISION_GET).times(requests);
        }
    }
}
