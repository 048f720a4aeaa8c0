//! Translations, with their rules parsed.

use crate::table::path::Path;
use crate::table::translation::{
    Origin, ParamRule, ReplyRule, Translation, ValueRule, alternatives, error_rule,
};

/// A translation, with its rules parsed.
#[derive(Clone, Debug)]
pub(crate) struct Translated {
    pub(crate) to: Box<str>,
    pub(crate) when: Option<Path>,
    pub(crate) params: Vec<ParamRule>,
    pub(crate) set: Vec<ValueRule>,
    /// Of each list, the call must have one path.
    pub(crate) required: Vec<Vec<(Box<str>, Path)>>,
    pub(crate) allowed_values: Vec<ValueRule>,
    /// A parameter, and the one without which the older method does not read it.
    pub(crate) dependent_required: Vec<(ValueRule, Path)>,
    pub(crate) drop: Vec<Path>,
    pub(crate) reply: Vec<ReplyRule>,
    pub(crate) errors: Vec<(Box<str>, Box<str>)>,
}

impl Translated {
    /// `None` is impossible: reading a table checks every rule.
    pub(super) fn new(translation: &Translation) -> Option<Self> {
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
            allowed_values: translation
                .allowed_values()
                .map(ValueRule::parse)
                .collect::<Result<_, _>>()
                .ok()?,
            dependent_required: translation
                .dependent_required()
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

    /// Every path of the newer call that the translation names. A path that is only required
    /// does not count: `fields` would cover all parameters below it.
    pub(super) fn named(&self) -> impl Iterator<Item = &Path> {
        let params = self.params.iter().filter_map(|rule| match &rule.from {
            Origin::Call(path) => Some(path),
            Origin::WebhookUrl => None,
        });
        params
            .chain(self.allowed_values.iter().map(|rule| &rule.path))
            .chain(&self.drop)
    }
}
