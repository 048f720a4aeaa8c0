//! An entry of the list of methods.

/// A part of every controller's name, and of no older method's name.
pub(super) const V2: &str = ".v2.";

/// A method of the list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Method {
    pub(super) name: &'static str,
    /// The paths of its parameters, separated by spaces. `None` if they are not listed. A path
    /// may end in `=` and the name of a structure that it holds. It may end in `~` if the
    /// portal accepts the names below it in any spelling.
    pub(super) params: Option<&'static str>,
}
