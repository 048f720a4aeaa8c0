//! Which rows of the built-in table already speak of a finding.

use imbot_caps::Table;
use imbot_caps::table::Row;

use super::finding::{Finding, Kind};

/// Notes the rows and entries of the table in each finding.
pub(super) fn mark(findings: &mut [Finding]) {
    let table = Table::builtin();
    for finding in findings {
        finding.table = match (&finding.kind, &finding.entry) {
            (Kind::RevisionAdded | Kind::RevisionRemoved, _) => {
                let releases = table.releases().map(|release| format!("rest-{}", release.rest()));
                releases.filter(|release| *release == finding.subject).collect()
            }
            (_, Some(entry)) => {
                let entries = table.change_log().map(imbot_caps::table::ChangeLogEntry::code);
                let rows = table
                    .rows()
                    .filter(|row| row.change_log_code() == Some(&entry.code))
                    .map(Row::id);
                let known = entries.filter(|code| *code == entry.code);
                known.chain(rows).map(str::to_owned).collect()
            }
            (Kind::MethodAdded | Kind::MethodRemoved | Kind::EventAdded | Kind::EventRemoved, _)
            | (Kind::NameMentioned, _) => {
                let rows = table.rows().map(Row::id).filter(|id| *id == finding.of);
                let unversioned = table.unversioned_methods().filter(|name| *name == finding.of);
                rows.chain(unversioned).map(str::to_owned).collect()
            }
            _ => {
                let rows = table.rows().filter(|row| is_about(row, finding));
                rows.map(|row| row.id().to_owned()).collect()
            }
        };
    }
}

fn is_about(row: &Row, finding: &Finding) -> bool {
    let applies = row.applies();
    let is_method = |method: &str| match method.strip_suffix(".*") {
        Some(prefix) => finding
            .of
            .strip_prefix(prefix)
            .is_some_and(|rest| rest.starts_with('.')),
        None => method == finding.of,
    };
    let is_of = applies.methods().any(is_method) || applies.events().any(|event| event == finding.of);
    // Pages of objects belong to no method, so the name of the field decides.
    let is_object = finding.subject.starts_with("other:");
    match finding.kind {
        Kind::ErrorAdded | Kind::ErrorRemoved => {
            is_of && applies.errors().any(|code| code == finding.subject)
        }
        Kind::DayAdded | Kind::DayRemoved => {
            let days = [row.published(), row.effective(), row.sunset()];
            is_of
                && days
                    .iter()
                    .flatten()
                    .any(|day| finding.subject.ends_with(&day.to_string()))
        }
        Kind::FieldAdded
        | Kind::FieldRemoved
        | Kind::FieldType
        | Kind::FieldRequired
        | Kind::FieldLiterals => {
            let path = finding.subject.split_once(':').map_or("", |(_, path)| path);
            let below_result = path.strip_prefix("result.").unwrap_or(path);
            let mut paths = applies.request().chain(applies.response()).chain(applies.data());
            (is_of || is_object) && paths.any(|known| known == path || known == below_result)
        }
        Kind::FieldsMoved => {
            let names: Vec<&str> = finding.subject.split(',').collect();
            let last = |path: &'_ str| path.rsplit('.').next().is_some_and(|name| names.contains(&name));
            is_of && applies.request().chain(applies.response()).any(last)
        }
        _ => false,
    }
}
