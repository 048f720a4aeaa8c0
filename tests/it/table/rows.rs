//! The table holds what it should, and every row decides as it says.

use std::collections::BTreeSet;

use imbot_caps::semver::Version;
use imbot_caps::table::Confidence;
use imbot_caps::table::RevisionBasis;
use imbot_caps::{Caps, Counter, Feature, Knowledge, Support, Table};

use crate::table::expected::{
    CHANGE_CODES, DOCS_ONLY, EDGES, EVENTS, IM_V2_EVENTS, IM_V2_METHODS, METHODS, RELEASES,
};

fn ids() -> BTreeSet<&'static str> {
    Feature::all().map(Feature::as_str).collect()
}

#[test]
fn documented_methods_and_events_have_rows() {
    let ids = ids();
    let wanted = METHODS
        .iter()
        .chain(&EVENTS)
        .chain(IM_V2_METHODS.iter())
        .chain(&IM_V2_EVENTS);
    let missing: Vec<_> = wanted.filter(|id| !ids.contains(**id)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let methods = ids.iter().filter(|id| id.starts_with("imbot.v2.")).count();
    assert_eq!(methods, METHODS.len(), "and no method that is not documented");
    let events = ids.iter().filter(|id| id.starts_with("ONIMBOTV2")).count();
    assert_eq!(events, EVENTS.len());
}

#[test]
fn every_change_has_its_rows() {
    let table = Table::builtin();
    let codes: Vec<_> = table.change_log().map(|change| change.code()).collect();
    let sorted = |codes: &[&str]| {
        codes
            .iter()
            .map(|code| (*code).to_owned())
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(codes.len(), CHANGE_CODES.len());
    assert_eq!(sorted(&codes), sorted(&CHANGE_CODES));
    for change in table.change_log() {
        let rows = table
            .rows()
            .filter(|row| row.change_log_code() == Some(change.code()))
            .count();
        let documentation = DOCS_ONLY.contains(&change.code());
        assert_eq!(
            change.docs_only_reason().is_some(),
            documentation,
            "{}",
            change.code()
        );
        assert_eq!(rows == 0, documentation, "{} has {rows} rows", change.code());
    }
    let booleans = table
        .rows()
        .filter(|row| row.change_log_code() == Some("BOT-FIX-0402-2"))
        .count();
    assert_eq!(booleans, 4, "one row for each of the four fields");
}

#[test]
fn rows_match_handwritten_list() {
    assert!(EDGES.len() >= 25);
    for edge in EDGES {
        let Ok(feature) = edge.id.parse::<Feature>() else {
            panic!("no row {}", edge.id);
        };
        let requirement = feature.requirement();
        assert_eq!(requirement.since(), edge.since, "{} since", edge.id);
        assert_eq!(requirement.first_without(), edge.until, "{} until", edge.id);
        assert_eq!(
            requirement.needs_imbot_v2(),
            edge.imbot_v2,
            "{} imbot.v2",
            edge.id
        );

        // The same by asking, without the row: the portals around each edge.
        let with_api = |rest: u16| Caps::new(Knowledge::pinned(rest).with_imbot_v2());
        if let Some(since) = edge.since {
            assert!(
                !with_api(since - 1).supports(feature),
                "{} at {}",
                edge.id,
                since - 1
            );
            assert!(with_api(since).supports(feature), "{} at {since}", edge.id);
        }
        if let Some(until) = edge.until {
            assert!(
                with_api(until - 1).supports(feature),
                "{} at {}",
                edge.id,
                until - 1
            );
            assert!(!with_api(until).supports(feature), "{} at {until}", edge.id);
        }
        if edge.imbot_v2 {
            for rest in [31, 32, 33, 36] {
                let without = Caps::new(Knowledge::pinned(rest).without_imbot_v2());
                assert!(
                    without.check(feature).is_unsupported(),
                    "{} at {rest} without imbot.v2",
                    edge.id
                );
            }
        }
    }
}

#[test]
fn every_row_has_a_boundary() {
    for feature in Feature::all() {
        let requirement = feature.requirement();
        let dated_alone = requirement.since().is_none()
            && requirement.first_without().is_none()
            && !requirement.needs_imbot_v2();
        assert!(!dated_alone, "{feature} has no side to test");
        let (below, at) = (Caps::just_below(feature), Caps::just_at(feature));
        assert!(below.check(feature).is_unsupported(), "{feature}: {below:?}");
        assert!(at.check(feature).is_supported(), "{feature}: {at:?}");
        let mut answers = Vec::new();
        Caps::for_each_side(feature, |caps| answers.push(caps.supports(feature)));
        let both = requirement.since().is_some() && requirement.first_without().is_some();
        assert_eq!(
            answers,
            if both {
                vec![false, true, true, false]
            } else {
                vec![false, true]
            },
            "{feature}"
        );
        assert!(Caps::unknown().check(feature).is_unknown(), "{feature}");
    }
}

#[test]
fn observed_trust_lowers_the_boundary() {
    let mut seen = 0;
    for feature in Feature::all() {
        let row = feature.row();
        let Some(observed) = row.observed_since() else {
            continue;
        };
        seen += 1;
        let at = Caps::new(Knowledge::pinned(observed).with_imbot_v2());
        assert!(!at.supports(feature), "{feature} is not documented at {observed}");
        assert!(
            at.with_revision_basis(RevisionBasis::Observed).supports(feature),
            "{feature} was seen at {observed}"
        );
        let below = Caps::new(Knowledge::pinned(observed - 1).with_imbot_v2());
        assert!(
            !below
                .with_revision_basis(RevisionBasis::Observed)
                .supports(feature),
            "{feature} below {observed}"
        );
    }
    assert!(seen > 10, "{seen}");
}

#[test]
fn releases_map_versions_to_revisions() {
    for (im, least, most) in RELEASES {
        let version: Version = im.parse().unwrap();
        let known = Table::builtin().knowledge_of(Some(&version), None);
        assert_eq!(
            (known.rest_at_least(), known.rest_at_most()),
            (*least, *most),
            "im {im}"
        );
    }
    let imbot = |version: &str| Table::builtin().knowledge_of(None, Some(&version.parse().unwrap()));
    for (version, api, revision_get) in [
        ("25.1000.0", Some(false), Some(false)),
        ("26.0.0", Some(false), Some(false)),
        ("26.20.0", None, Some(false)),
        ("26.50.0", Some(true), Some(false)),
        ("26.60.0", Some(true), None),
        ("26.100.0", Some(true), Some(true)),
        ("27.0.0", Some(true), Some(true)),
    ] {
        let known = imbot(version);
        assert_eq!(
            (known.imbot_v2(), known.revision_get()),
            (api, revision_get),
            "imbot {version}"
        );
    }
}

#[test]
fn module_requirements_match_releases() {
    let table = Table::builtin();
    for row in table.rows() {
        // Builds that a sighting rests on may carry a lower revision.
        let Some(floor) = row.observed_since().or(row.requirement().since()) else {
            continue;
        };
        let Some(least) = row.im_versions().and_then(|im| im.strip_prefix(">=")) else {
            continue;
        };
        let version: Version = least.trim().parse().unwrap();
        let known = table.knowledge_of(Some(&version), None);
        assert!(
            known.rest_at_most().is_none_or(|most| most >= floor),
            "{}: im {least} has {known}",
            row.id()
        );
    }
}

#[test]
fn trap_rows_name_the_danger() {
    for (feature, word) in [
        (Feature::BotTokenRotation, "locked"),
        (Feature::BotAppId, "secret"),
        (Feature::SubscriptionCleanup, "subscri"),
        (Feature::EventUserEvents, "true"),
    ] {
        let danger = feature.row().danger().unwrap_or_default().to_lowercase();
        assert!(danger.contains(word), "{feature}: {danger}");
    }
}

#[test]
fn documented_rows_cite_the_documentation() {
    for row in Table::builtin().rows() {
        assert!(
            row.source().starts_with("https://"),
            "{}: {}",
            row.id(),
            row.source()
        );
        assert!(!row.source().contains('{'), "{}: {}", row.id(), row.source());
        if row.confidence() == Confidence::Documented {
            let official = ["/bitrix24/b24restdocs/", "/bitrix-tools/b24-rest-docs/"];
            assert!(
                official.iter().any(|docs| row.source().contains(docs)),
                "{}: the confidence is `documented`, and the source is no page of the documentation: {}. Name the page, or \
                 write `source-derived` or `inferred`",
                row.id(),
                row.source()
            );
        }
    }
}

#[test]
fn names_and_ids_round_trip() {
    assert_eq!("message.system".parse(), Ok(Feature::SystemMessage));
    assert_eq!(Feature::SystemMessage.to_string(), "message.system");
    assert!("message.System".parse::<Feature>().is_err());
    for feature in Feature::all() {
        assert_eq!(format!("{feature:?}"), feature.row().name());
        assert_eq!(feature.as_str().parse(), Ok(feature));
    }
}

#[test]
fn only_table_compares_revisions() {
    // Invariant 7: no comparison with a revision of the table in the sources.
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join("src");
    let mut files = vec![root];
    let mut read = 0;
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(
                std::fs::read_dir(path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
            continue;
        }
        let generated = path.ends_with("generated.rs");
        let test = path.ends_with("tests.rs") || path.parent().is_some_and(|room| room.ends_with("tests"));
        if generated || test || path.extension().is_none_or(|end| end != "rs") {
            continue;
        }
        read += 1;
        let text = std::fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
            let compared = ["<", "<=", ">", ">=", "==", "Caps::at(", "capped(", "pinned("]
                .iter()
                .any(|before| (18..=36).any(|rest| follows(line, before, rest)));
            assert!(!compared, "{}: {line}", path.display());
        }
    }
    assert!(read > 10);
}

/// Whether the number stands behind one of these, whole, and is not shifted.
fn follows(line: &str, before: &str, rest: u16) -> bool {
    let shift = line.contains("<<") || line.contains(">>");
    // Texts may name versions and revisions; only code decides by them.
    let line: String = line.replace("\\\"", "").split('"').step_by(2).collect();
    let number = rest.to_string();
    !shift
        && line.match_indices(before).any(|(at, _)| {
            let after = line[at + before.len()..].trim_start();
            after
                .strip_prefix(&number)
                .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit() || c == '_'))
        })
}

