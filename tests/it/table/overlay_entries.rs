//! What an overlay replaces, beside rows.

use imbot_caps::Table;

/// The first block of the table with this header, without the comments around it.
fn block(header: &str) -> String {
    let table = include_str!("../../../features.toml");
    let start = table.find(&format!("\n[[{header}]]\n")).unwrap() + 1;
    let end = table[start + 2..]
        .find("\n[")
        .map_or(table.len(), |end| start + 2 + end);
    let lines = table[start..end].lines().filter(|line| !line.starts_with('#'));
    lines.fold(String::new(), |text, line| text + line + "\n")
}

#[test]
fn entries_of_overlays_replace_their_namesakes() {
    fn names(table: &Table) -> [Vec<String>; 3] {
        let of = |names: Vec<&str>| {
            let mut names: Vec<String> = names.into_iter().map(str::to_owned).collect();
            names.sort();
            names
        };
        [
            of(table.translations().map(|own| own.from()).collect()),
            of(table.event_objects().map(|own| own.name()).collect()),
            of(table.event_translations().map(|own| own.name()).collect()),
        ]
    }
    let head = "title = \"acme\"\nversion = \"0.1.0\"\nrequires = \"^2\"\n\n";
    let blocks = ["translation", "object", "event"].map(block).concat();
    let table = Table::builtin().with_overlay(&format!("{head}{blocks}")).unwrap();
    assert_eq!(names(&table), names(Table::builtin()));
}
