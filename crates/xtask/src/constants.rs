//! The generated files that have what `features.toml` says.

use std::fmt::Write as _;

use imbot_caps::table::{
    Applies, Date, EventObject, EventTranslation, ImbotV2Builds, Release, Row, SeenVersions, TableFile,
    Translation,
};
use imbot_caps::{Counter, Revision};

use crate::{Generated, SourceError, read};

const FILE: &str = "features.toml";

/// The constants of the table.
///
/// # Errors
///
/// [`SourceError`] if the table is missing or wrong.
pub fn generate() -> Result<Vec<Generated>, SourceError> {
    let document = TableFile::parse(&read(FILE)?).map_err(|error| SourceError::new(FILE, error))?;
    // Rows lend their ids to requirements, which live as long as the process.
    let document: &'static TableFile = Box::leak(Box::new(document));
    let lacks = |what| SourceError::new(FILE, format!("`{what}` is missing"));
    let imbot = document.imbot_v2_builds().ok_or_else(|| lacks("imbot_v2"))?;
    let revision_get = document
        .rows()
        .find(|row| row.id() == "imbot.v2.Revision.get")
        .and_then(|row| row.requirement().since())
        .ok_or_else(|| lacks("imbot.v2.Revision.get"))?;
    Ok(vec![
        Generated {
            path: "src/feature/generated.rs",
            text: features(document),
        },
        Generated {
            path: "src/knowledge/generated.rs",
            text: edges(imbot.rest(), revision_get),
        },
        Generated {
            path: "src/table/generated.rs",
            text: table(document, imbot),
        },
    ])
}

const HEAD: &str = "//! Generated from `features.toml` by `cargo xtask generate`.\n\
     //! Do not edit: change the table.\n\n";

/// The revisions that brought imbot.v2.
fn edges(imbot_v2: Revision, revision_get: Revision) -> String {
    format!(
        "{HEAD}use crate::revision::Revision;\n\n\
         /// The lowest REST revision that a build with imbot.v2 reported.\n\
         pub(crate) const IMBOT_V2_REST: Revision = {imbot_v2};\n\
         /// The REST revision that introduced `imbot.v2.Revision.get`.\n\
         pub(crate) const REVISION_GET_REST: Revision = {revision_get};\n"
    )
}

/// The features, their order and their ids.
fn features(document: &'static TableFile) -> String {
    let rows: Vec<&'static Row> = document.rows().collect();
    let mut out = format!(
        "{HEAD}pub(crate) const COUNT: usize = {};\n\n\
         /// A feature: a row of the table. A portal has it or lacks it.\n\
         ///\n\
         /// Variants are added with the table; match with a wildcard.\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]\n\
         #[non_exhaustive]\n\
         #[repr(u16)]\n\
         pub enum Feature {{\n",
        rows.len(),
    );
    for row in &rows {
        variant(&mut out, row);
    }
    out.push_str("}\n\npub(crate) static ALL: [Feature; COUNT] = [\n");
    for row in &rows {
        let _ = writeln!(out, "    Feature::{},", row.name());
    }
    out.push_str("];\n\n#[rustfmt::skip]\npub(crate) static IDS: [&str; COUNT] = [\n");
    for row in &rows {
        let _ = writeln!(out, "    {:?},", row.id());
    }
    out.push_str("];\n");
    out
}

