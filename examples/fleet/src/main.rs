//! A fleet: several processes ask the same portals, and share a store. The requests are counted at the portals,
//! which are emulated.
//!
//! ```text
//! cargo run -p imbot-caps-fleet -- --store sqlite
//! cargo run -p imbot-caps-fleet -- --store redis --processes 8 --portals 5000 --lifetime 30 --outage 60
//! ```
//!
//! The program starts itself once for each process. With `--outage`, the store fails in the middle. The exit
//! code is 1 if the fleet asked more often than it may.

#![allow(missing_docs, reason = "a program")]

mod engine;
mod fleet;
mod options;
mod requests;
mod worker;

use std::process::ExitCode;

use options::{Options, USAGE};

/// Any error ends the program.
type Result<T, E = Box<dyn std::error::Error + Send + Sync>> = std::result::Result<T, E>;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let ended = match arguments.split_first() {
        Some((first, rest)) if first == worker::ARGUMENT => worker::main(rest).await.map(|()| true),
        _ => match Options::parse(&arguments) {
            Ok(options) => fleet::run(&options).await,
            Err(problem) => {
                eprintln!("{problem}\n\n{USAGE}");
                return ExitCode::from(2);
            }
        },
    };
    match ended {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
