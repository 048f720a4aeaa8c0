//! What a stranger gets: complete packages, one version, no build scripts, and a reason for each dependency.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use imbot_caps_xtask::ages::public_suffixes;
use imbot_caps_xtask::commands::TASKS;
use toml::{Table, Value};

/// A package of the repository.
struct Package {
    folder: PathBuf,
    manifest: Table,
}

impl Package {
    fn text(&self, key: &str) -> Option<&str> {
        self.manifest["package"].get(key)?.as_str()
    }

    fn name(&self) -> &str {
        self.text("name").unwrap()
    }

    fn is_published(&self) -> bool {
        self.manifest["package"].get("publish") != Some(&Value::Boolean(false))
    }

    /// The tables of this name, also those of one platform.
    fn dependencies(&self, kind: &str) -> Vec<(&String, &Value)> {
        let of_platforms = self.manifest.get("target").and_then(Value::as_table);
        let of_platforms = of_platforms.into_iter().flat_map(Table::values);
        let own = self.manifest.get(kind).into_iter();
        own.chain(of_platforms.filter_map(|platform| platform.get(kind)))
            .flat_map(|table| table.as_table().unwrap())
            .collect()
    }
}

fn read(file: &str) -> String {
    let path = imbot_caps_xtask::root().join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The package at the root and all members.
fn packages() -> Vec<Package> {
    let root = imbot_caps_xtask::root();
    let workspace: Table = read("Cargo.toml").parse().unwrap();
    let members = workspace["workspace"]["members"].as_array().unwrap();
    let mut folders = vec![root.clone()];
    for member in members.iter().map(|member| member.as_str().unwrap()) {
        match member.strip_suffix("/*") {
            Some(parent) => {
                let below = fs::read_dir(root.join(parent))
                    .unwrap()
                    .map(|entry| entry.unwrap().path());
                folders.extend(below.filter(|folder| folder.join("Cargo.toml").exists()));
            }
            None => folders.push(root.join(member)),
        }
    }
    let packages = folders.into_iter().map(|folder| {
        let text = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        let manifest = text.parse().unwrap();
        Package { folder, manifest }
    });
    packages.collect()
}

fn published() -> Vec<Package> {
    packages().into_iter().filter(Package::is_published).collect()
}

#[test]
fn direct_dependencies_have_rows() {
    let mut used = BTreeSet::new();
    for package in published() {
        let dependencies = package.dependencies("dependencies").into_iter();
        for (name, value) in dependencies.chain(package.dependencies("build-dependencies")) {
            if name.starts_with("imbot-caps") {
                continue;
            }
            let is_optional = value.get("optional") == Some(&Value::Boolean(true));
            let place = match package.name().strip_prefix("imbot-caps-") {
                Some(own) => own.to_owned(),
                None if is_optional => "lib".to_owned(),
                None => "core".to_owned(),
            };
            used.insert((name.clone(), place));
        }
    }
    let page = read("SECURITY.md");
    let table = page
        .split("\n| crate | in |")
        .nth(1)
        .expect("the table is on the page");
    let mut named = BTreeSet::new();
    for row in table.split("\n\n").next().unwrap().lines().skip(2) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        assert!(
            cells.len() == 5 && cells.iter().all(|cell| !cell.is_empty()),
            "{row}"
        );
        let places = cells[1].split(", ");
        named.extend(places.map(|place| (cells[0].trim_matches('`').to_owned(), place.to_owned())));
    }
    assert!(used.len() > 40, "{}", used.len());
    assert_eq!(named, used, "left: SECURITY.md, right: the manifests");
}

/// With two bounds for one dependency, `cargo xtask oldest` finds no versions.
#[test]
fn dependencies_have_one_bound_each() {
    let mut bounds: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in packages() {
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for (name, value) in package.dependencies(kind) {
                let name = value.get("package").and_then(Value::as_str).unwrap_or(name);
                let bound = value.as_str().or_else(|| value.get("version")?.as_str());
                let all = bounds.entry(name.to_owned()).or_default();
                all.extend(bound.map(str::to_owned));
            }
        }
    }
    assert!(bounds.len() > 60, "{}", bounds.len());
    bounds.retain(|_, all| all.len() > 1);
    assert!(bounds.is_empty(), "write the same bound everywhere: {bounds:?}");
}

/// `#[doc(cfg(...))]` is a feature of the nightly compiler, by which docs.rs makes the documentation.
#[test]
fn packages_with_doc_cfg_enable_it() {
    let mut with_some = 0;
    for package in published() {
        let source = package.folder.join("src");
        if !rust_files(&source).any(|text| text.contains("doc(cfg(")) {
            continue;
        }
        with_some += 1;
        let library = fs::read_to_string(source.join("lib.rs")).unwrap();
        let enabled = "#![cfg_attr(docsrs, feature(doc_cfg))]";
        assert!(library.contains(enabled), "{}: add {enabled}", package.name());
    }
    assert!(with_some > 1, "{with_some}");
}

