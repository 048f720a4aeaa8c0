//! Calls that rely on what a build lacks, found by the table.

use std::fmt;

use serde_json::Value as Json;

use imbot_caps::plan::{UnknownName, lacks_bot_token_in_url, unknown_names};
use imbot_caps::table::Shim;
use imbot_caps::{Feature, FeatureSet, Table};

use super::EmulatedPortal;
use super::build::Build;
use super::record::Recorded;

impl EmulatedPortal {
    /// From now on notes every call that relies on what the build lacks: the
    /// forgotten gate, which many portals pass over in silence.
    ///
    /// By the table: a method that is missing, or a parameter, by its value where
    /// the table names one: a colour or a background that only newer builds know, say.
    /// What the table calls sound without the newer build is not noted. A method or a
    /// parameter that no portal knows is noted, with what was most likely meant. Answers
    /// stay as they are. To ask for the revision is always right, and so is `imbot.v2.Bot.list`
    /// without parameters, which only asks whether the method is there. Calling this again forgets
    /// what was noted.
    pub fn strict(&self) {
        *self.portal.strict() = Some(Strict::new());
    }

    /// From now on, calls may rely on this feature in strict mode: where a client
    /// calls a method to learn whether it is there, say. Of no effect before
    /// [`strict`](Self::strict).
    pub fn tolerate(&self, feature: Feature) {
        if let Some(strict) = self.portal.strict().as_mut() {
            strict.tolerate(feature);
        }
    }

    /// What strict mode noted, in the order of the calls.
    #[must_use]
    pub fn violations(&self) -> Vec<Violation> {
        let strict = self.portal.strict();
        strict
            .as_ref()
            .map_or_else(Vec::new, |strict| strict.violations().to_vec())
    }

    /// Strict mode noted nothing.
    ///
    /// # Panics
    ///
    /// When it did; the message names each row of the table and the call.
    #[track_caller]
    pub fn assert_no_violations(&self) {
        let violations = self.violations();
        let lines: Vec<_> = violations
            .iter()
            .map(|violation| format!("\n  {violation}"))
            .collect();
        assert!(
            violations.is_empty(),
            "calls rely on what the build lacks, or on what no portal knows:{}",
            lines.concat()
        );
    }
}

/// Methods that a client asks in order to learn whether they are there.
const OF_DETECTION: [Feature; 2] = [Feature::ImRevisionGet, Feature::ImbotV2RevisionGet];

/// A call that relies on a feature that the build of its time lacks, or has a name that
/// no portal knows.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Violation {
    /// What it relies on; `None` where it has a name that no portal knows.
    pub feature: Option<Feature>,
    /// The method or the parameters that no portal knows, or text that cannot be read.
    pub unknown_name: Option<UnknownName>,
    /// The method that was called, in a batch perhaps.
    pub method: String,
    /// The path of the parameter that relies on it; `None` when the method does.
    pub parameter: Option<String>,
    /// The request.
    pub request: Recorded,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            feature,
            unknown_name,
            method,
            parameter,
            request,
        } = self;
        if let Some(unknown) = unknown_name {
            write!(f, "{unknown}: {request}")?;
        }
        let Some(feature) = feature else {
            return Ok(());
        };
        let needs = feature.requirement();
        write!(f, "{method}")?;
        if let Some(parameter) = parameter {
            write!(f, " with {parameter}")?;
        }
        write!(f, " relies on {feature}, which needs {needs}: {request}")
    }
}

/// The strict mode of a portal.
#[derive(Debug)]
pub(super) struct Strict {
    tolerated: FeatureSet,
    violations: Vec<Violation>,
}

impl Strict {
    pub(super) fn new() -> Self {
        let mut tolerated = FeatureSet::default();
        let safe_when_missing = Feature::all().filter(|feature| feature.row().is_safe_when_missing());
        for feature in safe_when_missing.chain(OF_DETECTION) {
            tolerated.insert(feature);
        }
        Self {
            tolerated,
            violations: Vec::new(),
        }
    }

    pub(super) fn tolerate(&mut self, feature: Feature) {
        self.tolerated.insert(feature);
    }

    pub(super) fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// Looks a request through, and the commands of a batch.
    pub(super) fn look_at(&mut self, build: &Build, request: &Recorded) {
        self.look_at_call(build, request, &request.method, &request.params);
        for (method, params) in request.commands() {
            self.look_at_call(build, request, &method, &params);
        }
    }

    fn look_at_call(&mut self, build: &Build, request: &Recorded, method: &str, params: &Json) {
        let members = params.as_object();
        let unknown = members.map(|members| unknown_names(Table::builtin(), method, members));
        for unknown in unknown.into_iter().flatten() {
            self.violations.push(Violation {
                feature: None,
                unknown_name: Some(unknown),
                method: method.to_owned(),
                parameter: None,
                request: request.clone(),
            });
        }
        let lacking: Vec<_> = Feature::all()
            .filter(|feature| !self.tolerated.contains(*feature) && !build.supports(*feature))
            .collect();
        let violation = |feature, parameter| Violation {
            feature: Some(feature),
            unknown_name: None,
            method: method.to_owned(),
            parameter,
            request: request.clone(),
        };
        if asks_for_imbot_v2(method, params) {
            return;
        }
        // Where the method itself is missing, its parameters do not matter.
        let missing = lacking
            .iter()
            .find(|feature| feature.as_str().eq_ignore_ascii_case(method));
        if let Some(feature) = missing {
            self.violations.push(violation(*feature, None));
            return;
        }
        let found = lacking.into_iter().filter_map(|feature| {
            let row = feature.row();
            let is_of_bot_token = row
                .fallback()
                .is_some_and(|own| own.shim() == Shim::BotTokenInUrl);
            if is_of_bot_token && !is_address_incomplete(request, method, params) {
                return None;
            }
            let path = row.parameter_in(method, params.as_object()?)?;
            Some(violation(feature, Some(path.to_owned())))
        });
        self.violations.extend(found);
    }
}

/// Whether a call only asks if imbot.v2 is there, as the probe does. It has no parameter but the
/// credential.
fn asks_for_imbot_v2(method: &str, params: &Json) -> bool {
    let none = |params: &serde_json::Map<String, Json>| params.keys().all(|name| name == "auth");
    method == "imbot.v2.Bot.list" && params.as_object().is_none_or(none)
}

/// Whether a webhook gives its bot an address that needs a `CLIENT_ID` and does not have the
/// right one.
fn is_address_incomplete(request: &Recorded, method: &str, params: &Json) -> bool {
    let mut parts = request.path.trim_start_matches('/').split('/').skip(1);
    let is_webhook = parts
        .next()
        .is_some_and(|user| !user.is_empty() && user.bytes().all(|byte| byte.is_ascii_digit()));
    let params = params.as_object();
    is_webhook && params.is_some_and(|params| lacks_bot_token_in_url(method, params))
}
