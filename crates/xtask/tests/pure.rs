//! The pure rooms read no clock, start no thread, open no socket and no file.
//!
//! The pure rooms are the modules that `src/lib.rs` declares without a feature. So they are what a build
//! without features has, on every target. Items for tests and for a feature do not count.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};
use syn::{Attribute, Expr, Item, UseTree};

/// Modules of std that reach out of the program, or depend on the target.
const MODULES: [&str; 7] = ["thread", "net", "fs", "process", "env", "os", "io"];

/// The crates that the live rooms use for the same.
const CRATES: [&str; 4] = ["tokio", "reqwest", "hyper", "tracing"];

/// Whether an item is only in tests, or in builds with a feature.
fn is_elsewhere(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|own| {
        let text = match &own.meta {
            syn::Meta::List(list) if list.path.is_ident("cfg") => list.tokens.to_string(),
            _ => return false,
        };
        (text.contains("test") || text.contains("feature")) && !text.contains("not")
    })
}

#[derive(Default)]
struct Paths(Vec<Vec<String>>);

impl Paths {
    fn import(&mut self, mut before: Vec<String>, tree: &UseTree) {
        match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                return self.import(before, &path.tree);
            }
            UseTree::Group(group) => {
                let each = group.items.iter();
                return each.for_each(|own| self.import(before.clone(), own));
            }
            UseTree::Name(name) => before.push(name.ident.to_string()),
            UseTree::Rename(name) => before.push(name.ident.to_string()),
            UseTree::Glob(_) => {}
        }
        self.0.push(before);
    }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(own) => &own.attrs,
        Item::Enum(own) => &own.attrs,
        Item::Fn(own) => &own.attrs,
        Item::Impl(own) => &own.attrs,
        Item::Macro(own) => &own.attrs,
        Item::Mod(own) => &own.attrs,
        Item::Static(own) => &own.attrs,
        Item::Struct(own) => &own.attrs,
        Item::Trait(own) => &own.attrs,
        Item::Type(own) => &own.attrs,
        Item::Use(own) => &own.attrs,
        _ => &[],
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item(&mut self, item: &'ast Item) {
        if is_elsewhere(attributes(item)) {
            return;
        }
        if let Item::Use(own) = item {
            self.import(Vec::new(), &own.tree);
        }
        visit::visit_item(self, item);
    }

    fn visit_impl_item_fn(&mut self, own: &'ast syn::ImplItemFn) {
        if !is_elsewhere(&own.attrs) {
            visit::visit_impl_item_fn(self, own);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.0
            .push(path.segments.iter().map(|own| own.ident.to_string()).collect());
        visit::visit_path(self, path);
    }

    fn visit_expr(&mut self, own: &'ast Expr) {
        // Time that has passed is a clock, too.
        if let Expr::MethodCall(call) = own
            && call.method == "elapsed"
        {
            self.0.push(vec!["elapsed".to_owned()]);
        }
        visit::visit_expr(self, own);
    }
}

/// Whether a path leads to a clock, a thread, a socket or a file.
fn is_impure(path: &[String]) -> bool {
    let parts: Vec<&str> = path.iter().map(String::as_str).collect();
    match parts.as_slice() {
        ["elapsed"] => true,
        [.., "SystemTime" | "Instant", "now"] => true,
        [.., "Instant"] => true,
        // Reading from memory, and the kinds of errors, need no system.
        [
            "std",
            "io",
            "Read" | "Write" | "BufReader" | "Result" | "Error" | "ErrorKind" | "self",
        ]
        | ["std", "io"]
        | ["io", ..] => false,
        ["std", module, ..] => MODULES.contains(module),
        [first, _, ..] => CRATES.contains(first) || (MODULES.contains(first) && parts.len() > 1),
        _ => false,
    }
}

fn impure(text: &str) -> Vec<String> {
    let mut paths = Paths::default();
    paths.visit_file(&syn::parse_file(text).unwrap());
    let found = paths.0.iter().filter(|path| is_impure(path));
    found.map(|path| path.join("::")).collect()
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if path.file_stem().is_some_and(|name| name == "tests") {
        return;
    }
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            collect(&entry.unwrap().path(), files);
        }
    } else if path.extension().is_some_and(|own| own == "rs") {
        files.push(path.to_owned());
    }
}

/// The modules that a build without features has.
fn pure_rooms(root: &Path) -> Vec<String> {
    let file = syn::parse_file(&fs::read_to_string(root.join("src/lib.rs")).unwrap()).unwrap();
    let rooms = file.items.iter().filter_map(|item| match item {
        Item::Mod(own) if !is_elsewhere(&own.attrs) => Some(own.ident.to_string()),
        _ => None,
    });
    rooms.collect()
}

#[test]
fn pure_rooms_use_no_system() {
    let root = imbot_caps_xtask::root();
    let rooms = pure_rooms(&root);
    for room in ["probe", "freshness", "plan", "wire", "table", "caps"] {
        assert!(
            rooms.iter().any(|own| own == room),
            "{room} is not among {rooms:?}"
        );
    }
    let mut files = Vec::new();
    for room in &rooms {
        collect(&root.join("src").join(room), &mut files);
        collect(&root.join("src").join(format!("{room}.rs")), &mut files);
    }
    println!("{} rooms, {} files", rooms.len(), files.len());
    assert!(files.len() > 80, "{}", files.len());
    let mut wrong = Vec::new();
    for file in files.iter().filter(|file| file.is_file()) {
        let found = impure(&fs::read_to_string(file).unwrap());
        wrong.extend(
            found
                .into_iter()
                .map(|path| format!("{}: {path}", file.display())),
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn clocks_threads_and_sockets_are_found() {
    for text in [
        "fn f() { SystemTime::now(); }",
        "fn f() { let clock = std::time::SystemTime::now; }",
        "use std::time::Instant;",
        "fn f(at: SystemTime) { at.elapsed(); }",
        "use std::thread;",
        "fn f() { std::thread::sleep(x); }",
        "use std::{fmt, net::TcpStream};",
        "fn f() { std::fs::read(x); }",
        "fn f() { std::env::var(x); }",
        "fn f() { tokio::spawn(x); }",
        "mod inner { fn f() { std::process::exit(1); } }",
    ] {
        assert!(!impure(text).is_empty(), "{text}");
    }
    for text in [
        "use std::time::{Duration, SystemTime};",
        "fn f(at: SystemTime) { at.duration_since(UNIX_EPOCH); }",
        "#[cfg(feature = \"registry\")] fn f() { SystemTime::now(); }",
        "#[cfg(test)] mod tests { use std::thread; }",
        "use std::io::{self, Read};",
    ] {
        assert!(impure(text).is_empty(), "{text}");
    }
}
