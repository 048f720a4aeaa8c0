//! Each accessor of the table gives what the file says.

use imbot_caps::table::{SeenVersions, TableFile};
use imbot_caps::{Counter, Revision, Table};
use serde_json::{Map, Value, json};

const FEATURES: &str = include_str!("../../../features.toml");

/// An object without the members that are not there.
fn object(members: Value) -> Value {
    let Value::Object(members) = members else { panic!() };
    let is_there = |value: &Value| {
        let is_empty_list = value.as_array().is_some_and(Vec::is_empty);
        let is_empty_object = value.as_object().is_some_and(Map::is_empty);
        !value.is_null() && *value != json!(false) && !is_empty_list && !is_empty_object
    };
    members.into_iter().filter(|(_, value)| is_there(value)).collect()
}

/// The address of "id:path" or "id@commit:path".
fn link(source: &str, sources: &toml::Value) -> String {
    let Some((place, path)) = source.split_once(':').filter(|_| !source.starts_with("https:")) else {
        return source.to_owned();
    };
    let (id, commit) = match place.split_once('@') {
        Some((id, commit)) => (id, Some(commit)),
        None => (place, None),
    };
    let own = sources
        .as_array()
        .unwrap()
        .iter()
        .find(|own| own["id"].as_str() == Some(id));
    let own = own.unwrap_or_else(|| panic!("{source}"));
    let commit = commit.unwrap_or_else(|| own["commit"].as_str().unwrap());
    let address = own["url"].as_str().unwrap().replace("{commit}", commit);
    address.replace("{path}", path)
}

/// A section of the file, with days as text and addresses in place of their short forms.
fn section(file: &toml::Value, name: &str) -> Value {
    let mut section = plain(&file[name]);
    let items = match &mut section {
        Value::Array(items) => items.as_mut_slice(),
        one => std::slice::from_mut(one),
    };
    for item in items {
        for name in ["source", "evidence"] {
            if let Some(source) = item.get_mut(name) {
                *source = link(source.as_str().unwrap(), &file["source"]).into();
            }
        }
    }
    section
}

fn plain(value: &toml::Value) -> Value {
    match value {
        toml::Value::String(text) => json!(text),
        toml::Value::Integer(number) => json!(number),
        toml::Value::Boolean(is_true) => json!(is_true),
        toml::Value::Datetime(day) => json!(day.to_string()),
        toml::Value::Array(items) => items.iter().map(plain).collect(),
        toml::Value::Table(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), plain(value)))
            .collect(),
        toml::Value::Float(_) => panic!("the file has no such number"),
    }
}

fn text(value: Option<impl ToString>) -> Value {
    value.map(|value| value.to_string()).into()
}

fn number(revision: Option<Revision>) -> Value {
    revision.into()
}

fn list<'t>(texts: impl Iterator<Item = &'t str>) -> Value {
    texts.collect()
}

fn versions(seen: Option<&SeenVersions>) -> Value {
    seen.map(|seen| json!({"first": seen.first(), "last": seen.last()}))
        .into()
}

