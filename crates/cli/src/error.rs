//! Why a command could not tell.

/// What happened, where, and what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// The output could not be written.
    #[error("the output cannot be written: {0}")]
    Output(#[from] std::io::Error),
    /// The output has no JSON form.
    #[error("the output cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The server did not start.
    #[error("{0}")]
    Serve(String),
}
