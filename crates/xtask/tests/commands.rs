//! The page for contributors names each command of `cargo xtask`, and no other.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::fs;

use imbot_caps_xtask::commands::{OWN, TASKS};

#[test]
fn contributing_names_every_command() {
    let page = fs::read_to_string(imbot_caps_xtask::root().join("CONTRIBUTING.md")).unwrap();
    let named: BTreeSet<_> = page
        .split("`cargo xtask ")
        .skip(1)
        .filter_map(|rest| rest.split('`').next())
        .collect();
    let mut known: BTreeSet<_> = TASKS.iter().map(|task| task.name).collect();
    known.extend(OWN.map(|(name, _)| name));
    assert_eq!(named, known);
}
