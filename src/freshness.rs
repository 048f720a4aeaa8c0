//! How long an answer is good for, and when to ask again. Pure: times come in,
//! decisions go out.
//!
//! Answers age by what an upgrade could do to them, since revisions nearly always
//! go up: see [`Volatility`]. What an upgrade may change is asked for less often the
//! longer it has stayed the same, as the heuristic of RFC 9111, section 4.2.2, has
//! it. On top of that come two windows, those of RFC 5861:
//! past its lifetime an answer is still served while it is asked again, and
//! longer while asking fails. Failures have short lifetimes of their own.

use std::time::{Duration, SystemTime};

use crate::feature::{RevisionRange, Verdict};
use crate::knowledge::{IMBOT_V2_REST, ImbotGeneration, Knowledge, REVISION_GET_REST};
use crate::revision::{Axis, Revision};

/// How long answers are good for.
///
/// Each portal's lifetimes are shortened by up to a tenth, by a number drawn from
/// its identity, so that a fleet that was started at once does not ask at once.
///
/// ```
/// use std::time::Duration;
/// use imbot_caps::Lifetimes;
///
/// // An upgrade is to be noticed within minutes, and errors are to surface within a day.
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
    unsupported: Between,
    unknown: Duration,
    refusal: Duration,
    stale_while_revalidate: Duration,
    stale_if_error: Duration,
    passing: Backoff,
    lasting: Backoff,
}

/// A lifetime that grows: the first, and with time up to the longest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Between {
    first: Duration,
    longest: Duration,
}

/// Pauses after failures in a row: the first, doubled up to the longest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Backoff {
    first: Duration,
    longest: Duration,
}

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);
const WEEK: Duration = Duration::from_secs(7 * 86_400);

impl Lifetimes {
    /// The defaults, which each method below states.
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

    /// The lifetime of an answer that no upgrade can change: a feature that is there,
    /// or was removed for good; a week by default. A portal that is restored from a
    /// backup can lose it, and is noticed when this has passed, or by a
    /// [contradiction](crate::Handle::report_absent) before.
    pub const fn supported(mut self, lifetime: Duration) -> Self {
        self.supported = lifetime;
        self
    }

    /// The lifetime of an answer that the next upgrade may change, such as a "no":
    /// always this, however long the portal has stayed the same. Zero: asked each
    /// time. By default it grows, as with
    /// [`unsupported_between`](Self::unsupported_between).
    pub const fn unsupported(self, lifetime: Duration) -> Self {
        self.unsupported_between(lifetime, lifetime)
    }

    /// The lifetime of an answer that the next upgrade may change, such as a "no": a
    /// tenth of the time for which the portal has given the same answer, but no less
    /// than `first` and no more than `longest`; an hour and a day by default.
    ///
    /// A portal that has changed begins at `first` again: on premise, one upgrade is
    /// often followed by the next. Where `longest` is below `first`, it counts as
    /// `first`.
    pub const fn unsupported_between(mut self, first: Duration, longest: Duration) -> Self {
        self.unsupported = Between { first, longest };
        self
    }

    /// The lifetime of "asked, and not learned", for want of a scope, say; ten minutes
    /// by default.
    pub const fn unknown(mut self, lifetime: Duration) -> Self {
        self.unknown = lifetime;
        self
    }

    /// How old an answer may be for a [`Gate`](crate::gate::Gate) to refuse a call by it. If
    /// the answer is older, the gate asks the portal first. It asks each portal at most
    /// once in this time, however many calls it refuses. A credential that fails for a
    /// reason of its own does not count: it pauses, and a call with another one asks. A
    /// minute. Zero: it asks before each refusal.
    pub const fn refusal(mut self, max_age: Duration) -> Self {
        self.refusal = max_age;
        self
    }

    /// For how long past its lifetime an answer is served while it is asked again
    /// behind; whoever comes later waits. An hour.
    pub const fn stale_while_revalidate(mut self, window: Duration) -> Self {
        self.stale_while_revalidate = window;
        self
    }

