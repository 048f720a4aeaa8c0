//! Probes many portals before they are needed, at a limited rate.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use tokio::runtime;

use super::handle::Handle;
use super::registry::Registry;
use super::stored::{BATCH, preload};
use crate::caps::Caps;
use crate::fair_share::may_have_more;
use crate::freshness::{Decision, Purpose};
use crate::portal::Portal;
use crate::portal_id::PortalId;
use crate::portal_probe::ProbeError;

impl Registry {
    /// Prepares a warm-up: it probes many portals before they are needed, for example at the start
    /// of a process after a [`restore`](Self::restore). [`WarmUp::run`] runs it.
    ///
    /// ```no_run
    /// # async fn example(registry: imbot_caps::Registry, portals: Vec<imbot_caps::Portal>) {
    /// let warm_up = registry.warm_up(portals).per_second(50).on_progress(|progress| {
    ///     if progress.done % 1_000 == 0 {
    ///         println!("{} portals, {} failed", progress.done, progress.failed);
    ///     }
    /// });
    /// let warmed_up = warm_up.run().await;
    /// for (portal, error) in &warmed_up.failed {
    ///     eprintln!("{portal}: {error}");
    /// }
    /// # }
    /// ```
    pub fn warm_up<I: IntoIterator<Item = Portal>>(&self, portals: I) -> WarmUp<I::IntoIter> {
        WarmUp {
            registry: self.clone(),
            portals: portals.into_iter(),
            per_second: 20,
            concurrent: 16,
            on_progress: None,
        }
    }
}

/// A warm-up of a [`Registry`]: see [`Registry::warm_up`].
#[must_use = "nothing is asked until it is run"]
pub struct WarmUp<I> {
    registry: Registry,
    portals: I,
    per_second: u32,
    concurrent: usize,
    on_progress: Option<Listener>,
}

type Listener = Box<dyn FnMut(&WarmUpProgress) + Send>;

/// The progress of a warm-up.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WarmUpProgress {
    /// How many portals are done, with the failed ones.
    pub done: usize,
    /// How many of them failed.
    pub failed: usize,
    /// How many portals there are, if the iterator knew it at the start.
    pub total: Option<usize>,
    /// The portal that was done last.
    pub last: PortalId,
}

/// The result of a warm-up.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct WarmUpReport {
    /// How many portals had a fresh answer, and were not asked.
    pub fresh: usize,
    /// How many portals were asked and answered.
    pub asked: usize,
    /// The portals that failed, and why. Their earlier answers stay.
    pub failed: Vec<(PortalId, ProbeError)>,
}

impl<I: Iterator<Item = Portal>> WarmUp<I> {
    /// How many portals are asked in a second; 20 by default, at least 1. A portal takes one request,
    /// two without `imbot.v2.Revision.get`, and at most two repeats after transient failures.
    ///
    /// The probes are spread evenly over the second. After a delay, at most one second's worth of
    /// probes follows without pauses.
    pub fn per_second(mut self, portals: u32) -> Self {
        self.per_second = portals.max(1);
        self
    }

    /// How many portals are asked at the same time; 16 by default, at least 1. One site alone gets
    /// about a quarter of them, so a site that does not answer delays no others: see
    /// [`docs::tuning`](crate::docs::tuning). Keep the number well below
    /// [`concurrent_probes`](crate::registry::RegistryBuilder::concurrent_probes): the rest of those is for
    /// callers that wait.
    pub fn concurrent(mut self, portals: usize) -> Self {
        self.concurrent = portals.max(1);
        self
    }

    /// Sets a function that is called after each portal, one call at a time. Keep it short: the
    /// warm-up waits for it.
    pub fn on_progress(mut self, listener: impl FnMut(&WarmUpProgress) + Send + 'static) -> Self {
        self.on_progress = Some(Box::new(listener));
        self
    }