#[test]
fn other_axes_gate_too() {
    use imbot_caps::{Requirement, Revisions};
    let new_desktop = Requirement::on("acme.desktop", Counter::Desktop, 6);
    let seen = |desktop| Revisions::rest_only(36).with(Counter::Desktop, desktop);
    let at = |desktop| Caps::new(Knowledge::from_im_revision_get(&seen(desktop)));
    assert!(!at(5).supports(new_desktop) && at(6).supports(new_desktop));
    let silent = Caps::new(Knowledge::from_im_revision_get(&Revisions::rest_only(36)));
    assert!(matches!(silent.check(new_desktop), Support::Unknown(_)));
}

/// What newer source and closer reading say of single rows.
#[test]
fn rows_match_portal_source() {
    let row = |id: &str| id.parse::<Feature>().unwrap().row();
    let release = Table::builtin()
        .releases()
        .find(|release| release.rest() == 35)
        .unwrap();
    assert_eq!(release.get(Counter::Mobile), Some(26));
    for row in Table::builtin()
        .rows()
        .filter(|row| row.requirement().since() == Some(35))
    {
        assert_eq!(
            (row.im_versions(), row.imbot_versions()),
            (Some(">=26.400.0"), Some(">=26.150.0")),
            "{}",
            row.id()
        );
        assert!(row.evidence().is_some(), "{}", row.id());
    }
    for id in ["error.bot_update_failed", "event.additional_messages"] {
        assert_eq!(row(id).im_versions(), Some(">=26.600.0"), "{id}");
    }
    for (id, word) in [
        ("bot.update.webhook_url", "26.600.0"),
        ("error.client_id_not_specified", "ACCESS_DENIED"),
        ("error.bot_token_rotation_failed", "OAuth"),
        ("error.bot_limit_exceeded", "cloud"),
        ("bot.app_id", "application_token"),
        ("bot.token_rotation", "separate"),
        ("message.update.url_preview", "reads"),
    ] {
        assert!(row(id).note().unwrap().contains(word), "{id}");
    }
    let event_mode = row("bot.update.event_mode");
    assert!(
        event_mode
            .fallback()
            .unwrap()
            .note()
            .contains("Drain Event.get first")
    );
    assert!(row("v1.bot_list.id_int").source().contains("im_rest.php"));
    let nested: BTreeSet<_> = row("response.nested_result").applies().methods().collect();
    for method in [
        "imbot.v2.Chat.update",
        "imbot.v2.Chat.Message.Reaction.add",
        "imbot.v2.Chat.Message.Reaction.delete",
        "imbot.v2.Command.answer",
    ] {
        assert!(nested.contains(method), "{method}");
    }
    assert!(!nested.contains("imbot.v2.Chat.Message.read"));
}
