//! The constants of a program, and the rows with their ids.

use super::problems;
use crate::feature::{Feature, Requirement};
use crate::table::{Table, TableError};

const HEAD: &str = "title = \"acme\"\nversion = \"0.1.0\"\nrequires = \"^2\"\n";

const ROW: &str = r#"
[[feature]]
id = "acme.voice"
title = "Voice messages"
kind = "new"
applies = { methods = ["imbot.v2.Chat.Message.send"], request = ["fields.voice"] }
source = "https://example.com/acme"
confidence = "inferred"
"#;

const VOICE: Requirement = Requirement::rest("acme.voice", 37).and_imbot_v2();

fn read(more: &str, constants: &[Requirement]) -> Result<Table, TableError> {
    Table::builtin().with_requirements(&format!("{HEAD}{ROW}{more}"), constants)
}

#[test]
fn constant_is_requirement_of_its_row() {
    for constant in [
        VOICE,
        VOICE.until(40),
        Requirement::rest("acme.voice", 37),
        Requirement::on("acme.voice", crate::Counter::Mobile, 20),
    ] {
        let table = read("", &[constant]).unwrap().leak();
        assert_eq!(table.find("acme.voice").unwrap().requirement(), constant);
    }
    let stated = read("requires = { rest = 37, api = \"imbot.v2\" }", &[VOICE]);
    assert_eq!(problems(stated), []);
}

#[test]
fn builtin_constants_agree_with_rows() {
    let all: Vec<Requirement> = Feature::all().map(Feature::requirement).collect();
    assert_eq!(problems(Table::builtin().with_requirements(HEAD, &all)), []);
    for (feature, constant) in Feature::all().zip(&all) {
        assert_eq!(
            (feature.row().requirement(), feature.as_str()),
            (*constant, constant.id())
        );
    }
}

#[test]
fn each_difference_is_a_problem() {
    let own = Feature::SystemMessage.requirement();
    let since = own.since().unwrap_or_default();
    let others = [
        Requirement::rest(own.id(), since),
        Requirement::rest(own.id(), since + 1).and_imbot_v2(),
        own.until(since + 1),
    ];
    for constant in others.into_iter().filter(|other| *other != own) {
        let found = problems(Table::builtin().with_requirements(HEAD, &[own, constant]));
        let [(rule, text)] = found.as_slice() else {
            panic!("{found:?}")
        };
        assert_eq!(*rule, "constant-differs");
        for part in [constant.to_string(), own.to_string()] {
            assert!(text.contains(&part), "{text}");
        }
    }
    for stated in [
        "requires = { rest = 36, api = \"imbot.v2\" }",
        "requires = { rest = 37 }",
    ] {
        let found = problems(read(stated, &[VOICE]));
        let [(rule, text)] = found.as_slice() else {
            panic!("{found:?}")
        };
        assert_eq!(*rule, "constant-differs");
        assert!(text.starts_with("line 12, column 12, row `acme.voice`"), "{text}");
    }
    let until = problems(read("until = 40", &[VOICE.until(40)]));
    assert_eq!(until.iter().map(|own| own.0).collect::<Vec<_>>(), ["missing-key"]);
    let twice = problems(read("", &[VOICE, VOICE.until(40)]));
    assert_eq!(
        twice.iter().map(|own| own.0).collect::<Vec<_>>(),
        ["constant-differs"]
    );
}

#[test]
fn constant_without_row_is_a_problem() {
    let other = Requirement::rest("acme.voices", 37);
    let found = problems(read("", &[VOICE, other]));
    let [(rule, text)] = found.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!(*rule, "constant-without-row");
    assert!(
        text.contains("`acme.voices`") && text.contains("add the row"),
        "{text}"
    );
    let rules: Vec<_> = problems(read("", &[])).into_iter().map(|own| own.0).collect();
    assert_eq!(rules, ["missing-key"]);
}
