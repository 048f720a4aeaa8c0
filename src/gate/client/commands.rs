//! The argument of [`Client::batch`](super::Client::batch): calls with keys, and with references.

use serde_json::{Map, Value};

use super::error::CallError;
use super::method::is_name;
use super::reference::{ReferenceError, ResultReference};
use crate::feature::Requirement;
use crate::offload;
use crate::plan::TypedCall;
use crate::wire::commands::command;
use crate::wire::redact::shown;
use crate::wire::{BATCH, Call, ParamsError, reference};

/// A call of a [`Batch`] with its references. A [`Call`] is one without.
#[derive(Clone, Debug)]
pub struct BatchCommand {
    call: Call,
    references: Vec<(String, ResultReference)>,
    needs: &'static [Requirement],
}

impl BatchCommand {
    /// A typed call in a batch. The portal must have what [`TypedCall::NEEDS`] names.
    ///
    /// # Errors
    ///
    /// [`ParamsError`] if the call is no JSON object.
    pub fn typed<C: TypedCall>(call: &C) -> Result<Self, ParamsError> {
        Ok(Self {
            needs: C::NEEDS,
            ..Self::from(call.to_call()?)
        })
    }

    /// The same with one more parameter, as [`Call::with`].
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.call = self.call.with(name, value);
        self
    }

    /// The same with a reference as the parameter at this path. A path has names of members, and
    /// positions in lists from 0, with dots between them (`dialogId`, `fields.ownerId`,
    /// `fields.userIds.0`). Missing objects on the path are made. A list can grow by one item at
    /// its end. A value at the path is replaced. References are written after all parameters, in
    /// the order in which they are set.
    ///
    /// A path can lead into lists and objects, but not into JSON text: give such a value as a
    /// list or an object.
    #[must_use]
    pub fn with_reference(mut self, path: impl Into<String>, to: ResultReference) -> Self {
        self.references.push((path.into(), to));
        self
    }
}

impl From<Call> for BatchCommand {
    fn from(call: Call) -> Self {
        Self {
            call,
            references: Vec::new(),
            needs: &[],
        }
    }
}

impl Call {
    /// A command of a [`Batch`] with this call, and a reference as the parameter at this
    /// path: see [`BatchCommand::with_reference`].
    #[cfg_attr(docsrs, doc(cfg(feature = "registry")))]
    #[must_use]
    pub fn with_reference(self, path: impl Into<String>, to: ResultReference) -> BatchCommand {
        BatchCommand::from(self).with_reference(path, to)
    }
}

/// Calls that are sent in one request, in this order: see
/// [`Client::batch`](super::Client::batch). An array of keys and calls converts into a batch,
/// and so does any other iterator over these.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    commands: Vec<(String, BatchCommand)>,
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
    pub fn call(mut self, key: impl Into<String>, call: impl Into<BatchCommand>) -> Self {
        self.commands.push((key.into(), call.into()));
        self
    }

    /// The same, and the portal stops at the first call that fails. Otherwise it continues.
    ///
    /// A batch with a [`ResultReference`] always stops there. If the portal continued, a reference to
    /// the failed call would become the replies to all earlier calls.
    #[must_use]
    pub fn halt(mut self) -> Self {
        self.halts = true;
        self
    }

    /// What the typed calls need besides the features of the table.
    pub(super) fn needs(&self) -> Vec<Requirement> {
        let needs = self.commands.iter().flat_map(|(_, own)| own.needs);
        needs.copied().collect()
    }

    /// Whether writing the batch takes long.
    pub(super) fn is_long(&self) -> bool {
        offload::is_long_of(self.commands.iter().map(|(_, command)| &command.call))
    }

    /// The call of the method `batch`.
    pub(super) fn into_call(self) -> Result<Call, CallError> {
        let keys: Vec<String> = self.commands.iter().map(|(key, _)| key.clone()).collect();
        let halts = self.halts || self.commands.iter().any(|(_, own)| !own.references.is_empty());
        let mut commands: Map<String, Value> = Map::new();
        for (key, own) in self.commands {
            if commands.contains_key(&key) {
                return Err(CallError::SameKey(shown(&key, &[])));
            }
            let call = written(&key, own, &commands, &keys)?;
            commands.insert(key, command(&call).into());
        }
        let call = Call::new(BATCH).with("halt", u8::from(halts));
        Ok(call.with("cmd", commands))
    }
}

impl<I, K, C> From<I> for Batch
where
    I: IntoIterator<Item = (K, C)>,
    K: Into<String>,
    C: Into<BatchCommand>,
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

/// The call of a command with its references written. A portal replaces these and no other
/// text.
fn written(
    key: &str,
    command: BatchCommand,
    earlier: &Map<String, Value>,
    keys: &[String],
) -> Result<Call, CallError> {
    let BatchCommand {
        mut call, references, ..
    } = command;
    if !is_name(call.method()) {
        return Err(CallError::InvalidMethod);
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
    // In a query string, a portal reads text in brackets as a name of its own.
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
