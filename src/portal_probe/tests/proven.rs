//! Whatever a portal answers to each question, what is known afterwards is what the answers
//! prove, and the error names the first question that failed.

use std::sync::Arc;

use proptest::prelude::*;

use super::scripted::{
    Answer, Fate, METHODS, Script, Scripted, Sent, Skipping, Tokens, portal, probed, redirects,
};
use super::*;
use crate::Registry;
use crate::knowledge::IMBOT_V2_REST;
use crate::probe::COMMANDS;

/// What the answers prove.
#[derive(Debug, Default)]
struct Proven {
    rest: Option<u16>,
    imbot_v2: Option<bool>,
    /// Something came that only a portal sends.
    is_portal: bool,
    has_no_messenger: bool,
    /// The questions that failed, in their order.
    failed: Vec<&'static str>,
}

impl Proven {
    fn by(script: &Script, log: &[Sent]) -> Self {
        let mut proven = Self::default();
        // Of what was sent again, the last answer counts.
        for asked in log.chunk_by(|one, next| one.method == next.method) {
            let Sent { method, answer, .. } = asked[asked.len() - 1];
            let fate = script.fate(method);
            match (answer, method) {
                (Answer::Own, BATCH) => match fate {
                    Fate::Good => COMMANDS
                        .into_iter()
                        .for_each(|(_, method)| proven.add_of_batch(script, method)),
                    Fate::Broken | Fate::Hang => proven.failed.push(BATCH),
                    _ => {}
                },
                (Answer::Own, _) => proven.add(script, method),
                // A token is looked at once there is the method.
                (Answer::Expired, BOT_LIST) => (proven.imbot_v2, proven.is_portal) = (Some(true), true),
                _ => proven.failed.push(method),
            }
        }
        // No release below has it.
        let is_below = proven.rest.is_some_and(|rest| rest < IMBOT_V2_REST);
        proven.imbot_v2 = proven.imbot_v2.or(is_below.then_some(false));
        proven
    }

    fn add(&mut self, script: &Script, method: &'static str) {
        let fate = script.fate(method);
        self.is_portal |= matches!(fate, Fate::Good | Fate::Refused);
        match (method, fate) {
            (REVISION_GET, Fate::Good) if script.rest >= IMBOT_V2_REST => {
                (self.rest, self.imbot_v2) = (Some(script.rest), Some(true));
            }
            (REVISION_GET, Fate::Refused) | (BOT_LIST, Fate::Good | Fate::Refused) => {
                self.imbot_v2 = Some(true);
            }
            (BOT_LIST, Fate::Absent) => self.imbot_v2 = Some(false),
            (IM_REVISION_GET, Fate::Good) => self.rest = Some(script.rest),
            (REVISION_GET, Fate::Absent)
            | (SERVER_TIME, Fate::Good | Fate::Refused | Fate::Absent | Fate::Unknown) => {}
            (method, fate) => {
                self.has_no_messenger |= (method, fate) == (IM_REVISION_GET, Fate::Absent);
                self.failed.push(method);
            }
        }
    }

    fn add_of_batch(&mut self, script: &Script, method: &'static str) {
        match (method, script.fate(method)) {
            // It is asked singly.
            (_, Fate::Broken | Fate::Hang) => {}
            (SERVER_TIME, Fate::Garbage) => self.is_portal = true,
            _ => self.add(script, method),
        }
    }

    fn is_something(&self) -> bool {
        let without = self.is_portal && !self.has_no_messenger;
        self.rest.is_some() || self.imbot_v2.is_some_and(|there| there || without)
    }
}

fn names(error: &ProbeError, method: &str) -> bool {
    error.to_string().contains(&format!("not known: {method}: "))
}

fn script() -> impl Strategy<Value = Script> {
    let fate = prop_oneof![
        3 => Just(Fate::Good),
        3 => Just(Fate::Absent),
        1 => Just(Fate::Refused),
        1 => Just(Fate::Unknown),
        1 => Just(Fate::Garbage),
        1 => Just(Fate::Broken),
        1 => Just(Fate::Hang),
    ];
    // Most of the questions come after this one.
    let first = prop_oneof![3 => Just(Fate::Absent), 2 => fate.clone()];
    let at = || prop::option::weighted(0.2, prop::sample::select(METHODS.to_vec()));
    let stumbles = prop::array::uniform5(prop_oneof![5 => Just(0_u32), 1 => 1..3_u32]);
    let fates = (first, prop::array::uniform4(fate));
    (18..42_u16, fates, stumbles, at(), at()).prop_map(
        |(rest, (first, others), stumbles, expires_at, moves_at)| {
            let fates = std::iter::once(first).chain(others);
            Script {
                rest,
                fates: METHODS.into_iter().zip(fates).collect(),
                stumbles: METHODS.into_iter().zip(stumbles).collect(),
                expires_at,
                moves_at,
            }
        },
    )
}

/// What the registry makes of it.
async fn registered(script: &Script) -> Result<Knowledge, ProbeError> {
    let clock = Arc::new(Skipping::default());
    let registry = Registry::builder(Scripted::new(script, &clock))
        .clock(Arc::clone(&clock))
        .deadline(DEADLINE)
        .redirects(redirects())
        .build();
    let caps = registry
        .caps(&portal(script, &Arc::new(Tokens::default())))
        .await?;
    Ok(*caps.knowledge())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn probe_learns_exactly_proven_facts(script in script()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (found, log, _) = runtime.block_on(probed(&script));
        let registered = runtime.block_on(registered(&script));
        let proven = Proven::by(&script, &log);
        prop_assert!(log.len() <= 5, "{:?}", log);
        prop_assert_eq!(found.is_ok(), proven.is_something(), "{:?} {:?}", proven, log);
        let error = match (found, registered) {
            (Ok(found), Ok(registered)) => {
                for known in [found.known, registered] {
                    prop_assert_eq!((known.rest(), known.imbot_v2()), (proven.rest, proven.imbot_v2), "{:?}", log);
                }
                let is_whole = proven.rest.is_some() && proven.imbot_v2.is_some();
                prop_assert!(is_whole || found.incomplete.is_some(), "{:?}", log);
                found.incomplete
            }
            (Err(found), Err(registered)) => {
                prop_assert_eq!(found.to_string(), registered.to_string());
                if proven.has_no_messenger {
                    let is_none = matches!(found.kind(), ProbeErrorKind::NothingFound { .. });
                    prop_assert!(is_none && names(&found, IM_REVISION_GET), "{}", found);
                    return Ok(());
                }
                Some(found)
            }
            (found, registered) => {
                return Err(TestCaseError::fail(format!("{found:?} {registered:?}")));
            }
        };
        match (error, proven.failed.first()) {
            (error, Some(first)) => prop_assert!(error.as_ref().is_some_and(|error| names(error, first)), "{:?} {:?}", error, log),
            // The next question was not asked.
            (Some(error), None) => {
                prop_assert!(matches!(error.kind(), ProbeErrorKind::RequestLimit), "{} {:?}", error, log);
                prop_assert_eq!(log.len(), 5);
            }
            (None, None) => {}
        }
    }
}
