//! Translations of imbot.v2 calls to older methods.
//!
//! Each entry of a [`Translation`]'s lists is a rule in a small language. This file parses the
//! language, and reading a table checks every rule. The gate applies the rules.

use serde_json::Value;

use super::path::{Path, scalar};
use super::text::{List, Str, strs};

/// How a call of imbot.v2 becomes a call of an older method, and how its reply is turned back.
#[derive(Clone, Debug)]
pub struct Translation {
    pub(crate) from: Str,
    pub(crate) to: Str,
    pub(crate) when: Option<Str>,
    pub(crate) params: List,
    pub(crate) set: List,
    pub(crate) required: List,
    pub(crate) allowed_values: List,
    pub(crate) dependent_required: List,
    pub(crate) drop: List,
    pub(crate) reply: List,
    pub(crate) errors: List,
    pub(crate) source: Str,
    pub(crate) note: Option<Str>,
}

impl Translation {
    /// The newer method.
    #[must_use]
    pub fn from(&self) -> &str {
        &self.from
    }

    /// The older method.
    #[must_use]
    pub fn to(&self) -> &str {
        &self.to
    }

    /// The parameter that selects this older method, if several older methods together replace
    /// the newer one.
    #[must_use]
    pub fn when(&self) -> Option<&str> {
        self.when.as_deref()
    }

    /// The older parameter for each newer one: `fields.system -> SYSTEM as yes-no`.
    pub fn params(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        strs(&self.params)
    }

    /// Parameters that the older method needs in addition: `ACTION = plus`.
    pub fn set(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        strs(&self.set)
    }

    /// Required parameters: without them the older method would do something else. For
    /// `dialogId | chatId` one of the two is enough.
    pub fn required(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        strs(&self.required)
    }

    /// Parameters that may have only these values: `fields.eventMode = webhook`.
    pub fn allowed_values(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        strs(&self.allowed_values)
    }

    /// Parameters that the older method reads only together with another one:
    /// `fields.urlPreview = fields.message`.
    pub fn dependent_required(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        strs(&self.dependent_required)
    }

    /// Parameters that are left out, since they do not matter.
    pub fn drop(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        strs(&self.drop)
    }

    /// Where the parts of the newer reply come from: `bot.id <- $`.
    pub fn reply(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        strs(&self.reply)
    }

    /// The newer error code for each older one: `OLD -> NEW`.
    pub fn errors(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        strs(&self.errors)
    }

    /// The address of the page or file that states it.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// A remark.
    #[must_use]
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }
}

/// `<path> -> <path>`, perhaps ` as <form>`.
#[derive(Clone, Debug)]
pub(crate) struct ParamRule {
    pub(crate) from: Origin,
    /// As it is written, for explanations.
    pub(crate) text: Str,
    pub(crate) to: Path,
    pub(crate) form: Form,
}

/// Where the value of an older parameter comes from.
#[derive(Clone, Debug)]
pub(crate) enum Origin {
    /// The newer call.
    Call(Path),
    /// The address of the bot's event handler, if the gate knows it.
    WebhookUrl,
}

/// The form of a value in the older call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    AsItIs,
    /// A boolean, or text that means one, to `"Y"` or `"N"`.
    YesNo,
    /// `chat42` to 42.
    ChatId,
    /// 42 to `chat42`.
    DialogId,
    /// A number, or text of digits, as a number.
    Integer,
    /// As it is, if it is not empty.
    NotEmpty,
    /// `lightBlue` to `"LIGHT_BLUE"`.
    Capitals,
    /// `{"en": "x"}` to `[{KEY: "en", …: "x"}]`.
    By(Box<str>),
    /// One value for another. Any other value has no form.
    Map(Vec<(Box<str>, Box<str>)>),
}

impl ParamRule {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (from, rest) = split(text, "->")?;
        let (to, form) = match rest.split_once(" as ") {
            Some((to, form)) => (to.trim(), form.trim()),
            None => (rest, ""),
        };
        let form = match form {
            "" => Form::AsItIs,
            "yes-no" => Form::YesNo,
            "chat-id" => Form::ChatId,
            "dialog-id" => Form::DialogId,
            "integer" => Form::Integer,
            "not-empty" => Form::NotEmpty,
            "capitals" => Form::Capitals,
            other => match other.strip_prefix("by ") {
                Some(key) => Form::By(key.trim().into()),
                None => Form::Map(
                    other
                        .split('|')
                        .map(|pair| split(pair.trim(), "=").map(|(old, new)| (old.into(), new.into())))
                        .collect::<Result<_, _>>()?,
                ),
            },
        };
        let origin = match from {
            "@webhookUrl" => Origin::WebhookUrl,
            path => Origin::Call(Path::new(path)),
        };
        Ok(Self {
            from: origin,
            text: from.to_owned().into(),
            to: Path::new(to),
            form,
        })
    }
}

