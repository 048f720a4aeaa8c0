//! Learning many portals before they are needed, without a flood.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use tokio::runtime;

use super::slot::Question;
use super::{Handle, Registry};
use crate::caps::Caps;
use crate::freshness::Decision;
use crate::portal::{Portal, PortalId};
use crate::probe::ProbeError;
use crate::share::may_have_more;

impl Registry {
    /// Learns many portals before they are needed: at the start of a process, say,
    /// after a [`restore`](Self::restore). Nothing happens until it is
    /// [run](WarmUp::run).
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

/// How far a warm-up has come.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WarmUpProgress {
    /// How many portals are done with, failed ones included.
    pub done: usize,
    /// How many of them could not be learned.
    pub failed: usize,
    /// How many there are, when the iterator knew at the start.
    pub total: Option<usize>,
    /// The one that was done with last.
    pub last: PortalId,
}

/// What came of a warm-up.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct WarmedUp {
    /// How many portals were known well enough, and cost nothing.
    pub fresh: usize,
    /// How many were asked and answered.
    pub asked: usize,
    /// Those that could not be learned, and why. What was known of them stands.
    pub failed: Vec<(PortalId, ProbeError)>,
}

impl<I: Iterator<Item = Portal>> WarmUp<I> {
    /// How many portals are asked in a second; 20 by default, at least 1. A portal
    /// costs one request, two without `imbot.v2.Revision.get`, and at most two repeats
    /// of what fails in passing.
    ///
    /// They are spread evenly over the second. What was held up is caught up on by
    /// at most one second's worth.
    pub fn per_second(mut self, portals: u32) -> Self {
        self.per_second = portals.max(1);
        self
    }

    /// How many portals are asked at the same time; 16 by default, at least 1. One site alone
    /// has about a quarter of them, so that names that do not answer hold up no others: see
    /// [`docs::tuning`](crate::docs::tuning). Keep
    /// it well below [`concurrent_probes`](crate::RegistryBuilder::concurrent_probes):
    /// what is left of those is for callers who are waiting.
    pub fn concurrent(mut self, portals: usize) -> Self {
        self.concurrent = portals.max(1);
        self
    }

    /// Is called after each portal, one call at a time. Keep it short: the warm-up
    /// waits for it.
    pub fn on_progress(mut self, listener: impl FnMut(&WarmUpProgress) + Send + 'static) -> Self {
        self.on_progress = Some(Box::new(listener));
        self
    }

    /// Asks what is not known well enough, and returns when all is done. Failures
    /// are counted and do not end it; a portal that failed a short while ago is not
    /// asked again, and counts as failed.
    ///
    /// The iterator is asked for a portal when there is room for it, so that any
    /// number of them takes no memory at once: 1,024 at most wait for others of their sites.
    ///
    /// Cancel-safe: dropping it asks no further portal. Probes under way go on.
    pub async fn run(self) -> WarmedUp {
        let Self {
            registry,
            portals,
            per_second,
            concurrent,
            on_progress,
        } = self;
        let clock = &*registry.shared.clock;
        let mut pace = Pace::new(per_second, clock.now());
        let mut flying = Flying(Vec::new());
        let mut tally = Tally::new(&portals, on_progress);
        let mut waiting = Waiting::default();
        let mut portals = portals.enumerate().fuse();
        let mut is_all = false;
        loop {
            let room = concurrent.saturating_sub(flying.0.len());
            if let Some((site, handle)) = waiting.next(room, &flying, is_all) {
                let pause = pace.pause(clock.now());
                // Outside of a runtime nobody is asked, and nobody can wait.
                if !pause.is_zero() && runtime::Handle::try_current().is_ok() {
                    let mut timer = clock.sleep(pause);
                    poll_fn(|context| {
                        // What lands meanwhile is told meanwhile.
                        flying.poll(context, &mut tally);
                        timer.as_mut().poll(context)
                    })
                    .await;
                }
                pace.start(clock.now());
                let asking: Asking = Box::pin(async move {
                    let result = handle.refresh().await;
                    (handle, result)
                });
                flying.0.push((site, asking));
                // Once, so that it sets off.
                poll_fn(|context| {
                    flying.poll(context, &mut tally);
                    Poll::Ready(())
                })
                .await;
            } else if !is_all && waiting.has_room(room) {
                let Some((nth, portal)) = portals.next() else {
                    is_all = true;
                    continue;
                };
                if nth % STRETCH == STRETCH - 1 {
                    // Known portals make nobody wait, but others want to run as well.
                    tokio::task::yield_now().await;
                }
                let handle = registry.portal(&portal);
                let (decision, error) = handle.slot.decide(&portal, &handle.shared, Question::All);
                match (decision, error) {
                    (Decision::Serve, None) => tally.fresh(&portal),
                    // It is too early to ask again.
                    (Decision::Serve | Decision::Refuse, Some(error)) => tally.failed(&portal, error),
                    _ => waiting.0.push_back((site_of(&handle), handle)),
                }
            } else if !flying.0.is_empty() {
                flying.landed(&mut tally).await;
            } else {
                break;
            }
        }
        tally.warmed_up
    }
}

