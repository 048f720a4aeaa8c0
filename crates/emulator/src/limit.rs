//! Limits of the cloud: on the rate of requests, and on the time that a method
//! takes.

#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, reason = "numbers from outside are here")
)]

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

/// A limit on the rate of requests: a leaky bucket.
///
/// Every request that is let through fills it by one, and it drains all the
/// time. A request that would make it overflow is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    burst: u32,
    per_second: u32,
}

impl RateLimit {
    /// A bucket that holds so many requests and drains so many in a second.
    #[must_use]
    pub const fn new(burst: u32, per_second: u32) -> Self {
        Self { burst, per_second }
    }

    /// That of most tariffs: 50, and 2 a second.
    #[must_use]
    pub const fn standard() -> Self {
        Self::new(50, 2)
    }

    /// That of the Enterprise tariff: 250, and 5 a second.
    #[must_use]
    pub const fn enterprise() -> Self {
        Self::new(250, 5)
    }
}

/// A leaky bucket by the clock; times are since the Unix epoch.
#[derive(Debug)]
pub(super) struct Bucket {
    limit: RateLimit,
    /// In requests.
    level: f64,
    as_of: Duration,
}

impl Bucket {
    pub(super) fn new(limit: RateLimit, now: Duration) -> Self {
        Self {
            limit,
            level: 0.0,
            as_of: now,
        }
    }

    /// Whether one more request is let through.
    pub(super) fn admit(&mut self, now: Duration) -> bool {
        let passed = now.saturating_sub(self.as_of).as_secs_f64();
        self.level = (self.level - passed * f64::from(self.limit.per_second)).max(0.0);
        self.as_of = now;
        let admits = self.level + 1.0 <= f64::from(self.limit.burst);
        if admits {
            self.level += 1.0;
        }
        admits
    }
}

/// The seconds that one bucket of operating time spans.
const MINUTE: u64 = 60;

/// Operating time is added up over so many buckets: ten minutes.
const MINUTES: u64 = 10;

/// What the methods of each credential took, and how much they may take.
#[derive(Debug, Default)]
pub(super) struct Operating {
    limit: Option<Duration>,
    /// By method, in lower case.
    costs: HashMap<String, Duration>,
    /// By credential and method: what was taken in each minute since the epoch.
    taken: HashMap<(String, String), BTreeMap<u64, Duration>>,
}

/// The operating time of one credential and method, as answers tell it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spent {
    pub(super) time: Duration,
    /// When some of it is forgotten, in seconds since the Unix epoch.
    pub(super) reset_at: u64,
}

impl Spent {
    pub(super) fn nothing(now: Duration) -> Self {
        Self {
            time: Duration::ZERO,
            reset_at: now.as_secs().saturating_add(MINUTE * MINUTES),
        }
    }
}

impl Operating {
    pub(super) fn set_limit(&mut self, limit: Duration) {
        self.limit = Some(limit);
    }

    pub(super) fn set_cost(&mut self, method: &str, cost: Duration) {
        self.costs.insert(method.to_lowercase(), cost);
    }

    /// Whether this credential has used up its time with this method.
    pub(super) fn is_used_up(&self, credential: &str, method: &str, now: Duration) -> bool {
        let spent = self.spent(credential, method, now).time;
        self.limit.is_some_and(|limit| spent > limit)
    }

    /// Books a call of this method.
    pub(super) fn book(&mut self, credential: &str, method: &str, now: Duration) {
        let Some(cost) = self.costs.get(method) else {
            return;
        };
        let key = (credential.to_owned(), method.to_owned());
        let minute = now.as_secs() / MINUTE;
        let taken = self.taken.entry(key).or_default();
        taken.retain(|own, _| is_counted(*own, minute));
        let bucket = taken.entry(minute).or_default();
        *bucket = bucket.saturating_add(*cost);
    }

    pub(super) fn spent(&self, credential: &str, method: &str, now: Duration) -> Spent {
        let minute = now.as_secs() / MINUTE;
        let taken = self.taken.get(&(credential.to_owned(), method.to_owned()));
        let counted = || {
            let minutes = taken.into_iter().flatten();
            minutes.filter(|(own, _)| is_counted(**own, minute))
        };
        let Some((oldest, _)) = counted().next() else {
            return Spent::nothing(now);
        };
        Spent {
            time: counted().fold(Duration::ZERO, |sum, (_, time)| sum.saturating_add(*time)),
            reset_at: oldest.saturating_add(MINUTES).saturating_mul(MINUTE),
        }
    }
}

fn is_counted(own: u64, now: u64) -> bool {
    now.checked_sub(own).is_some_and(|ago| ago < MINUTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_bucket_fills_and_drains() {
        let mut bucket = Bucket::new(RateLimit::new(2, 1), at(100));
        let admitted = [100, 100, 100, 101, 101, 200, 200, 200].map(|now| bucket.admit(at(now)));
        assert_eq!(admitted, [true, true, false, true, false, true, true, false]);
        // A clock that goes back drains nothing.
        assert!(!bucket.admit(at(1)));
    }

    #[test]
    fn operating_time_counts_per_credential_and_method() {
        let mut operating = Operating::default();
        operating.set_limit(at(100));
        operating.set_cost("A.b", at(60));
        for now in [0, 65] {
            assert!(!operating.is_used_up("x", "a.b", at(now)));
            operating.book("x", "a.b", at(now));
        }
        assert!(operating.is_used_up("x", "a.b", at(65)));
        assert!(!operating.is_used_up("y", "a.b", at(65)) && !operating.is_used_up("x", "b", at(65)));
        let spent = operating.spent("x", "a.b", at(599));
        assert_eq!((spent.time, spent.reset_at), (at(120), 600));
        assert!(!operating.is_used_up("x", "a.b", at(600)));
        assert_eq!(operating.spent("x", "a.b", at(600)).reset_at, 660);
    }
}
