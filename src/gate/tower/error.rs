//! Why a service behind a gate gave no reply.

use std::error::Error;
use std::fmt;

use crate::gate::http::UnreadableError;
use crate::gate::refused_error::RefusedError;

/// Why a service behind a gate gave no reply.
///
/// It is an [`Error`] if `E` is one. The boxed errors of tower's services do not implement
/// [`Error`]: for these, [`into_boxed`](Self::into_boxed) makes a boxed error of this one.
#[derive(Debug)]
#[non_exhaustive]
pub enum GateError<E> {
    /// The portal lacks a feature of the call. Nothing was sent. A repeat gives the same.
    Refused(Box<RefusedError>),
    /// The decision depends on parameters that the gate cannot read. Nothing was sent. It occurs
    /// for HTTP requests only.
    Unreadable(UnreadableError),
    /// The service behind the gate failed.
    Inner(E),
}

impl<E> GateError<E> {
    /// Why the call was refused, if it was.
    #[must_use]
    pub fn refused(&self) -> Option<&RefusedError> {
        match self {
            GateError::Refused(refused) => Some(refused),
            GateError::Unreadable(_) | GateError::Inner(_) => None,
        }
    }

    /// The failure of the service behind the gate, if that is the reason.
    #[must_use]
    pub fn inner(&self) -> Option<&E> {
        match self {
            GateError::Refused(_) | GateError::Unreadable(_) => None,
            GateError::Inner(inner) => Some(inner),
        }
    }

    /// A boxed error, as many services of tower have it: a [`RefusedError`], an [`UnreadableError`], or
    /// the error of the service behind the gate.
    ///
    /// See the stack of layers at [`GateLayer`](super::GateLayer).
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
            // Its text is the inner error's, so its source is the inner error's source.
            GateError::Inner(inner) => inner.source(),
        }
    }
}
