//! No circle of imports, and no arrow upwards between rooms.
//!
//! A room is a file or folder right under `src`. The table in ARCHITECTURE.md lists the rooms from
//! the lowest to the highest, and the rooms that each one uses. The test reads every path of every
//! file, outside of tests: `use` lines, paths in code, and paths inside macros. A path that goes
//! through a re-export leads to the file that holds the item.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree};

/// The path of a module below the crate's root.
type Module = Vec<String>;

/// What one file declares and names.
#[derive(Default)]
struct Names {
    /// Items that stand in the file.
    items: BTreeSet<String>,
    /// Names that a `use` line brings in, each with its path.
    imports: BTreeMap<String, Vec<String>>,
    /// The modules of `use path::*`.
    globs: Vec<Vec<String>>,
    /// All paths of two parts or more.
    paths: Vec<Vec<String>>,
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|own| {
        let text = match &own.meta {
            syn::Meta::List(list) if list.path.is_ident("cfg") => list.tokens.to_string(),
            _ => return false,
        };
        let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        words.contains(&"test") && !words.contains(&"not")
    })
}

/// The text without what stands in quotes: texts of documentation are literals inside macros.
fn without_literals(text: &str) -> String {
    let (mut kept, mut is_inside, mut letters) = (String::new(), false, text.chars());
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if is_inside => drop(letters.next()),
            '"' => is_inside = !is_inside,
            _ if is_inside => {}
            _ => kept.push(letter),
        }
    }
    kept
}

impl Names {
    fn import(&mut self, mut before: Vec<String>, tree: &UseTree) {
        match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.import(before, &path.tree);
            }
            UseTree::Group(group) => {
                for own in &group.items {
                    self.import(before.clone(), own);
                }
            }
            UseTree::Glob(_) => {
                self.paths.push(before.clone());
                self.globs.push(before);
            }
            UseTree::Name(name) => self.import_as(before, name.ident.to_string(), None),
            UseTree::Rename(name) => {
                self.import_as(before, name.ident.to_string(), Some(name.rename.to_string()));
            }
        }
    }

    fn import_as(&mut self, mut path: Vec<String>, last: String, alias: Option<String>) {
        if last != "self" {
            path.push(last);
        }
        let name = alias.unwrap_or_else(|| path.last().unwrap().clone());
        self.paths.push(path.clone());
        self.imports.insert(name, path);
    }
}

impl<'ast> Visit<'ast> for Names {
    fn visit_item(&mut self, item: &'ast Item) {
        let (attributes, name) = match item {
            Item::Use(own) => (&own.attrs, None),
            Item::Const(own) => (&own.attrs, Some(&own.ident)),
            Item::Enum(own) => (&own.attrs, Some(&own.ident)),
            Item::Fn(own) => (&own.attrs, Some(&own.sig.ident)),
            Item::Mod(own) => (&own.attrs, None),
            Item::Static(own) => (&own.attrs, Some(&own.ident)),
            Item::Struct(own) => (&own.attrs, Some(&own.ident)),
            Item::Trait(own) => (&own.attrs, Some(&own.ident)),
            Item::Type(own) => (&own.attrs, Some(&own.ident)),
            Item::Impl(own) => (&own.attrs, None),
            Item::Macro(own) => (&own.attrs, own.ident.as_ref()),
            _ => panic!("an item that this test does not know"),
        };
        if is_for_tests(attributes) {
            return;
        }
        if let Some(name) = name {
            self.items.insert(name.to_string());
        }
        if let Item::Use(own) = item {
            self.import(Vec::new(), &own.tree);
        }
        visit::visit_item(self, item);
    }

    // The path in `pub(super)` names no item.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        // One name alone is a local one, or a `use` line has brought it in.
        if path.segments.len() > 1 {
            let parts = path.segments.iter().map(|own| own.ident.to_string());
            self.paths.push(parts.collect());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, own: &'ast syn::Macro) {
        let text = without_literals(&own.tokens.to_string()).replace(" :: ", "::");
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
        let paths = words.filter(|word| word.contains("::"));
        self.paths
            .extend(paths.map(|path| path.split("::").map(str::to_owned).collect()));
        visit::visit_macro(self, own);
    }
}

/// The files of the crate, without its tests.
struct Sources(BTreeMap<Module, Names>);

impl Sources {
    fn read(root: &Path) -> Self {
        let mut sources = Self(BTreeMap::new());
        sources.read_folder(root, &mut Vec::new());
        sources
    }

