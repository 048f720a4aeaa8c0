//! Sources of rows.

use super::text::Str;

/// A source that rows refer to by its id.
#[derive(Clone, Debug)]
pub struct Source {
    pub(crate) id: Str,
    pub(crate) url: Str,
    pub(crate) commit: Option<Str>,
}

impl Source {
    /// The id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The address, with `{commit}` and `{path}` to fill in.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The commit for rows that name none.
    #[must_use]
    pub fn commit(&self) -> Option<&str> {
        self.commit.as_deref()
    }
}
