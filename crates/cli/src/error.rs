//! Why a command could not tell.

use std::io;

use imbot_caps::word::ParseWordError;
use imbot_caps::{PortalError, ProbeError};

/// What happened, where, and what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// The output could not be written.
    #[error("the output cannot be written: {0}")]
    Output(#[from] io::Error),
    /// The output has no JSON form.
    #[error("the output cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// Two editions of the documentation could not be compared.
    #[error(transparent)]
    Review(#[from] crate::review::ReviewError),
    /// An input cannot be read.
    #[error(
        "{name} cannot be read: {error}. Give the path of a file that you may read, or `-` for standard input"
    )]
    Read {
        /// The path, or "standard input".
        name: String,
        /// What the system said.
        error: io::Error,
    },
    /// An input is larger than any file of its kind.
    #[error("{name} is longer than {limit} bytes. Give a file of the right kind")]
    TooLong {
        /// The path, or "standard input".
        name: String,
        /// The limit.
        limit: u64,
    },
    /// An input is no text.
    #[error("{name} is no text in UTF-8. Save it as UTF-8")]
    NotText {
        /// The path, or "standard input".
        name: String,
    },
    /// An input is JSON of another form, or no JSON. The text repeats no part of it.
    #[error("{name}, line {line}, column {column}: {what}. Give {wanted}")]
    Shape {
        /// The path, or "standard input".
        name: String,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong.
        what: &'static str,
        /// What the command reads.
        wanted: &'static str,
    },
    /// No row has this id.
    #[error("{0}{dot} `imbot-caps features` lists the features", dot = if .0.nearest().is_some() { "" } else { "." })]
    UnknownFeature(ParseWordError),
    /// A URL was given as an argument.
    #[error(
        "an argument is an address, and is refused: other users of this machine can read the arguments of a program, \
         and the shell keeps them. Give a webhook by standard input, by the environment variable \
         IMBOT_CAPS_WEBHOOK, or by `--webhook-file FILE`"
    )]
    AddressInArguments,
    /// An argument stands where a webhook would.
    #[error(
        "there is an argument too many. It is not repeated here, since it may be a part of a webhook. Give a webhook \
         by standard input, by the environment variable IMBOT_CAPS_WEBHOOK, or by `--webhook-file FILE`"
    )]
    RefusedArgument,
    /// There is no webhook.
    #[error(
        "there is no webhook to ask by. Give it by standard input (`imbot-caps ask < FILE`), by the environment \
         variable IMBOT_CAPS_WEBHOOK, or by `--webhook-file FILE`"
    )]
    NoWebhook,
    /// The text is no webhook.
    #[error("{from}: {error}")]
    Webhook {
        /// Where it came from.
        from: String,
        /// What is wrong.
        error: PortalError,
    },
    /// The portal did not answer.
    #[error("{0}")]
    Probe(Box<ProbeError>),
    /// A constant of two rows would have one name.
    #[error("the rows `{0}` and `{1}` would both be the constant `{2}`. Rename one of them")]
    SameConstant(String, String, String),
    /// The command cannot be run as it was called. The text says what to do.
    #[error("{0}")]
    Usage(String),
    /// The page could not be made.
    #[error(transparent)]
    Page(#[from] crate::page::PageError),
    /// A path of the arguments cannot be read.
    #[error("{path} cannot be read: {error}. Give the path of a file or a folder")]
    Path { path: String, error: std::io::Error },
    /// The server did not start.
    #[error("{0}")]
    Serve(String),
}

impl CliError {
    /// Whether the reader of the output has gone, as `head` does once it has enough.
    pub(crate) fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}
