//! Turns the short forms of sources into addresses.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::table::document::TableFile;
use crate::table::section::Section;
use crate::table::source::Source;
use crate::table::table::Table;
use crate::table::text::Str;

/// Turns `docs:path#anchor` and `modules@commit:path` into addresses.
pub(super) fn resolve_sources(document: &mut TableFile, top: &Section<'_, '_, '_>, base: Option<&Table>) {
    let own = document.sources.iter().map(|source| &source.item);
    let sources: BTreeMap<Str, Source> = base
        .into_iter()
        .flat_map(Table::sources)
        .chain(own)
        .map(|source| (source.id.clone(), source.clone()))
        .collect();
    let resolve = |text: &mut Str, span, row: &str| match address(text, &sources) {
        Ok(address) => *text = Cow::Owned(address),
        Err(remedy) => top.complain_in(
            &span,
            row,
            "source",
            format!("the source \"{text}\" leads nowhere"),
            remedy,
        ),
    };
    for located in &mut document.rows {
        let (source, evidence) = (located.span("source"), located.span("evidence"));
        let row = located.item.id.clone();
        resolve(&mut located.item.source, source, &row);
        if let Some(text) = &mut located.item.evidence {
            resolve(text, evidence, &row);
        }
    }
    for located in &mut document.changes {
        let (span, code) = (located.span("source"), located.item.code.clone());
        resolve(&mut located.item.source, span, &code);
    }
    for located in &mut document.releases {
        let (span, rest) = (located.span("source"), located.item.rest.to_string());
        resolve(&mut located.item.source, span, &rest);
    }
    for located in &mut document.translations {
        let (span, from) = (located.span("source"), located.item.from.clone());
        resolve(&mut located.item.source, span, &from);
    }
    for located in &mut document.objects {
        let (span, name) = (located.span("source"), located.item.name.clone());
        resolve(&mut located.item.source, span, &name);
    }
    for located in &mut document.events {
        let (source, evidence) = (located.span("source"), located.span("evidence"));
        let name = located.item.name.clone();
        resolve(&mut located.item.source, source, &name);
        if let Some(text) = &mut located.item.evidence {
            resolve(text, evidence, &name);
        }
    }
    for located in &mut document.cloud {
        let (span, source) = (located.span("source"), located.item.source.clone());
        resolve(&mut located.item.source, span, &source);
    }
    if let Some(imbot_v2) = &mut document.imbot_v2 {
        resolve(&mut imbot_v2.source, top.span_of("imbot_v2"), "imbot_v2");
    }
}

fn address(text: &str, sources: &BTreeMap<Str, Source>) -> Result<String, String> {
    if text.starts_with("https://") && !text.contains(char::is_whitespace) {
        return Ok(text.to_owned());
    }
    let (head, path) = text
        .split_once(':')
        .ok_or("write an https address, or `id:path` with the id of a [[source]]")?;
    let (id, commit) = match head.split_once('@') {
        Some((id, commit)) => (id, Some(commit)),
        None => (head, None),
    };
    let source = sources.get(id).ok_or_else(|| {
        let known: Vec<&str> = sources.keys().map(|id| &**id).collect();
        format!(
            "add a [[source]] with the id `{id}`, or use one of: {}",
            known.join(", ")
        )
    })?;
    let commit = commit.or(source.commit.as_deref());
    if source.url.contains("{commit}") && commit.is_none() {
        return Err(format!("name a commit: `{id}@commit:path`"));
    }
    Ok(source
        .url
        .replace("{commit}", commit.unwrap_or_default())
        .replace("{path}", path))
}
