//! What a row of the table asks for: by what is known of the portal, and by the date.

use super::Planner;
use crate::feature::Verdict;
use crate::plan::policy::Policy;
use crate::table::index::RowSet;
use crate::table::{Row, Shim, WhenUnknown};

/// How a row stands with the portal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    There,
    Missing,
    Contradicted,
    Unknown,
}

impl Planner<'_> {
    /// The rows that ask for nothing, whatever is called, on whichever day and by
    /// whichever policy; `None` where replies have contradicted some.
    #[inline]
    pub(crate) fn quiet(&self) -> Option<&'static RowSet> {
        #[cfg(test)]
        if self.is_thorough {
            return None;
        }
        let find = || {
            let policy = Policy::default();
            let plain = Planner::new(self.caps, &policy);
            let rows = self.caps.table().rows.iter().enumerate();
            let is_quiet = |row: &(usize, &'static Row)| {
                let (number, row) = *row;
                !has_its_day(row) && plain.asks(number, row).is_none()
            };
            RowSet::of(rows.len(), rows.filter(is_quiet).map(|(number, _)| number))
        };
        self.contradicted.is_empty().then(|| self.caps.quiet(find))
    }

    /// What a row asks for, if the policy has nothing against it.
    pub(crate) fn asks(&self, number: usize, row: &'static Row) -> Option<Shim> {
        let fallback = row.fallback().map_or(Shim::None, |fallback| fallback.shim());
        match self.standing(number, row) {
            Standing::There => row.when_present().filter(|_| self.is_in_force(row)),
            Standing::Missing | Standing::Contradicted if row.is_safe_when_missing() => None,
            // What is a trap where it is there, and gone here.
            Standing::Missing if row.when_present() == Some(Shim::StripSecret) => None,
            Standing::Missing | Standing::Contradicted => Some(fallback),
            Standing::Unknown => match (row.when_unknown(), row.when_present()) {
                (WhenUnknown::Refuse, _) => Some(Shim::Refuse),
                (_, Some(shim)) if shim != Shim::Refuse => Some(shim),
                (WhenUnknown::Adapt, _) => Some(fallback),
                (WhenUnknown::Send, _) => None,
            },
        }
    }

    pub(crate) fn standing(&self, number: usize, row: &'static Row) -> Standing {
        let Some(gate) = self.caps.gate_at(number) else {
            return Standing::Unknown;
        };
        match gate.decide(self.caps.knowledge()) {
            Verdict::Unmet => Standing::Missing,
            _ if self.contradicted.contains(&row.id()) => Standing::Contradicted,
            // From its day on it is nowhere, whatever is known of the portal.
            _ if self.has_ended(row) => Standing::Missing,
            Verdict::Met => Standing::There,
            // A policy for what is not known may count it as there; but to try what does
            // harm where it is missing is no way to find out.
            Verdict::Open
                if self.caps.supports(gate.named(row.id()))
                    && !(row.when_unknown() == WhenUnknown::Refuse && self.caps.tries_the_unknown()) =>
            {
                Standing::There
            }
            Verdict::Open => Standing::Unknown,
        }
    }

    /// Whether portals act by it, going by the date.
    fn is_in_force(&self, row: &Row) -> bool {
        match row.effective() {
            Some(day) => self.today.is_some_and(|today| today >= day),
            None => true,
        }
    }

    /// Whether it is an old form of a request that is taken no more, going by the date.
    fn has_ended(&self, row: &Row) -> bool {
        let Some((day, today)) = row.sunset().zip(self.today) else {
            return false;
        };
        today >= day && row.applies().request().len() > 0
    }
}

/// Whether the date decides about it.
fn has_its_day(row: &Row) -> bool {
    let ends = row.sunset().is_some() && row.applies().request().len() > 0;
    let begins = row.effective().is_some() && row.when_present().is_some();
    ends || begins
}
