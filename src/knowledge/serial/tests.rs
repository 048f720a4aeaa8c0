use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::revision::{Counter, Revisions};

const SOURCES: [Provenance; 8] = [
    Provenance::Nothing,
    Provenance::Inferred,
    Provenance::Modules,
    Provenance::MethodNotFound,
    Provenance::MethodExists,
    Provenance::ImRevisionGet,
    Provenance::ImbotRevisionGet,
    Provenance::Program,
];
const LEVELS: [ImbotV2Presence; 3] = [
    ImbotV2Presence::Absent,
    ImbotV2Presence::WithoutRevisionGet,
    ImbotV2Presence::WithRevisionGet,
];

fn source() -> impl Strategy<Value = Provenance> {
    (0..SOURCES.len()).prop_map(|at| SOURCES[at])
}

fn interval<T: Ord + Copy + std::fmt::Debug>(
    value: impl Strategy<Value = T> + Clone,
) -> impl Strategy<Value = Interval<T>> {
    (value.clone(), value, source(), source()).prop_map(|(one, other, least_from, most_from)| Interval {
        least: one.min(other),
        most: one.max(other),
        least_from,
        most_from,
    })
}

fn revision() -> impl Strategy<Value = Revision> + Clone {
    // The ends of the range stand for "nothing known", and so come often.
    prop_oneof![Just(0), Just(UNBOUNDED), 18..40u16, any::<u16>()]
}

fn knowledge() -> impl Strategy<Value = Knowledge> {
    let others = (revision(), revision(), revision());
    let level = (0..LEVELS.len()).prop_map(|at| LEVELS[at]);
    (interval(revision()), interval(level), others).prop_map(|(rest, imbot, (web, mobile, desktop))| {
        Knowledge {
            rest,
            imbot,
            others: [web, mobile, desktop],
        }
    })
}

proptest! {
    #[test]
    fn every_shape_round_trips(known in knowledge()) {
        let text = serde_json::to_string(&known)?;
        prop_assert_eq!(serde_json::from_str::<Knowledge>(&text)?, known, "{}", text);
    }
}

#[test]
fn serialized_form_is_readable() {
    let seen = Revisions::rest_only(33).with(Counter::Web, 130);
    let known = Knowledge::from_imbot_revision_get(&seen);
    assert_eq!(
        serde_json::to_value(known).unwrap(),
        json!({
            "rest": {
                "least": 33, "least_from": "imbot.v2.Revision.get",
                "most": 33, "most_from": "imbot.v2.Revision.get",
            },
            "imbot_v2": {
                "least": "with_revision_get", "least_from": "imbot.v2.Revision.get",
                "most": "with_revision_get", "most_from": "imbot.v2.Revision.get",
            },
            "web": 130,
        })
    );
    let words: Vec<_> = SOURCES
        .iter()
        .map(|source| serde_json::to_value(source).unwrap())
        .collect();
    assert_eq!(
        json!(words),
        json!([
            "nothing",
            "inferred",
            "modules",
            "method_not_found",
            "method_exists",
            "im.revision.get",
            "imbot.v2.Revision.get",
            "program"
        ])
    );
    assert_eq!(
        json!(LEVELS),
        json!(["absent", "without_revision_get", "with_revision_get"])
    );
    assert_eq!(serde_json::to_value(Knowledge::unknown()).unwrap(), json!({}));
}

#[test]
fn impossible_knowledge_is_rejected() {
    for wrong in [
        json!({"rest": {"least": 36, "least_from": "program", "most": 33, "most_from": "program"}}),
        json!({"imbot_v2": {
            "least": "with_revision_get", "least_from": "method_exists",
            "most": "absent", "most_from": "method_not_found",
        }}),
        json!({"rest": {"least": 33}}),
        json!({"rest": {"most_from": "program"}}),
        json!({"rest": {"least": 33, "least_from": "an oracle"}}),
        json!({"rest": {"least": -1, "least_from": "program"}}),
        json!({"rest": {"least": 65_536, "least_from": "program"}}),
        json!({"imbot_v2": {"least": "v3", "least_from": "program"}}),
        json!({"rest": {"middle": 33}}),
        json!({"tablet": 3}),
        json!(33),
        json!(null),
    ] {
        assert!(
            serde_json::from_value::<Knowledge>(wrong.clone()).is_err(),
            "{wrong}"
        );
    }
}

/// All that replies of one portal can tell of its revision and of imbot.v2, and the
/// same without what was inferred.
#[cfg(feature = "registry")]
fn answers(numbers: &[Revision]) -> std::collections::HashSet<Knowledge> {
    let counters = Revisions::default();
    let mut methods = vec![
        Knowledge::from_imbot_revision_get(&counters),
        Knowledge::revision_get_absent(),
        Knowledge::revision_get_exists(),
        Knowledge::imbot_v2_exists(),
        Knowledge::imbot_v2_absent(),
    ];
    for number in numbers {
        let seen = Revisions::rest_only(*number);
        methods.push(Knowledge::from_im_revision_get(&seen));
        if *number >= IMBOT_V2_REST {
            methods.push(Knowledge::from_imbot_revision_get(&seen));
        }
    }
    let mut all = vec![Knowledge::unknown()];
    for reply in &methods {
        let more: Vec<_> = all
            .iter()
            .filter_map(|seen| seen.intersect_observed(reply).ok())
            .collect();
        all.extend(more);
    }
    let all = all.into_iter().flat_map(|seen| [seen, seen.inferred()]);
    all.filter(|known| known.rest().is_some() || known.imbot_v2().is_some())
        .collect()
}

#[cfg(feature = "registry")]
#[test]
fn only_possible_answers_are_accepted() {
    fn spans<T: Copy>(values: &[T]) -> Vec<Ends<T>> {
        let mut ends = vec![(None, None)];
        for value in values {
            ends.extend(SOURCES.map(|from| (Some(*value), Some(from))));
        }
        let pairs = ends
            .iter()
            .flat_map(|least| ends.iter().map(move |most| (*least, *most)));
        pairs
            .map(|((least, least_from), (most, most_from))| Ends {
                least,
                least_from,
                most,
                most_from,
            })
            .collect()
    }
    let numbers = [20, 32, 36];
    let answers = answers(&numbers);
    let imbots = spans(&LEVELS);
    let mut taken = std::collections::HashSet::new();
    for rest in spans(&numbers) {
        for imbot_v2 in &imbots {
            let written = Written {
                rest,
                imbot_v2: *imbot_v2,
                web: None,
                mobile: None,
                desktop: None,
            };
            if let Ok(known) = written.answered() {
                assert!(answers.contains(&known), "{known:?}: {}", json!(known));
                taken.insert(known);
            }
        }
    }
    assert_eq!(taken, answers, "all of them are");
}
