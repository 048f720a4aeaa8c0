//! Prints a scan for people and for pipes.

use crate::error::CliError;
use crate::output::{Format, Output};

use super::findings::{Scan, UseKind};

/// Prints findings, what was not analysed, and the oldest portals. With `uses`, each use, too.
pub(crate) fn print(scan: &Scan, uses: bool, output: &mut Output) -> Result<(), CliError> {
    match output.format {
        Format::Json => output.json("scan", scan),
        Format::Plain => {
            let mut lines = lines(scan, uses);
            lines.extend(minimum(scan).into_iter().map(|(name, value)| {
                let mut line = vec![String::new(); 8];
                if let Some(first) = line.get_mut(0) {
                    *first = name;
                }
                line.push(value);
                line
            }));
            output.rows(&[], &lines)
        }
        Format::People => {
            let lines = lines(scan, uses);
            if !lines.is_empty() {
                let rows: Vec<Vec<String>> = lines.iter().map(|line| for_people(line)).collect();
                output.rows(&["place", "what", "text"], &rows)?;
            }
            let rows: Vec<Vec<String>> = minimum(scan)
                .into_iter()
                .map(|(name, value)| vec![name, value])
                .collect();
            output.rows(&["", ""], &rows)
        }
    }
}

/// A line for people: the place, what it is, the text.
fn for_people(line: &[String]) -> Vec<String> {
    let at = |at: usize| line.get(at).map_or("", String::as_str);
    let place = match at(4) {
        "" => at(3).to_owned(),
        number => format!("{}:{number}:{}", at(3), at(5)),
    };
    let what = match at(0) {
        "finding" => format!("{} {}", at(2), at(1)),
        other => format!("{other} {}", at(1)),
    };
    vec![place, what, at(8).to_owned()]
}

/// One line each: kind, rule, severity, file, line, column, name, row, text.
fn lines(scan: &Scan, uses: bool) -> Vec<Vec<String>> {
    let mut lines = Vec::new();
    for finding in &scan.findings {
        lines.push(vec![
            "finding".to_owned(),
            finding.rule.id().to_owned(),
            finding.severity.as_str().to_owned(),
            finding.place.file.clone(),
            finding.place.line.to_string(),
            finding.place.column.to_string(),
            finding.name.clone(),
            finding.row.unwrap_or_default().to_owned(),
            finding.message.clone(),
        ]);
    }
    for own in &scan.not_analysed {
        lines.push(vec![
            "not-analysed".to_owned(),
            own.reason.id().to_owned(),
            String::new(),
            own.file.clone(),
            own.line.map(|line| line.to_string()).unwrap_or_default(),
            own.line.map(|_| "1".to_owned()).unwrap_or_default(),
            String::new(),
            String::new(),
            own.reason.text().to_owned(),
        ]);
    }
    for own in scan.uses.iter().filter(|_| uses) {
        let kind = match own.kind {
            UseKind::Method => "method",
            UseKind::Event => "event",
        };
        let minimum = own.minimum;
        lines.push(vec![
            "use".to_owned(),
            kind.to_owned(),
            String::new(),
            own.place.file.clone(),
            own.place.line.to_string(),
            own.place.column.to_string(),
            own.name.clone(),
            own.row.unwrap_or_default().to_owned(),
            format!("{}: {}, with a gate {}", own.name, minimum.plain, minimum.gated),
        ]);
    }
    lines
}

/// The sums of a scan.
fn minimum(scan: &Scan) -> Vec<(String, String)> {
    let mut rows = vec![
        ("files".to_owned(), scan.counts.files.to_string()),
        ("files with uses".to_owned(), scan.counts.with_uses.to_string()),
        (
            "files of tests, skipped".to_owned(),
            scan.counts.tests_skipped.to_string(),
        ),
        ("uses".to_owned(), scan.uses.len().to_string()),
        ("findings".to_owned(), scan.findings.len().to_string()),
        ("not analysed".to_owned(), scan.not_analysed.len().to_string()),
    ];
    if let Some(minimum) = scan.minimum {
        rows.push(("oldest portal".to_owned(), minimum.plain.to_string()));
        rows.push(("oldest portal with a gate".to_owned(), minimum.gated.to_string()));
    }
    rows
}