/// All that the table says.
fn table(document: &'static TableFile, imbot: &ImbotV2Builds) -> String {
    let mut out = String::from(HEAD);
    let version = document.version();
    out.push_str(
        "use std::borrow::Cow::Borrowed as B;\n\n\
         use super::change::ChangeLogEntry;\n\
         use super::cloud::CloudDomains;\n\
         use super::date::Date;\n\
         use super::event::{EventObject, EventTranslation};\n\
         use super::release::{ImbotV2Builds, Release, SeenVersions};\n\
         use super::row::{Applies, Fallback, Row};\n\
         use super::source::Source;\n\
         use super::terms::{Confidence, Kind, Shim, ValueKind, WhenUnknown};\n\
         use super::text::Str;\n\
         use super::translation::Translation;\n\
         use crate::feature::{COUNT, RevisionRange};\n\
         use crate::knowledge::IMBOT_V2_REST;\n\
         use crate::revision::Counter;\n\n",
    );
    let _ = write!(
        out,
        "pub(super) const VERSION: (u64, u64, u64) = ({}, {}, {});\n\n",
        version.major, version.minor, version.patch,
    );
    out.push_str("#[rustfmt::skip]\npub(super) static ROWS: [Row; COUNT] = [\n");
    for row in document.rows() {
        self::row(&mut out, row);
    }
    out.push_str("];\n\n#[rustfmt::skip]\npub(super) const CHANGES: &[ChangeLogEntry] = &[\n");
    for change in document.change_log() {
        let _ = writeln!(
            out,
            "    ChangeLogEntry {{ code: B({:?}), title: B({:?}), kind: Kind::{:?}, rest: {:?}, published: {}, docs_only: {}, source: B({:?}) }},",
            change.code(),
            change.title(),
            change.kind(),
            change.rest(),
            date(change.published()),
            text(change.docs_only_reason()),
            change.source(),
        );
    }
    out.push_str("];\n\n#[rustfmt::skip]\npub(super) const RELEASES: &[Release] = &[\n");
    for release in document.releases() {
        self::release(&mut out, release);
    }
    let _ = write!(
        out,
        "];\n\n#[rustfmt::skip]\npub(super) const IMBOT_V2: ImbotV2Builds = ImbotV2Builds {{\n    rest: IMBOT_V2_REST, absent: B({:?}), present: B({:?}), \
         revision_get_absent: B({:?}), revision_get: B({:?}),\n    source: B({:?}),\n}};\n",
        imbot.last_without_imbot_v2(),
        imbot.first_with_imbot_v2(),
        imbot.last_without_revision_get(),
        imbot.first_with_revision_get(),
        imbot.source(),
    );
    out.push_str("\n#[rustfmt::skip]\npub(super) const TRANSLATIONS: &[Translation] = &[\n");
    for translation in document.translations() {
        self::translation(&mut out, translation);
    }
    out.push_str("];\n\n#[rustfmt::skip]\npub(super) const EVENT_OBJECTS: &[EventObject] = &[\n");
    for object in document.event_objects() {
        event_object(&mut out, object);
    }
    out.push_str("];\n\n#[rustfmt::skip]\npub(super) const EVENT_TRANSLATIONS: &[EventTranslation] = &[\n");
    for event in document.event_translations() {
        event_translation(&mut out, event);
    }
    out.push_str("];\n\n#[rustfmt::skip]\npub(super) const CLOUD_DOMAINS: &[CloudDomains] = &[\n");
    for cloud in document.cloud_domains() {
        let names: Vec<String> = cloud.names().map(|name| format!("B({name:?})")).collect();
        let _ = writeln!(
            out,
            "    CloudDomains {{ names: B(&[{}]), source: B({:?}) }},",
            names.join(", "),
            cloud.source(),
        );
    }
    out.push_str("];\n");
    out.push_str("\n#[rustfmt::skip]\npub(super) const SOURCES: &[Source] = &[\n");
    for source in document.sources() {
        let _ = writeln!(
            out,
            "    Source {{ id: B({:?}), url: B({:?}), commit: {} }},",
            source.id(),
            source.url(),
            text(source.commit()),
        );
    }
    out.push_str("];\n\n#[rustfmt::skip]\npub(super) const UNVERSIONED_METHODS: &[Str] = &[\n");
    for method in document.unversioned_methods() {
        let _ = writeln!(out, "    B({method:?}),");
    }
    out.push_str("];\n");
    out
}

/// The variant with its documentation.
fn variant(out: &mut String, row: &'static Row) {
    let title = markdown(row.title());
    let _ = writeln!(out, "    /// {title}.\n    ///");
    let mut needs = match row.requirement().to_string().as_str() {
        "nothing" => format!("`{}` is gated by dates alone.", row.id()),
        needs => format!("`{}` needs {needs}.", row.id()),
    };
    for (label, day) in [
        ("Published", row.published()),
        ("Holds from", row.effective()),
        ("The old form ends on", row.sunset()),
    ] {
        if let Some(day) = day {
            let _ = write!(needs, " {label} {day}.");
        }
    }
    let _ = writeln!(out, "    /// {needs}");
    if let Some(fallback) = row.fallback() {
        let _ = writeln!(out, "    ///\n    /// Without it: {}.", markdown(fallback.note()));
    }
    if let Some(danger) = row.danger() {
        let _ = writeln!(out, "    ///\n    /// Beware: {}.", markdown(danger));
    }
    let listed = row
        .change_log_code()
        .map(|code| format!(", {code}"))
        .unwrap_or_default();
    let _ = writeln!(
        out,
        "    ///\n    /// [Source]({}) ({}{listed}).\n    {},",
        row.source().replace(' ', "%20"),
        row.confidence(),
        row.name(),
    );
}

/// Text of the table as Markdown that means what it says.
fn markdown(text: &str) -> String {
    let mut out = String::new();
    for c in text.trim().trim_end_matches('.').chars() {
        if matches!(c, '<' | '>' | '[' | ']' | '*' | '_' | '`' | '\\') {
            out.push('\\');
        }
        out.push(if c == '\n' { ' ' } else { c });
    }
    out
}

