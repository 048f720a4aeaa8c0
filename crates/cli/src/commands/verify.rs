//! `verify`: a portal compared with the table, read-only.

use clap::Args;
use imbot_caps::gate::Gate;
use imbot_caps::plan::{Mode, Policy};
use imbot_caps::transport::ReqwestTransport;
use imbot_caps::{Knowledge, Registry, Table};
use serde::Serialize;

use crate::error::CliError;
use crate::output::{Format, Outcome, Output};
use crate::runtime::runtime;
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
/// With the token of one of its bots in IMBOT_CAPS_BOT_TOKEN, the webhook can read that bot too, so more is
/// compared.
///
/// The webhook is never an argument. It comes from a file, from IMBOT_CAPS_WEBHOOK, or by standard input.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    webhook: WebhookArgs,
}

/// The environment variable that may hold the token of a bot.
const BOT_TOKEN: &str = "IMBOT_CAPS_BOT_TOKEN";

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
        let bot_token = std::env::var(BOT_TOKEN).ok().filter(|token| !token.is_empty());
        if let Some(token) = &bot_token {
            output.secrets().add(token);
        }
        let registry = Registry::builder(ReqwestTransport::new()).build();
        // Calls are sent as they are, and replies are read as they come.
        let gate = Gate::builder(&registry).policy(Policy::new(Mode::Off)).build();
        let client = gate.client(&portal);
        let (caps, answers) = runtime()?.block_on(async {
            let caps = registry.caps(&portal).await;
            let caps = caps.map_err(|error| CliError::Probe(Box::new(error)))?;
            Ok::<_, CliError>((caps, questions::ask(&client, bot_token.as_deref()).await))
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
            // Methods that do not differ are for the maintainers.
            .filter(|own| !is_for_people || own.verdict == Verdict::Differs || own.subject != Subject::Method)
            .map(|own| {
                vec![
                    own.verdict.as_str().to_owned(),
                    own.subject.as_str().to_owned(),
                    own.name.clone(),
                    own.asked.to_owned(),
                    own.expected.clone(),
                    own.found.clone(),
                ]
            })
            .collect();
        output.rows(&["", "subject", "name", "asked", "expected", "found"], &rows)?;
        Ok(outcome)
    }
}
