//! How what all portals share is divided among them.
//!
//! A share is never a fixed part, since nobody knows how many other sites will come. It is
//! measured by what is left: a site may take one more while it has less than a part of what
//! no site has yet. So one site alone is stopped early. The more sites there are, the earlier
//! each is stopped. A site that has nothing yet finds some.

/// Whose share something counts against: a portal's, and within it that of its site.
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

    /// The same, of a portal on the program's own machine, such as an emulator.
    pub(crate) fn local(self, is_local: bool) -> Self {
        Self { is_local, ..self }
    }

    /// The same, of a portal that may never have answered: anybody can make those up.
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

/// Whether an owner that has `has` may take one more: while more than `part` times that much
/// is left.
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
