//! The table by method: what a call of each has to be held against. Made once for
//! each table, when it is first needed.

mod methods;
mod names;
mod rows;
mod rules;
mod spelling;
mod translated;

pub(crate) use methods::Index;
pub(crate) use rows::RowSet;
pub(crate) use rules::{Place, Rule, Rules, TextPlace};
pub(crate) use spelling::{is_spelled, names};
pub(crate) use translated::Translated;
