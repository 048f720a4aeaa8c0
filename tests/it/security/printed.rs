//! No public type prints a secret. A type that is new has to be listed here.

mod sources;
mod values;

/// The secret that each value is made with. It can be a webhook's code.
const SECRET: &str = "s3cretthatmustnotbeseen";

/// Types that hold no secret, by the part of the crate that they stand in, and why.
const HOLD_NONE: &[(&str, &[&str])] = &[
    (
        "numbers, and texts of the table that the program was built with",
        &[
            "caps::Caps",
            "caps::OnUnknown",
            "caps::Support",
            "caps::Unsupported",
            "caps::Unknown",
            "feature::Feature",
            "feature::Requirement",
            "feature::RevisionRange",
            "feature::FeatureSet",
            "feature::FeatureSetIter",
            "knowledge::ImbotV2Presence",
            "knowledge::Knowledge",
            "knowledge::ContradictionError",
            "knowledge::Provenance",
            "revision::Counter",
            "revision::Revisions",
            "table::Table",
            "table::Source",
            "table::Overlay",
            "table::TableFile",
            "table::Release",
            "table::SeenVersions",
            "table::ImbotV2Builds",
            "table::Row",
            "table::Applies",
            "table::Fallback",
            "table::Date",
            "table::ChangeLogEntry",
            "table::EventObject",
            "table::EventTranslation",
            "table::Translation",
            "table::CloudDomains",
            "imbot_caps_emulator::Imbot",
            "imbot_caps_emulator::StatusBasis",
            "imbot_caps_emulator::Build",
        ],
    ),
    (
        "complaints about a table, which is the operator's own file and has no credential",
        &["table::TableError", "table::Problem"],
    ),
    (
        "a word of the program's own settings, in place of a feature or a term",
        &["word::ParseWordError"],
    ),
    (
        "settings, times and counts",
        &[
            "clock::SystemClock",
            "event::BotEventKind",
            "event::EventForm",
            "freshness::Decision",
            "freshness::Entry",
            "freshness::Failure",
            "freshness::Lifetimes",
            "freshness::Observation",
            "freshness::Volatility",
            "plan::Policy",
            "gate::Count",
            "gate::PortalPattern",
            "imbot_caps_emulator::Clock",
            "imbot_caps_emulator::EmulatorBuilder",
            "imbot_caps_emulator::RateLimit",
            "imbot_caps_emulator::Hold",
            "registry::PortalCounts",
            "registry::RestoreReport",
            "store::MemoryStore",
            "store::News",
            "store::SaveOutcome",
            "store::Version",
            "registry::Skipped",
            "registry::WarmUpProgress",
            "registry::WarmUpReport",
            "transport::PublicResolver",
            "transport::ReqwestTransportBuilder",
            "transport::MemoryReservation",
        ],
    ),
    (
        "words for a kind",
        &[
            "imbot_caps_emulator::ChatKind",
            "portal_id::ExpectedAddress",
            "registry::ClaimedBy",
            "registry::SkipReason",
            "store::StoreErrorKind",
            "wire::ErrorClass",
            "wire::ParamsError",
        ],
    ),
    (
        "an answer in caps, or the name of a row",
        &["registry::NotFoundOutcome", "gate::FeatureReport", "gate::Advice"],
    ),
    (
        "what people and bots write in chats: the emulator shows it as it was written",
        &[
            "imbot_caps_emulator::Message",
            "imbot_caps_emulator::Chat",
            "imbot_caps_emulator::Command",
            "imbot_caps_emulator::File",
        ],
    ),
    (
        "the address of a portal, and a text without secrets: see `store::records`",
        &[
            "store::Change",
            "store::Entry",
            "store::Report",
            "store::StoreError",
        ],
    ),
    ("the host of a portal", &["transport::NotPublicError"]),
    (
        "the name of a method, and a text of the crate",
        &["gate::UnreadableError"],
    ),
];

#[test]
fn every_public_type_is_listed() {
    let types = sources::public_types();
    assert!(types.len() > 120, "{}", types.len());
    let mut missing: Vec<&str> = Vec::new();
    let listed: Vec<&str> = HOLD_NONE
        .iter()
        .flat_map(|(_, types)| types.iter().copied())
        .chain(values::SHOWN.iter().copied())
        .collect();
    for own in &types {
        match listed.iter().filter(|listed| *listed == own).count() {
            0 => missing.push(own),
            times => assert_eq!(times, 1, "{own} is listed more than once"),
        }
    }
    assert!(
        missing.is_empty(),
        "show values of these types in `printed::values`, or say in `HOLD_NONE` why they hold no secret: {missing:#?}"
    );
    for listed in listed {
        assert!(
            types.iter().any(|own| own == listed),
            "there is no {listed} any more"
        );
    }
}

#[tokio::test]
async fn no_type_prints_a_secret() {
    let shown = values::shown().await;
    for own in values::SHOWN {
        let texts: Vec<_> = shown.iter().filter(|(name, _)| name == own).collect();
        assert!(!texts.is_empty(), "no value of {own} is shown");
        for (_, text) in texts {
            let text = text.to_lowercase();
            assert!(
                !text.contains(SECRET) && !text.contains("thatmustnot"),
                "{own}: {text}"
            );
        }
    }
    for (name, _) in &shown {
        assert!(values::SHOWN.contains(name), "{name} is not listed");
    }
}
