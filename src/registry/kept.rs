//! A portal's state as it is kept: of most portals something is known, and nothing more
//! is to be said. There may be very many.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::Settings;
use super::slot::Question;
use super::state::{AtRest, State, volatility};
use crate::caps::Caps;
use crate::freshness::{Decision, Observation, decide};
use crate::share::Account;

#[derive(Debug)]
pub(super) enum Kept {
    Quiet(Quiet),
    /// It fails, is being asked, or has something else to remember.
    Lively(Box<State>),
}

/// What a [`State`] at rest comes to.
#[derive(Debug)]
pub(super) struct Quiet {
    /// By the built-in table, as one pointer: of these caps what is known is of interest alone.
    known: Caps,
    /// Nanoseconds since the Unix epoch; [`NEVER`] where it was not learned.
    learned: u64,
    /// Since how many seconds before that it was the same, or after.
    steady: i32,
    outdated: bool,
    outdated_anew: bool,
    confirmed: bool,
}

const NEVER: u64 = u64::MAX;

impl Kept {
    /// Looks at the state, and changes it. What is new to the process counts against
    /// the portal's share.
    pub(super) fn with<R>(&mut self, account: &dyn Fn() -> Account, look: impl FnOnce(&mut State) -> R) -> R {
        let (seen, rest) = match self {
            Kept::Quiet(quiet) => {
                let mut state = quiet.state();
                let seen = look(&mut state);
                match state.at_rest().and_then(|rest| quiet.again(&rest, account)) {
                    Some(rest) => (seen, rest),
                    None => {
                        *self = Kept::Lively(Box::new(state));
                        return seen;
                    }
                }
            }
            Kept::Lively(state) => {
                let seen = look(state);
                match state.at_rest().and_then(|rest| Quiet::new(&rest, account)) {
                    Some(rest) => (seen, rest),
                    None => return seen,
                }
            }
        };
        *self = Kept::Quiet(rest);
        seen
    }

    /// Whether memory will do for somebody who asks this, seen at a glance: most often it
    /// does, and then nothing changes. Where it says no, the state decides.
    pub(super) fn will_do(
        &self,
        question: Question,
        now: SystemTime,
        settings: &Settings,
        seed: u64,
    ) -> bool {
        let Kept::Quiet(quiet) = self else {
            return false;
        };
        let Some(volatility) = volatility(question, quiet.known.knowledge(), settings) else {
            return false;
        };
        // Of a clock that was set back the state has more to say.
        let Some(learned) = quiet.learned().filter(|learned| learned.at <= now) else {
            return false;
        };
        let lifetimes = &settings.lifetimes;
        decide(
            Some(learned),
            quiet.outdated,
            None,
            volatility,
            now,
            lifetimes,
            seed,
        ) == Decision::Serve
    }
}

impl Default for Kept {
    fn default() -> Self {
        Kept::Quiet(Quiet {
            known: Caps::unknown(),
            learned: NEVER,
            steady: 0,
            outdated: false,
            outdated_anew: false,
            confirmed: false,
        })
    }
}

impl Quiet {
    fn new(rest: &AtRest, account: &dyn Fn() -> Account) -> Option<Self> {
        Self::knowing(Caps::of_portal(&rest.known, account), rest)
    }

    /// The same slot a moment later: what is known has seldom changed.
    fn again(&self, rest: &AtRest, account: &dyn Fn() -> Account) -> Option<Self> {
        match *self.known.knowledge() == rest.known {
            true => Self::knowing(self.known, rest),
            false => Self::new(rest, account),
        }
    }

    /// None where it would not be the same: a time before 1970 or after 2500, or more than
    /// the portal's share allows to be seen exactly.
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

/// From one to the other, rounded to what is less steady.
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

    fn kept(known: Knowledge, learned: Option<Observation>) -> Kept {
        kept_as(known, learned, true)
    }

    fn kept_as(known: Knowledge, learned: Option<Observation>, outdated: bool) -> Kept {
        let mut kept = Kept::default();
        kept.with(&nobody, |state| {
            *state = State::from(AtRest {
                known,
                learned,
                outdated,
                outdated_anew: false,
                confirmed: false,
            });
        });
        kept
    }

    #[test]
    fn idle_state_compacts_losslessly() {
        assert!(size_of::<Kept>() <= 24);
        for learned in [
            None,
            Some(Observation::anew(UNIX_EPOCH)),
            Some(Observation {
                at: at(1_775_088_000),
                same_since: at(1_700_000_000),
            }),
            Some(Observation {
                at: at(100),
                same_since: at(150),
            }),
            Some(Observation::anew(at(5) + Duration::from_nanos(123_456_789))),
        ] {
            for known in [
                Knowledge::unknown(),
                Knowledge::pinned(33),
                Knowledge::imbot_v2_absent(),
            ] {
                let mut kept = kept(known, learned);
                assert!(matches!(kept, Kept::Quiet(_)), "{learned:?}");
                let rest = kept.with(&nobody, |state| state.at_rest()).unwrap();
                assert_eq!((rest.known, rest.learned), (known, learned));
                assert!(rest.outdated && !rest.outdated_anew);
            }
        }
    }

    #[test]
    fn same_since_rounds_up_once() {
        let half = Duration::from_millis(500);
        for (same_since, kept_as) in [(at(10) + half, at(11)), (at(30) + half, at(31))] {
            let learned = Observation {
                at: at(20),
                same_since,
            };
            let mut kept = kept(Knowledge::pinned(33), Some(learned));
            for _ in 0..3 {
                let rest = kept.with(&nobody, |state| state.at_rest()).unwrap();
                assert_eq!(rest.learned.unwrap().same_since, kept_as, "and does not drift");
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
        for learned in [Observation::anew(before), Observation::anew(far), long] {
            let mut kept = kept(Knowledge::pinned(33), Some(learned));
            assert!(matches!(kept, Kept::Lively(_)));
            assert_eq!(
                kept.with(&nobody, |state| state.at_rest()).unwrap().learned,
                Some(learned)
            );
        }
    }

    #[test]
    fn pinned_state_stays_full_until_unpinned() {
        let mut kept = kept(Knowledge::pinned(33), None);
        kept.with(&nobody, |state| state.pin(Some(Knowledge::pinned(35))));
        assert!(matches!(kept, Kept::Lively(_)));
        assert_eq!(kept.with(&nobody, |state| state.view()), Knowledge::pinned(35));
        kept.with(&nobody, |state| state.pin(None));
        assert!(matches!(kept, Kept::Quiet(_)));
        assert_eq!(kept.with(&nobody, |state| state.view()), Knowledge::pinned(33));
    }

    #[test]
    fn glance_matches_full_decision() {
        let portal = Portal::webhook("https://acme.bitrix24.com/rest/1/s3cret/").unwrap();
        let gate = Feature::BotTokenRotation.requirement().gate;
        let questions = [Question::All, Question::One(gate), Question::Again];
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
                    for question in questions {
                        let learned = learned.map(|learned| Observation::anew(at(learned)));
                        let mut kept = kept_as(known, learned, false);
                        let glance = kept.will_do(question, at(now), &settings, 7);
                        let decided = kept.with(&nobody, |state| {
                            let (decision, error) = state.decide(question, &portal, at(now), &settings, 7);
                            decision == Decision::Serve && error.is_none()
                        });
                        assert_eq!(glance, decided, "{known}, {learned:?}, {now}, {question:?}");
                        served += usize::from(glance);
                    }
                }
            }
        }
        assert!(served > 100, "{served}");
    }
}
