//! The bots whose events the server takes: a TOML file.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use imbot_caps::event::ApplicationTokens;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use subtle::ConstantTimeEq;
use url::Url;

use crate::portals::{PortalList, endpoint_of};

/// The shortest secret of an address.
const SHORTEST: usize = 16;

/// The bots whose events the server takes.
///
/// ```
/// use imbot_caps_proxy::Bots;
///
/// let bots = Bots::from_toml(r#"
///     [[bot]]
///     name = "echo"
///     portal = "acme.bitrix24.com"
///     secret = "0123456789abcdef"        # portals post to /events/0123456789abcdef
///     bot_token = "the token of the bot" # or application_token, for an application
///     deliver = "http://127.0.0.1:9000/bot"
///
///     [[bot]]
///     name = "polling"
///     portal = "box.example:8443"
///     secret = "fedcba9876543210"
///     bot_token = "the token of another bot"
///     keep = true                        # for imbot.v2.Event.get
///     address = "https://bot.example/events/fedcba9876543210"
/// "#)?;
/// # Ok::<(), imbot_caps_proxy::BotsError>(())
/// ```
///
/// | key | what it is |
/// |---|---|
/// | `name` | the name in the log and in the journal. It stays the same after a restart. |
/// | `portal` | the host of the portal, which is in the list of the server; with a path, if the portal has one |
/// | `secret` | the last part of the address that the portal posts to: at least 16 letters and digits |
/// | `bot_token` | the token of the bots that a webhook registered |
/// | `application_token` | the token of an application |
/// | `deliver` | the bot's own address. The server posts the events there. |
/// | `json` | `true`: the events are posted as JSON, in place of a form |
/// | `keep` | `true`: the server keeps the events for `imbot.v2.Event.get`. Needs `bot_token` or `application`. |
/// | `application` | with `keep` and `application_token`: the code of the application, as `app.info` names it. Whoever polls with an access token of this application gets the events. |
/// | `address` | the address that the portal posts to, with `keep`: what the server writes into `webhookUrl` |
#[derive(Clone, Debug, Default)]
pub struct Bots(pub(crate) Vec<Arc<Bot>>);

/// One bot, or several with one token.
pub(crate) struct Bot {
    pub(crate) name: String,
    /// The address of the portal's REST.
    pub(crate) portal: Url,
    pub(crate) secret: SecretString,
    bot_token: Option<SecretString>,
    application: Option<String>,
    pub(crate) tokens: ApplicationTokens,
    pub(crate) wants: Wants,
}

/// What happens to the events of a bot.
pub(crate) enum Wants {
    Deliver {
        address: Url,
        json: bool,
    },
    Keep {
        /// Where the portal posts to; `None` for the server's own address.
        address: Option<Url>,
    },
}

/// A file of bots that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BotsError {
    /// The file cannot be read.
    #[error("the file of bots cannot be read: {0}")]
    File(String),
    /// It is no TOML of this form.
    #[error("the file of bots is wrong: {0}")]
    Toml(String),
    /// A bot has wrong or missing keys.
    #[error("the bot `{bot}` {what}")]
    Bot {
        /// Its name.
        bot: String,
        /// What is wrong, and what to do.
        what: &'static str,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    bot: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    portal: String,
    secret: SecretString,
    bot_token: Option<SecretString>,
    application_token: Option<SecretString>,
    application: Option<String>,
    deliver: Option<Url>,
    #[serde(default)]
    json: bool,
    #[serde(default)]
    keep: bool,
    address: Option<Url>,
}

