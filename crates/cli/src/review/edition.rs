//! A folder of documentation: which files are read, and all facts of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use serde::Serialize;

use super::entity::{Entity, EntityKind, PageFacts, Unread};
use super::error::ReviewError;
use super::log::{self, Log};
use super::markdown::{blocks, links};
use super::page;

/// The most pages of an edition. The whole documentation had 2,552 in August 2026.
const MOST_PAGES: usize = 20_000;
/// The largest page.
const LARGEST: u64 = 4 << 20;
/// How deep folders are read.
const DEEPEST: usize = 24;
/// How deep includes of includes are read.
const INCLUDES: usize = 4;
/// The most bytes that the includes of one page add to it. A page could include another a thousand times.
const INCLUDED: usize = 4 << 20;
/// The folders about chat bots and chats.
const USUAL: [&str; 2] = ["api-reference/chat-bots", "api-reference/chats"];
/// The folder at the root of the documentation that has the methods.
const REFERENCE: &str = "api-reference";

/// What was read of an edition.
#[derive(Debug, Serialize)]
pub(crate) struct Counts {
    pub(crate) pages: usize,
    pub(crate) methods: usize,
    pub(crate) events: usize,
    pub(crate) log_entries: usize,
}

/// Names that are not read, each with the reason.
type Skipped = Vec<(PathBuf, &'static str)>;

/// Where the pages of an edition are.
pub(super) struct Files {
    named: PathBuf,
    root: PathBuf,
    /// The folders to read, relative to the root.
    under: Vec<PathBuf>,
    part: String,
}

impl Files {
    /// Finds the root of the documentation from a folder that a user names.
    pub(super) fn find(folder: &Path, under: &[String]) -> Result<Self, ReviewError> {
        let unreadable = |source| ReviewError::Read {
            path: folder.to_owned(),
            source,
        };
        let whole = folder.canonicalize().map_err(unreadable)?;
        if !whole.is_dir() {
            return Err(unreadable(io::Error::from(io::ErrorKind::NotADirectory)));
        }
        let named = folder.to_owned();
        let above = whole
            .ancestors()
            .find(|folder| folder.file_name().is_some_and(|name| name == REFERENCE));
        let chosen = |usual: Vec<PathBuf>| match under {
            [] => usual,
            under => under.iter().map(PathBuf::from).collect(),
        };
        let (root, under) = if whole.join(REFERENCE).is_dir() {
            (whole, chosen(USUAL.map(PathBuf::from).to_vec()))
        } else if let Some(root) = above.and_then(Path::parent) {
            let below = whole.strip_prefix(root).unwrap_or(&whole).to_owned();
            (root.to_owned(), chosen(vec![below]))
        } else {
            (whole, chosen(vec![PathBuf::new()]))
        };
        let part = under
            .iter()
            .map(|folder: &PathBuf| shown(folder))
            .collect::<Vec<_>>()
            .join(", ");
        let files = Self {
            named,
            root,
            under,
            part,
        };
        if files.under.iter().any(|under| {
            under
                .components()
                .any(|part| !matches!(part, Component::Normal(_)))
        }) {
            return Err(ReviewError::NoDocumentation(files.named));
        }
        Ok(files)
    }

    /// The folders that are read, as text.
    pub(super) fn part(&self) -> &str {
        &self.part
    }

    /// The pages, and the names that cannot be read with the reason.
    fn pages(&self) -> Result<(BTreeSet<PathBuf>, Skipped), ReviewError> {
        let (mut pages, mut skipped) = (BTreeSet::new(), Vec::new());
        let mut waiting: Vec<(PathBuf, usize)> = self.under.iter().map(|under| (under.clone(), 0)).collect();
        while let Some((folder, depth)) = waiting.pop() {
            let whole = self.root.join(&folder);
            let entries = match fs::read_dir(&whole) {
                Ok(entries) => entries,
                // A part that one edition lacks: its pages are new or gone.
                Err(error) if error.kind() == io::ErrorKind::NotFound && depth == 0 => continue,
                Err(source) => return Err(ReviewError::Read { path: whole, source }),
            };
            for entry in entries {
                let unreadable = |source| ReviewError::Read {
                    path: whole.clone(),
                    source,
                };
                let entry = entry.map_err(unreadable)?;
                let kind = entry.file_type().map_err(unreadable)?;
                let path = folder.join(entry.file_name());
                let is_page = path.extension().is_some_and(|end| end == "md");
                let is_include = path.components().any(|part| part.as_os_str() == "_includes");
                if kind.is_dir() && depth >= DEEPEST {
                    skipped.push((path, "folder-too-deep"));
                } else if kind.is_dir() {
                    waiting.push((path, depth + 1));
                } else if is_page && !kind.is_file() {
                    skipped.push((path, "page-is-no-file"));
                } else if is_page && !is_include {
                    pages.insert(path);
                }
                if pages.len() > MOST_PAGES {
                    return Err(ReviewError::TooManyPages {
                        folder: self.named.clone(),
                        most: MOST_PAGES,
                    });
                }
            }
        }
        Ok((pages, skipped))
    }

    fn text(&self, path: &Path) -> Result<String, &'static str> {
        let whole = self.root.join(path);
        // An include can be a link that leaves the edition.
        let whole = whole.canonicalize().map_err(|_| "missing-file")?;
        let file = fs::metadata(&whole).map_err(|_| "unreadable-file")?;
        if !whole.starts_with(&self.root) {
            return Err("file-outside-of-edition");
        }
        // A pipe would never end.
        if !file.is_file() {
            return Err("unreadable-file");
        }
        if file.len() > LARGEST {
            return Err("page-too-large");
        }
        let bytes = fs::read(&whole).map_err(|_| "unreadable-file")?;
        String::from_utf8(bytes).map_err(|_| "page-not-utf8")
    }
}

