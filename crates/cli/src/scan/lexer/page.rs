//! Pages: scripts and PHP in a text.

use super::super::language::Language;
use super::{Lexer, Until};

impl Lexer<'_> {
    /// The text of a page: only scripts and PHP are read.
    pub(super) fn page(&mut self) {
        while !self.is_done() {
            if self.language == Language::Php
                && let Some(length) = self.opens_php()
            {
                self.skip(length);
                self.code(Until::Page);
            } else if self.starts("<!--") {
                self.skip_to("-->");
            } else if self.starts("<script") || self.starts("<SCRIPT") {
                self.skip_to(">");
                let language = std::mem::replace(&mut self.language, Language::JavaScript);
                self.code(Until::Script);
                self.language = language;
            } else {
                self.skip(1);
            }
        }
    }

    /// The length of the mark that opens PHP: `<?php`, `<?=`, or `<?` alone.
    fn opens_php(&self) -> Option<usize> {
        if self.starts("<?php") {
            return Some(5);
        }
        if self.starts("<?=") {
            return Some(3);
        }
        (self.starts("<?") && self.peek(2).is_ascii_whitespace()).then_some(2)
    }
}
