//! An HTTP request to a portal as the REST call that it is, and such a request with
//! another call in it. Pure: what gets the bytes, and sends them, is the adapter's.
//!
//! The steps of an adapter:
//!
//! 1. [`Route::of`] reads the head, and [`admit`] looks at where it leads. A request to a
//!    portal that is not registered, and a call that no row of the table is about, go on
//!    untouched.
//! 2. [`Route::read`] reads the body, where it is at hand. Of a body that is not, the
//!    method alone may be enough: [`enter_unseen`].
//! 3. [`Recognised::concerns`] leaves batches alone that have nothing for a gate.
//! 4. [`Recognised::enter`] lets it in, and [`Exchange`] goes through the passage: it
//!    makes each request that is another than the one that came, and the answer.

use std::fmt;
use std::ops::Range;

use serde_json::{Map, Value};
use url::Url;

use super::live::Gate;
use super::refused::Refused;
use crate::offload;
use crate::portal::{AccessToken, Portal, PortalId};
use crate::wire::budget::{self, Budget};
use crate::wire::{Call, query};

mod entry;
mod exchange;
#[cfg(any(feature = "reqwest-middleware", feature = "tower"))]
pub(super) mod message;
#[cfg(all(feature = "reqwest", any(feature = "reqwest-middleware", feature = "tower")))]
mod of_reqwest;
mod path;
mod portals;
mod token;

#[cfg(any(feature = "reqwest-middleware", feature = "tower"))]
pub(super) use entry::recognise;
pub(super) use entry::{admit, enter_unseen};
pub(super) use exchange::{Answer, Exchange, Limits, Next, Received, Unread};
pub use portals::Portals;

use path::{base, decoded, segments, without_suffix};
use token::RequestToken;

#[cfg(test)]
mod tests;

/// How much of a body that comes as a stream is read, to see the parameters.
pub(super) const BODY_LIMIT: usize = Budget::CALL.bytes;

/// The suffix that asks for an answer in XML.
const XML: &str = ".xml";

/// Names of parameters that are the credential, in the order that a portal looks.
const CREDENTIALS: [&str; 2] = ["auth", "access_token"];

/// What is read of a request before its body.
#[derive(Clone, Copy)]
pub(super) struct Head<'r> {
    /// In capitals.
    pub(super) verb: &'r str,
    pub(super) url: &'r Url,
    pub(super) content_type: Option<&'r str>,
    pub(super) content_encoding: Option<&'r str>,
    pub(super) authorization: Option<&'r str>,
}

/// Where a request leads, by its head.
pub(super) struct Route {
    url: Url,
    /// Where the method stands in the path, with its suffix.
    place: Range<usize>,
    method: String,
    /// `.json` or `.xml` as it was spelled, or nothing.
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
    /// A portal looks at no body, or there is none.
    Query,
    Json,
    /// Whatever is not announced as something else.
    Form,
    /// A portal reads it, and the gate does not.
    Multipart,
    Encoded,
}

/// A request that is a call of a portal.
pub(super) struct Recognised {
    pub(super) portal: Portal,
    /// Without the credential.
    pub(super) call: Call,
    route: Route,
    /// The credential, where it stood in the body.
    of_body: Map<String, Value>,
    /// Whether a portal sees parameters in the body that are not in the call.
    is_beyond: bool,
}

/// The part of a request that is another now. Headers stay, but for those that tell
/// of the body's length.
pub(super) struct Written {
    pub(super) url: Url,
    /// `None` for a request without a body.
    pub(super) body: Option<Vec<u8>>,
}

/// A gate has to see the parameters of a call, and cannot. Nothing was sent.
///
/// It names the method and nothing of the body.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unreadable {
    /// The body comes as a stream and is longer than the gate reads.
    #[error(
        "not sent: {method}. Whether this portal takes the call depends on its parameters, and its body is a stream \
         of more than {limit} bytes: send it as one piece"
    )]
    TooLong {
        /// The method that was called.
        method: String,
        /// The most that is read, in bytes.
        limit: usize,
    },
    /// The body is of a type that is not read: `multipart/form-data`, or compressed.
    #[error(
        "not sent: {method}. Whether this portal takes the call depends on its parameters, and its body is {what}: \
         send it as JSON or as a form"
    )]
    Content {
        /// The method that was called.
        method: String,
        /// What it is instead.
        what: &'static str,
    },
    /// The answer is asked for in XML, which the gate does not read.
    #[error(
        "not sent: {method}. What this portal makes of the call depends on its parameters, and the answer is asked \
         for in XML: leave the suffix out"
    )]
    Xml {
        /// The method that was called.
        method: String,
    },
    /// The stream of the body failed.
    #[error("not sent: {method}. The stream of its body failed")]
    Broken {
        /// The method that was called.
        method: String,
    },
}

/// Why a request is not let in.
pub(super) enum Denied {
    Refused(Box<Refused>),
    Unreadable(Unreadable),
}

