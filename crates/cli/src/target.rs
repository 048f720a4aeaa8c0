//! How a user names a portal: by its revision, by the versions of its modules, or by a file of `ask --json`.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use imbot_caps::semver::Version;
use imbot_caps::{Caps, Knowledge, Table};
use serde::Deserialize;

use crate::builds::Build;
use crate::error::CliError;
use crate::input;
use crate::output::VERSION;

/// The portal of a command.
#[derive(Debug, clap::Args)]
pub(crate) struct TargetArgs {
    #[command(flatten)]
    name: NameArgs,
    /// The version of its module imbot, beside `--im`.
    #[arg(long, value_name = "VERSION", requires = "im")]
    imbot: Option<Version>,
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct NameArgs {
    /// A portal at this REST revision: 33, or 32-v1 without imbot.v2 and 32-v2 with it.
    #[arg(long, value_name = "REVISION")]
    rest: Option<Build>,
    /// A portal whose module im has this version, such as 25.1300.0.
    #[arg(long, value_name = "VERSION")]
    im: Option<Version>,
    /// The portal of a file that `imbot-caps ask --json` has written.
    #[arg(long, value_name = "FILE")]
    portal: Option<PathBuf>,
}

impl TargetArgs {
    /// The portal that the user has named.
    pub(crate) fn target(&self) -> Result<Target, CliError> {
        let NameArgs { rest, im, portal } = &self.name;
        match (rest, im, portal) {
            (Some(build), ..) => Ok(Target::Build(*build)),
            (_, Some(im), _) => Ok(Target::Modules {
                im: im.clone(),
                imbot: self.imbot.clone(),
            }),
            (.., Some(file)) => Ok(Target::File(file.clone())),
            // The arguments were checked for this.
            (None, None, None) => Err(CliError::Usage(
                "no portal is named. Give `--rest`, `--im` or `--portal`".to_owned(),
            )),
        }
    }
}

/// A portal that a user has named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Build(Build),
    Modules { im: Version, imbot: Option<Version> },
    File(PathBuf),
}

impl FromStr for Target {
    type Err = std::convert::Infallible;

    /// A build such as `33`, a version of module im such as `25.1300.0`, or else a file.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(build) = text.parse() {
            return Ok(Target::Build(build));
        }
        Ok(match text.parse() {
            Ok(im) => Target::Modules { im, imbot: None },
            Err(_) => Target::File(text.into()),
        })
    }
}

/// The part of a file of `ask --json` that says what the portal is.
#[derive(Deserialize)]
struct PortalFile {
    form: String,
    version: u8,
    knowledge: Knowledge,
}

impl Target {
    /// What is known of the portal.
    pub(crate) fn knowledge(&self) -> Result<Knowledge, CliError> {
        match self {
            Target::Build(build) => Ok(build.knowledge()),
            Target::Modules { im, imbot } => Ok(Table::builtin().knowledge_of(Some(im), imbot.as_ref())),
            Target::File(path) => portal_file(path),
        }
    }

    /// What the portal can do.
    pub(crate) fn caps(&self) -> Result<Caps, CliError> {
        Ok(Caps::new(self.knowledge()?))
    }

    /// Its name in tables.
    pub(crate) fn name(&self) -> String {
        match self {
            Target::Build(build) => build.to_string(),
            Target::Modules { im, imbot: None } => format!("im {im}"),
            Target::Modules {
                im,
                imbot: Some(imbot),
            } => format!("im {im}, imbot {imbot}"),
            Target::File(path) => input::name(path),
        }
    }
}

fn portal_file(path: &Path) -> Result<Knowledge, CliError> {
    const WANTED: &str = "a file that `imbot-caps ask --json` has written";
    let file: PortalFile = input::json(path, WANTED)?;
    if file.form != "portal" || file.version != VERSION {
        return Err(CliError::Usage(format!(
            "{} is not of the form `portal`, version {VERSION}. Give {WANTED}",
            input::name(path)
        )));
    }
    Ok(file.knowledge)
}
