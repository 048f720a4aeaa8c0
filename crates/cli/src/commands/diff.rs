//! `diff`: what two portals do not have in common.

use clap::Args;
use imbot_caps::table::{Kind, Row};
use imbot_caps::{Caps, Feature, Support};
use serde::Serialize;

use crate::error::CliError;
use crate::output::{Format, Outcome, Output};
use crate::target::Target;

/// Says what is gained, lost and changed between two portals.
///
/// Each is a REST revision (33, 32-v1, 32-v2), a version of module im (25.1300.0), or a
/// file of `imbot-caps ask --json`.
#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The first portal: a revision, a version of module im, or a file of `ask --json`.
    from: Target,
    /// The second portal.
    to: Target,
}

/// How a feature differs.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Difference {
    /// Only the second portal has it, and it is new there.
    Gained,
    /// Only the first portal has it.
    Lost,
    /// Only the second portal has it, and it changes what was there.
    Changed,
    /// Of one of the portals it is not known.
    Unclear,
}

impl Difference {
    fn as_str(self) -> &'static str {
        match self {
            Difference::Gained => "gained",
            Difference::Lost => "lost",
            Difference::Changed => "changed",
            Difference::Unclear => "unclear",
        }
    }
}

#[derive(Serialize)]
struct Document {
    from: String,
    to: String,
    differences: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    difference: Difference,
    feature: Feature,
    kind: Kind,
    requires: String,
    title: &'static str,
    danger: Option<&'static str>,
}

impl Diff {
    pub(crate) fn run(self, output: &mut Output) -> Result<Outcome, CliError> {
        let (from, to) = (self.from.caps()?, self.to.caps()?);
        let mut differences: Vec<Line> = Feature::all().filter_map(|own| line(own, &from, &to)).collect();
        differences.sort_by_key(|line| line.difference as u8);
        let count = |difference| {
            differences
                .iter()
                .filter(|line| line.difference == difference)
                .count()
        };
        let unclear = count(Difference::Unclear);
        let outcome = match differences.len() {
            0 => Outcome::Fine,
            all if all == unclear => Outcome::CouldNotTell,
            _ => Outcome::Findings,
        };
        let summary = format!(
            "{} to {}: {} gained, {} changed, {} lost, {unclear} unclear",
            self.from.name(),
            self.to.name(),
            count(Difference::Gained),
            count(Difference::Changed),
            count(Difference::Lost),
        );
        if output.format == Format::Json {
            let document = Document {
                from: self.from.name(),
                to: self.to.name(),
                differences,
            };
            output.json("diff", &document)?;
            return Ok(outcome);
        }
        let rows: Vec<_> = differences
            .iter()
            .map(|line| {
                vec![
                    line.difference.as_str().to_owned(),
                    line.feature.to_string(),
                    line.kind.to_string(),
                    line.title.to_owned(),
                ]
            })
            .collect();
        output.rows(&["", "feature", "kind", "title"], &rows)?;
        if output.format == Format::People {
            output.text(&summary)?;
        }
        Ok(outcome)
    }
}

fn line(feature: Feature, from: &Caps, to: &Caps) -> Option<Line> {
    let row: &'static Row = feature.row();
    let difference = match (from.check(feature), to.check(feature)) {
        (Support::Supported, Support::Supported) | (Support::Unsupported(_), Support::Unsupported(_)) => {
            return None;
        }
        (Support::Unknown(_), _) | (_, Support::Unknown(_)) => Difference::Unclear,
        (Support::Supported, Support::Unsupported(_)) => Difference::Lost,
        (Support::Unsupported(_), Support::Supported) if row.kind() == Kind::New => Difference::Gained,
        (Support::Unsupported(_), Support::Supported) => Difference::Changed,
    };
    Some(Line {
        difference,
        feature,
        kind: row.kind(),
        requires: row.requirement().to_string(),
        title: row.title(),
        danger: row.danger(),
    })
}
