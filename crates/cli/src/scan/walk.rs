//! Finds the files, and reads those that may name a method or an event.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};

use aho_corasick::AhoCorasick;
use ignore::{WalkBuilder, WalkState};

use super::analysis::Scanned;
use super::findings::{Counts, NotAnalysed, Reason};
use super::language::Language;
use super::outline::Outline;
use super::{lexer, sites};

/// The largest file that is read.
pub(super) const MAX_SIZE: u64 = 5 * 1024 * 1024;

/// Folders of what others wrote, and of what a build makes. They are skipped, whatever `.gitignore` says.
pub(super) const SKIPPED_FOLDERS: [&str; 12] = [
    "node_modules",
    "vendor",
    "bower_components",
    "target",
    "dist",
    "build",
    "__pycache__",
    "venv",
    "site-packages",
    "obj",
    "coverage",
    "testdata",
];

/// Folders of tests.
const TEST_FOLDERS: [&str; 8] = [
    "test",
    "tests",
    "__tests__",
    "spec",
    "specs",
    "fixtures",
    "__mocks__",
    "mocks",
];

/// What a file must have, or it names nothing.
const NEEDLES: [&str; 24] = [
    "imbot",
    "IMBot",
    "ONIM",
    "onim",
    "OnIm",
    "\"im.",
    "'im.",
    "`im.",
    "/im.",
    "}im.",
    ".im.",
    "Chat.Message",
    "Chat.InputAction",
    "Bot.register",
    "Bot.unregister",
    "Bot.update",
    "Command.answer",
    "Command.register",
    "File.upload",
    "message.add",
    "message.update",
    "command.answer",
    "command.register",
    "chat.sendTyping",
];

static FILTER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(NEEDLES).ok());

/// What a walk found.
#[derive(Debug, Default)]
pub(super) struct Walked {
    pub(super) files: Vec<Scanned>,
    pub(super) not_analysed: Vec<NotAnalysed>,
    pub(super) counts: Counts,
}

/// What is walked.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct WalkOptions {
    /// Files of tests are read, too.
    pub(crate) tests: bool,
}

/// Walks over files and folders. `seen` counts the files.
pub(super) fn walk(paths: &[PathBuf], options: WalkOptions, seen: &AtomicUsize) -> Walked {
    let walked = Mutex::new(Walked::default());
    for root in paths {
        if root.is_dir() {
            walk_folder(root, options, seen, &walked);
        } else {
            visit(root, seen, &walked);
        }
    }
    let mut walked = walked.into_inner().unwrap_or_else(PoisonError::into_inner);
    // Two paths may lead to one file.
    walked.files.sort_by(|a, b| a.path.cmp(&b.path));
    walked.files.dedup_by(|a, b| a.path == b.path);
    walked.not_analysed.sort();
    walked.not_analysed.dedup();
    walked
}

fn walk_folder(root: &Path, options: WalkOptions, seen: &AtomicUsize, walked: &Mutex<Walked>) {
    let mut builder = WalkBuilder::new(root);
    builder
        .require_git(false)
        .follow_links(false)
        .filter_entry(|entry| {
            let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            let name = entry.file_name().to_str().unwrap_or_default();
            entry.depth() == 0 || !is_folder || !SKIPPED_FOLDERS.contains(&name)
        });
    builder.build_parallel().run(|| {
        Box::new(move |entry| {
            match entry {
                Ok(entry) => {
                    let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
                    if !is_file || Language::of(entry.path()).is_none() {
                        return WalkState::Continue;
                    }
                    let below = entry.path().strip_prefix(root).unwrap_or(entry.path());
                    if !options.tests && is_test(below) {
                        lock(walked).counts.tests_skipped += 1;
                        return WalkState::Continue;
                    }
                    visit(entry.path(), seen, walked);
                }
                Err(error) => {
                    let file = path_of(&error).unwrap_or(root);
                    note(walked, file, Reason::Unreadable);
                }
            }
            WalkState::Continue
        })
    });
}

fn lock(walked: &Mutex<Walked>) -> std::sync::MutexGuard<'_, Walked> {
    walked.lock().unwrap_or_else(PoisonError::into_inner)
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}

