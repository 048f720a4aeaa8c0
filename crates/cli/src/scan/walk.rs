//! Finds the files, and reads those that may name a method or an event.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};

use aho_corasick::{AhoCorasick, MatchKind, packed};
use ignore::{DirEntry, WalkBuilder, WalkState};

use super::findings::{Counts, NotAnalysed, Reason};
use super::language::Language;

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
const NEEDLES: [&str; 32] = [
    "imbot",
    "IMBot",
    "getIMScope",
    "ONIM",
    "onim",
    "OnIm",
    "\"im.",
    "'im.",
    "`im.",
    "/im.",
    "}im.",
    ".im.",
    "Chat.",
    "Bot.get",
    "Bot.list",
    "Bot.register",
    "Bot.unregister",
    "Bot.update",
    "Command.answer",
    "Command.list",
    "Command.register",
    "Command.unregister",
    "Command.update",
    "Event.get",
    "File.download",
    "File.upload",
    "Revision.get",
    "message.add",
    "message.update",
    "command.answer",
    "command.register",
    "chat.sendTyping",
];

/// Finds [`NEEDLES`]. Most files have none, so most of the time of a scan is spent here.
enum Filter {
    /// Many bytes at once.
    Packed(packed::Searcher),
    /// On machines that cannot do that.
    Plain(AhoCorasick),
    /// Each file is read.
    All,
}

static FILTER: LazyLock<Filter> = LazyLock::new(|| {
    if let Some(searcher) = packed::Searcher::new(NEEDLES) {
        return Filter::Packed(searcher);
    }
    let plain = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostFirst)
        .build(NEEDLES);
    plain.map_or(Filter::All, Filter::Plain)
});

impl Filter {
    fn may_name(&self, bytes: &[u8]) -> bool {
        match self {
            Self::Packed(searcher) => searcher.find(bytes).is_some(),
            Self::Plain(searcher) => searcher.is_match(bytes),
            Self::All => true,
        }
    }
}

/// A file that may name a method or an event.
pub(super) struct Source<'p> {
    pub(super) path: &'p Path,
    pub(super) language: Language,
    pub(super) text: String,
}

/// What was made of a file.
#[derive(Debug)]
pub(super) struct Found<T> {
    pub(super) path: PathBuf,
    shown: String,
    pub(super) made: T,
}

/// What a walk found.
#[derive(Debug)]
pub(super) struct Walked<T> {
    pub(super) files: Vec<Found<T>>,
    pub(super) not_analysed: Vec<NotAnalysed>,
    pub(super) counts: Counts,
}

/// What is walked.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct WalkOptions {
    /// Files of tests are read, too.
    pub(crate) tests: bool,
}

