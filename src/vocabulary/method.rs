//! An entry of the list of methods.

/// What the names of controllers have, and those of older methods have not.
pub(super) const V2: &str = ".v2.";

/// A method of the list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Method {
    pub(super) name: &'static str,
    /// The paths of its parameters, between spaces; `None` where they are not listed. A
    /// path may end in `=` and the name of a structure that it holds, or in `~` where
    /// the portal takes the names below it in any spelling.
    pub(super) params: Option<&'static str>,
}
