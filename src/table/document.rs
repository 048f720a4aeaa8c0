//! A table file as it is written: `features.toml`, or an overlay.

use semver::{Version, VersionReq};

use super::error::TableError;
use super::read::{Located, Reader, Section};
use super::release::{ImbotV2, Release, Seen};
use super::row::{Applies, Change, Fallback, List, Row, Str};
use super::terms::{Confidence, Kind, Shim, ValueKind, WhenUnknown};
use super::translation::{ParamRule, ReplyRule, Translation, ValueRule, alternatives, error_rule};
use super::{CloudDomains, Source, Table, lint};
use crate::feature::RevisionRange;
use crate::revision::{Axis, Revision};

mod keys;
mod sources;

use keys::*;
use sources::resolve_sources;

/// A table file that was read and passed every rule.
#[derive(Debug)]
pub struct Document {
    pub(super) title: Str,
    pub(super) version: Version,
    pub(super) requires: Option<VersionReq>,
    pub(super) imbot_v2: Option<ImbotV2>,
    pub(super) cloud: Vec<Located<CloudDomains>>,
    pub(super) sources: Vec<Located<Source>>,
    pub(super) changes: Vec<Located<Change>>,
    pub(super) releases: Vec<Located<Release>>,
    pub(super) unversioned_methods: List,
    pub(super) rows: Vec<Located<Row>>,
    pub(super) translations: Vec<Located<Translation>>,
}

impl Document {
    /// Reads a whole table, such as the crate's own `features.toml`.
    ///
    /// # Errors
    ///
    /// [`TableError`] with the problems found, 1,000 at most: text that is not TOML or longer than 1 MiB, unknown,
    /// missing or wrong keys, and broken rules, each with its place and remedy.
    pub fn parse(text: &str) -> Result<Document, TableError> {
        Self::read(text, None)
    }

    /// Reads a table, or an overlay on `base`.
    pub(super) fn read(text: &str, base: Option<&Table>) -> Result<Document, TableError> {
        let reader = Reader::new(text);
        if text.len() > BYTE_LIMIT {
            let what = format!("the file is longer than {BYTE_LIMIT} bytes");
            reader.complain(&(0..0), None, "too-long", what, "split it into several overlays");
            return reader.finish(None);
        }
        let root = reader.parse()?;
        let keys = if base.is_some() { OVERLAY_KEYS } else { TABLE_KEYS };
        let top = Section::new(&reader, root.get_ref(), 0..0, "the file", None, keys);
        let document = top_level(&top, base);
        if let Some(document) = &document {
            lint::check(&reader, document, base);
        }
        reader.finish(document)
    }

    /// The title.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The version of the file.
    #[must_use]
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// When imbot.v2 came; none in overlays.
    #[must_use]
    pub fn imbot_v2(&self) -> Option<&ImbotV2> {
        self.imbot_v2.as_ref()
    }

    /// The rows, in the order of the file.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &Row> + Clone {
        self.rows.iter().map(|row| &row.item)
    }

    /// The entries of the change log.
    pub fn changes(&self) -> impl ExactSizeIterator<Item = &Change> + Clone {
        self.changes.iter().map(|change| &change.item)
    }

    /// The releases, oldest first.
    pub fn releases(&self) -> impl ExactSizeIterator<Item = &Release> + Clone {
        self.releases.iter().map(|release| &release.item)
    }

    /// Where sources lead.
    pub fn sources(&self) -> impl ExactSizeIterator<Item = &Source> + Clone {
        self.sources.iter().map(|source| &source.item)
    }

    /// The cloud's own domains.
    pub fn cloud_domains(&self) -> impl ExactSizeIterator<Item = &CloudDomains> + Clone {
        self.cloud.iter().map(|domains| &domains.item)
    }

    /// How calls are made with older methods.
    pub fn translations(&self) -> impl ExactSizeIterator<Item = &Translation> + Clone {
        self.translations.iter().map(|translation| &translation.item)
    }

    /// Methods that rows name and no known revision ranges.
    pub fn unversioned_methods(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        self.unversioned_methods.iter().map(|method| &**method)
    }
}