impl Route {
    /// Where a request leads; `None` for one that is no call of REST 1.0: it is to be
    /// left alone.
    pub(super) fn of(head: &Head<'_>) -> Option<Route> {
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
        let base = base(url, before);
        let builder = match url.scheme() {
            "https" => Portal::builder().of_request(),
            "http" => Portal::builder().of_request().allow_http(),
            _ => return None,
        };
        let address = match after {
            [_] => Address::Endpoint(base, head.authorization.and_then(bearer)),
            [(_, user), (_, code), _] => {
                Address::Webhook(builder.webhook(&format!("{base}{user}/{code}/")).ok()?)
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

    pub(super) fn method(&self) -> &str {
        &self.method
    }

    /// The portal, where the head alone says which, and with what credential.
    pub(super) fn portal(&self) -> Option<Portal> {
        match &self.address {
            Address::Webhook(portal) => Some(portal.clone()),
            // No server takes such a query.
            Address::Endpoint(..) if self.is_long(&[]) => None,
            Address::Endpoint(..) => self.portal_with(&decoded_query(&self.url)),
        }
    }

    /// The portal's address; none where it is no portal's.
    fn portal_address(&self) -> Option<PortalId> {
        match &self.address {
            Address::Webhook(portal) => Some(portal.address().clone()),
            Address::Endpoint(endpoint, _) => PortalId::at_endpoint(endpoint).ok(),
        }
    }

    /// Whether a portal looks at the body at all.
    pub(super) fn has_body(&self) -> bool {
        self.content != Content::Query
    }

    /// Whether the gate reads such a body as a portal does.
    ///
    /// # Errors
    ///
    /// [`Unreadable`] when a portal would see parameters in it that the gate does not.
    pub(super) fn readable(&self) -> Result<(), Unreadable> {
        if self.suffix.eq_ignore_ascii_case(XML) {
            return Err(Unreadable::Xml {
                method: self.method.clone(),
            });
        }
        let what = match self.content {
            Content::Multipart => "multipart/form-data",
            Content::Encoded => "compressed",
            Content::Query | Content::Json | Content::Form => return Ok(()),
        };
        Err(Unreadable::Content {
            method: self.method.clone(),
            what,
        })
    }

    /// The call, by the body; `None` for one without a credential, which is to be left
    /// alone: a portal refuses it.
    pub(super) fn read(mut self, body: &[u8]) -> Option<Recognised> {
        let in_query = query::decode_whole(self.url.query().unwrap_or_default());
        let mut is_beyond = in_query.is_none();
        // A credential may be among what is read of it.
        let mut params = in_query.unwrap_or_else(|| decoded_query(&self.url));
        let of_body = match self.content {
            _ if body.is_empty() => Map::new(),
            Content::Json if !budget::is_within(body, Budget::CALL.values) => {
                is_beyond = true;
                Map::new()
            }
            Content::Json => match serde_json::from_slice(body) {
                Ok(Value::Object(members)) => members,
                // A portal runs the call without them.
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
            call: Call::of(self.method.clone(), params),
            route: self,
            of_body: credential,
            is_beyond,
        })
    }

    /// Whether reading the call takes long.
    pub(super) fn is_long(&self, body: &[u8]) -> bool {
        let query = self.url.query().unwrap_or_default();
        let is_long = match self.content {
            Content::Json => offload::is_long(body),
            _ => offload::is_long_form(body),
        };
        is_long || offload::is_long_form(query.as_bytes())
    }

    fn portal_with(&self, params: &Map<String, Value>) -> Option<Portal> {
        let (endpoint, bearer) = match &self.address {
            Address::Webhook(portal) => return Some(portal.clone()),
            Address::Endpoint(endpoint, bearer) => (endpoint, bearer),
        };
        let in_params = || {
            let mut values = CREDENTIALS.iter().filter_map(|name| params.get(*name));
            values.find_map(Value::as_str).map(AccessToken::new)
        };
        let token = bearer.clone().or_else(in_params)?;
        let mut builder = Portal::builder().of_request();
        if self.url.scheme() == "http" {
            builder = builder.allow_http();
        }
        builder.oauth(endpoint, RequestToken::new(&token)).ok()
    }
}

impl Recognised {
    /// Whether the gate reads the body as a portal does.
    ///
    /// # Errors
    ///
    /// [`Unreadable`] when a portal would see parameters in it that the gate does not.
    fn readable(&self) -> Result<(), Unreadable> {
        match self.is_beyond {
            false => Ok(()),
            true => Err(Unreadable::Content {
                method: self.call.method().to_owned(),
                what: "nested too deep, or has too large a number, or too many values or fields",
            }),
        }
    }

    /// Whether any row of the table is about it. Where none is, it is not let in, and so
    /// its names are looked at here.
    pub(super) fn concerns(&self, gate: &Gate) -> bool {
        let concerns = gate.concerns_call(&self.call);
        if !concerns {
            gate.watch(self.portal.address(), &self.call);
        }
        concerns
    }

    /// Lets the call in.
    ///
    /// # Errors
    ///
    /// [`Denied`], and nothing was sent.
    pub(super) async fn enter<H>(mut self, gate: &Gate) -> Result<Exchange<H>, Denied> {
        let gated = gate.portal(&self.portal);
        if let Err(unreadable) = self.readable()
            && !gated.settles_now(self.call.method(), true).await
        {
            return Err(Denied::Unreadable(unreadable));
        }
        let call = std::mem::replace(&mut self.call, Call::new(""));
        let passage = gated.begin(call).await.map_err(Denied::Refused)?;
        Ok(Exchange::new(self, passage).await)
    }

    /// The request with this call in place of its own: the parameters in the form
    /// that they came in, the credential where it was.
    pub(super) fn write(&self, call: &Call) -> Written {
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
        Written { url, body }
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

/// Whether it is JSON all the same: portals read 512 levels and numbers of any size.
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

/// What of a query is the credential, as it is written.
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
