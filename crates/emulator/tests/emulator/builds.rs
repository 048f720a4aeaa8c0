//! Every method on every build, and an effect on the wire for every row of the
//! table.

use std::collections::{BTreeMap, BTreeSet};

use imbot_caps::Feature;
use imbot_caps_emulator::{Build, Emulator, Imbot};
use serde_json::json;

use crate::client::{Answer, call};

mod effect;

use effect::{Trial, effect};

/// From old to new, a module `imbot` that was not updated with the others before
/// those that were; between neighbours lies each edge of the table.
fn builds() -> Vec<(&'static str, Build)> {
    vec![
        ("17", Build::rest(17)),
        ("18", Build::rest(18)),
        ("19", Build::rest(19)),
        ("21", Build::rest(21)),
        ("22", Build::rest(22)),
        ("23", Build::rest(23)),
        ("24", Build::rest(24)),
        ("25", Build::rest(25)),
        ("26", Build::rest(26)),
        ("27", Build::rest(27)),
        ("28", Build::rest(28)),
        ("29", Build::rest(29)),
        ("30", Build::rest(30)),
        ("31", Build::rest(31)),
        ("32", Build::rest32_without_imbot_v2()),
        ("33-v2", Build::rest(33).imbot(Imbot::WithoutV2)),
        ("32v2", Build::rest32_with_imbot_v2()),
        ("33", Build::rest(33)),
        ("34", Build::rest(34)),
        ("35", Build::rest(35)),
        ("36", Build::rest(36)),
    ]
}

/// Rows whose own id is the method they are about.
fn method_rows() -> impl Iterator<Item = Feature> {
    Feature::all()
        .filter(|row| row.row().applies().methods().eq([row.as_str()]) && row.as_str().contains('.'))
        .filter(|row| row.as_str().starts_with("im"))
}

fn unversioned_methods() -> Vec<String> {
    let text = include_str!("../../../../features.toml");
    let list = text.split_once("\nunversioned_methods = [").unwrap().1;
    let list = list.split_once(']').unwrap().0;
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Those that the emulator serves. The others are known by name alone: no page describes them.
fn emulated() -> impl Iterator<Item = String> {
    let without_page = |name: &String| name.starts_with("imbot.app.") || name == "imbot.sendTyping";
    unversioned_methods()
        .into_iter()
        .filter(move |name| !without_page(name))
}

fn verdict(answer: &Answer) -> char {
    match answer.json()["error"].as_str() {
        Some("ERROR_METHOD_NOT_FOUND") => '-',
        Some("22002") => '?',
        _ => '+',
    }
}

#[tokio::test]
async fn builds_by_methods() {
    let emulator = Emulator::start().await.unwrap();
    let mut names: BTreeMap<String, Option<Feature>> = method_rows()
        .map(|row| (row.as_str().to_owned(), Some(row)))
        .collect();
    names.extend(emulated().map(|name| (name, None)));
    let builds = builds();
    let mut rows: BTreeMap<&str, String> = BTreeMap::new();
    let mut counts = Vec::new();
    for (label, build) in &builds {
        let portal = emulator.portal(build.clone());
        let (mut v2, mut legacy) = (0, 0);
        for (name, row) in &names {
            let verdict = verdict(&call(&portal, name, json!({})).await);
            let expected = row.is_none_or(|row| build.caps().supports(row));
            assert_eq!(verdict, if expected { '+' } else { '-' }, "{name} on {label}");
            match name.contains(".v2.") {
                true => v2 += usize::from(expected),
                false => legacy += usize::from(expected),
            }
            let line = rows.entry(name).or_default();
            line.push_str(&format!("{verdict:>6}"));
        }
        counts.push((*label, v2, legacy));
    }
    let header: String = builds.iter().map(|(label, _)| format!("{label:>6}")).collect();
    println!("{:40}{header}", "");
    for (name, line) in &rows {
        println!("{name:40}{line}");
    }
    println!("{counts:?}");

    let count = |label: &str| *counts.iter().find(|(own, ..)| *own == label).unwrap();
    // Six methods of im.v2 came to be relied on at 33, with the last of imbot.v2.
    assert_eq!(count("32").1, 0);
    assert_eq!(count("32v2").1, 33);
    assert_eq!(count("33").1, 34 + 6);
    assert_eq!(count("33-v2").1, 6);
    assert_eq!(count("36").1, 34 + 6);
    assert_eq!(count("17").2, emulated().count());
    assert_eq!(count("36").2, names.len() - 34 - 6);
}

#[tokio::test]
async fn controllers_reject_unknown_actions() {
    let portal = Emulator::start_single(Build::rest(36)).await.unwrap();
    let controllers: BTreeSet<_> = method_rows()
        .filter(|row| row.as_str().contains(".v2."))
        .map(|row| row.as_str().rsplit_once('.').unwrap().0)
        .collect();
    assert_eq!(controllers.len(), 12 + 3);
    for controller in controllers {
        let answer = call(&portal, &format!("{controller}.nonsense"), json!({})).await;
        assert_eq!(verdict(&answer), '?', "{controller}");
    }
}

#[tokio::test]
async fn every_row_affects_http_replies() {
    let builds = builds();
    let methods: BTreeSet<_> = method_rows().map(Feature::as_str).collect();
    let mut without_effect = Vec::new();
    let mut wrong = Vec::new();
    for row in Feature::all().filter(|row| !methods.contains(row.as_str())) {
        let edge = builds
            .windows(2)
            .find(|pair| pair[0].1.caps().supports(row) != pair[1].1.caps().supports(row));
        let Some([(_, before), (_, after)]) = edge else {
            wrong.push(format!("{}: no edge between these builds", row.as_str()));
            continue;
        };
        let before = effect(row.as_str(), &Trial::start(before).await).await;
        let after = effect(row.as_str(), &Trial::start(after).await).await;
        match (before, after) {
            (None, None) => without_effect.push(row.as_str()),
            (before, after) if before == after => wrong.push(format!("{}: {before:?}", row.as_str())),
            _ => {}
        }
    }
    assert!(
        wrong.is_empty(),
        "the emulator answers the same on both sides of these rows; let it ask `build.supports`: {wrong:#?}"
    );
    assert!(
        without_effect.is_empty(),
        "add these rows to builds/effect.rs: {without_effect:#?}"
    );
    println!(
        "{} methods, {} other rows with an effect",
        methods.len(),
        Feature::all().len() - methods.len(),
    );
}
