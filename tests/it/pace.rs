//! A day in seconds: an emulator's stopped clock, moved to the next moment that
//! somebody waits for as soon as nothing else is under way.

use std::collections::BTreeSet;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::{Duration, SystemTime};

use imbot_caps::Clock;
use imbot_caps::emulator;
use imbot_caps::transport::{Request, ReqwestTransport, Response, Transport, TransportError};

/// The clock and the transport to give to a registry under test.
///
/// For runtimes of one thread: only there nothing moves while the test looks.
#[derive(Clone)]
pub struct Pace {
    clock: emulator::Clock,
    wakes: Arc<Mutex<BTreeSet<(SystemTime, usize)>>>,
    sleeps: Arc<AtomicUsize>,
    under_way: Arc<AtomicUsize>,
}

impl Pace {
    /// Stops the clock.
    pub fn new(clock: emulator::Clock) -> Self {
        clock.stop();
        Self {
            clock,
            wakes: Arc::default(),
            sleeps: Arc::default(),
            under_way: Arc::default(),
        }
    }

    /// A transport that knows how many requests are under way.
    pub fn transport(&self) -> impl Transport + use<> {
        Counted(ReqwestTransport::new(), Arc::clone(&self.under_way))
    }

    /// Runs it, moving the clock whenever all that is left is to wait.
    pub async fn run<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        let mut idle = 0;
        loop {
            let polled = poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await;
            if let Poll::Ready(output) = polled {
                return output;
            }
            // Whoever can go on does so before this comes round again.
            tokio::task::yield_now().await;
            idle = match self.under_way.load(Ordering::Relaxed) {
                0 => idle + 1,
                _ => 0,
            };
            if idle > 16 {
                idle = 0;
                let next = self.wakes.lock().unwrap().first().copied();
                if let Some((next, _)) = next {
                    self.clock.set(next.max(self.clock.now()));
                }
            }
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

struct Counted(ReqwestTransport, Arc<AtomicUsize>);

impl Transport for Counted {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        let under_way = UnderWay::new(&self.1);
        let reply = self.0.send(request);
        Box::pin(async move {
            let _under_way = under_way;
            reply.await
        })
    }
}

struct UnderWay<'a>(&'a AtomicUsize);

impl<'a> UnderWay<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