/// All facts of an edition.
#[derive(Debug, Default)]
pub(super) struct Edition {
    pub(super) entities: BTreeMap<String, Entity>,
    pub(super) log: Log,
    pub(super) unread: Vec<Unread>,
    /// Methods and events that pages name.
    pub(super) mentions: BTreeMap<String, String>,
    pages: usize,
}

impl Edition {
    pub(super) fn read(files: &Files) -> Result<Self, ReviewError> {
        let (pages, skipped) = files.pages()?;
        let mut edition = Self {
            pages: pages.len(),
            ..Self::default()
        };
        let mut shared = BTreeSet::new();
        for (path, why) in skipped {
            edition.file(&path, why);
        }
        for path in &pages {
            match files.text(path) {
                Ok(text) => {
                    let mut left = INCLUDED;
                    let text = edition.with_includes(files, path, &text, &mut shared, (0, &mut left));
                    edition.page(path, &text);
                }
                Err(why) => edition.file(path, why),
            }
        }
        // Pages that many pages include are read once.
        for path in &shared {
            match files.text(path) {
                Ok(text) => edition.page(path, &text),
                Err(why) => edition.file(path, why),
            }
        }
        if edition.count(EntityKind::Method) == 0 {
            return Err(ReviewError::NoDocumentation(files.named.clone()));
        }
        Ok(edition)
    }

    pub(super) fn counts(&self) -> Counts {
        Counts {
            pages: self.pages,
            methods: self.count(EntityKind::Method),
            events: self.count(EntityKind::Event),
            log_entries: self.log.entries.len(),
        }
    }

    fn count(&self, kind: EntityKind) -> usize {
        self.entities
            .values()
            .filter(|entity| entity.kind == kind)
            .count()
    }

    /// A page with the text of the includes that belong to the folders that are read. Others are noted.
    fn with_includes(
        &mut self,
        files: &Files,
        path: &Path,
        text: &str,
        shared: &mut BTreeSet<PathBuf>,
        (depth, left): (usize, &mut usize),
    ) -> String {
        let mut whole = String::with_capacity(text.len());
        for line in text.lines() {
            whole.push_str(line);
            whole.push('\n');
            if !line.trim_start().starts_with("{% include") {
                continue;
            }
            for (_, target) in links(line) {
                let target = target.split('#').next().unwrap_or_default();
                let Some(include) = beside(path, target) else {
                    self.file(&path.join(target), "file-outside-of-edition");
                    continue;
                };
                if !files.under.iter().any(|under| include.starts_with(under)) {
                    shared.insert(include);
                    continue;
                }
                if *left == 0 {
                    continue;
                }
                if depth >= INCLUDES {
                    self.file(&include, "include-too-deep");
                    continue;
                }
                match files.text(&include) {
                    Ok(text) if text.len() > *left => {
                        *left = 0;
                        self.file(&include, "includes-too-large");
                    }
                    Ok(text) => {
                        *left -= text.len();
                        let text =
                            self.with_includes(files, &include, &text, shared, (depth + 1, &mut *left));
                        whole.push_str(&text);
                    }
                    Err(why) => self.file(&include, why),
                }
            }
        }
        whole
    }

    fn page(&mut self, path: &Path, text: &str) {
        let path = shown(path);
        let blocks = blocks(text);
        if let Some(log) = log::read(&path, &blocks) {
            self.log.add(log);
            return;
        }
        let PageFacts {
            entities,
            unread,
            mentions,
        } = page::read(&path, &blocks);
        for (of, entity) in entities {
            match self.entities.get_mut(&of) {
                Some(known) => known.add(entity),
                None => drop(self.entities.insert(of, entity)),
            }
        }
        self.unread.extend(unread);
        for name in mentions {
            self.mentions.entry(name).or_insert_with(|| path.clone());
        }
    }

    fn file(&mut self, path: &Path, problem: &'static str) {
        let path = shown(path);
        // A page can name a file on each of its lines.
        let is_told = |last: &Unread| last.problem == problem && last.page == path;
        if self.unread.last().is_some_and(is_told) {
            return;
        }
        self.unread.push(Unread {
            problem,
            of: path.trim_end_matches(".md").to_owned(),
            page: path,
            place: "file".to_owned(),
            digest: String::new(),
        });
    }
}

/// A path relative to the root, with `/`.
fn shown(path: &Path) -> String {
    let parts: Vec<_> = path
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}

/// The path that a page names, relative to the root. `None`: it leaves the documentation.
fn beside(page: &Path, target: &str) -> Option<PathBuf> {
    let mut path = match target.strip_prefix('/') {
        Some(_) => PathBuf::new(),
        None => page.parent()?.to_owned(),
    };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." if !path.pop() => return None,
            ".." => {}
            part => path.push(part),
        }
    }
    Some(path)
}
