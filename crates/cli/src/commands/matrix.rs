//! `matrix`: methods by builds.

use std::collections::BTreeMap;

use clap::Args;
use imbot_caps::caps::Cause;
use imbot_caps::table::{Row, Shim};
use imbot_caps::{Caps, Support, Table};
use serde::{Serialize, Serializer};

use crate::builds::Build;
use crate::error::CliError;
use crate::output::{Format, Outcome, Output};

/// Says which build has which method.
///
/// A column is a build that was shipped: 32-v1 has no imbot.v2, and 32-v2 has it.
///
/// A build has `all` of a method, has a `part` of it (it lacks features of the method), has an `older`
/// method in its place, or has `no` such method.
#[derive(Debug, Args)]
pub(crate) struct Matrix {
    /// Only methods whose name has this text, in capital or small letters.
    text: Option<String>,
}

/// What a build has of a method.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Word {
    All,
    Part,
    Older,
    No,
}

impl Word {
    fn as_str(self) -> &'static str {
        match self {
            Word::All => "all",
            Word::Part => "part",
            Word::Older => "older",
            Word::No => "no",
        }
    }
}

#[derive(Serialize)]
struct Document {
    builds: Vec<Build>,
    methods: Vec<Method>,
}

#[derive(Serialize)]
struct Method {
    method: &'static str,
    #[serde(serialize_with = "by_build")]
    builds: Vec<(Build, Cell)>,
}

fn by_build<S: Serializer>(cells: &[(Build, Cell)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(cells.iter().map(|(build, cell)| (build, cell)))
}

#[derive(Serialize)]
struct Cell {
    has: Word,
    /// The older method.
    older: Option<&'static str>,
    /// The features of the method that the build lacks.
    lacks: Vec<&'static str>,
}

impl Matrix {
    pub(crate) fn run(self, output: &mut Output) -> Result<Outcome, CliError> {
        let text = self.text.unwrap_or_default().to_lowercase();
        let builds = Build::shipped();
        let caps: Vec<Caps> = builds.iter().map(|build| build.caps()).collect();
        let methods: Vec<Method> = methods()
            .into_iter()
            .filter(|(method, _)| method.to_lowercase().contains(&text))
            .map(|(method, rows)| Method {
                method,
                builds: builds
                    .iter()
                    .zip(&caps)
                    .map(|(build, caps)| (*build, cell(method, &rows, caps)))
                    .collect(),
            })
            .collect();
        let outcome = match methods.is_empty() {
            true => Outcome::Findings,
            false => Outcome::Fine,
        };
        if output.format == Format::Json {
            output.json("matrix", &Document { builds, methods })?;
            return Ok(outcome);
        }
        let head: Vec<String> = builds.iter().map(Build::to_string).collect();
        let head: Vec<&str> = std::iter::once("method")
            .chain(head.iter().map(String::as_str))
            .collect();
        let mut rows: Vec<Vec<String>> = Vec::new();
        if output.format == Format::Plain {
            // Without a head nobody could tell the columns apart.
            rows.push(head.iter().map(|cell| (*cell).to_owned()).collect());
        }
        rows.extend(methods.iter().map(|method| {
            let cells = method.builds.iter().map(|(_, cell)| cell.has.as_str().to_owned());
            std::iter::once(method.method.to_owned()).chain(cells).collect()
        }));
        output.rows(&head, &rows)?;
        Ok(outcome)
    }
}

/// The methods that are rows themselves, each with the rows about it.
fn methods() -> BTreeMap<&'static str, Vec<&'static Row>> {
    let rows = || Table::builtin().rows();
    let is_method = |row: &&Row| row.applies().methods().any(|method| method == row.id());
    rows()
        .filter(is_method)
        .map(|method| {
            // What holds for all methods says nothing of this one.
            let is_own = |row: &&Row| row.applies().methods().any(|own| own == method.id());
            let of_method = rows().filter(is_own);
            (method.id(), of_method.collect())
        })
        .collect()
}

fn cell(method: &'static str, rows: &[&'static Row], caps: &Caps) -> Cell {
    let lacks: Vec<&'static str> = rows
        .iter()
        .filter(|row| match caps.check(row.requirement()) {
            // What a newer build has no more is nothing that an update would bring.
            Support::Unsupported(why) => why.cause() != Cause::Removed,
            support => !support.is_supported(),
        })
        .map(|row| row.id())
        .collect();
    let own = rows.iter().find(|row| row.id() == method);
    let fallback = own.and_then(|row| row.fallback());
    let older = fallback
        .filter(|fallback| matches!(fallback.shim(), Shim::V1Call | Shim::ImRevision))
        .and_then(|fallback| fallback.v1());
    let is_missing = lacks.contains(&method);
    Cell {
        has: match (is_missing, older) {
            (true, Some(_)) => Word::Older,
            (true, None) => Word::No,
            (false, _) if lacks.is_empty() => Word::All,
            (false, _) => Word::Part,
        },
        older: older.filter(|_| is_missing),
        lacks: lacks.into_iter().filter(|id| *id != method).collect(),
    }
}
