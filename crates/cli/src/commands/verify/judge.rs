//! Compares answers of a portal with the table.

use std::collections::BTreeSet;

use imbot_caps::table::{Row, ValueKind};
use imbot_caps::wire::{IM_REVISION_GET, REVISION_GET};
use imbot_caps::{Caps, Counter, Revisions, Support, Table};
use serde::Serialize;
use serde_json::Value;

use super::questions::{Answer, Answered, METHODS, QUESTIONS};
use crate::row_view::is_about;

/// One comparison. It has only names of the table, and numbers.
#[derive(Serialize)]
pub(super) struct Finding {
    pub(super) verdict: Verdict,
    pub(super) subject: Subject,
    /// A method, a feature, or a counter.
    pub(super) name: String,
    /// The method that was asked.
    pub(super) asked: &'static str,
    pub(super) expected: String,
    pub(super) found: String,
}

/// Whether portal and table say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Verdict {
    Differs,
    Agrees,
    /// The table or the portal says nothing.
    Unclear,
}

impl Verdict {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Verdict::Differs => "differs",
            Verdict::Agrees => "agrees",
            Verdict::Unclear => "unclear",
        }
    }
}

/// What is compared.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Subject {
    /// Whether a method is there.
    Method,
    /// Whether an answer has a field, or the kind of its value.
    Field,
    /// Which error code a method answers with.
    Code,
    /// A counter, and the newest build of its release that was seen.
    Counter,
}

impl Subject {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Subject::Method => "method",
            Subject::Field => "field",
            Subject::Code => "code",
            Subject::Counter => "counter",
        }
    }
}

const YES: &str = "yes";
const NO: &str = "no";
const UNKNOWN: &str = "unknown";

/// All comparisons, those that differ first.
pub(super) fn findings(caps: &Caps, answers: &[Answered]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for answered in answers {
        methods(caps, answered, &mut findings);
        match &answered.answer {
            Answer::Result(result) => fields(caps, answered.method, result, &mut findings),
            Answer::Refused(code) => codes(caps, answered.method, code, &mut findings),
            Answer::Absent | Answer::Nothing => {}
        }
    }
    counters(caps, answers, &mut findings);
    findings.sort_by(|a, b| (a.verdict, a.subject, &a.name).cmp(&(b.verdict, b.subject, &b.name)));
    findings
}

/// Whether a portal has a feature, in words.
fn word(support: &Support) -> &'static str {
    match support {
        Support::Supported => YES,
        Support::Unsupported(_) => NO,
        Support::Unknown(_) => UNKNOWN,
    }
}

fn of_feature(
    caps: &Caps,
    subject: Subject,
    row: &'static Row,
    asked: &'static str,
    found: &'static str,
) -> Finding {
    let expected = word(&caps.check(row.requirement()));
    Finding {
        verdict: match expected {
            UNKNOWN => Verdict::Unclear,
            _ if found == UNKNOWN => Verdict::Unclear,
            _ if found == expected => Verdict::Agrees,
            _ => Verdict::Differs,
        },
        subject,
        name: row.id().to_owned(),
        asked,
        expected: expected.to_owned(),
        found: found.to_owned(),
    }
}

/// Whether the method is there. The list of the older methods answers for each of them.
fn methods(caps: &Caps, answered: &Answered, findings: &mut Vec<Finding>) {
    let asked = answered.method;
    let found = match &answered.answer {
        Answer::Result(_) | Answer::Refused(_) => YES,
        Answer::Absent => NO,
        Answer::Nothing => UNKNOWN,
    };
    if let Some(row) = Table::builtin().find(asked) {
        findings.push(of_feature(caps, Subject::Method, row, asked, found));
    }
    let (METHODS, Answer::Result(Value::Array(listed))) = (asked, &answered.answer) else {
        return;
    };
    // The list has small letters alone, and no method of imbot.v2 or im.v2.
    let listed: BTreeSet<String> = listed
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_lowercase)
        .collect();
    let found = |method: &str| match listed.contains(&method.to_lowercase()) {
        true => YES,
        false => NO,
    };
    // A method that was called has answered for itself.
    let is_older = |method: &str| {
        !QUESTIONS.contains(&method)
            && (method.starts_with("im.") || method.starts_with("imbot."))
            && !method.contains(".v2.")
    };
    let table = Table::builtin();
    for row in table
        .rows()
        .filter(|row| is_older(row.id()) && is_about(row, row.id()))
    {
        findings.push(of_feature(caps, Subject::Method, row, asked, found(row.id())));
    }
    for method in table.unversioned_methods().filter(|method| is_older(method)) {
        findings.push(Finding {
            verdict: Verdict::Unclear,
            subject: Subject::Method,
            name: method.to_owned(),
            asked,
            expected: UNKNOWN.to_owned(),
            found: found(method).to_owned(),
        });
    }
}

