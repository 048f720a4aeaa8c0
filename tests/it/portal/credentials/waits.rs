//! How long a caller waits if several credentials of one portal fail.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use imbot_caps::Registry;
use imbot_caps::transport::{Request, Response, Transport, TransportError};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use super::user;

/// How long an answer takes: nearly the deadline of a probe.
const SLOW: Duration = Duration::from_secs(9);

/// Refuses each credential, and takes long for it.
struct RefusesSlowly(Arc<AtomicUsize>);

impl Transport for RefusesSlowly {
    fn send(
        &self,
        _: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        let body = r#"{"error":"INVALID_CREDENTIALS","error_description":""}"#;
        Box::pin(async move {
            sleep(SLOW).await;
            Ok(Response::new(401, None, body.into()))
        })
    }
}

#[tokio::test(start_paused = true)]
async fn callers_wait_for_eight_probes_at_most() {
    for callers in [1, 2, 5, 8, 9] {
        let requests = Arc::default();
        let registry = Registry::builder(RefusesSlowly(Arc::clone(&requests))).build();
        let began = Instant::now();
        let mut asking = JoinSet::new();
        for number in 1..=callers {
            let registry = registry.clone();
            asking.spawn(async move {
                registry.caps(&user(number)).await.unwrap_err();
                began.elapsed()
            });
        }
        let mut waits = asking.join_all().await;
        waits.sort_unstable();
        assert_eq!(
            requests.load(Ordering::Relaxed),
            callers as usize,
            "each is tried once"
        );
        let within = |probes: u32| SLOW * probes..SLOW * probes + Duration::from_secs(1);
        for (nth, waited) in waits.iter().enumerate() {
            // All wait for the end of the attempt. The ninth caller waits for an attempt of its own.
            let probes = if nth < 8 { callers.min(8) } else { 9 };
            assert!(within(probes).contains(waited), "{nth} of {callers}: {waited:?}");
        }
    }
}
