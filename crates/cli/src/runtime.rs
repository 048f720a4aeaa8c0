//! The runtime of the commands that send or serve.

use tokio::runtime::{Builder, Runtime};

use crate::error::CliError;

/// A runtime for a command that sends or serves.
pub(crate) fn runtime() -> Result<Runtime, CliError> {
    let built = Builder::new_current_thread().enable_all().build();
    built.map_err(|error| CliError::Usage(format!("the system gives no runtime: {error}. Try again")))
}
