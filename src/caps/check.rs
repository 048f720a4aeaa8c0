//! The questions that bot code asks of a portal's caps.

use super::capability::Capability;
use super::caps::Caps;
use super::support::{Support, Unknown, Unsupported};
use crate::feature::Verdict;

impl Caps {
    /// Whether the portal has it. An unknown answer counts as "no", unless
    /// [`on_unknown`](Self::on_unknown) sets another policy.
    #[inline]
    #[must_use]
    pub fn supports(&self, what: impl Capability) -> bool {
        what.is_supported_by(self)
    }

    /// Whether the portal has all of these: features, requirements, or references to them.
    ///
    /// ```
    /// use imbot_caps::{Caps, Feature, Requirement};
    ///
    /// const NEEDS: &[Requirement] = &[
    ///     Feature::SystemMessage.requirement(),
    ///     Requirement::rest("acme.voice", 37).and_imbot_v2(),
    /// ];
    ///
    /// assert!(Caps::at(37).supports_all(NEEDS));
    /// assert!(!Caps::at(36).supports_all(NEEDS));
    /// ```
    #[must_use]
    pub fn supports_all(&self, all: impl IntoIterator<Item: Capability>) -> bool {
        all.into_iter().all(|what| self.supports(what))
    }

    /// Whether the portal has it, with the reason. No policy is applied.
    pub fn check(&self, what: impl Capability) -> Support {
        match what.range(self).decide(self.knowledge()) {
            Verdict::Met => Support::Supported,
            Verdict::Unmet => Support::Unsupported(Unsupported::new(self, what)),
            Verdict::Open => Support::Unknown(Unknown(Unsupported::new(self, what))),
        }
    }

    /// Succeeds if [`supports`](Self::supports) is true.
    ///
    /// # Errors
    ///
    /// [`Unsupported`] otherwise: the requirement, the portal's state and its source, and
    /// advice. Its [`cause`](Unsupported::cause) is
    /// [`Cause::NotKnown`](super::Cause::NotKnown) if the answer is unknown.
    pub fn require(&self, what: impl Capability) -> Result<(), Unsupported> {
        if self.supports(&what) {
            Ok(())
        } else {
            Err(Unsupported::new(self, what))
        }
    }

    /// [`require`](Self::require) of each of these, in their order.
    ///
    /// # Errors
    ///
    /// [`Unsupported`] of the first that the portal lacks.
    pub fn require_all(&self, all: impl IntoIterator<Item: Capability>) -> Result<(), Unsupported> {
        all.into_iter().try_for_each(|what| self.require(what))
    }

    /// Calls one of two functions: `new` if the portal has it, `old` otherwise.
    ///
    /// ```
    /// use imbot_caps::{Caps, Feature};
    /// use serde_json::json;
    ///
    /// let system = |caps: Caps| caps.choose(Feature::SystemMessage, || json!(true), || json!("Y"));
    /// assert_eq!(system(Caps::at(33)), json!(true));
    /// assert_eq!(system(Caps::at(32)), json!("Y"));
    /// ```
    pub fn choose<T>(&self, what: impl Capability, new: impl FnOnce() -> T, old: impl FnOnce() -> T) -> T {
        if self.supports(what) { new() } else { old() }
    }

    /// [`choose`](Self::choose) for async functions. Only the chosen future is made. Cancel
    /// safe if that future is.
    pub async fn choose_async<T, N, O>(
        &self,
        what: impl Capability,
        new: impl FnOnce() -> N,
        old: impl FnOnce() -> O,
    ) -> T
    where
        N: Future<Output = T>,
        O: Future<Output = T>,
    {
        if self.supports(what) {
            new().await
        } else {
            old().await
        }
    }

    /// The value of the first entry that the portal supports.
    ///
    /// ```
    /// use imbot_caps::{Caps, Feature};
    ///
    /// let ladder = [
    ///     (Feature::ImbotV2ChatMessageSend, "imbot.v2.Chat.Message.send"),
    ///     (Feature::ImMessageAdd, "im.message.add"),
    /// ];
    /// assert_eq!(Caps::at(30).best(ladder), Some("im.message.add"));
    /// ```
    pub fn best<C: Capability, T>(&self, ladder: impl IntoIterator<Item = (C, T)>) -> Option<T> {
        ladder
            .into_iter()
            .find_map(|(what, value)| self.supports(what).then_some(value))
    }
}
