//! What a gate may do, row by row.

use std::borrow::Cow;

use crate::feature::Feature;

/// What a gate does where a call relies on something that the portal has not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mode {
    /// Adapts the call where the table declares how, and refuses it elsewhere.
    #[default]
    Adapt,
    /// Refuses the call, also where it could be adapted. A change of the reply alone is
    /// made all the same.
    Reject,
    /// Sends the call as it is, and notes what would have been done: in the plan, the
    /// log and the report.
    Observe,
    /// Sends the call as it is, and says nothing.
    Off,
}

impl Mode {
    /// Whether it changes nothing and refuses nothing.
    pub(crate) fn is_idle(self) -> bool {
        matches!(self, Self::Off | Self::Observe)
    }
}

/// The mode of a gate, and those of single rows.
///
/// ```
/// use imbot_caps::Feature;
/// use imbot_caps::plan::{Mode, Policy};
///
/// let policy = Policy::new(Mode::Adapt)
///     .feature(Feature::SupportOpenlineUpdate, Mode::Observe)
///     .row("acme.voice", Mode::Reject);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Policy {
    mode: Mode,
    rows: Vec<(Cow<'static, str>, Mode)>,
    client_id_in_webhook_url: bool,
}

impl Policy {
    /// One mode for all.
    #[must_use]
    pub fn new(mode: Mode) -> Self {
        Self {
            mode,
            rows: Vec::new(),
            client_id_in_webhook_url: false,
        }
    }

    /// Another mode for this feature.
    #[must_use]
    pub fn feature(self, feature: Feature, mode: Mode) -> Self {
        self.row(feature.id(), mode)
    }

    /// Another mode for the row with this id, such as one of an overlay.
    #[must_use]
    pub fn row(mut self, id: impl Into<Cow<'static, str>>, mode: Mode) -> Self {
        let id = id.into();
        self.rows.retain(|(own, _)| *own != id);
        self.rows.push((id, mode));
        self
    }

    /// Allows the gate to write `CLIENT_ID=<botToken>` into the address that a webhook's bot
    /// hears its events at.
    ///
    /// Portals that lack
    /// [`Feature::WebhookEventsWithoutClientId`](crate::Feature::WebhookEventsWithoutClientId)
    /// drop all events of such a bot in silence unless its address has that parameter.
    /// The gate refuses the registration or update there, unless this is allowed. It never
    /// touches an application's bot, a bot that polls, or an address that has the right
    /// `CLIENT_ID`. One with another value is replaced.
    ///
    /// **The price:** each event then brings the token of the bot in the address, so it
    /// stands in the access log of the server that receives the events, and of each proxy
    /// before it.
    #[must_use]
    pub fn client_id_in_webhook_url(mut self) -> Self {
        self.client_id_in_webhook_url = true;
        self
    }

    pub(super) fn allows_client_id_in_webhook_url(&self) -> bool {
        self.client_id_in_webhook_url
    }

    /// Whether it changes nothing and refuses nothing.
    pub(super) fn is_idle(&self) -> bool {
        self.mode.is_idle() && self.rows.iter().all(|(_, mode)| mode.is_idle())
    }

    /// The mode for a row.
    #[must_use]
    pub fn mode(&self, id: &str) -> Mode {
        self.rows
            .iter()
            .find(|(own, _)| own == id)
            .map_or(self.mode, |(_, mode)| *mode)
    }
}
