//! What [`Client::batch`](super::Client::batch) takes: calls with keys, and references to
//! the replies of earlier ones.

use std::fmt;

use serde_json::{Map, Value};

use super::{CallError, ReferenceError};
use crate::gate::batch;
use crate::offload;
use crate::wire::redact::shown;
use crate::wire::{BATCH, Call, reference};

/// A place in the reply to an earlier call of the same batch.
///
/// A portal writes the value of that place into a parameter of a later call. Set it with
/// [`Call::refer`] or [`Command::refer`]. Text is never taken for a reference.
///
/// ```
/// use imbot_caps::gate::Reference;
///
/// // `result.chat.dialogId` of the call with the key `add`.
/// let dialog = Reference::to("add").at("chat.dialogId");
/// // The same, made of the id: `chat` and the number.
/// let made = Reference::to("add").at("chat.id").after("chat");
/// # let _ = (dialog, made);
/// ```
///
/// The parameter gets the value with its type: a number, text, a list, an object. A message
/// has to be text, so put text before a number there ([`after`](Self::after)). If a member
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
pub struct Reference {
    key: String,
    path: Vec<String>,
    before: String,
}

impl Reference {
    /// The whole result of the call with this key.
    #[must_use]
    pub fn to(key: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            path: Vec::new(),
            before: String::new(),
        }
    }

    /// The part of it at this path: names, and positions in lists from 0, with dots between
    /// them (`chat.dialogId`, `bots.0.id`).
    #[must_use]
    pub fn at(mut self, path: &str) -> Self {
        self.path.extend(path.split('.').map(str::to_owned));
        self
    }

    /// The same with text before the value, such as `chat` before the id of a chat. The
    /// value has to be text or a number then: a portal sends the text of the reference
    /// where it is anything else.
    #[must_use]
    pub fn after(mut self, text: impl Into<String>) -> Self {
        self.before = text.into();
        self
    }

    /// The text that a portal replaces.
    fn written(&self) -> Result<String, ReferenceError> {
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
        // The text before it must not be a reference itself, nor grow together with it.
        match reference::matches(&text).eq([own.as_str()]) {
            true => Ok(text),
            false => Err(ReferenceError::TextBefore),
        }
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reference")
            .field("key", &self.key)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// A call of a [`Batch`] with its references. A [`Call`] is one without.
#[derive(Clone, Debug)]
pub struct Command {
    call: Call,
    references: Vec<(String, Reference)>,
}

impl Command {
    /// The same with one more parameter, as [`Call::with`].
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.call = self.call.with(name, value);
        self
    }

    /// The same with a reference as the parameter at this path: names of members, and
    /// positions in lists from 0, with dots between them (`dialogId`, `fields.ownerId`,
    /// `fields.userIds.0`). Objects on the way are made, and a list grows by one at its end.
    /// What stands at the path is replaced. References are written in the order in which
    /// they are set, after all parameters.
    ///
    /// A path leads into lists and objects, and not into JSON text: give such a value as a
    /// list or an object.
    #[must_use]
    pub fn refer(mut self, path: impl Into<String>, to: Reference) -> Self {
        self.references.push((path.into(), to));
        self
    }
}

impl From<Call> for Command {
    fn from(call: Call) -> Self {
        Self {
            call,
            references: Vec::new(),
        }
    }
}

impl Call {
    /// A command of a [`Batch`] with this call, and a reference as the parameter at this
    /// path: see [`Command::refer`].
    #[cfg_attr(docsrs, doc(cfg(feature = "registry")))]
    #[must_use]
    pub fn refer(self, path: impl Into<String>, to: Reference) -> Command {
        Command::from(self).refer(path, to)
    }
}

/// Calls that go out in one request, in this order: see
/// [`Client::batch`](super::Client::batch). An array of keys and calls becomes one, and so
/// does any other iterator over these.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    commands: Vec<(String, Command)>,
    halts: bool,
}

impl Batch {
    /// A batch without calls.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with one more call, whose reply has this key.
    #[must_use]
    pub fn call(mut self, key: impl Into<String>, call: impl Into<Command>) -> Self {
        self.commands.push((key.into(), call.into()));
        self
    }

