//! [`Health`]: when to try a store again that has failed.

use std::time::{Duration, SystemTime};

/// The pause after the first failure, and the longest one. A store that is back is noticed within the
/// longest one.
pub(super) const FIRST: Duration = Duration::from_secs(1);
pub(super) const LONGEST: Duration = Duration::from_secs(5);

/// What a store is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Load,
    Save,
    Lease,
    Release,
    News,
}

impl Operation {
    /// The word for logs and metrics.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Operation::Load => "load",
            Operation::Save => "save",
            Operation::Lease => "lease",
            Operation::Release => "release",
            Operation::News => "news",
        }
    }
}

/// Which operations of a store fail. A store may take no writes and still be read. A store that is
/// slow counts as slow for all operations, so that its time limit is spent once a pause.
#[derive(Debug, Default)]
pub(super) struct Health {
    slow: Option<Down>,
    reads: Option<Down>,
    writes: Option<Down>,
    news: Option<Down>,
}

#[derive(Clone, Copy, Debug)]
struct Down {
    failures: u32,
    next: SystemTime,
}

/// The pause after so many failures in a row.
pub(super) fn pause(failures: u32) -> Duration {
    let doubled = 1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX);
    FIRST.saturating_mul(doubled).min(LONGEST)
}

impl Down {
    fn holds(&self, now: SystemTime) -> bool {
        // If the clock was set back, the pause is over.
        let left = self.next.duration_since(now).unwrap_or_default();
        !left.is_zero() && left <= LONGEST
    }

    fn wait(&mut self, now: SystemTime) {
        self.next = now.checked_add(pause(self.failures)).unwrap_or(now);
    }
}

impl Health {
    fn of(&mut self, operation: Operation) -> &mut Option<Down> {
        match operation {
            Operation::Load => &mut self.reads,
            Operation::Save | Operation::Lease | Operation::Release => &mut self.writes,
            Operation::News => &mut self.news,
        }
    }

    fn is_up(&self) -> bool {
        [self.slow, self.reads, self.writes, self.news]
            .iter()
            .all(Option::is_none)
    }

    /// Whether to try an operation. After a pause, one caller tries, and the others wait for another
    /// pause.
    pub(super) fn may_try(&mut self, operation: Operation, now: SystemTime) -> bool {
        let slow = self.slow;
        let own = self.of(operation);
        if slow.iter().chain(own.iter()).any(|down| down.holds(now)) {
            return false;
        }
        if let Some(down) = own {
            down.wait(now);
        }
        if let Some(down) = &mut self.slow {
            down.wait(now);
        }
        true
    }

    /// Records a success. Returns whether the store is well again.
    pub(super) fn succeeded(&mut self, operation: Operation) -> bool {
        let was_up = self.is_up();
        self.slow = None;
        *self.of(operation) = None;
        !was_up && self.is_up()
    }

    /// Records a failure. Returns whether it is the first one.
    pub(super) fn failed(&mut self, operation: Operation, is_slow: bool, now: SystemTime) -> bool {
        let was_up = self.is_up();
        let own = match is_slow {
            true => &mut self.slow,
            false => self.of(operation),
        };
        let failures = own.map_or(0, |down| down.failures).saturating_add(1);
        let mut down = Down { failures, next: now };
        down.wait(now);
        *own = Some(down);
        was_up
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_775_088_000) + Duration::from_millis(millis)
    }

    #[test]
    fn failure_is_told_once() {
        let mut health = Health::default();
        assert!(!health.succeeded(Operation::Load));
        assert!(health.failed(Operation::Save, false, at(0)));
        assert!(!health.failed(Operation::Lease, false, at(2_000)));
        assert!(!health.failed(Operation::Load, true, at(2_000)));
        assert!(!health.succeeded(Operation::Load), "writes still fail");
        assert!(health.succeeded(Operation::Lease));
        assert!(!health.succeeded(Operation::Lease));
    }

    #[test]
    fn one_caller_tries_after_pause() {
        let mut health = Health::default();
        health.failed(Operation::Load, false, at(0));
        assert!(!health.may_try(Operation::Load, at(999)));
        assert!(health.may_try(Operation::Save, at(0)), "writes may go on");
        assert!(health.may_try(Operation::Load, at(1_000)));
        assert!(!health.may_try(Operation::Load, at(1_000)), "another one tries");
        health.succeeded(Operation::Load);
        assert!(health.may_try(Operation::Load, at(1_000)));
    }

    #[test]
    fn slow_store_pauses_every_operation() {
        let mut health = Health::default();
        health.failed(Operation::Load, true, at(0));
        for operation in [
            Operation::Load,
            Operation::Save,
            Operation::Lease,
            Operation::News,
        ] {
            assert!(!health.may_try(operation, at(500)), "{operation:?}");
        }
        assert!(health.may_try(Operation::Lease, at(1_000)));
        assert!(!health.may_try(Operation::Load, at(1_000)));
    }

    #[test]
    fn pauses_grow_to_five_seconds() {
        let pauses: Vec<u64> = [1, 2, 3, 4, 40, u32::MAX].map(|n| pause(n).as_secs()).into();
        assert_eq!(pauses, [1, 2, 4, 5, 5, 5]);
    }

    #[test]
    fn clock_set_back_ends_pause() {
        let mut health = Health::default();
        health.failed(Operation::Load, false, at(7_200_000));
        assert!(health.may_try(Operation::Load, at(0)));
    }
}
