//! The stored form of knowledge.
//!
//! This form is independent of the fields of [`Knowledge`]: it is stable when they change.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

#[cfg(feature = "registry")]
use super::generated::IMBOT_V2_REST;
use super::imbot_v2_presence::ImbotV2Presence;
use super::interval::Interval;
use super::knowledge::{Knowledge, NOT_REPORTED, UNBOUNDED};
use super::provenance::Provenance;
#[cfg(feature = "registry")]
use crate::revision::MAX_REVISION;
use crate::revision::Revision;

/// The stored form: the known ends.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Written {
    #[serde(default = "nothing", skip_serializing_if = "Ends::is_empty")]
    rest: Ends<Revision>,
    #[serde(default = "nothing", skip_serializing_if = "Ends::is_empty")]
    imbot_v2: Ends<ImbotV2Presence>,
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

/// Why a stored form is not valid. The text repeats no stored value.
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
        // An end that equals the open interval's end is unknown.
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
    /// | source | knowledge |
    /// |---|---|
    /// | `imbot.v2.Revision.get` | that this method exists, and a revision with imbot.v2 or none |
    /// | `im.revision.get` | a revision |
    /// | `method_exists` | the lower end of `imbot_v2` |
    /// | `method_not_found` | the upper end of `imbot_v2` |
    /// | `inferred` | the ends that [`Knowledge::inferred`] adds |
    ///
    /// A reply with a revision gives both ends of `rest`. A probe fails if it learns neither
    /// the revision nor whether imbot.v2 exists. A failed probe writes no record.
    pub(crate) fn answered(self) -> Result<Knowledge, Impossible> {
        use Provenance::{ImRevisionGet, ImbotRevisionGet, Inferred, MethodExists, MethodNotFound};
        let (rest, imbot) = (self.rest.pairs(), self.imbot_v2.pairs());
        let is_range = [self.web, self.mobile, self.desktop]
            .iter()
            .flatten()
            .all(|value| *value <= MAX_REVISION);
        let known = Knowledge::try_from(self)?;

        let newest = Some((ImbotV2Presence::WithRevisionGet, ImbotRevisionGet));
        let is_newest = imbot == [newest, newest];
        let [least, most] = imbot;
        let exists = |(level, from)| from == MethodExists && level > ImbotV2Presence::Absent;
        let is_absent = |(level, from)| match from {
            MethodNotFound => level < ImbotV2Presence::WithRevisionGet,
            from => from == Inferred,
        };
        let is_imbot = is_newest || (least.is_none_or(exists) && most.is_none_or(is_absent));
        let is_rest = match rest {
            [None, None] | [Some((_, Inferred)), None] => true,
            // The method that gave the number exists. The number of `im.revision.get` may be
            // lower than any portal with imbot.v2 has: module im may be older than imbot.
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
const IMBOT: Interval<ImbotV2Presence> =
    Interval::open(ImbotV2Presence::Absent, ImbotV2Presence::WithRevisionGet);

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

impl Serialize for Knowledge {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written::from(*self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Knowledge {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Knowledge::try_from(Written::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
