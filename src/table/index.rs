//! The table by method: the rules for a call of each. Made once for each table, at first
//! use.

mod event_paths;
mod events;
mod methods;
mod names;
mod rows;
mod rules;
mod spelling;
mod translated;

pub(crate) use events::{EventIndex, MemberNode, OlderEvent};
pub(crate) use methods::Index;
pub(crate) use names::Names;
pub(crate) use rows::RowSet;
pub(crate) use rules::{Rule, RulePath, Rules, TextPath};
pub(crate) use spelling::{is_spelled, names};
pub(crate) use translated::Translated;
