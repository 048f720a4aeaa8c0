//! `export`: the table for other languages.

use clap::{Args, ValueEnum};
use imbot_caps::table::{Confidence, Date, Kind};
use imbot_caps::{Counter, Revision, Table};
use serde::Serialize;

use crate::builds::Build;
use crate::error::CliError;
use crate::output::{Outcome, Output};
use crate::row_view::RowView;
use crate::vectors::Vectors;

/// Prints the table for other languages, its JSON Schema, or vectors to test a reader of it.
///
/// Each is JSON, whatever the form of the output.
#[derive(Debug, Args)]
pub(crate) struct Export {
    #[arg(value_enum, default_value = "features")]
    document: Document,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Document {
    /// features.json: every feature with its requirement, every build and release.
    Features,
    /// The JSON Schema of features.json.
    Schema,
    /// The answers of every build, and the plans of calls on every build.
    Vectors,
}

/// The schema of features.json, which is committed.
const SCHEMA: &str = include_str!("../../schemas/features.schema.json");

#[derive(Serialize)]
struct FeaturesFile {
    table: String,
    builds: Vec<BuildView>,
    features: Vec<RowView>,
    changes: Vec<ChangeView>,
    releases: Vec<ReleaseView>,
}

#[derive(Serialize)]
struct BuildView {
    build: Build,
    rest: Revision,
    imbot_v2: &'static str,
}

#[derive(Serialize)]
struct ChangeView {
    code: &'static str,
    title: &'static str,
    kind: Kind,
    rest: Option<Revision>,
    published: Date,
    source: &'static str,
}

#[derive(Serialize)]
struct ReleaseView {
    rest: Revision,
    im: Option<Versions>,
    web: Option<Revision>,
    mobile: Option<Revision>,
    desktop: Option<Revision>,
    seen: Option<Date>,
    published: Option<Date>,
    source: &'static str,
    confidence: Confidence,
}

#[derive(Serialize)]
struct Versions {
    first: &'static str,
    last: &'static str,
}

impl Export {
    pub(crate) fn run(self, output: &mut Output) -> Result<Outcome, CliError> {
        match self.document {
            Document::Features => output.json("export-features", &features_file())?,
            Document::Schema => output.text(SCHEMA.trim_end())?,
            Document::Vectors => output.json("export-vectors", &Vectors::all())?,
        }
        Ok(Outcome::Fine)
    }
}

fn features_file() -> FeaturesFile {
    let table = Table::builtin();
    let changes = table.change_log().map(|change| ChangeView {
        code: change.code(),
        title: change.title(),
        kind: change.kind(),
        rest: change.rest(),
        published: change.published(),
        source: change.source(),
    });
    let releases = table.releases().map(|release| ReleaseView {
        rest: release.rest(),
        im: release.im_versions().map(|im| Versions {
            first: im.first(),
            last: im.last(),
        }),
        web: release.get(Counter::Web),
        mobile: release.get(Counter::Mobile),
        desktop: release.get(Counter::Desktop),
        seen: release.seen(),
        published: release.published(),
        source: release.source(),
        confidence: release.confidence(),
    });
    FeaturesFile {
        table: table.version().to_string(),
        builds: Build::shipped().into_iter().map(build_view).collect(),
        features: table.rows().map(RowView::of).collect(),
        changes: changes.collect(),
        releases: releases.collect(),
    }
}

fn build_view(build: Build) -> BuildView {
    let known = build.knowledge();
    BuildView {
        build,
        rest: build.rest,
        imbot_v2: match (known.imbot_v2(), known.revision_get()) {
            (_, Some(true)) => "with-revision-get",
            (Some(true), _) => "without-revision-get",
            _ => "absent",
        },
    }
}
