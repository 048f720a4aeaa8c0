//! [`FormKey`]: reads the keys of an event's form.

pub(super) const AUTH: &str = "auth";
pub(super) const MEMBER_ID: &str = "member_id";
pub(super) const CLIENT_ENDPOINT: &str = "client_endpoint";
pub(super) const APPLICATION_TOKEN: &str = "application_token";

/// The fields of `auth` that are read.
const FIELDS: [&str; 3] = [MEMBER_ID, CLIENT_ENDPOINT, APPLICATION_TOKEN];

/// The meaning of a form's key in PHP, which puts `auth[a]` and `auth[b]` into one array.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum FormKey {
    /// `auth` itself, which replaces the array.
    Whole,
    /// One of the fields that are read, and whether it is a list.
    Field(&'static str, bool),
    Other,
}

impl FormKey {
    /// Reads a key. PHP ignores spaces before a name, everything after a zero byte, and text between
    /// `]` and the next `[`.
    pub(super) fn of(key: &str) -> Self {
        let key = key.trim_start_matches(' ');
        let key = key.split_once('\0').map_or(key, |(before, _)| before);
        let Some((name, rest)) = key.split_once('[') else {
            return match key {
                AUTH => FormKey::Whole,
                _ => FormKey::Other,
            };
        };
        let Some((field, rest)) = rest.split_once(']').filter(|_| name == AUTH) else {
            return FormKey::Other;
        };
        match FIELDS.into_iter().find(|own| *own == field) {
            Some(field) => FormKey::Field(field, rest.starts_with('[')),
            None => FormKey::Other,
        }
    }
}
