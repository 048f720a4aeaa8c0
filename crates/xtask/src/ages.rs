//! `cargo xtask ages`: whether the public suffixes are recent, and which Rust the dependencies need. The outcome depends
//! on the day, so this is no test.

use std::error::Error;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use imbot_caps::table::Date;
use serde_json::Value;

use crate::{read, root};

/// A public suffix list that is older than this needs an update before a release.
const MOST_DAYS: u64 = 180;

const DAY: u64 = 86_400;

/// Prints both, and returns what is too old.
///
/// # Errors
///
/// If a file cannot be read, or cargo cannot say what the packages are.
pub fn check() -> Result<Vec<String>, Box<dyn Error>> {
    let mut problems = Vec::new();
    let (version, day) = public_suffixes()?;
    println!("psl {version} is of {day}");
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    // Days in this form have the order of their texts.
    if day < Date::of_unix(now.saturating_sub(MOST_DAYS * DAY)).to_string() {
        problems.push(format!(
            "psl is older than {MOST_DAYS} days: run `cargo update -p psl`, and change SECURITY.md"
        ));
    }
    let own = own_rust()?;
    let packages = packages()?;
    let named: Vec<(&str, &str)> = packages
        .iter()
        .filter_map(|package| Some((package["name"].as_str()?, package["rust_version"].as_str()?)))
        .collect();
    println!(
        "{} of {} packages name the Rust that they need",
        named.len(),
        packages.len()
    );
    for (name, rust) in named {
        if numbers(rust) > numbers(&own) {
            problems.push(format!("{name} needs Rust {rust}, and the packages say {own}"));
        }
    }
    Ok(problems)
}

/// The version of the public suffixes and its day, as SECURITY.md says.
///
/// # Errors
///
/// If the page does not say it.
pub fn public_suffixes() -> Result<(String, String), Box<dyn Error>> {
    let page = read("SECURITY.md")?;
    let said = page.split("`psl` ").find_map(|rest| {
        let (version, day) = rest.split_once(" of ")?;
        let is_version = version.starts_with(|first: char| first.is_ascii_digit());
        Some((version.to_owned(), day.get(..10)?.to_owned())).filter(|_| is_version)
    });
    said.ok_or_else(|| "SECURITY.md names no version of `psl` with its day".into())
}

fn own_rust() -> Result<String, Box<dyn Error>> {
    let manifest: toml::Table = toml::from_str(&read("Cargo.toml")?)?;
    let own = manifest
        .get("workspace")
        .and_then(|workspace| workspace.get("package")?.get("rust-version")?.as_str());
    Ok(own.ok_or("Cargo.toml has no rust-version")?.to_owned())
}

/// All locked packages.
fn packages() -> Result<Vec<Value>, Box<dyn Error>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let out = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked", "--all-features"])
        .current_dir(root())
        .output()?;
    if !out.status.success() {
        return Err(String::from_utf8_lossy(&out.stderr).into());
    }
    let mut metadata: Value = serde_json::from_slice(&out.stdout)?;
    match metadata.get_mut("packages").map(Value::take) {
        Some(Value::Array(packages)) => Ok(packages),
        _ => Err("cargo names no packages".into()),
    }
}

/// The numbers of a version. A number that is left out is 0.
fn numbers(version: &str) -> [u32; 3] {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or_default());
    [(); 3].map(|()| parts.next().unwrap_or_default())
}
