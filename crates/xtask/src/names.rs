//! `src/vocabulary/generated.rs`: the methods and parameters that `tests/docs` names.
//!
//! The facts themselves were read from the documentation and from the PHP source, once, and
//! are changed by hand.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::SourceError;
use crate::facts::{self, Facts};

/// The text of the file.
///
/// # Errors
///
/// [`SourceError`] if a file of `tests/docs` is missing or wrong, or if two name a method.
pub fn generate() -> Result<String, SourceError> {
    let structures = facts::structures()?;
    let mut methods: BTreeMap<String, String> = BTreeMap::new();
    for (name, facts) in facts::documented()? {
        let line = format!(
            "Method {{ name: {name:?}, params: Some({:?}) }}",
            paths(&facts, &structures)
        );
        methods.insert(name.to_ascii_lowercase(), line);
    }
    for name in facts::of_source_only()? {
        let line = format!("Method {{ name: {name:?}, params: None }}");
        let before = methods.insert(name.to_ascii_lowercase(), line);
        if before.is_some() {
            let what = format!("{name} is documented");
            return Err(SourceError::new("tests/docs/source-only.toml", what));
        }
    }
    let mut out = String::from(
        "//! Generated from `tests/docs` by `cargo xtask generate`.\n\
         //! Do not edit: change the facts.\n\n\
         use super::method::Method;\n\n\
         /// By name, in the order of their small letters.\n\
         #[rustfmt::skip]\npub(super) const METHODS: &[Method] = &[\n",
    );
    for line in methods.values() {
        let _ = writeln!(out, "    {line},");
    }
    out.push_str("];\n\n#[rustfmt::skip]\npub(super) const STRUCTURES: &[(&str, &str)] = &[\n");
    for (name, facts) in &structures {
        let _ = writeln!(out, "    ({name:?}, {:?}),", paths(facts, &structures));
    }
    out.push_str("];\n");
    Ok(out)
}

/// The paths of all parameters, between spaces. Lists are passed through, and paths that
/// others begin with are left out.
fn paths(facts: &Facts, structures: &[(String, Facts)]) -> String {
    let params = facts
        .params
        .iter()
        .map(|param| (plain(&param.path), param.types.clone()));
    let of_source = facts
        .source_params
        .iter()
        .map(|path| (plain(path), String::new()));
    let all: Vec<(String, String)> = params.chain(of_source).collect();
    let mut out: Vec<String> = Vec::new();
    for (path, types) in &all {
        let is_begun = all
            .iter()
            .any(|(other, _)| other.starts_with(&format!("{path}.")));
        let takes_any_spelling = facts.any_spelling.contains(path);
        if is_begun && !takes_any_spelling {
            continue;
        }
        let last = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        let held = types.strip_prefix('<').and_then(|types| types.strip_suffix('>'));
        let held = held.or_else(|| {
            structures
                .iter()
                .any(|(name, _)| *name == last)
                .then_some(last.as_str())
        });
        out.push(match held {
            Some(held) => format!("{path}={held}"),
            None if takes_any_spelling => format!("{path}~"),
            None => path.clone(),
        });
    }
    out.join(" ")
}

fn plain(path: &str) -> String {
    path.replace("[]", "")
}