impl Bots {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// [`BotsError`]. It shows no secret.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, BotsError> {
        let text = std::fs::read_to_string(path).map_err(|error| BotsError::File(error.to_string()))?;
        Self::from_toml(&text)
    }

    /// Reads the text of such a file.
    ///
    /// # Errors
    ///
    /// [`BotsError`]. It shows no secret.
    pub fn from_toml(text: &str) -> Result<Self, BotsError> {
        // The whole text of the error shows lines of the file, which have secrets.
        let file: File = toml::from_str(text).map_err(|error| {
            let line = error.span().and_then(|span| text.get(..span.start));
            let line = line.map_or(1, |before| before.matches('\n').count() + 1);
            let message = match error.message() {
                // It repeats the value.
                message if message.starts_with("invalid") => "a value of a wrong type or form",
                message => message,
            };
            BotsError::Toml(format!("line {line}: {message}"))
        })?;
        let mut bots: Vec<Arc<Bot>> = Vec::new();
        for entry in file.bot {
            let name = entry.name.clone();
            let bot = Bot::of(entry).map_err(|what| BotsError::Bot {
                bot: name.clone(),
                what,
            })?;
            let is_double = |own: &Arc<Bot>| {
                let is_one = own.application.is_some() && own.application == bot.application;
                own.name == bot.name
                    || own.has_secret(bot.secret.expose_secret())
                    || (is_one && own.portal == bot.portal)
            };
            if bots.iter().any(is_double) {
                let what = "has the name, the secret or the application of another bot: give each its own";
                return Err(BotsError::Bot { bot: name, what });
            }
            bots.push(Arc::new(bot));
        }
        Ok(Self(bots))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The bot with this secret. The time depends on the number of bots alone.
    pub(crate) fn by_secret(&self, secret: &str) -> Option<&Arc<Bot>> {
        self.0
            .iter()
            .fold(None, |found, bot| match bot.has_secret(secret) {
                true => Some(bot),
                false => found,
            })
    }

    /// The bot whose events are kept, by its portal and token.
    pub(crate) fn kept(&self, url: &Url, bot_token: &str) -> Option<&Arc<Bot>> {
        self.keeping(url)
            .fold(None, |found, bot| match bot.has_token(bot_token) {
                true => Some(bot),
                false => found,
            })
    }

    /// The bot of an application whose events are kept.
    pub(crate) fn kept_for_application(&self, url: &Url, application: &str) -> Option<&Arc<Bot>> {
        self.keeping(url)
            .find(|bot| bot.application.as_deref() == Some(application))
    }

    /// Whether the events of a bot of this portal are kept.
    pub(crate) fn keeps(&self, url: &Url) -> bool {
        self.keeping(url).next().is_some()
    }

    /// Whether the events of an application of this portal are kept.
    pub(crate) fn keeps_for_application(&self, url: &Url) -> bool {
        self.keeping(url).any(|bot| bot.application.is_some())
    }

    /// The bots of this portal whose events are kept.
    fn keeping(&self, url: &Url) -> impl Iterator<Item = &Arc<Bot>> {
        let is_kept = |bot: &&Arc<Bot>| matches!(bot.wants, Wants::Keep { .. }) && bot.is_at(url);
        self.0.iter().filter(is_kept)
    }

    pub(crate) fn check(&self, portals: &PortalList) -> Result<(), BotsError> {
        match self.0.iter().find(|bot| !portals.includes(&bot.portal)) {
            None => Ok(()),
            Some(bot) => Err(BotsError::Bot {
                bot: bot.name.clone(),
                what: "is of a portal that is not in the list of the server: add it with --portal",
            }),
        }
    }
}

