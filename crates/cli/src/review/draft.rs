//! A draft of rows of the table, for a person to complete and accept.

use std::fmt::Write;

use super::finding::{Finding, Kind};
use super::log::Entry;
use super::names::is_event;

/// The draft for the findings that the table does not have. Comments say what a person has to decide.
pub(crate) fn draft(findings: &[Finding]) -> String {
    let mut rows = String::from(
        "# A draft of rows for features.toml. Complete what a comment asks for, and delete what needs no row.\n",
    );
    for finding in findings {
        let row = match &finding.entry {
            Some(entry) if finding.kind == Kind::EntryAdded => change(entry, &finding.table),
            _ if !finding.table.is_empty() => continue,
            _ if finding.kind == Kind::RevisionAdded => release(finding, findings),
            _ => feature(finding),
        };
        if let Some(row) = row {
            let _ = write!(rows, "\n# finding: {}\n{row}", finding.fingerprint);
        }
    }
    rows
}

/// The release of a revision, with the day of its entries.
fn release(finding: &Finding, findings: &[Finding]) -> Option<String> {
    let rest: u16 = finding.subject.strip_prefix("rest-")?.parse().ok()?;
    let entry = findings
        .iter()
        .filter_map(|finding| finding.entry.as_ref())
        .find(|entry| entry.rest == Some(rest));
    let published = entry
        .and_then(|entry| entry.published.as_ref())
        .map_or_else(String::new, |day| format!("published = {day}\n"));
    let source = quoted(&format!("docs:{}", finding.page));
    Some(format!(
        "[[release]]\nrest = {rest}\n{published}source = {source}\nconfidence = \"documented\"\n"
    ))
}

/// A text as a TOML string.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn list<'t>(values: impl IntoIterator<Item = &'t str>) -> String {
    let values: Vec<String> = values.into_iter().map(quoted).collect();
    format!("[{}]", values.join(", "))
}

/// The entry of the change log, and one row for what it changes.
fn change(entry: &Entry, table: &[String]) -> Option<String> {
    let code = quoted(&entry.code);
    let source = quoted(&format!("docs:{}", entry.source));
    let word = entry.code.split('-').nth(1).unwrap_or_default();
    let kind = match word {
        "NEW" => NEW,
        "FIX" => "\"fix\"",
        "BC" => BREAKING,
        _ => "\"new\" # decide: the code has another prefix",
    };
    let published = entry
        .published
        .as_deref()
        .unwrap_or("2000-01-01 # decide: the log has no day");
    let mut text = String::new();
    if !table.contains(&entry.code) {
        let _ = write!(
            text,
            "[[change]]\ncode = {code}\ntitle = {code} # decide: one sentence\nkind = {kind}\n"
        );
        if let Some(rest) = entry.rest {
            let _ = writeln!(text, "rest = {rest}");
        }
        let _ = writeln!(text, "published = {published}");
        if entry.docs_only {
            let _ = writeln!(
                text,
                "docs_only = true\nwhy = {code} # decide: why there is nothing to gate"
            );
        }
        let _ = writeln!(text, "source = {source}");
    }
    if !table.iter().any(|known| *known != entry.code) && !entry.docs_only {
        let requires = match entry.rest {
            Some(rest) => format!("{{ rest = {rest}, api = \"imbot.v2\" }}"),
            None => "{ api = \"imbot.v2\" } # decide: the log names no revision".to_owned(),
        };
        let _ = write!(
            text,
            "\n[[feature]]\nid = {} # decide: a name by subject\nname = \"{}\"\ntitle = {code} # decide: one sentence\n\
             kind = {kind}\nrequires = {requires}\nchange = {code}\npublished = {published}\n",
            quoted(&format!("draft.{}", entry.code.to_lowercase().replace('-', "_"))),
            variant(&entry.code),
        );
        for (key, days) in [("effective", &entry.from), ("sunset", &entry.until)] {
            if let Some(day) = days.first() {
                let _ = writeln!(text, "{key} = {day}");
            }
        }
        if !entry.names.is_empty() {
            let names: Vec<&str> = entry.names.iter().map(String::as_str).collect();
            let _ = writeln!(
                text,
                "# decide: request, response, errors or events of: {}",
                names.join(", ")
            );
        }
        let methods = entry.methods.iter().map(String::as_str);
        let _ = writeln!(
            text,
            "applies = {{ methods = {} }}\n{}",
            list(methods),
            tail(&source)
        );
    }
    (!text.is_empty()).then(|| text.trim_start().to_owned())
}

