//! What is wrong with the places that read a reply.

use std::collections::BTreeSet;

use super::super::call_sites::{Site, SiteKind};
use super::super::context::Context;
use super::super::findings::Rule;
use super::super::names::shown;
use super::super::replies::{self, Level, Wrong};
use super::super::shapes;
use super::Analysis;

impl Analysis<'_> {
    pub(super) fn replies(&mut self, site: &Site, name: &str) {
        let (tokens, outline) = (&self.file.tokens, &self.file.outline);
        if !tokens.language.shows_replies() || shapes::of(name).is_none() {
            return;
        }
        let call = replies::Call {
            site,
            method: name,
            gives: self.gives(site),
        };
        let mut wrong = replies::misreads(tokens, outline, &call);
        wrong.extend(replies::casts(tokens, outline, &call));
        for misread in wrong {
            let (message, names) = match misread.what {
                Wrong::NoMember(member) => {
                    let member = shown(&member).to_owned();
                    (
                        format!("The result of `{name}` has no member `{member}` on any build."),
                        vec![member],
                    )
                }
                Wrong::NoNumber => (
                    format!("The result of `{name}` is an object, and is read as a number."),
                    Vec::new(),
                ),
                Wrong::NotTrue => (
                    format!("The result of `{name}` is an object, and is compared with `true`."),
                    Vec::new(),
                ),
                Wrong::NoList => (
                    format!("The result of `{name}` is an object, and is read as a list."),
                    Vec::new(),
                ),
                Wrong::NoObject => (
                    format!("The result of `{name}` is no object, and a member of it is read."),
                    Vec::new(),
                ),
            };
            self.found(Rule::ReplyShape, misread.token, name, names, message, None);
        }
    }

    /// What the function that makes a call gives, as its body or its other calls show.
    fn gives(&self, site: &Site) -> Level {
        let Context::Argument { callee, .. } = &site.context else {
            return Level::Reply;
        };
        if let Some(level) = replies::gives(&self.file.tokens, &self.file.outline, callee) {
            return level;
        }
        let bodies = self.bodies.get_or_init(|| {
            let (tokens, outline) = (&self.file.tokens, &self.file.outline);
            let mut bodies = BTreeSet::new();
            for other in &self.file.sites.sites {
                if let Context::Argument { callee, .. } = &other.context
                    && let SiteKind::Method { name, .. } = &other.kind
                    && !bodies.contains(callee)
                    && replies::shows_body(tokens, outline, other, name)
                {
                    bodies.insert(callee.clone());
                }
            }
            bodies
        });
        match bodies.contains(callee) {
            true => Level::Body,
            false => Level::Reply,
        }
    }
}
