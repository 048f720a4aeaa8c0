//! `cargo xtask` writes the generated files that are stale. `cargo xtask list` prints the other commands.

use std::error::Error;
use std::process::ExitCode;

use imbot_caps_xtask::commands::{self, TASKS};

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
        "generate" => generate()?,
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

fn generate() -> Result<(), Box<dyn Error>> {
    for file in imbot_caps_xtask::all()? {
        if file.is_stale() {
            std::fs::write(imbot_caps_xtask::root().join(file.path), &file.text)
                .map_err(|error| format!("{} cannot be written: {error}", file.path))?;
            println!("{} is written", file.path);
        }
    }
    Ok(())
}
