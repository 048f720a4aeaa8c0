//! Knowledge in two atomic words, so that readers of a portal take no lock and
//! write no shared line.

use std::sync::atomic::{AtomicU64, Ordering};

use super::{Knowledge, Level, Provenance, Span};

/// One published [`Knowledge`], replaced as a whole.
///
/// Both words carry the number of the publication. A reader that catches a
/// writer between the two sees unequal numbers and reads again; writers are
/// rare (one for each change of a portal) and serialised by the caller. The
/// number wraps at 4,096 publications: a reader would have to sleep through
/// exactly that many between two loads to be fooled.
///
/// Word A: rest least 16 bits, rest most 16, four provenances of 4, two levels
/// of 2, generation 12. Word B: web, mobile, desktop 16 each, generation.
#[derive(Debug)]
pub(crate) struct AtomicKnowledge {
    a: AtomicU64,
    b: AtomicU64,
}

const GENERATION: u64 = 0xfff;

impl AtomicKnowledge {
    pub(crate) fn new(known: &Knowledge) -> Self {
        let (a, b) = pack(known, 0);
        Self {
            a: AtomicU64::new(a),
            b: AtomicU64::new(b),
        }
    }

    /// The knowledge last published: two loads when no writer is at work.
    #[inline]
    pub(crate) fn load(&self) -> Knowledge {
        loop {
            // The writer stores B before A, so a reader that sees the new A also
            // sees the new B, and one that sees the old A with the new B retries.
            let a = self.a.load(Ordering::Acquire);
            let b = self.b.load(Ordering::Acquire);
            if (a >> 52) == (b >> 48) & GENERATION {
                return unpack(a, b);
            }
            std::hint::spin_loop();
        }
    }

    /// Publishes new knowledge. Callers hold the slot's write lock.
    pub(crate) fn store(&self, known: &Knowledge) {
        let generation = (self.a.load(Ordering::Relaxed) >> 52).wrapping_add(1) & GENERATION;
        let (a, b) = pack(known, generation);
        self.b.store(b, Ordering::Release);
        self.a.store(a, Ordering::Release);
    }
}

fn pack(known: &Knowledge, generation: u64) -> (u64, u64) {
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
        | (imbot.most as u64) << 50
        | generation << 52;
    (a, web | mobile << 16 | desktop << 32 | generation << 48)
}

#[inline]
fn unpack(a: u64, b: u64) -> Knowledge {
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
            for _ in 0..=GENERATION + 1 {
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
