//! An HTTP request as the REST call of a portal, and the same request with another call in
//! it. Pure: the adapters read and send the bytes.

use std::fmt;
use std::ops::Range;

use serde_json::{Map, Value};
use url::Url;

use super::path::{XML, at_segments, base, decoded, segments, without_suffix};
use super::request_token::RequestToken;
use super::unreadable::UnreadableError;
use crate::offload;
use crate::portal::{AccessToken, Portal, PortalId};
use crate::wire::budget::{self, Budget};
use crate::wire::{Call, query};

/// The most bytes that are read of a body that is a stream.
pub(crate) const BODY_LIMIT: usize = Budget::CALL.bytes;

/// The parameters that can hold the credential, in the order in which a portal looks.
const CREDENTIALS: [&str; 2] = ["auth", "access_token"];

/// The parts of a request that are read before its body.
#[derive(Clone, Copy)]
pub(crate) struct Head<'r> {
    /// In capitals.
    pub(crate) verb: &'r str,
    pub(crate) url: &'r Url,
    pub(crate) content_type: Option<&'r str>,
    pub(crate) content_encoding: Option<&'r str>,
    pub(crate) authorization: Option<&'r str>,
}

/// The portal and the method of a request, by its head.
pub(crate) struct Route {
    url: Url,
    /// The position of the method and its suffix in the path.
    place: Range<usize>,
    method: String,
    /// `.json` or `.xml` in the spelling of the request, or empty.
    suffix: String,
    address: Address,
    content: Content,
}

