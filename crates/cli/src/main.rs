//! The command `imbot-caps`.

use std::process::ExitCode;

fn main() -> ExitCode {
    imbot_caps_cli::main()
}
