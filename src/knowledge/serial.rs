//! Knowledge as it is kept outside of the process.
//!
//! The form is its own, and not that of the fields: it stays as it is when they
//! change.

use serde::{Deserialize, Serialize};

#[cfg(feature = "registry")]
use crate::feature::IMBOT_V2_REST;
#[cfg(feature = "registry")]
use crate::revision::MAX_REVISION;
use crate::revision::Revision;

use super::{ImbotGeneration, Interval, Knowledge, NOT_REPORTED, Provenance, UNBOUNDED};

/// What is written: the ends that are known.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Written {
    #[serde(default = "nothing", skip_serializing_if = "Ends::is_empty")]
    rest: Ends<Revision>,
    #[serde(default = "nothing", skip_serializing_if = "Ends::is_empty")]
    imbot_v2: Ends<ImbotGeneration>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    web: Option<Revision>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mobile: Option<Revision>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    desktop: Option<Revision>,
}

/// The ends of an interval. An end and its source come together or not at all.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ends<T> {
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    least: Option<T>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    least_from: Option<Provenance>,
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    most: Option<T>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    most_from: Option<Provenance>,
}

/// What was written is no knowledge. The text repeats nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Impossible {
    #[error("the least is above the most")]
    Crossed,
    #[error("an end without its source, or a source without its end")]
    Half,
    #[cfg(feature = "registry")]
    #[error("no portal's replies give this knowledge")]
    NotAnswered,
}

fn none<T>() -> Option<T> {
    None
}

fn nothing<T>() -> Ends<T> {
    Ends {
        least: None,
        least_from: None,
        most: None,
        most_from: None,
    }
}

impl<T: Ord + Copy> Ends<T> {
    fn of(interval: Interval<T>, open: Interval<T>) -> Self {
        // Nothing is known of an end that lies where all begins, from nowhere.
        let end = |end: (T, Provenance), open: (T, Provenance)| (end != open).then_some(end);
        let least = end(
            (interval.least, interval.least_from),
            (open.least, open.least_from),
        );
        let most = end((interval.most, interval.most_from), (open.most, open.most_from));
        Self {
            least: least.map(|(value, _)| value),
            least_from: least.map(|(_, from)| from),
            most: most.map(|(value, _)| value),
            most_from: most.map(|(_, from)| from),
        }
    }

    fn interval(self, open: Interval<T>) -> Result<Interval<T>, Impossible> {
        let end = |value: Option<T>, from: Option<Provenance>, open| match (value, from) {
            (Some(value), Some(from)) => Ok((value, from)),
            (None, None) => Ok(open),
            _ => Err(Impossible::Half),
        };
        let (least, least_from) = end(self.least, self.least_from, (open.least, open.least_from))?;
        let (most, most_from) = end(self.most, self.most_from, (open.most, open.most_from))?;
        if least > most {
            return Err(Impossible::Crossed);
        }
        Ok(Interval {
            least,
            most,
            least_from,
            most_from,
        })
    }
}

impl<T> Ends<T> {
    fn is_empty(&self) -> bool {
        let Self { least, most, .. } = self;
        least.is_none() && most.is_none()
    }
}

#[cfg(feature = "registry")]
impl<T: Copy> Ends<T> {
    /// The lower and the upper end, each with its source.
    fn pairs(&self) -> [Option<(T, Provenance)>; 2] {
        [self.least.zip(self.least_from), self.most.zip(self.most_from)]
    }
}

