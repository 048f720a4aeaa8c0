//! The four counters.

use std::fmt;

/// One of the counters that `imbot.v2.Revision.get` reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Axis {
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

impl Axis {
    /// Every axis, in the order of the documentation.
    pub const ALL: [Axis; 4] = [Axis::Rest, Axis::Web, Axis::Mobile, Axis::Desktop];

    /// The key on the wire and in the table: `rest`, `web`, `mobile`, `desktop`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Axis::Rest => "rest",
            Axis::Web => "web",
            Axis::Mobile => "mobile",
            Axis::Desktop => "desktop",
        }
    }

    pub(crate) const fn index(self) -> usize {
        self as usize
    }

    pub(crate) fn from_key(key: &str) -> Option<Axis> {
        Axis::ALL.into_iter().find(|axis| axis.key() == key)
    }
}

impl fmt::Display for Axis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Axis::Rest => "REST",
            other => other.key(),
        })
    }
}
