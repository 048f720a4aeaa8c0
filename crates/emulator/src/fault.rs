//! Failures on demand.

use std::fmt;
use std::time::Duration;

use super::clock::Clock;
use super::envelope::RestError;
use super::reply::Reply;
use super::wait::{Gate, Hold, Wait};
use bytes::Bytes;
use serde_json::Value as Json;

/// Something that goes wrong with requests: which, how often, and how.
///
/// Applies to every request until told otherwise. Faults are asked in the order
/// they were added, and the first that fits takes the request.
///
/// ```
/// use imbot_caps_emulator::Fault;
///
/// let overloaded = Fault::error("QUERY_LIMIT_EXCEEDED").times(2);
/// let gateway = Fault::html(502).on("imbot.v2.Revision.get").once();
/// # let _ = (overloaded, gateway);
/// ```
///
/// Printed without what it answers: a test may put a credential there.
#[derive(Clone)]
pub struct Fault {
    effect: Effect,
    headers: Vec<(String, String)>,
    method: Option<String>,
    left: Option<u32>,
    chance: Option<Chance>,
    is_inner: bool,
}

#[derive(Clone)]
enum Effect {
    /// An answer in place of the method's, which does not run.
    Replace(Reply),
    /// An error, whose status may depend on the build.
    Error { code: String, status: Option<u16> },
    /// A result, in the envelope of the build.
    Result(Json),
    /// A redirect to the same path at this address.
    Moved { to: String, status: u16 },
    /// No answer, and the method does not run.
    Cut(Cut),
    /// The method runs, and its answer is spoilt.
    Spoil(Spoil),
    /// The request waits before anything else.
    Hold(Gate),
    /// The request waits so long by the clock before anything else.
    Delay(Duration),
}

#[derive(Clone, Copy, Debug)]
enum Spoil {
    ByteOrderMark,
    HalfBody,
    Lose,
    Drip { bytes: usize, every: Duration },
}

/// How a connection ends without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    Close,
    Reset,
}

/// What a fault does to an answer.
#[derive(Clone)]
pub(super) struct Struck {
    effect: Effect,
    headers: Vec<(String, String)>,
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let effect = match &self.effect {
            Effect::Replace(_) => "another answer",
            Effect::Error { .. } => "an error",
            Effect::Result(_) => "another result",
            Effect::Moved { .. } => "a redirect",
            Effect::Cut(_) => "no answer",
            Effect::Spoil(_) => "a spoilt answer",
            Effect::Hold(_) => "a hold",
            Effect::Delay(_) => "a delay",
        };
        f.debug_struct("Fault")
            .field("effect", &effect)
            .field("method", &self.method)
            .field("left", &self.left)
            .field("is_inner", &self.is_inner)
            .finish_non_exhaustive()
    }
}

impl Struck {
    /// What is sent, given the path that was asked for, what runs the method, and what
    /// words an error and a result.
    ///
    /// # Errors
    ///
    /// When the connection is to end without an answer.
    pub(super) fn answer(
        self,
        clock: &Clock,
        path: &str,
        run: impl FnOnce() -> Reply,
        error: impl FnOnce(&str, Option<u16>) -> Reply,
        success: impl FnOnce(Json) -> Reply,
    ) -> Result<Reply, Cut> {
        let reply = match self.effect {
            Effect::Replace(reply) => Ok(reply),
            Effect::Moved { to, status } => {
                let to = to.trim_end_matches('/');
                Ok(Reply::redirect(status, &format!("{to}{path}")))
            }
            Effect::Error { code, status } => Ok(error(&code, status)),
            Effect::Result(result) => Ok(success(result)),
            Effect::Spoil(Spoil::ByteOrderMark) => Ok(run().with_byte_order_mark()),
            Effect::Spoil(Spoil::HalfBody) => Ok(run().broken_off()),
            Effect::Spoil(Spoil::Drip { bytes, every }) => Ok(run().dripping(bytes, every, clock)),
            Effect::Spoil(Spoil::Lose) => {
                run();
                Err(Cut::Close)
            }
            Effect::Cut(cut) => Err(cut),
            // What is to be waited for was waited for, so it is never what is left.
            Effect::Hold(_) | Effect::Delay(_) => Err(Cut::Close),
        };
        reply.map(|reply| reply.with_headers(self.headers))
    }
}

