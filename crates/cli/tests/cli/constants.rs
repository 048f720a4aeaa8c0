//! `generate`: its code is compiled here, and says what the overlay says.

use imbot_caps::Table;

use crate::generated;
use crate::support::{file, run};

#[test]
fn generated_code_is_as_committed() {
    let overlay = file("README.in/acme.toml");
    let ended = run("generate -")
        .stdin(&std::fs::read_to_string(overlay).unwrap())
        .end();
    let committed = std::fs::read_to_string(file("tests/cli/generated.rs")).unwrap();
    assert_eq!(
        ended.stdout, committed,
        "write it anew: imbot-caps generate - <README.in/acme.toml >tests/cli/generated.rs"
    );
}

#[test]
fn generated_constants_are_the_overlay() {
    let overlay = std::fs::read_to_string(file("README.in/acme.toml")).unwrap();
    // An error names each constant that differs from its row, and each without one.
    let table = Table::builtin().with_requirements(&overlay, generated::ALL);
    assert!(table.is_ok(), "{table:?}");
    assert_eq!(generated::ALL.len(), 2);
}
