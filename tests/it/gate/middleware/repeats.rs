//! Beside a middleware that repeats requests: nothing is sent twice on the gate's account.

use super::*;

/// Three repeats, at once.
pub(super) struct AtOnce;

impl RetryPolicy for AtOnce {
    fn should_retry(&self, _: SystemTime, past: u32) -> RetryDecision {
        match past < 3 {
            true => RetryDecision::Retry {
                execute_after: SystemTime::now(),
            },
            false => RetryDecision::DoNotRetry,
        }
    }
}

pub(super) fn retry() -> RetryTransientMiddleware<AtOnce> {
    RetryTransientMiddleware::new_with_policy(AtOnce)
}

/// What came of a call: the methods that were called, the messages that stand there,
/// the status that was answered, and whether a result came with it.
type Outcome = (Vec<String>, usize, Option<u16>, bool);

/// What comes of a message when this strikes: with the gate above what repeats
/// requests, below it, and without a gate.
async fn storm(fault: impl Fn() -> Fault) -> [Outcome; 3] {
    let mut outcomes = Vec::new();
    for place in [Some(true), Some(false), None] {
        let stage = Stage::set().await;
        let (portal, bot) = bot(&stage, Build::rest(30), by_webhook).await;
        portal.fault(fault().on(OLD_SEND));
        let builder = ClientBuilder::new(Client::new());
        let client = match place {
            Some(true) => builder.with(gate(&stage)).with(retry()),
            Some(false) => builder.with(retry()).with(gate(&stage)),
            None => builder.with(retry()),
        };
        let older =
            json!({"BOT_ID": bot, "CLIENT_ID": "old", "DIALOG_ID": "1", "MESSAGE": "a & b", "SYSTEM": "Y"});
        let request = match place {
            Some(_) => call(&portal, SEND, &message(bot)),
            None => call(&portal, OLD_SEND, &older),
        };
        let (status, is_result) = match client.build().execute(request).await {
            Ok(response) => {
                let status = response.status().as_u16();
                let body = response.bytes().await;
                let is_result = |body: &[u8]| matches!(Reply::read(status, None, body), Reply::Result(_));
                (Some(status), body.is_ok_and(|body| is_result(&body)))
            }
            Err(_) => (None, false),
        };
        outcomes.push((methods(&portal), portal.messages().len(), status, is_result));
    }
    outcomes.try_into().unwrap()
}

#[tokio::test]
async fn gate_adds_no_retries() {
    // Nothing is done twice by these, whoever repeats.
    for (fault, attempts, messages, status, is_result) in [
        ((|| overloaded().once()) as fn() -> Fault, 2, 1, 200, true),
        (
            || Fault::error("QUERY_LIMIT_EXCEEDED").status(503).times(3),
            4,
            1,
            200,
            true,
        ),
        (
            || Fault::error("QUERY_LIMIT_EXCEEDED").status(503),
            4,
            0,
            503,
            false,
        ),
        (
            || Fault::error("OPERATION_TIME_LIMIT").status(429).once(),
            2,
            1,
            200,
            true,
        ),
        (|| Fault::error("ERROR_CORE").status(400), 1, 0, 400, false),
        (
            || Fault::error("ERROR_METHOD_NOT_FOUND").status(404),
            1,
            0,
            404,
            false,
        ),
        // The answer breaks off after its head: who reads it sees that, and nobody repeats.
        (|| Fault::half_body().once(), 1, 1, 200, false),
        (|| Fault::empty_body().once(), 1, 0, 200, false),
    ] {
        for outcome in storm(fault).await {
            let expected = (
                vec![OLD_SEND.to_owned(); attempts],
                messages,
                Some(status),
                is_result,
            );
            assert_eq!(outcome, expected, "{:?}", fault());
        }
    }
}

#[tokio::test]
async fn gate_changes_no_retry_count() {
    for fault in [|| Fault::lose_answer().once(), || Fault::hang_up().once()] {
        let [above, below, without] = storm(fault).await;
        assert_eq!(above, without);
        assert_eq!(below, without);
        assert!(without.0.len() <= 2, "{without:?}");
    }
}