fn row(out: &mut String, row: &'static Row) {
    let requirement = row.requirement();
    let _ = writeln!(
        out,
        "    Row {{\n        id: B({:?}), name: B({:?}), kind: Kind::{:?},\n        title: B({:?}),\n        range: RevisionRange::new(Counter::{:?}, {}, {:?}, {}),\n        observed_since: {:?}, change: {}, published: {}, effective: {}, sunset: {}, im: {}, imbot: {},",
        row.id(),
        row.name(),
        row.kind(),
        row.title(),
        requirement.counter(),
        requirement.since().unwrap_or(0),
        requirement.first_without(),
        requirement.needs_imbot_v2(),
        row.observed_since(),
        text(row.change_log_code()),
        opt_date(row.published()),
        opt_date(row.effective()),
        opt_date(row.sunset()),
        text(row.im_versions()),
        text(row.imbot_versions()),
    );
    let _ = writeln!(out, "        applies: {},", applies(row.applies()));
    let fallback = row.fallback().map_or("None".to_owned(), |fallback| {
        format!(
            "Some(Fallback {{ shim: Shim::{:?}, v1: {}, older_codes: {}, note: B({:?}) }})",
            fallback.shim(),
            text(fallback.v1()),
            list(fallback.older_codes()),
            fallback.note()
        )
    });
    let _ = writeln!(
        out,
        "        fallback: {fallback},\n        when_present: {}, safe_when_missing: {}, when_unknown: WhenUnknown::{:?}, danger: {},\n        source: B({:?}),\n        evidence: {},\n        confidence: Confidence::{:?}, note: {}, overlay: None,\n    }},",
        variant_of("Shim", row.when_present()),
        row.is_safe_when_missing(),
        row.when_unknown(),
        text(row.danger()),
        row.source(),
        text(row.evidence()),
        row.confidence(),
        text(row.note()),
    );
}

fn list<'a>(items: impl Iterator<Item = &'a str>) -> String {
    let items: Vec<String> = items.map(|item| format!("B({item:?})")).collect();
    format!("B(&[{}])", items.join(", "))
}

fn variant_of(name: &str, value: Option<impl std::fmt::Debug>) -> String {
    value.map_or("None".to_owned(), |value| format!("Some({name}::{value:?})"))
}

fn applies(applies: &Applies) -> String {
    format!(
        "Applies {{\n            methods: {},\n            events: {}, request: {}, response: {}, data: {},\n            errors: {}, value: {}, values: {},\n        }}",
        list(applies.methods()),
        list(applies.events()),
        list(applies.request()),
        list(applies.response()),
        list(applies.data()),
        list(applies.errors()),
        variant_of("ValueKind", applies.value()),
        list(applies.values()),
    )
}

fn release(out: &mut String, release: &Release) {
    let seen = |seen: Option<&SeenVersions>| match seen {
        Some(seen) => format!(
            "Some(SeenVersions {{ first: B({:?}), last: B({:?}) }})",
            seen.first(),
            seen.last()
        ),
        None => "None".to_owned(),
    };
    let others = [Counter::Web, Counter::Mobile, Counter::Desktop].map(|counter| release.get(counter));
    let _ = writeln!(
        out,
        "    Release {{\n        rest: {}, im: {}, main: {},\n        others: {others:?}, seen: {}, published: {},\n        source: B({:?}), confidence: Confidence::{:?},\n        note: {},\n    }},",
        release.rest(),
        seen(release.im_versions()),
        seen(release.main_versions()),
        opt_date(release.seen()),
        opt_date(release.published()),
        release.source(),
        release.confidence(),
        text(release.note()),
    );
}

fn translation(out: &mut String, translation: &Translation) {
    let _ = writeln!(
        out,
        "    Translation {{\n        from: B({:?}), to: B({:?}), when: {},\n        params: {},\n        set: {}, required: {}, allowed_values: {}, dependent_required: {},\n        drop: {},\n        reply: {},\n        errors: {},\n        source: B({:?}), note: {},\n    }},",
        translation.from(),
        translation.to(),
        text(translation.when()),
        list(translation.params()),
        list(translation.set()),
        list(translation.required()),
        list(translation.allowed_values()),
        list(translation.dependent_required()),
        list(translation.drop()),
        list(translation.reply()),
        list(translation.errors()),
        translation.source(),
        text(translation.note()),
    );
}

fn event_object(out: &mut String, object: &EventObject) {
    let _ = writeln!(
        out,
        "    EventObject {{\n        name: B({:?}), members: {},\n        source: B({:?}), confidence: Confidence::{:?}, note: {},\n    }},",
        object.name(),
        list(object.members()),
        object.source(),
        object.confidence(),
        text(object.note()),
    );
}

fn event_translation(out: &mut String, event: &EventTranslation) {
    let _ = writeln!(
        out,
        "    EventTranslation {{\n        name: B({:?}), members: {},\n        older: {}, each: {},\n        data: {},\n        source: B({:?}), evidence: {}, confidence: Confidence::{:?}, note: {},\n    }},",
        event.name(),
        list(event.members()),
        text(event.older()),
        text(event.each()),
        list(event.data()),
        event.source(),
        text(event.evidence()),
        event.confidence(),
        text(event.note()),
    );
}

fn text(text: Option<&str>) -> String {
    text.map_or("None".to_owned(), |text| format!("Some(B({text:?}))"))
}

fn date(date: Date) -> String {
    format!(
        "Date {{ year: {}, month: {}, day: {} }}",
        date.year(),
        date.month(),
        date.day()
    )
}

fn opt_date(day: Option<Date>) -> String {
    day.map_or("None".to_owned(), |day| format!("Some({})", date(day)))
}