    /// For how long past its lifetime an answer is served while asking fails;
    /// after that, who waits gets the error. What was known is not erased by it:
    /// [`Handle::caps`](crate::Handle::caps) answers by it for ever. A week.
    pub const fn stale_if_error(mut self, window: Duration) -> Self {
        self.stale_if_error = window;
        self
    }

    /// The pauses after failures that pass: the network, a rate limit. From a
    /// second, doubled up to five minutes; a success ends them.
    pub const fn after_passing_failures(mut self, first: Duration, longest: Duration) -> Self {
        self.passing = Backoff { first, longest };
        self
    }

    /// The pauses after failures that somebody must mend: a credential, a closed
    /// portal, a wrong address. From a minute, doubled up to fifteen; a success
    /// ends them.
    pub const fn after_lasting_failures(mut self, first: Duration, longest: Duration) -> Self {
        self.lasting = Backoff { first, longest };
        self
    }

    /// Whether a contradiction of so long ago still counts: as long as a "no" of a
    /// portal that has just changed.
    pub(crate) fn holds_contradicted(&self, ago: Duration) -> bool {
        ago < self.unsupported.first
    }

    /// Whether this moment is too close to ask again before a refusal.
    pub(crate) fn holds_refusal(&self, since: SystemTime, now: SystemTime) -> bool {
        now.duration_since(since).is_ok_and(|ago| ago < self.refusal)
    }

    fn of(&self, volatility: Volatility, learned: Observation) -> Duration {
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

/// When a portal last gave an answer, and since when it has given the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Observation {
    pub(crate) at: SystemTime,
    /// Later than `at` where the portal has changed and did not say all of it.
    pub(crate) same_since: SystemTime,
}

impl Observation {
    /// It answered for the first time, or otherwise than before.
    pub(crate) fn anew(at: SystemTime) -> Self {
        Self { at, same_since: at }
    }

    /// It gave the same answer again.
    pub(crate) fn again(self, at: SystemTime) -> Self {
        Self {
            at,
            same_since: self.same_since.min(at),
        }
    }

    /// What was learned later than now is of a clock that ran ahead, or was set back.
    pub(crate) fn until(self, now: SystemTime) -> Self {
        Self {
            at: self.at.min(now),
            same_since: self.same_since.min(now),
        }
    }

    /// How long it had been the same when it was last asked. The time since counts
    /// for nothing: what happened in it nobody knows.
    fn steady(self) -> Duration {
        self.at.duration_since(self.same_since).unwrap_or_default()
    }
}

/// What time can do to an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Volatility {
    /// It was asked for and is not known.
    Unknown,
    /// The next upgrade may change it.
    Upgradable,
    /// No upgrade changes it, only a restore from a backup.
    Stable,
}

impl Volatility {
    /// Of one question.
    pub(crate) fn of(gate: RevisionRange, known: &Knowledge, cap: Option<Revision>) -> Self {
        let beyond_cap = |revision| gate.axis == Axis::Rest && cap.is_some_and(|cap| cap < revision);
        // What the user has ruled out stays so, whatever the portal becomes.
        if beyond_cap(gate.since) {
            return Volatility::Stable;
        }
        let outgrown = gate
            .until()
            .is_some_and(|until| known.bounds(gate.axis).0 >= until);
        match gate.decide(known) {
            Verdict::Open => Volatility::Unknown,
            Verdict::Met if gate.until().is_none_or(beyond_cap) => Volatility::Stable,
            Verdict::Unmet if outgrown || gate.is_empty() => Volatility::Stable,
            Verdict::Met | Verdict::Unmet => Volatility::Upgradable,
        }
    }

