//! Analyses one file: each use with what it needs, and what is wrong with it.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use super::constants::{self, Held};
use super::context::Context;
use super::expression;
use super::findings::{Finding, Guard, Minimum, NotAnalysed, Place, Reason, Rule, Use, UseKind};
use super::flows::{self, WrongPath};
use super::guards::Guards;
use super::lexer;
use super::names::{self, shown};
use super::needs::{self, BUILDS, Build, Needs};
use super::outline::{BlockKind, Outline};
use super::parameters;
use super::replies::{self, Level, Wrong};
use super::shapes;
use super::sites::{self, Candidate, Computed, Site, SiteKind, Sites};
use super::token::Tokens;
use super::value::{Object, Reader};
use super::walk::{self, Source};
use super::wrappers::{self, Wrappers};

/// A file that names methods or events, read as tokens.
#[derive(Debug)]
pub(super) struct Scanned {
    pub(super) path: String,
    pub(super) tokens: Tokens,
    pub(super) outline: Outline,
    pub(super) sites: Sites,
}

impl Scanned {
    /// Reads a file as tokens, and finds its names.
    fn of(source: Source<'_>) -> Result<Self, Reason> {
        let tokens = lexer::lex(source.language, source.text).map_err(|_| Reason::TooDeep)?;
        let outline = Outline::of(&tokens);
        let sites = sites::find(&tokens, &outline);
        Ok(Self {
            path: walk::shown(source.path),
            tokens,
            outline,
            sites,
        })
    }
}

/// What is kept of a file. Its tokens are not: a large program has many.
#[derive(Debug)]
pub(super) struct Analysed {
    pub(super) report: Report,
    /// Computed names, each with its line.
    pub(super) computed: Vec<(Computed, NotAnalysed)>,
    /// Functions that make a method's name, and are called in this file.
    pub(super) called: BTreeSet<String>,
    /// Calls of functions that other files may have.
    pub(super) candidates: Vec<Candidate>,
}

impl Analysed {
    /// Analyses a file. `wrappers` are functions of the program that make a method's name; those of the file
    /// itself are known without them.
    pub(super) fn of(source: Source<'_>, wrappers: &Wrappers) -> Result<Option<Self>, Reason> {
        let mut file = Scanned::of(source)?;
        let own = wrappers::of(&file.sites.computed);
        let mut called = wrappers::join(&file.tokens, &mut file.sites, &own);
        called.append(&mut wrappers::join(&file.tokens, &mut file.sites, wrappers));
        let report = analyse(&file);
        let Scanned {
            path, tokens, sites, ..
        } = file;
        let noted = |own: Computed| {
            let line = Some(tokens.line(own.token));
            let file = path.clone();
            let reason = Reason::ComputedMethod;
            (own, NotAnalysed { reason, file, line })
        };
        let computed: Vec<_> = sites.computed.into_iter().map(noted).collect();
        let is_empty = sites.sites.is_empty() && computed.is_empty() && sites.candidates.is_empty();
        Ok((!is_empty).then_some(Self {
            report,
            computed,
            called,
            candidates: sites.candidates,
        }))
    }
}

/// What a file has.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) uses: Vec<Use>,
    pub(super) findings: Vec<Finding>,
}

/// Analyses the sites of a file.
fn analyse(file: &Scanned) -> Report {
    if file.sites.sites.is_empty() {
        return Report::default();
    }
    let mut analysis = Analysis {
        file,
        reader: Reader {
            tokens: &file.tokens,
            outline: &file.outline,
        },
        guards: Guards::of(&file.tokens, &file.outline),
        report: Report::default(),
        bodies: OnceCell::new(),
    };
    for site in &file.sites.sites {
        analysis.site(site);
    }
    analysis.paths();
    let mut report = analysis.report;
    report
        .findings
        .sort_by(|a, b| (&a.place, a.rule).cmp(&(&b.place, b.rule)));
    report
}

struct Analysis<'f> {
    file: &'f Scanned,
    reader: Reader<'f>,
    guards: Guards,
    report: Report,
    /// The functions that give the whole body of a response. It is made when it is first asked for.
    bodies: OnceCell<BTreeSet<String>>,
}