/// A path as it is shown, with `/` between its parts.
pub(super) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = match cfg!(windows) {
        true => text.replace('\\', "/"),
        false => text.into_owned(),
    };
    text.strip_prefix("./").map(str::to_owned).unwrap_or(text)
}

fn note(walked: &Mutex<Walked>, path: &Path, reason: Reason) {
    let (file, line) = (shown(path), None);
    lock(walked).not_analysed.push(NotAnalysed { reason, file, line });
}

/// Whether a file is one of tests, by its path below the root.
fn is_test(path: &Path) -> bool {
    let mut folders = path.parent().into_iter().flat_map(Path::components);
    let in_folder = folders.any(|part| {
        let name = part.as_os_str().to_str().unwrap_or_default();
        TEST_FOLDERS.contains(&name.to_ascii_lowercase().as_str())
    });
    let stem = path
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or_default();
    in_folder
        || stem.ends_with(".test")
        || stem.ends_with(".spec")
        || stem.ends_with("_test")
        || stem.starts_with("test_")
        || stem == "conftest"
        || matches!(
            Language::of(path),
            Some(Language::Php | Language::Java | Language::CSharp)
        ) && (stem.ends_with("Test") || stem.ends_with("Tests"))
}

/// Reads a file.
fn visit(path: &Path, seen: &AtomicUsize, walked: &Mutex<Walked>) {
    let Some(language) = Language::of(path) else {
        return;
    };
    seen.fetch_add(1, Ordering::Relaxed);
    let scanned = match read(path) {
        Ok(Some(source)) => scan(path, language, source),
        Ok(None) => Ok(None),
        Err(reason) => Err(reason),
    };
    let mut walked_now = lock(walked);
    walked_now.counts.files += 1;
    match scanned {
        Ok(Some(file)) => walked_now.files.push(file),
        Ok(None) => {}
        Err(reason) => {
            drop(walked_now);
            note(walked, path, reason);
        }
    }
}

/// The text of a file. `None` if it names nothing.
fn read(path: &Path) -> Result<Option<String>, Reason> {
    let failed = |_: io::Error| Reason::Unreadable;
    let size = fs::metadata(path).map_err(failed)?.len();
    if size > MAX_SIZE {
        return Err(Reason::TooLarge);
    }
    let bytes = fs::read(path).map_err(failed)?;
    if let Some(text) = of_utf16(&bytes) {
        return Ok(Some(text));
    }
    if bytes.iter().take(8192).any(|byte| *byte == 0) {
        return Err(Reason::Binary);
    }
    let may_name = FILTER.as_ref().is_none_or(|filter| filter.is_match(&bytes));
    if !may_name {
        return Ok(None);
    }
    // Older files of PHP are often in Windows-1251. Names are ASCII in both.
    Ok(Some(match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    }))
}

/// The text of a file in UTF-16, by the mark at its start.
fn of_utf16(bytes: &[u8]) -> Option<String> {
    let (mark, rest) = bytes.split_at_checked(2)?;
    let unit = |pair: &[u8]| match (mark, pair) {
        ([0xFF, 0xFE], [low, high]) => u16::from_le_bytes([*low, *high]),
        (_, [high, low]) => u16::from_be_bytes([*high, *low]),
        _ => 0,
    };
    let is_marked = matches!(mark, [0xFF, 0xFE] | [0xFE, 0xFF]);
    is_marked.then(|| {
        let units: Vec<u16> = rest.chunks(2).map(unit).collect();
        String::from_utf16_lossy(&units)
    })
}

fn scan(path: &Path, language: Language, source: String) -> Result<Option<Scanned>, Reason> {
    let source = match source.strip_prefix('\u{FEFF}') {
        Some(rest) => rest.to_owned(),
        None => source,
    };
    let tokens = lexer::lex(language, source).map_err(|_| Reason::TooDeep)?;
    let outline = Outline::of(&tokens);
    let sites = sites::find(&tokens, &outline);
    let is_empty = sites.sites.is_empty() && sites.computed.is_empty() && sites.candidates.is_empty();
    Ok((!is_empty).then(|| Scanned {
        path: shown(path),
        tokens,
        outline,
        sites,
    }))
}
