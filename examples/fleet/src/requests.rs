//! Counts requests at the portals.

use std::time::{Duration, Instant};

use imbot_caps_emulator::EmulatedPortal;

/// The portals, and when each was last asked.
pub struct Requests {
    portals: Vec<(EmulatedPortal, Option<Instant>)>,
    lifetime: Duration,
}

/// The requests of some time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counted {
    pub time: Duration,
    pub requests: usize,
    /// Requests for which there was no reason: the portal was asked less than half a lifetime before. No
    /// lifetime is shorter than nine tenths.
    pub early: usize,
    /// How many lifetimes a portal had.
    lifetimes: f64,
    portals: usize,
}

impl Counted {
    pub fn lifetimes(&self) -> f64 {
        self.lifetimes
    }

    /// Requests for each portal and lifetime.
    pub fn each(&self) -> f64 {
        self.requests as f64 / (self.lifetimes * self.portals as f64)
    }

    /// Requests for each request that had a reason.
    pub fn ratio(&self) -> f64 {
        self.requests as f64 / self.requests.saturating_sub(self.early).max(1) as f64
    }
}

impl Requests {
    pub fn new(portals: Vec<EmulatedPortal>, lifetime: Duration) -> Self {
        Self {
            portals: portals.into_iter().map(|portal| (portal, None)).collect(),
            lifetime,
        }
    }

    /// Counts the requests since the last look.
    fn look(&mut self, counted: &mut Counted) {
        let now = Instant::now();
        for (portal, last) in &mut self.portals {
            for _ in portal.take_requests() {
                let before = last.replace(now);
                let is_early = before.is_some_and(|before| now - before < self.lifetime / 2);
                counted.requests += 1;
                counted.early += usize::from(is_early);
            }
        }
    }

    /// Counts while a future runs.
    pub async fn during(&mut self, running: impl Future<Output = ()>) -> Counted {
        let (began, mut counted) = (Instant::now(), Counted::default());
        let mut ticks = tokio::time::interval(self.lifetime / 20);
        tokio::pin!(running);
        loop {
            tokio::select! {
                _ = ticks.tick() => self.look(&mut counted),
                () = &mut running => break,
            }
        }
        self.look(&mut counted);
        counted.time = began.elapsed();
        counted.lifetimes = counted.time.as_secs_f64() / self.lifetime.as_secs_f64();
        counted.portals = self.portals.len();
        counted
    }
}
