//! The keys of each table of the file. Any other key is an error.

pub(super) const TABLE_KEYS: &[&str] = &[
    "version",
    "title",
    "unversioned_methods",
    "imbot_v2",
    "cloud",
    "source",
    "change",
    "release",
    "feature",
    "translation",
    "object",
    "event",
];
pub(super) const OVERLAY_KEYS: &[&str] = &[
    "version",
    "title",
    "requires",
    "unversioned_methods",
    "cloud",
    "source",
    "change",
    "feature",
    "translation",
    "object",
    "event",
];
pub(super) const CLOUD_KEYS: &[&str] = &["domains", "source"];
pub(super) const SOURCE_KEYS: &[&str] = &["id", "url", "commit"];
pub(super) const CHANGE_KEYS: &[&str] = &[
    "code",
    "title",
    "kind",
    "rest",
    "published",
    "docs_only",
    "why",
    "source",
];
pub(super) const RELEASE_KEYS: &[&str] = &[
    "rest",
    "im",
    "main",
    "web",
    "mobile",
    "desktop",
    "seen",
    "published",
    "source",
    "confidence",
    "note",
];
pub(super) const SEEN_KEYS: &[&str] = &["first", "last"];
pub(super) const IMBOT_KEYS: &[&str] = &[
    "rest",
    "absent",
    "present",
    "revision_get_absent",
    "revision_get",
    "source",
];
pub(super) const ROW_KEYS: &[&str] = &[
    "id",
    "name",
    "title",
    "kind",
    "requires",
    "until",
    "observed_since",
    "change",
    "published",
    "effective",
    "sunset",
    "modules",
    "applies",
    "fallback",
    "when_present",
    "safe_when_missing",
    "unknown",
    "danger",
    "source",
    "evidence",
    "confidence",
    "note",
];
pub(super) const REQUIRES_KEYS: &[&str] = &["rest", "web", "mobile", "desktop", "api"];
pub(super) const MODULES_KEYS: &[&str] = &["im", "imbot"];
pub(super) const APPLIES_KEYS: &[&str] = &[
    "methods", "events", "request", "response", "data", "errors", "value", "values",
];
pub(super) const TRANSLATION_KEYS: &[&str] = &[
    "from",
    "to",
    "when",
    "params",
    "set",
    "required",
    "allowed_values",
    "dependent_required",
    "drop",
    "reply",
    "errors",
    "source",
    "note",
];
pub(super) const OBJECT_KEYS: &[&str] = &["name", "members", "source", "confidence", "note"];
pub(super) const EVENT_KEYS: &[&str] = &[
    "name",
    "members",
    "older",
    "each",
    "data",
    "source",
    "evidence",
    "confidence",
    "note",
];
pub(super) const FALLBACK_KEYS: &[&str] = &["shim", "v1", "older_codes", "note"];
