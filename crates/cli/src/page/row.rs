//! One row: the facts of a feature as the page shows them.

use std::fmt;

use imbot_caps::table::{Applies, Kind, Row, Shim, ValueKind};
use imbot_caps::{Counter, Requirement, Revision, Table};

use super::source::Link;

/// A feature with what the page derives from its row.
pub(super) struct RowView {
    pub(super) row: &'static Row,
    pub(super) requirement: Requirement,
    /// The least generation of imbot.v2: 0 none, 1 any, 2 one with `imbot.v2.Revision.get`.
    pub(super) generation: u8,
    /// The modules to update to.
    pub(super) update: Update,
    pub(super) source: Link,
    pub(super) evidence: Option<Link>,
}

/// Module versions that are enough for a feature.
pub(super) struct Update {
    pub(super) im: Option<&'static str>,
    pub(super) imbot: Option<&'static str>,
}

/// A list with the word that says what it is.
pub(super) struct Named {
    pub(super) en: &'static str,
    pub(super) ru: &'static str,
    pub(super) items: Vec<&'static str>,
}

impl RowView {
    pub(super) fn new(row: &'static Row, table: &'static Table, revision_get: Revision) -> Self {
        let requirement = row.requirement();
        let since = requirement.since().unwrap_or_default();
        let generation = match (requirement.needs_imbot_v2(), requirement.counter()) {
            (false, _) => 0,
            // An imbot without this method also lacks all that came with it or later.
            (true, Counter::Rest) if since >= revision_get => 2,
            (true, _) => 1,
        };
        Self {
            row,
            requirement,
            generation,
            update: Update::to(row, requirement, table, revision_get),
            source: Link::to(row.source()),
            evidence: row.evidence().map(Link::to),
        }
    }

    /// The counter, if it is not REST.
    pub(super) fn other_counter(&self) -> Option<Counter> {
        Some(self.requirement.counter()).filter(|counter| *counter != Counter::Rest)
    }

    /// What to do on a portal that has it, if it holds a trap.
    pub(super) fn trap(&self) -> Option<&'static str> {
        Some(match self.row.when_present()? {
            Shim::Refuse => "Do not send such a call: the portal rejects it, or it does harm.",
            Shim::StripSecret => "Remove the field before anything is stored or logged.",
            Shim::Boolean => "Send a JSON boolean in place of the text.",
            Shim::BotAddress => {
                "After the registration, compare the bot's address with yours. If it differs, call imbot.v2.Bot.update."
            }
            other => other.as_str(),
        })
    }

    /// Whether the danger is about portals without it. The table does not say so. But a fix, or a parameter that came with
    /// a revision, fails in silence on older portals.
    pub(super) fn is_danger_without_it(&self) -> bool {
        let came_later = self.requirement.since().is_some();
        let fails_in_silence = self.row.kind() == Kind::Fix || self.row.applies().request().len() > 0;
        came_later && fails_in_silence && self.row.when_present().is_none()
    }

    /// The automatic change of a call to a portal without it.
    pub(super) fn shim(&self) -> Option<&'static str> {
        match self.row.fallback()?.shim() {
            Shim::NoFallback | Shim::Refuse => None,
            shim => Some(shim.as_str()),
        }
    }

    /// The parts of calls and events that it is about, without empty lists.
    pub(super) fn parts(&self) -> Vec<Named> {
        let applies: &'static Applies = self.row.applies();
        let named = |en, ru, items: Vec<&'static str>| Named { en, ru, items };
        let mut parts = vec![
            named("Parameters:", "Параметры:", applies.request().collect()),
            named("Reply fields:", "Поля ответа:", applies.response().collect()),
            named("Event fields:", "Поля события:", applies.data().collect()),
            named("Error codes:", "Коды ошибок:", applies.errors().collect()),
            named(
                "Kind of value:",
                "Вид значения:",
                applies.value().map(ValueKind::as_str).into_iter().collect(),
            ),
            named("Values:", "Значения:", applies.values().collect()),
        ];
        parts.retain(|part| !part.items.is_empty());
        parts
    }
}

impl Update {
    /// By the row; else by the first release with the revision whose module version is known.
    fn to(
        row: &'static Row,
        requirement: Requirement,
        table: &'static Table,
        revision_get: Revision,
    ) -> Self {
        let nothing = Self {
            im: None,
            imbot: None,
        };
        let replaced = matches!(row.kind(), Kind::Removed | Kind::Deprecated);
        if replaced || requirement.counter() != Counter::Rest {
            return nothing;
        }
        if row.im_versions().or(row.imbot_versions()).is_some() {
            return Self {
                im: row.im_versions(),
                imbot: row.imbot_versions(),
            };
        }
        let releases = table.releases();
        let im = requirement.since().and_then(|since| {
            let enough = releases
                .filter(|release| release.rest() >= since)
                .find_map(|release| release.im_versions());
            enough.map(|versions| versions.first())
        });
        let builds = table.imbot_v2_builds();
        let imbot = match requirement.since() {
            _ if !requirement.needs_imbot_v2() => None,
            None => Some(builds.first_with_imbot_v2()),
            Some(since) if since <= revision_get => Some(builds.first_with_revision_get()),
            // No imbot version of a later revision is known.
            Some(_) => None,
        };
        Self { im, imbot }
    }

    pub(super) fn is_known(&self) -> bool {
        self.im.or(self.imbot).is_some()
    }
}

impl fmt::Display for Update {
    /// `im 26.300.0, imbot 26.100.0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let version = |text: &'static str| text.trim_start_matches([' ', '>', '=']);
        let known = [("im", self.im), ("imbot", self.imbot)];
        let known = known
            .into_iter()
            .filter_map(|(module, version)| Some((module, version?)));
        for (nth, (module, text)) in known.enumerate() {
            let comma = if nth > 0 { ", " } else { "" };
            write!(f, "{comma}{module}\u{a0}{}", version(text))?;
        }
        Ok(())
    }
}
