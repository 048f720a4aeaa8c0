//! Decides whether to repeat a question, and after which pause.

use std::time::Duration;

use super::error::{ErrorKind, Failure, ProbeErrorClass};
use crate::freshness::fraction;

/// How many repeats a probe has for all its questions together.
pub(super) const REPEATS: u32 = 2;

/// The first pause, and its growth.
struct Pace {
    first: Duration,
    growth: f64,
}

/// A network failure ends at once, or takes longer.
const NETWORK: Pace = Pace {
    first: Duration::from_millis(250),
    growth: 2.0,
};

/// The cloud's rate limit recovers by two requests a second. Other programs at the same address may
/// have used it up.
const RATE: Pace = Pace {
    first: Duration::from_secs(1),
    growth: 1.5,
};

/// A method that has used up its time limit gets some of it back after a minute or more.
const OPERATING: Pace = Pace {
    first: Duration::from_secs(10),
    growth: 2.0,
};

/// The pause before a repeat. Repeats count from 0. `None` if a repeat does not help.
///
/// The pause is never shorter than the wait that an answer asked for. `jitter` adds up to half of the
/// base pause, so that portals that fail together are not asked together. The same numbers give the
/// same pause.
pub(super) fn pause<E>(failure: &Failure<E>, repeat: u32, jitter: u64) -> Option<Duration> {
    let Failure { trouble, retry_after } = failure;
    if repeat >= REPEATS || trouble.class() != ProbeErrorClass::Transient {
        return None;
    }
    let pace = match trouble {
        ErrorKind::Api(error) if error.code == "OPERATION_TIME_LIMIT" && retry_after.is_none() => OPERATING,
        ErrorKind::Api(error) if error.code == "QUERY_LIMIT_EXCEEDED" || error.status == 429 => RATE,
        ErrorKind::Malformed(malformed) if malformed.status == 429 => RATE,
        ErrorKind::NoReply { .. } | ErrorKind::Api(_) | ErrorKind::Malformed(_) => NETWORK,
        // After the others the probe ends.
        _ => return None,
    };
    let base = pace
        .first
        .mul_f64(pace.growth.powi(i32::try_from(repeat).unwrap_or(i32::MAX)));
    let spread = base.mul_f64(0.5 * fraction(jitter.wrapping_add(u64::from(repeat))));
    Some(base.max(retry_after.unwrap_or_default()).saturating_add(spread))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Reply;

    type Trouble = ErrorKind<&'static str>;

    fn no_reply(class: ProbeErrorClass) -> Trouble {
        ErrorKind::NoReply { class, error: "lost" }
    }

    fn answered(status: u16, body: &str) -> Trouble {
        match Reply::read(status, None, body.as_bytes()) {
            Reply::Error(error) => ErrorKind::Api(error),
            Reply::Malformed(malformed) => ErrorKind::Malformed(malformed),
            other => panic!("{other:?}"),
        }
    }

    fn pause(trouble: &Trouble, retry_after: Option<Duration>, repeat: u32, jitter: u64) -> Option<Duration> {
        let trouble = trouble.clone();
        super::pause(&Failure { trouble, retry_after }, repeat, jitter)
    }

    fn millis(trouble: &Trouble, repeat: u32, jitter: u64) -> u128 {
        pause(trouble, None, repeat, jitter).unwrap().as_millis()
    }

    #[test]
    fn pauses_suit_the_failure() {
        for (trouble, first, second) in [
            (answered(503, r#"{"error":"QUERY_LIMIT_EXCEEDED"}"#), 1000, 1500),
            (answered(429, r#"{"error":"QUERY_LIMIT_EXCEEDED"}"#), 1000, 1500),
            (answered(429, r#"{"error":"SOMETHING_NEW"}"#), 1000, 1500),
            (answered(429, "<title>429 Too Many Requests</title>"), 1000, 1500),
            (
                answered(429, r#"{"error":"OPERATION_TIME_LIMIT"}"#),
                10_000,
                20_000,
            ),
            (answered(401, r#"{"error":"CONNECTION_ERROR"}"#), 250, 500),
            (answered(500, r#"{"error":"INTERNAL_SERVER_ERROR"}"#), 250, 500),
            (answered(502, "<html>"), 250, 500),
            (answered(200, r#"{"result":{"re"#), 250, 500),
            (answered(200, ""), 250, 500),
            (answered(408, ""), 250, 500),
            (answered(425, ""), 250, 500),
            (no_reply(ProbeErrorClass::Transient), 250, 500),
        ] {
            let mut seen = std::collections::BTreeSet::new();
            for jitter in 0..1000 {
                let pauses = [millis(&trouble, 0, jitter), millis(&trouble, 1, jitter)];
                assert!(
                    (first..=first * 3 / 2).contains(&pauses[0]),
                    "{trouble}: {pauses:?}"
                );
                assert!(
                    (second..=second * 3 / 2).contains(&pauses[1]),
                    "{trouble}: {pauses:?}"
                );
                assert_eq!(pauses[0], millis(&trouble, 0, jitter), "the same each time");
                seen.insert(pauses[0]);
            }
            assert!(seen.len() > 50, "{trouble}: {} pauses", seen.len());
            assert_eq!(pause(&trouble, None, REPEATS, 0), None);
        }
    }

    #[test]
    fn requested_wait_is_respected() {
        let wait = Some(Duration::from_secs(30));
        for trouble in [
            answered(503, r#"{"error":"QUERY_LIMIT_EXCEEDED"}"#),
            answered(429, r#"{"error":"OPERATION_TIME_LIMIT"}"#),
            answered(503, "<html>"),
        ] {
            let found = pause(&trouble, wait, 0, 7).unwrap();
            assert!(
                found >= Duration::from_secs(30) && found < Duration::from_secs(31),
                "{found:?}"
            );
        }
        // A shorter one is no reason to hurry.
        let hurry = Some(Duration::from_millis(1));
        let limit = answered(503, r#"{"error":"QUERY_LIMIT_EXCEEDED"}"#);
        assert!(pause(&limit, hurry, 0, 7).unwrap() >= Duration::from_secs(1));
        assert!(
            pause(&limit, Some(Duration::MAX), 0, 7).is_some(),
            "and no overflow"
        );
    }

    #[test]
    fn permanent_errors_are_not_retried() {
        for trouble in [
            answered(401, r#"{"error":"NO_AUTH_FOUND"}"#),
            answered(401, r#"{"error":"expired_token"}"#),
            answered(401, r#"{"error":"insufficient_scope"}"#),
            answered(503, r#"{"error":"OVERLOAD_LIMIT"}"#),
            answered(500, r#"{"error":"PORTAL_DELETED"}"#),
            answered(503, r#"{"error":"ERROR_METHOD_NOT_FOUND"}"#),
            answered(400, r#"{"error":"SOMETHING_NEW"}"#),
            answered(404, "<html>"),
            answered(403, "<html>"),
            answered(401, ""),
            answered(204, ""),
            ErrorKind::Moved { to: None },
            ErrorKind::Moved {
                to: Some("https://new.example".into()),
            },
            no_reply(ProbeErrorClass::Credential),
            no_reply(ProbeErrorClass::Blocked),
            no_reply(ProbeErrorClass::Moved),
            no_reply(ProbeErrorClass::Malformed),
            no_reply(ProbeErrorClass::Permanent),
            no_reply(ProbeErrorClass::Internal),
            ErrorKind::NoToken("none"),
            ErrorKind::TooLarge,
            ErrorKind::RequestLimit,
            ErrorKind::NothingFound { portal_answers: true },
            ErrorKind::Deadline(Duration::ZERO),
        ] {
            assert_eq!(pause(&trouble, None, 0, 0), None, "{trouble}");
            assert_eq!(pause(&trouble, Some(Duration::ZERO), 0, 0), None, "{trouble}");
        }
    }
}
