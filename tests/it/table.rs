//! The table: rows, overlays, and values beyond it.

pub(crate) mod accessors;
pub(crate) mod beyond_table;
pub(crate) mod expected;
pub(crate) mod overlay_entries;
pub(crate) mod overlays;
pub(crate) mod rows;
pub(crate) mod words;
