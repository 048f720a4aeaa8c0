use proptest::prelude::*;

use super::*;
use crate::revision::{Counter, Revision, Revisions};

fn im(rest: Revision) -> Knowledge {
    Knowledge::from_im_revision_get(&Revisions::rest_only(rest))
}

fn imbot(rest: Revision) -> Knowledge {
    Knowledge::from_imbot_revision_get(&Revisions::rest_only(rest))
}

#[test]
fn revision_get_always_proves_imbot_v2() {
    for rest in [1, 31, 32, 33, 36, 40] {
        let known = imbot(rest);
        assert_eq!(known.rest(), Some(rest));
        assert_eq!(known.revision_get(), Some(true), "{rest}");
        assert_eq!(known.rest_provenance(), Provenance::ImbotRevisionGet);
    }
}

#[test]
fn im_revision_never_proves_imbot_v2() {
    assert_eq!(im(31).imbot_v2(), Some(false));
    assert_eq!(im(31).imbot_v2_provenance(), Provenance::Inferred);
    for rest in [32, 33, 36] {
        assert_eq!(im(rest).imbot_v2(), None, "{rest}");
    }
    let skewed = im(33).intersect(&Knowledge::imbot_v2_absent()).unwrap();
    assert_eq!((skewed.rest(), skewed.imbot_v2()), (Some(33), Some(false)));
}

#[test]
fn absent_revision_get_proves_nothing_else() {
    let known = Knowledge::revision_get_absent();
    assert_eq!(known.revision_get(), Some(false));
    assert_eq!(known.imbot_v2(), None);
    assert_eq!(known.rest_at_most(), None, "the counter is in another module");
    let early = known.intersect(&Knowledge::imbot_v2_exists()).unwrap();
    assert_eq!(
        (early.imbot_v2(), early.revision_get()),
        (Some(true), Some(false))
    );
    assert_eq!(early.rest_at_least(), IMBOT_V2_REST, "no such build reports less");
    assert_eq!(early.rest_provenance(), Provenance::Inferred);
}

#[test]
fn a_cap_binds_everything() {
    let capped = imbot(36).capped(32);
    assert_eq!(capped.rest(), Some(32));
    assert_eq!(
        (capped.imbot_v2(), capped.revision_get()),
        (Some(true), Some(false))
    );
    assert_eq!(capped.rest_provenance(), Provenance::Program);
    let old = imbot(36).capped(30);
    assert_eq!((old.rest(), old.imbot_v2()), (Some(30), Some(false)));
    assert_eq!(imbot(33).capped(36), imbot(33), "a cap above changes nothing");
    let open = Knowledge::unknown().capped(34);
    assert_eq!((open.rest_at_least(), open.rest_at_most()), (0, Some(34)));
}

#[test]
fn pins_say_what_they_imply() {
    assert_eq!(Knowledge::pinned(31).imbot_v2(), Some(false));
    assert_eq!(Knowledge::pinned(32).imbot_v2(), None);
    assert_eq!(Knowledge::pinned(33).revision_get(), Some(true));
    let early = Knowledge::pinned(32).with_imbot_v2();
    assert_eq!(
        (early.imbot_v2(), early.revision_get()),
        (Some(true), Some(false))
    );
    assert_eq!(Knowledge::pinned(36).without_imbot_v2().imbot_v2(), Some(false));
}

#[test]
fn contradictions_name_both_sides() {
    let error = im(36).intersect(&im(33)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the portal was known as REST revision 36 (answered by im.revision.get), imbot.v2 unknown, \
         and now shows as REST revision 33 (answered by im.revision.get), imbot.v2 unknown: \
         it was upgraded, restored or replaced"
    );
    assert!(imbot(33).intersect(&Knowledge::imbot_v2_absent()).is_err());
}

