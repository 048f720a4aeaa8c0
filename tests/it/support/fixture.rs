//! An emulator, its clock, which stands, and a registry that tells the time by it.

use std::time::Duration;

use imbot_caps::registry::ProbeErrorKind;
use imbot_caps::registry::RegistryBuilder;
use imbot_caps::{Handle, Portal, ProbeError, Registry};
use imbot_caps_emulator::{Build, Clock, EmulatedPortal, Emulator, Fault, Webhook};

use crate::support::http::{REVISION, Untimed, webhook};

pub const SECOND: Duration = Duration::from_secs(1);
pub const MINUTE: Duration = Duration::from_secs(60);
pub const HOUR: Duration = Duration::from_secs(3_600);
pub const DAY: Duration = Duration::from_secs(86_400);
pub const WEEK: Duration = Duration::from_secs(7 * 86_400);
/// The smallest step of time.
pub const TICK: Duration = Duration::from_nanos(1);

/// How long a probe may take. While the clock stands that time never passes, and it
/// leaves no room for repeats: a probe that fails is one request.
pub const DEADLINE: Duration = Duration::from_millis(1);

pub struct Stage {
    pub emulator: Emulator,
    pub clock: Clock,
    pub registry: Registry,
}

impl Stage {
    pub async fn set() -> Self {
        Self::with(|builder| builder).await
    }

    pub async fn with(choose: impl FnOnce(RegistryBuilder) -> RegistryBuilder) -> Self {
        let emulator = Emulator::start().await.unwrap();
        let clock = emulator.clock();
        clock.stop();
        // One probe at a time, in the order they were begun: see `probes`.
        let builder = Registry::builder(Untimed::default())
            .clock(clock.clone())
            .concurrent_probes(1)
            .deadline(DEADLINE);
        Self {
            emulator,
            clock,
            registry: choose(builder).build(),
        }
    }

    /// A new portal, and its handle.
    pub fn portal(&self, build: Build) -> (EmulatedPortal, Handle) {
        let emulated = self.emulator.portal(build);
        let handle = self.registry.handle(&webhook(&emulated));
        (emulated, handle)
    }

    /// A new portal that has been asked at this moment.
    pub async fn known(&self, build: Build) -> (EmulatedPortal, Handle) {
        let (emulated, handle) = self.portal(build);
        handle.ready().await.unwrap();
        emulated.take_requests();
        (emulated, handle)
    }

    /// Waits until every probe that was begun before has had its answer.
    ///
    /// One probe goes at a time, and they go in the order they were begun: behind
    /// the others goes that of a portal nobody has asked.
    pub async fn quiet(&self) {
        let (_, handle) = self.portal(Build::rest(36));
        handle.ready().await.unwrap();
    }

    /// How often the portal was asked since the last look: also by probes that were
    /// begun behind a moment ago.
    pub async fn probes(&self, emulated: &EmulatedPortal) -> usize {
        self.quiet().await;
        let requests = emulated.take_requests();
        requests
            .iter()
            .filter(|request| request.method == REVISION)
            .count()
    }
}

/// The portal with another credential of its own, for these scopes.
pub fn scoped(emulated: &EmulatedPortal, code: &str, scopes: &[&str]) -> Portal {
    let url = emulated.add_webhook(Webhook::new(7, code).scopes(scopes.iter().copied()));
    Portal::builder().allow_http().webhook(&url).unwrap()
}

/// A failure of the portal that somebody must mend.
pub fn closed() -> Fault {
    Fault::error("PORTAL_DELETED").status(403)
}

/// A failure that passes.
pub fn overloaded() -> Fault {
    Fault::html(502)
}

pub fn is_overloaded(error: &ProbeError) -> bool {
    matches!(error.kind(), ProbeErrorKind::Malformed(malformed) if malformed.status == 502)
}
