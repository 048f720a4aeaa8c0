//! Probes of emulated portals, over the wire, by a clock that stands.

use std::pin::Pin;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use super::*;
use crate::clock::Clock;
use crate::knowledge::Knowledge;
use crate::portal::Portal;
use crate::probe::ProbeErrorClass;
use crate::transport::{Redirects, ReqwestTransport, Transport};
use crate::wire::{BATCH, BOT_LIST, IM_REVISION_GET, REVISION_GET, SERVER_TIME};
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator};

mod decision_table;
mod proven;
mod reading;
mod redirects;
mod requests;
mod retries;
mod scripted;

/// A probe's deadline, unless a test has another.
const DEADLINE: Duration = Duration::from_secs(10);

/// An emulator's clock that stands, save that whoever pauses moves it on by the
/// pause. Timers, of the deadline and of longer waits, wait.
struct Stepping {
    clock: imbot_caps_emulator::Clock,
    deadline: Duration,
    pauses: Mutex<Vec<Duration>>,
}

impl Clock for Stepping {
    fn now(&self) -> SystemTime {
        self.clock.now()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        if duration >= self.deadline {
            return Clock::sleep(&self.clock, duration);
        }
        self.pauses.lock().unwrap().push(duration);
        self.clock.advance(duration);
        Box::pin(std::future::ready(()))
    }
}

/// Somebody who probes.
struct Prober {
    transport: ReqwestTransport,
    redirects: Redirects,
    deadline: Duration,
    jitter: u64,
}

impl Default for Prober {
    fn default() -> Self {
        Self {
            transport: ReqwestTransport::untimed(),
            redirects: Redirects::deny(),
            deadline: DEADLINE,
            jitter: 0,
        }
    }
}

impl Prober {
    /// Probes by the emulator's clock; what came of it, and the pauses it made.
    async fn probe(
        &self,
        clock: imbot_caps_emulator::Clock,
        portal: &Portal,
    ) -> (Result<Found, ProbeError>, Vec<Duration>) {
        clock.stop();
        let clock = Stepping {
            clock,
            deadline: self.deadline,
            pauses: Mutex::default(),
        };
        let conduct = ProbeOptions {
            transport: &self.transport,
            clock: &clock,
            deadline: self.deadline,
            redirects: &self.redirects,
            jitter: self.jitter,
        };
        let found = probe(&conduct, portal).await;
        (found, clock.pauses.into_inner().unwrap())
    }

    /// The same of a portal by its own webhook.
    async fn ask(&self, emulated: &EmulatedPortal) -> (Result<Found, ProbeError>, Vec<Duration>) {
        self.probe(emulated.clock(), &webhook(emulated.webhook_url()))
            .await
    }
}

fn webhook(url: &str) -> Portal {
    Portal::builder().allow_http().webhook(url).unwrap()
}

/// The methods called since the last look.
fn asked(emulated: &EmulatedPortal) -> Vec<String> {
    let requests = emulated.take_requests();
    requests.into_iter().map(|request| request.method).collect()
}
