//! `verify`: a portal compared with the table, read-only.

use clap::Args;
use imbot_caps::gate::Gate;
use imbot_caps::plan::{Mode, Policy};
use imbot_caps::transport::ReqwestTransport;
use imbot_caps::{Knowledge, Registry, Table};
use serde::Serialize;

use super::ask::runtime;
use crate::error::CliError;
use crate::output::{Format, Outcome, Output};
use crate::webhook::WebhookArgs;

mod judge;
mod questions;

use judge::{Finding, Subject, Verdict};

/// Compares a portal with the table, read-only. The report holds no secret, name or text of users.
///
/// Every request only reads, and none has an effect on users.
///
/// The report is made to be sent to the maintainers of the table. It has names of methods, fields and error
/// codes of the table, and numbers of revisions. It has no address, no secret, and no name or text of users.
///
/// The webhook is never an argument. It comes from a file, from IMBOT_CAPS_WEBHOOK, or by standard input.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    webhook: WebhookArgs,
}

#[derive(Serialize)]
struct Document<'p> {
    table: String,
    knowledge: &'p Knowledge,
    questions: usize,
    findings: Vec<Finding>,
}

impl Verify {
    pub(crate) fn run(self, output: &mut Output) -> Result<Outcome, CliError> {
        let portal = self.webhook.portal(output)?;
        let registry = Registry::builder(ReqwestTransport::new()).build();
        // Calls are sent as they are, and replies are read as they come.
        let gate = Gate::builder(&registry).policy(Policy::new(Mode::Off)).build();
        let client = gate.client(&portal);
        let (caps, answers) = runtime()?.block_on(async {
            let caps = registry.caps(&portal).await;
            let caps = caps.map_err(|error| CliError::Probe(Box::new(error)))?;
            Ok::<_, CliError>((caps, questions::ask(&client).await))
        })?;
        let findings = judge::findings(&caps, &answers);
        let differs = findings
            .iter()
            .filter(|own| own.verdict == Verdict::Differs)
            .count();
        let outcome = match differs {
            _ if findings.iter().all(|own| own.verdict == Verdict::Unclear) => Outcome::CouldNotTell,
            0 => Outcome::Fine,
            _ => Outcome::Findings,
        };
        if output.format == Format::Json {
            output.json(
                "verification",
                &Document {
                    table: Table::builtin().version().to_string(),
                    knowledge: caps.knowledge(),
                    questions: answers.len(),
                    findings,
                },
            )?;
            return Ok(outcome);
        }
        let is_for_people = output.format == Format::People;
        if is_for_people {
            let agrees = findings
                .iter()
                .filter(|own| own.verdict == Verdict::Agrees)
                .count();
            let unclear = findings.len() - agrees - differs;
            let table = Table::builtin().version();
            output.text(&format!(
                "{}\n{agrees} agree with table {table}, {differs} differ, {unclear} are unclear\n",
                caps.knowledge()
            ))?;
        }
        let rows: Vec<Vec<String>> = findings
            .iter()
            // What agrees is for the maintainers; a person looks for the rest.
            .filter(|own| !is_for_people || own.verdict != Verdict::Agrees || own.subject != Subject::Method)
            .map(|own| {
                vec![
                    own.verdict.as_str().to_owned(),
                    own.subject.as_str().to_owned(),
                    own.name.clone(),
                    own.expected.clone(),
                    own.found.clone(),
                ]
            })
            .collect();
        output.rows(&["", "subject", "name", "expected", "found"], &rows)?;
        Ok(outcome)
    }
}
