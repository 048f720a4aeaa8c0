//! `cargo run -p imbot-caps-xtask` writes the generated files that are stale, and names them.

use std::error::Error;
use std::process::ExitCode;

fn main() -> ExitCode {
    match write() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn write() -> Result<(), Box<dyn Error>> {
    for file in imbot_caps_xtask::all()? {
        if file.is_stale() {
            std::fs::write(imbot_caps_xtask::root().join(file.path), &file.text)
                .map_err(|error| format!("{} cannot be written: {error}", file.path))?;
            println!("{} is written", file.path);
        }
    }
    Ok(())
}
