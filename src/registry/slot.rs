//! One portal's place: what is known of it, and the probe in flight.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tracing::Instrument;

use crate::knowledge::{AtomicKnowledge, Knowledge};
use crate::portal::Portal;
use crate::probe::{ProbeError, Trouble, probe};
use crate::transport::Transport;
use crate::wire::REVISION_GET;

#[derive(Debug)]
pub(super) struct Slot {
    known: AtomicKnowledge,
    /// Whether a probe ever succeeded: it may have learned nothing sharp.
    asked: AtomicBool,
    flight: Mutex<Option<Flight>>,
    /// Made by the first who waits for a change: few do.
    changes: OnceLock<watch::Sender<()>>,
}

/// A probe under way.
#[derive(Debug)]
struct Flight {
    portal: Portal,
    outcome: watch::Receiver<Option<Outcome>>,
}

type Outcome = Result<(), ProbeError>;

/// How often a waiter joins or starts a flight before it gives up: its own, one
/// with another's credential, and one lost with its runtime.
const TRIES: usize = 3;

impl Default for Slot {
    fn default() -> Self {
        Self {
            known: AtomicKnowledge::new(&Knowledge::unknown()),
            asked: AtomicBool::new(false),
            flight: Mutex::default(),
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

    pub(super) async fn changed(&self) {
        let mut changes = self.changes.get_or_init(|| watch::channel(()).0).subscribe();
        // The sender lives as long as this slot, so this cannot fail.
        let _ = changes.changed().await;
    }

    /// Waits for one probe: the one in flight, or one that this call starts.
    ///
    /// The probe runs in a task of its own, so that no waiter's end is its end.
    pub(super) async fn ask(
        self: &Arc<Self>,
        portal: &Portal,
        transport: &Arc<dyn Transport>,
        deadline: Duration,
    ) -> Result<(), ProbeError> {
        let failed = |trouble| ProbeError::new(portal, REVISION_GET, trouble);
        for _ in 0..TRIES {
            let (mut outcome, own_credential) = self
                .join_or_start(portal, transport, deadline)
                .ok_or_else(|| failed(Trouble::NoRuntime))?;
            // An error here: the flight's runtime was shut down under it.
            let Ok(outcome) = outcome
                .wait_for(Option::is_some)
                .await
                .map(|outcome| outcome.clone())
            else {
                continue;
            };
            match outcome {
                // A credential's failure is its own; this caller has another.
                Some(Err(error)) if error.is_credential() && !own_credential => continue,
                Some(outcome) => return outcome,
                None => continue,
            }
        }
        Err(failed(Trouble::Interrupted))
    }

    /// The flight to wait for, and whether it uses this portal's credential.
    fn join_or_start(
        self: &Arc<Self>,
        portal: &Portal,
        transport: &Arc<dyn Transport>,
        deadline: Duration,
    ) -> Option<(watch::Receiver<Option<Outcome>>, bool)> {
        let mut flight = self.flight.lock().unwrap_or_else(PoisonError::into_inner);
        // `has_changed` fails when the task is gone: landed flights are taken out
        // by their task, so one that is still here was lost.
        if let Some(flight) = flight
            .as_ref()
            .filter(|flight| flight.outcome.has_changed().is_ok())
        {
            return Some((flight.outcome.clone(), flight.portal.same_credential(portal)));
        }
        let runtime = tokio::runtime::Handle::try_current().ok()?;
        let (landed, outcome) = watch::channel(None);
        *flight = Some(Flight {
            portal: portal.clone(),
            outcome: outcome.clone(),
        });
        let (slot, portal, transport) = (Arc::clone(self), portal.clone(), Arc::clone(transport));
        let span = tracing::debug_span!("probe", portal = %portal.id());
        let task = async move {
            let found = tokio::time::timeout(deadline, probe(&*transport, &portal)).await;
            let found = found.unwrap_or_else(|_| {
                Err(ProbeError::new(
                    &portal,
                    REVISION_GET,
                    Trouble::Deadline(deadline),
                ))
            });
            landed.send_replace(Some(slot.land(&portal, found)));
        };
        runtime.spawn(task.instrument(span));
        Some((outcome, true))
    }

    /// Takes a probe's answer in, and ends the flight.
    fn land(&self, portal: &Portal, found: Result<Knowledge, ProbeError>) -> Outcome {
        // Held to the end: it is the write lock of `known`, too, and whoever finds
        // no flight finds the answer.
        let mut flight = self.flight.lock().unwrap_or_else(PoisonError::into_inner);
        *flight = None;
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
}
