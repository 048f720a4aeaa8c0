//! A row of the table as a document.

use imbot_caps::table::{Applies, Confidence, Date, Fallback, Kind, Row, Shim, ValueKind, WhenUnknown};
use imbot_caps::word::ParseWordError;
use imbot_caps::{Counter, Feature, Requirement, Revision};
use serde::Serialize;

use crate::error::CliError;

/// The feature with this id, or with the name of this variant.
pub(crate) fn feature(id: &str) -> Result<Feature, CliError> {
    id.parse().or_else(|error: ParseWordError| {
        let named = Feature::all()
            .find(|feature| feature.row().name() == id || feature.as_str().eq_ignore_ascii_case(id));
        named.ok_or(CliError::UnknownFeature(error))
    })
}

/// Whether a row is about a method. Portals find a method of the older API in any case.
pub(crate) fn is_about(row: &Row, method: &str) -> bool {
    row.applies().methods().any(|own| match own.strip_suffix('*') {
        Some(prefix) => {
            let begin = method.get(..prefix.len());
            begin.is_some_and(|begin| begin.eq_ignore_ascii_case(prefix))
        }
        None => own.eq_ignore_ascii_case(method),
    })
}

/// All that a row says.
#[derive(Serialize)]
pub(crate) struct RowView {
    id: &'static str,
    name: &'static str,
    title: &'static str,
    kind: Kind,
    requires: RequirementView,
    observed_since: Option<Revision>,
    change: Option<&'static str>,
    published: Option<Date>,
    effective: Option<Date>,
    sunset: Option<Date>,
    modules: Modules,
    applies: AppliesView,
    fallback: Option<FallbackView>,
    when_present: Option<Shim>,
    safe_when_missing: bool,
    when_unknown: WhenUnknown,
    danger: Option<&'static str>,
    source: &'static str,
    evidence: Option<&'static str>,
    confidence: Confidence,
    note: Option<&'static str>,
}

/// A requirement by its parts: enough to decide without this crate.
#[derive(Serialize)]
struct RequirementView {
    counter: Counter,
    since: Option<Revision>,
    until: Option<Revision>,
    imbot_v2: Presence,
    text: String,
}

/// How much of imbot.v2 a requirement needs.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum Presence {
    Absent,
    WithoutRevisionGet,
    WithRevisionGet,
}

#[derive(Serialize)]
struct Modules {
    im: Option<&'static str>,
    imbot: Option<&'static str>,
}

#[derive(Serialize)]
struct AppliesView {
    methods: Vec<&'static str>,
    events: Vec<&'static str>,
    request: Vec<&'static str>,
    response: Vec<&'static str>,
    data: Vec<&'static str>,
    errors: Vec<&'static str>,
    value: Option<ValueKind>,
    values: Vec<&'static str>,
}

#[derive(Serialize)]
struct FallbackView {
    shim: Shim,
    v1: Option<&'static str>,
    older_codes: Vec<&'static str>,
    note: &'static str,
}

impl RowView {
    pub(crate) fn of(row: &'static Row) -> Self {
        Self {
            id: row.id(),
            name: row.name(),
            title: row.title(),
            kind: row.kind(),
            requires: row.requirement().into(),
            observed_since: row.observed_since(),
            change: row.change_log_code(),
            published: row.published(),
            effective: row.effective(),
            sunset: row.sunset(),
            modules: Modules {
                im: row.im_versions(),
                imbot: row.imbot_versions(),
            },
            applies: row.applies().into(),
            fallback: row.fallback().map(FallbackView::from),
            when_present: row.when_present(),
            safe_when_missing: row.is_safe_when_missing(),
            when_unknown: row.when_unknown(),
            danger: row.danger(),
            source: row.source(),
            evidence: row.evidence(),
            confidence: row.confidence(),
            note: row.note(),
        }
    }
}

impl From<Requirement> for RequirementView {
    fn from(requirement: Requirement) -> Self {
        // A requirement on REST since Revision.get, and on imbot.v2, needs an imbot with that method.
        let with_revision_get = Feature::ImbotV2RevisionGet.requirement().since();
        let is_newer = requirement.counter() == Counter::Rest && requirement.since() >= with_revision_get;
        Self {
            counter: requirement.counter(),
            since: requirement.since(),
            until: requirement.first_without(),
            imbot_v2: match requirement.needs_imbot_v2() {
                false => Presence::Absent,
                true if is_newer => Presence::WithRevisionGet,
                true => Presence::WithoutRevisionGet,
            },
            text: requirement.to_string(),
        }
    }
}

impl From<&'static Applies> for AppliesView {
    fn from(applies: &'static Applies) -> Self {
        Self {
            methods: applies.methods().collect(),
            events: applies.events().collect(),
            request: applies.request().collect(),
            response: applies.response().collect(),
            data: applies.data().collect(),
            errors: applies.errors().collect(),
            value: applies.value(),
            values: applies.values().collect(),
        }
    }
}

impl From<&'static Fallback> for FallbackView {
    fn from(fallback: &'static Fallback) -> Self {
        Self {
            shim: fallback.shim(),
            v1: fallback.v1(),
            older_codes: fallback.older_codes().collect(),
            note: fallback.note(),
        }
    }
}
