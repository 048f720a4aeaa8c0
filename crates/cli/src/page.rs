//! The page: every feature of a table in one HTML file.
//!
//! The file works offline and without scripts. Its policy allows its own script and style by their hashes, and no
//! request. All facts are in the rows: the script reads them there, so no fact is written twice.

mod csp;
mod error;
mod file;
mod group;
mod row;
mod source;
mod text;

use std::path::PathBuf;

use askama::Template;
use imbot_caps::table::{Confidence, ImbotV2Builds, Kind, Overlay, Release};
use imbot_caps::{Feature, Revision, Table};

pub(crate) use error::PageError;
pub(crate) use file::write;
use group::Group;
use text::Both;

const STYLE: &str = include_str!("../templates/page.css");
const SCRIPT: &str = include_str!("../templates/page.js");

#[derive(Template)]
#[template(path = "page.html")]
struct Html {
    policy: String,
    style: &'static str,
    script: &'static str,
    version: String,
    overlays: &'static [Overlay],
    features: usize,
    groups: Vec<Group>,
    releases: Vec<&'static Release>,
    builds: &'static ImbotV2Builds,
    /// The first revision with `imbot.v2.Revision.get`.
    revision_get: Revision,
    kinds: [(Kind, &'static str); 5],
    confidences: [(Confidence, &'static str, &'static str); 3],
}

impl Html {
    /// A text of the page itself, in both languages.
    fn t(&self, en: &'static str, ru: &'static str) -> Both {
        Both {
            en,
            ru,
            element: "span",
        }
    }

    /// The same, before a text of a row.
    fn label(&self, en: &'static str, ru: &'static str) -> Both {
        Both { en, ru, element: "b" }
    }
}

/// The built-in table with these overlays.
pub(crate) fn table(overlays: &[PathBuf]) -> Result<&'static Table, PageError> {
    let mut table = Table::builtin().clone();
    for path in overlays {
        let text = std::fs::read_to_string(path).map_err(|source| PageError::OverlayUnread {
            path: path.clone(),
            source,
        })?;
        table = table
            .with_overlay(&text)
            .map_err(|source| PageError::OverlayRefused {
                path: path.clone(),
                source,
            })?;
    }
    Ok(table.leak())
}

/// The page of a table.
pub(crate) fn render(table: &'static Table) -> Result<String, PageError> {
    let revision_get = Feature::ImbotV2RevisionGet.requirement().since();
    let revision_get = revision_get.unwrap_or_default();
    // Newest first: these rows are what an older portal lacks.
    let mut releases: Vec<_> = table.releases().collect();
    releases.reverse();
    let html = Html {
        policy: csp::of(STYLE, SCRIPT),
        style: STYLE,
        script: SCRIPT,
        version: table.version().to_string(),
        overlays: table.overlays(),
        features: table.rows().len(),
        groups: group::all(table, revision_get),
        releases,
        builds: table.imbot_v2_builds(),
        revision_get,
        kinds: [
            (Kind::New, "новое"),
            (Kind::Fix, "исправление"),
            (Kind::Breaking, "несовместимое изменение"),
            (Kind::Deprecated, "устарело"),
            (Kind::Removed, "удалено"),
        ],
        confidences: [
            (
                Confidence::Documented,
                "an official page says so",
                "есть в официальной документации",
            ),
            (
                Confidence::SourceDerived,
                "read in the published source of a module",
                "прочитано в исходном коде модуля",
            ),
            (
                Confidence::Inferred,
                "concluded, or reported by a user",
                "вывод или сообщение пользователя",
            ),
        ],
    };
    Ok(html.render()?)
}
