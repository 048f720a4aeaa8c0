//! The command `imbot-caps`.

use std::process::ExitCode;

/// A scan makes many short texts, on all cores.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    imbot_caps_cli::main()
}
