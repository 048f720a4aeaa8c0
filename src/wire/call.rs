//! A call of a REST method.

use std::borrow::Cow;
use std::fmt;

use serde_json::Value;

/// One call of a REST method.
#[derive(Clone, PartialEq)]
pub struct Call {
    method: String,
    params: serde_json::Map<String, Value>,
}

impl Call {
    /// A call without parameters. The method is sent as it is spelled here.
    #[must_use]
    pub fn new(method: impl Into<String>) -> Self {
        Self {
            method: method.into(),
            params: serde_json::Map::new(),
        }
    }

    /// The same with one more parameter.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.params.insert(name.into(), value.into());
        self
    }

    /// A call with these parameters.
    #[must_use]
    pub fn of(method: impl Into<String>, params: serde_json::Map<String, Value>) -> Self {
        Self {
            method: method.into(),
            params,
        }
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The parameters.
    #[must_use]
    pub fn params(&self) -> &serde_json::Map<String, Value> {
        &self.params
    }

    /// The parameters, to change them.
    pub fn params_mut(&mut self) -> &mut serde_json::Map<String, Value> {
        &mut self.params
    }
}

impl From<Call> for Cow<'_, Call> {
    fn from(call: Call) -> Self {
        Cow::Owned(call)
    }
}

impl<'c> From<&'c Call> for Cow<'c, Call> {
    fn from(call: &'c Call) -> Self {
        Cow::Borrowed(call)
    }
}

impl fmt::Debug for Call {
    /// The method and the names of its parameters. Values may hold secrets, so they are left
    /// out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", self.method)?;
        for (nth, name) in self.params.keys().enumerate() {
            if nth > 0 {
                f.write_str(", ")?;
            }
            f.write_str(name)?;
        }
        f.write_str(")")
    }
}
