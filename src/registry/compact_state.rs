//! [`CompactState`]: the state of a slot in little memory. There may be very many slots, and most
//! of them hold knowledge and its times alone.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::settings::Settings;
use super::state::{AtRest, State};
use crate::caps::Caps;
use crate::fair_share::Account;
use crate::freshness::{Decision, Entry, Observation, Purpose};

#[derive(Debug)]
pub(super) enum CompactState {
    Compact(Compact),
    /// The portal fails, is being asked, is pinned, or has something else to remember.
    Full(Box<State>),
}

/// A [`State`] at rest in 24 bytes.
#[derive(Debug)]
pub(super) struct Compact {
    /// The knowledge, as one pointer: caps by the built-in table. Only their knowledge is read.
    known: Caps,
    /// The time of the last answer in nanoseconds since the Unix epoch; [`NEVER`] if there is none.
    learned: u64,
    /// How many seconds before that the answer became the same. Negative if it was after that.
    steady: i32,
    outdated: bool,
    outdated_anew: bool,
    confirmed: bool,
}

const NEVER: u64 = u64::MAX;

impl CompactState {
    /// Reads the state, and changes it. New knowledge counts against the portal's share.
    pub(super) fn with<R>(&mut self, account: &dyn Fn() -> Account, look: impl FnOnce(&mut State) -> R) -> R {
        let (seen, rest) = match self {
            CompactState::Compact(compact) => {
                let mut state = compact.state();
                let seen = look(&mut state);
                match state.at_rest().and_then(|rest| compact.again(&rest, account)) {
                    Some(rest) => (seen, rest),
                    None => {
                        *self = CompactState::Full(Box::new(state));
                        return seen;
                    }
                }
            }
            CompactState::Full(state) => {
                let seen = look(state);
                match state.at_rest().and_then(|rest| Compact::new(&rest, account)) {
                    Some(rest) => (seen, rest),
                    None => return seen,
                }
            }
        };
        *self = CompactState::Compact(rest);
        seen
    }

    /// Whether the answer to a question is within its lifetime. This is the fast path: it unpacks
    /// no state. If it returns false, the state decides.
    pub(super) fn is_fresh(&self, purpose: Purpose, now: SystemTime, settings: &Settings, seed: u64) -> bool {
        let CompactState::Compact(compact) = self else {
            return false;
        };
        let Some(volatility) = settings.volatility(purpose, compact.known.knowledge()) else {
            return false;
        };
        // If the clock was set back, the state decides.
        let Some(learned) = compact.learned().filter(|learned| learned.at <= now) else {
            return false;
        };
        let entry = Entry {
            learned: Some(learned),
            outdated: compact.outdated,
            failure: None,
            volatility,
        };
        entry.decide(now, &settings.lifetimes, seed) == Decision::Serve
    }
}

impl Default for CompactState {
    fn default() -> Self {
        CompactState::Compact(Compact {
            known: Caps::unknown(),
            learned: NEVER,
            steady: 0,
            outdated: false,
            outdated_anew: false,
            confirmed: false,
        })
    }
}

impl Compact {
    fn new(rest: &AtRest, account: &dyn Fn() -> Account) -> Option<Self> {
        Self::knowing(Caps::of_portal(&rest.known, account), rest)
    }

    /// The next state of the same slot. Its knowledge has seldom changed.
    fn again(&self, rest: &AtRest, account: &dyn Fn() -> Account) -> Option<Self> {
        match *self.known.knowledge() == rest.known {
            true => Self::knowing(self.known, rest),
            false => Self::new(rest, account),
        }
    }

    /// `None` if something would be lost: a time before 1970 or after 2500, or knowledge that the
    /// portal's share does not allow to intern exactly.
    fn knowing(known: Caps, rest: &AtRest) -> Option<Self> {
        let (learned, steady) = match rest.learned {
            Some(Observation { at, same_since }) => (nanos(at)?, seconds_between(same_since, at)?),
            None => (NEVER, 0),
        };
        let is_exact = *known.knowledge() == rest.known;
        is_exact.then_some(Self {
            known,
            learned,
            steady,
            outdated: rest.outdated,
            outdated_anew: rest.outdated_anew,
            confirmed: rest.confirmed,
        })
    }

    fn learned(&self) -> Option<Observation> {
        (self.learned != NEVER).then(|| {
            let at = UNIX_EPOCH + Duration::from_nanos(self.learned);
            let apart = Duration::from_secs(self.steady.unsigned_abs().into());
            let same_since = match self.steady {
                0.. => at.checked_sub(apart),
                _ => at.checked_add(apart),
            };
            Observation {
                at,
                same_since: same_since.unwrap_or(at),
            }
        })
    }

    fn state(&self) -> State {
        State::from(AtRest {
            known: *self.known.knowledge(),
            learned: self.learned(),
            outdated: self.outdated,
            outdated_anew: self.outdated_anew,
            confirmed: self.confirmed,
        })
    }
}

fn nanos(time: SystemTime) -> Option<u64> {
    let since = time.duration_since(UNIX_EPOCH).ok()?;
    u64::try_from(since.as_nanos())
        .ok()
        .filter(|nanos| *nanos != NEVER)
}

