//! The errors after which a call is sent again: an expired token, and a method that is not found. They
//! prove that the call did not run only with a status that portals send with them.

use std::future::ready;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use imbot_caps::transport::{Request, Response, Transport, TransportError};
use imbot_caps::{Portal, Registry};
use serde_json::json;

use super::{Tokens, WRITES, batch, call, client};

/// Codes, and whether a call and a batch are sent again after them.
const CODES: [(&str, bool, bool); 5] = [
    ("expired_token", true, true),
    ("invalid_token", true, true),
    ("ERROR_METHOD_NOT_FOUND", true, false),
    ("22002", true, false),
    ("insufficient_scope", false, false),
];

/// Statuses of each hundred. A unit test of `wire` takes all of them.
fn statuses() -> impl Iterator<Item = u16> {
    let others = [199, 226, 299, 399, 451, 499, 599, 600, 999];
    (200..207)
        .chain(300..309)
        .chain(400..430)
        .chain(500..512)
        .chain(others)
}

/// Answers each request with this status and code, and counts them.
struct Refusing(u16, &'static str, Arc<AtomicUsize>);

impl Transport for Refusing {
    fn send(
        &self,
        _: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        self.2.fetch_add(1, Ordering::Relaxed);
        let body = json!({"error": self.1, "error_description": ""}).to_string();
        Box::pin(ready(Ok(Response::new(self.0, None, body.into_bytes()))))
    }
}

#[tokio::test]
async fn only_unrun_calls_are_repeated() {
    for (code, repeats_call, repeats_batch) in CODES {
        for (status, is_batch) in statuses().flat_map(|status| [(status, false), (status, true)]) {
            let sent = Arc::<AtomicUsize>::default();
            let registry = Registry::builder(Refusing(status, code, Arc::clone(&sent))).build();
            let portal = Portal::oauth("https://acme.example/rest/", Tokens).unwrap();
            let client = client(&registry, &portal);
            let (refused, repeats) = match is_batch {
                true => (batch(&client, WRITES).await, repeats_batch),
                false => (call(&client, WRITES).await, repeats_call),
            };
            let refused = refused.unwrap_err();
            let case = format!("{code} with {status}, in a batch: {is_batch}");
            let is_proven = matches!(status, 200..=299 | 400..=499);
            let times = 1 + usize::from(is_proven && repeats);
            assert_eq!(sent.load(Ordering::Relaxed), times, "{case}");
            assert_eq!(refused.may_have_run(), !is_proven, "{case}: {refused}");
        }
    }
}
