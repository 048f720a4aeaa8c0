//! What a stranger gets: complete packages, one version, no build scripts, and a reason for each dependency.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use imbot_caps_xtask::commands::TASKS;
use toml::{Table, Value};

/// A public suffix list that is older than this needs an update before a release.
const MAX_AGE_OF_SUFFIXES_DAYS: u64 = 180;

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

/// The version of the public suffixes and its day, as SECURITY.md says.
fn public_suffixes() -> (String, String) {
    let page = read("SECURITY.md");
    let said = page.split("`psl` ").find_map(|rest| {
        let (version, day) = rest.split_once(" of ")?;
        version
            .starts_with(|first: char| first.is_ascii_digit())
            .then_some((version, day))
    });
    let (version, day) = said.expect("SECURITY.md names the version of psl");
    (version.to_owned(), day.get(..10).unwrap().to_owned())
}

#[test]
fn security_page_names_locked_suffixes() {
    let lock: Table = read("Cargo.lock").parse().unwrap();
    let packages = lock["package"].as_array().unwrap();
    let psl = packages
        .iter()
        .find(|package| package["name"].as_str() == Some("psl"))
        .unwrap();
    assert_eq!(psl["version"].as_str(), Some(&*public_suffixes().0));
}

/// Days from the first of March of year 0 to a day such as 2026-11-05, by the civil calendar.
fn days(day: &str) -> u64 {
    let parts: Vec<u64> = day.split('-').map(|part| part.parse().unwrap()).collect();
    let (year, month) = if parts[1] > 2 {
        (parts[0], parts[1] - 3)
    } else {
        (parts[0] - 1, parts[1] + 9)
    };
    365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + parts[2] - 1
}

#[test]
#[ignore = "the outcome depends on the day: `cargo xtask ages` runs it"]
fn public_suffixes_are_recent() {
    let (version, day) = public_suffixes();
    let today = days("1970-01-01") + SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() / 86_400;
    let age = today - days(&day);
    println!("psl {version} of {day} is {age} days old");
    assert!(
        age <= MAX_AGE_OF_SUFFIXES_DAYS,
        "run `cargo update -p psl`, and change SECURITY.md"
    );
}

#[test]
#[ignore = "needs all dependencies of all packages: `cargo xtask ages` fetches them, and runs it"]
fn no_dependency_needs_newer_rust() {
    let number =
        |version: &str| -> Vec<u32> { version.split('.').map(|part| part.parse().unwrap()).collect() };
    let workspace: Table = read("Cargo.toml").parse().unwrap();
    let own = workspace["workspace"]["package"]["rust-version"]
        .as_str()
        .unwrap();
    let out = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--offline",
            "--all-features",
        ])
        .current_dir(imbot_caps_xtask::root())
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let with_version = packages.iter().filter_map(|package| {
        let version = package["rust_version"].as_str()?;
        Some((number(version), package["name"].as_str()?))
    });
    let with_version: Vec<_> = with_version.collect();
    println!(
        "{} of {} packages name the Rust that they need",
        with_version.len(),
        packages.len()
    );
    let newer: Vec<_> = with_version
        .iter()
        .filter(|(version, _)| *version > [number(own), vec![0]].concat())
        .collect();
    assert!(
        with_version.len() > 100 && newer.is_empty(),
        "newer than {own}: {newer:?}"
    );
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
        assert!(is_day && days(day) > days("2026-01-01"), "{row}");
    }
}
