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

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, ExprPath, Item, Meta, Token, Type, UseTree};

/// Modules of std that reach out of the program, or depend on the target.
const MODULES: [&str; 7] = ["thread", "net", "fs", "process", "env", "os", "io"];

/// The parts of `std::io` that need no system: reading from memory, and the kinds of errors.
const IN_MEMORY: [&str; 7] = [
    "Read",
    "Write",
    "BufRead",
    "BufReader",
    "Result",
    "Error",
    "ErrorKind",
];

/// The crates that the live rooms use for the same.
const CRATES: [&str; 4] = ["tokio", "reqwest", "hyper", "tracing"];

/// Macros of std that print, or have the code of another file.
const MACROS: [&str; 6] = ["print", "println", "eprint", "eprintln", "dbg", "include"];

/// Whether a build without features and tests can have an item with this condition.
fn can_hold(condition: &Meta) -> bool {
    !is_never(condition)
}

/// Whether a condition never holds in a build without features and tests.
fn is_never(condition: &Meta) -> bool {
    match condition {
        Meta::Path(path) => path.is_ident("test"),
        Meta::NameValue(own) => own.path.is_ident("feature"),
        Meta::List(list) => {
            let parts = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
            let parts = parts.unwrap();
            match list.path.get_ident().map(ToString::to_string).as_deref() {
                Some("all") => parts.iter().any(is_never),
                Some("any") => parts.iter().all(is_never),
                Some("not") => parts.iter().any(is_always),
                _ => false,
            }
        }
    }
}

/// Whether a condition always holds in a build without features and tests.
fn is_always(condition: &Meta) -> bool {
    match condition {
        Meta::List(list) if list.path.is_ident("not") => {
            list.parse_args::<Meta>().is_ok_and(|own| is_never(&own))
        }
        _ => false,
    }
}

/// Whether an item is only in tests, or in builds with a feature.
fn is_elsewhere(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|own| match &own.meta {
        Meta::List(list) if list.path.is_ident("cfg") => list
            .parse_args::<Meta>()
            .is_ok_and(|condition| !can_hold(&condition)),
        _ => false,
    })
}

type Parts = Vec<String>;

/// The paths of a file, and the names that it gives to other paths.
#[derive(Default)]
struct Paths {
    paths: Vec<Parts>,
    aliases: HashMap<String, Parts>,
}

impl Paths {
    fn import(&mut self, mut before: Parts, tree: &UseTree) {
        match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                return self.import(before, &path.tree);
            }
            UseTree::Group(group) => {
                let each = group.items.iter();
                return each.for_each(|own| self.import(before.clone(), own));
            }
            UseTree::Name(name) => {
                // `use std::io::{self}` names the module.
                if name.ident != "self" {
                    before.push(name.ident.to_string());
                }
                self.name(before.last().cloned().unwrap_or_default(), &before);
            }
            UseTree::Rename(name) => {
                if name.ident != "self" {
                    before.push(name.ident.to_string());
                }
                self.name(name.rename.to_string(), &before);
            }
            UseTree::Glob(_) => before.push("*".to_owned()),
        }
        self.paths.push(before);
    }

    fn name(&mut self, name: String, path: &[String]) {
        if path != [name.clone()] {
            self.aliases.insert(name, path.to_vec());
        }
    }

    /// The paths, with the names of the file replaced by what they stand for.
    fn whole(&self) -> impl Iterator<Item = Parts> {
        self.paths.iter().map(|path| {
            let mut path = path.clone();
            // A name can stand for another name.
            for _ in 0..4 {
                let Some(full) = path.first().and_then(|first| self.aliases.get(first)) else {
                    break;
                };
                if full.first() == path.first() {
                    break;
                }
                path.splice(..1, full.iter().cloned());
            }
            path
        })
    }

    /// The words and paths in the tokens of a macro. They cannot be parsed, since a macro can have any
    /// syntax.
    fn tokens(&mut self, text: &str) {
        let text = text
            .replace(" :: ", "::")
            .replace(":: ", "::")
            .replace(" ::", "::");
        for word in text.split(|own: char| !(own.is_alphanumeric() || own == '_' || own == ':')) {
            let parts: Parts = word
                .split("::")
                .filter(|own| !own.is_empty())
                .map(str::to_owned)
                .collect();
            match parts.as_slice() {
                [] => {}
                [one] if one != "elapsed" => {}
                _ => self.paths.push(parts),
            }
        }
    }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(own) => &own.attrs,
        Item::Enum(own) => &own.attrs,
        Item::ExternCrate(own) => &own.attrs,
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

