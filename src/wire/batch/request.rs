//! A batch's call: its commands in the order in which the server runs them.
//!
//! A later command may refer to the answer of an earlier one, and a batch may
//! stop at the first error, so the order counts. It is that of writing, also for
//! an object. A [`serde_json::Map`] sorts its keys, so a batch that is to be
//! passed on is read from the text and written to text.

use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};

use super::super::query::{self, Pairs, Part};

/// The parameter with the commands, and the one that stops at an error. Legacy
/// methods read the names of their parameters in any case.
const CMD: &str = "cmd";
const HALT: &str = "halt";

/// The parameters of a `batch`, as they were written.
///
/// Of two parameters with one name the last stays, at the place of the first; so
/// it is with the keys of commands.
#[derive(Clone, PartialEq)]
pub(crate) struct BatchRequest(Vec<(String, Param)>);

#[derive(Clone, PartialEq)]
enum Param {
    Commands(BatchCommands),
    Other(Value),
}

/// What is in `cmd`: each command by its key.
#[derive(Clone, PartialEq)]
pub(crate) struct BatchCommands {
    entries: Vec<(String, Value)>,
    is_list: bool,
}

/// One command.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Command<'b> {
    /// A method and its parameters, which [`query::decode`] reads.
    Call { method: &'b str, query: &'b str },
    /// No text: the server passes it over, without an answer.
    Other(&'b Value),
}

impl BatchRequest {
    /// The batch with these parameters. Commands in an object come in the order
    /// of the map, which is that of their keys unless the program has `serde_json`
    /// keep the order of writing.
    pub(crate) fn from_params(params: &Map<String, Value>) -> Self {
        let own = params.iter().map(|(name, value)| {
            let commands = is(name, CMD).then(|| BatchCommands::read(value)).flatten();
            let param = commands.map_or_else(|| Param::Other(value.clone()), Param::Commands);
            (name.clone(), param)
        });
        Self::new(own)
    }

    /// The batch in a form body, or in a query string.
    pub(crate) fn from_form(body: &[u8]) -> Self {
        let entries = Pairs::read(body).into_entries().into_iter();
        Self::new(entries.map(|(name, part)| match part {
            Part::Array(pairs) if is(&name, CMD) => {
                let is_list = pairs.is_list();
                let entries = pairs.into_entries().into_iter();
                let entries = entries.map(|(key, part)| (key, part.into_value())).collect();
                (name, Param::Commands(BatchCommands { entries, is_list }))
            }
            part => (name, Param::Other(part.into_value())),
        }))
    }

    fn new(params: impl IntoIterator<Item = (String, Param)>) -> Self {
        // The two that are read have one spelling: the server knows no case here.
        let params = params.into_iter().map(|(name, param)| {
            let known = [CMD, HALT].into_iter().find(|known| is(&name, known));
            (known.map_or(name, str::to_owned), param)
        });
        Self(last_at_the_place_of_the_first(params))
    }

    /// Whether nothing is run after a command that fails.
    pub(crate) fn halts(&self) -> bool {
        match self.get(HALT) {
            Some(Param::Other(value)) => is_truthy(value),
            Some(Param::Commands(_)) | None => false,
        }
    }

    /// The commands; `None` where `cmd` is neither list nor object, or is absent:
    /// such a batch does nothing.
    pub(crate) fn commands(&self) -> Option<&BatchCommands> {
        match self.get(CMD) {
            Some(Param::Commands(commands)) => Some(commands),
            _ => None,
        }
    }

    /// The same batch with these commands.
    pub(crate) fn with_commands(mut self, commands: BatchCommands) -> Self {
        let commands = Param::Commands(commands);
        match self.0.iter_mut().find(|(name, _)| name == CMD) {
            Some((_, param)) => *param = commands,
            None => self.0.push((CMD.to_owned(), commands)),
        }
        self
    }

    /// A form body with all parameters, in their order.
    pub(crate) fn to_form(&self) -> String {
        let mut form = String::new();
        for (name, param) in &self.0 {
            match param {
                Param::Other(value) => query::append(&mut form, &[name], value),
                Param::Commands(commands) => {
                    for (key, command) in &commands.entries {
                        query::append(&mut form, &[name, key], command);
                    }
                }
            }
        }
        form
    }

    fn get(&self, name: &str) -> Option<&Param> {
        self.0
            .iter()
            .find_map(|(own, param)| (own == name).then_some(param))
    }
}

impl BatchCommands {
    /// Reads the value of `cmd`, in the order of its keys where that is an object;
    /// `None` when it is neither list nor object.
    pub(crate) fn read(cmd: &Value) -> Option<Self> {
        match cmd {
            Value::Array(items) => Some(Self::list(items.iter().cloned())),
            Value::Object(members) => Some(Self {
                entries: members
                    .iter()
                    .map(|(key, command)| (key.clone(), command.clone()))
                    .collect(),
                is_list: false,
            }),
            _ => None,
        }
    }

    fn list(items: impl IntoIterator<Item = Value>) -> Self {
        let items = items.into_iter().enumerate();
        Self {
            entries: items.map(|(nth, item)| (nth.to_string(), item)).collect(),
            is_list: true,
        }
    }

