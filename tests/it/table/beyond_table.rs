//! What a requirement says that is newer than every release of the table.

use imbot_caps::caps::Cause;
use imbot_caps::plan::{Mode, Policy, plan};
use imbot_caps::wire::Call;
use imbot_caps::{Caps, Counter, Knowledge, Requirement, Revisions, Table};
use imbot_caps_emulator::{Build, Imbot};
use serde_json::json;

/// A portal that reports each counter as the newest builds do, and this REST revision.
fn reporting(rest: u16) -> Caps {
    let others = Counter::ALL
        .into_iter()
        .filter(|counter| *counter != Counter::Rest);
    let seen = others.fold(Revisions::rest_only(rest), |seen, counter| {
        seen.with(counter, newest(counter))
    });
    Caps::new(Knowledge::from_imbot_revision_get(&seen))
}

/// Portals that report all counters, and each release by its number alone, with imbot.v2
/// and without.
fn portals() -> Vec<Caps> {
    let mut portals: Vec<_> = Build::shipped().map(|build| build.caps()).collect();
    for release in Table::builtin().releases() {
        portals.push(Build::rest(release.rest()).imbot(Imbot::WithoutV2).caps());
        portals.push(Caps::at(release.rest()));
    }
    portals.extend([33, 34, 35, 36].map(reporting));
    portals
}

fn newest(counter: Counter) -> u16 {
    let releases = Table::builtin().releases();
    releases.filter_map(|release| release.get(counter)).max().unwrap()
}

/// The revisions of a counter that no release has: the next, and others up to the last.
fn beyond(counter: Counter) -> [u16; 4] {
    let newest = newest(counter);
    [newest + 1, newest + 2, 2 * newest, u16::MAX]
}

#[track_caller]
fn names_no_module(text: &str) {
    assert!(!text.contains("modul"), "{text}");
    let mut words = text.split(|letter: char| !letter.is_ascii_digit() && letter != '.');
    let is_version = |word: &str| {
        let parts = word.trim_matches('.').split('.');
        parts.clone().count() > 1 && parts.clone().all(|part| !part.is_empty())
    };
    assert!(!words.any(is_version), "{text}");
}

#[test]
fn requirement_error_names_newest_release() {
    for counter in Counter::ALL {
        let prefix = match counter {
            Counter::Rest => String::new(),
            counter => format!("{counter} "),
        };
        let newest = newest(counter);
        let mut too_old = 0;
        for since in beyond(counter) {
            let plain = Requirement::on("acme.voice", counter, since);
            let own = [plain, plain.and_imbot_v2()];
            for requirement in own.into_iter().chain(own.map(|own| own.until(u16::MAX))) {
                for caps in portals() {
                    let refused = caps.require(requirement).unwrap_err();
                    let text = refused.to_string();
                    names_no_module(&text);
                    match refused.cause() {
                        Cause::TooOld | Cause::NoImbotV2 => {
                            too_old += 1;
                            let advice = format!(
                                "No release with {prefix}revision {since} is known to this table (newest: {newest})"
                            );
                            assert!(text.contains(&advice), "{text}");
                        }
                        Cause::NotKnown if counter != Counter::Rest => {}
                        // Its range is empty.
                        Cause::Removed if since == u16::MAX => {}
                        cause => panic!("{cause:?}: {text}"),
                    }
                }
            }
        }
        assert!(too_old > 100, "{counter}: {too_old}");
    }
}

/// A row of a parameter that needs so much, with more keys.
fn overlay(requires: &str, more: &str) -> &'static Table {
    let text = format!(
        r#"title = "acme"
version = "0.1.0"
requires = "^2"

[[feature]]
id = "acme.voice"
title = "Voice messages"
kind = "new"
requires = {{ {requires} }}
applies = {{ methods = ["imbot.v2.Chat.Message.send"], request = ["fields.voice"] }}
source = "https://example.com/acme"
confidence = "inferred"
{more}
"#
    );
    Table::builtin().with_overlay(&text).unwrap().leak()
}

fn refusal(caps: &Caps) -> String {
    let fields = json!({"message": "x", "voice": true});
    let call = Call::new("imbot.v2.Chat.Message.send")
        .with("botId", 7)
        .with("botToken", "t0ken")
        .with("dialogId", "chat5")
        .with("fields", fields);
    let policy = Policy::new(Mode::Reject);
    match plan(&call, caps, &policy) {
        Err(refused) => refused.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn refusal_names_newest_release() {
    for counter in Counter::ALL {
        for since in beyond(counter).into_iter().take(2) {
            for api in ["", ", api = \"imbot.v2\""] {
                let table = overlay(&format!("{} = {since}{api}", counter.as_str()), "");
                for caps in [33, 34, 35, 36].map(reporting) {
                    let text = refusal(&caps.with_table(table));
                    names_no_module(text.split_once(". ").unwrap().1);
                    let newest = newest(counter);
                    let advice = format!("revision {since} is known to this table (newest: {newest})");
                    assert!(text.contains(&advice), "{text}");
                }
            }
        }
    }
}

#[test]
fn refusal_names_only_overlay_module() {
    for (module, version) in [("im", "27.100.0"), ("imbot", "27.50.0")] {
        let more = format!("modules = {{ {module} = \">={version}\" }}");
        let table = overlay("rest = 37, api = \"imbot.v2\"", &more);
        for build in [Build::rest(33), Build::rest(36)] {
            let text = refusal(&build.caps().with_table(table));
            assert!(
                text.contains(&format!("{module} to {version} or newer")),
                "{text}"
            );
            names_no_module(
                &text
                    .split_once("Update")
                    .unwrap()
                    .1
                    .replace(version, "")
                    .replace("modul", ""),
            );
        }
    }
}