    /// Probes the portals without a fresh answer, and returns when all are done. A failure is counted
    /// and does not end the warm-up. A portal in its pause after a failure is not asked, and counts
    /// as failed.
    ///
    /// The iterator is read when there is room, so a large number of portals takes little memory:
    /// at most 1,024 portals wait for others of their sites. With a
    /// [store](crate::registry::RegistryBuilder::store), the records of 256 portals are loaded at a time.
    ///
    /// Cancel-safe: if the future is dropped, no further portal is asked. Running probes go on.
    pub async fn run(self) -> WarmUpReport {
        let Self {
            registry,
            portals,
            per_second,
            concurrent,
            on_progress,
        } = self;
        let clock = &*registry.shared.clock;
        let mut pace = Pace::new(per_second, clock.now());
        let mut running = Running(Vec::new());
        let mut tally = Tally::new(&portals, on_progress);
        let mut waiting = Waiting::default();
        let mut portals = portals.enumerate().fuse();
        let mut ahead = VecDeque::new();
        let mut is_all = false;
        loop {
            let room = concurrent.saturating_sub(running.0.len());
            if let Some((site, handle)) = waiting.next(room, &running, is_all) {
                let pause = pace.pause(clock.now());
                // Outside of a runtime there are no probes and no timers.
                if !pause.is_zero() && runtime::Handle::try_current().is_ok() {
                    let mut timer = clock.sleep(pause);
                    poll_fn(|context| {
                        // Probes that finish in the pause are reported in the pause.
                        running.poll(context, &mut tally);
                        timer.as_mut().poll(context)
                    })
                    .await;
                }
                pace.start(clock.now());
                let asking: Asking = Box::pin(async move {
                    let result = handle.refresh().await;
                    (handle, result)
                });
                running.0.push((site, asking));
                // The first poll starts the probe.
                poll_fn(|context| {
                    running.poll(context, &mut tally);
                    Poll::Ready(())
                })
                .await;
            } else if !is_all && waiting.has_room(room) {
                if ahead.is_empty() {
                    ahead = registry.read_ahead(&mut portals).await;
                }
                let Some((nth, portal)) = ahead.pop_front() else {
                    is_all = true;
                    continue;
                };
                if nth % STRETCH == STRETCH - 1 {
                    // Known portals do not wait, so other tasks get a turn here.
                    tokio::task::yield_now().await;
                }
                let handle = registry.handle(&portal);
                let (decision, error) = handle.slot.decide(&portal, &handle.shared, Purpose::All);
                match (decision, error) {
                    (Decision::Serve, None) => tally.fresh(&portal),
                    // It is too early to ask again.
                    (Decision::Serve | Decision::ReturnError, Some(error)) => tally.failed(&portal, error),
                    _ => waiting.0.push_back((site_of(&handle), handle)),
                }
            } else if !running.0.is_empty() {
                running.next(&mut tally).await;
            } else {
                break;
            }
        }
        tally.warmed_up
    }
}

impl Registry {
    /// The next portals. With a store, these are many, and their records are loaded.
    async fn read_ahead(
        &self,
        portals: &mut impl Iterator<Item = (usize, Portal)>,
    ) -> VecDeque<(usize, Portal)> {
        if self.shared.store.is_none() {
            return portals.take(1).collect();
        }
        let ahead: VecDeque<(usize, Portal)> = portals.take(BATCH).collect();
        let slots: Vec<_> = ahead.iter().map(|(_, portal)| self.handle(portal).slot).collect();
        preload(&slots, &self.shared).await;
        ahead
    }
}

/// The number of portals after which other tasks get a turn.
const STRETCH: usize = 64;

/// The limit of portals that wait for their sites.
const AHEAD: usize = 1_024;

/// A site may start one more probe while the free probes are more than three times the site's own:
/// see [`permits`](crate::permits).
const PART: usize = 3;

/// The site that a portal's probe counts against. A portal on the program's own machine is a site by
/// itself.
fn site_of(handle: &Handle) -> Box<str> {
    let account = handle.slot.account();
    match account.is_local() {
        true => account.portal().into(),
        false => account.site().into(),
    }
}

/// The portals to ask, in their order.
#[derive(Default)]
struct Waiting(VecDeque<(Box<str>, Handle)>);

impl Waiting {
    /// Whether to read one more portal from the iterator. `room` is the number of free probes.
    fn has_room(&self, room: usize) -> bool {
        self.0.is_empty() || (room > 0 && self.0.len() < AHEAD)
    }

