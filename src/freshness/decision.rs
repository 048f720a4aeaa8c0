//! The decision between memory and a request.

use std::time::SystemTime;

use super::failure::Failure;
use super::jitter::fraction;
use super::lifetimes::Lifetimes;
use super::observation::Observation;
use super::volatility::Volatility;

/// What to do for a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// Answer from memory.
    Serve,
    /// Answer from memory, and refresh in the background.
    Revalidate,
    /// Ask the portal first.
    Ask {
        /// Whether to answer from memory if that fails.
        else_serve: bool,
    },
    /// Return the last error. It is too early to ask again.
    ReturnError,
}

/// What a program remembers of a portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// The times of the portal's answers. `None` if nothing is known.
    pub learned: Option<Observation>,
    /// Whether something happened since the answer that may have changed the portal. Then the answer
    /// counts as past its lifetime.
    pub outdated: bool,
    /// The last failure since the last success.
    pub failure: Option<Failure>,
    /// How time can change the answer.
    pub volatility: Volatility,
}

impl Entry {
    /// The entry of a portal that was never asked.
    #[must_use]
    pub const fn new(volatility: Volatility) -> Self {
        Self {
            learned: None,
            outdated: false,
            failure: None,
            volatility,
        }
    }

    /// Takes in an answer of the portal: there is no failure any more, and the entry is not outdated.
    pub fn learn(&mut self, observation: Observation, volatility: Volatility) {
        *self = Self {
            learned: Some(observation),
            ..Self::new(volatility)
        };
    }

    /// Decides by the time since the portal last answered and since the last failure. `seed` is a number
    /// that differs for each portal, such as a hash of its address: by it, lifetimes and pauses become
    /// shorter by up to a tenth and a quarter. So portals are not asked together.
    ///
    /// If the answer lies in the future, the clock was set back and the age is unknown. Then the answer
    /// is served and refreshed.
    #[must_use]
    pub fn decide(&self, now: SystemTime, lifetimes: &Lifetimes, seed: u64) -> Decision {
        let Self {
            learned,
            outdated,
            failure,
            volatility,
        } = *self;
        let failing = failure.is_some_and(|failure| failure.is_paused(now, lifetimes, seed));
        let Some(learned) = learned else {
            return match failing {
                true => Decision::ReturnError,
                false => Decision::Ask { else_serve: false },
            };
        };
        let lifetime = lifetimes.of(volatility, learned);
        let lifetime = lifetime - (lifetime / 10).mul_f64(fraction(seed));
        // If the answer lies in the future, the clock was set back and the age is unknown. Then the
        // answer counts as just past its lifetime: it is served and refreshed.
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
                (true, false) => Decision::ReturnError,
            }
        }
    }
}
