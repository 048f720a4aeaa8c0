use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::limits::RECORD_LIMIT;
use super::*;

fn record() -> Value {
    json!({
        "portal": "0123456789abcdef0123456789abcdef",
        "address": "https://acme.bitrix24.com",
        "learned_unix_ms": 1_775_088_000_123_u64,
        "known": {
            "rest": {"least": 33, "least_from": "im.revision.get", "most": 33, "most_from": "im.revision.get"},
            "imbot_v2": {"most": "absent", "most_from": "method_not_found"},
        },
    })
}

#[test]
fn record_round_trips_unchanged() {
    let mut outdated = record();
    outdated["outdated"] = true.into();
    outdated["portal"] = outdated["address"].clone();
    let mut steady = record();
    steady["same_since_unix_ms"] = 1_774_000_000_999_u64.into();
    // It changed since, and did not say all of it.
    let mut changed = record();
    changed["same_since_unix_ms"] = 1_775_088_000_124_u64.into();
    let mut contested = record();
    contested["contested"] = true.into();
    for value in [record(), outdated, steady, changed, contested] {
        let read = SnapshotRecord::deserialize(&value).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), value);
        let whole = json!({"format": 1, "records": [value]});
        let snapshot = Snapshot::from_json(whole.to_string()).unwrap();
        assert_eq!(snapshot.records(), [read]);
        assert_eq!(serde_json::to_value(&snapshot).unwrap(), whole);
        assert_eq!(serde_json::from_value::<Snapshot>(whole).unwrap(), snapshot);
    }
}

#[test]
fn invalid_record_is_skipped_with_reason() {
    let changed = |path: &str, value: Value| {
        let mut changed = record();
        *changed.pointer_mut(path).unwrap() = value;
        changed
    };
    let mut strange = record();
    strange["verified_by"] = "somebody".into();
    let since = |value: Value| {
        let mut since = record();
        since["same_since_unix_ms"] = value;
        since
    };
    let cases = [
        (strange, SkipReason::Malformed),
        (
            changed("/known/rest/most_from", json!("an oracle")),
            SkipReason::Malformed,
        ),
        (
            changed("/learned_unix_ms", json!("yesterday")),
            SkipReason::Malformed,
        ),
        (changed("/learned_unix_ms", json!(-1)), SkipReason::Malformed),
        (since(json!("yesterday")), SkipReason::Malformed),
        (since(json!(-1)), SkipReason::Malformed),
        (changed("/known", json!(null)), SkipReason::Malformed),
        (changed("/portal", json!("acme")), SkipReason::Malformed),
        (
            changed("/address", json!("https://acme.bitrix24.com/rest/1/s3cret/")),
            SkipReason::Malformed,
        ),
        (changed("/known/rest/least", json!(36)), SkipReason::Impossible),
        (
            changed("/known/rest", json!({"least": 3})),
            SkipReason::Impossible,
        ),
        (
            changed("/portal", json!("https://other.bitrix24.com")),
            SkipReason::Identity,
        ),
        (
            changed("/address", record()["portal"].clone()),
            SkipReason::Identity,
        ),
        (json!(null), SkipReason::Malformed),
    ];
    let (values, reasons): (Vec<_>, Vec<_>) = cases.into_iter().unzip();
    let mut records = values;
    records.push(record());
    let snapshot = Snapshot::from_json(json!({"format": 1, "records": records}).to_string()).unwrap();
    let skipped: Vec<_> = snapshot.skipped().iter().map(|skipped| skipped.reason).collect();
    assert_eq!(skipped, reasons);
    let places: Vec<_> = snapshot.skipped().iter().map(|skipped| skipped.place).collect();
    assert_eq!(places, (0..reasons.len()).collect::<Vec<_>>());
    assert_eq!(snapshot.records().len(), 1);
}

#[test]
fn invalid_file_is_rejected_whole() {
    use SnapshotError as E;
    for (text, expected) in [
        (r#"{"format":2,"records":[]}"#, E::Newer { found: 2 }),
        (r#"{"format":18446744073709551615}"#, E::Newer { found: u64::MAX }),
        (r#"{"format":1}"#, E::NotASnapshot),
        (r#"{"format":0,"records":[]}"#, E::NotASnapshot),
        (r#"{"format":"1","records":[]}"#, E::NotASnapshot),
        (r#"{"format":1,"records":{}}"#, E::NotASnapshot),
        (r#"{"records":[]}"#, E::NotASnapshot),
        ("[]", E::NotASnapshot),
        ("null", E::NotASnapshot),
        ("", E::Json { line: 1, column: 0 }),
        ("{\n\"format\":1,", E::Json { line: 2, column: 11 }),
    ] {
        assert_eq!(Snapshot::from_json(text), Err(expected.clone()), "{text}");
        if !matches!(expected, E::Json { .. }) {
            let error = serde_json::from_str::<Snapshot>(text).unwrap_err();
            assert_eq!(error.to_string(), expected.to_string(), "{text}");
        }
    }
    let told = E::Newer { found: 2 }.to_string();
    assert!(
        told.contains("format 2") && told.contains("up to 1") && told.contains("begin without"),
        "{told}"
    );
}

#[test]
fn same_since_is_written_if_different() {
    let read = SnapshotRecord::deserialize(record()).unwrap();
    assert_eq!(read.same_since(), read.learned(), "as of an older version");
    let within = SnapshotRecord {
        same_since: read.learned - Duration::from_nanos(1),
        learned: read.learned + Duration::from_nanos(1),
        ..read.clone()
    };
    // Times are written to the millisecond: this one is in the one before.
    let written = serde_json::to_value(within).unwrap();
    assert_eq!(written["same_since_unix_ms"], json!(1_775_088_000_122_u64));
    let within = SnapshotRecord {
        same_since: read.learned + Duration::from_nanos(1),
        ..read
    };
    assert_eq!(serde_json::to_value(within).unwrap(), record());
}

/// A record of any size is passed over, and the ones beside it are read.
#[test]
fn large_records_are_skipped() {
    let mut long = record();
    long["portal"] = "x".repeat(100_000).into();
    let mut many = record();
    many["known"] = vec![0; 100_000].into();
    let mut nested = record();
    nested["known"]["rest"] = json!({"a": vec![json!({"b": []}); 1_000]});
    let mut named = record();
    named["x".repeat(100_000)] = json!(1);
    for large in [long, many, nested, named, json!(vec![0; 100_000])] {
        let whole = json!({"records": [record(), large, record()], "format": 1, "more": vec![0; 1_000]});
        let snapshot = Snapshot::from_json(whole.to_string()).unwrap();
        assert_eq!(snapshot.records().len(), 2);
        let reason = SkipReason::Malformed;
        assert_eq!(snapshot.skipped(), [Skipped { place: 1, reason }]);
        assert_eq!(serde_json::from_value::<Snapshot>(whole).unwrap(), snapshot);
    }
}

#[test]
fn too_many_records_are_refused() {
    for (count, is_read) in [(RECORD_LIMIT, true), (RECORD_LIMIT + 1, false)] {
        let text = format!(r#"{{"records":[{}0],"format":1}}"#, "0,".repeat(count - 1));
        let read = Snapshot::from_json(text);
        match is_read {
            true => assert_eq!(read.unwrap().skipped().len(), count),
            false => assert_eq!(read, Err(SnapshotError::TooMany { limit: RECORD_LIMIT })),
        }
    }
}