#[cfg(feature = "registry")]
impl Written {
    /// The knowledge, or an error if no replies of a portal could give it.
    ///
    /// | source | what it gives |
    /// |---|---|
    /// | `imbot.v2.Revision.get` | that this method exists, and a revision with imbot.v2 or none |
    /// | `im.revision.get` | a revision |
    /// | `method_exists` | the lower end of `imbot_v2` |
    /// | `method_not_found` | the upper end of `imbot_v2` |
    /// | `inferred` | what [`Knowledge::inferred`] draws from the others |
    ///
    /// A reply with a revision gives both ends of `rest`. A probe that learns neither the
    /// revision nor whether imbot.v2 exists fails, and a failure writes no record.
    pub(crate) fn answered(self) -> Result<Knowledge, Impossible> {
        use Provenance::{ImRevisionGet, ImbotRevisionGet, Inferred, MethodExists, MethodNotFound};
        let (rest, imbot) = (self.rest.pairs(), self.imbot_v2.pairs());
        let is_range = [self.web, self.mobile, self.desktop]
            .iter()
            .flatten()
            .all(|value| *value <= MAX_REVISION);
        let known = Knowledge::try_from(self)?;

        let newest = Some((ImbotGeneration::WithRevisionGet, ImbotRevisionGet));
        let is_newest = imbot == [newest, newest];
        let [least, most] = imbot;
        let exists = |(level, from)| from == MethodExists && level > ImbotGeneration::Absent;
        let is_absent = |(level, from)| match from {
            MethodNotFound => level < ImbotGeneration::WithRevisionGet,
            from => from == Inferred,
        };
        let is_imbot = is_newest || (least.is_none_or(exists) && most.is_none_or(is_absent));
        let is_rest = match rest {
            [None, None] | [Some((_, Inferred)), None] => true,
            // The method that gave the number exists. A number of the other method may be
            // below those of portals with imbot.v2: the modules differ in age.
            [least @ Some((rest, ImbotRevisionGet)), most] => {
                is_newest && most == least && (IMBOT_V2_REST..=MAX_REVISION).contains(&rest)
            }
            [least @ Some((rest, ImRevisionGet)), most] => {
                most == least && (1..=MAX_REVISION).contains(&rest)
            }
            _ => false,
        };
        let seen = known.seen();
        let is_inferred = known == seen || known == seen.inferred();
        let tells = known.rest().is_some() || known.imbot_v2().is_some();
        match is_range && is_imbot && is_rest && is_inferred && tells {
            true => Ok(known),
            false => Err(Impossible::NotAnswered),
        }
    }
}

const REST: Interval<Revision> = Interval::open(0, UNBOUNDED);
const IMBOT: Interval<ImbotGeneration> =
    Interval::open(ImbotGeneration::Absent, ImbotGeneration::WithRevisionGet);

impl From<Knowledge> for Written {
    fn from(known: Knowledge) -> Self {
        let reported = |value| (value != NOT_REPORTED).then_some(value);
        let [web, mobile, desktop] = known.others.map(reported);
        Self {
            rest: Ends::of(known.rest, REST),
            imbot_v2: Ends::of(known.imbot, IMBOT),
            web,
            mobile,
            desktop,
        }
    }
}

impl TryFrom<Written> for Knowledge {
    type Error = Impossible;

    fn try_from(written: Written) -> Result<Self, Impossible> {
        let others = [written.web, written.mobile, written.desktop];
        Ok(Self {
            rest: written.rest.interval(REST)?,
            imbot: written.imbot_v2.interval(IMBOT)?,
            others: others.map(|value| value.unwrap_or(NOT_REPORTED)),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::revision::{Axis, Revisions};

    const SOURCES: [Provenance; 8] = [
        Provenance::Nothing,
        Provenance::Inferred,
        Provenance::Modules,
        Provenance::MethodNotFound,
        Provenance::MethodExists,
        Provenance::ImRevisionGet,
        Provenance::ImbotRevisionGet,
        Provenance::User,
    ];
    const LEVELS: [ImbotGeneration; 3] = [
        ImbotGeneration::Absent,
        ImbotGeneration::WithoutRevisionGet,
        ImbotGeneration::WithRevisionGet,
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
        let seen = Revisions::rest_only(33).with(Axis::Web, 130);
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
                "user"
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
            json!({"rest": {"least": 36, "least_from": "user", "most": 33, "most_from": "user"}}),
            json!({"imbot_v2": {
                "least": "with_revision_get", "least_from": "method_exists",
                "most": "absent", "most_from": "method_not_found",
            }}),
            json!({"rest": {"least": 33}}),
            json!({"rest": {"most_from": "user"}}),
            json!({"rest": {"least": 33, "least_from": "an oracle"}}),
            json!({"rest": {"least": -1, "least_from": "user"}}),
            json!({"rest": {"least": 65_536, "least_from": "user"}}),
            json!({"imbot_v2": {"least": "v3", "least_from": "user"}}),
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
}