#[test]
fn simultaneous_observations_override_inference() {
    let answers = [
        im(31),
        Knowledge::revision_get_absent(),
        Knowledge::imbot_v2_exists(),
    ];
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let gathered = order.iter().try_fold(Knowledge::unknown(), |seen, nth| {
            seen.intersect_observed(&answers[*nth])
        });
        let known = gathered.unwrap().inferred();
        let levels = (
            ImbotV2Presence::WithoutRevisionGet,
            ImbotV2Presence::WithoutRevisionGet,
        );
        assert_eq!((known.rest(), known.levels()), (Some(31), levels), "{order:?}");
    }
    assert!(im(31).intersect_observed(&im(32)).is_err());
    assert!(
        imbot(33)
            .intersect_observed(&Knowledge::imbot_v2_absent())
            .is_err()
    );
    // Over time it is the newer answer that stands.
    assert!(im(31).intersect(&Knowledge::imbot_v2_exists()).is_err());
}

#[test]
fn display_reads_as_a_sentence() {
    for (known, text) in [
        (Knowledge::unknown(), "unknown REST revision, imbot.v2 unknown"),
        (
            imbot(33),
            "REST revision 33 (answered by imbot.v2.Revision.get), imbot.v2",
        ),
        (
            im(30),
            "REST revision 30 (answered by im.revision.get), no imbot.v2 (inferred from the releases)",
        ),
        (
            Knowledge::unknown().capped(34),
            "REST revision 34 or older (set by the program), imbot.v2 unknown",
        ),
        (
            Knowledge::imbot_v2_exists(),
            "REST revision 32 or newer (inferred from the releases), imbot.v2 (a method was found)",
        ),
    ] {
        assert_eq!(known.to_string(), text);
    }
}

/// A portal as it is, and what it truthfully says when asked.
#[derive(Clone, Debug)]
struct Truth {
    rest: Revision,
    level: ImbotV2Presence,
}

impl Truth {
    fn statements(&self) -> Vec<Knowledge> {
        let mut all = vec![
            im(self.rest),
            Knowledge::unknown(),
            Knowledge::unknown().bound_rest(self.rest.saturating_sub(2), None, Provenance::Modules),
            Knowledge::unknown().bound_rest(0, Some(self.rest + 3), Provenance::Modules),
        ];
        all.push(match self.level {
            ImbotV2Presence::Absent => Knowledge::imbot_v2_absent(),
            _ => Knowledge::imbot_v2_exists(),
        });
        all.push(match self.level {
            ImbotV2Presence::WithRevisionGet => Knowledge::revision_get_exists(),
            _ => Knowledge::revision_get_absent(),
        });
        if self.level == ImbotV2Presence::WithRevisionGet {
            all.push(imbot(self.rest));
        }
        all
    }
}

fn truth() -> impl Strategy<Value = Truth> {
    (18..40u16, 0..3u8).prop_map(|(rest, level)| Truth {
        rest,
        level: match level {
            _ if rest < IMBOT_V2_REST => ImbotV2Presence::Absent,
            0 => ImbotV2Presence::Absent,
            1 => ImbotV2Presence::WithoutRevisionGet,
            _ => ImbotV2Presence::WithRevisionGet,
        },
    })
}

proptest! {
    #[test]
    fn answers_intersect_in_any_order(
        (truth, order) in truth().prop_flat_map(|truth| {
            let statements = truth.statements();
            (Just(truth), Just(statements).prop_shuffle())
        })
    ) {
        let join = |statements: &[Knowledge]| {
            statements.iter().try_fold(Knowledge::unknown(), |known, next| known.intersect(next))
        };
        let (sorted, shuffled) = (join(&truth.statements())?, join(&order)?);
        prop_assert_eq!(sorted, shuffled);
        prop_assert_eq!(sorted.rest(), Some(truth.rest));
        prop_assert_eq!(sorted.levels(), (truth.level, truth.level));
    }

    #[test]
    fn knowledge_only_narrows(truth in truth(), picks in prop::collection::vec(0..7usize, 0..12)) {
        let statements = truth.statements();
        let mut known = Knowledge::unknown();
        for pick in picks {
            let next = known.intersect(&statements[pick % statements.len()])?;
            let (old_least, old_most) = known.bounds(Counter::Rest);
            let (least, most) = next.bounds(Counter::Rest);
            prop_assert!(least >= old_least && most <= old_most);
            prop_assert!(least <= truth.rest && truth.rest <= most, "{next:?} excludes {truth:?}");
            prop_assert!(next.levels().0 <= truth.level && truth.level <= next.levels().1);
            known = next;
        }
    }
}
