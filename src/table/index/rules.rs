//! The rules for a call of one method.

use super::rows::RowSet;
use super::spelling::names;
use super::translated::Translated;
use crate::table::path::{Path, Prefilter};
use crate::table::row::Row;
use crate::table::terms::Shim;
use crate::table::translation::Translation;

/// The parameters that portals accept as a structure or as JSON text: module im decodes
/// these in `im_rest.php` and in `FieldsValidationService.php`. Text in any other place is
/// text to a portal, also inside of these.
const JSON_TEXT: [&str; 6] = [
    "KEYBOARD",
    "MENU",
    "ATTACH",
    "fields.keyboard",
    "fields.menu",
    "fields.attach",
];

/// The rules of one method.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rules {
    /// Rows about the call as a whole, the method's own first.
    pub(crate) whole: Vec<Rule>,
    /// Rows about its parameters.
    pub(crate) parameters: Vec<Rule>,
    /// Rows whose shim changes the reply.
    pub(crate) replies: Vec<Rule>,
    /// Rows whose shim acts after the call.
    pub(crate) after: Vec<Rule>,
    pub(crate) translations: Vec<Translated>,
    /// The paths of the call that a translation names.
    pub(crate) named: Vec<Path>,
    /// Parameters that may come as JSON text, and into which rules look.
    pub(crate) texts: Vec<TextPath>,
    /// The rows of all these rules.
    pub(crate) rows: RowSet,
}

/// A row, with its paths parsed.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    /// The number of the row in the table.
    pub(crate) row: usize,
    /// Its paths in the request. For replies, in the result.
    pub(crate) paths: Vec<RulePath>,
}

/// A path of a rule.
#[derive(Clone, Debug)]
pub(crate) struct RulePath {
    /// As it is written.
    pub(crate) text: Box<str>,
    pub(crate) path: Path,
    /// The names that the path needs.
    pub(crate) needed: Prefilter,
    /// The bit of this path among the method's paths. The last bit is shared by all paths
    /// from the 64th on.
    pub(crate) bit: u64,
    /// The bits of paths that have to be looked at again once this one is changed.
    pub(crate) touches: u64,
}

/// A parameter that a portal accepts as a structure or as JSON text.
#[derive(Clone, Debug)]
pub(crate) struct TextPath {
    pub(crate) path: Path,
    /// The names that the path needs.
    pub(crate) needed: Prefilter,
    /// The rows that look into it.
    pub(crate) rows: RowSet,
}

/// The shims of a row: on portals without the feature, and on portals with it.
fn shims(row: &Row) -> [Option<Shim>; 2] {
    [row.fallback().map(|fallback| fallback.shim()), row.when_present()]
}

impl Rules {
    pub(super) fn new(rows: &[Row], translations: &[Translation], method: &str) -> Self {
        let mut rules = Self::default();
        for (number, row) in rows.iter().enumerate() {
            if row.applies().methods().any(|own| names(own, method)) {
                rules.add(number, row, method);
            }
        }
        // A second form is a copy of the first, after all other shims have changed it.
        rules.parameters.sort_by_key(|rule| {
            let row = rows.get(rule.row);
            let fallback = row.and_then(|row| row.fallback());
            fallback.is_some_and(|fallback| fallback.shim() == Shim::BothForms)
        });
        rules.translations = translations
            .iter()
            .filter(|translation| translation.from() == method)
            .filter_map(Translated::new)
            .collect();
        let named = rules.translations.iter().flat_map(Translated::named);
        rules.named = named.cloned().collect();
        rules.relate(rows);
        rules.texts = rules.find_texts(rows);
        rules
    }

    /// The parameters that may come as JSON text, and into which the rules look.
    fn find_texts(&self, rows: &[Row]) -> Vec<TextPath> {
        let of = |path: Path| {
            let looks_inside = |rule: &&Rule| rule.paths.iter().any(|place| place.path.leads_into(&path));
            let looking = self.parameters.iter().filter(looks_inside).map(|rule| rule.row);
            let looking: Vec<usize> = looking.collect();
            (!looking.is_empty()).then(|| TextPath {
                rows: RowSet::of(rows.len(), looking.into_iter()),
                needed: Prefilter::of_path(&path),
                path,
            })
        };
        JSON_TEXT.into_iter().map(Path::new).filter_map(of).collect()
    }

    /// Computes the set of rows, and which path touches which.
    fn relate(&mut self, rows: &[Row]) {
        let all = [&self.whole, &self.parameters, &self.replies, &self.after];
        let related = all.into_iter().flatten().map(|rule| rule.row);
        self.rows = RowSet::of(rows.len(), related);
        let has = |rule: &Rule, shim| {
            let row = rows.get(rule.row);
            row.is_some_and(|row| shims(row).contains(&Some(shim)))
        };
        let mut all = Vec::new();
        for rule in &mut self.parameters {
            let is_double = has(rule, Shim::BothForms);
            for place in &mut rule.paths {
                place.bit = 1 << all.len().min(63);
                all.push((place.path.clone(), place.bit, is_double));
            }
        }
        for rule in &mut self.parameters {
            // A rule that writes a second form uses two places.
            let is_double = has(rule, Shim::BothForms);
            let renames = has(rule, Shim::LowerKeys);
            for place in &mut rule.paths {
                let changed = match renames {
                    // The new key is another member of the old key's object.
                    true => &place.path.parent(),
                    false => &place.path,
                };
                let touched = all.iter().filter(|(path, _, other_is_double)| {
                    is_double || *other_is_double || changed.meets(path)
                });
                place.touches = touched.fold(0, |bits, (_, bit, _)| bits | bit);
            }
        }
    }

    fn add(&mut self, number: usize, row: &Row, method: &str) {
        let rule = |paths: &mut dyn Iterator<Item = &str>| Rule {
            row: number,
            paths: paths.map(RulePath::new).collect(),
        };
        let applies = row.applies();
        let shims = shims(row);
        let has = |shim| shims.contains(&Some(shim));
        if row.id() == method {
            self.whole.insert(0, rule(&mut std::iter::empty()));
        } else if applies.is_about_whole_calls() {
            self.whole.push(rule(&mut std::iter::empty()));
        } else if has(Shim::BotAddress) {
            self.after.push(rule(&mut std::iter::empty()));
        } else if applies.request().len() > 0 {
            self.parameters.push(rule(&mut applies.request()));
        } else if shims.iter().flatten().any(|shim| shim.is_of_reply()) {
            self.replies.push(rule(&mut applies.response()));
        } else if has(Shim::EventUnbind) {
            self.after.push(rule(&mut std::iter::empty()));
        }
    }
}

impl RulePath {
    fn new(text: &str) -> Self {
        let path = Path::new(text);
        Self {
            text: text.into(),
            needed: Prefilter::of_path(&path),
            path,
            bit: 0,
            touches: 0,
        }
    }
}
