//! What a portal sends when an application is installed or opened.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use super::address;
use super::error::EventError;
use super::posted::{Posted, within_limit};
use super::typed;
use super::user_tokens::UserTokens;
use crate::wire::query::{Shown, decode_strict};

/// The data of an installation, as the sender claims: the form that a portal posts to the page of an
/// application (`AUTH_ID`, `REFRESH_ID`, `DOMAIN`), or the event `ONAPPINSTALL`.
///
/// Anybody can post such a form. Renew the refresh token at the authorisation server before you store
/// anything: see [`application_token`](Self::application_token). `Debug` shows no token. An address that two
/// readers could read as two hosts, such as `acme.bitrix24.com@evil.example`, is an error.
///
/// ```
/// use imbot_caps::event::Installation;
///
/// let query = "DOMAIN=acme.bitrix24.com&PROTOCOL=1&LANG=en&APP_SID=5f";
/// let body = b"AUTH_ID=access&AUTH_EXPIRES=3600&REFRESH_ID=refresh&APPLICATION_TOKEN=secret\
///     &member_id=0123456789abcdef0123456789abcdef&status=L&PLACEMENT=DEFAULT";
/// let claimed = Installation::from_form(query, body)?;
/// assert_eq!(claimed.client_endpoint(), "https://acme.bitrix24.com/rest/");
/// assert_eq!(claimed.tokens().refresh_token(), Some("refresh"));
/// // The member_id of the authorisation server's reply.
/// let confirmed = "0123456789abcdef0123456789abcdef";
/// assert_eq!(claimed.application_token(confirmed), Some("secret"));
/// assert_eq!(claimed.application_token("fedcba9876543210fedcba9876543210"), None);
/// # Ok::<(), imbot_caps::event::EventError>(())
/// ```
#[derive(Clone)]
pub struct Installation {
    client_endpoint: String,
    member_id: String,
    tokens: UserTokens,
    application_token: Option<SecretString>,
    server_endpoint: Option<String>,
    status: Option<String>,
    language: Option<String>,
    session: Option<String>,
}

impl Installation {
    /// Reads the form of an application's page: the query of the address (`DOMAIN`, `PROTOCOL`, `LANG`, `APP_SID`),
    /// and the body. A framework that puts both into one list: give an empty query.
    ///
    /// # Errors
    ///
    /// [`EventError`] names the key that is wrong or missing.
    pub fn from_form(query: &str, body: &[u8]) -> Result<Self, EventError> {
        within_limit(query.len().saturating_add(body.len()))?;
        let query = decode_strict(query.as_bytes())?;
        let mut fields = decode_strict(body)?;
        for (name, value) in query {
            // A portal sends each of them in one place.
            if fields.insert(name.clone(), value).is_some() {
                let key = Shown::of(&name).to_string();
                return Err(EventError::Repeated { key });
            }
        }
        let text = |name: &str| text(&fields, name);
        let domain = text("DOMAIN")?.ok_or_else(|| EventError::missing("DOMAIN"))?;
        if !address::is_host_and_port(&domain) {
            return Err(EventError::wrong("DOMAIN", "a host, such as acme.bitrix24.com"));
        }
        let scheme = match text("PROTOCOL")?.as_deref() {
            Some("0") => "http",
            Some("1") | None => "https",
            Some(_) => return Err(EventError::wrong("PROTOCOL", "0 or 1")),
        };
        Ok(Self {
            client_endpoint: format!("{scheme}://{domain}/rest/"),
            member_id: text("member_id")?.ok_or_else(|| EventError::missing("member_id"))?,
            tokens: UserTokens {
                access_token: text("AUTH_ID")?
                    .ok_or_else(|| EventError::missing("AUTH_ID"))?
                    .into(),
                refresh_token: text("REFRESH_ID")?.map(SecretString::from),
                expires_in: fields.get("AUTH_EXPIRES").and_then(typed::unsigned),
                expires_at: None,
                scopes: None,
                user_id: None,
            },
            application_token: text("APPLICATION_TOKEN")?.map(SecretString::from),
            server_endpoint: text("SERVER_ENDPOINT")?
                .map(|address| endpoint("SERVER_ENDPOINT", address))
                .transpose()?,
            status: text("status")?,
            language: text("LANG")?,
            session: text("APP_SID")?,
        })
    }

