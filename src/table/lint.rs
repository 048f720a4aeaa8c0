//! The rules of a table, one function each.
//!
//! The reader has checked types and keys already. These rules compare values and rows.

mod changes;
mod check;
mod cloud;
mod context;
mod events;
mod overlay;
mod releases;
mod rows;
mod translations;

pub(super) use check::check;

#[cfg(test)]
mod tests;
