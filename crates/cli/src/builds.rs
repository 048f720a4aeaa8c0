//! Builds: a REST revision, and whether module `imbot` has imbot.v2.

use std::fmt;
use std::str::FromStr;

use imbot_caps::revision::MAX_REVISION;
use imbot_caps::{Caps, Knowledge, Revision, Table};
use serde::{Serialize, Serializer};

/// A build that a user can name: `33`, `32-v1`, `32-v2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Build {
    pub(crate) rest: Revision,
    /// Whether it has imbot.v2, if the user says so.
    pub(crate) imbot_v2: Option<bool>,
}

impl Build {
    /// Every build that was shipped, the oldest first. One revision was shipped with and without imbot.v2.
    pub(crate) fn shipped() -> Vec<Build> {
        let twofold = Table::builtin().imbot_v2_builds().rest();
        let releases = Table::builtin().releases();
        let builds = releases.flat_map(|release| {
            let rest = release.rest();
            let kinds: &[_] = match rest == twofold {
                true => &[Some(false), Some(true)],
                false => &[None],
            };
            kinds.iter().map(move |imbot_v2| Build {
                rest,
                imbot_v2: *imbot_v2,
            })
        });
        builds.collect()
    }

    /// The knowledge of a portal of this build.
    pub(crate) fn knowledge(self) -> Knowledge {
        let known = Knowledge::pinned(self.rest);
        match self.imbot_v2 {
            None => known,
            Some(true) => known.with_imbot_v2(),
            Some(false) => known.without_imbot_v2(),
        }
    }

    /// What a portal of this build can do.
    pub(crate) fn caps(self) -> Caps {
        Caps::new(self.knowledge())
    }
}

impl fmt::Display for Build {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.rest)?;
        match self.imbot_v2 {
            None => Ok(()),
            Some(true) => f.write_str("-v2"),
            Some(false) => f.write_str("-v1"),
        }
    }
}

impl Serialize for Build {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromStr for Build {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (number, imbot_v2) = match text.rsplit_once('-') {
            Some((number, "v1")) => (number, Some(false)),
            Some((number, "v2")) => (number, Some(true)),
            _ => (text, None),
        };
        let rest = number.parse().ok().filter(|rest| *rest <= MAX_REVISION);
        rest.map(|rest| Build { rest, imbot_v2 }).ok_or_else(|| {
            format!(
                "a build is a REST revision from 0 to {MAX_REVISION}, such as 33, or 32-v1 without imbot.v2 and 32-v2 with it"
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builds_parse_as_they_print() {
        for build in Build::shipped() {
            assert_eq!(build.to_string().parse(), Ok(build));
        }
        assert!("33.0".parse::<Build>().is_err());
        assert!("10000".parse::<Build>().is_err());
    }

    #[test]
    fn both_kinds_of_one_revision_are_shipped() {
        let names: Vec<String> = Build::shipped().iter().map(Build::to_string).collect();
        assert!(
            names.windows(2).any(|pair| pair == ["32-v1", "32-v2"]),
            "{names:?}"
        );
    }
}
