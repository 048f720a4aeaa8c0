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

/// What a caller found.
enum Joined {
    Known,
    Flight {
        outcome: watch::Receiver<Option<Outcome>>,
        own_credential: bool,
    },
    NoRuntime,
}

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
        let failed = |trouble| ProbeError::new(portal, REVISION_GET, trouble);
        for _ in 0..TRIES {
            let (mut outcome, own_credential) = match self.join_or_start(portal, transport, deadline, again) {
                Joined::Known => return Ok(()),
                Joined::NoRuntime => return Err(failed(Trouble::NoRuntime)),
                Joined::Flight {
                    outcome,
                    own_credential,
                } => (outcome, own_credential),
            };
            // Nothing comes of a flight whose runtime was shut down under it.
            let landed = outcome
                .wait_for(Option::is_some)
                .await
                .ok()
                .and_then(|outcome| outcome.clone());
            match landed {
                None => {}
                // A credential's failure is its own; this caller has another.
                Some(Err(error)) if error.is_credential() && !own_credential => {}
                Some(outcome) => return outcome,
            }
        }
        Err(failed(Trouble::Interrupted))
    }

    fn join_or_start(
        self: &Arc<Self>,
        portal: &Portal,
        transport: &Arc<dyn Transport>,
        deadline: Duration,
        again: bool,
    ) -> Joined {
        let mut flight = self.flight.lock().unwrap_or_else(PoisonError::into_inner);
        // Asked under the lock that landing holds: whoever finds no flight here
        // and nothing known is the first.
        if !again && self.is_known() {
            return Joined::Known;
        }
        // `has_changed` fails when the task is gone: landed flights are taken out
        // by their task, so one that is still here was lost.
        if let Some(flight) = flight
            .as_ref()
            .filter(|flight| flight.outcome.has_changed().is_ok())
        {
            return Joined::Flight {
                outcome: flight.outcome.clone(),
                own_credential: flight.portal.same_credential(portal),
            };
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return Joined::NoRuntime;
        };
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
        Joined::Flight {
            outcome,
            own_credential: true,
        }
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

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::sync::atomic::AtomicUsize;

    use super::*;
    use crate::transport::{Request, Response, TransportError};

    /// Answers as a portal at REST revision 36 does, and counts.
    #[derive(Default)]
    struct Counting(AtomicUsize);

    impl Transport for Arc<Counting> {
        fn send(
            &self,
            _: Request,
        ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
            self.0.fetch_add(1, Ordering::Relaxed);
            let body = br#"{"result":{"rest":36}}"#.to_vec();
            Box::pin(std::future::ready(Ok(Response::new(200, None, body))))
        }
    }

    /// A caller may look, find nothing, and come to ask after the answer landed.
    #[tokio::test]
    async fn who_comes_as_the_answer_lands_asks_no_second_time() {
        let sent = Arc::new(Counting::default());
        let transport: Arc<dyn Transport> = Arc::new(Arc::clone(&sent));
        let portal = Portal::webhook("https://acme.example/rest/1/code/").unwrap();
        let (slot, deadline) = (Arc::new(Slot::default()), Duration::from_secs(10));
        for (again, requests) in [(false, 1), (false, 1), (true, 2), (false, 2)] {
            slot.ask(&portal, &transport, deadline, again).await.unwrap();
            assert_eq!(sent.0.load(Ordering::Relaxed), requests);
        }
    }
}
