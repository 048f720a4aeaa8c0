//! The table by method: what a call of each has to be held against. Made once for
//! each table, when it is first needed.

use super::path::{Hint, Path};
use super::translation::{Origin, ParamRule, ReplyRule, Translation, ValueRule, alternatives, error_rule};
use super::{Row, Shim, Table};

mod names;
mod rows;

use names::Names;
pub(crate) use rows::RowSet;

/// The parameters that portals take as a structure or as JSON text: module im decodes
/// these in `im_rest.php` and in `FieldsValidationService.php`. Text in any other place
/// stays text to a portal, also inside of these.
const JSON_TEXT: [&str; 6] = [
    "KEYBOARD",
    "MENU",
    "ATTACH",
    "fields.keyboard",
    "fields.menu",
    "fields.attach",
];

/// Rules by method.
#[derive(Clone, Debug)]
pub(crate) struct Index {
    methods: Vec<Method>,
    names: Names,
}

#[derive(Clone, Debug)]
struct Method {
    name: Box<str>,
    rules: Rules,
}

/// What concerns one method.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rules {
    /// Rows about the call as a whole, the method's own first.
    pub(crate) whole: Vec<Rule>,
    /// Rows about its parameters.
    pub(crate) parameters: Vec<Rule>,
    /// Rows whose shim is for the reply.
    pub(crate) replies: Vec<Rule>,
    /// Rows whose shim comes after the call.
    pub(crate) after: Vec<Rule>,
    pub(crate) translations: Vec<Translated>,
    /// The paths of the call of which a translation says what becomes of them.
    pub(crate) named: Vec<Path>,
    /// Parameters into which rules look, and which may come as JSON text.
    pub(crate) texts: Vec<TextPlace>,
    /// The rows of all these rules.
    pub(crate) rows: RowSet,
}

/// A row, with its paths read.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    /// The number of the row in the table.
    pub(crate) row: usize,
    /// Where in the request; for replies, in the result.
    pub(crate) places: Vec<Place>,
}

/// A path of a rule.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// As it is written.
    pub(crate) text: Box<str>,
    pub(crate) path: Path,
    /// The names without which nothing is there.
    pub(crate) needed: Hint,
    /// Which of the method's parameters it is, as one bit. The last bit is that of all
    /// for which there is none left.
    pub(crate) bit: u64,
    /// Those that may be about something else once this one is changed.
    pub(crate) touches: u64,
}

/// A parameter that a portal takes as a structure or as JSON text.
#[derive(Clone, Debug)]
pub(crate) struct TextPlace {
    pub(crate) path: Path,
    /// The rows that look into it.
    pub(crate) rows: RowSet,
}

/// A translation, with its rules read.
#[derive(Clone, Debug)]
pub(crate) struct Translated {
    pub(crate) to: Box<str>,
    pub(crate) when: Option<Path>,
    pub(crate) params: Vec<ParamRule>,
    pub(crate) set: Vec<ValueRule>,
    /// Of each, one path must be there.
    pub(crate) required: Vec<Vec<(Box<str>, Path)>>,
    pub(crate) only: Vec<ValueRule>,
    /// A parameter, and the other that it counts beside.
    pub(crate) beside: Vec<(ValueRule, Path)>,
    pub(crate) drop: Vec<Path>,
    pub(crate) reply: Vec<ReplyRule>,
    pub(crate) errors: Vec<(Box<str>, Box<str>)>,
}

impl Index {
    pub(crate) fn new(table: &Table) -> Self {
        let mut names: Vec<&str> = table.methods().collect();
        names.sort_unstable();
        names.dedup();
        let by_hash = Names::new(names.iter().copied());
        let methods = names.into_iter().map(|name| Method {
            name: name.into(),
            rules: Rules::new(table, name),
        });
        Self {
            methods: methods.collect(),
            names: by_hash,
        }
    }

    /// The rules of a method, in every spelling that portals take: older methods in
    /// any case, and of a controller the version and the action; the rest of its name
    /// as it is spelled.
    #[inline]
    pub(crate) fn rules(&self, method: &str) -> Option<&Rules> {
        let mut alike = None;
        for own in self.names.find(method) {
            let own = self.methods.get(own)?;
            if *own.name == *method {
                return Some(&own.rules);
            }
            alike = alike.or_else(|| is_spelled(&own.name, method).then_some(&own.rules));
        }
        alike
    }
}

#[cfg(test)]
impl Index {
    /// Every path of a request.
    pub(crate) fn places(&self) -> impl Iterator<Item = &Place> {
        let rules = self.methods.iter().flat_map(|own| &own.rules.parameters);
        rules.flat_map(|rule| &rule.places)
    }
}

/// Whether a portal finds a method by this spelling of its name.
#[cold]
pub(crate) fn is_spelled(own: &str, method: &str) -> bool {
    own.eq_ignore_ascii_case(method) && (!own.contains(V2) || is_same_controller(own, method))
}

/// What the names of controllers have and those of older methods have not.
const V2: &str = ".v2.";

/// Whether names that are one but for their case differ in the version or the action
/// alone: `imbot.V2.Bot.UPDATE` is `imbot.v2.Bot.update`.
fn is_same_controller(own: &str, method: &str) -> bool {
    let last = own.split('.').count().saturating_sub(1);
    let mut parts = own.split('.').zip(method.split('.')).enumerate();
    parts.all(|(nth, (own, part))| nth == 1 || nth == last || own == part)
}

/// What a row asks for, where it is missing and where it is there.
fn shims(row: &Row) -> [Option<Shim>; 2] {
    [row.fallback().map(|fallback| fallback.shim()), row.when_present()]
}

