//! Paths of the table, such as `fields.keyboard.BUTTONS[].ACTION`, walked in JSON.

mod edit;
mod kind;
mod prefilter;
mod spelling;
mod steps;
mod visit;

pub(crate) use edit::Edit;
pub(crate) use kind::{is_kind, respelt, scalar};
pub(crate) use prefilter::Prefilter;
pub(crate) use spelling::{member, same_name, spellings};
pub(crate) use steps::{Path, Step};

#[cfg(test)]
mod tests;
