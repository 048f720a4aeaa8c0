//! `export`: programs in other languages answer from the file alone as the crate does.

use std::fs;
use std::process::Command;

use imbot_caps::{Feature, Support};
use imbot_caps_emulator::Build;
use serde_json::Value;
use tempfile::TempDir;

use crate::schema;
use crate::support::{file, has_tool, run};

fn exported() -> TempDir {
    let folder = TempDir::new().unwrap();
    for name in ["features", "vectors"] {
        let ended = run(&format!("export {name}")).end();
        assert_eq!(ended.code, 0, "{ended:?}");
        fs::write(folder.path().join(format!("{name}.json")), ended.stdout).unwrap();
    }
    folder
}

/// Runs a script with both files. It prints how many answers it has compared.
fn agrees(program: &str, script: &str) {
    if !has_tool(program) {
        return;
    }
    let folder = exported();
    let output = Command::new(program)
        .arg(file("tests/readers").join(script))
        .arg(folder.path().join("features.json"))
        .arg(folder.path().join("vectors.json"))
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{printed}{errors}");
    let count = Feature::all().len() * Build::shipped().count();
    assert_eq!(printed.trim(), format!("{count} answers agree"));
}

#[test]
fn python_answers_as_the_crate() {
    agrees("python3", "supports.py");
}

#[test]
fn javascript_answers_as_the_crate() {
    agrees("node", "supports.mjs");
}

/// The vectors are the answers of the crate, for the builds that the emulator serves.
#[test]
fn vectors_are_the_answers_of_the_crate() {
    let vectors = run("export vectors").end().json();
    let support = vectors["support"].as_array().unwrap();
    let builds: Vec<Build> = Build::shipped().collect();
    assert_eq!(support.len(), builds.len());
    for (build, vector) in builds.iter().zip(support) {
        let of = |is: fn(&Support) -> bool| {
            let features = Feature::all().filter(|feature| is(&build.caps().check(*feature)));
            features
                .map(|feature| Value::from(feature.as_str()))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            vector["supported"],
            Value::from(of(Support::is_supported)),
            "{build:?}"
        );
        assert_eq!(
            vector["unknown"],
            Value::from(of(Support::is_unknown)),
            "{build:?}"
        );
    }
}

#[test]
fn features_file_is_as_its_schema_says() {
    let schema = run("export schema").end().json();
    let features = run("export features").end().json();
    assert_eq!(schema::problems(&schema, &features), Vec::<String>::new());
}

#[test]
fn wrong_file_is_not_as_its_schema_says() {
    let schema = run("export schema").end().json();
    let right = run("export features").end().json();
    let mut wrong = right.clone();
    wrong["features"][0]["kind"] = "newer".into();
    wrong["features"][1]["requires"]["since"] = "33".into();
    wrong["features"][2].as_object_mut().unwrap().shift_remove("id");
    wrong["features"][3]["more"] = 1.into();
    assert_eq!(schema::problems(&schema, &wrong).len(), 4);
}
