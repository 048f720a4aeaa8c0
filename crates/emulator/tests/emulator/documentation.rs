//! The emulator answers what the documentation says, or the difference is listed.
//!
//! `tests/docs` holds what each page says of its method. Each request that a page shows is
//! sent to a portal of the newest revision, with values of that portal, and the members of
//! the answer and their types are compared with the page.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use crate::client::post;
use imbot_caps_xtask::facts;

mod expected;
mod fixture;

use expected::Expected;
use fixture::Fixture;

/// What differs and why.
const DIFFERENCES: &str = include_str!("../../../../tests/docs/differences.toml");

/// What a reason begins with.
const GROUNDS: [&str; 6] = [
    "on another page: ",
    "by source: ",
    "documentation is wrong: ",
    "needs module ",
    "not always: ",
    "not emulated: ",
];

/// A method, the kind of a difference, and the path of a member.
type Difference = (String, &'static str, String);

/// The kinds that a row of the list has members for. A request that is refused cannot be
/// listed: the fixture or the emulator is wrong.
const KINDS: [&str; 3] = ["missing", "unnamed", "types"];

/// A list of the file of differences: the methods of each row, and the row.
fn rows(list: &str) -> Vec<(Vec<String>, toml::Table)> {
    let table: toml::Table = DIFFERENCES.parse().unwrap();
    let rows = table[list].as_array().unwrap().iter();
    rows.map(|row| {
        let row = row.as_table().unwrap().clone();
        let reason = row["reason"].as_str().unwrap();
        let is_grounded = GROUNDS.iter().any(|ground| reason.starts_with(ground));
        assert!(is_grounded && reason.len() > 30, "{reason:?} is no reason");
        (strings(&row, "methods"), row)
    })
    .collect()
}

fn strings(row: &toml::Table, key: &str) -> Vec<String> {
    let found = row.get(key).and_then(toml::Value::as_array);
    let texts = found.into_iter().flatten();
    texts.map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// The differences that are listed.
fn listed() -> BTreeSet<Difference> {
    let mut all = BTreeSet::new();
    for (methods, row) in rows("difference") {
        for method in methods {
            for kind in KINDS {
                for path in strings(&row, kind) {
                    let is_new = all.insert((method.clone(), kind, path.clone()));
                    assert!(is_new, "{method}: {kind} {path} is listed twice");
                }
            }
            if row.get("unknown").is_some() {
                all.insert((method, "unknown", String::new()));
            }
        }
    }
    all
}

/// The members of objects of which a page names none, by method.
fn named_elsewhere() -> BTreeMap<String, Vec<facts::Fact>> {
    let mut all: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (methods, row) in rows("object") {
        let members = strings(&row, "members");
        for method in methods {
            let facts = members.iter().map(|fact| facts::fact_of(fact, ": ").unwrap());
            all.entry(method).or_default().extend(facts);
        }
    }
    all
}

/// How the answers to one method's requests differ from its page.
async fn differences(method: &str, own: &facts::Facts, expected: &Expected) -> Vec<BTreeSet<Difference>> {
    let takes_token = own.params.iter().any(|fact| fixture::is_token(&fact.path));
    let mut all = Vec::new();
    for shape in &own.requests {
        let has_auth = shape.iter().any(|fact| fact.path == "auth");
        let has_token = shape.iter().any(|fact| fixture::is_token(&fact.path));
        let fixture = Fixture::new(method, has_auth || (takes_token && !has_token)).await;
        let mut params = facts::params_with(shape, |fact| fixture.value(method, fact));
        let url = fixture.address(&mut params);
        let answer = post(&format!("{url}{method}"), &params.into()).await.json();
        let found = match answer.get("error").and_then(Json::as_str) {
            None => expected.compare(&answer),
            Some("ERROR_METHOD_NOT_FOUND") => BTreeSet::from([("unknown", String::new())]),
            Some(code) => BTreeSet::from([("refused", code.to_owned())]),
        };
        let found = found.into_iter();
        all.push(
            found
                .map(|(kind, path)| (method.to_owned(), kind, path))
                .collect(),
        );
    }
    all
}

#[tokio::test]
async fn answers_match_documentation_or_exceptions() {
    let entities: BTreeMap<_, _> = facts::entities().unwrap().into_iter().collect();
    let listed = listed();
    let mut named = named_elsewhere();
    let mut met: BTreeSet<Difference> = BTreeSet::new();
    let (mut methods, mut identical, mut explained, mut unknown) = (0, 0, 0, 0);
    for (method, own) in facts::documented().unwrap() {
        assert!(!own.requests.is_empty(), "{method} has no request");
        assert!(!own.result.is_empty(), "nothing is said of what {method} answers");
        let objects = named.remove(&method).unwrap_or_default();
        let expected = Expected::new(own.result.iter().chain(&objects), &entities);
        methods += 1;
        for found in differences(&method, &own, &expected).await {
            match found.iter().any(|(_, kind, _)| *kind == "unknown") {
                true => unknown += 1,
                false if found.is_empty() => identical += 1,
                false => explained += 1,
            }
            met.extend(found);
        }
    }
    assert_eq!(
        named.into_keys().collect::<Vec<_>>(),
        [""; 0],
        "these are no methods"
    );
    println!(
        "{methods} methods, {} requests: {identical} answered as documented, {explained} with differences, \
         {unknown} to unknown methods",
        identical + explained + unknown
    );
    let lines = |one: &BTreeSet<Difference>, other: &BTreeSet<Difference>| {
        let only = one.difference(other);
        let only = only.map(|(method, kind, path)| format!("{method}: {kind} {path}\n"));
        only.collect::<String>()
    };
    assert_eq!(lines(&met, &listed), "", "these are not listed");
    assert_eq!(lines(&listed, &met), "", "these are listed and not met");
}
