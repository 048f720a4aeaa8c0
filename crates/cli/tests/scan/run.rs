//! Runs the command.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// Runs `imbot-caps scan` in a folder.
pub(crate) fn scan(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_imbot-caps"))
        .arg("scan")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

/// The exit code, and the JSON that is printed.
pub(crate) fn json(folder: &Path, arguments: &[&str]) -> (i32, Value) {
    let all: Vec<&str> = ["--json"].iter().chain(arguments).copied().collect();
    let output = scan(folder, &all);
    let code = output.status.code().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    let value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text} {errors}"));
    (code, value)
}
