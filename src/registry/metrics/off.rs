//! Nothing, in place of counters.

use std::time::Duration;

use super::Shared;
use super::event::Event;
use super::slot::Served;
use crate::portal::Portal;
use crate::probe::ProbeError;

pub(super) fn describe() {}

pub(super) fn probed(_: &Shared, _: &Portal, _: &[Event], _: Duration) {}

pub(super) fn answered(_: &Shared, _: &Portal, _: &Result<Served, ProbeError>) {}

pub(super) fn gated(_: &Shared, _: &Portal, _: &'static str) {}

pub(super) fn refused(_: &Shared, _: &Portal, _: impl FnOnce() -> &'static str) {}

pub(super) fn remembered(_: usize) {}
