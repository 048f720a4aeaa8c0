//! Questions about portals and calls: `/caps/{host}` and `/plan`.

use std::time::SystemTime;

use http::Response;
use http::StatusCode;
use imbot_caps::plan::{Planner, Policy};
use imbot_caps::wire::Call;
use imbot_caps::{Caps, PortalId, Registry, Revision};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::body::ProxyBody;
use crate::code;
use crate::failure::{Failure, document};
use crate::portals::{PortalList, endpoint_of};

/// Answers questions from memory. No portal is asked: the server has no credential of its own.
pub(crate) struct Questions {
    pub(crate) registry: Registry,
    pub(crate) policy: Policy,
    pub(crate) portals: PortalList,
    pub(crate) insecure_http: bool,
}

/// The body of `/plan`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// The host of a portal that is known, or the path to it: `box.example/prefix`.
    portal: Option<String>,
    /// A revision, in place of a portal.
    rest: Option<Revision>,
    method: String,
    #[serde(default)]
    params: Map<String, Value>,
}

impl Questions {
    /// What is known of a portal: `acme.bitrix24.com`, or `box.example/prefix`.
    pub(crate) fn caps(&self, portal: &str) -> Result<Response<ProxyBody>, Failure> {
        let (id, caps) = self.known(portal)?;
        let snapshot = self.registry.snapshot();
        let record = snapshot.records().iter().find(|record| *record.address() == id);
        let age = record.and_then(|record| SystemTime::now().duration_since(record.learned()).ok());
        let mut members = Map::new();
        members.insert("portal".to_owned(), id.to_string().into());
        members.insert("age_seconds".to_owned(), age.map(|age| age.as_secs()).into());
        members.insert("caps".to_owned(), value_of(&caps)?);
        Ok(document("caps", members))
    }

    /// What would happen to a call. Nothing is sent.
    pub(crate) fn plan(&self, body: &[u8]) -> Result<Response<ProxyBody>, Failure> {
        let wrong = |text: String| Failure::new(StatusCode::BAD_REQUEST, code::BAD_REQUEST, text);
        let asked: Asked = serde_json::from_slice(body).map_err(|error| {
            wrong(format!(
                "the body is no JSON object with `method`, `params`, and `portal` or `rest`: {error}"
            ))
        })?;
        let caps = match (&asked.portal, asked.rest) {
            (Some(portal), None) => self.known(portal)?.1,
            (None, Some(rest)) => Caps::at(rest),
            _ => return Err(wrong("name either `portal` or `rest`".to_owned())),
        };
        let call = Call::with_params(asked.method, asked.params);
        let mut members = Map::new();
        match Planner::new(&caps, &self.policy).plan(&call) {
            Ok(planned) => {
                if let Value::Object(plan) = value_of(&planned)? {
                    members.extend(plan);
                }
            }
            Err(refused) => {
                members.insert("plan".to_owned(), json!("refuse"));
                members.insert("refused".to_owned(), value_of(&*refused)?);
            }
        }
        Ok(document("plan", members))
    }

    fn known(&self, portal: &str) -> Result<(PortalId, Caps), Failure> {
        let wrong = || {
            let text = "this is no portal: write its host, such as acme.bitrix24.com";
            Failure::new(StatusCode::NOT_FOUND, code::BAD_REQUEST, text)
        };
        let endpoint = endpoint_of(portal, self.insecure_http).ok_or_else(wrong)?;
        if !self.portals.includes(&endpoint) {
            let text = "the portal is not in the list of this server";
            return Err(Failure::new(StatusCode::FORBIDDEN, code::NOT_LISTED, text));
        }
        let id: PortalId = endpoint.as_str().parse().map_err(|_| wrong())?;
        match self.registry.get(&id) {
            Some(caps) => Ok((id, caps)),
            None => {
                let text = "nothing is known of the portal yet: no call to it has passed this server";
                Err(Failure::new(StatusCode::NOT_FOUND, code::UNKNOWN_PORTAL, text))
            }
        }
    }
}

fn value_of(value: &impl serde::Serialize) -> Result<Value, Failure> {
    serde_json::to_value(value).map_err(|error| {
        let text = format!("the answer has no JSON form: {error}");
        Failure::new(StatusCode::INTERNAL_SERVER_ERROR, code::BAD_REQUEST, text)
    })
}