#[test]
fn accessors_give_what_file_says() {
    let file: toml::Value = toml::from_str(FEATURES).unwrap();
    let section = |name| section(&file, name);
    let table = Table::builtin();
    let read = TableFile::parse(FEATURES).unwrap();

    assert_eq!(json!(table.version().to_string()), section("version"));
    assert_eq!(json!(read.version().to_string()), section("version"));
    assert_eq!(json!(read.title()), section("title"));
    for methods in [
        list(table.unversioned_methods()),
        list(read.unversioned_methods()),
    ] {
        assert_eq!(methods, section("unversioned_methods"));
    }
    for builds in [table.imbot_v2_builds(), read.imbot_v2_builds().unwrap()] {
        let own = json!({
            "rest": builds.rest(),
            "absent": builds.last_without_imbot_v2(),
            "present": builds.first_with_imbot_v2(),
            "revision_get_absent": builds.last_without_revision_get(),
            "revision_get": builds.first_with_revision_get(),
            "source": builds.source(),
        });
        assert_eq!(own, section("imbot_v2"));
    }
    for domains in [
        table.cloud_domains().collect::<Vec<_>>(),
        read.cloud_domains().collect(),
    ] {
        let own = domains
            .iter()
            .map(|own| json!({"domains": list(own.names()), "source": own.source()}));
        assert_eq!(own.collect::<Value>(), section("cloud"));
    }
    for sources in [table.sources().collect::<Vec<_>>(), read.sources().collect()] {
        let own = sources
            .iter()
            .map(|own| object(json!({"id": own.id(), "url": own.url(), "commit": own.commit()})));
        assert_eq!(own.collect::<Value>(), section("source"));
    }
    for changes in [
        table.change_log().collect::<Vec<_>>(),
        read.change_log().collect(),
    ] {
        let own = changes.iter().map(|own| {
            object(json!({
                "code": own.code(),
                "title": own.title(),
                "kind": own.kind().as_str(),
                "rest": number(own.rest()),
                "published": own.published().to_string(),
                "docs_only": own.docs_only_reason().is_some(),
                "why": own.docs_only_reason(),
                "source": own.source(),
            }))
        });
        assert_eq!(own.collect::<Value>(), section("change"));
    }
    for releases in [table.releases().collect::<Vec<_>>(), read.releases().collect()] {
        let own = releases.iter().map(|own| {
            object(json!({
                "rest": own.rest(),
                "im": versions(own.im_versions()),
                "main": versions(own.main_versions()),
                "web": number(own.get(Counter::Web)),
                "mobile": number(own.get(Counter::Mobile)),
                "desktop": number(own.get(Counter::Desktop)),
                "seen": text(own.seen()),
                "published": text(own.published()),
                "source": own.source(),
                "confidence": own.confidence().as_str(),
                "note": own.note(),
            }))
        });
        assert_eq!(own.collect::<Value>(), section("release"));
    }
    for translations in [
        table.translations().collect::<Vec<_>>(),
        read.translations().collect(),
    ] {
        let own = translations.iter().map(|own| {
            object(json!({
                "from": own.from(),
                "to": own.to(),
                "when": own.when(),
                "params": list(own.params()),
                "set": list(own.set()),
                "required": list(own.required()),
                "allowed_values": list(own.allowed_values()),
                "dependent_required": list(own.dependent_required()),
                "drop": list(own.drop()),
                "reply": list(own.reply()),
                "errors": list(own.errors()),
                "source": own.source(),
                "note": own.note(),
            }))
        });
        assert_eq!(own.collect::<Value>(), section("translation"));
    }
    for objects in [
        table.event_objects().collect::<Vec<_>>(),
        read.event_objects().collect(),
    ] {
        let own = objects.iter().map(|own| {
            object(json!({
                "name": own.name(),
                "members": list(own.members()),
                "source": own.source(),
                "confidence": own.confidence().as_str(),
                "note": own.note(),
            }))
        });
        assert_eq!(own.collect::<Value>(), section("object"));
    }
    for events in [
        table.event_translations().collect::<Vec<_>>(),
        read.event_translations().collect(),
    ] {
        let own = events.iter().map(|own| {
            object(json!({
                "name": own.name(),
                "members": list(own.members()),
                "older": own.older(),
                "each": own.each(),
                "data": list(own.data()),
                "source": own.source(),
                "evidence": own.evidence(),
                "confidence": own.confidence().as_str(),
                "note": own.note(),
            }))
        });
        assert_eq!(own.collect::<Value>(), section("event"));
    }
}

#[test]
fn row_accessors_give_what_file_says() {
    let file: toml::Value = toml::from_str(FEATURES).unwrap();
    let Value::Array(rows) = section(&file, "feature") else {
        panic!()
    };
    let table = Table::builtin();
    assert_eq!(table.rows().len(), rows.len());
    for (row, said) in table.rows().zip(rows) {
        let (requirement, applies, fallback) = (row.requirement(), row.applies(), row.fallback());
        assert_eq!(requirement.counter(), Counter::Rest);
        let own = object(json!({
            "id": row.id(),
            "name": row.name(),
            "title": row.title(),
            "kind": row.kind().as_str(),
            "requires": object(json!({
                "rest": number(requirement.since()),
                "api": requirement.needs_imbot_v2().then_some("imbot.v2"),
            })),
            "until": number(requirement.first_without()),
            "change": row.change_log_code(),
            "published": text(row.published()),
            "effective": text(row.effective()),
            "sunset": text(row.sunset()),
            "observed_since": number(row.observed_since()),
            "modules": object(json!({"im": row.im_versions(), "imbot": row.imbot_versions()})),
            "applies": object(json!({
                "methods": list(applies.methods()),
                "events": list(applies.events()),
                "request": list(applies.request()),
                "response": list(applies.response()),
                "data": list(applies.data()),
                "errors": list(applies.errors()),
                "value": applies.value().map(|kind| kind.as_str()),
                "values": list(applies.values()),
            })),
            "fallback": fallback.map(|own| object(json!({
                "shim": own.shim().as_str(),
                "v1": own.v1(),
                "older_codes": list(own.older_codes()),
                "note": own.note(),
            }))),
            "when_present": row.when_present().map(|shim| shim.as_str()),
            "safe_when_missing": row.is_safe_when_missing(),
            "unknown": row.when_unknown().as_str(),
            "danger": row.danger(),
            "source": row.source(),
            "evidence": row.evidence(),
            "confidence": row.confidence().as_str(),
            "note": row.note(),
            "overlay": row.overlay(),
        }));
        assert_eq!(own, said, "{}", row.id());
    }
}