    /// The same, and the portal stops at the first call that fails; else it goes on.
    ///
    /// A batch with a [`Reference`] stops there in any case. If the portal went
    /// on, a reference to the failed call would become the replies to all earlier calls.
    #[must_use]
    pub fn halt(mut self) -> Self {
        self.halts = true;
        self
    }

    /// Whether writing it takes long.
    pub(super) fn is_long(&self) -> bool {
        offload::is_long_of(self.commands.iter().map(|(_, command)| &command.call))
    }

    /// The call that sends it.
    pub(super) fn into_call(self) -> Result<Call, CallError> {
        let keys: Vec<String> = self.commands.iter().map(|(key, _)| key.clone()).collect();
        let halts = self.halts || self.commands.iter().any(|(_, own)| !own.references.is_empty());
        let mut commands: Map<String, Value> = Map::new();
        for (key, command) in self.commands {
            if commands.contains_key(&key) {
                return Err(CallError::SameKey(shown(&key, &[])));
            }
            let call = written(&key, command, &commands, &keys)?;
            commands.insert(key, batch::command(&call).into());
        }
        let call = Call::new(BATCH).with("halt", u8::from(halts));
        Ok(call.with("cmd", commands))
    }
}

impl<I, K, C> From<I> for Batch
where
    I: IntoIterator<Item = (K, C)>,
    K: Into<String>,
    C: Into<Command>,
{
    /// Calls with their keys, in this order.
    fn from(calls: I) -> Self {
        let calls = calls.into_iter();
        Self {
            commands: calls.map(|(key, call)| (key.into(), call.into())).collect(),
            halts: false,
        }
    }
}

/// The call of a command with its references written. Nothing but these is what a portal
/// replaces.
fn written(
    key: &str,
    command: Command,
    earlier: &Map<String, Value>,
    keys: &[String],
) -> Result<Call, CallError> {
    let Command { mut call, references } = command;
    if !super::is_name(call.method()) {
        return Err(CallError::Method);
    }
    if let Some(parameter) = reference::find(call.params()) {
        return Err(CallError::LooksLikeReference {
            command: shown(key, &[]),
            parameter: shown(&parameter, &[]),
        });
    }
    for (parameter, to) in references {
        let text = match earlier.contains_key(&to.key) {
            true => to.written(),
            false if to.key == key => Err(ReferenceError::OwnReply),
            false if keys.contains(&to.key) => Err(ReferenceError::Later(shown(&to.key, &[]))),
            false => Err(ReferenceError::NoSuchCall(shown(&to.key, &[]))),
        };
        let set = text.and_then(|text| set(call.params_mut(), &parameter, text));
        if let Err(why) = set {
            return Err(CallError::Reference {
                command: shown(key, &[]),
                parameter: shown(&parameter, &[]),
                why,
            });
        }
    }
    Ok(call)
}

/// Writes text at a path of members.
fn set(members: &mut Map<String, Value>, path: &str, text: String) -> Result<(), ReferenceError> {
    // Of a name in a query string a portal reads what stands in brackets as names of its own.
    if path
        .split('.')
        .any(|name| name.is_empty() || name.contains(['[', ']']))
    {
        return Err(ReferenceError::Path);
    }
    let (first, mut rest) = path.split_once('.').unwrap_or((path, ""));
    let mut place = members.entry(first).or_insert(Value::Null);
    while !rest.is_empty() {
        let (name, after) = rest.split_once('.').unwrap_or((rest, ""));
        if place.is_null() {
            *place = Value::Object(Map::new());
        }
        place = match place {
            Value::Object(members) => members.entry(name).or_insert(Value::Null),
            Value::Array(items) => {
                let nth: usize = name.parse().map_err(|_| ReferenceError::Path)?;
                if nth == items.len() {
                    items.push(Value::Null);
                }
                items.get_mut(nth).ok_or(ReferenceError::Path)?
            }
            Value::String(_) => return Err(ReferenceError::IntoText),
            _ => return Err(ReferenceError::Path),
        };
        rest = after;
    }
    *place = text.into();
    Ok(())
}
