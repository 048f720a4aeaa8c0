//! Knowledge in two words, so that readers of a portal take no lock and write no
//! shared line.

use super::pair::AtomicPair;
use super::{Knowledge, Level, Provenance, Span};

/// One published [`Knowledge`], replaced as a whole.
///
/// Word A: rest least 16 bits, rest most 16, four provenances of 4, two levels of
/// 2. Word B: web, mobile, desktop 16 each. The rest is the pair's own.
#[derive(Debug)]
pub(crate) struct AtomicKnowledge(AtomicPair);

impl AtomicKnowledge {
    pub(crate) fn new(known: &Knowledge) -> Self {
        Self(AtomicPair::new(pack(known)))
    }

    /// The knowledge last published: two loads when no writer is at work.
    #[inline]
    pub(crate) fn load(&self) -> Knowledge {
        unpack(self.0.load())
    }

    /// Publishes new knowledge. Callers hold the slot's write lock.
    pub(crate) fn store(&self, known: &Knowledge) {
        self.0.store(pack(known));
    }
}

fn pack(known: &Knowledge) -> [u64; 2] {
    let rest = known.rest;
    let imbot = known.imbot;
    let [web, mobile, desktop] = known.others.map(u64::from);
    let a = u64::from(rest.least)
        | u64::from(rest.most) << 16
        | (rest.least_from as u64) << 32
        | (rest.most_from as u64) << 36
        | (imbot.least_from as u64) << 40
        | (imbot.most_from as u64) << 44
        | (imbot.least as u64) << 48
        | (imbot.most as u64) << 50;
    [a, web | mobile << 16 | desktop << 32]
}

#[inline]
fn unpack([a, b]: [u64; 2]) -> Knowledge {
    Knowledge {
        rest: Span {
            least: a as u16,
            most: (a >> 16) as u16,
            least_from: provenance(a >> 32),
            most_from: provenance(a >> 36),
        },
        imbot: Span {
            least: level(a >> 48),
            most: level(a >> 50),
            least_from: provenance(a >> 40),
            most_from: provenance(a >> 44),
        },
        others: [b as u16, (b >> 16) as u16, (b >> 32) as u16],
    }
}

#[inline]
fn level(bits: u64) -> Level {
    match bits & 3 {
        0 => Level::Absent,
        1 => Level::WithoutRevisionGet,
        _ => Level::WithRevisionGet,
    }
}

#[inline]
fn provenance(bits: u64) -> Provenance {
    // In the order of the variants: `pack` writes their numbers.
    match bits & 7 {
        0 => Provenance::Nothing,
        1 => Provenance::Inferred,
        2 => Provenance::Modules,
        3 => Provenance::MethodNotFound,
        4 => Provenance::MethodExists,
        5 => Provenance::ImRevisionGet,
        6 => Provenance::ImbotRevisionGet,
        _ => Provenance::User,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::revision::{Axis, Revisions};

    #[test]
    fn every_kind_survives() {
        let full = Revisions::rest_only(33)
            .with(Axis::Web, 130)
            .with(Axis::Mobile, 23)
            .with(Axis::Desktop, 6);
        for known in [
            Knowledge::unknown(),
            Knowledge::from_imbot_revision_get(&full),
            Knowledge::from_im_revision_get(&Revisions::rest_only(18)),
            Knowledge::imbot_v2_absent(),
            Knowledge::imbot_v2_exists(),
            Knowledge::revision_get_absent(),
            Knowledge::revision_get_exists(),
            Knowledge::pinned(crate::MAX_REVISION),
            Knowledge::unknown().capped(32),
        ] {
            let cell = AtomicKnowledge::new(&Knowledge::unknown());
            // More often than publications are told apart.
            for _ in 0..5_000 {
                cell.store(&known);
            }
            assert_eq!(cell.load(), known);
        }
    }

    #[test]
    fn readers_never_see_half_of_a_change() {
        let old = Knowledge::from_imbot_revision_get(&Revisions::rest_only(32).with(Axis::Web, 129));
        let new = Knowledge::from_imbot_revision_get(&Revisions::rest_only(36).with(Axis::Web, 130));
        let cell = AtomicKnowledge::new(&old);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for round in 0..20_000 {
                    cell.store(if round % 2 == 0 { &new } else { &old });
                }
            });
            for _ in 0..20_000 {
                let seen = cell.load();
                assert!(seen == old || seen == new, "torn: {seen:?}");
            }
        });
    }
}
