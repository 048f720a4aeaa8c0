//! [`ProbeOptions`].

use std::time::Duration;

use crate::clock::Clock;
use crate::transport::{Redirects, Transport};

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
