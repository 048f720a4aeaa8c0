//! The rows by the revision that they need.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use imbot_caps::table::Release;
use imbot_caps::{Counter, Requirement, Revision, Table};

use super::row::RowView;

/// What the rows of a group need, beside imbot.v2 perhaps.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    Revision(Counter, Revision),
    /// Any revision with imbot.v2.
    ImbotV2,
    /// No revision is too old.
    Nothing,
}

/// The rows of one revision.
pub(super) struct Group {
    pub(super) needs: Needs,
    pub(super) release: Option<&'static Release>,
    pub(super) rows: Vec<RowView>,
}

impl Group {
    /// The anchor. The hyphen keeps it apart from the ids of features.
    pub(super) fn anchor(&self) -> String {
        match self.needs {
            Needs::Revision(counter, since) => format!("{counter}-{since}"),
            Needs::ImbotV2 => "imbot-v2".to_owned(),
            Needs::Nothing => "any-revision".to_owned(),
        }
    }

    /// The text of a link to it.
    pub(super) fn name(&self) -> String {
        match self.needs {
            Needs::Revision(Counter::Rest, since) => format!("REST {since}"),
            Needs::Revision(counter, since) => format!("{counter} {since}"),
            Needs::ImbotV2 => "imbot.v2".to_owned(),
            Needs::Nothing => "—".to_owned(),
        }
    }

    pub(super) fn is_any_imbot_v2(&self) -> bool {
        self.needs == Needs::ImbotV2
    }
}

/// The groups, newest revision first, and the rows of other counters last.
pub(super) fn all(table: &'static Table, revision_get: Revision) -> Vec<Group> {
    let lowest = table.imbot_v2_builds().rest();
    let mut groups = BTreeMap::new();
    for row in table.rows() {
        let needs = needs(row.requirement());
        // imbot.v2 came between this revision and the next.
        let place = match needs {
            Needs::Revision(counter, since) => (counter, Reverse((since, false))),
            Needs::ImbotV2 => (Counter::Rest, Reverse((lowest, true))),
            Needs::Nothing => (Counter::Rest, Reverse((0, false))),
        };
        let group = groups.entry(place).or_insert_with(|| Group {
            needs,
            release: match needs {
                Needs::Revision(Counter::Rest, since) => {
                    table.releases().find(|release| release.rest() == since)
                }
                _ => None,
            },
            rows: Vec::new(),
        });
        group.rows.push(RowView::new(row, table, revision_get));
    }
    groups.into_values().collect()
}

fn needs(requirement: Requirement) -> Needs {
    match requirement.since() {
        Some(since) => Needs::Revision(requirement.counter(), since),
        None if requirement.needs_imbot_v2() => Needs::ImbotV2,
        None => Needs::Nothing,
    }
}
