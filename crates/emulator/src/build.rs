//! What an emulated portal runs.

use super::clock::{self, Clock};
use imbot_caps::knowledge::ImbotV2Presence;
use imbot_caps::{Caps, Counter, Feature, Knowledge, Table};

/// How much of imbot.v2 a portal's module `imbot` has.
///
/// Apart from the REST revision, which is of module `im`: on premise the two
/// modules are updated one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Imbot {
    /// The module's files are there, but it is not installed: every name below
    /// `imbot.` that is no legacy method is answered with error `2210205`.
    NotInstalled,
    /// No imbot.v2: its methods are not found.
    WithoutV2,
    /// imbot.v2, but `imbot.v2.Revision.get` is not found.
    WithoutRevisionGet,
    /// imbot.v2 with `imbot.v2.Revision.get`.
    WithRevisionGet,
}

/// Which HTTP statuses error answers have, where sources disagree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StatusBasis {
    /// Those that the server's source computes.
    #[default]
    Source,
    /// Those that the documentation prints.
    Documented,
}

/// What a portal runs: revisions, module `imbot`, cloud or on premise.
///
/// ```
/// use imbot_caps_emulator::{Build, Imbot};
///
/// let newest = Build::rest(36);
/// let frozen = Build::rest32_with_imbot_v2().on_premise();
/// // Module im was updated, module imbot was not.
/// let uneven = Build::rest(33).imbot(Imbot::WithoutV2);
/// # let _ = (newest, frozen, uneven);
/// ```
#[derive(Clone, Debug)]
pub struct Build {
    caps: Caps,
    rest: u16,
    web: Option<u16>,
    mobile: Option<u16>,
    desktop: Option<u16>,
    imbot: Imbot,
    on_premise: bool,
    statuses: StatusBasis,
    clock: Clock,
}

impl Build {
    /// A cloud portal at this REST revision, with the other counters and the module
    /// `imbot` of that release.
    ///
    /// Any number will do: one that was never released gets the counters of the
    /// release below it. REST 32 was reported both without and with imbot.v2;
    /// this is the build without, as most were: see
    /// [`rest32_with_imbot_v2`](Self::rest32_with_imbot_v2).
    #[must_use]
    pub fn rest(rest: u16) -> Self {
        let imbot = match Caps::at(rest).supports(Feature::ImbotV2RevisionGet) {
            true => Imbot::WithRevisionGet,
            false => Imbot::WithoutV2,
        };
        Self {
            caps: caps(rest, imbot),
            rest,
            web: reported(Counter::Web, rest),
            mobile: reported(Counter::Mobile, rest),
            desktop: reported(Counter::Desktop, rest),
            imbot,
            on_premise: false,
            statuses: StatusBasis::default(),
            clock: Clock::start(),
        }
    }

    /// Every build that was ever shipped, as far as the table knows its revision,
    /// the oldest first: in the cloud, with both kinds of REST 32.
    pub fn shipped() -> impl Iterator<Item = Build> {
        let twofold = Table::builtin().imbot_v2_builds().rest();
        Table::builtin().releases().flat_map(move |release| {
            let second = (release.rest() == twofold).then(Self::rest32_with_imbot_v2);
            std::iter::once(Self::rest(release.rest())).chain(second)
        })
    }

    /// REST 32 with the v1 methods alone, as from 2023 to April 2026.
    #[must_use]
    pub fn rest32_without_imbot_v2() -> Self {
        Self::rest(Table::builtin().imbot_v2_builds().rest()).imbot(Imbot::WithoutV2)
    }

    /// REST 32 with imbot.v2 and without `imbot.v2.Revision.get`: the builds of
    /// two weeks in April 2026, where a portal can be frozen.
    #[must_use]
    pub fn rest32_with_imbot_v2() -> Self {
        Self::rest(Table::builtin().imbot_v2_builds().rest()).imbot(Imbot::WithoutRevisionGet)
    }

    /// The same with this module `imbot`.
    #[must_use]
    pub fn imbot(mut self, imbot: Imbot) -> Self {
        self.imbot = imbot;
        self.caps = caps(self.rest, imbot);
        self
    }

    /// The same on the owner's server: `time` has another form, and there is no
    /// limit on bots.
    #[must_use]
    pub fn on_premise(mut self) -> Self {
        self.on_premise = true;
        self
    }

    /// The same with this desktop revision, or with none reported.
    ///
    /// Builds of 2025 reported 5 or 6, by a setting of the portal.
    #[must_use]
    pub fn desktop(mut self, desktop: impl Into<Option<u16>>) -> Self {
        self.desktop = desktop.into();
        self
    }

