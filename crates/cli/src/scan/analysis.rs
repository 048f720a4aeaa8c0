//! Analyses one file: each use with what it needs, and what is wrong with it.

mod calls;
mod reads;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::call_sites::{self, Candidate, Computed, Site, SiteKind, Sites};
use super::findings::{Finding, Guard, Minimum, NotAnalysed, Place, Reason, Rule, Use, UseKind};
use super::flows::{self, WrongPath};
use super::lexer;
use super::names::{self, shown};
use super::needs::{self, BUILDS, Build, Needs};
use super::outline::{BlockKind, Outline};
use super::revision_guards::RevisionGuards;
use super::token::Tokens;
use super::value::Reader;
use super::walk::{self, Source};
use super::wrappers::{self, Wrappers};

/// A file that names methods or events, read as tokens.
#[derive(Debug)]
pub(super) struct Scanned {
    pub(super) path: Arc<str>,
    pub(super) tokens: Tokens,
    pub(super) outline: Outline,
    pub(super) sites: Sites,
}

impl Scanned {
    /// Reads a file as tokens, and finds its names.
    fn of(source: Source<'_>) -> Result<Self, Reason> {
        let tokens = lexer::lex(source.language, source.text).map_err(|_| Reason::TooDeep)?;
        let outline = Outline::of(&tokens);
        let mut sites = call_sites::find(&tokens, &outline);
        if sites.has_im() && is_of_lark(&tokens.source) {
            sites.leave_out_im();
        }
        Ok(Self {
            path: walk::shown(source.path).into(),
            tokens,
            outline,
            sites,
        })
    }
}

/// Whether a file is about Feishu or Lark, whose methods begin with `im.`, too, and not about Bitrix24.
fn is_of_lark(source: &str) -> bool {
    const OWN: [&str; 5] = ["bitrix", "b24", "bx24", "imbot", "/rest/"];
    const NAMES: [&str; 6] = ["Feishu", "feishu", "Larksuite", "larksuite", "Lark", "lark"];
    // `LarkClient` names Lark. `Clark` and `larks` do not.
    let is_word = |(at, name): (usize, &str)| {
        let before = source.get(..at).and_then(|before| before.chars().next_back());
        let after = source
            .get(at + name.len()..)
            .and_then(|after| after.chars().next());
        let begins = name.starts_with(|first: char| first.is_uppercase());
        (begins || !before.is_some_and(char::is_alphabetic)) && !after.is_some_and(char::is_lowercase)
    };
    // Most files contain none of these parts of the names.
    if !["ark", "eishu", "open-apis/im/"]
        .iter()
        .any(|part| source.contains(part))
    {
        return false;
    }
    let mut names = NAMES.iter().flat_map(|name| source.match_indices(name));
    (source.contains("open-apis/im/") || names.any(is_word)) && {
        let small = source.to_ascii_lowercase();
        !OWN.iter().any(|name| small.contains(name))
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
        let mut own = wrappers::of(&file.sites.computed);
        let passed = wrappers::widen(&file.tokens, &file.outline, &mut own);
        let mut called = wrappers::join(&file.tokens, &mut file.sites, &own);
        // What is called by a function that is called, is called. The last found are the farthest.
        for (outer, inner) in passed.into_iter().rev() {
            if called.contains(&outer) {
                called.insert(inner);
            }
        }
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
        guards: RevisionGuards::of(&file.tokens, &file.outline),
        report: Report::default(),
        placed: Vec::new(),
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
    guards: RevisionGuards,
    report: Report,
    /// The calls of methods that a constant holds, as sites of their own, each with the token of the constant.
    placed: Vec<(usize, Site)>,
    /// The functions that give the whole body of a response. It is made when it is first asked for.
    bodies: OnceCell<BTreeSet<String>>,
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
        for call in calls.iter().filter(|call| call.is_of_constant) {
            let called = Site {
                token: call.at,
                start: call.at,
                end: call.at + 1,
                ..site.clone()
            };
            self.placed.push((site.token, called));
        }
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

    /// Fallbacks and answers between the generations.
    fn paths(&mut self) {
        let mut sites = Cow::from(&self.file.sites.sites);
        if !self.placed.is_empty() {
            // The calls stand in place of the constant.
            let is_placed = |site: &Site| self.placed.iter().any(|(constant, _)| *constant == site.token);
            let own = sites.to_mut();
            own.retain(|site| !is_placed(site));
            own.extend(self.placed.drain(..).map(|(_, site)| site));
            own.sort_by_key(|site| site.token);
        }
        let sites = &*sites;
        let (tokens, outline) = (&self.file.tokens, &self.file.outline);
        for WrongPath { site, with } in flows::fallbacks(tokens, outline, sites) {
            let (Some((token, name)), Some((_, newer))) = (named(sites, site), named(sites, with)) else {
                continue;
            };
            let message = format!(
                "`{name}` follows any error of `{newer}`. After a timeout, both can have run. Fall back only if the \
                 portal says that the method is not found."
            );
            self.found(Rule::AnyErrorFallback, token, &name, vec![newer], message, None);
        }
        for WrongPath { site, with } in flows::mixed(tokens, outline, sites) {
            let (Some((token, name)), Some((_, event))) = (named(sites, site), named(sites, with)) else {
                continue;
            };
            let message = format!(
                "`{name}` answers {event}, which is of the other generation of the API. A portal without imbot.v2 is \
                 heard and not answered, or a newer bot calls by an older id."
            );
            self.found(Rule::MixedGenerations, token, &name, vec![event], message, None);
        }
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
        let same =
            |own: &Finding| own.rule == rule && own.place == place && own.name == name && own.names == names;
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

/// The place and the name of a site.
fn named(sites: &[Site], site: usize) -> Option<(usize, String)> {
    let site = sites.get(site)?;
    let name = match &site.kind {
        SiteKind::Method { name, .. } => name,
        SiteKind::Event(name) => name,
    };
    Some((site.token, name.clone()))
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
