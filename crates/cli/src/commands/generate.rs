//! `generate`: the rows of an overlay as constants in Rust.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use imbot_caps::table::Row;
use imbot_caps::{Counter, Requirement, Table};
use serde::Serialize;

use crate::error::CliError;
use crate::input;
use crate::output::{Format, Outcome, Output};
use crate::secrets::hide_in_text;

/// Prints the constants of an overlay as Rust code.
#[derive(Debug, Args)]
pub(crate) struct Generate {
    /// The overlay. `-` is standard input.
    file: PathBuf,
}

#[derive(Serialize)]
struct Document {
    constants: Vec<Constant>,
    code: String,
}

#[derive(Serialize)]
struct Constant {
    name: String,
    id: &'static str,
    value: String,
}

impl Generate {
    pub(crate) fn run(self, output: &mut Output) -> Result<Outcome, CliError> {
        let text = input::read(&self.file)?;
        let name = input::name(&self.file);
        let table = Table::builtin().with_overlay(&text).map_err(|error| {
            let count = error.problems().len();
            CliError::Usage(format!(
                "{name} has {count} problem(s). `imbot-caps lint {name}` shows each in its line"
            ))
        })?;
        // Rows lend their ids to requirements, which live as long as the process.
        let table: &'static Table = table.leak();
        let rows: Vec<&'static Row> = table.rows().filter(|row| row.overlay().is_some()).collect();
        let mut names: BTreeMap<String, &'static str> = BTreeMap::new();
        for row in &rows {
            let name = constant_name(row.id());
            if let Some(other) = names.insert(name.clone(), row.id()) {
                return Err(CliError::SameConstant(
                    other.to_owned(),
                    row.id().to_owned(),
                    name,
                ));
            }
        }
        let code = code(&name, &rows);
        match output.format {
            Format::Json => {
                let constants = rows.iter().map(|row| Constant {
                    name: constant_name(row.id()),
                    id: row.id(),
                    value: value(row.requirement()),
                });
                let constants = constants.collect();
                output.json("constants", &Document { constants, code })?;
            }
            Format::People | Format::Plain => output.text(code.trim_end())?,
        }
        Ok(Outcome::Fine)
    }
}

fn code(file: &str, rows: &[&'static Row]) -> String {
    let needs_counter = rows
        .iter()
        .any(|row| row.requirement().counter() != Counter::Rest);
    let imports = match needs_counter {
        true => "use imbot_caps::{Counter, Requirement};",
        false => "use imbot_caps::Requirement;",
    };
    let mut out =
        format!("// Generated from {file} by `imbot-caps generate`. Change that file.\n\n{imports}\n");
    for row in rows {
        let requirement = row.requirement();
        let title = hide_in_text(row.title().trim_end_matches('.'));
        let (name, value) = (constant_name(row.id()), value(requirement));
        let mut constant = format!("pub const {name}: Requirement = {value};");
        // As rustfmt writes it.
        if constant.chars().count() > 100 {
            constant = format!("pub const {name}: Requirement =\n    {value};");
        }
        let title = title.replace('\n', " ");
        let _ = write!(out, "\n/// {title}.\n///\n/// Needs {requirement}.\n{constant}\n");
    }
    out.push_str("\n/// All of these requirements.\npub const ALL: &[Requirement] = &[");
    for row in rows {
        let _ = write!(out, "\n    {},", constant_name(row.id()));
    }
    out.push_str(if rows.is_empty() { "];\n" } else { "\n];\n" });
    out
}

fn value(requirement: Requirement) -> String {
    let id = requirement.id();
    let (counter, since) = (requirement.counter(), requirement.since());
    let is_api_alone = counter == Counter::Rest && since.is_none() && requirement.needs_imbot_v2();
    let mut value = match counter {
        _ if is_api_alone => format!("Requirement::imbot_v2({id:?})"),
        Counter::Rest => format!("Requirement::rest({id:?}, {})", since.unwrap_or_default()),
        other => format!(
            "Requirement::on({id:?}, Counter::{other:?}, {})",
            since.unwrap_or_default()
        ),
    };
    if requirement.needs_imbot_v2() && !is_api_alone {
        value.push_str(".and_imbot_v2()");
    }
    if let Some(until) = requirement.first_without() {
        let _ = write!(value, ".until({until})");
    }
    value
}

/// `acme.voiceMessage` as `ACME_VOICE_MESSAGE`.
fn constant_name(id: &str) -> String {
    let mut name = String::new();
    let mut was_small = false;
    for c in id.chars() {
        if !c.is_ascii_alphanumeric() {
            if !name.ends_with('_') && !name.is_empty() {
                name.push('_');
            }
            was_small = false;
            continue;
        }
        if name.is_empty() && c.is_ascii_digit() {
            name.push('N');
        }
        if c.is_ascii_uppercase() && was_small {
            name.push('_');
        }
        was_small = !c.is_ascii_uppercase();
        name.push(c.to_ascii_uppercase());
    }
    name.trim_end_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_become_names_of_constants() {
        for (id, name) in [
            ("acme.voice", "ACME_VOICE"),
            ("imbot.v2.Chat.sendNow", "IMBOT_V2_CHAT_SEND_NOW"),
            ("ONACME", "ONACME"),
            ("2fa.x-y", "N2FA_X_Y"),
        ] {
            assert_eq!(constant_name(id), name);
        }
    }

    #[test]
    fn values_write_whole_requirements() {
        for (requirement, text) in [
            (Requirement::rest("a", 37), r#"Requirement::rest("a", 37)"#),
            (
                Requirement::rest("a", 37).and_imbot_v2().until(40),
                r#"Requirement::rest("a", 37).and_imbot_v2().until(40)"#,
            ),
            (Requirement::imbot_v2("a"), r#"Requirement::imbot_v2("a")"#),
            (
                Requirement::imbot_v2("a").until(40),
                r#"Requirement::imbot_v2("a").until(40)"#,
            ),
            (
                Requirement::on("a", Counter::Web, 130),
                r#"Requirement::on("a", Counter::Web, 130)"#,
            ),
        ] {
            assert_eq!(value(requirement), text);
        }
    }
}
