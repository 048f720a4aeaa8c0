//! `cargo xtask` runs a command by its name. `cargo xtask list` prints all commands.

use std::error::Error;
use std::process::{Command, ExitCode};

use imbot_caps_xtask::commands::{self, TASKS};

/// Set for the second run of `generate`.
const AGAIN: &str = "IMBOT_CAPS_XTASK_AGAIN";

fn main() -> ExitCode {
    let name = std::env::args().nth(1).unwrap_or_else(|| "generate".to_owned());
    match run(&name) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(name: &str) -> Result<ExitCode, Box<dyn Error>> {
    match name {
        "generate" => {
            // The table is compiled into this program, and other files are made with it.
            if generate()? && std::env::var_os(AGAIN).is_none() {
                let mut again = Command::new("cargo");
                again.args(["xtask", "generate"]).env(AGAIN, "1");
                if !again.current_dir(imbot_caps_xtask::root()).status()?.success() {
                    return Ok(ExitCode::FAILURE);
                }
            }
        }
        "list" => print!("{}", commands::list()),
        "ages" => {
            let problems = imbot_caps_xtask::ages::check()?;
            problems.iter().for_each(|problem| eprintln!("{problem}"));
            if !problems.is_empty() {
                return Ok(ExitCode::FAILURE);
            }
        }
        name => {
            let task = TASKS.iter().find(|task| task.name == name).ok_or_else(|| {
                format!(
                    "there is no command `{name}`; these are the commands:\n{}",
                    commands::list()
                )
            })?;
            if !commands::run(task, std::env::args().skip(2))?.success() {
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes what is stale. Says whether source code was.
fn generate() -> Result<bool, Box<dyn Error>> {
    let mut has_code = false;
    for file in imbot_caps_xtask::all()? {
        if file.is_stale() {
            std::fs::write(imbot_caps_xtask::root().join(file.path), &file.text)
                .map_err(|error| format!("{} cannot be written: {error}", file.path))?;
            println!("{} is written", file.path);
            has_code |= file.path.ends_with(".rs");
        }
    }
    Ok(has_code)
}