/// The longest file that is read, in bytes: more than five times the crate's own.
const BYTE_LIMIT: usize = 1 << 20;

const LEAST_VERSION: &str = "a requirement such as \">=26.300.0\"";

fn top_level(top: &Section<'_, '_, '_>, base: Option<&Table>) -> Option<Document> {
    let title = top.required("title", Section::str);
    let version = top.required("version", |top, key| {
        top.parsed::<Version>(key, "a version such as \"1.0.0\"")
    });
    let requires = match base {
        Some(_) => top.required("requires", |top, key| {
            top.parsed::<VersionReq>(
                key,
                "what the overlay needs of the table's version, such as \"^2\"",
            )
        }),
        None => None,
    };
    let imbot_v2 = match base {
        None => top.required("imbot_v2", |top, key| {
            imbot_v2(&top.section(key, "imbot_v2", IMBOT_KEYS)?)
        }),
        Some(_) => None,
    };
    let cloud = top.each("cloud", "domains of the cloud", "source", CLOUD_KEYS, |section| {
        let domains = section.required("domains", Section::list);
        Some(CloudDomains {
            source: section.required("source", Section::str)?,
            names: domains?,
        })
    });
    let sources = top.each("source", "a source", "id", SOURCE_KEYS, source);
    let changes = top.each("change", "a change", "code", CHANGE_KEYS, change);
    let releases = top.each("release", "a release", "rest", RELEASE_KEYS, release);
    let overlay = base.and(title.as_ref());
    let rows = top.each("feature", "a feature", "id", ROW_KEYS, |section| {
        row(section, overlay)
    });

    let translations = top.each(
        "translation",
        "a translation",
        "from",
        TRANSLATION_KEYS,
        translation,
    );

    let mut document = Document {
        title: title?,
        version: version?.1,
        requires: match base {
            Some(_) => Some(requires?.1),
            None => None,
        },
        imbot_v2,
        cloud,
        sources,
        changes,
        releases,
        unversioned_methods: top.list("unversioned_methods").unwrap_or_default(),
        rows,
        translations,
    };
    resolve_sources(&mut document, top, base);
    Some(document)
}

fn source(section: &Section<'_, '_, '_>) -> Option<Source> {
    Some(Source {
        id: section.required("id", Section::str)?,
        url: section.required("url", Section::str)?,
        commit: section.str("commit"),
    })
}

fn change(section: &Section<'_, '_, '_>) -> Option<Change> {
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
    Some(Change {
        source: section.required("source", Section::str)?,
        code: code?,
        title: title?,
        kind: kind?,
        rest: section.revision("rest"),
        published: published?,
        docs_only: why,
    })
}

