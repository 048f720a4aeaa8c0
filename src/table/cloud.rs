//! The cloud's own domains.

use super::text::{List, Str};

/// Domains below which the cloud gives each of its portals a name of its own, such as
/// `bitrix24.com`. Names below one of them belong to different customers.
#[derive(Clone, Debug)]
pub struct CloudDomains {
    pub(crate) names: List,
    pub(crate) source: Str,
}

impl CloudDomains {
    /// The domains, in lower case.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        self.names.iter().map(|name| &**name)
    }

    /// The address of the source.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }
}
