//! [`Wanted`]: what the callers of a probe need.

use crate::freshness::Purpose;

/// What the callers of the running probe need, in rising order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Wanted {
    /// An answer within its lifetime.
    #[default]
    Known,
    /// An answer that is young enough for a refusal.
    Young,
    /// An answer of the portal to this process.
    Asked,
}

impl Wanted {
    pub(super) fn by(purpose: Purpose) -> Self {
        match purpose {
            Purpose::All | Purpose::One(_) => Wanted::Known,
            Purpose::Refusal { insist: false } => Wanted::Young,
            Purpose::Refusal { insist: true } | Purpose::Again | Purpose::Harm => Wanted::Asked,
        }
    }
}
