//! The clock of a fleet, and what answers it.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, RwLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use imbot_caps::clock::Clock;
use imbot_caps::transport::{Request, ReqwestTransport, Response, Transport, TransportError};

use super::Answers;

fn method(request: &Request) -> String {
    let path = request.url().path();
    path.rsplit('/').next().unwrap_or_default().to_owned()
}

/// Keeps replies by the method that was called.
#[derive(Default)]
pub struct Tap {
    transport: ReqwestTransport,
    pub replies: Arc<Mutex<HashMap<String, Response>>>,
}

type Sending<'a> = Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + 'a>>;

impl Transport for Tap {
    fn send(&self, request: Request) -> Sending<'_> {
        Box::pin(async move {
            let method = method(&request);
            let response = self.transport.send(request).await?;
            self.replies.lock().unwrap().insert(method, response.clone());
            Ok(response)
        })
    }
}

/// A clock that stands until it is moved. Nobody's wait ends by it: a reply comes at
/// once.
#[derive(Clone, Default)]
pub struct Time(pub Arc<AtomicU64>);

impl Time {
    pub fn advance(&self, step: Duration) {
        self.0.fetch_add(step.as_secs(), Ordering::Relaxed);
    }
}

impl Clock for Time {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_775_088_000 + self.0.load(Ordering::Relaxed))
    }

    fn sleep(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(std::future::pending())
    }
}

/// What answers a fleet: portals by the host of their address, each with what it
/// answers now and how often it was asked.
#[derive(Default)]
pub struct Wire {
    pub portals: RwLock<HashMap<String, (Arc<Answers>, usize)>>,
    pub sent: AtomicUsize,
    pub under_way: AtomicUsize,
    /// Answers in place of the table.
    pub emulator: Option<ReqwestTransport>,
}

#[derive(Clone)]
pub struct Shared(pub Arc<Wire>);

/// What tells portals apart in addresses: those of one emulator differ in the path.
pub fn place(url: &str) -> String {
    url.rsplit_once('/').map_or(url, |(place, _)| place).to_owned()
}

impl Transport for Shared {
    fn send(&self, request: Request) -> Sending<'_> {
        let wire = &*self.0;
        wire.sent.fetch_add(1, Ordering::Relaxed);
        let reply = {
            let mut portals = wire.portals.write().unwrap();
            let (answers, asked) = portals.get_mut(&place(request.url().as_str())).unwrap();
            *asked += 1;
            wire.emulator
                .is_none()
                .then(|| answers.replies[&method(&request)].clone())
        };
        wire.under_way.fetch_add(1, Ordering::Relaxed);
        Box::pin(async move {
            let reply = match (reply, &wire.emulator) {
                (Some(reply), _) => Ok(reply),
                (None, Some(emulator)) => emulator.send(request).await,
                (None, None) => Err(TransportError::Timeout),
            };
            wire.under_way.fetch_sub(1, Ordering::Relaxed);
            reply
        })
    }
}