    fn read_folder(&mut self, folder: &Path, inside: &mut Module) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            if name == "tests" || (name == "lib" && inside.is_empty()) {
                continue;
            }
            inside.push(name);
            if path.is_dir() {
                self.read_folder(&path, inside);
            } else if path.extension().is_some_and(|own| own == "rs") {
                let mut names = Names::default();
                names.visit_file(&syn::parse_file(&fs::read_to_string(&path).unwrap()).unwrap());
                self.0.insert(inside.clone(), names);
            }
            inside.pop();
        }
    }

    /// The file that holds what a path in this file leads to; `None` where it leads out of the
    /// crate.
    fn resolve(&self, from: &Module, path: &[String], depth: usize) -> Option<Module> {
        let (first, mut rest) = path.split_first()?;
        let mut at = from.clone();
        match first.as_str() {
            "crate" => at.clear(),
            "self" => {}
            "super" => {
                at.pop();
                while let Some(("super", after)) =
                    rest.split_first().map(|(own, after)| (own.as_str(), after))
                {
                    at.pop();
                    rest = after;
                }
            }
            _ => rest = path,
        }
        for (nth, name) in rest.iter().enumerate() {
            let mut inner = at.clone();
            inner.push(name.clone());
            if self.0.contains_key(&inner) {
                at = inner;
                continue;
            }
            let Some(names) = self.0.get(&at) else {
                // The crate's root re-exports: such a path names no file.
                return None;
            };
            if names.items.contains(name) {
                return Some(at);
            }
            if depth == 0 {
                return None;
            }
            if let Some(import) = names.imports.get(name) {
                let whole: Vec<String> = import.iter().chain(&rest[nth + 1..]).cloned().collect();
                return self.resolve(&at, &whole, depth - 1);
            }
            let through = names.globs.iter().find_map(|glob| {
                let whole: Vec<String> = glob.iter().chain(&rest[nth..]).cloned().collect();
                self.resolve(&at, &whole, depth - 1)
            });
            return match (through, at == *from && nth == 0) {
                (None, true) => None,
                (None, false) => Some(at),
                (found, _) => found,
            };
        }
        (at != *from && !at.is_empty()).then_some(at)
    }

    fn arrows(&self) -> BTreeMap<Module, BTreeSet<Module>> {
        let mut arrows = BTreeMap::new();
        for (from, names) in &self.0 {
            let to = names.paths.iter().filter_map(|path| self.resolve(from, path, 8));
            let to: BTreeSet<Module> = to.filter(|to| to != from).collect();
            arrows.insert(from.clone(), to);
        }
        arrows
    }
}

/// The shortest way back to where it began.
fn circle<N: Ord + Clone>(arrows: &BTreeMap<N, BTreeSet<N>>, start: &N) -> Option<Vec<N>> {
    let mut ways = vec![vec![start.clone()]];
    let mut seen = BTreeSet::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            for to in arrows.get(way.last()?).into_iter().flatten() {
                if to == start {
                    return Some(way);
                }
                if seen.insert(to.clone()) {
                    let mut way = way.clone();
                    way.push(to.clone());
                    longer.push(way);
                }
            }
        }
        ways = longer;
    }
    None
}

/// The rooms as ARCHITECTURE.md lists them, from the lowest on: each with the rooms that it uses.
fn rooms_of_the_page(root: &Path) -> Vec<(String, BTreeSet<String>)> {
    let text = fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap();
    let table = text.split("\n| room |").nth(1).expect("a table of rooms");
    let rows = table.split("\n\n").next().unwrap().lines().skip(2);
    let quoted =
        |cell: &str| -> BTreeSet<String> { cell.split('`').skip(1).step_by(2).map(str::to_owned).collect() };
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').collect();
        let [room, _, uses] = cells.as_slice() else {
            panic!("three cells are in a row: {row}");
        };
        (quoted(room).pop_first().unwrap(), quoted(uses))
    })
    .collect()
}

#[test]
fn imports_have_no_circles() {
    let root = imbot_caps_xtask::root();
    let arrows = Sources::read(&root.join("src")).arrows();
    let count: usize = arrows.values().map(BTreeSet::len).sum();
    let circles: BTreeSet<Vec<String>> = arrows
        .keys()
        .filter_map(|file| circle(&arrows, file))
        .map(|way| {
            let mut way: Vec<String> = way.iter().map(|file| file.join("/")).collect();
            way.sort();
            way
        })
        .collect();
    println!(
        "{} files, {count} arrows, {} circles",
        arrows.len(),
        circles.len()
    );
    assert!(
        arrows.len() > 100 && count > 400,
        "{} files, {count} arrows",
        arrows.len()
    );
    assert!(circles.is_empty(), "circles of imports: {circles:#?}");
}

#[test]
fn arrows_between_rooms_point_down() {
    let root = imbot_caps_xtask::root();
    let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (from, to) in Sources::read(&root.join("src")).arrows() {
        let to = to
            .iter()
            .map(|file| file[0].clone())
            .filter(|room| *room != from[0]);
        used.entry(from[0].clone()).or_default().extend(to);
    }
    used.retain(|room, _| room != "docs");
    let page = rooms_of_the_page(&root);
    println!(
        "{} rooms, {} arrows",
        used.len(),
        used.values().map(BTreeSet::len).sum::<usize>()
    );
    let listed: BTreeMap<String, BTreeSet<String>> = page.iter().cloned().collect();
    assert_eq!(listed, used, "left: ARCHITECTURE.md, right: src");
    for (nth, (room, uses)) in page.iter().enumerate() {
        for own in uses {
            let is_below = page[..nth].iter().any(|(below, _)| below == own);
            assert!(is_below, "{room} uses {own}, which is not below it");
        }
    }
}