    /// Reads the event `ONAPPINSTALL`. It has the `application_token` that later events are verified with, so
    /// it cannot be verified itself.
    ///
    /// # Errors
    ///
    /// [`EventError`] names the key that is wrong or missing.
    pub fn from_event(event: &Posted) -> Result<Self, EventError> {
        if event.name() != "ONAPPINSTALL" {
            return Err(EventError::wrong("event", "ONAPPINSTALL"));
        }
        let text = |name: &str| event.auth_text(name).map(str::to_owned);
        let missing = |name: &str| EventError::missing(format!("auth[{name}]"));
        let required = |name: &str| text(name).ok_or_else(|| missing(name));
        Ok(Self {
            client_endpoint: endpoint("auth[client_endpoint]", required("client_endpoint")?)?,
            member_id: required("member_id")?,
            tokens: event.user_tokens().ok_or_else(|| missing("access_token"))?,
            application_token: text("application_token").map(SecretString::from),
            server_endpoint: text("server_endpoint")
                .map(|address| endpoint("auth[server_endpoint]", address))
                .transpose()?,
            status: text("status"),
            language: event.data_text("LANGUAGE_ID").map(str::to_owned),
            session: None,
        })
    }

    /// The address of the portal's REST API. It is a claim until the authorisation server's reply names it.
    #[must_use]
    pub fn client_endpoint(&self) -> &str {
        &self.client_endpoint
    }

    /// The `member_id` of the portal, as claimed.
    #[must_use]
    pub fn member_id(&self) -> &str {
        &self.member_id
    }

    /// The tokens of the user who installed or opened the application.
    #[must_use]
    pub fn tokens(&self) -> &UserTokens {
        &self.tokens
    }

    /// The authorisation server, as claimed. Send the client secret to a server that you know alone.
    #[must_use]
    pub fn server_endpoint(&self) -> Option<&str> {
        self.server_endpoint.as_deref()
    }

    /// The kind of the application: `L` for local, `F`, `D`, `T` or `P` for one of the market.
    #[must_use]
    pub fn application_status(&self) -> Option<&str> {
        self.status.as_deref()
    }

    /// The language of the portal: `en`.
    #[must_use]
    pub fn language(&self) -> Option<&str> {
        self.language.as_deref()
    }

    /// `APP_SID`: the id of the page's session.
    #[must_use]
    pub fn session(&self) -> Option<&str> {
        self.session.as_deref()
    }

    /// The `application_token` to store, after the authorisation server has confirmed the installation. Give the
    /// `member_id` of its reply to the renewal of [`UserTokens::refresh_token`]
    /// (`RenewedTokens::member_id`). `None` if it is another portal's: then the form is forged, and the stored
    /// token stays.
    #[must_use]
    pub fn application_token(&self, confirmed_member_id: &str) -> Option<&str> {
        let is_same = self.member_id.eq_ignore_ascii_case(confirmed_member_id);
        let token = self.application_token.as_ref().filter(|_| is_same)?;
        Some(token.expose_secret())
    }
}

/// An address to which a program sends tokens.
fn endpoint(key: &str, address: String) -> Result<String, EventError> {
    match address::is_endpoint(&address) {
        true => Ok(address),
        false => Err(EventError::wrong(
            key,
            "an address, such as https://acme.bitrix24.com/rest/",
        )),
    }
}

/// A text. An empty one counts as missing.
fn text(fields: &Map<String, Value>, name: &str) -> Result<Option<String>, EventError> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone()).filter(|text| !text.trim().is_empty())),
        Some(_) => Err(EventError::wrong(name, "a text")),
    }
}

impl fmt::Debug for Installation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Installation")
            .field("tokens", &self.tokens)
            .finish_non_exhaustive()
    }
}
