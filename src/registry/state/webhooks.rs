//! The event addresses of a portal's bots, as far as calls have shown them.

use super::State;

/// For how many bots of a portal the address is kept.
const WEBHOOKS: usize = 256;

impl State {
    /// Keeps the event address of a bot. The portal chooses the numbers of bots, so their count is
    /// bounded: above it, new bots are not kept.
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