enum Address {
    Webhook(Portal),
    /// The endpoint of an application, and the token of the head.
    Endpoint(String, Option<AccessToken>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Content {
    /// There is no body, or a portal does not read it.
    Query,
    Json,
    /// The type of any body without another known type.
    Form,
    /// A portal reads it. The gate does not.
    Multipart,
    Encoded,
}

/// A request that is a call of a portal.
pub(crate) struct Recognised {
    pub(crate) portal: Portal,
    /// Without the credential.
    pub(crate) call: Call,
    route: Route,
    /// The credential, if it was in the body.
    of_body: Map<String, Value>,
    /// Whether the body has parameters that a portal reads and the call lacks.
    is_beyond: bool,
}

/// The parts of a request that change. Its headers stay, except those about the length of the
/// body.
pub(crate) struct RequestParts {
    pub(crate) url: Url,
    /// `None` for a request without a body.
    pub(crate) body: Option<Vec<u8>>,
}

impl Route {
    /// The route of a request; `None` if it is no call of REST 1.0. Such a request is passed on
    /// untouched.
    pub(crate) fn of(head: &Head<'_>) -> Option<Route> {
        let url = head.url;
        let content = match head.verb {
            "GET" => Content::Query,
            "POST" => content_of(head),
            _ => return None,
        };
        let segments = segments(url.path());
        let rest = segments
            .iter()
            .rposition(|(_, segment)| decoded(segment) == "rest")?;
        let (before, after) = segments.split_at_checked(rest + 1)?;
        let (place, last) = after.last()?.clone();
        let last = decoded(last);
        let (method, suffix) = without_suffix(&last)?;
        let builder = match url.scheme() {
            "https" => Portal::builder().of_request(),
            "http" => Portal::builder().of_request().allow_http(),
            _ => return None,
        };
        let address = match after {
            [_] => Address::Endpoint(base(url, before), head.authorization.and_then(bearer)),
            [_, _, _] => {
                let webhook = at_segments(url, segments.get(..rest + 3)?);
                Address::Webhook(builder.webhook_at(webhook).ok()?)
            }
            _ => return None,
        };
        Some(Route {
            place,
            method: method.to_owned(),
            suffix: suffix.to_owned(),
            url: url.clone(),
            address,
            content,
        })
    }

    pub(crate) fn method(&self) -> &str {
        &self.method
    }

    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    /// The portal, if the head alone has its address and a credential.
    pub(crate) fn portal(&self) -> Option<Portal> {
        match &self.address {
            Address::Webhook(portal) => Some(portal.clone()),
            // No server takes such a query.
            Address::Endpoint(..) if self.is_long(&[]) => None,
            Address::Endpoint(..) => self.portal_with(&decoded_query(&self.url)),
        }
    }

    /// Whether reading the call takes long.
    pub(crate) fn is_long(&self, body: &[u8]) -> bool {
        let is_long = match self.content {
            Content::Json => offload::is_long(body),
            _ => offload::is_long_form(body),
        };
        is_long || offload::is_long_form(self.url.query().unwrap_or_default().as_bytes())
    }

    /// The portal's address; `None` if no portal can have it.
    pub(super) fn portal_address(&self) -> Option<PortalId> {
        match &self.address {
            Address::Webhook(portal) => Some(portal.address().clone()),
            Address::Endpoint(endpoint, _) => PortalId::at_endpoint(endpoint).ok(),
        }
    }

    /// Whether a portal reads the body.
    pub(crate) fn has_body(&self) -> bool {
        self.content != Content::Query
    }

    /// Whether the gate reads such a body as a portal does.
    ///
    /// # Errors
    ///
    /// [`UnreadableError`] when a portal would see parameters in it that the gate does not.
    pub(crate) fn readable(&self) -> Result<(), UnreadableError> {
        if self.suffix.eq_ignore_ascii_case(XML) {
            return Err(UnreadableError::Xml {
                method: self.method.clone(),
            });
        }
        let what = match self.content {
            Content::Multipart => "multipart/form-data",
            Content::Encoded => "compressed",
            Content::Query | Content::Json | Content::Form => return Ok(()),
        };
        Err(UnreadableError::Content {
            method: self.method.clone(),
            what,
        })
    }

    /// The call, by the body. `None` if it has no credential: it is passed on untouched, and a
    /// portal refuses it.
    pub(crate) fn read(mut self, body: &[u8]) -> Option<Recognised> {
        let in_query = query::decode_whole(self.url.query().unwrap_or_default());
        let mut is_beyond = in_query.is_none();
        // The part that is read can have the credential.
        let mut params = in_query.unwrap_or_else(|| decoded_query(&self.url));
        let of_body = match self.content {
            _ if body.is_empty() => Map::new(),
            Content::Json if !budget::is_within(body, Budget::CALL.values) => {
                is_beyond = true;
                Map::new()
            }
            Content::Json => match serde_json::from_slice(body) {
                Ok(Value::Object(members)) => members,
                // A portal runs such a call without parameters.
                Ok(_) => Map::new(),
                Err(error) => {
                    is_beyond = is_of_limits(&error);
                    Map::new()
                }
            },
            Content::Form => query::decode_whole(body.trim_ascii()).unwrap_or_else(|| {
                is_beyond = true;
                Map::new()
            }),
            Content::Query | Content::Multipart | Content::Encoded => Map::new(),
        };
        if body.is_empty() {
            self.content = Content::Query;
        }
        let in_body = CREDENTIALS.iter().filter_map(|name| of_body.get_key_value(*name));
        let credential = in_body
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        params.extend(of_body);
        let portal = self.portal_with(&params)?;
        params.retain(|name, _| !CREDENTIALS.contains(&name.as_str()));
        Some(Recognised {
            portal,
            call: Call::with_params(self.method.clone(), params),
            route: self,
            of_body: credential,
            is_beyond,
        })
    }

    fn portal_with(&self, params: &Map<String, Value>) -> Option<Portal> {
        let endpoint = match &self.address {
            Address::Webhook(portal) => return Some(portal.clone()),
            Address::Endpoint(endpoint, _) => endpoint,
        };
        let token = self.token_with(params)?;
        let mut builder = Portal::builder().of_request();
        if self.url.scheme() == "http" {
            builder = builder.allow_http();
        }
        builder.oauth(endpoint, RequestToken::new(&token)).ok()
    }

    /// The access token, from the head or from these parameters. A webhook has none.
    fn token_with(&self, params: &Map<String, Value>) -> Option<AccessToken> {
        let Address::Endpoint(_, bearer) = &self.address else {
            return None;
        };
        let in_params = || {
            let mut values = CREDENTIALS.iter().filter_map(|name| params.get(*name));
            values.find_map(Value::as_str).map(AccessToken::new)
        };
        bearer.clone().or_else(in_params)
    }
}

impl Recognised {
    /// Whether the gate reads the body as a portal does.
    ///
    /// # Errors
    ///
    /// [`UnreadableError`] when a portal would see parameters in it that the gate does not.
    pub(super) fn readable(&self) -> Result<(), UnreadableError> {
        match self.is_beyond {
            false => Ok(()),
            true => Err(UnreadableError::Content {
                method: self.call.method().to_owned(),
                what: "nested too deep, or has too large a number, or too many values or fields",
            }),
        }
    }

    /// The access token that is the credential.
    #[cfg(any(feature = "reqwest-middleware", all(feature = "reqwest", feature = "tower")))]
    pub(crate) fn access_token(&self) -> Option<AccessToken> {
        let mut params = decoded_query(&self.route.url);
        params.extend(self.of_body.clone());
        self.route.token_with(&params)
    }

    /// The request with this call in place of its own. The parameters keep their format, and the
    /// credential its place.
    pub(crate) fn write(&self, call: &Call) -> RequestParts {
        let route = &self.route;
        let mut url = route.url.clone();
        if call.method() != route.method {
            let mut path = url.path().to_owned();
            path.replace_range(route.place.clone(), &format!("{}{}", call.method(), route.suffix));
            url.set_path(&path);
        }
        let mut text = credentials_of(&url);
        let body = match route.content {
            Content::Query => {
                let params = query::encode(call.params());
                if !text.is_empty() && !params.is_empty() {
                    text.push('&');
                }
                text.push_str(&params);
                None
            }
            Content::Json => {
                let mut params = call.params().clone();
                params.extend(self.of_body.clone());
                Some(Value::Object(params).to_string().into_bytes())
            }
            Content::Form | Content::Multipart | Content::Encoded => {
                let mut params = call.params().clone();
                params.extend(self.of_body.clone());
                Some(query::encode(&params).into_bytes())
            }
        };
        url.set_query(Some(text.as_str()).filter(|text| !text.is_empty()));
        RequestParts { url, body }
    }
}

impl fmt::Debug for Recognised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recognised")
            .field("portal", &self.portal)
            .field("call", &self.call)
            .finish_non_exhaustive()
    }
}

