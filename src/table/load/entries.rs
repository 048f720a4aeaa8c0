//! The entries of a table file, each read to its type.

use semver::{Version, VersionReq};

use super::keys::{APPLIES_KEYS, FALLBACK_KEYS, MODULES_KEYS, REQUIRES_KEYS, SEEN_KEYS};
use crate::feature::{Requirement, RevisionRange};
use crate::revision::{Counter, Revision};
use crate::table::change::ChangeLogEntry;
use crate::table::cloud::CloudDomains;
use crate::table::event::{DataRule, EventObject, EventTranslation, MemberRule};
use crate::table::release::{ImbotV2Builds, Release, SeenVersions};
use crate::table::row::{Applies, Fallback, Row};
use crate::table::section::Section;
use crate::table::source::Source;
use crate::table::terms::{Confidence, Kind, Shim, ValueKind, WhenUnknown};
use crate::table::text::{List, Str};
use crate::table::translation::{ParamRule, ReplyRule, Translation, ValueRule, alternatives, error_rule};

const LEAST_VERSION: &str = "a requirement such as \">=26.300.0\"";

pub(super) fn cloud_domains(section: &Section<'_, '_, '_>) -> Option<CloudDomains> {
    let domains = section.required("domains", Section::list);
    Some(CloudDomains {
        source: section.required("source", Section::str)?,
        names: domains?,
    })
}

pub(super) fn source(section: &Section<'_, '_, '_>) -> Option<Source> {
    Some(Source {
        id: section.required("id", Section::str)?,
        url: section.required("url", Section::str)?,
        commit: section.str("commit"),
    })
}

pub(super) fn change(section: &Section<'_, '_, '_>) -> Option<ChangeLogEntry> {
    let why = section.str("why");
    let docs_only = section.bool("docs_only").unwrap_or(false);
    if docs_only != why.is_some() {
        section.complain(
            &section.span_of("docs_only"),
            "docs-only",
            "`docs_only` and `why` go together",
            "give both for a change of the documentation alone, or neither",
        );
    }
    let (code, title) = (
        section.required("code", Section::str),
        section.required("title", Section::str),
    );
    let (kind, published) = (
        section.required("kind", kind),
        section.required("published", Section::date),
    );
    Some(ChangeLogEntry {
        source: section.required("source", Section::str)?,
        code: code?,
        title: title?,
        kind: kind?,
        rest: section.revision("rest"),
        published: published?,
        docs_only: why,
    })
}

pub(super) fn release(section: &Section<'_, '_, '_>) -> Option<Release> {
    let seen = |key| {
        let seen = section.section(key, "a span of versions", SEEN_KEYS)?;
        let first = seen.required("first", |seen, key| {
            seen.parsed::<Version>(key, "a module version such as \"26.300.0\"")
        });
        let last = seen.required("last", |seen, key| {
            seen.parsed::<Version>(key, "a module version such as \"26.300.0\"")
        });
        Some(SeenVersions {
            first: first?.0,
            last: last?.0,
        })
    };
    let (rest, confidence) = (
        section.required("rest", Section::revision),
        section.required("confidence", confidence),
    );
    Some(Release {
        source: section.required("source", Section::str)?,
        rest: rest?,
        im: seen("im"),
        main: seen("main"),
        others: ["web", "mobile", "desktop"].map(|counter| section.revision(counter)),
        seen: section.date("seen"),
        published: section.date("published"),
        confidence: confidence?,
        note: section.str("note"),
    })
}

pub(super) fn imbot_v2(section: &Section<'_, '_, '_>) -> Option<ImbotV2Builds> {
    let version = |key| {
        section.required(key, |section, key| {
            section.parsed::<Version>(key, "a version of module imbot such as \"26.50.0\"")
        })
    };
    let versions = ["absent", "present", "revision_get_absent", "revision_get"].map(version);
    let [absent, present, revision_get_absent, revision_get] = versions;
    Some(ImbotV2Builds {
        rest: section.required("rest", Section::revision)?,
        absent: absent?.0,
        present: present?.0,
        revision_get_absent: revision_get_absent?.0,
        revision_get: revision_get?.0,
        source: section.required("source", Section::str)?,
    })
}