fn segments(path: &syn::Path) -> Parts {
    path.segments.iter().map(|own| own.ident.to_string()).collect()
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item(&mut self, item: &'ast Item) {
        if is_elsewhere(attributes(item)) {
            return;
        }
        match item {
            Item::Use(own) => self.import(Vec::new(), &own.tree),
            Item::ExternCrate(own) => {
                let (_, name) = own
                    .rename
                    .as_ref()
                    .map_or((None, &own.ident), |(by, name)| (Some(by), name));
                self.name(name.to_string(), &[own.ident.to_string()]);
            }
            Item::Type(own) => {
                if let Type::Path(path) = &*own.ty {
                    self.name(own.ident.to_string(), &segments(&path.path));
                }
            }
            // The code of another file would not be seen.
            Item::Mod(own) if own.attrs.iter().any(|own| own.path().is_ident("path")) => {
                self.paths.push(vec!["include".to_owned(), "!".to_owned()]);
            }
            _ => {}
        }
        visit::visit_item(self, item);
    }

    fn visit_impl_item_fn(&mut self, own: &'ast syn::ImplItemFn) {
        if !is_elsewhere(&own.attrs) {
            visit::visit_impl_item_fn(self, own);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.paths.push(segments(path));
        visit::visit_path(self, path);
    }

    fn visit_expr_path(&mut self, own: &'ast ExprPath) {
        if own.qself.is_some() {
            // `<SystemTime>::now` has the type beside the path.
            self.paths
                .push([vec!["<>".to_owned()], segments(&own.path)].concat());
        }
        visit::visit_expr_path(self, own);
    }

    fn visit_macro(&mut self, own: &'ast syn::Macro) {
        if let Some(name) = own.path.segments.last() {
            self.paths.push(vec![name.ident.to_string(), "!".to_owned()]);
        }
        self.tokens(&own.tokens.to_string());
        visit::visit_macro(self, own);
    }

    fn visit_expr(&mut self, own: &'ast Expr) {
        // Time that has passed is a clock, too.
        if let Expr::MethodCall(call) = own
            && call.method == "elapsed"
        {
            self.paths.push(vec!["elapsed".to_owned()]);
        }
        visit::visit_expr(self, own);
    }
}

/// Whether a path leads to a clock, a thread, a socket or a file.
fn is_impure(path: &[String]) -> bool {
    let parts: Vec<&str> = path.iter().map(String::as_str).collect();
    match parts.as_slice() {
        [name, "!"] => MACROS.contains(name),
        [.., "elapsed"] | [.., "Instant"] => true,
        // Any other `now` than that of the crate's own trait: `SystemTime`, `Self`, a type parameter.
        [.., owner, "now"] => *owner != "Clock",
        ["std", "io"] => false,
        ["std", "io", item, ..] => !IN_MEMORY.contains(item),
        ["std", module, ..] => MODULES.contains(module),
        [first, _, ..] => CRATES.contains(first),
        _ => false,
    }
}

fn impure(text: &str) -> Vec<String> {
    let mut paths = Paths::default();
    paths.visit_file(&syn::parse_file(text).unwrap());
    let found = paths.whole().filter(|path| is_impure(path));
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
        // Other names for the same.
        "use std as s; fn f() { s::thread::sleep(x); }",
        "extern crate std as s; fn f() { s::thread::sleep(x); }",
        "use std::{self as s}; fn f() { s::thread::sleep(x); }",
        "use std::time::SystemTime as T; fn f() { T::now(); }",
        "use std::time as t; use t::SystemTime as T; fn f() { T::now(); }",
        "type T = SystemTime; fn f() { T::now(); }",
        "fn f() { <SystemTime>::now(); }",
        "fn f() { SystemTime::elapsed(&at); }",
        "impl Now for SystemTime { fn f() { Self::now(); } }",
        "use crate::clock::Reexported; fn f() { Reexported::now(); }",
        "use std::thread::*;",
        "use std::io; fn f() { io::stdout(); }",
        "use std::io::{self, stdout};",
        "use tokio as t; fn f() { t::spawn(x); }",
        // In macros, and by macros.
        "fn f() { format!(\"{:?}\", SystemTime::now()); }",
        "fn f() { assert!(at.elapsed() < x); }",
        "macro_rules! m { () => { std::thread::yield_now() } }",
        "fn f() { println!(); }",
        "fn f() { std::eprintln!(); }",
        "include!(\"live.rs\");",
        "#[path = \"live.rs\"] mod live;",
        // Conditions that a build without features can meet.
        "#[cfg(unix)] use std::thread;",
        "#[cfg(any(unix, feature = \"registry\"))] use std::thread;",
        "#[cfg(not(feature = \"registry\"))] use std::thread;",
        "#[cfg(target_os = \"latest\")] use std::thread;",
    ] {
        assert!(!impure(text).is_empty(), "{text}");
    }
    for text in [
        "use std::time::{Duration, SystemTime};",
        "fn f(at: SystemTime) { at.duration_since(UNIX_EPOCH); }",
        "#[cfg(feature = \"registry\")] fn f() { SystemTime::now(); }",
        "#[cfg(test)] mod tests { use std::thread; }",
        "use std::io::{self, Read};",
        "use std::io; fn f() -> io::Result<()> { Err(io::ErrorKind::Other.into()) }",
        "fn f(clock: &dyn Clock) { clock.now(); Clock::now(clock); }",
        "#[cfg(all(unix, feature = \"registry\"))] use std::thread;",
        "#[cfg(any(test, feature = \"registry\"))] use std::thread;",
        "#[cfg(not(not(test)))] use std::thread;",
        "fn f() { matches!(at, Some(SystemTime { .. })); }",
    ] {
        assert!(impure(text).is_empty(), "{text}");
    }
}

/// The crates of a build without features, on every target. None of them has a clock, a socket or a
/// source of random numbers.
const PURE_CRATES: [&str; 28] = [
    "aho-corasick",
    "equivalent",
    "foldhash",
    "hashbrown",
    "imbot-caps",
    "indexmap",
    "itoa",
    "memchr",
    "proc-macro2",
    "quote",
    "secrecy",
    "semver",
    "serde",
    "serde_core",
    "serde_derive",
    "serde_json",
    "serde_spanned",
    "subtle",
    "syn",
    "thiserror",
    "thiserror-impl",
    "toml",
    "toml_datetime",
    "toml_parser",
    "unicode-ident",
    "winnow",
    "zeroize",
    "zmij",
];

#[test]
fn crates_of_the_core_are_pure() {
    let tree = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--offline",
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--target",
            "all",
        ])
        .args(["--package", "imbot-caps", "--no-default-features"])
        .current_dir(imbot_caps_xtask::root())
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let text = String::from_utf8(tree.stdout).unwrap();
    let mut crates: Vec<&str> = text.lines().filter_map(|line| line.split(' ').next()).collect();
    crates.sort_unstable();
    crates.dedup();
    assert_eq!(crates, PURE_CRATES);
}
