//! The decision between memory and a request.

use std::time::SystemTime;

use super::failure::Failure;
use super::jitter::fraction;
use super::lifetimes::Lifetimes;
use super::observation::Observation;
use super::volatility::Volatility;

/// What to do for a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Answer from memory.
    Serve,
    /// Answer from memory, and refresh in the background.
    Revalidate,
    /// Ask the portal first. If that fails, `else_serve` says whether to answer from memory.
    Ask { else_serve: bool },
    /// Return the last error. It is too early to ask again.
    Refuse,
}

/// Decides by the time since the portal last answered and since the last failure.
///
/// `learned` is none if nothing is known. `outdated` is true if something happened since the
/// answer that may have changed the portal.
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
            (true, false) => Decision::Refuse,
        }
    }
}
