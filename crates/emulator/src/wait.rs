//! What a request waits for before anything else.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::clock::Clock;

/// Holds requests back, for as long as a test wants. Lets go when dropped.
#[derive(Debug)]
pub struct Hold {
    release: watch::Sender<bool>,
    arrived: watch::Receiver<usize>,
}

impl Hold {
    /// Waits until this many requests have come to wait, counted from the start.
    ///
    /// Cancel-safe. Returns at once when no more can come, since the faults were
    /// cleared.
    pub async fn arrived(&self, requests: usize) {
        let mut arrived = self.arrived.clone();
        // An error means that no gate is left to count.
        let _ = arrived.wait_for(|count| *count >= requests).await;
    }

    /// Lets all requests go on, those to come too.
    pub fn release(self) {
        self.release.send_replace(true);
    }
}

/// What a request waits for.
#[derive(Clone, Debug)]
pub(super) enum Wait {
    Gate(Gate),
    Delay(Duration),
}

impl Wait {
    /// Waits; a delay counts from `arrived`, a time since the Unix epoch.
    pub(super) async fn pass(self, clock: &Clock, arrived: Duration) {
        match self {
            Wait::Gate(gate) => gate.pass().await,
            Wait::Delay(delay) => clock.reaches(arrived.saturating_add(delay)).await,
        }
    }
}

/// Where a held request waits.
#[derive(Clone, Debug)]
pub(super) struct Gate {
    arrive: Arc<watch::Sender<usize>>,
    released: watch::Receiver<bool>,
}

impl Gate {
    pub(super) fn new() -> (Self, Hold) {
        let (release, released) = watch::channel(false);
        let (arrive, arrived) = watch::channel(0);
        let gate = Gate {
            arrive: Arc::new(arrive),
            released,
        };
        (gate, Hold { release, arrived })
    }

    async fn pass(mut self) {
        self.arrive.send_modify(|count| *count += 1);
        // An error means that the handle was dropped, which lets go as well.
        let _ = self.released.wait_for(|released| *released).await;
    }
}
