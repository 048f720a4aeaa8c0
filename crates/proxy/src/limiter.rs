//! The rate of calls for each portal.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::MonotonicClock;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use http::StatusCode;

use crate::code;
use crate::failure::Failure;

/// The longest wait of a call.
const PATIENCE: Duration = Duration::from_secs(60);

/// Beyond so many portals, those that have their whole burst again are forgotten.
const PORTALS: usize = 1_024;

/// The calls that a portal takes: so many a second, and so many at once after a pause. The default is that of the
/// cloud's tariffs: 2 a second, and 50 at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Calls a second.
    pub per_second: NonZeroU32,
    /// Calls at once.
    pub burst: NonZeroU32,
}

impl Default for Rate {
    fn default() -> Self {
        let number = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        Self {
            per_second: number(2),
            burst: number(50),
        }
    }
}

/// Holds calls back until their portal takes them. All clients of the server share it. A batch is one call.
#[derive(Debug)]
pub(crate) struct Limiter(RateLimiter<String, HashMapStateStore<String>, MonotonicClock>);

impl Limiter {
    pub(crate) fn new(rate: Rate) -> Self {
        let quota = Quota::per_second(rate.per_second).allow_burst(rate.burst);
        Self(RateLimiter::new(
            quota,
            HashMapStateStore::default(),
            MonotonicClock,
        ))
    }

    /// Returns when the portal takes a call.
    pub(crate) async fn wait(&self, portal: &str) -> Result<(), Failure> {
        if self.0.len() > PORTALS {
            self.0.retain_recent();
            self.0.shrink_to_fit();
        }
        let portal = portal.to_owned();
        let ready = tokio::time::timeout(PATIENCE, self.0.until_key_ready(&portal)).await;
        ready.map_err(|_| {
            let text =
                "not sent. The portal's rate of calls is used up, and too many calls wait: try again later";
            Failure::new(StatusCode::SERVICE_UNAVAILABLE, code::RATE, text)
        })
    }
}