/// `<path> = <value>`, or ` = <value> | <value>`.
#[derive(Clone, Debug)]
pub(crate) struct ValueRule {
    pub(crate) path: Path,
    /// As it is written, for explanations.
    pub(crate) text: Str,
    pub(crate) values: Vec<Box<str>>,
}

impl ValueRule {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (path, values) = split(text, "=")?;
        Ok(Self {
            path: Path::new(path),
            text: path.to_owned().into(),
            values: values.split('|').map(|value| value.trim().into()).collect(),
        })
    }
}

/// `<path> <- <source>`, perhaps ` as <form>`.
#[derive(Clone, Debug)]
pub(crate) struct ReplyRule {
    pub(crate) to: Path,
    pub(crate) from: ReplySource,
    pub(crate) form: ReplyForm,
}

/// The form of a part of an older reply in the newer reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReplyForm {
    AsItIs,
    /// Text of digits to a number.
    Integer,
    /// 42 to `"chat42"`.
    Dialog,
    /// A value for yes or no to a boolean.
    Boolean,
    /// The name of a command with a slash before it.
    Slash,
}

impl ReplyForm {
    pub(crate) fn apply(self, value: Value) -> Value {
        match self {
            Self::AsItIs => value,
            Self::Integer => {
                let number = value.as_str().and_then(|text| text.trim().parse::<i64>().ok());
                number.map_or(value, Value::from)
            }
            Self::Dialog => match scalar(&value) {
                Some(id) => format!("chat{id}").into(),
                None => value,
            },
            Self::Slash => match value.as_str() {
                Some(name) if !name.starts_with('/') => format!("/{name}").into(),
                _ => value,
            },
            Self::Boolean => match scalar(&value).as_deref() {
                Some("Y" | "1" | "true" | "TRUE") => true.into(),
                Some("N" | "0" | "false" | "FALSE") => false.into(),
                _ => value,
            },
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) enum ReplySource {
    /// `$`, or `$.a.b`: the older result.
    Result(Path),
    /// `call:fields.code`: the newer call.
    Call(Path),
    /// `true`, `[]`, `"text"`.
    Literal(Value),
}

impl ReplyRule {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (to, from) = split(text, "<-")?;
        let (from, form) = match from.rsplit_once(" as ") {
            Some((from, "integer")) => (from.trim(), ReplyForm::Integer),
            Some((from, "dialog")) => (from.trim(), ReplyForm::Dialog),
            Some((from, "slash")) => (from.trim(), ReplyForm::Slash),
            Some((from, "boolean")) => (from.trim(), ReplyForm::Boolean),
            _ => (from, ReplyForm::AsItIs),
        };
        let from = match (from.strip_prefix('$'), from.strip_prefix("call:")) {
            (Some(path), _) => ReplySource::Result(Path::new(path)),
            (_, Some(path)) => ReplySource::Call(Path::new(path)),
            _ => ReplySource::Literal(
                serde_json::from_str(from)
                    .map_err(|_| format!("`{from}` is neither $, nor call:, nor JSON"))?,
            ),
        };
        Ok(Self {
            to: Path::new(to),
            from,
            form,
        })
    }
}

/// `<path>`, or `<path> | <path>`: one of them is enough.
pub(crate) fn alternatives(text: &str) -> Result<Vec<&str>, String> {
    let paths: Vec<&str> = text.split('|').map(str::trim).collect();
    match paths.iter().any(|path| path.is_empty()) {
        true => Err(format!("`{text}` is not of the form a, or a | b")),
        false => Ok(paths),
    }
}

/// `OLD -> NEW`.
pub(crate) fn error_rule(text: &str) -> Result<(&str, &str), String> {
    split(text, "->")
}

fn split<'t>(text: &'t str, by: &str) -> Result<(&'t str, &'t str), String> {
    match text
        .split_once(by)
        .map(|(left, right)| (left.trim(), right.trim()))
    {
        Some((left, right)) if !left.is_empty() && !right.is_empty() => Ok((left, right)),
        _ => Err(format!("`{text}` is not of the form a {by} b")),
    }
}