impl Rules {
    fn new(table: &Table, method: &str) -> Self {
        let mut rules = Self::default();
        for (number, row) in table.rows().enumerate() {
            if row.applies().methods().any(|own| names(own, method)) {
                rules.add(number, row, method);
            }
        }
        // A second form is made of what the other shims leave of the first.
        rules.parameters.sort_by_key(|rule| {
            let row = table.rows.get(rule.row);
            let fallback = row.and_then(|row| row.fallback());
            fallback.is_some_and(|fallback| fallback.shim() == Shim::BothForms)
        });
        rules.translations = table
            .translations()
            .filter(|translation| translation.from() == method)
            .filter_map(Translated::new)
            .collect();
        let named = rules.translations.iter().flat_map(Translated::named);
        rules.named = named.cloned().collect();
        rules.relate(table);
        rules.texts = rules.find_texts(table);
        rules
    }

    /// The parameters into which the rules look, and which may come as JSON text.
    fn find_texts(&self, table: &Table) -> Vec<TextPlace> {
        let of = |path: Path| {
            let looks_inside = |rule: &&Rule| rule.places.iter().any(|place| place.path.leads_into(&path));
            let rows = self.parameters.iter().filter(looks_inside).map(|rule| rule.row);
            let rows: Vec<usize> = rows.collect();
            (!rows.is_empty()).then(|| TextPlace {
                rows: RowSet::of(table.rows.len(), rows.into_iter()),
                path,
            })
        };
        JSON_TEXT.into_iter().map(Path::new).filter_map(of).collect()
    }

    /// Finds out which rows these are, and which parameters matter to which.
    fn relate(&mut self, table: &Table) {
        let all = [&self.whole, &self.parameters, &self.replies, &self.after];
        let rows = all.into_iter().flatten().map(|rule| rule.row);
        self.rows = RowSet::of(table.rows.len(), rows);
        let has = |rule: &Rule, shim| {
            let row = table.rows.get(rule.row);
            row.is_some_and(|row| shims(row).contains(&Some(shim)))
        };
        let mut all = Vec::new();
        for rule in &mut self.parameters {
            let is_double = has(rule, Shim::BothForms);
            for place in &mut rule.places {
                place.bit = 1 << all.len().min(63);
                all.push((place.path.clone(), place.bit, is_double));
            }
        }
        for rule in &mut self.parameters {
            // What writes a second form reads and writes in two places.
            let is_double = has(rule, Shim::BothForms);
            let renames = has(rule, Shim::LowerKeys);
            for place in &mut rule.places {
                let changed = match renames {
                    // The new key is another member of what holds the old one.
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
            places: paths.map(Place::new).collect(),
        };
        let applies = row.applies();
        let shims = shims(row);
        let has = |shim| shims.contains(&Some(shim));
        if row.id() == method {
            self.whole.insert(0, rule(&mut std::iter::empty()));
        } else if applies.is_about_whole_calls() {
            self.whole.push(rule(&mut std::iter::empty()));
        } else if applies.request().len() > 0 {
            self.parameters.push(rule(&mut applies.request()));
        } else if shims.iter().flatten().any(|shim| shim.is_of_reply()) {
            self.replies.push(rule(&mut applies.response()));
        } else if has(Shim::EventUnbind) {
            self.after.push(rule(&mut std::iter::empty()));
        }
    }
}

impl Place {
    fn new(text: &str) -> Self {
        let path = Path::new(text);
        Self {
            text: text.into(),
            needed: Hint::of_path(&path),
            path,
            bit: 0,
            touches: 0,
        }
    }
}

impl Translated {
    /// `None` cannot be: the rules were read when the table was.
    fn new(translation: &Translation) -> Option<Self> {
        Some(Self {
            to: translation.to().into(),
            when: translation.when().map(Path::new),
            params: translation
                .params()
                .map(ParamRule::parse)
                .collect::<Result<_, _>>()
                .ok()?,
            set: translation
                .set()
                .map(ValueRule::parse)
                .collect::<Result<_, _>>()
                .ok()?,
            required: translation
                .required()
                .filter_map(|own| alternatives(own).ok())
                .map(|own| {
                    own.into_iter()
                        .map(|path| (path.into(), Path::new(path)))
                        .collect()
                })
                .collect(),
            only: translation
                .only()
                .map(ValueRule::parse)
                .collect::<Result<_, _>>()
                .ok()?,
            beside: translation
                .beside()
                .filter_map(|rule| ValueRule::parse(rule).ok())
                .filter_map(|rule| {
                    let other = Path::new(rule.values.first()?);
                    Some((rule, other))
                })
                .collect(),
            drop: translation.drop().map(Path::new).collect(),
            reply: translation
                .reply()
                .map(ReplyRule::parse)
                .collect::<Result<_, _>>()
                .ok()?,
            errors: translation
                .errors()
                .filter_map(|rule| error_rule(rule).ok())
                .map(|(old, new)| (old.into(), new.into()))
                .collect(),
        })
    }

    /// Every path of the newer call of which is said what becomes of it. What is
    /// only required is not among them: `fields` would speak for all that it holds.
    fn named(&self) -> impl Iterator<Item = &Path> {
        let params = self.params.iter().filter_map(|rule| match &rule.from {
            Origin::Call(path) => Some(path),
            Origin::WebhookUrl => None,
        });
        params
            .chain(self.only.iter().map(|rule| &rule.path))
            .chain(&self.drop)
    }
}

/// Whether a name of the table, which may end in `.*`, names this method.
pub(crate) fn names(own: &str, method: &str) -> bool {
    match own.strip_suffix('*') {
        Some(prefix) => method
            .get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix)),
        None => own.eq_ignore_ascii_case(method),
    }
}
