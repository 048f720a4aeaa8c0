use serde_json::{Value, json};

use super::*;

fn address() -> PortalId {
    "https://acme.bitrix24.com".parse().unwrap()
}

fn at(millis: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(millis)
}

fn text() -> Value {
    json!({
        "format": 1,
        "record": {
            "portal": "https://acme.bitrix24.com",
            "address": "https://acme.bitrix24.com",
            "learned_unix_ms": 1_775_088_000_000_u64,
            "known": {
                "rest": {"least": 33, "least_from": "im.revision.get", "most": 33, "most_from": "im.revision.get"},
                "imbot_v2": {"most": "absent", "most_from": "method_not_found"}
            }
        },
        "failed": {"at_unix_ms": 1_775_088_000_000_u64, "count": 2, "class": "blocked", "lasting": true, "wait_ms": 5_000}
    })
}

fn read(text: &Value) -> Result<StoredRecord, Unread> {
    StoredRecord::read(&address(), &text.to_string())
}

#[test]
fn text_round_trips() {
    let stored = read(&text()).unwrap();
    let known = stored.known().unwrap();
    assert_eq!(known.rest(), Some(33));
    assert_eq!(known.imbot_v2(), Some(false));
    assert_eq!(stored.learned(), Some(at(1_775_088_000_000)));
    let failed = stored.failed.unwrap();
    assert_eq!((failed.failure.count, failed.failure.lasting), (2, true));
    assert_eq!(failed.failure.wait, Some(Duration::from_secs(5)));
    let written = stored.to_text().unwrap();
    assert_eq!(StoredRecord::read(&address(), &written), Ok(stored));
    assert_eq!(StoredRecord::default().to_text(), None);
}

#[test]
fn longest_record_fits_limit() {
    let long = format!("https://{}.example/{}", "a".repeat(63), "b".repeat(420));
    let address: PortalId = format!("{long}/rest/").parse().unwrap();
    let mut text = text();
    for name in ["portal", "address"] {
        text["record"][name] = address.to_string().into();
    }
    text["record"]["same_since_unix_ms"] = 1_775_000_000_000_u64.into();
    text["record"]["outdated"] = true.into();
    let stored = StoredRecord::read(&address, &text.to_string()).unwrap();
    let written = stored.to_text().unwrap();
    assert!(written.len() < BODY_LIMIT / 2, "{}", written.len());
}

#[test]
fn hostile_texts_are_skipped() {
    let form = Err(Unread::Skipped(SkipReason::Malformed));
    let impossible = Err(Unread::Skipped(SkipReason::Impossible));
    let identity = Err(Unread::Skipped(SkipReason::Identity));
    for garbage in [
        "",
        "null",
        "[]",
        "{}",
        "\0",
        "{\"format\":1,",
        "{\"format\":-1}",
        "{\"format\":0}",
    ] {
        assert_eq!(StoredRecord::read(&address(), garbage), form, "{garbage}");
    }
    assert_eq!(StoredRecord::read(&address(), &"[".repeat(4_000)), form);
    let long = format!("{}{}", text(), " ".repeat(BODY_LIMIT));
    assert_eq!(StoredRecord::read(&address(), &long), form);
    let change = |pointer: &str, value: Value| {
        let mut text = text();
        *text.pointer_mut(pointer).unwrap() = value;
        read(&text)
    };
    assert_eq!(change("/format", 2.into()), Err(Unread::Newer));
    assert_eq!(change("/format", u64::MAX.into()), Err(Unread::Newer));
    assert_eq!(change("/format", "1".into()), form);
    assert_eq!(change("/record/known/rest/least", 0.into()), impossible);
    assert_eq!(change("/record/known/rest/least", 34.into()), impossible);
    assert_eq!(change("/record/learned_unix_ms", u64::MAX.into()), impossible);
    assert_eq!(
        change("/record/address", "https://other.example".into()),
        identity
    );
    let member = "0123456789abcdef0123456789abcdef";
    assert_eq!(change("/record/portal", member.into()), identity);
    assert_eq!(change("/record/address", member.into()), identity);
    assert_eq!(change("/failed/at_unix_ms", u64::MAX.into()), impossible);
    assert_eq!(change("/failed/count", 0.into()), impossible);
    assert_eq!(change("/failed/class", "credential".into()), impossible);
    assert_eq!(change("/failed/class", "no such class".into()), form);
    let mut unknown = text();
    unknown["more"] = 1.into();
    assert_eq!(read(&unknown), form);
    let mut newer = unknown;
    newer["format"] = 2.into();
    assert_eq!(read(&newer), Err(Unread::Newer));
}

#[test]
fn later_answer_gets_later_time() {
    let stored = read(&text()).unwrap();
    let learned = stored.learned().unwrap();
    let second = Duration::from_secs(1);
    assert_eq!(stored.clone().after(learned - second), stored);
    let moved = stored.after(learned + second);
    assert_eq!(moved.learned(), Some(learned + second + Duration::from_millis(1)));
}
