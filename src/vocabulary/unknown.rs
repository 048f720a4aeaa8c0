//! Notes about unknown names.

use std::fmt;

use serde::Serialize;

/// Unknown names in a call: most likely typing errors.
///
/// The call is sent unchanged. A portal answers "not found" for an unknown method, and ignores
/// an unknown parameter. `Display` suggests known names. Names are cut at about 100 bytes, so
/// that `Display` and `Debug` have less than 8 KiB. Values are not shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum UnknownName {
    /// The method.
    Method {
        /// The method, as it was called. A name with white space or invisible characters is in
        /// quotes.
        method: String,
        /// A known method with a similar name.
        suggestion: Option<String>,
    },
    /// Parameters of a known method.
    Parameters {
        /// The method, as it was called.
        method: String,
        /// The unknown parameters: at most 16, in the order of the call.
        parameters: Vec<UnknownParameter>,
    },
    /// Text in place of a keyboard, a menu or an attachment that is not JSON, is longer than
    /// 1 MiB, or is nested 128 levels deep or more. A portal may still read it: portals accept
    /// single quotes.
    UnreadableText {
        /// The method, as it was called.
        method: String,
        /// The paths of such parameters, at most 16, in the order of the call.
        parameters: Vec<String>,
    },
}

/// A parameter that a method does not have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UnknownParameter {
    /// Its path, such as `fields.sytem`. Lists do not count: a button is at
    /// `fields.keyboard`. A name with a dot, white space or invisible characters is in quotes:
    /// `fields."message "`.
    pub path: String,
    /// A known path with a similar name.
    pub suggestion: Option<String>,
}

impl UnknownName {
    /// The method that was called.
    #[must_use]
    pub fn method(&self) -> &str {
        match self {
            Self::Method { method, .. }
            | Self::Parameters { method, .. }
            | Self::UnreadableText { method, .. } => method,
        }
    }
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Method {
                method,
                suggestion: None,
            } => write!(f, "the method `{method}` is not known"),
            Self::Method {
                method,
                suggestion: Some(near),
            } if near.eq_ignore_ascii_case(method) => write!(
                f,
                "no portal finds the method `{method}`, since capital letters matter in its name: did you mean `{near}`?"
            ),
            Self::Method {
                method,
                suggestion: Some(near),
            } => write!(f, "the method `{method}` is not known: did you mean `{near}`?"),
            Self::Parameters { method, parameters } => {
                write!(f, "`{method}` does not take ")?;
                for (nth, parameter) in parameters.iter().enumerate() {
                    if nth > 0 {
                        f.write_str("; ")?;
                    }
                    write!(f, "{parameter}")?;
                }
                Ok(())
            }
            Self::UnreadableText { method, parameters } => {
                write!(f, "`{method}` has text that cannot be read as JSON: ")?;
                for (nth, path) in parameters.iter().enumerate() {
                    let comma = if nth > 0 { ", " } else { "" };
                    write!(f, "{comma}`{path}`")?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Display for UnknownParameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.suggestion {
            Some(near) => write!(f, "`{}`: did you mean `{near}`?", self.path),
            None => write!(f, "`{}`", self.path),
        }
    }
}
