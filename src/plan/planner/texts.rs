//! Parameters that come as JSON text: which of them are read, and what becomes of text
//! that cannot be read.

use super::{Decision, Planner};
use crate::plan::builder::Draft;
use crate::plan::refused::{Reason, Refused};
use crate::plan::text::{self, Opened};
use crate::table::Row;
use crate::table::index::{Rules, TextPlace};
use crate::wire::Call;

impl Planner<'_> {
    /// The call with structures in place of its JSON text, where a row asks for something
    /// inside of it. Other text is not read.
    pub(crate) fn opened(&self, call: &Call, rules: &'static Rules) -> Option<Opened> {
        let quiet = self.quiet();
        let is_at_stake = |place: &&'static TextPlace| {
            !quiet.is_some_and(|quiet| place.rows.is_within(quiet))
                && text::has_text(call, place)
                && self.inside(place, rules).next().is_some()
        };
        text::open(call, rules.texts.iter().filter(is_at_stake))
    }

    /// The rows that ask for something inside of a parameter that may be text.
    fn inside(
        &self,
        place: &'static TextPlace,
        rules: &'static Rules,
    ) -> impl Iterator<Item = (usize, &'static Row, Decision)> {
        self.loud(&rules.parameters)
            .filter(|(rule, _)| place.rows.contains(rule.row))
            .map(|(rule, row)| (rule.row, row, self.decide(rule.row, row)))
            .filter(|(_, _, decision)| !matches!(decision, Decision::Nothing))
    }

    /// Refuses text that cannot be read as JSON: a row asks for something inside of it.
    pub(crate) fn unreadable(
        &self,
        opened: &Opened,
        rules: &'static Rules,
        draft: &mut Draft,
    ) -> Result<(), Box<Refused>> {
        for (keys, place) in &opened.unreadable {
            let at = keys.join(".");
            for (number, row, decision) in self.inside(place, rules) {
                if let Decision::Note(shim) = decision {
                    draft.note(row, shim, at.clone());
                    continue;
                }
                let mut refused = self.refused(&opened.call, number, row, Some(&at));
                if let Reason::Unsupported(unsupported) = refused.reason {
                    refused.reason = Reason::UnreadableText(unsupported);
                }
                return Err(refused);
            }
        }
        Ok(())
    }
}