    /// Removes the first portal whose site may start one more probe. If no other portals can come,
    /// the first one gets all the room.
    fn next(&mut self, room: usize, running: &Running, is_all: bool) -> Option<(Box<str>, Handle)> {
        if room == 0 {
            return None;
        }
        let mut asked: HashMap<&str, usize> = HashMap::new();
        for (site, _) in &running.0 {
            *asked.entry(site).or_default() += 1;
        }
        let may_be_asked = |(site, _): &(Box<str>, Handle)| {
            may_have_more(asked.get(&**site).copied().unwrap_or_default(), room, PART)
        };
        let place = self.0.iter().position(may_be_asked);
        self.0.remove(place.or(is_all.then_some(0))?)
    }
}

/// The running probes, each with its site.
struct Running(Vec<(Box<str>, Asking)>);

type Asking = Pin<Box<dyn Future<Output = (Handle, Result<Caps, ProbeError>)> + Send>>;

impl Running {
    /// Waits until a probe finishes.
    async fn next(&mut self, tally: &mut Tally) {
        poll_fn(|context| match self.poll(context, tally) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        })
        .await;
    }

    /// Removes the finished probes. Returns whether there were any.
    fn poll(&mut self, context: &mut Context<'_>, tally: &mut Tally) -> bool {
        let before = self.0.len();
        self.0
            .retain_mut(|(_, asking)| match asking.as_mut().poll(context) {
                Poll::Pending => true,
                Poll::Ready((handle, Ok(_))) => {
                    tally.asked(handle.portal());
                    false
                }
                Poll::Ready((handle, Err(error))) => {
                    tally.failed(handle.portal(), error);
                    false
                }
            });
        self.0.len() < before
    }
}

/// The time of the next probe.
struct Pace {
    interval: Duration,
    next: SystemTime,
}

impl Pace {
    fn new(per_second: u32, now: SystemTime) -> Self {
        Self {
            interval: Duration::from_secs(1) / per_second,
            next: now,
        }
    }

    /// How long to wait for the next probe. At most one interval, in case the clock was set back.
    fn pause(&self, now: SystemTime) -> Duration {
        let pause = self.next.duration_since(now).unwrap_or_default();
        pause.min(self.interval)
    }

    /// Records that a probe starts now.
    fn start(&mut self, now: SystemTime) {
        let earliest = now.checked_sub(Duration::from_secs(1) - self.interval);
        let own = self.next.min(now).max(earliest.unwrap_or(now));
        self.next = own.checked_add(self.interval).unwrap_or(now);
    }
}

/// The report so far, and the listener.
struct Tally {
    warmed_up: WarmUpReport,
    total: Option<usize>,
    on_progress: Option<Listener>,
}

impl Tally {
    fn new(portals: &impl Iterator, on_progress: Option<Listener>) -> Self {
        let (least, most) = portals.size_hint();
        Self {
            warmed_up: WarmUpReport::default(),
            total: most.filter(|most| *most == least),
            on_progress,
        }
    }

    fn fresh(&mut self, portal: &Portal) {
        self.warmed_up.fresh += 1;
        self.tell(portal);
    }

    fn asked(&mut self, portal: &Portal) {
        self.warmed_up.asked += 1;
        self.tell(portal);
    }

    fn failed(&mut self, portal: &Portal, error: ProbeError) {
        self.warmed_up.failed.push((portal.id().clone(), error));
        self.tell(portal);
    }

    fn tell(&mut self, portal: &Portal) {
        if let Some(listener) = &mut self.on_progress {
            let WarmUpReport { fresh, asked, failed } = &self.warmed_up;
            listener(&WarmUpProgress {
                done: fresh + asked + failed.len(),
                failed: failed.len(),
                total: self.total,
                last: portal.id().clone(),
            });
        }
    }
}

impl<I> fmt::Debug for WarmUp<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WarmUp")
            .field("per_second", &self.per_second)
            .field("concurrent", &self.concurrent)
            .finish_non_exhaustive()
    }
}