/// After how many portals to let others run.
const STRETCH: usize = 64;

/// How many portals wait for their sites, at most.
const AHEAD: usize = 1_024;

/// A site may have one more portal asked while more than three times as many as it has may be
/// asked besides: see [`permits`](crate::permits).
const PART: usize = 3;

/// Whose share of what is asked at the same time a portal counts against. Portals on the
/// program's own machine are the program's.
fn site_of(handle: &Handle) -> Box<str> {
    let account = handle.slot.account();
    match account.is_local() {
        true => account.portal().into(),
        false => account.site().into(),
    }
}

/// Those that are to be asked, in their order.
#[derive(Default)]
struct Waiting(VecDeque<(Box<str>, Handle)>);

impl Waiting {
    /// Whether to take one more from the iterator, with room to ask so many.
    fn has_room(&self, room: usize) -> bool {
        self.0.is_empty() || (room > 0 && self.0.len() < AHEAD)
    }

    /// Takes out the first whose site may have one more asked. Where no other sites can come,
    /// the first has all the room.
    fn next(&mut self, room: usize, flying: &Flying, is_all: bool) -> Option<(Box<str>, Handle)> {
        if room == 0 {
            return None;
        }
        let mut asked: HashMap<&str, usize> = HashMap::new();
        for (site, _) in &flying.0 {
            *asked.entry(site).or_default() += 1;
        }
        let may_be_asked = |(site, _): &(Box<str>, Handle)| {
            may_have_more(asked.get(&**site).copied().unwrap_or_default(), room, PART)
        };
        let place = self.0.iter().position(may_be_asked);
        self.0.remove(place.or(is_all.then_some(0))?)
    }
}

/// Those that are being asked, each with its site.
struct Flying(Vec<(Box<str>, Asking)>);

type Asking = Pin<Box<dyn Future<Output = (Handle, Result<Caps, ProbeError>)> + Send>>;

impl Flying {
    /// Waits until one has landed.
    async fn landed(&mut self, tally: &mut Tally) {
        poll_fn(|context| match self.poll(context, tally) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        })
        .await;
    }

    /// Takes out what has landed; whether that was anything.
    fn poll(&mut self, context: &mut Context<'_>, tally: &mut Tally) -> bool {
        let before = self.0.len();
        self.0
            .retain_mut(|(_, flight)| match flight.as_mut().poll(context) {
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

/// When to ask the next one.
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

    /// How long to wait for it. Not longer than from one to the next: a clock that
    /// was set back is not waited for.
    fn pause(&self, now: SystemTime) -> Duration {
        let pause = self.next.duration_since(now).unwrap_or_default();
        pause.min(self.interval)
    }

    /// It is asked now.
    fn start(&mut self, now: SystemTime) {
        let earliest = now.checked_sub(Duration::from_secs(1) - self.interval);
        let own = self.next.min(now).max(earliest.unwrap_or(now));
        self.next = own.checked_add(self.interval).unwrap_or(now);
    }
}

/// What has come of it so far, and who wants to know.
struct Tally {
    warmed_up: WarmedUp,
    total: Option<usize>,
    on_progress: Option<Listener>,
}

impl Tally {
    fn new(portals: &impl Iterator, on_progress: Option<Listener>) -> Self {
        let (least, most) = portals.size_hint();
        Self {
            warmed_up: WarmedUp::default(),
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
            let WarmedUp { fresh, asked, failed } = &self.warmed_up;
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
