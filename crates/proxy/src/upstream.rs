//! [`Upstream`]: sends to portals: how many calls, through the gate, and to which addresses.

use http::StatusCode;
use imbot_caps::gate::{Gate, GateError, HttpGateLayer, HttpGateService, PortalPattern};
use imbot_caps::transport::NotPublicError;
use tower_layer::Layer;
use tower_service::Service;
use url::Position;

use crate::client::{ClientError, PortalClient, sources};
use crate::code;
use crate::failure::Failure;
use crate::limiter::Limiter;
use crate::portals::{PortalList, Reach};

/// Sends calls to portals.
pub(crate) struct Upstream {
    /// To the portals of the list.
    every: HttpGateService<PortalClient>,
    /// To all others, if the list has any: the client connects to public addresses alone.
    public: HttpGateService<PortalClient>,
    portals: PortalList,
    limiter: Option<Limiter>,
}

impl Upstream {
    pub(crate) fn new(
        gate: &Gate,
        [every, public]: [PortalClient; 2],
        portals: PortalList,
        insecure_http: bool,
        limiter: Option<Limiter>,
    ) -> Self {
        // The list is checked before.
        let pattern = match insecure_http {
            true => PortalPattern::any().allow_http(),
            false => PortalPattern::any(),
        };
        let layer = HttpGateLayer::new(gate).portals(pattern);
        Self {
            every: layer.layer(every),
            public: layer.layer(public),
            portals,
            limiter,
        }
    }

    /// Sends a call when its portal takes one.
    pub(crate) async fn send(&self, call: reqwest::Request) -> Result<reqwest::Response, Failure> {
        let mut gated = match self.portals.reach(call.url()) {
            Some(Reach::Every) => self.every.clone(),
            Some(Reach::Public) => self.public.clone(),
            None => {
                let text = "not sent. The portal is not in the list of this server";
                return Err(Failure::new(StatusCode::FORBIDDEN, code::NOT_LISTED, text));
            }
        };
        if let Some(limiter) = &self.limiter {
            let portal = &call.url()[Position::BeforeHost..Position::AfterPort];
            limiter.wait(portal).await?;
        }
        gated.call(call).await.map_err(failure)
    }
}

fn failure(error: GateError<ClientError>) -> Failure {
    match error {
        GateError::Refused(refused) => {
            let failure = Failure::new(StatusCode::BAD_REQUEST, code::REFUSED, refused.to_string());
            match serde_json::to_value(&*refused) {
                Ok(details) => failure.with(details),
                Err(_) => failure,
            }
        }
        GateError::Unreadable(unreadable) => {
            Failure::new(StatusCode::BAD_REQUEST, code::UNREADABLE, unreadable.to_string())
        }
        GateError::Inner(error) => unsent(error),
        // No other errors are known.
        other => Failure::new(StatusCode::BAD_GATEWAY, code::NO_ANSWER, other.to_string()),
    }
}

/// An error of the way to the portal.
fn unsent(error: ClientError) -> Failure {
    let mut why = error.to_string();
    for cause in sources(&error) {
        if cause.is::<NotPublicError>() {
            let text =
                format!("not sent. {cause}: start the server with --portal for this host, if it is meant");
            return Failure::new(StatusCode::FORBIDDEN, code::NOT_LISTED, text);
        }
        why = format!("{why}: {cause}");
    }
    if error.is_unsent() {
        let text = format!("not sent. There is no connection to the portal: {why}");
        return Failure::new(StatusCode::BAD_GATEWAY, code::UNREACHABLE, text);
    }
    let status = match error.is_timeout() {
        true => StatusCode::GATEWAY_TIMEOUT,
        false => StatusCode::BAD_GATEWAY,
    };
    let text = format!("the call may have run: the portal gave no answer: {why}");
    Failure::new(status, code::NO_ANSWER, text)
}