fn kind(section: &Section<'_, '_, '_>, key: &str) -> Option<Kind> {
    section.word::<Kind>(key)
}

fn confidence(section: &Section<'_, '_, '_>, key: &str) -> Option<Confidence> {
    section.word::<Confidence>(key)
}

pub(super) fn row(
    section: &Section<'_, '_, '_>,
    overlay: Option<&Str>,
    constants: &[Requirement],
) -> Option<Row> {
    let modules = section.section("modules", "modules", MODULES_KEYS);
    let module = |key| {
        let modules = modules.as_ref()?;
        let (text, requirement) = modules.parsed::<VersionReq>(key, LEAST_VERSION)?;
        // Advice names the least version, so the requirement has to be one.
        let least = matches!(requirement.comparators.as_slice(), [one] if one.op == semver::Op::GreaterEq);
        if !least {
            modules.complain(
                &modules.span_of(key),
                "least-version",
                format!("`{key}` is \"{text}\", which is no least version"),
                format!("give {LEAST_VERSION}"),
            );
        }
        Some(text)
    };
    // Every key is read before any `?`, so that one run reports all problems.
    let id = section.required("id", Section::str);
    let name = match overlay {
        None => section.required("name", Section::str),
        Some(_) => Some(section.str("name").unwrap_or_default()),
    };
    let title = section.required("title", Section::str);
    let kind = section.required("kind", kind);
    let constant = constants.iter().find(|own| id.as_deref() == Some(own.id()));
    let range = match constant {
        Some(own) if !section.has("requires") && !section.has("until") => Some(own.range),
        _ => section.required("requires", |section, key| {
            range(
                &section.section(key, "`requires`", REQUIRES_KEYS)?,
                section.revision("until"),
            )
        }),
    };
    let applies = section.required("applies", |section, key| {
        Some(applies(&section.section(key, "`applies`", APPLIES_KEYS)?))
    });
    let fallback = section.section("fallback", "a fallback", FALLBACK_KEYS);
    let fallback = fallback.as_ref().map(|section| fallback_of(section));
    let source = section.required("source", Section::str);
    let confidence = section.required("confidence", confidence);
    let when_unknown = section.word::<WhenUnknown>("unknown");
    Some(Row {
        id: id?,
        name: name?,
        title: title?,
        kind: kind?,
        range: range?,
        observed_since: section.revision("observed_since"),
        change: section.str("change"),
        published: section.date("published"),
        effective: section.date("effective"),
        sunset: section.date("sunset"),
        im: module("im"),
        imbot: module("imbot"),
        applies: applies?,
        fallback: fallback.flatten(),
        when_present: section.word::<Shim>("when_present"),
        safe_when_missing: section.bool("safe_when_missing").unwrap_or(false),
        when_unknown: when_unknown.unwrap_or(WhenUnknown::Send),
        danger: section.str("danger"),
        source: source?,
        evidence: section.str("evidence"),
        confidence: confidence?,
        note: section.str("note"),
        overlay: overlay.cloned(),
    })
}

fn range(section: &Section<'_, '_, '_>, until: Option<Revision>) -> Option<RevisionRange> {
    let ranges: Vec<(Counter, Revision)> = Counter::ALL
        .into_iter()
        .filter_map(|counter| Some((counter, section.revision(counter.as_str())?)))
        .collect();
    let (counter, since) = match *ranges {
        [] => (Counter::Rest, 0),
        [range] => range,
        [_, (second, _), ..] => {
            section.complain(
                &section.span_of(second.as_str()),
                "two-counters",
                "`requires` names two counters",
                "make one row for each counter",
            );
            return None;
        }
    };
    let api = section.one_of("api", &["imbot.v2"], |word| (word == "imbot.v2").then_some(()));
    Some(RevisionRange::new(counter, since, until, api.is_some()))
}

