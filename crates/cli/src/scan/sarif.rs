//! A scan as SARIF 2.1.0, for hosts of code.

use serde_json::{Value, json};

use super::findings::{Finding, Rule, Scan};

/// Where the schema of the form is.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The document.
pub(crate) fn document(scan: &Scan) -> Value {
    let rules: Vec<Value> = Rule::ALL.iter().map(|rule| rule_of(*rule)).collect();
    let results: Vec<Value> = scan.findings.iter().map(result).collect();
    let notes: Vec<Value> = scan
        .not_analysed
        .iter()
        .map(|own| {
            json!({
                "level": "warning",
                "descriptor": { "id": own.reason.id() },
                "message": { "text": own.reason.text() },
                "locations": [location(&own.file, own.line.unwrap_or(1), None)],
            })
        })
        .collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": "imbot-caps",
                    "version": env!("CARGO_PKG_VERSION"),
                    "rules": rules,
                }
            },
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": scan.not_analysed.is_empty(),
                "toolExecutionNotifications": notes,
            }],
            "results": results,
        }],
    })
}

fn rule_of(rule: Rule) -> Value {
    json!({
        "id": rule.id(),
        "shortDescription": { "text": rule.description() },
        "defaultConfiguration": { "level": rule.severity().as_str() },
    })
}

fn result(finding: &Finding) -> Value {
    let index = Rule::ALL.iter().position(|rule| *rule == finding.rule);
    let place = &finding.place;
    // Without the line, so that a finding stays the same when lines are added above it.
    let print = format!(
        "{}:{}:{}:{}",
        finding.rule.id(),
        place.file,
        finding.name,
        finding.names.join(",")
    );
    json!({
        "ruleId": finding.rule.id(),
        "ruleIndex": index,
        "level": finding.severity.as_str(),
        "message": { "text": finding.message },
        "locations": [location(&place.file, place.line, Some(place.column))],
        "partialFingerprints": { "imbotCaps/v1": print },
        "properties": { "name": finding.name, "row": finding.row, "gate": finding.gate },
    })
}

fn location(file: &str, line: usize, column: Option<usize>) -> Value {
    let mut region = json!({ "startLine": line });
    if let (Some(column), Value::Object(members)) = (column, &mut region) {
        members.insert("startColumn".to_owned(), column.into());
    }
    json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(file) },
            "region": region,
        }
    })
}

/// A path as a relative reference.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'_' | b'-' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
