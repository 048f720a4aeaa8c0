//! [`Lifetimes`]: how long answers are good for.

use std::time::Duration;
#[cfg(feature = "registry")]
use std::time::SystemTime;

use super::observation::Observation;
use super::volatility::Volatility;

/// How long answers are good for.
///
/// Each portal's lifetimes are shortened by up to a tenth, by a number made of its address. So
/// portals that were first asked at the same time are not refreshed at the same time.
///
/// ```
/// use std::time::Duration;
/// use imbot_caps::freshness::Lifetimes;
///
/// // Notice an upgrade within minutes. Return errors after a day.
/// let eager = Lifetimes::new()
///     .unsupported(Duration::from_secs(300))
///     .stale_while_revalidate(Duration::from_secs(60))
///     .stale_if_error(Duration::from_secs(86_400));
/// # let _ = eager;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Lifetimes {
    supported: Duration,
    pub(super) unsupported: Between,
    unknown: Duration,
    refusal: Duration,
    pub(super) stale_while_revalidate: Duration,
    pub(super) stale_if_error: Duration,
    pub(super) passing: Backoff,
    pub(super) lasting: Backoff,
}

/// A lifetime that grows from `first` to `longest`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Between {
    pub(super) first: Duration,
    pub(super) longest: Duration,
}

/// Pauses after failures in a row: `first`, then doubled up to `longest`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Backoff {
    pub(super) first: Duration,
    pub(super) longest: Duration,
}

pub(super) const MINUTE: Duration = Duration::from_secs(60);
pub(super) const HOUR: Duration = Duration::from_secs(3_600);
pub(super) const DAY: Duration = Duration::from_secs(86_400);
pub(super) const WEEK: Duration = Duration::from_secs(7 * 86_400);

impl Lifetimes {
    /// The defaults. Each method below states its own.
    pub const fn new() -> Self {
        Self {
            supported: WEEK,
            unsupported: Between {
                first: HOUR,
                longest: DAY,
            },
            unknown: Duration::from_secs(600),
            refusal: MINUTE,
            stale_while_revalidate: HOUR,
            stale_if_error: WEEK,
            passing: Backoff {
                first: Duration::from_secs(1),
                longest: Duration::from_secs(300),
            },
            lasting: Backoff {
                first: MINUTE,
                longest: Duration::from_secs(900),
            },
        }
    }

    /// The lifetime of an answer that no upgrade can change: the portal has the feature, or the
    /// feature was removed for good. A week by default.
    ///
    /// A portal that is restored from a backup can lose a feature. The registry notices that
    /// after this lifetime, or earlier by a [contradiction](crate::Handle::report_not_found).
    pub const fn supported(mut self, lifetime: Duration) -> Self {
        self.supported = lifetime;
        self
    }

    /// The lifetime of an answer that the next upgrade may change, such as a "no". It does not
    /// depend on how long the portal has stayed the same. With zero, the portal is asked each
    /// time. By default the lifetime grows, as with
    /// [`unsupported_between`](Self::unsupported_between).
    pub const fn unsupported(self, lifetime: Duration) -> Self {
        self.unsupported_between(lifetime, lifetime)
    }

    /// The lifetime of an answer that the next upgrade may change, such as a "no": a
    /// tenth of the time for which the portal has given the same answer, but no less
    /// than `first` and no more than `longest`; an hour and a day by default.
    ///
    /// After a change the lifetime begins at `first` again: on premise, one upgrade often follows
    /// another. If `longest` is below `first`, it counts as `first`.
    pub const fn unsupported_between(mut self, first: Duration, longest: Duration) -> Self {
        self.unsupported = Between { first, longest };
        self
    }

    /// The lifetime of an unknown answer: the portal was asked, and did not say, for example
    /// because the credential lacks a scope. Ten minutes by default.
    pub const fn unknown(mut self, lifetime: Duration) -> Self {
        self.unknown = lifetime;
        self
    }

    /// The greatest age of an answer by which a [`Gate`](crate::gate::Gate) refuses a call. A
    /// minute by default. If the answer is older, the gate asks the portal first. It asks each
    /// portal at most once in this time, however many calls it refuses. If a credential fails
    /// for a reason of its own, that credential pauses, and a call with another credential asks.
    /// With zero, the gate asks before each refusal.
    pub const fn max_refusal_age(mut self, max_age: Duration) -> Self {
        self.refusal = max_age;
        self
    }

    /// For how long after its lifetime an answer is still served while the portal is refreshed in
    /// the background. After that, callers wait. An hour by default.
    pub const fn stale_while_revalidate(mut self, window: Duration) -> Self {
        self.stale_while_revalidate = window;
        self
    }

    /// For how long after its lifetime an answer is still served while probes fail. After that,
    /// callers that wait get the error. A week by default. The old answer is not erased:
    /// [`Handle::caps`](crate::Handle::caps) returns it without a time limit.
    pub const fn stale_if_error(mut self, window: Duration) -> Self {
        self.stale_if_error = window;
        self
    }

    /// The pauses after transient failures, such as a network error or a rate limit. By default
    /// from a second, doubled up to five minutes. A success ends them.
    pub const fn after_transient_failures(mut self, first: Duration, longest: Duration) -> Self {
        self.passing = Backoff { first, longest };
        self
    }

    /// The pauses after failures that last until somebody repairs the cause, such as a revoked
    /// credential, a closed portal or a wrong address. By default from a minute, doubled up to
    /// fifteen minutes. A success ends them.
    pub const fn after_lasting_failures(mut self, first: Duration, longest: Duration) -> Self {
        self.lasting = Backoff { first, longest };
        self
    }

    /// Whether a contradiction of this age still counts. It does for as long as a "no" of a
    /// portal that has just changed.
    #[cfg(any(feature = "registry", test))]
    pub(crate) fn holds_contradicted(&self, ago: Duration) -> bool {
        ago < self.unsupported.first
    }

    /// Whether the portal was asked so recently that a gate refuses without asking again.
    #[cfg(feature = "registry")]
    pub(crate) fn holds_refusal(&self, since: SystemTime, now: SystemTime) -> bool {
        now.duration_since(since).is_ok_and(|ago| ago < self.refusal)
    }

    pub(super) fn of(&self, volatility: Volatility, learned: Observation) -> Duration {
        match volatility {
            Volatility::Stable => self.supported,
            Volatility::Upgradable => {
                let Between { first, longest } = self.unsupported;
                (learned.steady() / 10).min(longest).max(first)
            }
            Volatility::Unknown => self.unknown,
        }
    }
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self::new()
    }
}