/// Whether the error is about a limit of the parser. Portals read 512 levels and numbers of any
/// size.
fn is_of_limits(error: &serde_json::Error) -> bool {
    let text = error.to_string();
    ["recursion limit exceeded", "number out of range"]
        .iter()
        .any(|limit| text.starts_with(limit))
}

fn content_of(head: &Head<'_>) -> Content {
    let is_encoded = |encoding: &str| !encoding.trim().eq_ignore_ascii_case("identity");
    if head.content_encoding.is_some_and(is_encoded) {
        return Content::Encoded;
    }
    let mime = head.content_type.unwrap_or_default();
    let mime = mime.split(';').next().unwrap_or_default().trim();
    if mime.eq_ignore_ascii_case("application/json") {
        Content::Json
    } else if mime.eq_ignore_ascii_case("multipart/form-data") {
        Content::Multipart
    } else {
        Content::Form
    }
}

fn bearer(authorization: &str) -> Option<AccessToken> {
    let (scheme, token) = authorization.trim().split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| AccessToken::new(token))
}

fn decoded_query(url: &Url) -> Map<String, Value> {
    query::decode(url.query().unwrap_or_default())
}

/// The part of a query that is the credential, as it is written.
fn credentials_of(url: &Url) -> String {
    let pairs = url.query().unwrap_or_default().split('&');
    let own: Vec<&str> = pairs
        .filter(|pair| {
            let names = query::decode(pair);
            names.keys().any(|name| CREDENTIALS.contains(&name.as_str()))
        })
        .collect();
    own.join("&")
}
