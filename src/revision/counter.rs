//! The four counters.

use crate::word::as_word;

/// One of the counters that `imbot.v2.Revision.get` reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Counter {
    /// The server's REST API. The table gates on this counter.
    Rest,
    /// The web client's protocol.
    Web,
    /// The mobile client's protocol.
    Mobile,
    /// The desktop client's protocol. It may fall: in 2025 a portal's setting decided
    /// between 5 and 6. Portals below REST revision 26 do not report it.
    Desktop,
}

impl Counter {
    /// Every counter, in the order of the documentation.
    pub const ALL: [Counter; 4] = [Counter::Rest, Counter::Web, Counter::Mobile, Counter::Desktop];

    /// The key on the wire and in the table: `rest`, `web`, `mobile`, `desktop`. `Display`,
    /// `FromStr` and serde use the same word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Counter::Rest => "rest",
            Counter::Web => "web",
            Counter::Mobile => "mobile",
            Counter::Desktop => "desktop",
        }
    }

    /// The name in texts for people.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Counter::Rest => "REST",
            other => other.as_str(),
        }
    }

    pub(crate) const fn index(self) -> usize {
        self as usize
    }

    pub(crate) fn of_word(word: &str) -> Option<Counter> {
        Counter::ALL.into_iter().find(|counter| counter.as_str() == word)
    }
}

as_word!(
    Counter,
    "counter",
    Counter::of_word,
    Counter::ALL.into_iter().map(Counter::as_str)
);
