//! Constants of a program against the rows of a table.

use std::fmt;

use super::contents::Table;
use crate::feature::Requirement;

impl Table {
    /// Checks that constants of a program say what the rows with their ids say. So a library
    /// can state a requirement as a constant beside its overlay, and one test keeps the two
    /// equal:
    ///
    /// ```
    /// use imbot_caps::{Feature, Requirement, Table};
    ///
    /// const OVERLAY: &str = r#"
    ///     title = "acme"
    ///     version = "0.1.0"
    ///     requires = "^2"
    ///
    ///     [[feature]]
    ///     id = "acme.voice"
    ///     title = "Voice messages from bots"
    ///     kind = "new"
    ///     requires = { rest = 37, api = "imbot.v2" }
    ///     applies = { methods = ["imbot.v2.Chat.Message.send"], request = ["fields.voice"] }
    ///     source = "https://example.com/acme"
    ///     confidence = "inferred"
    /// "#;
    /// const NEEDS: &[Requirement] = &[
    ///     Feature::SystemMessage.requirement(),
    ///     Requirement::rest("acme.voice", 37).and_imbot_v2(),
    /// ];
    ///
    /// let table = Table::builtin().with_overlay(OVERLAY)?;
    /// assert_eq!(table.verify(NEEDS), Ok(()));
    /// # Ok::<(), imbot_caps::table::TableError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Mismatch`] of the first constant that has no row, or whose row has another range.
    pub fn verify<'r>(&self, constants: impl IntoIterator<Item = &'r Requirement>) -> Result<(), Mismatch> {
        constants.into_iter().try_for_each(|constant| {
            let row = self.find(constant.id()).map(|row| row.range.named(constant.id()));
            match row == Some(*constant) {
                true => Ok(()),
                false => Err(Mismatch {
                    constant: *constant,
                    row,
                }),
            }
        })
    }
}

/// A constant that is not what the table says: see [`Table::verify`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mismatch {
    constant: Requirement,
    row: Option<Requirement>,
}

impl Mismatch {
    /// The constant.
    #[must_use]
    pub fn constant(&self) -> Requirement {
        self.constant
    }

    /// The requirement of the row with its id; `None` if there is no such row.
    #[must_use]
    pub fn row(&self) -> Option<Requirement> {
        self.row
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let constant = self.constant;
        let id = constant.id();
        match self.row {
            Some(row) => write!(
                f,
                "`{id}`: the constant needs {constant}, and the row of the table needs {row}. Make both equal"
            ),
            None => write!(
                f,
                "`{id}`: the table has no such row. Add the row, or correct the id"
            ),
        }
    }
}

impl std::error::Error for Mismatch {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feature::Feature;

    #[test]
    fn builtin_constants_agree_with_rows() {
        let all: Vec<Requirement> = Feature::all().map(Feature::requirement).collect();
        assert_eq!(Table::builtin().verify(&all), Ok(()));
        for (feature, constant) in Feature::all().zip(&all) {
            assert_eq!(
                (feature.row().requirement(), feature.as_str()),
                (*constant, constant.id())
            );
        }
    }

    #[test]
    fn each_difference_is_a_mismatch() {
        const NONE: Requirement = Requirement::rest("acme.voice", 37);
        let own = Feature::SystemMessage.requirement();
        let since = own.since().unwrap_or_default();
        let other = [
            Requirement::rest(own.id(), since),
            Requirement::rest(own.id(), since + 1).and_imbot_v2(),
            own.until(since + 1),
        ];
        for constant in other.iter().filter(|other| **other != own) {
            let mismatch = Table::builtin().verify([&own, constant]).unwrap_err();
            assert_eq!((mismatch.constant(), mismatch.row()), (*constant, Some(own)));
            let text = mismatch.to_string();
            assert!(
                text.contains(&constant.to_string()) && text.contains(&own.to_string()),
                "{text}"
            );
        }
        let missing = Table::builtin().verify([&NONE]).unwrap_err();
        assert_eq!((missing.row(), missing.constant()), (None, NONE));
        assert!(missing.to_string().contains("no such row"), "{missing}");
    }
}
