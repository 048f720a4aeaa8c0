//! Does nothing, in place of counters.

use std::time::Duration;

use super::event::Event;
use super::served::Served;
use crate::portal::Portal;
use crate::portal_probe::ProbeError;

/// No counters.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Metrics {}

impl Metrics {
    pub(super) fn describe() {}

    pub(super) fn probed(self, _: &Portal, _: &[Event], _: Duration) {}

    pub(super) fn answered(self, _: &Portal, _: &Result<Served, ProbeError>) {}

    pub(super) fn gated(self, _: &Portal, _: &'static str) {}

    pub(super) fn negative_check(self, _: &Portal, _: impl FnOnce() -> &'static str) {}

    pub(super) fn remembered(self, _: usize) {}

    pub(super) fn stored(self, _: &'static str, _: &'static str, _: Duration) {}

    pub(super) fn unread(self, _: &'static str) {}
}
