//! The calls of a site: what they need, and what is wrong with their parameters.

use super::super::call_sites::{Site, SiteKind};
use super::super::constants::{self, Held};
use super::super::context::Context;
use super::super::expression;
use super::super::findings::Rule;
use super::super::names::shown;
use super::super::needs::{self, Needs};
use super::super::parameters;
use super::super::shapes;
use super::super::value::Object;
use super::Analysis;

/// A call with its parameters, as the file shows them.
pub(super) struct Called {
    /// Where its findings are.
    pub(super) token: usize,
    /// Where it is made.
    pub(super) at: usize,
    /// Whether a constant surely holds the method, far from the call.
    pub(super) is_of_constant: bool,
    /// The call as a site, if its reply is judged.
    pub(super) replies: Option<Site>,
    pub(super) params: Option<Object>,
}

impl Analysis<'_> {
    /// The calls of a site. A constant is called where its name stands.
    pub(super) fn calls(&self, site: &Site) -> Vec<Called> {
        if let Context::Assigned { name } = &site.context
            && let SiteKind::Method { query, .. } = &site.kind
        {
            let found = constants::calls(self.reader, &self.file.sites.sites, site, name);
            if !found.is_empty() {
                let called = |held: Held| Called {
                    // A variable of a function is not far from its value, which has the name.
                    token: if held.is_local { site.token } else { held.token },
                    at: held.token,
                    is_of_constant: held.is_sure && !held.is_local,
                    replies: self.held(site, &held),
                    params: match query {
                        Some(query) if held.is_sure => held.given.with_query(query),
                        Some(_) => None,
                        None => held.given.object(),
                    }
                    .map(Object::nested),
                };
                return found.into_iter().map(called).collect();
            }
        }
        vec![Called {
            token: site.token,
            at: site.token,
            is_of_constant: false,
            replies: Some(site.clone()),
            params: parameters::of(self.reader, site),
        }]
    }

    /// The call by a name, as a site of its own. `None` if the name may hold a method with another result.
    fn held(&self, site: &Site, held: &Held) -> Option<Site> {
        let tokens = &self.file.tokens;
        let SiteKind::Method { name, .. } = &site.kind else {
            return None;
        };
        let shape = shapes::of(name)?;
        let beside = constants::beside(tokens, site);
        let is_same = |other: &String| shapes::of(other) == Some(shape);
        let is_judged = held.is_sure || !beside.is_empty() && beside.iter().all(is_same);
        let callee = expression::callee(tokens, held.open).map_or_else(String::new, |(name, _)| name);
        is_judged.then(|| Site {
            token: held.token,
            start: expression::chain_start(tokens, held.token),
            end: held.token + 1,
            context: Context::Argument {
                callee,
                open: held.open,
            },
            kind: site.kind.clone(),
        })
    }

    /// What a call needs. Notes what is wrong with its parameters.
    pub(super) fn call(&mut self, name: &str, call: &Called, is_whole: bool) -> Needs {
        let Some(params) = &call.params else {
            return needs::of_call(name, serde_json::Map::new(), false);
        };
        let written = params.params();
        let problems = parameters::problems(name, params, &written, is_whole);
        let needs = needs::of_call(name, written, is_whole);
        if !problems.unknown.is_empty() {
            let told: Vec<String> = problems
                .unknown
                .iter()
                .map(|(path, near)| told(path, near.as_deref()))
                .collect();
            let message = format!(
                "`{name}` does not take {}. A portal ignores it in silence.",
                told.join(", ")
            );
            let paths = problems
                .unknown
                .iter()
                .map(|(path, _)| shown(path).to_owned())
                .collect();
            self.found(Rule::UnknownParameter, call.token, name, paths, message, None);
        }
        if !problems.missing.is_empty() {
            let message = format!("`{name}` needs {}, which is left out.", quoted(&problems.missing));
            self.found(
                Rule::MissingParameter,
                call.token,
                name,
                problems.missing,
                message,
                None,
            );
        }
        if !problems.unreadable.is_empty() {
            let message = format!(
                "`{name}`: the text of {} is no JSON.",
                quoted(&problems.unreadable)
            );
            self.found(
                Rule::UnreadableText,
                call.token,
                name,
                problems.unreadable,
                message,
                None,
            );
        }
        let is_alternative = !needs.deprecated.is_empty() && self.is_alternative(name, call.at);
        for row in needs.deprecated.iter().filter(|_| !is_alternative) {
            let day = row.sunset().map(|day| day.to_string()).unwrap_or_default();
            let note = row.fallback().map_or("", |fallback| fallback.note());
            let message = format!("Portals take this form of `{name}` until {day}. {note}");
            self.found(
                Rule::Deprecated,
                call.token,
                name,
                Vec::new(),
                message,
                Some(row.id()),
            );
        }
        needs
    }
}

/// A parameter with the name that is likely meant.
fn told(path: &str, near: Option<&str>) -> String {
    let path = shown(path);
    match near {
        Some(near) => format!("`{path}` (did you mean `{near}`?)"),
        None => format!("`{path}`"),
    }
}

fn quoted(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{}`", shown(name))).collect();
    names.join(", ")
}
