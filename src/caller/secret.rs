//! What a portal or a transport wrote, without the credential that it may repeat.

use serde_json::Value;

use crate::portal::{without, without_bytes};
use crate::transport::{Response, TransportError};
use crate::wire::{ErrorCode, Reply};

/// A webhook's code or an access token; empty where there is none.
#[derive(Clone, Copy)]
pub(super) struct Secret<'a>(&'a str);

impl<'a> Secret<'a> {
    pub(super) fn new(secret: &'a str) -> Self {
        Self(secret)
    }

    /// The secret, unless it is so short that it could stand for something else: a
    /// code of two digits is a part of many values.
    fn long(self) -> Option<&'a str> {
        Some(self.0).filter(|secret| secret.len() >= 8)
    }

    /// Whether a text holds it, in any spelling.
    pub(super) fn is_in(self, text: &str) -> bool {
        self.long().is_some_and(|secret| without(text, secret) != text)
    }

    /// A text of which nothing but a message is made.
    pub(super) fn out_of(self, text: &str) -> String {
        without(text, self.0)
    }

    /// A value of a result. Digits of a secret may come as a number.
    pub(super) fn out_of_value(self, value: Value) -> Value {
        let Some(secret) = self.long() else {
            return value;
        };
        match value {
            Value::String(text) => Value::String(without(&text, secret)),
            Value::Number(number) if self.is_in(&number.to_string()) => {
                Value::String(without(&number.to_string(), secret))
            }
            Value::Array(values) => values.into_iter().map(|value| self.out_of_value(value)).collect(),
            Value::Object(fields) => fields
                .into_iter()
                .map(|(name, value)| (without(&name, secret), self.out_of_value(value)))
                .collect(),
            other => other,
        }
    }

    /// What a transport of the caller's says: it may have put the address into it.
    pub(super) fn out_of_error(self, error: TransportError) -> TransportError {
        match error {
            TransportError::Connect(text) => TransportError::Connect(self.out_of(&text)),
            TransportError::Broken(text) => TransportError::Broken(self.out_of(&text)),
            TransportError::Client(text) => TransportError::Client(self.out_of(&text)),
            other => other,
        }
    }

    /// Reads a reply. A result is as it came, since it may be meant to hold the
    /// secret: the link to a file does. A redirect's location is as it came, too,
    /// and not printed. The `others` are secrets of the call.
    pub(super) fn read(self, others: &[Box<str>], response: &Response) -> Reply {
        let read = |body: &[u8]| Reply::read(response.status, response.location.as_deref(), body);
        let all = || std::iter::once(self).chain(others.iter().map(|own| Secret(own)));
        match read(&response.body) {
            Reply::Error(mut error) => {
                // Reading cuts texts, perhaps in the middle of the secret.
                let clean = all()
                    .filter_map(Secret::long)
                    .fold(None, |body: Option<Vec<u8>>, secret| {
                        Some(without_bytes(body.as_deref().unwrap_or(&response.body), secret))
                    });
                if let Some(Reply::Error(clean)) = clean.map(|body| read(&body)) {
                    error = clean;
                }
                for secret in all() {
                    error.code = ErrorCode::new(secret.out_of(error.code.as_str()));
                    error.description = secret.out_of(&error.description);
                }
                Reply::Error(error)
            }
            Reply::Malformed(mut malformed) => {
                for secret in all() {
                    malformed.what = secret.out_of(&malformed.what);
                }
                Reply::Malformed(malformed)
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const CODE: &str = "s3cret/Code";

    fn read(status: u16, body: &str) -> Reply {
        Secret::new(CODE).read(&[], &Response::new(status, None, body.into()))
    }

    #[test]
    fn a_result_is_as_it_came() {
        let result = json!({"url": format!("https://acme.example/rest/1/{CODE}/download/"), "auth": CODE});
        let body = json!({ "result": result }).to_string();
        assert_eq!(read(200, &body), Reply::Result(result));
    }

    #[test]
    fn an_error_is_without_it_in_any_spelling_and_not_cut_in_the_middle_of_it() {
        for spelled in [
            CODE,
            "S3CRET/CODE",
            "s3cret%2FCode",
            r"s3cret\/Code",
            r"s3cret\u002fCode",
        ] {
            for pad in [0, 190, 195, 199, 200] {
                let text = format!("{}{spelled} is wrong", "x".repeat(pad));
                let body = format!(r#"{{"error":"{spelled}","error_description":"{text}"}}"#);
                let Reply::Error(error) = read(400, &body) else {
                    panic!("{body}");
                };
                assert_eq!(error.code, "…");
                let text = error.description.trim_start_matches('x').to_lowercase();
                assert!(!text.contains("s3") && !text.contains("code"), "{error}");
            }
        }
    }

    #[test]
    fn a_page_is_without_it() {
        let body = "<title>Not found: S3cretCode</title>";
        let secret = Secret::new("s3cretcode");
        let Reply::Malformed(found) = secret.read(&[], &Response::new(404, None, body.into())) else {
            panic!("{body}");
        };
        assert_eq!(found.what, "an HTML page titled \"Not found: …\"");
    }

    #[test]
    fn an_error_stays_one_whatever_the_secret() {
        let secret = Secret::new(r#""error":"#);
        let body = r#"{"error":"X","result":1}"#;
        let reply = secret.read(&[], &Response::new(200, None, body.into()));
        assert!(
            matches!(&reply, Reply::Error(error) if error.code == "X"),
            "{reply:?}"
        );
    }

    #[test]
    fn values_are_without_a_secret_that_is_long() {
        let value = json!({"a": [CODE, {"s3cret%2fcode": "x S3cret/Code"}], "b": 36, "c": null, "d": true});
        let clean = json!({"a": ["…", {"…": "x …"}], "b": 36, "c": null, "d": true});
        assert_eq!(Secret::new(CODE).out_of_value(value), clean);
        let value = json!({"rest": 1_234_567_890, "web": -12.5});
        let clean = json!({"rest": "…90", "web": -12.5});
        assert_eq!(Secret::new("12345678").out_of_value(value), clean);
        for short in ["", "36", "abcdefg"] {
            let value = json!({"rest": 36, "web": "abcdefg"});
            assert_eq!(Secret::new(short).out_of_value(value.clone()), value);
        }
    }

    #[test]
    fn a_short_one_is_in_no_address_and_out_of_every_message() {
        let secret = Secret::new("acme");
        assert!(!secret.is_in("https://acme.example/"));
        assert_eq!(secret.out_of("to acme.example"), "to ….example");
        assert!(Secret::new(CODE).is_in("https://x.example/s3cret%2fcode/"));
    }
}
