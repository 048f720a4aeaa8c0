//! Prints a scan for people and for pipes.

use std::borrow::Cow;

use crate::error::CliError;
use crate::output::{Format, Output};

use super::findings::{Scan, UseKind};

/// Prints findings, what was not analysed, and the oldest portals. With `uses`, each use, too.
pub(crate) fn print(scan: &Scan, uses: bool, output: &mut Output) -> Result<(), CliError> {
    match output.format {
        Format::Json => output.json("scan", scan),
        Format::Plain => {
            let sums = minimum(scan).into_iter().map(|(name, value)| {
                let mut line = Line::default();
                let [first, .., last] = &mut line;
                (*first, *last) = (name.into(), value.into());
                line
            });
            output.rows(&[], lines(scan, uses).chain(sums))
        }
        Format::People => {
            let mut rows = lines(scan, uses).map(for_people).peekable();
            if rows.peek().is_some() {
                output.rows(&["place", "what", "text"], rows)?;
            }
            let rows = minimum(scan).into_iter();
            output.rows(
                &["", ""],
                rows.map(|(name, value)| [Cow::from(name), value.into()]),
            )
        }
    }
}

/// A line: kind, rule, severity, file, line, column, name, row, text.
type Line<'s> = [Cow<'s, str>; 9];

/// A line for people: the place, what it is, the text.
fn for_people([kind, rule, severity, file, line, column, _, _, text]: Line<'_>) -> [Cow<'_, str>; 3] {
    let place = match &*line {
        "" => file,
        line => format!("{file}:{line}:{column}").into(),
    };
    let what = match &*kind {
        "finding" => format!("{severity} {rule}"),
        other => format!("{other} {rule}"),
    };
    [place, what.into(), text]
}

fn lines(scan: &Scan, uses: bool) -> impl Iterator<Item = Line<'_>> {
    let findings = scan.findings.iter().map(|finding| {
        let place = &finding.place;
        [
            "finding".into(),
            finding.rule.id().into(),
            finding.severity.as_str().into(),
            (&*place.file).into(),
            place.line.to_string().into(),
            place.column.to_string().into(),
            (&*finding.name).into(),
            finding.row.unwrap_or_default().into(),
            (&*finding.message).into(),
        ]
    });
    let not_analysed = scan.not_analysed.iter().map(|own| {
        let (line, column) = match own.line {
            Some(line) => (line.to_string(), "1"),
            None => (String::new(), ""),
        };
        [
            "not-analysed".into(),
            own.reason.id().into(),
            "".into(),
            (&*own.file).into(),
            line.into(),
            column.into(),
            "".into(),
            "".into(),
            own.reason.text().into(),
        ]
    });
    let uses = scan.uses.iter().filter(move |_| uses).map(|own| {
        let kind = match own.kind {
            UseKind::Method => "method",
            UseKind::Event => "event",
        };
        let (place, minimum) = (&own.place, own.minimum);
        [
            "use".into(),
            kind.into(),
            "".into(),
            (&*place.file).into(),
            place.line.to_string().into(),
            place.column.to_string().into(),
            (&*own.name).into(),
            own.row.unwrap_or_default().into(),
            format!("{}: {}, with a gate {}", own.name, minimum.plain, minimum.gated).into(),
        ]
    });
    findings.chain(not_analysed).chain(uses)
}

/// The sums of a scan.
fn minimum(scan: &Scan) -> Vec<(&'static str, String)> {
    let counts = &scan.counts;
    let mut rows = vec![
        ("files", counts.files.to_string()),
        ("files with uses", counts.with_uses.to_string()),
        ("files of tests, skipped", counts.tests_skipped.to_string()),
        ("uses", scan.uses.len().to_string()),
        ("findings", scan.findings.len().to_string()),
        ("not analysed", scan.not_analysed.len().to_string()),
    ];
    if let Some(minimum) = scan.minimum {
        rows.push(("oldest portal", minimum.plain.to_string()));
        rows.push(("oldest portal with a gate", minimum.gated.to_string()));
    }
    rows
}
