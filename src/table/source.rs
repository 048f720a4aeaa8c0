//! Where rows say that they were read.

use super::text::Str;

/// Where a `source` of the table leads.
#[derive(Clone, Debug)]
pub struct Source {
    pub(crate) id: Str,
    pub(crate) url: Str,
    pub(crate) commit: Option<Str>,
}

impl Source {
    /// The id, as rows name it.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The address, with `{commit}` and `{path}` to fill in.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The commit, where a row names none.
    #[must_use]
    pub fn commit(&self) -> Option<&str> {
        self.commit.as_deref()
    }
}
