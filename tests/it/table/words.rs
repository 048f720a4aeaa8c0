//! The words of features, counters and terms: one spelling for people, parsers and serde.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use imbot_caps::plan::Mode;
use imbot_caps::table::{Confidence, Kind, RevisionBasis, Shim, ValueKind, WhenUnknown};
use imbot_caps::word::ParseWordError;
use imbot_caps::{Counter, Feature, FeatureSet};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// A value that has a word.
trait Word: Copy + Debug + Display + PartialEq + Serialize + DeserializeOwned + 'static {
    fn all() -> Vec<Self>;
    fn word(self) -> &'static str;
    fn parsed(word: &str) -> Result<Self, ParseWordError>;
}

macro_rules! word {
    ($($name:ident: $all:expr,)+) => {
        $(impl Word for $name {
            fn all() -> Vec<Self> {
                $all.into()
            }

            fn word(self) -> &'static str {
                self.as_str()
            }

            fn parsed(word: &str) -> Result<Self, ParseWordError> {
                <$name as FromStr>::from_str(word)
            }
        })+

        /// Runs a check for each type.
        macro_rules! for_each_type {
            ($check:ident) => {
                $($check::<$name>();)+
            };
        }
    };
}

word! {
    Feature: Feature::all().collect::<Vec<_>>(),
    Counter: Counter::ALL,
    Confidence: Confidence::ALL,
    Kind: Kind::ALL,
    Mode: Mode::ALL,
    Shim: Shim::ALL,
    RevisionBasis: RevisionBasis::ALL,
    ValueKind: ValueKind::ALL,
    WhenUnknown: WhenUnknown::ALL,
}

fn round_trip<T: Word>() {
    assert!(T::all().len() > 1);
    for value in T::all() {
        let word = value.word();
        assert_eq!(value.to_string(), word);
        assert_eq!(T::parsed(word), Ok(value));
        assert_eq!(serde_json::to_value(value).unwrap(), Value::from(word));
        assert_eq!(serde_json::from_value::<T>(word.into()).unwrap(), value);
        assert_eq!(format!("{value:>100}").len(), 100, "it is padded");
    }
}

#[test]
fn words_survive_a_round_trip() {
    for_each_type!(round_trip);
}

/// A letter too many gives the word itself, or another word that is as near.
fn near<T: Word>() {
    for value in T::all() {
        let word = value.word();
        let wrong = format!("{word}x");
        let error = T::parsed(&wrong).unwrap_err();
        assert_eq!(error.nearest(), Some(word), "{error}");
        assert_eq!(error.word(), wrong);
        let text = error.to_string();
        assert!(text.ends_with(&format!("; did you mean `{word}`?")), "{text}");
        let by_serde = serde_json::from_value::<T>(wrong.into()).unwrap_err();
        assert!(by_serde.to_string().contains(&text), "{by_serde}");
    }
}

#[test]
fn errors_name_nearest_word() {
    for_each_type!(near);
}

fn far<T: Word>() {
    for word in ["", "something else", "ein\u{1b}[31m Wort", &"x".repeat(100_000)] {
        let error = T::parsed(word).unwrap_err();
        assert_eq!(error.nearest(), None, "{error}");
        assert!(error.to_string().len() < 200, "{error}");
        assert!(!error.to_string().contains(char::is_control), "{error:?}");
    }
    for other in [json!(1), json!(null), json!(["documented"])] {
        assert!(serde_json::from_value::<T>(other).is_err());
    }
    let upper = T::all()[0].word().to_uppercase();
    assert!(T::parsed(&upper).is_err(), "{upper}");
}

#[test]
fn other_words_are_errors() {
    for_each_type!(far);
}

#[test]
fn sets_are_lists_of_ids() {
    let set = FeatureSet::from([Feature::SystemMessage, Feature::BotAppId]);
    let written = serde_json::to_value(set).unwrap();
    let ids: Vec<_> = set.iter().map(Feature::as_str).collect();
    assert_eq!(written, json!(ids));
    assert_eq!(serde_json::from_value::<FeatureSet>(written).unwrap(), set);
    let error = serde_json::from_value::<FeatureSet>(json!(["mesage.system"])).unwrap_err();
    assert!(
        error.to_string().contains("did you mean `message.system`?"),
        "{error}"
    );
}