    /// All commands, in the order in which they run. The keys of a list are
    /// `0`, `1` and so on.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, Command<'_>)> {
        let entries = self.entries.iter();
        entries.map(|(key, command)| (key.as_str(), Command::read(command)))
    }

    /// The text of the command with this key, as it was written.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        let (_, command) = self.entries.iter().find(|(own, _)| own == key)?;
        command.as_str()
    }

    /// Other commands in their place. What was a list stays one while its keys
    /// count from 0; else it becomes an object, which keeps the keys that answers
    /// and references go by.
    pub(crate) fn rebuilt(&self, commands: impl IntoIterator<Item = (String, Value)>) -> Self {
        let entries = last_at_the_place_of_the_first(commands);
        let is_counted = (0_usize..)
            .zip(&entries)
            .all(|(nth, (key, _))| *key == nth.to_string());
        Self {
            is_list: self.is_list && is_counted,
            entries,
        }
    }

    /// The value of `cmd`. An object may lose the order of the commands here, as
    /// [`BatchRequest::from_params`] says; [`Serialize`] keeps it.
    pub(crate) fn to_value(&self) -> Value {
        let entries = self.entries.iter().cloned();
        match self.is_list {
            true => entries.map(|(_, command)| command).collect(),
            false => Value::Object(entries.collect()),
        }
    }
}

impl<'b> Command<'b> {
    fn read(command: &'b Value) -> Self {
        let Value::String(text) = command else {
            return Self::Other(command);
        };
        // The server reads a command as an address.
        let (address, _fragment) = text.split_once('#').unwrap_or((text, ""));
        let (method, query) = address.split_once('?').unwrap_or((address, ""));
        Self::Call { method, query }
    }
}

fn is(name: &str, known: &str) -> bool {
    name.eq_ignore_ascii_case(known)
}

/// PHP's boolean cast.
fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(yes) => *yes,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !matches!(text.as_str(), "" | "0"),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

fn last_at_the_place_of_the_first<T>(pairs: impl IntoIterator<Item = (String, T)>) -> Vec<(String, T)> {
    let mut places = HashMap::new();
    let mut entries: Vec<(String, T)> = Vec::new();
    for (key, value) in pairs {
        let place = *places.entry(key.clone()).or_insert(entries.len());
        match entries.get_mut(place) {
            Some((_, slot)) => *slot = value,
            None => entries.push((key, value)),
        }
    }
    entries
}

impl<'de> Deserialize<'de> for BatchRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RequestVisitor)
    }
}

struct RequestVisitor;

impl<'de> Visitor<'de> for RequestVisitor {
    type Value = BatchRequest;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the parameters of a batch")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut params: A) -> Result<BatchRequest, A::Error> {
        let mut own = Vec::new();
        while let Some(name) = params.next_key::<String>()? {
            let param = match is(&name, CMD) {
                true => params.next_value()?,
                false => Param::Other(params.next_value()?),
            };
            own.push((name, param));
        }
        Ok(BatchRequest::new(own))
    }
}

impl<'de> Deserialize<'de> for Param {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CmdVisitor)
    }
}

/// Reads `cmd`, whatever it is.
struct CmdVisitor;

impl<'de> Visitor<'de> for CmdVisitor {
    type Value = Param;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the commands of a batch")
    }

    fn visit_unit<E>(self) -> Result<Param, E> {
        Ok(Param::Other(Value::Null))
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Param, E> {
        Ok(Param::Other(yes.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Param, E> {
        Ok(Param::Other(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Param, E> {
        Ok(Param::Other(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Param, E> {
        Ok(Param::Other(number.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Param, E> {
        Ok(Param::Other(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Param, A::Error> {
        let mut commands = Vec::new();
        while let Some(command) = items.next_element::<Value>()? {
            commands.push(command);
        }
        Ok(Param::Commands(BatchCommands::list(commands)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Param, A::Error> {
        let mut commands = Vec::new();
        while let Some(entry) = members.next_entry::<String, Value>()? {
            commands.push(entry);
        }
        Ok(Param::Commands(BatchCommands {
            entries: last_at_the_place_of_the_first(commands),
            is_list: false,
        }))
    }
}

impl Serialize for BatchRequest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut params = serializer.serialize_map(Some(self.0.len()))?;
        for (name, param) in &self.0 {
            match param {
                Param::Commands(commands) => params.serialize_entry(name, commands)?,
                Param::Other(value) => params.serialize_entry(name, value)?,
            }
        }
        params.end()
    }
}

impl Serialize for BatchCommands {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_list {
            return serializer.collect_seq(self.entries.iter().map(|(_, command)| command));
        }
        serializer.collect_map(self.entries.iter().map(|(key, command)| (key, command)))
    }
}

impl fmt::Debug for BatchRequest {
    /// The names of the parameters, and the commands: values may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_map();
        for (name, param) in &self.0 {
            match param {
                Param::Commands(commands) => shown.entry(name, commands),
                Param::Other(_) => shown.entry(name, &format_args!("..")),
            };
        }
        shown.finish()
    }
}

impl fmt::Debug for BatchCommands {
    /// The keys and the methods: parameters may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(self.iter().map(|(key, command)| match command {
                Command::Call { method, .. } => (key, method),
                Command::Other(_) => (key, ".."),
            }))
            .finish()
    }
}

#[cfg(test)]
mod tests;
