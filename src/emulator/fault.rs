//! Failures on demand.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde_json::Value as Json;
use tokio::sync::watch;

use super::clock::Clock;
use super::reply::Reply;

/// Something that goes wrong with requests: which, how often, and how.
///
/// Applies to every request until told otherwise. Faults are asked in the order
/// they were added, and the first that fits takes the request.
///
/// ```
/// use imbot_caps::emulator::Fault;
///
/// let overloaded = Fault::error("QUERY_LIMIT_EXCEEDED").times(2);
/// let gateway = Fault::html(502).on("imbot.v2.Revision.get").once();
/// # let _ = (overloaded, gateway);
/// ```
#[derive(Clone, Debug)]
pub struct Fault {
    effect: Effect,
    method: Option<String>,
    left: Option<u32>,
}

#[derive(Clone, Debug)]
pub(super) enum Effect {
    /// An answer in place of the method's, which does not run.
    Replace(Reply),
    /// An error, whose status may depend on the build.
    Error { code: String, status: Option<u16> },
    /// A result, in the envelope of the build.
    Result(Json),
    /// No answer, and the method does not run.
    HangUp,
    /// The method runs, and its answer is spoilt.
    Spoil(Spoil),
    /// The request waits before anything else.
    Hold(Gate),
    /// The request waits so long by the clock before anything else.
    Delay(Duration),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Spoil {
    ByteOrderMark,
    HalfBody,
    Lose,
}

impl Effect {
    /// What is sent, given what runs the method and what words an error and a
    /// result; `None` closes the connection without an answer.
    pub(super) fn answer(
        self,
        run: impl FnOnce() -> Reply,
        error: impl FnOnce(&str, Option<u16>) -> Reply,
        success: impl FnOnce(Json) -> Reply,
    ) -> Option<Reply> {
        match self {
            Effect::Replace(reply) => Some(reply),
            Effect::Error { code, status } => Some(error(&code, status)),
            Effect::Result(result) => Some(success(result)),
            Effect::Spoil(Spoil::ByteOrderMark) => Some(run().with_byte_order_mark()),
            Effect::Spoil(Spoil::HalfBody) => Some(run().broken_off()),
            Effect::Spoil(Spoil::Lose) => {
                run();
                None
            }
            // What is to be waited for was waited for, so it is never what is left.
            Effect::HangUp | Effect::Hold(_) | Effect::Delay(_) => None,
        }
    }
}

impl Fault {
    fn new(effect: Effect) -> Self {
        Self {
            effect,
            method: None,
            left: None,
        }
    }

    /// An error with this code; the method does not run.
    ///
    /// Codes of the system have the text and the status that the build gives
    /// them, others their own name for text and status 400. `QUERY_LIMIT_EXCEEDED`
    /// is sent whatever the build, though only the cloud knows it.
    #[must_use]
    pub fn error(code: impl Into<String>) -> Self {
        Self::new(Effect::Error {
            code: code.into(),
            status: None,
        })
    }

    /// This JSON with this status: an `error` of a wrong type, say. The method
    /// does not run.
    #[must_use]
    pub fn json(status: u16, body: &Json) -> Self {
        Self::new(Effect::Replace(Reply::json(status, body)))
    }

    /// This value as `result` in an otherwise sound answer: a value of a wrong
    /// type, say. The method does not run.
    #[must_use]
    pub fn result(result: Json) -> Self {
        Self::new(Effect::Result(result))
    }

    /// A web server's HTML page with this status; the method does not run.
    #[must_use]
    pub fn html(status: u16) -> Self {
        Self::new(Effect::Replace(Reply::html(status)))
    }

    /// This status, type and body; the method does not run.
    #[must_use]
    pub fn body(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        Self::new(Effect::Replace(Reply::new(status, content_type, body)))
    }

    /// Status 200 and an empty body; the method does not run.
    #[must_use]
    pub fn empty_body() -> Self {
        Self::body(200, "application/json", Bytes::new())
    }

