//! The changes that a gate may make, by row.

use std::borrow::Cow;

use crate::feature::{Feature, Requirement};
use crate::word::words;

words! {
    /// What a gate does with a call that uses a feature the portal lacks.
    #[derive(Default)]
    "mode of a gate" Mode {
        /// Adapts the call if the table says how, and refuses it otherwise.
        #[default]
        Adapt = "adapt",
        /// Refuses the call, even if the table says how to adapt it. The reply is still changed.
        Reject = "reject",
        /// Sends the call as it is. The plan, the log and the report have the change that
        /// [`Mode::Adapt`] would make.
        Observe = "observe",
        /// Sends the call as it is. Plan, log and report have nothing about it.
        Off = "off",
    }
}

words! {
    /// The kind of the credential that sends a call.
    #[derive(Default)]
    "kind of credential" CredentialKind {
        /// An application's token.
        #[default]
        Application = "application",
        /// A webhook. It may not remove event handlers, so a plan only notes their removal.
        Webhook = "webhook",
    }
}

impl Mode {
    /// Whether calls pass without change or refusal.
    pub(crate) fn is_idle(self) -> bool {
        matches!(self, Self::Off | Self::Observe)
    }
}

/// The mode of a gate, and other modes for single rows.
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
    bot_token_in_event_url: bool,
}

impl Policy {
    /// One mode for all rows.
    #[must_use]
    pub fn new(mode: Mode) -> Self {
        Self {
            mode,
            rows: Vec::new(),
            bot_token_in_event_url: false,
        }
    }

    /// Another mode for this feature.
    #[must_use]
    pub fn feature(self, feature: Feature, mode: Mode) -> Self {
        self.row(feature.as_str(), mode)
    }

    /// Another mode for the row with this id, such as one of an overlay.
    #[must_use]
    pub fn row(mut self, id: impl Into<Cow<'static, str>>, mode: Mode) -> Self {
        let id = id.into();
        self.rows.retain(|(own, _)| *own != id);
        self.rows.push((id, mode));
        self
    }

    /// Allows the gate to write `CLIENT_ID=<botToken>` into the address that receives the events
    /// of a webhook's bot.
    ///
    /// Portals that lack
    /// [`Feature::WebhookEventsWithoutClientId`](crate::Feature::WebhookEventsWithoutClientId)
    /// drop all events of such a bot, without an error, if its address lacks that parameter.
    /// Without this permission the gate refuses the registration or update there. It never
    /// changes an application's bot, a bot that polls, or an address with the right
    /// `CLIENT_ID`. It replaces another value.
    ///
    /// **The price:** each event then has the bot's token in its address. So the token appears
    /// in the access log of the server that receives the events, and of each proxy before it.
    #[must_use]
    pub fn bot_token_in_event_url(mut self) -> Self {
        self.bot_token_in_event_url = true;
        self
    }

    pub(super) fn allows_bot_token_in_event_url(&self) -> bool {
        self.bot_token_in_event_url
    }

    /// Whether calls pass without change or refusal.
    pub(super) fn is_idle(&self) -> bool {
        self.mode.is_idle() && self.rows.iter().all(|(_, mode)| mode.is_idle())
    }

    /// The requirements that a call must meet: those whose mode is not idle.
    pub(crate) fn enforced<'r>(&self, needs: &'r [Requirement]) -> impl Iterator<Item = &'r Requirement> {
        needs.iter().filter(|own| !self.mode(own.id()).is_idle())
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