/// A call with its parameters, as the file shows them.
struct Called {
    /// Where its findings are.
    token: usize,
    /// Where it is made.
    at: usize,
    /// The call as a site, if its reply is judged.
    replies: Option<Site>,
    params: Option<Object>,
}

impl Analysis<'_> {
    fn place(&self, token: usize, name: &str) -> Place {
        let (line, column) = self.file.tokens.place_of(token, name);
        let file = self.file.path.clone();
        Place { file, line, column }
    }

    fn site(&mut self, site: &Site) {
        match &site.kind {
            SiteKind::Event(name) => self.event(site, name),
            SiteKind::Method {
                name,
                unknown: Some(suggestion),
                ..
            } => {
                self.unknown_method(site, name, suggestion.as_deref());
            }
            SiteKind::Method { name, is_address, .. } => self.method(site, name, *is_address),
        }
    }

    fn event(&mut self, site: &Site, name: &str) {
        let needs = needs::of_event(name);
        if !names::is_known_event(name) {
            let message = format!("No portal sends the event {}.", shown(name));
            self.found(Rule::UnknownEvent, site.token, name, Vec::new(), message, None);
        }
        self.used(site.token, UseKind::Event, name, &needs, Guard::None);
    }

    fn unknown_method(&mut self, site: &Site, name: &str, suggestion: Option<&str>) {
        let meant = suggestion
            .map(|near| format!(" Did you mean `{near}`?"))
            .unwrap_or_default();
        let message = format!("No portal has the method `{}`.{meant}", shown(name));
        self.found(Rule::UnknownMethod, site.token, name, Vec::new(), message, None);
        self.used(site.token, UseKind::Method, name, &Needs::default(), Guard::None);
    }

    fn method(&mut self, site: &Site, name: &str, is_address: bool) {
        let calls = self.calls(site);
        let mut all = Needs::default();
        let mut guard = None;
        for call in &calls {
            let is_whole = is_address && call.params.as_ref().is_some_and(|params| !params.open);
            let needs = self.call(name, call, is_whole);
            let own = self.guard(name, call.at, &needs);
            // Of several calls, one without a guard counts.
            guard = Some(match guard {
                None | Some(Guard::Condition) => own,
                Some(other) => other,
            });
            if all.row.is_none() || needs.plain > all.plain {
                let gated = all.gated.max(needs.gated);
                all = Needs { gated, ..needs };
            } else {
                all.gated = all.gated.max(needs.gated);
            }
        }
        self.used(
            site.token,
            UseKind::Method,
            name,
            &all,
            guard.unwrap_or(Guard::None),
        );
        for replies in calls.iter().filter_map(|call| call.replies.as_ref()) {
            self.replies(replies, name);
        }
    }

    /// The calls of a site. A constant is called where its name stands.
    fn calls(&self, site: &Site) -> Vec<Called> {
        if let Context::Assigned { name } = &site.context
            && let SiteKind::Method { query, .. } = &site.kind
        {
            let found = constants::calls(self.reader, &self.file.sites.sites, site, name);
            if !found.is_empty() {
                let called = |held: Held| Called {
                    // A variable of a function is not far from its value, which has the name.
                    token: if held.is_local { site.token } else { held.token },
                    at: held.token,
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
    fn call(&mut self, name: &str, call: &Called, is_whole: bool) -> Needs {
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

    /// Whether a call is the other branch of a condition, of which one branch makes the same call: it is the
    /// form for portals that do not take the other one.
    fn is_alternative(&self, name: &str, token: usize) -> bool {
        let outline = &self.file.outline;
        let blocks = outline.blocks_of(token);
        let Some(other) = blocks.iter().find(|block| block.kind == BlockKind::Else) else {
            return false;
        };
        let first = outline.blocks.iter().filter(|block| block.kind == BlockKind::If);
        let mut branches = first.filter(|block| other.not.contains(&block.header));
        branches.any(|branch| {
            self.file.sites.sites.iter().any(|site| {
                let is_same = matches!(&site.kind, SiteKind::Method { name: own, .. } if own == name);
                is_same && branch.body.contains(&site.token)
            })
        })
    }

    /// Whether a condition guards a call. Notes a condition that is not enough.
    fn guard(&mut self, name: &str, token: usize, needs: &Needs) -> Guard {
        if self.guards.by_library() {
            return Guard::Library;
        }
        let bounds = self.guards.at(token);
        if bounds.iter().any(|bound| bound.suffices(needs.plain)) {
            return if bounds.is_empty() || needs.plain == 0 {
                Guard::None
            } else {
                Guard::Condition
            };
        }
        if !bounds.is_empty() {
            let message = format!(
                "The condition around `{name}` lets portals pass that lack {}: it needs {}.",
                needs.row.unwrap_or(name),
                build(needs.plain),
            );
            let row = needs.row;
            self.found(Rule::WeakGuard, token, name, Vec::new(), message, row);
            if let Some(finding) = self.report.findings.last_mut() {
                finding.gate.clone_from(&needs.gate);
                finding.minimum = Some(minimum(needs.plain, needs.gated));
            }
        }
        Guard::None
    }

    fn replies(&mut self, site: &Site, name: &str) {
        let (tokens, outline) = (&self.file.tokens, &self.file.outline);
        if !tokens.language.shows_replies() {
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

    /// Fallbacks and answers between the generations.
    fn paths(&mut self) {
        let sites = &self.file.sites.sites;
        let (tokens, outline) = (&self.file.tokens, &self.file.outline);
        for WrongPath { site, with } in flows::fallbacks(tokens, outline, sites) {
            let (Some((token, name)), Some((_, newer))) = (self.named(site), self.named(with)) else {
                continue;
            };
            let message = format!(
                "`{name}` follows any error of `{newer}`. After a timeout, both can have run. Fall back only if the \
                 portal says that the method is not found."
            );
            self.found(Rule::AnyErrorFallback, token, &name, vec![newer], message, None);
        }
        for WrongPath { site, with } in flows::mixed(tokens, outline, sites) {
            let (Some((token, name)), Some((_, event))) = (self.named(site), self.named(with)) else {
                continue;
            };
            let message = format!(
                "`{name}` answers {event}, which is of the other generation of the API. A portal without imbot.v2 is \
                 heard and not answered, or a newer bot calls by an older id."
            );
            self.found(Rule::MixedGenerations, token, &name, vec![event], message, None);
        }
    }

    fn named(&self, site: usize) -> Option<(usize, String)> {
        let site = self.file.sites.sites.get(site)?;
        let name = match &site.kind {
            SiteKind::Method { name, .. } => name,
            SiteKind::Event(name) => name,
        };
        Some((site.token, name.clone()))
    }

    fn used(&mut self, token: usize, kind: UseKind, name: &str, needs: &Needs, guard: Guard) {
        let place = self.place(token, name);
        let name = shown(name).to_owned();
        // The same name twice on a line is one use.
        let same = |own: &Use| own.place.line == place.line && own.name == name;
        if self.report.uses.iter().rev().take(64).any(same) {
            return;
        }
        self.report.uses.push(Use {
            place,
            kind,
            name,
            language: self.file.tokens.language.name(),
            guard,
            row: needs.row,
            minimum: minimum(needs.plain, needs.gated),
            gate: needs.gate.clone(),
            plain: needs.plain,
            gated: needs.gated,
        });
    }

    fn found(
        &mut self,
        rule: Rule,
        token: usize,
        name: &str,
        names: Vec<String>,
        message: String,
        row: Option<&'static str>,
    ) {
        let place = self.place(token, name);
        // Two branches can give one name the same method.
        let same = |own: &Finding| own.rule == rule && own.place == place && own.name == name && own.names == names;
        if self.report.findings.iter().rev().take(64).any(same) {
            return;
        }
        self.report.findings.push(Finding {
            rule,
            severity: rule.severity(),
            place,
            name: shown(name).to_owned(),
            names,
            row,
            message,
            gate: None,
            minimum: None,
        });
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

/// The build with a number. Beyond the newest stands the newest.
pub(super) fn build(at: usize) -> Build {
    let last = BUILDS.last().copied();
    let fallback = Build {
        rest: 0,
        imbot_v2: false,
    };
    BUILDS.get(at).copied().or(last).unwrap_or(fallback)
}

pub(super) fn minimum(plain: usize, gated: usize) -> Minimum {
    Minimum {
        plain: build(plain),
        gated: build(gated),
    }
}
