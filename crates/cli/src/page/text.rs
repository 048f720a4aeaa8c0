//! The page's own texts.

use std::fmt;

use askama::filters::HtmlSafe;

/// A text of the page in English and in Russian. The style shows one of them, so the switch needs no script.
pub(super) struct Both {
    pub(super) en: &'static str,
    pub(super) ru: &'static str,
    pub(super) element: &'static str,
}

/// Both texts are written in this package, and have no markup.
impl HtmlSafe for Both {}

impl fmt::Display for Both {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { en, ru, element } = self;
        write!(
            f,
            "<{element} class=e>{en}</{element}><{element} class=r lang=ru>{ru}</{element}>"
        )
    }
}
