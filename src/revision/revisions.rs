//! What a portal reported.

use std::fmt;

use super::axis::Axis;
use super::number::Revision;

/// What a portal reported: each counter, or nothing where it was silent.
///
/// Reading is tolerant where portals differ and strict where a wrong value would
/// be believed:
///
/// - keys that are missing or `null` are "not reported"; other keys are ignored;
/// - a whole number may come as an integer, as a float without fraction, or as
///   a string of digits, since PHP and proxies produce all three;
/// - negative, fractional and absurd values (above [`MAX_REVISION`](crate::MAX_REVISION)), booleans,
///   lists and objects are no counters. For `rest` that is an error that names the
///   key; another axis counts as not reported, since it must not discard `rest`. (A
///   probe keeps the other counters beside a wrong `rest`, too.)
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
    pub fn with(mut self, axis: Axis, value: Revision) -> Self {
        if let Some(slot) = self.reported.get_mut(axis.index()) {
            *slot = Some(value);
        }
        self
    }

    /// The same without the REST revision, where so many other counters than 0 were
    /// reported.
    #[cfg(feature = "registry")]
    pub(crate) fn others(self, least: usize) -> Option<Self> {
        let [_, web, mobile, desktop] = self.reported;
        let reported = [None, web, mobile, desktop];
        let count = reported.iter().filter(|other| **other > Some(0)).count();
        (count >= least).then_some(Self { reported })
    }

    /// The counter of one axis, when it was reported.
    #[must_use]
    pub fn get(&self, axis: Axis) -> Option<Revision> {
        self.reported.get(axis.index()).copied().flatten()
    }

    /// The REST revision, when it was reported.
    #[must_use]
    pub fn rest(&self) -> Option<Revision> {
        self.get(Axis::Rest)
    }

    /// The web client's counter, when it was reported.
    #[must_use]
    pub fn web(&self) -> Option<Revision> {
        self.get(Axis::Web)
    }

    /// The mobile client's counter, when it was reported.
    #[must_use]
    pub fn mobile(&self) -> Option<Revision> {
        self.get(Axis::Mobile)
    }

    /// The desktop client's counter, when it was reported.
    #[must_use]
    pub fn desktop(&self) -> Option<Revision> {
        self.get(Axis::Desktop)
    }
}

impl fmt::Debug for Revisions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for axis in Axis::ALL {
            if let Some(value) = self.get(axis) {
                map.entry(&format_args!("{}", axis.key()), &value);
            }
        }
        map.finish()
    }
}
