//! A day in seconds: an emulator's stopped clock, moved to the next moment that
//! somebody waits for as soon as nothing else is under way.

use std::collections::BTreeSet;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::{Duration, SystemTime};

use imbot_caps::clock::Clock;
use imbot_caps::transport::{Request, Response, Transport, TransportError};
use imbot_caps_emulator;
use url::Url;

use crate::support::http::Untimed;

/// How many turns a request is given to be answered, on the same thread.
const PATIENCE: u32 = 4_000;

/// The clock and the transport to give to a registry under test.
///
/// For runtimes of one thread: only there nothing moves while the test looks.
#[derive(Clone)]
pub struct Pace {
    clock: imbot_caps_emulator::Clock,
    wakes: Arc<Mutex<BTreeSet<(SystemTime, usize)>>>,
    sleeps: Arc<AtomicUsize>,
    under_way: Arc<AtomicUsize>,
    /// How many of them are answered whatever happens. The clock stands until then.
    owed: Arc<AtomicUsize>,
    patience: u32,
}

impl Pace {
    /// Stops the clock.
    pub fn new(clock: imbot_caps_emulator::Clock) -> Self {
        clock.stop();
        Self {
            clock,
            wakes: Arc::default(),
            sleeps: Arc::default(),
            under_way: Arc::default(),
            owed: Arc::default(),
            patience: PATIENCE,
        }
    }

    #[allow(dead_code, reason = "some tests alone need it")]
    /// Gives a request this many turns before the clock moves on by half a second.
    pub fn patience(self, patience: u32) -> Self {
        Self { patience, ..self }
    }

    /// A transport that knows how many requests are under way.
    pub fn transport(&self) -> impl Transport + use<> {
        self.over(Untimed::default(), |_| false)
    }

    /// The same over another transport. The clock stands while a request of this kind is under way, so
    /// each of them has to be answered.
    pub fn over<T: Transport>(&self, transport: T, is_owed: fn(&Url) -> bool) -> impl Transport + use<T> {
        Counted {
            transport,
            under_way: Arc::clone(&self.under_way),
            owed: Arc::clone(&self.owed),
            is_owed,
        }
    }

    /// Runs it, moving the clock whenever all that is left is to wait.
    pub async fn run<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        let (mut idle, mut before) = (0, (0, 0));
        loop {
            let polled = poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await;
            if let Poll::Ready(output) = polled {
                return output;
            }
            // Whoever can go on does so before this comes round again.
            tokio::task::yield_now().await;
            let seen = (
                self.under_way.load(Ordering::Relaxed),
                self.sleeps.load(Ordering::Relaxed),
            );
            let is_still = seen == before && self.owed.load(Ordering::Relaxed) == 0;
            idle = if is_still { idle + 1 } else { 0 };
            before = seen;
            // A request that is under way is given time to be answered; one that is
            // not will never be.
            if idle > if seen.0 == 0 { 16 } else { self.patience } {
                idle = 0;
                self.wake_next();
            }
        }
    }

    /// Lets everything end that is under way.
    pub async fn settle(&self) {
        let mut quiet = 0;
        let settled = poll_fn(|_| {
            quiet = if self.is_busy() { 0 } else { quiet + 1 };
            if quiet > 16 {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        });
        self.run(settled).await;
    }

    fn is_busy(&self) -> bool {
        self.under_way.load(Ordering::Relaxed) > 0 || !self.wakes.lock().unwrap().is_empty()
    }

    fn wake_next(&self) {
        let next = self.wakes.lock().unwrap().first().copied();
        if let Some((mut next, _)) = next {
            if self.under_way.load(Ordering::Relaxed) > 0 {
                // The server may wait for the clock, too, for less long.
                next = next.min(self.clock.now() + Duration::from_millis(500));
            }
            self.clock.set(next.max(self.clock.now()));
        }
    }
}

impl Clock for Pace {
    fn now(&self) -> SystemTime {
        self.clock.now()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let key = (
            self.clock.now() + duration,
            self.sleeps.fetch_add(1, Ordering::Relaxed),
        );
        self.wakes.lock().unwrap().insert(key);
        let wake = Wake(self, key);
        Box::pin(async move {
            let wake = wake;
            wake.0.clock.sleep(duration).await;
        })
    }
}

/// A moment that somebody waits for, until then.
struct Wake<'a>(&'a Pace, (SystemTime, usize));

impl Drop for Wake<'_> {
    fn drop(&mut self) {
        self.0.wakes.lock().unwrap().remove(&self.1);
    }
}

struct Counted<T> {
    transport: T,
    under_way: Arc<AtomicUsize>,
    owed: Arc<AtomicUsize>,
    is_owed: fn(&Url) -> bool,
}

impl<T: Transport> Transport for Counted<T> {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        let is_owed = (self.is_owed)(request.url());
        let counts = (
            Count::new(&self.under_way),
            is_owed.then(|| Count::new(&self.owed)),
        );
        let reply = self.transport.send(request);
        Box::pin(async move {
            let _counts = counts;
            reply.await
        })
    }
}

struct Count<'a>(&'a AtomicUsize);

impl<'a> Count<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Count<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What a future has ready.
pub fn now<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match pin!(future).poll(&mut context) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}
