//! Rules about releases, sources, and the versions in them.

use super::context::Lint;
use crate::revision::{Counter, Revision};
use crate::table::release::{Release, SeenVersions};
use crate::table::table::Table;
use crate::table::text::Str;

/// A revision above all releases is a typing error. Overlays without releases may be ahead.
pub(super) fn unreleased_revision(lint: &Lint<'_>) {
    let Some(newest) = lint.document.releases().map(Release::rest).max() else {
        return;
    };
    for row in lint.rows().filter(|row| row.item.range.counter == Counter::Rest) {
        let range = row.item.range;
        let beyond: Option<Revision> = [Some(range.since), range.until()]
            .into_iter()
            .flatten()
            .find(|at| *at > newest);
        if let Some(beyond) = beyond {
            lint.row(
                row,
                "requires",
                "unreleased",
                format!("REST revision {beyond} is above the newest release, {newest}"),
                "correct the revision, or add the [[release]]",
            );
        }
    }
}

/// A lower bound below every known release separates none of them.
pub(super) fn below_every_release(lint: &Lint<'_>) {
    let own = lint.document.releases();
    let releases = || own.clone().chain(lint.base.into_iter().flat_map(Table::releases));
    for row in lint.rows() {
        let (counter, since) = (row.item.range.counter, row.item.range.since);
        let name = counter.name();
        let Some(oldest) = releases().filter_map(|release| release.get(counter)).min() else {
            continue;
        };
        if since > 0 && since < oldest {
            lint.row(
                row,
                "requires",
                "ranges-no-release",
                format!("{name} revision {since} is below the oldest release, {oldest}: every portal has it"),
                "correct the revision, or leave the counter out",
            );
        }
    }
}

/// If a release names versions of module `im`, each row of its revision must name the version
/// to update to. In an overlay this concerns the overlay's own releases.
pub(super) fn release_modules(lint: &Lint<'_>) {
    for row in lint.rows().filter(|row| row.item.range.counter == Counter::Rest) {
        let since = row.item.range.since;
        let mut releases = lint.document.releases();
        let Some(seen) = releases
            .find(|release| since > 0 && release.rest() == since)
            .and_then(|release| release.im.as_ref())
        else {
            continue;
        };
        if row.item.im_versions().is_none() {
            lint.row(
                row,
                "requires",
                "release-modules",
                format!(
                    "REST revision {since} was seen in module im {}, and the row names no version",
                    seen.first
                ),
                format!(
                    "give the least versions, such as `modules = {{ im = \">={}\" }}`",
                    seen.first
                ),
            );
        }
    }
}

pub(super) fn release_order(lint: &Lint<'_>) {
    for (earlier, later) in lint
        .document
        .releases
        .iter()
        .zip(lint.document.releases.iter().skip(1))
    {
        if earlier.item.rest >= later.item.rest {
            lint.reader.complain(
                &later.span("rest"),
                Some(&later.item.rest.to_string()),
                "release-order",
                format!("release {} follows {}", later.item.rest, earlier.item.rest),
                "list releases once each, lowest revision first",
            );
        }
    }
}

fn version(text: &Str) -> Option<semver::Version> {
    text.parse().ok()
}

/// Versions of module `im` rise with the revision. (Versions of `main` may not: one build of
/// it was seen beside two revisions.)
pub(super) fn release_versions(lint: &Lint<'_>) {
    let mut before: Option<&SeenVersions> = None;
    for release in &lint.document.releases {
        let Some(seen) = &release.item.im else {
            continue;
        };
        let above = before.is_some_and(|before| version(&before.last) >= version(&seen.first));
        if version(&seen.first) > version(&seen.last) || above {
            lint.reader.complain(
                &release.span("im"),
                Some(&release.item.rest.to_string()),
                "release-versions",
                format!("the versions {} to {} are out of order", seen.first, seen.last),
                "`first` is at most `last`, and both are above those of lower revisions",
            );
        }
        before = Some(seen);
    }
}

pub(super) fn imbot_v2_order(lint: &Lint<'_>) {
    let Some(facts) = &lint.document.imbot_v2 else {
        return;
    };
    let ladder = [
        &facts.absent,
        &facts.present,
        &facts.revision_get_absent,
        &facts.revision_get,
    ]
    .map(version);
    let [absent, present, without, with] = ladder;
    if !(absent < present && present <= without && without < with) {
        lint.reader.complain(
            &(0..0),
            Some("imbot_v2"),
            "imbot-v2-order",
            "the versions of [imbot_v2] are out of order",
            "absent < present <= revision_get_absent < revision_get",
        );
    }
}

/// An overlay adds sources and cannot replace those of the table.
pub(super) fn duplicate_source(lint: &Lint<'_>) {
    let taken = lint.base.into_iter().flat_map(Table::sources);
    let taken = taken.map(|source| (source.id(), 0..0, source.id()));
    let own = lint.document.sources.iter();
    let own = own.map(|source| (&*source.item.id, source.span("id"), &*source.item.id));
    lint.duplicates(taken.chain(own), "duplicate-source", |id| {
        format!("the source `{id}` is listed twice")
    });
}

pub(super) fn source_url(lint: &Lint<'_>) {
    for source in &lint.document.sources {
        let (id, url) = (&source.item.id, &source.item.url);
        if !url.starts_with("https://") || url.contains(char::is_whitespace) {
            lint.reader.complain(
                &source.span("url"),
                Some(id),
                "source-url",
                format!("\"{url}\" is no https address"),
                "begin it with https://, with {commit} and {path} where they belong",
            );
        }
    }
}