/// The rows about fields of this answer.
fn fields(caps: &Caps, asked: &'static str, result: &Value, findings: &mut Vec<Finding>) {
    for row in Table::builtin().rows().filter(|row| is_about(row, asked)) {
        let found: Vec<Option<bool>> = row
            .applies()
            .response()
            .map(|path| seen(result, path, row.applies().value()))
            .collect();
        let found = match found.as_slice() {
            [] => continue,
            all if all.contains(&Some(true)) => YES,
            all if all.contains(&Some(false)) => NO,
            _ => UNKNOWN,
        };
        findings.push(of_feature(caps, Subject::Field, row, asked, found));
    }
}

/// Whether a value has what the path leads to, with a value of this kind. `None`: a list on the way is empty,
/// so nothing was seen.
fn seen(value: &Value, path: &str, kind: Option<ValueKind>) -> Option<bool> {
    let (step, rest) = path
        .split_once('.')
        .map_or((path, ""), |(step, rest)| (step, rest));
    if step.is_empty() {
        return match kind {
            None => Some(true),
            Some(ValueKind::Integer) => Some(value.is_number()),
            Some(ValueKind::Boolean) => Some(value.is_boolean()),
            // Other kinds say what a call may send.
            Some(_) => None,
        };
    }
    let each = |values: &mut dyn Iterator<Item = &Value>| {
        let seen: Vec<Option<bool>> = values.map(|value| seen(value, rest, kind)).collect();
        match seen.contains(&Some(true)) {
            true => Some(true),
            false => seen.into_iter().flatten().next(),
        }
    };
    if step.starts_with('<') {
        return match value {
            Value::Object(members) => each(&mut members.values()),
            Value::Array(items) => each(&mut items.iter()),
            _ => Some(false),
        };
    }
    let name = step.trim_end_matches("[]");
    let Some(member) = value.get(name) else {
        return Some(false);
    };
    match (step.ends_with("[]"), member) {
        (false, member) => seen(member, rest, kind),
        (true, Value::Array(items)) => each(&mut items.iter()),
        // PHP writes some lists as objects.
        (true, Value::Object(members)) => each(&mut members.values()),
        (true, _) => Some(false),
    }
}

/// The rows about this error code, and those whose older code it is.
fn codes(caps: &Caps, asked: &'static str, code: &str, findings: &mut Vec<Finding>) {
    for row in Table::builtin().rows().filter(|row| is_about(row, asked)) {
        let older = row
            .fallback()
            .is_some_and(|own| own.older_codes().any(|older| older == code));
        let found = match row.applies().errors().any(|own| own == code) {
            true => YES,
            false if older => NO,
            false => continue,
        };
        findings.push(of_feature(caps, Subject::Code, row, asked, found));
    }
}

/// The counters beside those of the release in the table. A newer build of a release may count further.
fn counters(caps: &Caps, answers: &[Answered], findings: &mut Vec<Finding>) {
    let reported = answers.iter().find_map(|answered| match &answered.answer {
        Answer::Result(result) if [REVISION_GET, IM_REVISION_GET].contains(&answered.method) => {
            let revisions: Option<Revisions> = serde_json::from_value(result.clone()).ok();
            revisions.map(|revisions| (answered.method, revisions))
        }
        _ => None,
    });
    let Some((asked, reported)) = reported else {
        return;
    };
    let rest = caps.knowledge().rest();
    let release = Table::builtin()
        .releases()
        .find(|release| Some(release.rest()) == rest);
    for counter in Counter::ALL {
        let expected = release.and_then(|release| release.get(counter));
        let found = reported.get(counter);
        if expected.is_none() && found.is_none() {
            continue;
        }
        let text = |value: Option<u16>| value.map_or_else(|| UNKNOWN.to_owned(), |value| value.to_string());
        findings.push(Finding {
            verdict: match expected == found {
                true => Verdict::Agrees,
                false => Verdict::Unclear,
            },
            subject: Subject::Counter,
            name: counter.to_string(),
            asked,
            expected: text(expected),
            found: text(found),
        });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_are_seen_at_their_paths() {
        let value = json!({"bots": [{"id": 7}, {"appId": 1}], "none": [], "7": {"ID": "7"}});
        assert_eq!(seen(&value, "bots[].appId", None), Some(true));
        assert_eq!(seen(&value, "bots[].name", None), Some(false));
        assert_eq!(seen(&value, "none[].name", None), None);
        assert_eq!(seen(&value, "absent", None), Some(false));
        assert_eq!(
            seen(&json!({"7": {"ID": "7"}}), "<id>.ID", Some(ValueKind::Integer)),
            Some(false)
        );
        assert_eq!(
            seen(&json!({"7": {"ID": 7}}), "<id>.ID", Some(ValueKind::Integer)),
            Some(true)
        );
    }
}
