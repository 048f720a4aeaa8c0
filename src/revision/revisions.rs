//! What a portal reported.

use std::fmt;

use super::counter::Counter;
use super::number::Revision;

/// The counters that a portal reported.
///
/// The reader accepts the forms that portals use, and rejects wrong values:
///
/// - A key that is missing or `null` counts as not reported. Other keys are ignored.
/// - A whole number may come as an integer, as a float without fraction, or as a string of
///   digits: PHP and proxies produce all three.
/// - A negative, fractional or too large number (above [`MAX_REVISION`](crate::revision::MAX_REVISION)),
///   a boolean, a list and an object are wrong. For `rest` a wrong value is an error that
///   names the key. For another counter it counts as not reported, so that `rest` is kept. (A
///   probe keeps the other counters when `rest` is wrong.)
///
/// ```
/// use imbot_caps::Revisions;
///
/// let seen: Revisions =
///     serde_json::from_str(r#"{"rest": "33", "web": 130.0, "im_revision_mobile": 23}"#)?;
/// assert_eq!(seen.rest(), Some(33));
/// assert_eq!(seen.web(), Some(130));
/// assert_eq!(seen.desktop(), None);
///
/// let refused = serde_json::from_str::<Revisions>(r#"{"rest": -1}"#);
/// assert!(refused.unwrap_err().to_string().contains("`rest`"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Revisions {
    pub(super) reported: [Option<Revision>; 4],
}

impl Revisions {
    /// A portal that reported `rest` and nothing else.
    #[must_use]
    pub const fn rest_only(rest: Revision) -> Self {
        Self {
            reported: [Some(rest), None, None, None],
        }
    }

    /// The same with one more counter reported.
    #[must_use]
    pub fn with(mut self, counter: Counter, value: Revision) -> Self {
        if let Some(slot) = self.reported.get_mut(counter.index()) {
            *slot = Some(value);
        }
        self
    }

    /// The same without the REST revision. `None` if fewer than `least` of the other
    /// counters are above 0.
    pub(crate) fn others(self, least: usize) -> Option<Self> {
        let [_, web, mobile, desktop] = self.reported;
        let reported = [None, web, mobile, desktop];
        let count = reported.iter().filter(|other| **other > Some(0)).count();
        (count >= least).then_some(Self { reported })
    }

    /// The value of one counter, when it was reported.
    #[must_use]
    pub fn get(&self, counter: Counter) -> Option<Revision> {
        self.reported.get(counter.index()).copied().flatten()
    }

    /// The REST revision, when it was reported.
    #[must_use]
    pub fn rest(&self) -> Option<Revision> {
        self.get(Counter::Rest)
    }

    /// The web client's counter, when it was reported.
    #[must_use]
    pub fn web(&self) -> Option<Revision> {
        self.get(Counter::Web)
    }

    /// The mobile client's counter, when it was reported.
    #[must_use]
    pub fn mobile(&self) -> Option<Revision> {
        self.get(Counter::Mobile)
    }

    /// The desktop client's counter, when it was reported.
    #[must_use]
    pub fn desktop(&self) -> Option<Revision> {
        self.get(Counter::Desktop)
    }
}

impl fmt::Debug for Revisions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for counter in Counter::ALL {
            if let Some(value) = self.get(counter) {
                map.entry(&format_args!("{}", counter.as_str()), &value);
            }
        }
        map.finish()
    }
}
