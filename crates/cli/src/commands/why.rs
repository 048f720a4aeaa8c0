//! `why`: whether a portal has a feature, and why.

use clap::Args;
use imbot_caps::{Feature, Knowledge, Support};
use serde::Serialize;

use crate::error::CliError;
use crate::output::{Format, Outcome, Output};
use crate::row_view::feature;
use crate::target::{Target, TargetArgs};

/// Says why a portal has a feature or lacks it.
#[derive(Debug, Args)]
pub(crate) struct Why {
    /// The id of the feature, such as message.system.
    feature: String,
    #[command(flatten)]
    target: TargetArgs,
}

#[derive(Serialize)]
struct Answer<'a> {
    feature: Feature,
    knowledge: &'a Knowledge,
    #[serde(flatten)]
    support: &'a Support,
}

impl Why {
    pub(crate) fn run(self, output: &mut Output) -> Result<Outcome, CliError> {
        let feature = feature(&self.feature)?;
        let target = self.target.target()?;
        let caps = target.caps()?;
        let support = caps.check(feature);
        let (word, text, outcome) = match &support {
            Support::Supported => {
                let requirement = feature.requirement();
                let known = caps.knowledge();
                let text = format!("`{feature}` needs {requirement}; this portal has {known}");
                ("supported", text, Outcome::Fine)
            }
            Support::Unsupported(why) => ("unsupported", why.to_string(), Outcome::Findings),
            Support::Unknown(why) => {
                let text = match target {
                    // The library's advice is for a portal that can be asked.
                    Target::Build(build) => format!(
                        "`{feature}` needs {}; of this portal it is not known whether it has imbot.v2. Name the build: \
                         `--rest {build}-v1` without imbot.v2, `--rest {build}-v2` with it",
                        feature.requirement()
                    ),
                    _ => why.to_string(),
                };
                ("unknown", text, Outcome::CouldNotTell)
            }
        };
        match output.format {
            Format::Json => output.json(
                "why",
                &Answer {
                    feature,
                    knowledge: caps.knowledge(),
                    support: &support,
                },
            )?,
            Format::People => output.text(&format!("{word}: {text}"))?,
            Format::Plain => {
                let row = vec![feature.to_string(), word.to_owned(), text];
                output.rows(&[], &[row])?;
            }
        }
        Ok(outcome)
    }
}