/// Makes something of a file. `None` if it names nothing.
pub(super) trait Analyse<T>: Fn(Source<'_>) -> Result<Option<T>, Reason> + Sync {}

impl<T, F: Fn(Source<'_>) -> Result<Option<T>, Reason> + Sync> Analyse<T> for F {}

/// A walk with what it found so far.
struct Walk<'w, T, F> {
    options: WalkOptions,
    seen: &'w AtomicUsize,
    analyse: F,
    walked: Mutex<Walked<T>>,
}

/// Walks over files and folders. `seen` counts the files. Each is analysed by the thread that reads it.
pub(super) fn walk<T: Send>(
    paths: &[PathBuf],
    options: WalkOptions,
    seen: &AtomicUsize,
    analyse: impl Analyse<T>,
) -> Walked<T> {
    let walked = Mutex::new(Walked {
        files: Vec::new(),
        not_analysed: Vec::new(),
        counts: Counts::default(),
    });
    let walk = Walk {
        options,
        seen,
        analyse,
        walked,
    };
    for root in paths {
        if root.is_dir() {
            walk.folder(root);
        } else if root.is_file() {
            walk.visit(root, &mut Vec::new());
        } else {
            // A pipe would be waited for.
            walk.note(root, Reason::Unreadable);
        }
    }
    let mut walked = walk.walked.into_inner().unwrap_or_else(PoisonError::into_inner);
    // Two paths may lead to one file.
    walked.files.sort_by(|a, b| a.shown.cmp(&b.shown));
    walked.files.dedup_by(|a, b| a.shown == b.shown);
    walked.not_analysed.sort();
    walked.not_analysed.dedup();
    walked
}

impl<T: Send, F: Analyse<T>> Walk<'_, T, F> {
    fn folder(&self, root: &Path) {
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
            let mut buffer = Vec::new();
            Box::new(move |entry| {
                match entry {
                    Ok(entry) => self.entry(root, &entry, &mut buffer),
                    Err(error) => self.note(path_of(&error).unwrap_or(root), Reason::Unreadable),
                }
                WalkState::Continue
            })
        });
    }

    fn entry(&self, root: &Path, entry: &DirEntry, buffer: &mut Vec<u8>) {
        let path = entry.path();
        let Some(kind) = entry.file_type().filter(|kind| !kind.is_dir()) else {
            return;
        };
        if Language::of(path).is_none() {
            return;
        }
        if !self.options.tests && is_test(path.strip_prefix(root).unwrap_or(path)) {
            self.lock().counts.tests_skipped += 1;
            return;
        }
        if kind.is_file() {
            return self.visit(path, buffer);
        }
        // A link leads to what is read under its own name, or out of the folder, or nowhere. Whoever wrote the folder
        // must not choose which other files of this machine are read.
        let is_below = |path: &Path| Some(path.starts_with(root.canonicalize().ok()?));
        match path.canonicalize() {
            Ok(target) if target.is_dir() || is_below(&target) == Some(true) && kind.is_symlink() => {}
            _ => self.note(path, Reason::Unreadable),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Walked<T>> {
        self.walked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, path: &Path, reason: Reason) {
        let (file, line) = (shown(path).into(), None);
        self.lock().not_analysed.push(NotAnalysed { reason, file, line });
    }

    /// Reads a file.
    fn visit(&self, path: &Path, buffer: &mut Vec<u8>) {
        let Some(language) = Language::of(path) else {
            return;
        };
        self.seen.fetch_add(1, Ordering::Relaxed);
        let read = read(path, buffer);
        let analysed = match read {
            Ok(Some(text)) => (self.analyse)(Source { path, language, text }),
            Ok(None) => Ok(None),
            Err(reason) => Err(reason),
        };
        if let Err(reason) = analysed {
            self.note(path, reason);
        }
        let mut walked = self.lock();
        walked.counts.files += 1;
        if let Ok(Some(made)) = analysed {
            walked.files.push(Found {
                path: path.to_owned(),
                shown: shown(path),
                made,
            });
        }
    }
}

/// Reads a file once more.
pub(super) fn again<T>(path: &Path, analyse: impl Analyse<T>) -> Option<T> {
    let (language, text) = (Language::of(path)?, read(path, &mut Vec::new()).ok()??);
    let source = Source { path, language, text };
    analyse(source).ok()?
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

/// Whether a file is one of tests, by its path below the root.
fn is_test(path: &Path) -> bool {
    let mut folders = path.parent().into_iter().flat_map(Path::components);
    let in_folder = folders.any(|part| {
        let name = part.as_os_str().to_str().unwrap_or_default();
        TEST_FOLDERS.iter().any(|own| own.eq_ignore_ascii_case(name))
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

/// The text of a file. `None` if it names nothing.
fn read(path: &Path, buffer: &mut Vec<u8>) -> Result<Option<String>, Reason> {
    let failed = |_: io::Error| Reason::Unreadable;
    let file = File::open(path).map_err(failed)?;
    let size = file.metadata().map_err(failed)?.len();
    if size > MAX_SIZE {
        return Err(Reason::TooLarge);
    }
    buffer.clear();
    buffer.reserve(usize::try_from(size).unwrap_or_default() + 1);
    file.take(MAX_SIZE + 1).read_to_end(buffer).map_err(failed)?;
    // It grows while it is read.
    if u64::try_from(buffer.len()).unwrap_or(u64::MAX) > MAX_SIZE {
        return Err(Reason::TooLarge);
    }
    let text = match of_utf16(buffer) {
        Some(text) => text,
        None if buffer
            .get(..buffer.len().min(8192))
            .is_some_and(|start| start.contains(&0)) =>
        {
            return Err(Reason::Binary);
        }
        None if !FILTER.may_name(buffer) => return Ok(None),
        // Older files of PHP are often in Windows-1251. Names are ASCII in both.
        None => match std::str::from_utf8(buffer) {
            Ok(text) => text.to_owned(),
            Err(_) => String::from_utf8_lossy(buffer).into_owned(),
        },
    };
    Ok(Some(match text.strip_prefix('\u{FEFF}') {
        Some(rest) => rest.to_owned(),
        None => text,
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
