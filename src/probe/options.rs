//! [`ProbeOptions`], and the limit of requests.

use std::time::Duration;

use crate::clock::Clock;
use crate::transport::{Redirects, Transport};

/// The limit of requests of one probe to the portal. All of these count: questions, repeats after
/// transient failures, repeats with a new token, and repeats after a redirect. Requests of a token
/// source to its own server do not count.
pub(super) const REQUESTS: u32 = 5;

/// How to probe a portal.
pub(crate) struct ProbeOptions<'a> {
    pub(crate) transport: &'a dyn Transport,
    pub(crate) clock: &'a dyn Clock,
    /// The time limit of the whole probe, with all pauses.
    pub(crate) deadline: Duration,
    pub(crate) redirects: &'a Redirects,
    /// A number by which this portal's pauses differ from those of others.
    pub(crate) jitter: u64,
}
