//! Where the events of a portal's bots go to, as far as it was seen.

use super::State;

/// Of how many bots of a portal this is remembered.
const WEBHOOKS: usize = 256;

impl State {
    /// Remembers where the events of a bot go to. The number of a bot is the portal's
    /// word, so there is a bound: beyond it, new bots are not remembered.
    pub(crate) fn remember_webhook(&mut self, bot: u64, url: Box<str>) {
        if self.webhooks.len() < WEBHOOKS || self.webhooks.contains_key(&bot) {
            self.webhooks.insert(bot, url);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembered_webhooks_are_bounded() {
        let mut state = State::default();
        for bot in 0..10_000 {
            state.remember_webhook(bot, "https://bot.example/".into());
        }
        assert_eq!(state.webhooks.len(), WEBHOOKS);
        state.remember_webhook(0, "https://new.example/".into());
        assert_eq!(
            state.webhooks.get(&0).map(|url| &**url),
            Some("https://new.example/")
        );
    }
}