impl Bot {
    fn of(entry: Entry) -> Result<Self, &'static str> {
        let portal = endpoint_of(&entry.portal, false);
        let portal = portal.ok_or("has a `portal` that is no host: write it as acme.bitrix24.com")?;
        let secret = entry.secret.expose_secret();
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if secret.len() < SHORTEST || !secret.bytes().all(is_plain) {
            return Err("needs a `secret` of at least 16 letters, digits, `-` or `_`");
        }
        let bot_token = entry.bot_token.filter(|token| !token.expose_secret().is_empty());
        let application = entry.application.filter(|code| !code.is_empty());
        if application.is_some() && !(entry.keep && entry.application_token.is_some()) {
            return Err("has an `application` without `keep` and `application_token`");
        }
        let of_bot = bot_token.as_ref().map(ExposeSecret::expose_secret);
        let of_bot = of_bot.map(ApplicationTokens::of_bot);
        let has_application = entry.application_token.is_some() && application.is_some();
        let has_owner = bot_token.is_some() || has_application;
        let of_application = entry.application_token.as_ref().map(ExposeSecret::expose_secret);
        let of_application = of_application
            .filter(|token| !token.is_empty())
            .map(ApplicationTokens::new);
        let tokens = match (of_bot, of_application) {
            (Some(own), Some(other)) => own.or_any_of(other),
            (Some(own), None) | (None, Some(own)) => own,
            (None, None) => {
                return Err("needs `bot_token` or `application_token`: events are verified by it");
            }
        };
        let is_http = |url: &Url| matches!(url.scheme(), "http" | "https");
        let wants = match (entry.deliver, entry.keep) {
            (Some(address), false) if is_http(&address) => Wants::Deliver {
                address,
                json: entry.json,
            },
            (Some(_), false) => return Err("has a `deliver` that is no http address"),
            (None, true) if !has_owner => {
                return Err(
                    "needs `bot_token` for `keep`, or `application_token` with `application`: whoever polls proves by \
                     it that the events are theirs",
                );
            }
            (None, true) => Wants::Keep {
                address: entry.address,
            },
            _ => return Err("needs either `deliver` or `keep`"),
        };
        Ok(Self {
            name: entry.name,
            portal,
            secret: entry.secret,
            bot_token,
            application,
            tokens,
            wants,
        })
    }

    /// The address of the bot's events at this server.
    pub(crate) fn address_at(&self, own: &str) -> String {
        format!("{own}events/{}", self.secret.expose_secret())
    }

    fn has_secret(&self, secret: &str) -> bool {
        self.secret
            .expose_secret()
            .as_bytes()
            .ct_eq(secret.as_bytes())
            .into()
    }

    /// The token of the bots that a webhook registered.
    pub(crate) fn token(&self) -> Option<&str> {
        self.bot_token.as_ref().map(ExposeSecret::expose_secret)
    }

    fn has_token(&self, token: &str) -> bool {
        let own = self.bot_token.as_ref();
        own.is_some_and(|own| own.expose_secret().as_bytes().ct_eq(token.as_bytes()).into())
    }

    fn is_at(&self, url: &Url) -> bool {
        // Plain http is for loopback, where the port is always in the address.
        let port = |url: &Url| url.port_or_known_default();
        let is_same = self.portal.host() == url.host() && port(&self.portal) == port(url);
        is_same && url.path().starts_with(self.portal.path())
    }
}

impl fmt::Debug for Bot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bot")
            .field("name", &self.name)
            .field("portal", &self.portal.as_str())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINE: &str = "[[bot]]\nname = 'a'\nportal = 'a.example'\nsecret = '0123456789abcdef'\n\
                        bot_token = 'sentinel-token'\nkeep = true\n";

    #[test]
    fn wrong_bots_are_refused_without_secrets() {
        assert!(Bots::from_toml(FINE).is_ok());
        for (from, to) in [
            ("a.example", "https://a.example/"),
            ("0123456789abcdef", "short"),
            ("0123456789abcdef", "0123456789abcde/"),
            ("bot_token = 'sentinel-token'", ""),
            ("keep = true", ""),
            ("keep = true", "keep = true\ndeliver = 'http://127.0.0.1/'"),
            ("keep = true", "deliver = 'ftp://127.0.0.1/'"),
            ("keep = true", "keep = 'sentinel-token'"),
            ("keep", "kept"),
            ("'a'", "'a"),
        ] {
            let error = Bots::from_toml(&FINE.replacen(from, to, 1)).unwrap_err();
            assert!(!error.to_string().contains("sentinel"), "{error}");
        }
        let twice = Bots::from_toml(&format!("{FINE}{}", FINE.replace("'a'", "'b'")));
        assert!(matches!(twice, Err(BotsError::Bot { .. })));
        assert!(!format!("{:?}", Bots::from_toml(FINE)).contains("sentinel"));
    }
}
