use super::*;

fn read(text: &str) -> Result<Revisions, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

#[test]
fn accepts_portal_counters() {
    let full = read(r#"{"rest":36,"web":130,"mobile":23,"desktop":6}"#).unwrap();
    assert_eq!(
        Counter::ALL.map(|counter| full.get(counter)),
        [Some(36), Some(130), Some(23), Some(6)]
    );
    let old = read(r#"{"rest":18,"web":117,"mobile":9}"#).unwrap();
    assert_eq!(old.desktop(), None);
    for same in [r#""33""#, r#"" 33 ""#, "33.0", "33", "3.3e1"] {
        let seen = read(&format!(r#"{{"rest":{same}}}"#)).unwrap();
        assert_eq!(seen.rest(), Some(33), "{same}");
    }
    let odd = read(r#"{"rest":33,"web":null,"nested":{"rest":[1,{"a":2}]}}"#).unwrap();
    assert_eq!(odd, Revisions::rest_only(33));
}

#[test]
fn rejects_invalid_counters() {
    for wrong in [
        "-1",
        "33.5",
        "10000",
        "1e9",
        "1e400",
        "18446744073709551616",
        "true",
        "[]",
        "[33]",
        "{}",
        r#""""#,
        r#""+33""#,
        r#""0x21""#,
        r#""33.0""#,
        r#""thirty""#,
        r#""99999999999999999999999""#,
    ] {
        let error = read(&format!(r#"{{"rest":{wrong}}}"#)).unwrap_err();
        assert!(
            error.contains("rest") || error.contains("number out of range"),
            "{wrong}: {error}"
        );
    }
    for wrong in ["[]", "33", "null", "\"rest\"", "true"] {
        let error = read(wrong).unwrap_err();
        assert!(error.contains("revision counters"), "{wrong}: {error}");
    }
}

#[test]
fn bad_counter_keeps_the_others() {
    let nonsense = [
        "-1",
        "33.5",
        "10000",
        "1e99",
        "true",
        "[]",
        "[[33]]",
        "{}",
        r#"{"a":[1]}"#,
        r#""""#,
        r#""many""#,
        "null",
    ];
    for spoilt in [Counter::Web, Counter::Mobile, Counter::Desktop] {
        for wrong in nonsense {
            // Before the others and after them.
            let others: Vec<_> = Counter::ALL
                .into_iter()
                .filter(|counter| *counter != spoilt)
                .collect();
            let good: Vec<_> = others
                .iter()
                .map(|counter| format!(r#""{}":33"#, counter.as_str()))
                .collect();
            let good = good.join(",");
            let wrong = format!(r#""{}":{wrong}"#, spoilt.as_str());
            for text in [format!("{{{wrong},{good}}}"), format!("{{{good},{wrong}}}")] {
                let seen = read(&text).unwrap();
                assert!(
                    others.iter().all(|counter| seen.get(*counter) == Some(33)),
                    "{text}"
                );
                assert_eq!(seen.get(spoilt), None, "{text}");
            }
        }
    }
}

#[test]
fn writes_what_it_reads() {
    let seen = Revisions::rest_only(33).with(Counter::Desktop, 6);
    let text = serde_json::to_string(&seen).unwrap();
    assert_eq!(text, r#"{"rest":33,"desktop":6}"#);
    assert_eq!(read(&text).unwrap(), seen);
    assert_eq!(format!("{seen:?}"), "{rest: 33, desktop: 6}");
}
