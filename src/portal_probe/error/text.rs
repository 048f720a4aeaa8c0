//! The texts of a probe's errors.

use std::fmt;

use super::{ProbeError, ProbeErrorKind};
use crate::transport::TransportError;

impl ProbeErrorKind {
    fn advice(&self) -> &'static str {
        match self {
            ProbeErrorKind::Transport(TransportError::Redirected) => {
                "give the transport a client that follows no redirects"
            }
            // The error's own text says what to do.
            ProbeErrorKind::Transport(TransportError::Tls(_) | TransportError::NotPublic(_))
            | ProbeErrorKind::Token(_) => "",
            ProbeErrorKind::Transport(TransportError::NotHttp(_)) => "check the address and the proxies",
            ProbeErrorKind::Transport(_) => "check the network and the address, and ask again",
            ProbeErrorKind::Moved { to: Some(_) } => {
                "ask the portal's owner whether it was renamed, and make the portal anew with its new address: a redirect \
                 proves nothing; `RegistryBuilder::redirects` says which are followed"
            }
            ProbeErrorKind::TooManyProbes => "ask again in a while, or let more probes through at a time",
            ProbeErrorKind::RefusedElsewhere { .. } => "see the log of the process that has asked",
            ProbeErrorKind::LessThanKnown => "give the credential the scopes imbot and im",
            ProbeErrorKind::NoRuntime => "call from within a tokio runtime",
            ProbeErrorKind::Interrupted => "ask again on a runtime that goes on",
            ProbeErrorKind::Panicked => {
                "see the panic's message: the transport or the token source is at fault, or the runtime needs `enable_all`"
            }
            other => other.of_probe().map_or("", |trouble| trouble.advice()),
        }
    }
}

impl fmt::Display for ProbeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { portal, asked, .. } = self;
        write!(
            f,
            "the capabilities of {portal} are not known: {asked}: {}",
            self.kind
        )?;
        match self.kind.advice() {
            "" => Ok(()),
            advice => write!(f, "; {advice}"),
        }
    }
}

impl fmt::Display for ProbeErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProbeErrorKind::Transport(error) => error.fmt(f),
            ProbeErrorKind::Token(error) => error.fmt(f),
            ProbeErrorKind::TooManyProbes => f.write_str("too many other portals were being asked"),
            ProbeErrorKind::LessThanKnown => f.write_str("the credential is told less than was known"),
            ProbeErrorKind::RefusedElsewhere { class } => {
                write!(
                    f,
                    "another process has asked the portal and failed ({})",
                    class.as_str()
                )
            }
            ProbeErrorKind::NoRuntime => f.write_str("there is no tokio runtime here"),
            ProbeErrorKind::Interrupted => {
                f.write_str("the runtime of the probe was shut down or stands still")
            }
            ProbeErrorKind::Panicked => f.write_str("the probe panicked"),
            other => other.of_probe().map_or(Ok(()), |trouble| trouble.fmt(f)),
        }
    }
}
