//! References of a batch: values of earlier replies, for parameters of later calls.

use std::fmt;

use crate::wire::redact::shown;
use crate::wire::reference;

/// A place in the reply to an earlier call of the same batch.
///
/// A portal writes the value at that place into a parameter of a later call. Set it with
/// [`Call::with_reference`](crate::wire::Call::with_reference) or [`BatchCommand::with_reference`](super::BatchCommand::with_reference). The crate never takes text for a reference.
///
/// ```
/// use imbot_caps::gate::ResultReference;
///
/// // `result.chat.dialogId` of the call with the key `add`.
/// let dialog = ResultReference::to("add").at("chat.dialogId");
/// // The same value, made of the id: `chat` and the number.
/// let made = ResultReference::to("add").at("chat.id").with_prefix("chat");
/// # let _ = (dialog, made);
/// ```
///
/// The parameter gets the value with its type: a number, text, a list, an object. A message
/// has to be text, so put text before a number there ([`with_prefix`](Self::with_prefix)). If a member
/// of the path is missing, a portal writes the last value that it found on the path. So
/// name only members that the method always returns. The path is that of the newest imbot.v2. For an
/// older portal the gate writes the one of the older method, and refuses the batch where
/// that method gives no such value.
///
/// Source: `processBatchElement` in `rest/classes/general/rest_util.php` of the module
/// `rest`.
///
/// `Debug` does not show the text before the value.
#[derive(Clone, PartialEq, Eq)]
pub struct ResultReference {
    pub(super) key: String,
    path: Vec<String>,
    before: String,
}

impl ResultReference {
    /// The whole result of the call with this key.
    #[must_use]
    pub fn to(key: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            path: Vec::new(),
            before: String::new(),
        }
    }

    /// The part of the result at this path: names, and positions in lists from 0, with dots
    /// between them (`chat.dialogId`, `bots.0.id`).
    #[must_use]
    pub fn at(mut self, path: &str) -> Self {
        self.path.extend(path.split('.').map(str::to_owned));
        self
    }

    /// The same with text before the value, such as `chat` before the id of a chat. Then the
    /// value has to be text or a number. For any other value a portal sends the text of the
    /// reference.
    #[must_use]
    pub fn with_prefix(mut self, text: impl Into<String>) -> Self {
        self.before = text.into();
        self
    }

    /// The text that a portal replaces.
    pub(super) fn written(&self) -> Result<String, ReferenceError> {
        let is_key = |key: &str| {
            !key.is_empty() && !key.contains(|own: char| own.is_whitespace() || "[]".contains(own))
        };
        let keys = || std::iter::once(&self.key).chain(&self.path);
        if let Some(odd) = keys().find(|key| !is_key(key)) {
            return Err(ReferenceError::Name(shown(odd, &[])));
        }
        let brackets: String = keys().map(|key| format!("[{key}]")).collect();
        let own = format!("$result{brackets}");
        let text = format!("{}{own}", self.before);
        // The text before it must not be a reference, and must not form one with it.
        match reference::matches(&text).eq([own.as_str()]) {
            true => Ok(text),
            false => Err(ReferenceError::PrefixIsReference),
        }
    }
}

impl fmt::Debug for ResultReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResultReference")
            .field("key", &self.key)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// Why a [`ResultReference`] of a batch cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReferenceError {
    /// No call of the batch has this key.
    NoSuchCall(String),
    /// The call with this key comes later in the batch: its reply is not there yet.
    Later(String),
    /// The call refers to its own reply.
    OwnReply,
    /// A portal cannot find this key, or this name of the path of [`ResultReference::at`]: it is
    /// empty, or has white space or brackets.
    Name(String),
    /// A portal would replace the text of [`ResultReference::with_prefix`], too.
    PrefixIsReference,
    /// The path of [`Call::with_reference`](crate::wire::Call::with_reference) leads into text, such as JSON
    /// text.
    IntoText,
    /// The path of [`Call::with_reference`](crate::wire::Call::with_reference) has a name that is empty or has
    /// brackets, or leads to no place of a list, or into a number or a boolean.
    Path,
}

impl fmt::Display for ReferenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchCall(key) => write!(f, "no call of the batch has the key `{}`", shown(key, &[])),
            Self::Later(key) => {
                let key = shown(key, &[]);
                write!(f, "the call `{key}` comes later: put it before this one")
            }
            Self::OwnReply => f.write_str("it leads to the reply of this very call"),
            Self::Name(name) if name.is_empty() => f.write_str("its key, or a name of its path, is empty"),
            Self::Name(name) => {
                let name = shown(name, &[]);
                write!(
                    f,
                    "`{name}` has white space or brackets, so that a portal does not find it"
                )
            }
            Self::PrefixIsReference => f.write_str("the text before it reads like a reference, too"),
            Self::IntoText => {
                f.write_str("its path leads into text: give that parameter as a list or an object")
            }
            Self::Path => f.write_str(
                "its path leads nowhere: give names and positions in lists with dots between them, such as `fields.userIds.0`",
            ),
        }
    }
}

impl std::error::Error for ReferenceError {}