    /// The same with these HTTP statuses of errors.
    #[must_use]
    pub fn status_basis(mut self, statuses: StatusBasis) -> Self {
        self.statuses = statuses;
        self
    }

    /// The same, but what depends on the revision is decided by these caps.
    ///
    /// Revisions are still reported as set: for a table with overlays, say.
    /// Setting the module afterwards takes the caps back.
    #[must_use]
    pub fn deciding_by(mut self, caps: Caps) -> Self {
        self.caps = caps;
        self
    }

    /// What a client that knows this build exactly may rely on.
    #[must_use]
    pub fn caps(&self) -> Caps {
        self.caps
    }

    /// The same by this clock: that of the emulator it runs on.
    pub(super) fn by_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    pub(super) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Now, in seconds since 1970.
    pub(super) fn unix_time(&self) -> u64 {
        self.clock.since_epoch().as_secs()
    }

    /// Now, as portals write dates.
    pub(super) fn now(&self) -> String {
        clock::iso_date(self.clock.since_epoch())
    }

    /// Whether it behaves so today: its revision has the feature, and where the
    /// feature is in force from a date only, that day has come.
    pub(super) fn supports(&self, feature: Feature) -> bool {
        let effective = self.caps.table().row(feature).effective();
        self.caps.supports(feature) && effective.is_none_or(|date| self.clock.has_reached(date))
    }

    /// Whether it still has a form that ends on a day, which has not come.
    pub(super) fn still_has(&self, feature: Feature) -> bool {
        let sunset = self.caps.table().row(feature).sunset();
        self.caps.supports(feature) && sunset.is_none_or(|date| !self.clock.has_reached(date))
    }

    pub(super) fn imbot_level(&self) -> Imbot {
        self.imbot
    }

    pub(super) fn is_on_premise(&self) -> bool {
        self.on_premise
    }

    pub(super) fn error_statuses(&self) -> StatusBasis {
        self.statuses
    }

    /// The counters as `Revision.get` answers them; `desktop` is left out where it
    /// is not reported.
    pub(super) fn revisions(&self) -> serde_json::Map<String, serde_json::Value> {
        [
            ("rest", Some(self.rest)),
            ("web", self.web),
            ("mobile", self.mobile),
            ("desktop", self.desktop),
        ]
        .into_iter()
        .filter_map(|(counter, value)| Some((counter.to_owned(), value?.into())))
        .collect()
    }
}

/// What a client that knows these modules exactly may rely on.
fn caps(rest: u16, imbot: Imbot) -> Caps {
    Caps::new(Knowledge::pinned(rest).with_imbot_v2_presence(match imbot {
        Imbot::NotInstalled | Imbot::WithoutV2 => ImbotV2Presence::Absent,
        Imbot::WithoutRevisionGet => ImbotV2Presence::WithoutRevisionGet,
        Imbot::WithRevisionGet => ImbotV2Presence::WithRevisionGet,
    }))
}

/// What the newest build of a release reported on a counter, by the table; of a
/// release that is not in it, or whose builds nobody saw, the one below.
fn reported(counter: Counter, rest: u16) -> Option<u16> {
    let releases = Table::builtin().releases();
    releases
        .take_while(|release| release.rest() <= rest)
        .filter_map(|release| release.get(counter))
        .last()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_are_what_was_shipped() {
        for (build, imbot) in [
            (Build::rest(18), Imbot::WithoutV2),
            (Build::rest(31), Imbot::WithoutV2),
            (Build::rest32_without_imbot_v2(), Imbot::WithoutV2),
            (Build::rest32_with_imbot_v2(), Imbot::WithoutRevisionGet),
            (Build::rest(33), Imbot::WithRevisionGet),
            (Build::rest(99), Imbot::WithRevisionGet),
        ] {
            assert_eq!(build.imbot, imbot, "{build:?}");
        }
    }

    #[test]
    fn desktop_is_reported_from_26() {
        assert_eq!(Build::rest(25).desktop, None);
        assert_eq!(Build::rest(26).desktop, Some(3));
        assert_eq!(Build::rest(0).desktop, None);
        let build = Build::rest(33);
        assert_eq!(
            (build.web, build.mobile, build.desktop),
            (Some(130), Some(23), Some(6))
        );
        assert!(!Build::rest(30).desktop(None).revisions().contains_key("desktop"));
    }

    #[test]
    fn missing_module_removes_its_features() {
        assert!(Build::rest(33).supports(Feature::SystemMessage));
        assert!(
            !Build::rest(33)
                .imbot(Imbot::WithoutV2)
                .supports(Feature::SystemMessage)
        );
    }
}
