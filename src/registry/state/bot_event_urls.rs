//! The event addresses of a portal's bots, as far as calls have shown them.

use super::State;

/// For how many bots of a portal the address is kept.
const MAX_BOTS: usize = 256;

impl State {
    /// Keeps the event address of a bot. The portal chooses the numbers of bots, so their count is
    /// bounded: above it, new bots are not kept.
    pub(crate) fn remember_event_url(&mut self, bot: u64, url: Box<str>) {
        if self.bot_event_urls.len() < MAX_BOTS || self.bot_event_urls.contains_key(&bot) {
            self.bot_event_urls.insert(bot, url);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembered_event_urls_are_bounded() {
        let mut state = State::default();
        for bot in 0..10_000 {
            state.remember_event_url(bot, "https://bot.example/".into());
        }
        assert_eq!(state.bot_event_urls.len(), MAX_BOTS);
        state.remember_event_url(0, "https://new.example/".into());
        assert_eq!(
            state.bot_event_urls.get(&0).map(|url| &**url),
            Some("https://new.example/")
        );
    }
}
