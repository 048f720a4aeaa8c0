//! The table by method: what a call of each has to be held against. Made once for
//! each table, when it is first needed.

use std::collections::HashMap;

use super::path::Path;
use super::translation::{Origin, ParamRule, ReplyRule, Translation, ValueRule, error_rule};
use super::{Row, Shim, Table};

/// Rules by method.
#[derive(Clone, Debug)]
pub(crate) struct Index {
    methods: HashMap<Box<str>, Rules>,
    /// All names, in the order of their small letters.
    names: Vec<Box<str>>,
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
}

/// A row, with its paths read.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    /// The number of the row in the table.
    pub(crate) row: usize,
    /// Paths in the request, as they are written and read; for replies, in the result.
    pub(crate) paths: Vec<(Box<str>, Path)>,
}

/// A translation, with its rules read.
#[derive(Clone, Debug)]
pub(crate) struct Translated {
    pub(crate) to: Box<str>,
    pub(crate) when: Option<Path>,
    pub(crate) params: Vec<ParamRule>,
    pub(crate) set: Vec<ValueRule>,
    pub(crate) required: Vec<(Box<str>, Path)>,
    pub(crate) only: Vec<ValueRule>,
    /// A parameter, and the other that it counts beside.
    pub(crate) beside: Vec<(ValueRule, Path)>,
    pub(crate) drop: Vec<Path>,
    pub(crate) reply: Vec<ReplyRule>,
    pub(crate) errors: Vec<(Box<str>, Box<str>)>,
}

impl Index {
    pub(crate) fn new(table: &Table) -> Self {
        let mut methods: HashMap<Box<str>, Rules> = HashMap::new();
        for name in table.methods() {
            methods
                .entry(name.into())
                .or_insert_with(|| Rules::new(table, name));
        }
        let mut names: Vec<Box<str>> = methods.keys().cloned().collect();
        names.sort_unstable_by(|a, b| small_letters(a).cmp(small_letters(b)));
        Self { methods, names }
    }

    /// The rules of a method, in every spelling that portals take: older methods in
    /// any case, and of a controller the version and the action; the rest of its name
    /// as it is spelled.
    pub(crate) fn rules(&self, method: &str) -> Option<&Rules> {
        if let Some(found) = self.methods.get(method) {
            return Some(found);
        }
        // Without a copy of the name: most calls end here.
        let place = self
            .names
            .binary_search_by(|own| small_letters(own).cmp(small_letters(method)))
            .ok()?;
        let own = self.names.get(place)?;
        let is_taken = !own.contains(V2) || is_same_controller(own, method);
        self.methods.get(own).filter(|_| is_taken)
    }
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

fn small_letters(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().map(|byte| byte.to_ascii_lowercase())
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
        rules
    }

    fn add(&mut self, number: usize, row: &Row, method: &str) {
        let rule = |paths: &mut dyn Iterator<Item = &str>| Rule {
            row: number,
            paths: paths.map(|path| (path.into(), Path::new(path))).collect(),
        };
        let applies = row.applies();
        let shims = [row.fallback().map(|fallback| fallback.shim()), row.present()];
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

impl Translated {
    /// `None` cannot be: the rules were read when the table was.
    fn new(translation: &Translation) -> Option<Self> {
        let paths = |paths: &mut dyn Iterator<Item = &str>| -> Vec<(Box<str>, Path)> {
            paths.map(|path| (path.into(), Path::new(path))).collect()
        };
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
            required: paths(&mut translation.required()),
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
    pub(crate) fn named(&self) -> impl Iterator<Item = &Path> {
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
