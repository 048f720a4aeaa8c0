//! `plan`: what the gate does with a call.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use imbot_caps::plan::unknown_names;
use imbot_caps::plan::{Change, CredentialKind, Mode, PlannedCall, Planner, Policy, Refused, UnknownName};
use imbot_caps::table::Date;
use imbot_caps::wire::Call;
use imbot_caps::{Knowledge, Table};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::CliError;
use crate::input;
use crate::output::{Format, Outcome, Output};
use crate::secrets::without_secrets;
use crate::target::TargetArgs;

/// Says what the gate does with a call on a portal, and what it sends.
///
/// Nothing is sent.
#[derive(Debug, Args)]
pub(crate) struct Plan {
    /// The call as JSON: {"method": "imbot.v2.Bot.list", "params": {}}. `-` is standard input.
    #[arg(default_value = "-")]
    file: PathBuf,
    #[command(flatten)]
    target: TargetArgs,
    /// What the gate may do: adapt, reject, observe or off.
    #[arg(long, default_value = "adapt")]
    mode: Mode,
    /// The kind of the credential: application or webhook.
    #[arg(long, default_value = "application", value_name = "KIND")]
    credential: CredentialKind,
    /// The day of the call, since some rows are in force from a day on. By default it is today.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    date: Option<Date>,
}

#[derive(Deserialize)]
struct CallFile {
    method: String,
    #[serde(default)]
    params: Map<String, Value>,
}

#[derive(Serialize)]
struct Document<'p> {
    knowledge: &'p Knowledge,
    plan: &'static str,
    calls: Vec<Sent<'p>>,
    changes: &'p [Change],
    noted: &'p [Change],
    refused: Option<&'p Refused>,
    unknown_names: &'p [UnknownName],
}

/// A call as it is sent, without secrets.
#[derive(Serialize)]
struct Sent<'p> {
    method: &'p str,
    params: Value,
}

impl Plan {
    pub(crate) fn run(self, output: &mut Output) -> Result<Outcome, CliError> {
        let file: CallFile = input::json(
            &self.file,
            "a call such as {\"method\": \"imbot.v2.Bot.list\", \"params\": {}}",
        )?;
        output.secrets().add_of(&Value::Object(file.params.clone()));
        let unknown = unknown_names(Table::builtin(), &file.method, &file.params);
        let caps = self.target.target()?.caps()?;
        let call = Call::with_params(file.method, file.params);
        let policy = Policy::new(self.mode);
        let planned = Planner::new(&caps, &policy)
            .today(self.date.unwrap_or_else(today))
            .credential(self.credential)
            .plan(&call);
        let outcome = match &planned {
            Ok(_) if unknown.is_empty() => Outcome::Fine,
            _ => Outcome::Findings,
        };
        if output.format == Format::Json {
            output.json("plan", &document(caps.knowledge(), &planned, &unknown))?;
            return Ok(outcome);
        }
        for line in lines(&planned, &unknown)? {
            match output.format {
                Format::People => output.text(&format!("{}: {}", line.0, line.1))?,
                _ => output.rows(&[], &[vec![line.0.to_owned(), line.1]])?,
            }
        }
        Ok(outcome)
    }
}

type Planned<'c> = Result<PlannedCall<'c>, Box<Refused>>;

fn document<'p>(
    knowledge: &'p Knowledge,
    planned: &'p Planned<'_>,
    unknown_names: &'p [UnknownName],
) -> Document<'p> {
    let allowed = planned.as_ref().ok();
    Document {
        knowledge,
        plan: word(planned),
        calls: allowed
            .into_iter()
            .flat_map(PlannedCall::calls)
            .map(sent)
            .collect(),
        changes: allowed.map(PlannedCall::changes).unwrap_or_default(),
        noted: allowed.map(PlannedCall::unapplied).unwrap_or_default(),
        refused: planned.as_ref().err().map(|refused| &**refused),
        unknown_names,
    }
}

fn word(planned: &Planned<'_>) -> &'static str {
    match planned {
        Ok(planned) if planned.is_pass() => "pass",
        Ok(_) => "adapt",
        Err(_) => "refuse",
    }
}

fn sent(call: &Call) -> Sent<'_> {
    Sent {
        method: call.method(),
        params: without_secrets(&Value::Object(call.params().clone())),
    }
}

fn lines(planned: &Planned<'_>, unknown: &[UnknownName]) -> Result<Vec<(&'static str, String)>, CliError> {
    let mut lines = vec![("plan", word(planned).to_owned())];
    match planned {
        Ok(planned) => {
            lines.extend(
                planned
                    .changes()
                    .iter()
                    .map(|change| ("change", change.to_string())),
            );
            lines.extend(
                planned
                    .unapplied()
                    .iter()
                    .map(|change| ("only noted", change.to_string())),
            );
            for call in planned.calls() {
                let params = serde_json::to_string(&sent(call).params)?;
                lines.push(("sends", format!("{} {params}", call.method())));
            }
        }
        Err(refused) => lines.push(("reason", refused.to_string())),
    }
    lines.extend(unknown.iter().map(|name| ("unknown name", name.to_string())));
    Ok(lines)
}

/// Today, in UTC.
fn today() -> Date {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    Date::of_unix(now.map(|now| now.as_secs()).unwrap_or_default())
}

fn day(text: &str) -> Result<Date, String> {
    let mut parts = text.splitn(3, '-').map(str::parse::<u16>);
    let mut next = || parts.next().and_then(Result::ok);
    let wanted = (next(), next(), next());
    // The days are tried one by one: the rules of the calendar stay the library's.
    let mut days = (0..40_000_u64).map(|day| Date::of_unix(day * 86_400));
    let is_it = |date: &Date| {
        wanted
            == (
                Some(date.year()),
                Some(date.month().into()),
                Some(date.day().into()),
            )
    };
    days.find(is_it)
        .ok_or_else(|| "a day from 1970 to 2079 is written as 2026-09-30".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_dates_print() {
        assert_eq!(day("2026-09-30").unwrap().to_string(), "2026-09-30");
        for wrong in ["2026-02-30", "2026-09", "30.09.2026", "", "2026-09-30-1"] {
            assert!(day(wrong).is_err(), "{wrong}");
        }
    }
}
