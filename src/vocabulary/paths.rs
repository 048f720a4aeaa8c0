//! The listed paths of parameters.

use super::generated::STRUCTURES;

/// The listed paths of a method or a structure.
#[derive(Clone, Copy)]
pub(super) struct Paths(pub(super) &'static str);

/// One of them.
#[derive(Clone, Copy)]
pub(super) struct Listed {
    pub(super) path: &'static str,
    pub(super) structure: Option<&'static str>,
    pub(super) takes_any_spelling: bool,
}

impl Paths {
    pub(super) fn iter(self) -> impl Iterator<Item = Listed> {
        self.0.split(' ').filter(|path| !path.is_empty()).map(|text| {
            let (path, structure) = match text.split_once('=') {
                Some((path, structure)) => (path, Some(structure)),
                None => (text, None),
            };
            Listed {
                path: path.trim_end_matches('~'),
                structure,
                takes_any_spelling: path.ends_with('~'),
            }
        })
    }
}

/// The paths of a structure.
pub(super) fn structure(name: &str) -> Option<Paths> {
    let found = STRUCTURES.iter().find(|(own, _)| *own == name);
    found.map(|(_, paths)| Paths(paths))
}

/// A path below another one.
pub(super) fn join(above: &str, name: &str) -> String {
    match above.is_empty() {
        true => name.to_owned(),
        false => format!("{above}.{name}"),
    }
}