/// The texts of all files of Rust in a folder.
fn rust_files(folder: &Path) -> impl Iterator<Item = String> {
    let mut folders = vec![folder.to_owned()];
    let mut texts = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|own| own == "rs") {
                texts.push(fs::read_to_string(path).unwrap());
            }
        }
    }
    texts.into_iter()
}

#[test]
fn no_package_has_build_script() {
    let packages = packages();
    assert!(packages.len() > 10, "{}", packages.len());
    for package in packages {
        let own = &package.manifest["package"];
        let is_macro = package.manifest.get("lib").and_then(|lib| lib.get("proc-macro"));
        assert!(!package.folder.join("build.rs").exists(), "{}", package.name());
        assert!(
            own.get("build").is_none() && own.get("links").is_none(),
            "{}",
            package.name()
        );
        assert!(is_macro.is_none(), "{}", package.name());
    }
}

#[test]
fn published_packages_are_complete() {
    let packages = published();
    let names: BTreeSet<&str> = packages.iter().map(Package::name).collect();
    let task = TASKS.iter().find(|task| task.name == "package").unwrap();
    let words: Vec<&str> = task.script.split_whitespace().collect();
    let packaged = words
        .windows(2)
        .filter(|pair| pair[0] == "--package")
        .map(|pair| pair[1]);
    assert_eq!(
        names,
        packaged.collect(),
        "right: what `cargo xtask package` makes"
    );
    for package in &packages {
        let name = package.name();
        let own = &package.manifest["package"];
        for key in ["version", "edition", "rust-version", "license", "repository"] {
            let value = own.get(key).and_then(|value| value.get("workspace"));
            assert_eq!(value, Some(&Value::Boolean(true)), "{name}: {key}");
        }
        assert!(
            package.text("description").is_some_and(|text| text.len() < 200),
            "{name}"
        );
        for key in ["keywords", "categories"] {
            let words = own[key].as_array().unwrap();
            assert!((1..=5).contains(&words.len()), "{name}: {key}");
        }
        let include: Vec<&str> = own["include"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        assert!(
            include.contains(&"/README.md") && include.contains(&"/LICENSE-*"),
            "{name}"
        );
        assert!(
            package.folder.join(package.text("readme").unwrap()).exists(),
            "{name}"
        );
        for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
            // A checkout without symbolic links has the path of the file instead.
            let text = fs::read_to_string(package.folder.join(licence)).unwrap();
            assert!(
                text == read(licence) || text == format!("../../{licence}"),
                "{name}: {licence}"
            );
        }
        if package.folder.join("src/lib.rs").exists() {
            // The table is called `docs.rs`: two keys.
            let keys = ["metadata", "docs", "rs", "all-features"];
            let features = keys.iter().try_fold(own, |table, key| table.get(key));
            assert_eq!(features, Some(&Value::Boolean(true)), "{name}");
        }
    }
}

#[test]
fn versions_are_one_version() {
    let workspace: Table = read("Cargo.toml").parse().unwrap();
    let version = workspace["workspace"]["package"]["version"].as_str().unwrap();
    for (name, value) in workspace["workspace"]["dependencies"].as_table().unwrap() {
        assert_eq!(value["version"].as_str(), Some(version), "{name}");
    }
    for package in published() {
        // A version here would make the library and the emulator need each other before one is published.
        for (name, value) in package.dependencies("dev-dependencies") {
            let is_own = name.starts_with("imbot-caps");
            assert!(
                !is_own || value.get("version").is_none() && value.get("path").is_some(),
                "{name}"
            );
        }
    }
    let (minor, _) = version.rsplit_once('.').unwrap();
    assert!(read("src/docs/library.md").contains(&format!("imbot-caps-emulator = \"{minor}\"")));
    assert!(read("SECURITY.md").contains(&format!("| the newest release of {minor} |")));
    let log = read("CHANGELOG.md");
    let newest = log.lines().find_map(|line| line.strip_prefix("## ")).unwrap();
    assert!(
        newest == "Unreleased" || newest.starts_with(&format!("{version} ")),
        "{newest}"
    );
}

#[test]
fn security_page_names_locked_suffixes() {
    let lock: Table = read("Cargo.lock").parse().unwrap();
    let packages = lock["package"].as_array().unwrap();
    let psl = packages
        .iter()
        .find(|package| package["name"].as_str() == Some("psl"))
        .unwrap();
    assert_eq!(psl["version"].as_str(), Some(&*public_suffixes().unwrap().0));
}

#[test]
fn page_of_releases_has_results() {
    let page = read("CONTRIBUTING.md");
    let table = page.split("\n| check | command | last result |").nth(1).unwrap();
    let rows: Vec<&str> = table.split("\n\n").next().unwrap().lines().skip(2).collect();
    assert!(rows.len() > 5, "{}", rows.len());
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        assert!(cells.len() == 3 && cells[1].contains('`'), "{row}");
        // The day of the result stands first.
        let day = cells[2].get(..10).unwrap_or_default();
        let is_day = day.chars().all(|letter| letter.is_ascii_digit() || letter == '-');
        assert!(is_day && *day > *"2026-01-01", "{row}");
    }
}
