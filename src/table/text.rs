//! Texts of a table: parts of the program, or owned.

use std::borrow::Cow;

/// Text that is part of the program (built-in rows) or owned (overlays).
pub(crate) type Str = Cow<'static, str>;
pub(crate) type List = Cow<'static, [Str]>;

pub(super) fn strs(list: &List) -> impl ExactSizeIterator<Item = &str> + Clone {
    list.iter().map(|text| &**text)
}
