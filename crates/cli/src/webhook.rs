//! Gets the webhook of a command, and never from its arguments.

use std::ffi::OsStr;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use imbot_caps::Portal;

use crate::error::CliError;
use crate::input;
use crate::output::Output;

/// The environment variable that may hold the webhook.
const VARIABLE: &str = "IMBOT_CAPS_WEBHOOK";

/// How a command gets its webhook.
#[derive(Debug, clap::Args)]
pub(crate) struct WebhookArgs {
    /// The file with the webhook. Otherwise it is read from IMBOT_CAPS_WEBHOOK or standard input.
    #[arg(long, value_name = "FILE")]
    webhook_file: Option<PathBuf>,
    /// Allows a webhook over plain http, for closed networks and emulated portals.
    #[arg(long)]
    allow_http: bool,
    /// Any other argument is refused and not repeated: it may be a webhook.
    #[arg(hide = true)]
    refused: Vec<std::ffi::OsString>,
}

/// Refuses addresses among the arguments. It runs before the arguments are read, since the errors of that
/// repeat them.
pub(crate) fn refuse_addresses<'a>(mut arguments: impl Iterator<Item = &'a OsStr>) -> Result<(), CliError> {
    match arguments.any(|argument| argument.to_string_lossy().contains("://")) {
        true => Err(CliError::AddressInArguments),
        false => Ok(()),
    }
}

impl WebhookArgs {
    /// The portal of the webhook. The webhook's code is hidden in all that is printed.
    pub(crate) fn portal(&self, output: &mut Output) -> Result<Portal, CliError> {
        if !self.refused.is_empty() {
            return Err(CliError::RefusedArgument);
        }
        let (text, from) = self.text()?;
        let address = text.trim();
        for part in path_of(address).split(['/', '?', '&', '=']) {
            output.secrets().add(part);
        }
        if address.is_empty() {
            return Err(CliError::NoWebhook);
        }
        let builder = match self.allow_http {
            true => Portal::builder().allow_http(),
            false => Portal::builder(),
        };
        builder
            .webhook(address)
            .map_err(|error| CliError::Webhook { from, error })
    }

    fn text(&self) -> Result<(String, String), CliError> {
        if let Some(path) = &self.webhook_file {
            return Ok((input::read(path)?, input::name(path)));
        }
        if let Some(text) = std::env::var_os(VARIABLE).filter(|text| !text.is_empty()) {
            return Ok((text.to_string_lossy().into_owned(), VARIABLE.to_owned()));
        }
        if std::io::stdin().is_terminal() {
            return Err(CliError::NoWebhook);
        }
        let path = Path::new("-");
        Ok((input::read(path)?, input::name(path)))
    }
}

/// The part of an address that may hold the webhook's code, also where the address is wrong.
fn path_of(address: &str) -> &str {
    let after_scheme = address.split_once("://").map_or(address, |(_, rest)| rest);
    let path = after_scheme
        .split_once("/rest/")
        .or_else(|| after_scheme.split_once('/'));
    path.map_or(address, |(_, path)| path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_is_no_secret() {
        for (address, path) in [
            ("https://acme.bitrix24.com/rest/1/code/", "1/code/"),
            ("http://bitrixserver/portal/rest/1/code", "1/code"),
            ("bitrixserver/1/code", "1/code"),
            ("code", "code"),
        ] {
            assert_eq!(path_of(address), path);
        }
    }
}
