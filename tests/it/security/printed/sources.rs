//! The public types of the crate and of the emulator, as their sources have them.

use std::fs;
use std::path::{Path, PathBuf};

/// Each as `room::Type`, where the room is the first part of its module's path. The emulator
/// is one room.
pub fn public_types() -> Vec<String> {
    let mut types = types_in("src", None);
    types.extend(types_in("crates/emulator/src", Some("imbot_caps_emulator")));
    types
}

fn types_in(folder: &str, only_room: Option<&str>) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
    let mut files = Vec::new();
    collect(&root, &mut files);
    let mut types = Vec::new();
    for file in files {
        let path = file.strip_prefix(&root).unwrap();
        let room = path.iter().next().unwrap().to_str().unwrap();
        let room = only_room.unwrap_or(room.strip_suffix(".rs").unwrap_or(room));
        if path.iter().any(|part| part == "tests" || part == "tests.rs") {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        types.extend(
            text.lines()
                .filter_map(declared)
                .map(|own| format!("{room}::{own}")),
        );
    }
    types
}

/// The name of the type that a line declares as public.
fn declared(line: &str) -> Option<&str> {
    let line = line.trim_start().strip_prefix("pub ")?;
    let line = ["struct ", "enum ", "union "]
        .iter()
        .find_map(|kind| line.strip_prefix(kind))?;
    let end = line.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
    let own = end.map_or(line, |end| &line[..end]);
    // A macro makes the enums of words, which hold nothing.
    (!own.is_empty()).then_some(own)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|own| own == "rs") {
            files.push(path);
        }
    }
}
