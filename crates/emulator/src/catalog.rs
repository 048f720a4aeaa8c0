//! The methods that exist, and how a name finds one.
//!
//! Two kinds live side by side. Legacy methods stand in a map under lower-case
//! keys. Controllers are classes in files: their path is spelled exactly, their
//! last segment is an action in any case, and the look-up only asks whether the
//! class exists. So an unknown action of an existing controller is found here,
//! and fails after authorisation.

use imbot_caps::Feature;

use super::build::{Build, Imbot};
use super::envelope::RestError;
use super::methods::{Handler, stubs};

mod list;

use list::{CONTROLLERS, Controller, LEGACY};

/// What a name leads to.
pub(super) struct Found {
    /// The scope that a credential needs; `None` is granted to all.
    pub(super) scope: Option<&'static str>,
    /// Whether the method reads its parameters in upper case.
    pub(super) is_legacy: bool,
    /// What to run, or the error of an action that does not exist.
    pub(super) action: Result<Handler, RestError>,
}

/// A method in the map, which the table may say this build has not.
///
/// The messenger's methods are those of the table; few of them have a state of
/// their own here.
fn find_legacy(build: &Build, name: &str) -> Option<Found> {
    let listed = LEGACY.iter().find(|method| method.name == name);
    let feature = table_row(name);
    if feature.is_some_and(|feature| !build.supports(feature)) {
        return None;
    }
    let (scope, run) = match (listed, feature) {
        (Some(method), _) => (method.scope, method.run),
        (None, Some(_)) => (Some("im"), stubs::handler(name)),
        (None, None) => return None,
    };
    Some(Found {
        scope,
        is_legacy: true,
        action: Ok(run),
    })
}

/// The row of a method in the map, by its name in lower case.
fn table_row(name: &str) -> Option<Feature> {
    legacy_rows().find(|feature| feature.as_str().to_lowercase() == name)
}

/// The rows that are methods and no actions of controllers.
fn legacy_rows() -> impl Iterator<Item = Feature> {
    Feature::all().filter(|feature| {
        let id = feature.as_str();
        let is_method = feature.row().applies().methods().eq([id]);
        let is_controller = id.contains(".v2.") || *feature == Feature::ImRevisionGet;
        is_method && !is_controller
    })
}

/// All names in the map of this build, in order.
pub(super) fn legacy_names(build: &Build) -> Vec<String> {
    let rows = legacy_rows().map(|feature| feature.as_str().to_lowercase());
    let mut names: Vec<_> = LEGACY
        .iter()
        .map(|method| method.name.to_owned())
        .chain(rows)
        .filter(|name| find_legacy(build, name).is_some())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Looks one spelling up; `None` when there is nothing of that name.
///
/// # Errors
///
/// When the module that the name belongs to is not installed.
pub(super) fn find(build: &Build, name: &str) -> Result<Option<Found>, RestError> {
    if let Some(found) = find_legacy(build, name) {
        return Ok(Some(found));
    }
    let Some((module, rest)) = name.split_once('.') else {
        return Ok(None);
    };
    if module == "imbot" && build.imbot_level() == Imbot::NotInstalled {
        return Err(RestError::new("2210205", "Could not find module imbot"));
    }
    Ok(CONTROLLERS
        .iter()
        .filter(|controller| controller.module == module && (controller.exists)(build))
        .find_map(|controller| Some((controller, controller.action_in(rest)?)))
        .map(|(controller, action)| Found {
            scope: Some(controller.module),
            is_legacy: false,
            action: controller.action(action),
        }))
}

impl Controller {
    /// The action that the rest of a name asks of this controller.
    fn action_in<'n>(&self, rest: &'n str) -> Option<&'n str> {
        let (mut path, action) = rest.rsplit_once('.')?;
        if let Some(alias) = self.alias {
            let (first, after) = path.split_once('.')?;
            if !first.eq_ignore_ascii_case(alias) {
                return None;
            }
            path = after;
        }
        (path == self.path).then_some(action)
    }

    fn action(&self, name: &str) -> Result<Handler, RestError> {
        self.actions
            .iter()
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, run)| *run)
            .ok_or_else(|| {
                let class = self.class;
                RestError::new(
                    "22002",
                    format!("Could not find description of {name} in {class}"),
                )
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(build: &Build, name: &str) -> &'static str {
        match find(build, name) {
            Err(_) => "not installed",
            Ok(None) => "nothing",
            Ok(Some(found)) if found.action.is_err() => "no action",
            Ok(Some(_)) => "method",
        }
    }

    #[test]
    fn controller_paths_are_exact() {
        let build = Build::rest(33);
        for (name, what) in [
            ("imbot.v2.Revision.get", "method"),
            ("imbot.V2.Revision.GET", "method"),
            ("imbot.v2.revision.get", "nothing"),
            ("imbot.Revision.get", "nothing"),
            ("IMBOT.v2.Revision.get", "nothing"),
            ("imbot.v2.Revision.foo", "no action"),
            ("imbot.v2.Revision.", "no action"),
            ("imbot.v2.Chat.Message.send", "method"),
            ("imbot.v2.chat.Message.send", "nothing"),
            ("im.revision.get", "method"),
            ("imbot.register", "method"),
            ("imbot.v2", "nothing"),
            ("imbot", "nothing"),
            (".", "nothing"),
            ("", "nothing"),
        ] {
            assert_eq!(finds(&build, name), what, "{name}");
        }
    }

    #[test]
    fn missing_methods_are_not_found() {
        for (build, revision, bot) in [
            (Build::rest(30), "nothing", "nothing"),
            (Build::rest32_without_imbot_v2(), "nothing", "nothing"),
            (Build::rest32_with_imbot_v2(), "nothing", "method"),
            (Build::rest(33), "method", "method"),
            (Build::rest(33).imbot(Imbot::WithoutV2), "nothing", "nothing"),
            (Build::rest(32).imbot(Imbot::WithRevisionGet), "method", "method"),
            (
                Build::rest(33).imbot(Imbot::NotInstalled),
                "not installed",
                "not installed",
            ),
        ] {
            assert_eq!(finds(&build, "imbot.v2.Revision.get"), revision, "{build:?}");
            assert_eq!(finds(&build, "imbot.v2.Bot.list"), bot, "{build:?}");
            assert_eq!(finds(&build, "imbot.bot.list"), "method", "{build:?}");
        }
    }
}
