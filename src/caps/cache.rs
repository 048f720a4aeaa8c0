//! The evaluations of the process. Each is kept once, and counts against a share.

use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock, RwLockReadGuard};

use super::evaluation::Evaluation;
use super::policy::{EvaluationPolicy, PolicyKey};
use crate::fair_share::{Account, may_have_more};
use crate::knowledge::Knowledge;

/// All evaluations of the process.
static EVALUATIONS: LazyLock<EvaluationCache> = LazyLock::new(|| EvaluationCache::new(16_384));

/// A portal may add one more while the free room is more than 128 times its own part. So it
/// adds 128 at most.
const PORTAL_PART: usize = 128;

/// The same for a site, which adds 497 at most.
const SITE_PART: usize = 32;

/// The same for the program, whatever the source of its knowledge. It adds half of the room at
/// most.
const PROGRAM_PART: usize = 1;

impl Evaluation {
    /// The evaluation of this knowledge, made at first use. A new one counts against the
    /// share of the portal; without an account, against the program's share.
    pub(super) fn of(
        known: &Knowledge,
        policy: EvaluationPolicy,
        account: Option<&dyn Fn() -> Account>,
    ) -> &'static Evaluation {
        EVALUATIONS.get(known, policy, account)
    }
}

pub(super) struct EvaluationCache {
    made: RwLock<Made>,
    /// The room for evaluations of exact knowledge. None is freed.
    exact: usize,
}

#[derive(Default)]
struct Made {
    evaluations: HashMap<(Knowledge, PolicyKey), &'static Evaluation>,
    /// How many of them are of exact knowledge.
    exact: usize,
    /// How many of these count against the program.
    of_program: usize,
    of_sites: HashMap<Box<str>, OfSite>,
}

/// How many count against a site, and against each of its portals.
#[derive(Default)]
struct OfSite {
    all: usize,
    portals: HashMap<Box<str>, usize>,
}

impl EvaluationCache {
    pub(super) fn new(exact: usize) -> Self {
        Self {
            made: RwLock::default(),
            exact,
        }
    }

    pub(super) fn get(
        &self,
        known: &Knowledge,
        policy: EvaluationPolicy,
        account: Option<&dyn Fn() -> Account>,
    ) -> &'static Evaluation {
        let key = (*known, policy.key());
        if let Some(evaluation) = self.find(&key) {
            return evaluation;
        }
        let account = account.map(|account| account());
        let is_within = self.made().may_grow(account.as_ref(), self.exact);
        if is_within && let Some(evaluation) = self.insert(key, policy, account.as_ref()) {
            return evaluation;
        }
        let key = (policy.coarse(known), key.1);
        // There are few coarse states, so they need no limit.
        self.find(&key).unwrap_or_else(|| {
            let mut made = self.made.write().unwrap_or_else(PoisonError::into_inner);
            made.evaluation(key, policy)
        })
    }

    fn find(&self, key: &(Knowledge, PolicyKey)) -> Option<&'static Evaluation> {
        self.made().evaluations.get(key).copied()
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.made().evaluations.len()
    }

    fn made(&self) -> RwLockReadGuard<'_, Made> {
        self.made.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes an evaluation of exact knowledge, if there is room for it.
    fn insert(
        &self,
        key: (Knowledge, PolicyKey),
        policy: EvaluationPolicy,
        account: Option<&Account>,
    ) -> Option<&'static Evaluation> {
        let mut made = self.made.write().unwrap_or_else(PoisonError::into_inner);
        if !made.evaluations.contains_key(&key) {
            // Other threads may have used the room since.
            if !made.may_grow(account, self.exact) {
                return None;
            }
            made.count(account);
        }
        Some(made.evaluation(key, policy))
    }
}

impl Made {
    fn may_grow(&self, account: Option<&Account>, room: usize) -> bool {
        let left = room.saturating_sub(self.exact);
        let Some(account) = account else {
            return may_have_more(self.of_program, left, PROGRAM_PART);
        };
        let site = self.of_sites.get(account.site());
        let portal = site.and_then(|site| site.portals.get(account.portal()));
        // Emulators share one host and belong to the program, so they have its share.
        let site_part = if account.is_local() {
            PROGRAM_PART
        } else {
            SITE_PART
        };
        may_have_more(site.map_or(0, |site| site.all), left, site_part)
            && may_have_more(portal.copied().unwrap_or_default(), left, PORTAL_PART)
    }

    fn count(&mut self, account: Option<&Account>) {
        self.exact += 1;
        let Some(account) = account else {
            self.of_program += 1;
            return;
        };
        let site = self.of_sites.entry(account.site().into()).or_default();
        site.all += 1;
        *site.portals.entry(account.portal().into()).or_default() += 1;
    }

    fn evaluation(&mut self, key: (Knowledge, PolicyKey), policy: EvaluationPolicy) -> &'static Evaluation {
        self.evaluations
            .entry(key)
            .or_insert_with(|| Box::leak(Box::new(Evaluation::new(key.0, policy))))
    }
}
