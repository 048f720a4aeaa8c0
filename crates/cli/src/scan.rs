//! The scanner: which methods and events of the chat-bot API a program uses, on which portals it runs, and
//! what is wrong in it on every portal.

mod analysis;
mod call_sites;
mod callees;
mod constants;
mod context;
mod expression;
mod findings;
mod flows;
mod language;
mod lexer;
mod names;
mod needs;
mod outline;
mod parameters;
mod replies;
mod report;
mod requests;
mod required;
mod revision_guards;
mod sarif;
mod sdk;
mod shapes;
#[cfg(test)]
mod tests;
mod token;
mod value;
mod walk;
mod wrappers;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::AtomicUsize;

use imbot_caps::{Revision, Table};

use analysis::Analysed;
pub(crate) use findings::Scan;
use findings::{Finding, Guard, Rule, Use};
use needs::{BUILDS, Build};
pub(crate) use report::print;
pub(crate) use sarif::document as sarif;
use walk::Found;
pub(crate) use walk::WalkOptions;
use wrappers::Wrappers;

/// What to scan for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Options {
    /// The REST revision of the portal that the program is for.
    pub(crate) rest: Option<Revision>,
    /// Whether its calls go through a gate of this library.
    pub(crate) gate: bool,
    pub(crate) walk: WalkOptions,
}

/// Scans files and folders. `seen` counts the files as they are read.
pub(crate) fn scan(paths: &[PathBuf], options: Options, seen: &AtomicUsize) -> Scan {
    let alone = |source: walk::Source<'_>| Analysed::of(source, &Wrappers::new());
    let mut walked = walk::walk(paths, options.walk, seen, alone);
    let wrappers = of_program(&walked.files);
    for file in &mut walked.files {
        let mut candidates = file.made.candidates.iter();
        let calls_others = candidates.any(|own| wrappers::method_of(&wrappers, own).is_some());
        let together = |source: walk::Source<'_>| Analysed::of(source, &wrappers);
        if calls_others && let Some(again) = walk::again(&file.path, together) {
            file.made = again;
        }
    }
    let called: BTreeSet<String> = walked
        .files
        .iter()
        .flat_map(|file| file.made.called.iter().cloned())
        .collect();
    let mut uses = Vec::new();
    let mut findings = Vec::new();
    let mut not_analysed = walked.not_analysed;
    for file in walked.files.into_iter().map(|file| file.made) {
        walked.counts.with_uses += usize::from(!file.report.uses.is_empty());
        uses.extend(file.report.uses);
        findings.extend(file.report.findings);
        // A function that is called with a known method is analysed where it is called.
        let open = file.computed.into_iter().filter(|(own, _)| {
            let wrapper = own.wrapper.as_ref();
            wrapper.is_none_or(|name| !called.contains(name))
        });
        not_analysed.extend(open.map(|(_, noted)| noted));
    }
    not_analysed.dedup();
    let target = options.rest.map(|rest| (rest, target(rest)));
    if let Some((_, at)) = target {
        findings.extend(uses.iter().filter_map(|own| too_new(own, at, options.gate)));
        findings.sort_by(|a, b| (&a.place, a.rule).cmp(&(&b.place, b.rule)));
    }
    let bare = || uses.iter().filter(|own| own.guard == Guard::None);
    let minimum = (!uses.is_empty()).then(|| {
        let plain = bare().map(|own| own.plain).max().unwrap_or(0);
        let gated = uses.iter().filter(|own| own.guard != Guard::Condition);
        analysis::minimum(plain, gated.map(|own| own.gated).max().unwrap_or(0))
    });
    Scan {
        table: Table::builtin().version().to_string(),
        counts: walked.counts,
        minimum,
        target: target.map(|(rest, at)| Build {
            rest,
            imbot_v2: analysis::build(at).imbot_v2,
        }),
        findings,
        not_analysed,
        uses,
    }
}

/// The functions of all files that make a method's name.
fn of_program(files: &[Found<Analysed>]) -> Wrappers {
    let mut all = Wrappers::new();
    for (computed, _) in files.iter().flat_map(|file| &file.made.computed) {
        for (name, mut prefixes) in wrappers::of(std::slice::from_ref(computed)) {
            all.entry(name).or_default().append(&mut prefixes);
        }
    }
    all
}

/// The build of a portal with this revision. Where there are two, the one without imbot.v2.
fn target(rest: Revision) -> usize {
    let first = BUILDS.iter().position(|build| build.rest == rest);
    let below = || BUILDS.iter().rposition(|build| build.rest < rest);
    first.or_else(below).unwrap_or(0)
}

/// The finding about a use for which the portal is too old.
fn too_new(own: &Use, target: usize, gate: bool) -> Option<Finding> {
    let needed = if gate { own.gated } else { own.plain };
    if own.guard != Guard::None || needed <= target {
        return None;
    }
    let minimum = own.minimum;
    let needs = if gate { minimum.gated } else { minimum.plain };
    let row = own.row.map(|row| format!(" ({row})")).unwrap_or_default();
    let told = own
        .gate
        .as_ref()
        .map(|gate| format!(" There, {gate}."))
        .unwrap_or_default();
    let message = format!(
        "`{}` needs {needs}{row}, and the portal is older.{told}",
        own.name
    );
    Some(Finding {
        rule: Rule::NeedsNewer,
        severity: Rule::NeedsNewer.severity(),
        place: own.place.clone(),
        name: own.name.clone(),
        names: Vec::new(),
        row: own.row,
        message,
        gate: own.gate.clone(),
        minimum: Some(minimum),
    })
}
