//! Names and types in the cells of a table of fields.

use std::collections::BTreeSet;

use super::markdown::{code_spans, prose};

/// The name of a row, its star, and what follows it in the cell.
pub(super) struct Name<'c> {
    pub(super) name: String,
    pub(super) required: bool,
    pub(super) rest: &'c str,
}

impl<'c> Name<'c> {
    pub(super) fn read(cell: &'c str) -> Self {
        let end = cell.find('\n').or_else(|| cell.find("[`")).unwrap_or(cell.len());
        let (name, rest) = cell.split_at(end);
        let name = name.trim().replace(['\\', '^'], "");
        let stars = name.chars().rev().take_while(|c| *c == '*').count();
        // `**name***` and `` `name`* `` are required; `**name**` is not.
        let required = if name.starts_with("**") {
            stars == 1 || stars >= 3
        } else {
            stars >= 1
        };
        Self {
            name: name.trim_matches(['*', '`', ' ']).to_owned(),
            required,
            rest,
        }
    }
}

/// The types of a cell, in lower case, without links, each under one name.
pub(super) fn types_of(cell: &str) -> BTreeSet<String> {
    let cell = cell.replace('\\', "");
    let spans = code_spans(&cell);
    let text = if spans.is_empty() {
        prose(&cell)
    } else {
        spans.join("|")
    };
    text.split(['|', ',', '\n'])
        .flat_map(|kind| kind.split(" or ").flat_map(|kind| kind.split(" или ")))
        .map(|kind| kind.trim_matches(|c: char| c.is_whitespace() || "*`()".contains(c)))
        // The text of a link.
        .map(|kind| match kind.strip_prefix('[') {
            Some(inner) => inner.strip_suffix(']').unwrap_or(inner).to_lowercase(),
            None => kind.to_lowercase(),
        })
        .map(|kind| match kind.as_str() {
            "bool" | "true" | "false" => "boolean".to_owned(),
            "int" => "integer".to_owned(),
            _ => kind,
        })
        .filter(|kind| kind.chars().any(char::is_alphanumeric))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_have_one_spelling() {
        let of = |cell| types_of(cell).into_iter().collect::<Vec<_>>().join("|");
        assert_eq!(of("[```string|null```](x.md)"), "null|string");
        assert_eq!(of("[`string\\|false`](x.md)"), "boolean|string");
        assert_eq!(of("[integer[]](x.md)"), "integer[]");
        assert_eq!(of("`Int` or `Bool`"), "boolean|integer");
    }

    #[test]
    fn stars_after_names_mean_required() {
        for cell in ["**a***", "`a`*", "**a**\\*", "a*", "**a^*^**"] {
            let name = Name::read(cell);
            assert!(name.required && name.name == "a", "{cell}");
        }
        for cell in ["**a**", "`a`", "a"] {
            assert!(!Name::read(cell).required, "{cell}");
        }
    }
}
