//! Divides shared resources among portals.
//!
//! A share is not a fixed part, since the number of sites is not known in advance. It depends on the
//! free rest: a site may take one more while it has less than a part of the rest. So one site alone
//! cannot take everything. The more sites there are, the less each gets. A site that has nothing yet
//! always finds something.

/// The portal and the site whose share something counts against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    site: Box<str>,
    portal: Box<str>,
    is_local: bool,
    has_answered: bool,
}

#[cfg_attr(not(feature = "registry"), expect(dead_code, reason = "the registry's"))]
impl Account {
    pub(crate) fn new(site: &str, portal: &str) -> Self {
        Self {
            site: site.into(),
            portal: portal.into(),
            is_local: false,
            has_answered: true,
        }
    }

    /// The same account. `is_local` marks a portal on the program's own machine, such as an emulator.
    pub(crate) fn local(self, is_local: bool) -> Self {
        Self { is_local, ..self }
    }

    /// The same account. A portal that has never answered may be made up by anybody.
    pub(crate) fn answered(self, has_answered: bool) -> Self {
        Self { has_answered, ..self }
    }

    pub(crate) fn has_answered(&self) -> bool {
        self.has_answered
    }

    pub(crate) fn is_local(&self) -> bool {
        self.is_local
    }

    /// The site: the name of a domain, or an address of a host or network.
    pub(crate) fn site(&self) -> &str {
        &self.site
    }

    /// The portal's address.
    pub(crate) fn portal(&self) -> &str {
        &self.portal
    }
}

/// Whether an owner of `has` units may take one more: more than `part` times as many are left.
pub(crate) fn may_have_more(has: usize, left: usize, part: usize) -> bool {
    has.checked_mul(part).is_some_and(|wanted| wanted < left)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How much each of so many takes, if all take what they may in turn.
    fn taken(takers: usize, room: usize, part: usize) -> Vec<usize> {
        let mut taken = vec![0; takers];
        loop {
            let before = taken.clone();
            for taker in 0..takers {
                let left = room - taken.iter().sum::<usize>();
                if may_have_more(taken[taker], left, part) {
                    taken[taker] += 1;
                }
            }
            if taken == before {
                return taken;
            }
        }
    }

    #[test]
    fn lone_user_leaves_most_room() {
        assert_eq!(taken(1, 128, 3), [32]);
        assert_eq!(taken(2, 128, 3), [26, 26]);
        assert!(taken(8, 128, 3).iter().all(|taken| *taken == 11 || *taken == 12));
        assert_eq!(taken(1, 4, 3), [1]);
        assert_eq!(taken(1, 1, 3), [1]);
        assert_eq!(taken(5, 1, 3), [1, 0, 0, 0, 0]);
        // As many as there is room for have one each.
        assert!(taken(128, 128, 3).iter().all(|taken| *taken == 1));
        assert!(!may_have_more(usize::MAX, usize::MAX, 2));
    }
}