impl Fault {
    fn new(effect: Effect) -> Self {
        Self {
            effect,
            headers: Vec::new(),
            method: None,
            left: None,
            chance: None,
            is_inner: false,
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

    /// Status 302 to the same path at this scheme, host and port, as a portal that
    /// was renamed answers at its old address; the method does not run.
    #[must_use]
    pub fn moved(to: &str) -> Self {
        Self::new(Effect::Moved {
            to: to.to_owned(),
            status: 302,
        })
    }

    /// Status 302 with this address, as it is; the method does not run.
    #[must_use]
    pub fn redirect(location: &str) -> Self {
        Self::new(Effect::Replace(Reply::redirect(302, location)))
    }

    /// The connection closes without an answer; the method does not run.
    #[must_use]
    pub fn hang_up() -> Self {
        Self::new(Effect::Cut(Cut::Close))
    }

    /// The connection is reset, as by a host that knows nothing of it; the method
    /// does not run.
    #[must_use]
    pub fn reset() -> Self {
        Self::new(Effect::Cut(Cut::Reset))
    }

    /// The method runs, and its answer's body comes so many bytes at a time, the
    /// first of them at once and each of the others so long after the last, by
    /// the portal's clock. No bytes count as one.
    #[must_use]
    pub fn drip(bytes: usize, every: Duration) -> Self {
        Self::new(Effect::Spoil(Spoil::Drip { bytes, every }))
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
        let (gate, hold) = Gate::new();
        (Self::new(Effect::Hold(gate)), hold)
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
            Effect::Moved { status, .. } => *status = new,
            _ => {}
        }
        self
    }

    /// The same with this header in the answer, in place of one of this name that
    /// it has: `Retry-After` of a proxy, say. What HTTP cannot carry is left out.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
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

    /// Only for this part of the requests that it fits, from 0 to 1. Which they
    /// are is the same in every run with the same seed.
    #[must_use]
    pub fn with_probability(mut self, probability: f64, seed: u64) -> Self {
        self.chance = Some(Chance {
            probability,
            state: seed,
        });
        self
    }

    /// Only for commands inside a batch, and not for requests.
    ///
    /// An [error](Self::error) or a [result](Self::result) answers the command;
    /// other faults are of whole answers and fit no command.
    #[must_use]
    pub fn inside_batch(mut self) -> Self {
        self.is_inner = true;
        self
    }

    /// Whether it takes this call, which is counted.
    fn takes(&mut self, method: &str, is_inner: bool) -> bool {
        let takes = self.is_inner == is_inner
            && self.left != Some(0)
            && self.method.as_deref().is_none_or(|own| own == method)
            && self.chance.as_mut().is_none_or(Chance::strikes);
        if let Some(left) = self.left.as_mut().filter(|_| takes) {
            *left = left.saturating_sub(1);
        }
        takes
    }
}

/// Numbers that look random: SplitMix64.
#[derive(Clone, Debug)]
struct Chance {
    probability: f64,
    state: u64,
}

impl Chance {
    fn strikes(&mut self) -> bool {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        // The upper 53 bits, as many as a float holds, as a number from 0 to 1.
        let uniform = (mixed >> 11) as f64 / (1_u64 << 53) as f64;
        uniform < self.probability
    }
}

/// A portal's faults.
#[derive(Default)]
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
    pub(super) fn take(&mut self, method: &str) -> (Vec<Wait>, Option<Struck>) {
        let mut waits = Vec::new();
        for fault in &mut self.0 {
            if !fault.takes(method, false) {
                continue;
            }
            match &fault.effect {
                Effect::Hold(gate) => waits.push(Wait::Gate(gate.clone())),
                Effect::Delay(delay) => waits.push(Wait::Delay(*delay)),
                effect => {
                    let (effect, headers) = (effect.clone(), fault.headers.clone());
                    return (waits, Some(Struck { effect, headers }));
                }
            }
        }
        (waits, None)
    }

    /// Takes what answers a command of this method inside a batch, in place of
    /// the method.
    pub(super) fn take_inner(&mut self, method: &str) -> Option<Result<Json, RestError>> {
        let fault = self
            .0
            .iter_mut()
            .filter(|fault| matches!(fault.effect, Effect::Error { .. } | Effect::Result(_)))
            .find_map(|fault| fault.takes(method, true).then_some(&fault.effect))?;
        match fault {
            Effect::Error { code, .. } => Some(Err(RestError::known(code))),
            Effect::Result(result) => Some(Ok(result.clone())),
            _ => None,
        }
    }
}
