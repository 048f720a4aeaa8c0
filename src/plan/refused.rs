//! Changes and refusals. Their texts show no value of a call: a value may be a secret.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use crate::caps::Unsupported;
use crate::table::{Row, Shim};

/// One change of a call or its reply, made or noted.
#[derive(Clone, PartialEq, Eq)]
pub struct Change {
    pub(super) row: &'static Row,
    pub(super) shim: Shim,
    pub(super) at: Cow<'static, str>,
    pub(super) to: Option<Cow<'static, str>>,
}

impl Change {
    /// The row of the table that asked for it.
    #[must_use]
    pub fn row(&self) -> &'static Row {
        self.row
    }

    /// The kind of the change.
    #[must_use]
    pub fn shim(&self) -> Shim {
        self.shim
    }

    /// The parameter, the part of the reply, or the method.
    #[must_use]
    pub fn at(&self) -> &str {
        &self.at
    }

    /// The new name, if the change is a new name.
    #[must_use]
    pub fn to(&self) -> Option<&str> {
        self.to.as_deref()
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = &self.at;
        match self.shim {
            Shim::YesNo => write!(f, "`{at}` is sent as \"Y\" or \"N\""),
            Shim::Omit => write!(f, "`{at}` is left out"),
            Shim::BothForms => write!(f, "`{at}` is sent in both forms"),
            Shim::Spelling => write!(f, "`{at}` is written as every build knows it"),
            Shim::LowerKeys => write!(f, "the keys of `{at}` are written in small letters"),
            Shim::Boolean => write!(f, "`{at}` is sent as a boolean"),
            Shim::BotTokenInUrl => write!(f, "the bot's token is added to `{at}` as CLIENT_ID"),
            Shim::NestedResult => write!(f, "a bare boolean of the reply is put under `{at}`"),
            Shim::NextOffset => write!(f, "`{at}` of the reply is made of the older cursor"),
            Shim::ErrorAlias => write!(f, "the older error code is read as `{at}`"),
            Shim::StripSecret => write!(f, "`{at}` is taken out of the reply"),
            Shim::BotAddress => write!(f, "`{at}` is followed by a check of the bot's address"),
            Shim::EventUnbind => write!(f, "`{at}` is followed by the removal of event handlers"),
            Shim::V1Call | Shim::ImRevision => match &self.to {
                Some(to) => write!(f, "`{at}` is sent as `{to}`"),
                None => write!(f, "`{at}` is left out, for it has no older form"),
            },
            Shim::NoFallback | Shim::Refuse => write!(f, "`{at}` would be refused"),
        }?;
        write!(f, " ({})", self.row.id())
    }
}

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Change({self})")
    }
}

/// Why a plan refuses a call. Nothing is sent.
///
/// `Display` is for people: the call, the reason, the remedy, and the source. It shows no
/// value of the call. A live gate returns it in a `gate::RefusedError`.
#[derive(Clone, PartialEq, Eq)]
pub struct Refused {
    pub(super) method: String,
    pub(super) parameter: Option<String>,
    pub(super) command: Option<String>,
    pub(super) row: &'static Row,
    pub(super) reason: Reason,
}

/// The reason of a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The portal lacks the feature, or may lack it, and the table has no other form.
    Unsupported(Unsupported),
    /// By its revision the portal has the feature. But it refused such a call as absent.
    Contradicted,
    /// The portal has the feature, and would refuse the call or misread it.
    Misread,
    /// The portal has no imbot.v2, and the call has no older form. The text says why.
    NoOlderForm(Unsupported, String),
    /// The parameter is text that is not readable as JSON. It may use a feature that the portal
    /// lacks.
    UnreadableText(Unsupported),
}

impl Refused {
    /// The method that was called.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The parameter that is the reason, if it is not the method.
    #[must_use]
    pub fn parameter(&self) -> Option<&str> {
        self.parameter.as_deref()
    }

    /// The key of the command in a batch.
    #[must_use]
    pub fn batch_key(&self) -> Option<&str> {
        self.command.as_deref()
    }

    /// The row of the table that is the reason.
    #[must_use]
    pub fn row(&self) -> &'static Row {
        self.row
    }

    /// The reason.
    #[must_use]
    pub fn reason(&self) -> &Reason {
        &self.reason
    }

    /// The feature that the portal lacks, if that is the reason.
    #[must_use]
    pub fn unsupported(&self) -> Option<&Unsupported> {
        match &self.reason {
            Reason::Unsupported(unsupported)
            | Reason::NoOlderForm(unsupported, _)
            | Reason::UnreadableText(unsupported) => Some(unsupported),
            Reason::Contradicted | Reason::Misread => None,
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not sent: {}", self.method)?;
        if let Some(parameter) = &self.parameter {
            write!(f, " with `{parameter}`")?;
        }
        if let Some(command) = &self.command {
            write!(f, ", command `{command}` of a batch")?;
        }
        let row = self.row;
        match &self.reason {
            Reason::Unsupported(unsupported) => {
                return write!(f, ". {unsupported}");
            }
            Reason::NoOlderForm(unsupported, why) => {
                return write!(f, ". {why}. {unsupported}");
            }
            Reason::UnreadableText(unsupported) => {
                return write!(
                    f,
                    ". The text cannot be read as JSON of at most 1 MiB and 127 levels, so it may use \
                     what the portal lacks. Send valid JSON, or the structure itself. {unsupported}"
                );
            }
            Reason::Contradicted => write!(
                f,
                ". The portal should have `{}` ({}) by its revision, and refused it as absent: \
                 one of its modules is older than the other",
                row.id(),
                row.title()
            )?,
            Reason::Misread => write!(f, ". `{}`: {}", row.id(), row.title())?,
        }
        if let Some(fallback) = row.fallback() {
            write!(f, ". {}", fallback.note().trim_end_matches('.'))?;
        }
        if let Some(danger) = row.danger() {
            write!(f, ". Beware: {}", danger.trim_end_matches('.'))?;
        }
        write!(f, ". See {}", row.source())
    }
}

impl fmt::Debug for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Refused({self})")
    }
}

impl Error for Refused {}