fn applies(section: &Section<'_, '_, '_>) -> Applies {
    let list = |key| section.list(key).unwrap_or_default();
    Applies {
        methods: list("methods"),
        events: list("events"),
        request: list("request"),
        response: list("response"),
        data: list("data"),
        errors: list("errors"),
        value: section.word::<ValueKind>("value"),
        values: list("values"),
    }
}

fn fallback_of(section: &Section<'_, '_, '_>) -> Option<Fallback> {
    let shim = section.required("shim", |section, key| section.word::<Shim>(key));
    let note = section.required("note", Section::str);
    let v1 = section.str("v1");
    let shim = shim?;
    if (shim == Shim::V1Call) != v1.is_some() {
        section.complain(
            &section.span_of("shim"),
            "v1-call",
            "the shim `v1-call` and the key `v1` go together",
            "name the older method in `v1`, or choose another shim",
        );
    }
    Some(Fallback {
        shim,
        v1,
        older_codes: section.list("older_codes").unwrap_or_default(),
        note: note?,
    })
}

/// A list of rules in a small language.
fn rules(section: &Section<'_, '_, '_>, key: &str, read: fn(&str) -> Result<(), String>) -> List {
    let items = section.list(key).unwrap_or_default();
    for wrong in items.iter().filter_map(|item| read(item).err()) {
        section.complain(
            &section.span_of(key),
            "translation-rule",
            wrong,
            "see the head of the file for the forms of rules",
        );
    }
    items
}

pub(super) fn object(section: &Section<'_, '_, '_>) -> Option<EventObject> {
    let name = section.required("name", Section::str);
    let source = section.required("source", Section::str);
    let confidence = section.required("confidence", confidence);
    Some(EventObject {
        members: rules(section, "members", |text| MemberRule::parse(text).map(drop)),
        note: section.str("note"),
        name: name?,
        source: source?,
        confidence: confidence?,
    })
}

pub(super) fn event(section: &Section<'_, '_, '_>) -> Option<EventTranslation> {
    let name = section.required("name", Section::str);
    let source = section.required("source", Section::str);
    let confidence = section.required("confidence", confidence);
    let older = section.str("older");
    let data = rules(section, "data", |text| DataRule::parse(text).map(drop));
    if older.is_some() == data.is_empty() {
        section.complain(
            &section.span_of("older"),
            "older-event",
            "`older` and `data` go together",
            "give both, or leave both out if the older API has no such event",
        );
    }
    Some(EventTranslation {
        members: rules(section, "members", |text| MemberRule::parse(text).map(drop)),
        older,
        each: section.str("each"),
        data,
        evidence: section.str("evidence"),
        note: section.str("note"),
        name: name?,
        source: source?,
        confidence: confidence?,
    })
}

pub(super) fn translation(section: &Section<'_, '_, '_>) -> Option<Translation> {
    let list = |key: &str, read: fn(&str) -> Result<(), String>| rules(section, key, read);
    let path = |_: &str| Ok(());
    let value = |text: &str| ValueRule::parse(text).map(drop);
    let from = section.required("from", Section::str);
    let to = section.required("to", Section::str);
    let source = section.required("source", Section::str);
    Some(Translation {
        when: section.str("when"),
        params: list("params", |text| ParamRule::parse(text).map(drop)),
        set: list("set", value),
        required: list("required", |text| alternatives(text).map(drop)),
        allowed_values: list("allowed_values", value),
        dependent_required: list("dependent_required", value),
        drop: list("drop", path),
        reply: list("reply", |text| ReplyRule::parse(text).map(drop)),
        errors: list("errors", |text| error_rule(text).map(drop)),
        note: section.str("note"),
        from: from?,
        to: to?,
        source: source?,
    })
}
