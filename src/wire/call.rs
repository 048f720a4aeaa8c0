//! A call of a REST method.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};

use super::methods::without_suffix;

/// One call of a REST method. Cheap to clone: clones share the parameters until one is changed.
#[derive(Clone, PartialEq)]
pub struct Call {
    method: String,
    /// Clones share them until one is changed.
    params: Arc<Map<String, Value>>,
}

impl Call {
    /// A call without parameters. The method is sent as it is spelled here.
    #[must_use]
    pub fn new(method: impl Into<String>) -> Self {
        Self {
            method: method.into(),
            params: Arc::default(),
        }
    }

    /// The same with one more parameter.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.params_mut().insert(name.into(), value.into());
        self
    }

    /// A call with these parameters.
    #[must_use]
    pub fn with_params(method: impl Into<String>, params: Map<String, Value>) -> Self {
        Self {
            method: method.into(),
            params: Arc::new(params),
        }
    }

    /// A call with the fields of a value as its parameters. `()` stands for no parameters.
    ///
    /// A portal is sent each field, also one that is null. To leave a field out, use serde's
    /// `skip_serializing_if`.
    ///
    /// # Errors
    ///
    /// [`ParamsError`] if the value is no JSON object.
    pub fn from_serialize(
        method: impl Into<String>,
        params: &(impl Serialize + ?Sized),
    ) -> Result<Self, ParamsError> {
        match serde_json::to_value(params) {
            Ok(Value::Object(params)) => Ok(Self::with_params(method, params)),
            Ok(Value::Null) => Ok(Self::with_params(method, Map::new())),
            Ok(_) => Err(ParamsError::NotAnObject),
            // The text of the error may have a value.
            Err(_) => Err(ParamsError::NotJson),
        }
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The same without a suffix such as `.json`. `None` if the method has none.
    #[inline]
    pub(crate) fn without_suffix(&self) -> Option<Self> {
        let stem = without_suffix(&self.method);
        (stem.len() < self.method.len()).then(|| Self {
            method: stem.to_owned(),
            params: Arc::clone(&self.params),
        })
    }

    /// The address to post to. The endpoint is a webhook's address, or
    /// `https://acme.bitrix24.com/rest/`. Characters that no method's name has are escaped, so that a
    /// name leads to no other method than the one that was planned. With a webhook's address, do not
    /// print it.
    ///
    /// ```
    /// use imbot_caps::wire::Call;
    ///
    /// let call = Call::new("imbot.v2.Bot.list");
    /// let url = call.url("https://acme.bitrix24.com/rest/1/s3cret/");
    /// assert_eq!(url, "https://acme.bitrix24.com/rest/1/s3cret/imbot.v2.Bot.list");
    /// ```
    #[must_use]
    pub fn url(&self, endpoint: &str) -> String {
        let mut url = format!("{}/", endpoint.trim_end_matches('/'));
        for byte in without_suffix(&self.method).bytes() {
            match byte {
                b'.' | b'_' | b'-' => url.push(char::from(byte)),
                _ if byte.is_ascii_alphanumeric() => url.push(char::from(byte)),
                _ => url.push_str(&format!("%{byte:02X}")),
            }
        }
        url
    }

    /// The parameters.
    #[must_use]
    pub fn params(&self) -> &Map<String, Value> {
        &self.params
    }

    /// The body to post, with `Content-Type: application/json`. The access token of an application
    /// becomes the parameter `auth`. A webhook has none: its code is in the address. Do not print it.
    #[must_use]
    pub fn body(&self, token: Option<&str>) -> Vec<u8> {
        let written = match token {
            Some(token) => serde_json::to_vec(&WithToken(&self.params, token)),
            None => serde_json::to_vec(&*self.params),
        };
        // Names are text, so this cannot fail.
        written.unwrap_or_default()
    }

    /// The parameters, to change them.
    pub fn params_mut(&mut self) -> &mut Map<String, Value> {
        Arc::make_mut(&mut self.params)
    }
}

/// Parameters with the access token as `auth`. They are serialised without a copy.
struct WithToken<'a>(&'a Map<String, Value>, &'a str);

impl Serialize for WithToken<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const AUTH: &str = "auth";
        let others = self.0.iter().filter(|(name, _)| *name != AUTH);
        let mut all = serializer.serialize_map(None)?;
        for (name, value) in others {
            all.serialize_entry(name, value)?;
        }
        all.serialize_entry(AUTH, self.1)?;
        all.end()
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

/// Why a value cannot be the parameters of a call. It has no part of the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParamsError {
    /// The value is JSON, but no object.
    NotAnObject,
    /// The value cannot be written as JSON: a map has a key that is no text, say.
    NotJson,
}

impl fmt::Display for ParamsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAnObject => {
                "the parameters are no JSON object: use a struct with named fields, or a map"
            }
            Self::NotJson => {
                "the parameters cannot be written as JSON: check their `Serialize`, and the keys of maps"
            }
        })
    }
}

impl std::error::Error for ParamsError {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    #[derive(serde::Serialize)]
    struct Send {
        #[serde(rename = "botId")]
        bot: u64,
        text: Option<&'static str>,
    }

    #[test]
    fn fields_become_parameters() {
        let send = Send { bot: 7, text: None };
        let call = Call::from_serialize("m", &send).unwrap();
        assert_eq!(
            Value::Object(call.params().clone()),
            json!({"botId": 7, "text": null})
        );
        assert_eq!(Call::from_serialize("m", &()), Ok(Call::new("m")));
    }

    #[test]
    fn url_leads_to_the_method_alone() {
        let url = |method: &str| Call::new(method).url("https://a.example/rest");
        for (method, last) in [
            ("imbot.v2.Bot.list", "imbot.v2.Bot.list"),
            ("imbot.v2.Bot.list.JSON", "imbot.v2.Bot.list"),
            ("a/../b", "a%2F..%2Fb"),
            ("a?b#c&d", "a%3Fb%23c%26d"),
            ("a%2Eb ü", "a%252Eb%20%C3%BC"),
        ] {
            assert_eq!(url(method), format!("https://a.example/rest/{last}"));
        }
    }

    #[test]
    fn body_has_one_token() {
        let call = Call::new("m").with("auth", "another").with("id", 7);
        assert_eq!(call.body(None), br#"{"auth":"another","id":7}"#);
        assert_eq!(call.body(Some("t0ken")), br#"{"id":7,"auth":"t0ken"}"#);
    }

    #[test]
    fn other_values_are_typed_errors() {
        let list = Call::from_serialize("m", &["s3cret"]);
        assert_eq!(list, Err(ParamsError::NotAnObject));
        let keys = BTreeMap::from([(vec![1], "s3cret")]);
        assert_eq!(Call::from_serialize("m", &keys), Err(ParamsError::NotJson));
    }
}
