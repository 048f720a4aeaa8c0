//! Texts of a table.

use std::borrow::Cow;

/// Text: static in built-in rows, owned in overlays.
pub(crate) type Str = Cow<'static, str>;
pub(crate) type List = Cow<'static, [Str]>;

pub(super) fn strs(list: &List) -> impl ExactSizeIterator<Item = &str> + Clone {
    list.iter().map(|text| &**text)
}