/// The seconds from one time to the other, rounded to the shorter steady time.
fn seconds_between(from: SystemTime, to: SystemTime) -> Option<i32> {
    match to.duration_since(from) {
        Ok(passed) => i32::try_from(passed.as_secs()).ok(),
        Err(error) => {
            let seconds = error.duration().as_nanos().div_ceil(1_000_000_000);
            i32::try_from(seconds).ok()?.checked_neg()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feature::Feature;
    use crate::knowledge::Knowledge;
    use crate::portal::Portal;

    fn nobody() -> Account {
        Account::new("acme.example", "https://acme.example")
    }

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn stored(known: Knowledge, learned: Option<Observation>) -> CompactState {
        stored_as(known, learned, true)
    }

    fn stored_as(known: Knowledge, learned: Option<Observation>, outdated: bool) -> CompactState {
        let mut stored = CompactState::default();
        stored.with(&nobody, |state| {
            *state = State::from(AtRest {
                known,
                learned,
                outdated,
                outdated_anew: false,
                confirmed: false,
            });
        });
        stored
    }

    #[test]
    fn idle_state_compacts_losslessly() {
        assert!(size_of::<CompactState>() <= 24);
        for learned in [
            None,
            Some(Observation::new(UNIX_EPOCH)),
            Some(Observation {
                at: at(1_775_088_000),
                same_since: at(1_700_000_000),
            }),
            Some(Observation {
                at: at(100),
                same_since: at(150),
            }),
            Some(Observation::new(at(5) + Duration::from_nanos(123_456_789))),
        ] {
            for known in [
                Knowledge::unknown(),
                Knowledge::pinned(33),
                Knowledge::imbot_v2_absent(),
            ] {
                let mut stored = stored(known, learned);
                assert!(matches!(stored, CompactState::Compact(_)), "{learned:?}");
                let rest = stored.with(&nobody, |state| state.at_rest()).unwrap();
                assert_eq!((rest.known, rest.learned), (known, learned));
                assert!(rest.outdated && !rest.outdated_anew);
            }
        }
    }

    #[test]
    fn same_since_rounds_up_once() {
        let half = Duration::from_millis(500);
        for (same_since, stored_as) in [(at(10) + half, at(11)), (at(30) + half, at(31))] {
            let learned = Observation {
                at: at(20),
                same_since,
            };
            let mut stored = stored(Knowledge::pinned(33), Some(learned));
            for _ in 0..3 {
                let rest = stored.with(&nobody, |state| state.at_rest()).unwrap();
                assert_eq!(rest.learned.unwrap().same_since, stored_as, "and does not drift");
            }
        }
    }

    #[test]
    fn uncompactable_state_stays_full() {
        let before = UNIX_EPOCH - Duration::from_secs(1);
        let far = at(20_000_000_000);
        let long = Observation {
            at: at(4_000_000_000),
            same_since: at(0),
        };
        for learned in [Observation::new(before), Observation::new(far), long] {
            let mut stored = stored(Knowledge::pinned(33), Some(learned));
            assert!(matches!(stored, CompactState::Full(_)));
            assert_eq!(
                stored.with(&nobody, |state| state.at_rest()).unwrap().learned,
                Some(learned)
            );
        }
    }

    #[test]
    fn pinned_state_stays_full_until_unpinned() {
        let mut stored = stored(Knowledge::pinned(33), None);
        stored.with(&nobody, |state| state.pin(Some(Knowledge::pinned(35))));
        assert!(matches!(stored, CompactState::Full(_)));
        assert_eq!(stored.with(&nobody, |state| state.view()), Knowledge::pinned(35));
        stored.with(&nobody, |state| state.pin(None));
        assert!(matches!(stored, CompactState::Compact(_)));
        assert_eq!(stored.with(&nobody, |state| state.view()), Knowledge::pinned(33));
    }

    #[test]
    fn fast_path_matches_full_decision() {
        let portal = Portal::webhook("https://acme.bitrix24.com/rest/1/s3cret/").unwrap();
        let range = Feature::BotTokenRotation.requirement().range;
        let purposes = [Purpose::All, Purpose::One(range), Purpose::Again];
        let mut served = 0;
        for cap in [None, Some(33)] {
            let settings = Settings {
                reading: Caps::unknown(),
                cap,
                deadline: Duration::from_secs(10),
                redirects: Default::default(),
                lifetimes: Default::default(),
                newest: 36,
            };
            for known in [Knowledge::unknown(), Knowledge::pinned(33), Knowledge::pinned(36)] {
                for (learned, now) in [None, Some(100), Some(1_000_000)]
                    .into_iter()
                    .flat_map(|learned| (0..24).map(move |step| (learned, 1_u64 << step)))
                {
                    for purpose in purposes {
                        let learned = learned.map(|learned| Observation::new(at(learned)));
                        let mut stored = stored_as(known, learned, false);
                        let fast = stored.is_fresh(purpose, at(now), &settings, 7);
                        let decided = stored.with(&nobody, |state| {
                            let (decision, error) = state.decide(purpose, &portal, at(now), &settings, 7);
                            decision == Decision::Serve && error.is_none()
                        });
                        assert_eq!(fast, decided, "{known}, {learned:?}, {now}, {purpose:?}");
                        served += usize::from(fast);
                    }
                }
            }
        }
        assert!(served > 100, "{served}");
    }
}