fn release(section: &Section<'_, '_, '_>) -> Option<Release> {
    let seen = |key| {
        let seen = section.section(key, "a span of versions", SEEN_KEYS)?;
        let first = seen.required("first", |seen, key| {
            seen.parsed::<Version>(key, "a module version such as \"26.300.0\"")
        });
        let last = seen.required("last", |seen, key| {
            seen.parsed::<Version>(key, "a module version such as \"26.300.0\"")
        });
        Some(Seen {
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
        others: ["web", "mobile", "desktop"].map(|axis| section.revision(axis)),
        seen: section.date("seen"),
        published: section.date("published"),
        confidence: confidence?,
        note: section.str("note"),
    })
}

fn imbot_v2(section: &Section<'_, '_, '_>) -> Option<ImbotV2> {
    let version = |key| {
        section.required(key, |section, key| {
            section.parsed::<Version>(key, "a version of module imbot such as \"26.50.0\"")
        })
    };
    let versions = ["absent", "present", "revision_get_absent", "revision_get"].map(version);
    let [absent, present, revision_get_absent, revision_get] = versions;
    Some(ImbotV2 {
        rest: section.required("rest", Section::revision)?,
        absent: absent?.0,
        present: present?.0,
        revision_get_absent: revision_get_absent?.0,
        revision_get: revision_get?.0,
        source: section.required("source", Section::str)?,
    })
}

fn kind(section: &Section<'_, '_, '_>, key: &str) -> Option<Kind> {
    section.word(key, Kind::WORDS, Kind::from_word)
}

fn confidence(section: &Section<'_, '_, '_>, key: &str) -> Option<Confidence> {
    section.word(key, Confidence::WORDS, Confidence::from_word)
}

fn row(section: &Section<'_, '_, '_>, overlay: Option<&Str>) -> Option<Row> {
    let modules = section.section("modules", "modules", MODULES_KEYS);
    let module = |key| {
        let modules = modules.as_ref()?;
        let (text, requirement) = modules.parsed::<VersionReq>(key, LEAST_VERSION)?;
        // Advice names the least version; another form would make it wrong.
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
    // Every key is read before any `?`, so that one run names all that is wrong.
    let id = section.required("id", Section::str);
    let name = match overlay {
        None => section.required("name", Section::str),
        Some(_) => Some(section.str("name").unwrap_or_default()),
    };
    let title = section.required("title", Section::str);
    let kind = section.required("kind", kind);
    let gate = section.required("requires", |section, key| {
        gate(
            &section.section(key, "`requires`", REQUIRES_KEYS)?,
            section.revision("until"),
        )
    });
    let applies = section.required("applies", |section, key| {
        Some(applies(&section.section(key, "`applies`", APPLIES_KEYS)?))
    });
    let fallback = section.section("fallback", "a fallback", FALLBACK_KEYS);
    let fallback = fallback.as_ref().map(|section| fallback_of(section));
    let source = section.required("source", Section::str);
    let confidence = section.required("confidence", confidence);
    let when_unknown = section.word("unknown", WhenUnknown::WORDS, WhenUnknown::from_word);
    Some(Row {
        id: id?,
        name: name?,
        title: title?,
        kind: kind?,
        gate: gate?,
        observed_since: section.revision("observed_since"),
        change: section.str("change"),
        published: section.date("published"),
        effective: section.date("effective"),
        sunset: section.date("sunset"),
        im: module("im"),
        imbot: module("imbot"),
        applies: applies?,
        fallback: fallback.flatten(),
        when_present: section.word("when_present", Shim::WORDS, Shim::from_word),
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

fn gate(section: &Section<'_, '_, '_>, until: Option<Revision>) -> Option<RevisionRange> {
    let ranges: Vec<(Axis, Revision)> = Axis::ALL
        .into_iter()
        .filter_map(|axis| Some((axis, section.revision(axis.key())?)))
        .collect();
    let (axis, since) = match *ranges {
        [] => (Axis::Rest, 0),
        [range] => range,
        [_, (second, _), ..] => {
            section.complain(
                &section.span_of(second.key()),
                "two-axes",
                "`requires` names two axes",
                "make one row for each axis",
            );
            return None;
        }
    };
    let api = section.word("api", &["imbot.v2"], |word| (word == "imbot.v2").then_some(()));
    Some(RevisionRange::new(axis, since, until, api.is_some()))
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
        value: section.word("value", ValueKind::WORDS, ValueKind::from_word),
        values: list("values"),
    }
}

fn fallback_of(section: &Section<'_, '_, '_>) -> Option<Fallback> {
    let shim = section.required("shim", |section, key| {
        section.word(key, Shim::WORDS, Shim::from_word)
    });
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

fn translation(section: &Section<'_, '_, '_>) -> Option<Translation> {
    let list = |key: &str, read: fn(&str) -> Result<(), String>| {
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
    };
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
        only: list("only", value),
        beside: list("beside", value),
        drop: list("drop", path),
        reply: list("reply", |text| ReplyRule::parse(text).map(drop)),
        errors: list("errors", |text| error_rule(text).map(drop)),
        note: section.str("note"),
        from: from?,
        to: to?,
        source: source?,
    })
}
