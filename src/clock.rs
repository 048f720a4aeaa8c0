//! [`Clock`]: the time for probes and the registry, so that tests can set it.

#[cfg(feature = "registry")]
use std::future::poll_fn;
use std::pin::Pin;
#[cfg(feature = "registry")]
use std::pin::pin;
use std::sync::Arc;
#[cfg(feature = "registry")]
use std::task::Poll;
use std::time::{Duration, SystemTime};

/// The time of day, and a wait.
///
/// Knowledge is kept longer than a process lives, so its age is counted by the time of day and not by
/// a monotonic clock. The clock may be set back. An answer from the future is then served and
/// refreshed, and never counts as new.
///
/// Use [`SystemClock`]. Tests use the emulator's clock, which they set by hand.
pub trait Clock: Send + Sync + 'static {
    /// The time.
    fn now(&self) -> SystemTime;

    /// Waits for this time. If the future is dropped, the wait ends.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> SystemTime {
        (**self).now()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        (**self).sleep(duration)
    }
}

#[cfg(feature = "registry")]
/// The system's clock. It waits by tokio's timers.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

#[cfg(feature = "registry")]
impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(tokio::time::sleep(duration))
    }
}

#[cfg(feature = "registry")]
/// The output of the future, or `None` if this time passes before.
pub(crate) async fn within<F: Future>(clock: &dyn Clock, limit: Duration, future: F) -> Option<F::Output> {
    let (mut future, mut timer) = (pin!(future), clock.sleep(limit));
    poll_fn(|context| {
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        timer.as_mut().poll(context).map(|()| None)
    })
    .await
}

/// Tests of this crate move the emulator's clock by hand.
#[cfg(test)]
impl Clock for imbot_caps_emulator::Clock {
    fn now(&self) -> SystemTime {
        self.now()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(self.sleep(duration))
    }
}

#[cfg(all(test, feature = "registry"))]
mod tests {
    use super::*;

    struct Standing(SystemTime);

    impl Clock for Standing {
        fn now(&self) -> SystemTime {
            self.0
        }

        fn sleep(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
            Box::pin(std::future::pending())
        }
    }

    async fn look(clock: impl Clock) -> (SystemTime, Option<()>) {
        let answered = within(&clock, Duration::ZERO, std::future::ready(())).await;
        (clock.now(), answered)
    }

    #[tokio::test]
    async fn one_clock_can_be_shared() {
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
        let clock: Arc<dyn Clock> = Arc::new(Standing(at));
        assert_eq!(look(Arc::clone(&clock)).await, (at, Some(())));
        assert_eq!(look(clock).await, (at, Some(())));
    }
}