    /// Of everything a table asks about, whose newest REST revision this is.
    pub(crate) fn of_all(newest: Revision, known: &Knowledge, cap: Option<Revision>) -> Self {
        let newest = cap.map_or(newest, |cap| cap.min(newest));
        let level = match newest {
            _ if newest >= REVISION_GET_REST => ImbotGeneration::WithRevisionGet,
            _ if newest >= IMBOT_V2_REST => ImbotGeneration::WithoutRevisionGet,
            _ => ImbotGeneration::Absent,
        };
        let ((rest, most), (least_level, most_level)) = (known.bounds(Axis::Rest), known.levels());
        if rest >= newest && least_level >= level {
            Volatility::Stable
        } else if rest == most && least_level == most_level {
            Volatility::Upgradable
        } else {
            Volatility::Unknown
        }
    }
}

/// A failure, or several in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// When the last of them was.
    pub(crate) at: SystemTime,
    /// How many in a row: at least one.
    pub(crate) count: u32,
    /// Whether somebody must mend it.
    pub(crate) lasting: bool,
    /// The wait that the portal asked for.
    pub(crate) wait: Option<Duration>,
}

impl Failure {
    /// How long not to ask: a failure's own lifetime.
    pub(crate) fn pause(&self, lifetimes: &Lifetimes, seed: u64) -> Duration {
        let Backoff { first, longest } = match self.lasting {
            true => lifetimes.lasting,
            false => lifetimes.passing,
        };
        let doubled =
            first.saturating_mul(1u32.checked_shl(self.count.saturating_sub(1)).unwrap_or(u32::MAX));
        let pause = doubled.min(longest);
        // Up to a quarter less: portals that failed together part.
        let pause = pause - (pause / 4).mul_f64(fraction(seed ^ u64::from(self.count)));
        // A proxy may tell any time, and is not believed for longer than this.
        pause.max(self.wait.unwrap_or_default().min(HOUR))
    }

    pub(crate) fn holds(&self, now: SystemTime, lifetimes: &Lifetimes, seed: u64) -> bool {
        // One that lies in the future was before the clock was set back.
        now.duration_since(self.at)
            .is_ok_and(|ago| ago < self.pause(lifetimes, seed))
    }
}

/// What to do for somebody who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Answer from memory.
    Serve,
    /// Answer from memory, and ask the portal behind.
    Revalidate,
    /// Ask the portal first. If that fails: answer from memory all the same, or
    /// not.
    Ask { else_serve: bool },
    /// Answer with the last error: it is too early to ask again.
    Refuse,
}

/// Decides by the time since the portal was learned, and since asking failed.
///
/// `learned` is none where nothing is known; `outdated` tells that something
/// happened since that may have changed it.
pub(crate) fn decide(
    learned: Option<Observation>,
    outdated: bool,
    failure: Option<&Failure>,
    volatility: Volatility,
    now: SystemTime,
    lifetimes: &Lifetimes,
    seed: u64,
) -> Decision {
    let failing = failure.is_some_and(|failure| failure.holds(now, lifetimes, seed));
    let Some(learned) = learned else {
        return match failing {
            true => Decision::Refuse,
            false => Decision::Ask { else_serve: false },
        };
    };
    let lifetime = lifetimes.of(volatility, learned);
    let lifetime = lifetime - (lifetime / 10).mul_f64(fraction(seed));
    // What was learned in the future is of a clock that was set back: its age is
    // not known, so it is asked again, but nothing speaks against it.
    let mut age = now.duration_since(learned.at).unwrap_or(lifetime);
    if outdated {
        age = age.max(lifetime);
    }
    let else_serve = age < lifetime.saturating_add(lifetimes.stale_if_error);
    if age < lifetime {
        Decision::Serve
    } else if age < lifetime.saturating_add(lifetimes.stale_while_revalidate) {
        match failing {
            true => Decision::Serve,
            false => Decision::Revalidate,
        }
    } else {
        match (failing, else_serve) {
            (false, _) => Decision::Ask { else_serve },
            (true, true) => Decision::Serve,
            (true, false) => Decision::Refuse,
        }
    }
}

/// A number from 0 to below 1 that looks random: SplitMix64's last steps.
pub(crate) fn fraction(seed: u64) -> f64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests;