    /// Valid JSON of this many bytes, though at least 13; the method does not run.
    #[must_use]
    pub fn big_body(bytes: usize) -> Self {
        let filling = "x".repeat(bytes.saturating_sub(r#"{"result":""}"#.len()));
        Self::body(200, "application/json", format!(r#"{{"result":"{filling}"}}"#))
    }

    /// Status 302 with this address; the method does not run.
    #[must_use]
    pub fn redirect(location: &str) -> Self {
        Self::new(Effect::Replace(Reply::redirect(302, location)))
    }

    /// The connection closes without an answer; the method does not run.
    #[must_use]
    pub fn hang_up() -> Self {
        Self::new(Effect::HangUp)
    }

    /// The method runs, and the connection closes without an answer.
    #[must_use]
    pub fn lose_answer() -> Self {
        Self::new(Effect::Spoil(Spoil::Lose))
    }

    /// The method runs, and the connection closes after half of the answer's body.
    #[must_use]
    pub fn half_body() -> Self {
        Self::new(Effect::Spoil(Spoil::HalfBody))
    }

    /// The method runs, and a byte order mark stands before the answer's body.
    #[must_use]
    pub fn byte_order_mark() -> Self {
        Self::new(Effect::Spoil(Spoil::ByteOrderMark))
    }

    /// The request waits until the handle lets go, and then goes on to the
    /// faults after this one, or to the method.
    #[must_use]
    pub fn hold() -> (Self, Hold) {
        let (release, released) = watch::channel(false);
        let (arrive, arrived) = watch::channel(0);
        let gate = Gate {
            arrive: Arc::new(arrive),
            released,
        };
        (Self::new(Effect::Hold(gate)), Hold { release, arrived })
    }

    /// The request waits until so long after its arrival by the portal's
    /// clock, and then goes on to the
    /// faults after this one, or to the method.
    ///
    /// While the clock stands, it waits until the test moves the clock: a
    /// time-out without sleeping.
    #[must_use]
    pub fn latency(latency: Duration) -> Self {
        Self::new(Effect::Delay(latency))
    }

    /// The same with this HTTP status, where the fault brings an answer of its
    /// own; other faults stay as they are.
    #[must_use]
    pub fn status(mut self, new: u16) -> Self {
        match &mut self.effect {
            Effect::Replace(reply) => *reply = reply.clone().with_status(new),
            Effect::Error { status, .. } => *status = Some(new),
            _ => {}
        }
        self
    }

    /// Only for this method, as spelled in the path without `.json`.
    #[must_use]
    pub fn on(mut self, method: impl Into<String>) -> Self {
        self.method = Some(method.into());
        self
    }

    /// Only for the next so many requests that it fits.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.left = Some(times);
        self
    }

    /// Only for the next request that it fits.
    #[must_use]
    pub fn once(self) -> Self {
        self.times(1)
    }

    fn fits(&self, method: &str) -> bool {
        self.left != Some(0) && self.method.as_deref().is_none_or(|own| own == method)
    }
}

/// Holds requests back, for as long as a test wants. Lets go when dropped.
#[derive(Debug)]
pub struct Hold {
    release: watch::Sender<bool>,
    arrived: watch::Receiver<usize>,
}

impl Hold {
    /// Waits until this many requests have come to wait, counted from the start.
    ///
    /// Cancel-safe. Returns at once when no more can come, since the faults were
    /// cleared.
    pub async fn arrived(&self, requests: usize) {
        let mut arrived = self.arrived.clone();
        // An error means that no gate is left to count.
        let _ = arrived.wait_for(|count| *count >= requests).await;
    }

    /// Lets all requests go on, those to come too.
    pub fn release(self) {
        self.release.send_replace(true);
    }
}

/// What a request waits for.
#[derive(Clone, Debug)]
pub(super) enum Wait {
    Gate(Gate),
    Delay(Duration),
}

impl Wait {
    /// Waits; a delay counts from `arrived`, a time since the Unix epoch.
    pub(super) async fn pass(self, clock: &Clock, arrived: Duration) {
        match self {
            Wait::Gate(gate) => gate.pass().await,
            Wait::Delay(delay) => clock.reaches(arrived.saturating_add(delay)).await,
        }
    }
}

/// Where a held request waits.
#[derive(Clone, Debug)]
pub(super) struct Gate {
    arrive: Arc<watch::Sender<usize>>,
    released: watch::Receiver<bool>,
}

impl Gate {
    async fn pass(mut self) {
        self.arrive.send_modify(|count| *count += 1);
        // An error means that the handle was dropped, which lets go as well.
        let _ = self.released.wait_for(|released| *released).await;
    }
}

/// A portal's faults.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    pub(super) fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Takes what happens to a request of this method: what to wait for,
    /// and the first fault after that.
    pub(super) fn take(&mut self, method: &str) -> (Vec<Wait>, Option<Effect>) {
        let mut waits = Vec::new();
        for fault in self.0.iter_mut().filter(|fault| fault.fits(method)) {
            if let Some(left) = &mut fault.left {
                *left = left.saturating_sub(1);
            }
            match &fault.effect {
                Effect::Hold(gate) => waits.push(Wait::Gate(gate.clone())),
                Effect::Delay(delay) => waits.push(Wait::Delay(*delay)),
                effect => return (waits, Some(effect.clone())),
            }
        }
        (waits, None)
    }
}
