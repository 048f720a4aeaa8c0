//! `scan`: whether a program runs on a portal, and what is wrong in it on every portal.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use clap::Args;
use imbot_caps::Revision;

use crate::error::CliError;
use crate::output::{Outcome, Output};
use crate::scan::{self, Options, WalkOptions};

/// How often the progress is shown.
const TICK: Duration = Duration::from_millis(200);

/// Scans a program for calls that a portal lacks, and for calls that are wrong on every portal.
///
/// Reads PHP, Python, JavaScript, TypeScript, Go, Java, C#, Rust and JSON. Respects `.gitignore`, and skips
/// folders of dependencies and builds (node_modules, vendor, target, dist and others) and files of tests.
///
/// The exit code is 0 if nothing is wrong, 1 if there are findings, and 2 if something was not analysed: a
/// file that is unreadable, binary, too large or too deep, or a call whose method is computed.
#[derive(Debug, Args)]
pub(crate) struct Scan {
    /// Files and folders.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The REST revision of the portal that the program is for. A use that it lacks is then a finding.
    #[arg(long, value_name = "N")]
    rest: Option<Revision>,
    /// The program's calls go through a gate of this library.
    #[arg(long, requires = "rest")]
    gate: bool,
    /// Reads files of tests, too.
    #[arg(long)]
    tests: bool,
    /// Lists each use of a method or an event, too. JSON always has them.
    #[arg(long)]
    uses: bool,
    /// Prints SARIF 2.1.0.
    #[arg(long, conflicts_with = "json")]
    sarif: bool,
}

impl Scan {
    pub(crate) fn run(self, output: &mut Output) -> Result<Outcome, CliError> {
        for path in &self.paths {
            if let Err(error) = std::fs::metadata(path) {
                let path = path.display().to_string();
                return Err(CliError::Path { path, error });
            }
        }
        let options = Options {
            rest: self.rest,
            gate: self.gate,
            walk: WalkOptions { tests: self.tests },
        };
        let seen = AtomicUsize::new(0);
        let terminal = std::io::stderr().is_terminal().then(std::io::stderr);
        let scan = with_progress(terminal, TICK, &seen, || scan::scan(&self.paths, options, &seen));
        if self.sarif {
            let text = serde_json::to_string_pretty(&scan::sarif(&scan))?;
            output.text(&text)?;
        } else {
            scan::print(&scan, self.uses, output)?;
        }
        let is_empty = scan.counts.files == 0;
        if is_empty {
            anstream::eprintln!("imbot-caps: no file of a language that is read was found");
        }
        Ok(
            match (
                scan.not_analysed.is_empty() && !is_empty,
                scan.findings.is_empty(),
            ) {
                (false, _) => Outcome::CouldNotTell,
                (true, false) => Outcome::Findings,
                (true, true) => Outcome::Fine,
            },
        )
    }
}

/// Shows on a terminal how many files were read, as long as the work lasts.
fn with_progress<T>(
    terminal: Option<impl Write + Send>,
    tick: Duration,
    seen: &AtomicUsize,
    work: impl FnOnce() -> T,
) -> T {
    let Some(mut terminal) = terminal else {
        return work();
    };
    let is_done = &AtomicBool::new(false);
    std::thread::scope(|scope| {
        let shown = scope.spawn(move || {
            let mut is_shown = false;
            loop {
                std::thread::park_timeout(tick);
                if is_done.load(Ordering::Acquire) {
                    break;
                }
                is_shown = true;
                let text = format!("\r{} files", seen.load(Ordering::Relaxed));
                let _ = terminal.write_all(text.as_bytes());
            }
            if is_shown {
                let _ = terminal.write_all(b"\r\x1b[K");
            }
        });
        let result = work();
        is_done.store(true, Ordering::Release);
        shown.thread().unpark();
        result
    })
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Sends what is written.
    struct Wire(mpsc::Sender<Vec<u8>>);

    impl Write for Wire {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let _ = self.0.send(bytes.to_vec());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn long_work_shows_progress_and_clears_it() {
        let (sender, written) = mpsc::channel();
        let seen = AtomicUsize::new(7);
        // The work lasts until the progress is shown.
        let first = with_progress(Some(Wire(sender)), Duration::from_millis(1), &seen, || {
            written.recv().unwrap()
        });
        assert_eq!(first, b"\r7 files");
        assert_eq!(written.iter().last().unwrap(), b"\r\x1b[K");
    }

    #[test]
    fn short_work_shows_no_progress() {
        let (sender, written) = mpsc::channel();
        let seen = AtomicUsize::new(7);
        with_progress(Some(Wire(sender)), Duration::from_secs(3600), &seen, || ());
        assert_eq!(written.iter().count(), 0);
    }
}
