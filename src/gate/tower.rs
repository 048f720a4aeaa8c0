//! The gate as a tower layer: around services of calls, and of HTTP requests.

use std::error::Error;
use std::fmt;

use super::http::Unreadable;
use crate::plan::Refused;

mod call;
mod future;
mod http;
mod message;
mod ready_service;

pub use call::{GateLayer, GateService};
pub use future::GateFuture;
pub use http::{HttpGateLayer, HttpGateService};
pub use message::WholeBody;

/// Why a service behind a gate gave no reply.
///
/// It is an [`Error`] where `E` is one. Services of tower whose errors are boxes have
/// errors that are none: [`into_boxed`](Self::into_boxed) makes this one like them.
#[derive(Debug)]
#[non_exhaustive]
pub enum GateError<E> {
    /// The portal cannot do it. Nothing was sent, and no repeat will change it.
    Refused(Box<Refused>),
    /// Whether the portal can do it hangs on parameters that the gate cannot read.
    /// Nothing was sent. Of HTTP requests only.
    Unreadable(Unreadable),
    /// The service behind the gate failed.
    Inner(E),
}

impl<E> GateError<E> {
    /// Why the call was refused, if it was.
    #[must_use]
    pub fn refused(&self) -> Option<&Refused> {
        match self {
            GateError::Refused(refused) => Some(refused),
            GateError::Unreadable(_) | GateError::Inner(_) => None,
        }
    }

    /// The failure of the service behind the gate, if it was that.
    #[must_use]
    pub fn inner(&self) -> Option<&E> {
        match self {
            GateError::Refused(_) | GateError::Unreadable(_) => None,
            GateError::Inner(inner) => Some(inner),
        }
    }

    /// As the services of tower want it that box their errors: a [`Refused`], an
    /// [`Unreadable`], or the error of the service behind the gate.
    ///
    /// See the stack of layers at [`GateLayer`].
    #[must_use]
    pub fn into_boxed(self) -> Box<dyn Error + Send + Sync>
    where
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        match self {
            GateError::Refused(refused) => refused,
            GateError::Unreadable(unreadable) => unreadable.into(),
            GateError::Inner(inner) => inner.into(),
        }
    }
}

impl<E: fmt::Display> fmt::Display for GateError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GateError::Refused(refused) => refused.fmt(f),
            GateError::Unreadable(unreadable) => unreadable.fmt(f),
            GateError::Inner(inner) => inner.fmt(f),
        }
    }
}

impl<E: Error + 'static> Error for GateError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            GateError::Refused(refused) => refused.source(),
            GateError::Unreadable(unreadable) => unreadable.source(),
            // It speaks for the inner one, so what follows is the cause of that.
            GateError::Inner(inner) => inner.source(),
        }
    }
}
