//! The secrets by which a program knows the events of a portal.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use subtle::{Choice, ConstantTimeEq};

/// What a portal puts before the botToken of a bot that a webhook registered.
const OF_WEBHOOKS: &str = "custom";

/// A portal stores so many characters of an `application_token`.
const STORED: usize = 50;

/// The `application_token` that is stored for a portal, and others that are good as well.
///
/// A portal gives the token when the application is installed: see [`Installation`](super::Installation). During a change of the token, add the
/// earlier one. `Debug` shows no token.
///
/// ```
/// use imbot_caps::event::ApplicationTokens;
///
/// let tokens = ApplicationTokens::new("the stored token").or("the earlier token");
/// assert_eq!(format!("{tokens:?}"), "ApplicationTokens(2)");
/// ```
#[derive(Clone)]
pub struct ApplicationTokens(Vec<SecretString>);

impl ApplicationTokens {
    /// The stored token.
    #[must_use]
    pub fn new(token: impl Into<String>) -> Self {
        Self(vec![SecretString::from(token.into())])
    }

    /// The tokens of a bot that a webhook registered with this `botToken`, or with this `CLIENT_ID` by the
    /// older API. A portal sends the text itself with older events, and the word `custom` before it with those of
    /// imbot.v2. It sends 50 characters at most. An empty text stands for no token. Give each portal a botToken of
    /// its own: one that knows the botToken of another can forge its events.
    #[must_use]
    pub fn of_bot(bot_token: &str) -> Self {
        if bot_token.is_empty() {
            return Self::new("");
        }
        let cut = |text: &mut dyn Iterator<Item = char>| text.take(STORED).collect::<String>();
        let newer = cut(&mut OF_WEBHOOKS.chars().chain(bot_token.chars()));
        Self::new(newer).or(cut(&mut bot_token.chars()))
    }

    /// This token of the same portal is good as well. Never put the tokens of two portals together: either could
    /// then send events in the name of the other.
    #[must_use]
    pub fn or(mut self, token: impl Into<String>) -> Self {
        self.0.push(SecretString::from(token.into()));
        self
    }

    /// The tokens of another bot or application of the same portal are good as well.
    #[must_use]
    pub fn or_any_of(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    /// Whether it is one of them. The time depends on the lengths alone.
    pub(super) fn holds(&self, sent: &str) -> bool {
        let is_one = self.0.iter().fold(Choice::from(0), |found, token| {
            let token = token.expose_secret().as_bytes();
            // Two empty tokens are not a proof.
            let is_given = Choice::from(u8::from(!token.is_empty()));
            found | (is_given & sent.as_bytes().ct_eq(token))
        });
        is_one.into()
    }
}

impl fmt::Debug for ApplicationTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApplicationTokens({})", self.0.len())
    }
}