/// The kind of what is gone. The table takes `removed` only with the first revision without it, which pages do not name.
const REMOVED: &str = "\"deprecated\" # decide: removed, once `until` is known";
const NEW: &str = "\"new\"";
const BREAKING: &str = "\"breaking\"";

/// A row for what pages say without an entry of the change log.
fn feature(finding: &Finding) -> Option<String> {
    let of = finding.of.as_str();
    let (part, path) = finding.subject.split_once(':').unwrap_or(("", &finding.subject));
    let place = if is_event(of) { "events" } else { "methods" };
    let of_list = list([of]);
    let (id, kind, title, applies) = match finding.kind {
        Kind::MethodAdded | Kind::NameMentioned if !is_event(of) => (
            of.to_owned(),
            NEW,
            format!("The method {of}"),
            format!("methods = {of_list}"),
        ),
        Kind::EventAdded | Kind::NameMentioned => (
            of.to_owned(),
            NEW,
            format!("The event {of}"),
            format!("events = {of_list}"),
        ),
        Kind::MethodRemoved => (
            format!("{of}.removed"),
            REMOVED,
            format!("The method {of}, which pages no longer describe"),
            format!("methods = {of_list}"),
        ),
        Kind::FieldAdded | Kind::FieldRemoved | Kind::FieldType | Kind::FieldRequired => {
            let key = match part {
                "request" => "request",
                "response" => "response",
                "data" => "data",
                // An object of a guide has no method to name.
                _ => return None,
            };
            let shown = if key == "response" {
                path.strip_prefix("result.").unwrap_or(path)
            } else {
                path
            };
            let kind = match finding.kind {
                Kind::FieldAdded => NEW,
                Kind::FieldRemoved => REMOVED,
                _ => BREAKING,
            };
            let end = match finding.kind {
                Kind::FieldType => ".type",
                Kind::FieldRequired => ".required",
                _ => "",
            };
            let title = format!("{of}: {shown} ({} {})", finding.kind.as_str(), finding.change());
            (
                format!("{of}.{shown}{end}"),
                kind,
                title.replace(" )", ")"),
                format!("{place} = {of_list}, {key} = {}", list([shown])),
            )
        }
        Kind::FieldsMoved => {
            let (key, prefix) = finding.new.as_deref()?.split_once(':')?;
            let paths: Vec<String> = finding
                .subject
                .split(',')
                .map(|name| {
                    if prefix.is_empty() {
                        name.to_owned()
                    } else {
                        format!("{prefix}.{name}")
                    }
                })
                .collect();
            (
                format!("{of}.{}.moved", if prefix.is_empty() { "top" } else { prefix }),
                BREAKING,
                format!("{of}: {} ({})", finding.subject, finding.change()),
                format!(
                    "{place} = {of_list}, {key} = {}",
                    list(paths.iter().map(String::as_str))
                ),
            )
        }
        Kind::ErrorAdded | Kind::ErrorRemoved => (
            format!("error.{}.{of}", finding.subject.to_lowercase()),
            if finding.kind == Kind::ErrorAdded {
                NEW
            } else {
                REMOVED
            },
            format!("{of}: the error {}", finding.subject),
            format!(
                "{place} = {of_list}, errors = {}",
                list([finding.subject.as_str()])
            ),
        ),
        _ => return None,
    };
    let api = match of.starts_with("imbot.v2.") || of.starts_with("ONIMBOTV2") {
        true => "requires = { api = \"imbot.v2\" } # decide: the revision; the pages name none",
        false => "requires = { rest = 1 } # decide: the revision; the pages name none",
    };
    let id_text: String = id
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "._".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    Some(format!(
        "[[feature]]\nid = {}\nname = \"{}\"\ntitle = {} # decide: one sentence\nkind = {kind}\n{api}\n\
         applies = {{ {applies} }}\n{}\n",
        quoted(&id_text),
        variant(&id_text),
        quoted(&title),
        tail(&quoted(&format!("docs:{}", finding.page))),
    ))
}

/// The keys that all draft rows share.
fn tail(source: &str) -> String {
    format!(
        "fallback = {{ shim = \"no-fallback\", note = \"-\" }} # decide\nunknown = \"send\" # decide\nsource = {source}\n\
         confidence = \"documented\""
    )
}

/// The name of a variant, from an id.
fn variant(id: &str) -> String {
    id.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .map(|part| {
            let mut chars = part.chars();
            let first = chars.next().map(|c| c.to_ascii_uppercase());
            let is_shouted = !part.chars().any(|c| c.is_ascii_lowercase());
            let rest = chars.as_str();
            let rest = if is_shouted {
                rest.to_ascii_lowercase()
            } else {
                rest.to_owned()
            };
            first.into_iter().collect::<String>() + &rest
        })
        .collect()
}
