//! One test for each rule: the table that breaks it, and nothing else broken.

use crate::table::{Table, TableError, TableFile};

mod changes;
mod constants;
mod releases;

const HEAD: &str = r#"
version = "1.0.0"
title = "test"
unversioned_methods = ["imbot.message.add"]

[imbot_v2]
rest = 32
absent = "26.0.0"
present = "26.50.0"
revision_get_absent = "26.50.0"
revision_get = "26.100.0"
source = "docs:imbot"

[[source]]
id = "docs"
url = "https://example.com/{commit}/{path}"
commit = "abc"

[[change]]
code = "BOT-FIX-0402-2"
title = "fixed"
kind = "fix"
rest = 33
published = 2026-04-02
source = "docs:log"

[[change]]
code = "BOT-NEW-0408-1"
title = "described"
kind = "new"
published = 2026-04-08
docs_only = true
why = "text only"
source = "docs:log"

[[release]]
rest = 32
im = { first = "23.1600.100", last = "26.274.0" }
source = "docs:release"
confidence = "source-derived"

[[release]]
rest = 36
source = "docs:release"
confidence = "documented"
"#;

const ROW: &str = r#"
[[feature]]
id = "a.b"
name = "AB"
title = "t"
kind = "fix"
requires = { rest = 33, api = "imbot.v2" }
applies = { methods = ["imbot.message.add"] }
source = "docs:row"
confidence = "documented"
"#;

fn problems(result: Result<impl Sized, TableError>) -> Vec<(&'static str, String)> {
    match result {
        Ok(_) => Vec::new(),
        Err(error) => error
            .problems()
            .iter()
            .map(|problem| (problem.rule, problem.to_string()))
            .collect(),
    }
}

/// The head and one row in which a line is replaced.
#[track_caller]
fn breaks(from: &str, to: &str, rule: &str, message: &str) {
    let text = format!("{HEAD}{ROW}");
    assert!(text.contains(from), "nothing to replace: {from}");
    breaks_in(&text.replacen(from, to, 1), rule, message);
}

#[track_caller]
fn breaks_in(text: &str, rule: &str, message: &str) {
    let found = problems(TableFile::parse(text));
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].0, rule);
    assert_eq!(found[0].1, message);
}

#[test]
fn valid_overlay_has_no_problems() {
    assert_eq!(problems(TableFile::parse(&format!("{HEAD}{ROW}"))), []);
}

#[test]
fn table_version() {
    let overlay = "title = \"acme\"\nversion = \"0.1.0\"\nrequires = \"^9\"\n";
    let version = Table::builtin().version();
    assert_eq!(
        problems(Table::builtin().with_overlay(overlay)),
        [(
            "table-version",
            format!(
                "line 1, column 1: the overlay requires table ^9, and this table is {version} [table-version]; \
                 check the overlay's rows against this table, then widen `requires`"
            )
        )]
    );
}

#[test]
fn duplicate_id() {
    let second = ROW.replace("\"AB\"", "\"Other\"");
    breaks_in(
        &format!("{HEAD}{ROW}{second}"),
        "duplicate-id",
        "line 58, column 6, row `a.b`: the id `a.b` is taken [duplicate-id]; rename one of the two; the other is row `a.b`",
    );
}

#[test]
fn duplicate_name() {
    let second = ROW.replace("\"a.b\"", "\"a.c\"");
    breaks_in(
        &format!("{HEAD}{ROW}{second}"),
        "duplicate-name",
        "line 59, column 8, row `a.c`: the name `AB` is taken [duplicate-name]; rename one of the two; the other is row `a.b`",
    );
}

#[test]
fn id_form() {
    for id in ["a..b", "a b", "a-b", ".a", "a."] {
        breaks(
            "\"a.b\"",
            &format!("\"{id}\""),
            "id-form",
            &format!(
                "line 48, column 6, row `{id}`: `{id}` is no id [id-form]; use letters, digits and `_`, in segments \
                 joined by dots, such as `message.system`"
            ),
        );
    }
}

#[test]
fn name_form() {
    for name in ["aB", "A_B", "A.B", "1A", "Self", "Ä"] {
        breaks(
            "\"AB\"",
            &format!("\"{name}\""),
            "name-form",
            &format!(
                "line 49, column 8, row `a.b`: `{name}` is no name of a variant [name-form]; use UpperCamelCase of \
                 letters and digits, such as `SystemMessage`"
            ),
        );
    }
}

#[test]
fn override_name() {
    let overlay = format!("title = \"acme\"\nversion = \"0.1.0\"\nrequires = \"^2\"\n{ROW}")
        .replace("docs:row", "https://example.com/")
        .replace("imbot.message.add", "imbot.v2.Revision.get");
    assert_eq!(
        problems(Table::builtin().with_overlay(&overlay)),
        [(
            "override-name",
            "line 7, column 8, row `a.b`: an overlay cannot name a feature `AB` [override-name]; leave `name` out: \
             names of variants are part of the program"
                .to_owned()
        )]
    );
}

#[test]
fn empty_range() {
    breaks(
        "kind = \"fix\"\nrequires",
        "kind = \"fix\"\nuntil = 33\nrequires",
        "empty-range",
        "line 52, column 9, row `a.b`: `until` is 33 and it begins at 33: no revision has it [empty-range]; `until` is \
         the first revision without it, above the one in `requires`",
    );
}

#[test]
fn gates_nothing() {
    breaks(
        "requires = { rest = 33, api = \"imbot.v2\" }",
        "requires = {}",
        "ranges-nothing",
        "line 52, column 12, row `a.b`: `requires` asks for nothing [ranges-nothing]; name a counter or `api`, give \
         `until`, `effective` or `sunset`, or drop the row",
    );
    let dated = format!("{HEAD}{ROW}").replace(
        "requires = { rest = 33, api = \"imbot.v2\" }",
        "requires = {}\nsunset = 2026-09-30",
    );
    assert_eq!(problems(TableFile::parse(&dated)), []);
}

#[test]
fn observed_above_documented() {
    breaks(
        "applies =",
        "observed_since = 33\napplies =",
        "observed-above-documented",
        "line 53, column 18, row `a.b`: `observed_since` is 33, not below the required 33 [observed-above-documented]; \
         it is for sightings below the documented revision; drop it, or correct `requires`",
    );
}

#[test]
fn applies_to_nothing() {
    breaks(
        "{ methods = [\"imbot.message.add\"] }",
        "{ value = \"boolean\" }",
        "applies-to-nothing",
        "line 53, column 11, row `a.b`: `applies` names nothing [applies-to-nothing]; name the methods or events that \
         it concerns",
    );
}

#[test]
fn unknown_method() {
    for method in ["imbot.Message.add", "imbot.v2.*", "imbot*"] {
        breaks(
            "{ methods = [\"imbot.message.add\"]",
            &format!("{{ methods = [\"{method}\"]"),
            "unknown-method",
            &format!(
                "line 53, column 11, row `a.b`: no row is about the method `{method}` [unknown-method]; correct its \
                 spelling (case counts), add a row with its name as the id, or list it in `unversioned_methods`"
            ),
        );
    }
    breaks(
        "source = \"docs:row\"",
        "fallback = { shim = \"v1-call\", v1 = \"imbot.x\", note = \"n\" }\nsource = \"docs:row\"",
        "unknown-method",
        "line 54, column 12, row `a.b`: no row is about the method `imbot.x` [unknown-method]; correct its spelling \
         (case counts), add a row with its name as the id, or list it in `unversioned_methods`",
    );
}

#[test]
fn values_for_the_kind() {
    let message = |column: usize| {
        format!(
            "line 53, column {column}, row `a.b`: `values` and the kinds \"respelt\" and \"unlisted\" go together \
             [values-for-the-kind]; list the values in `values`, or choose another `value`"
        )
    };
    let methods = "{ methods = [\"imbot.message.add\"]";
    for kind in ["respelt", "unlisted"] {
        breaks(
            methods,
            &format!("{methods}, request = [\"X\"], value = \"{kind}\""),
            "values-for-the-kind",
            &message(11),
        );
        let good = format!("{methods}, request = [\"X\"], value = \"{kind}\", values = [\"A\"]");
        assert_eq!(
            problems(TableFile::parse(&format!("{HEAD}{ROW}").replace(methods, &good))),
            []
        );
    }
    for other in ["value = \"boolean\", values = [\"A\"]", "values = [\"A\"]"] {
        let wrong = format!("{methods}, request = [\"X\"], {other}");
        breaks(methods, &wrong, "values-for-the-kind", &message(11));
    }
}

const TRANSLATION: &str = r#"
[[translation]]
from = "imbot.message.add"
to = "imbot.message.add"
when = "a"
params = ["a -> A", "b[] -> B as by KEY", "c.d -> C as x=Y | z=W", "g -> G"]
set = ["X = 1"]
required = ["b", "c"]
allowed_values = ["e = 1 | 2"]
drop = ["f"]
reply = ["id <- $ as integer", "x <- call:a", "y <- []"]
errors = ["OLD -> NEW"]
source = "docs:t"
"#;

#[track_caller]
fn breaks_translation(from: &str, to: &str, rule: &str, message: &str) {
    let text = format!("{HEAD}{ROW}{TRANSLATION}");
    assert_eq!(problems(TableFile::parse(&text)), []);
    assert!(TRANSLATION.contains(from), "nothing to replace: {from}");
    let text = format!("{HEAD}{ROW}{}", TRANSLATION.replacen(from, to, 1));
    breaks_in(&text, rule, message);
}

#[test]
fn unknown_translation() {
    for (key, line, column) in [("from", 58, 8), ("to", 59, 6)] {
        breaks_translation(
            &format!("{key} = \"imbot.message.add\""),
            &format!("{key} = \"imbot.x\""),
            "unknown-method",
            &format!(
                "line {line}, column {column}, row `{}`: no row is about the method `imbot.x` [unknown-method]; \
                 correct its spelling (case counts), add a row with its name as the id, or list it in `unversioned_methods`",
                if key == "from" {
                    "imbot.x"
                } else {
                    "imbot.message.add"
                }
            ),
        );
    }
}

#[test]
fn translation_rule() {
    for (from, to, line, column, what) in [
        ("g -> G", "g G", 61, 10, "`g G` is not of the form a -> b"),
        ("g -> G", "g ->", 61, 10, "`g ->` is not of the form a -> b"),
        ("x=Y | z=W", "x=Y | z", 61, 10, "`z` is not of the form a = b"),
        ("X = 1", "X", 62, 7, "`X` is not of the form a = b"),
        ("e = 1 | 2", "e", 64, 18, "`e` is not of the form a = b"),
        (
            "id <- $ as integer",
            "id",
            66,
            9,
            "`id` is not of the form a <- b",
        ),
        (
            "y <- []",
            "y <- [",
            66,
            9,
            "`[` is neither $, nor call:, nor JSON",
        ),
        ("OLD -> NEW", "OLD", 67, 10, "`OLD` is not of the form a -> b"),
    ] {
        breaks_translation(
            from,
            to,
            "translation-rule",
            &format!(
                "line {line}, column {column}, row `imbot.message.add`: {what} [translation-rule]; see the head of \
                 the file for the forms of rules"
            ),
        );
    }
}

#[test]
fn unnamed_requirement() {
    for (from, to, line, column, path) in [
        ("\"b\", \"c\"", "\"b\", \"cc\"", 63, 12, "cc"),
        ("\"b\", \"c\"", "\"b[]\", \"c.e\"", 63, 12, "c.e"),
        ("when = \"a\"", "when = \"aa\"", 60, 8, "aa"),
    ] {
        let at = format!("line {line}, column {column}, row `imbot.message.add`");
        breaks_translation(
            from,
            to,
            "unnamed-requirement",
            &format!(
                "{at}: nothing says what becomes of `{path}` [unnamed-requirement]; name it in `params`, in `allowed_values`, or \
                 in `drop` where it does not matter"
            ),
        );
    }
}

#[test]
fn removed_when() {
    breaks(
        "kind = \"fix\"\nrequires",
        "kind = \"removed\"\nrequires",
        "removed-when",
        "line 51, column 8, row `a.b`: it is `removed`, and nothing says when [removed-when]; give `until` (the first \
         revision without it) or `sunset`",
    );
}

#[test]
fn refusal_without_danger() {
    breaks(
        "applies =",
        "unknown = \"refuse\"\napplies =",
        "refusal-without-danger",
        "line 53, column 11, row `a.b`: `unknown` is \"refuse\", and no `danger` says why [refusal-without-danger]; say \
         in `danger` what harm a portal without it would do, or use \"send\"",
    );
}

const EVENT: &str = r#"
[[object]]
name = "Bot"
members = ["id: id"]
source = "docs:o"
confidence = "documented"

[[event]]
name = "NEW"
members = ["bot: Bot", "bots: Bot[]", "text: string"]
older = "OLD"
each = "BOT"
data = ["bot.id <- @.BOT_ID as integer", "text <- $.A.B"]
source = "docs:e"
confidence = "documented"
"#;

#[test]
fn event_rules() {
    let text = format!("{HEAD}{ROW}{EVENT}");
    assert_eq!(problems(TableFile::parse(&text)), []);
    for (from, to, rule) in [
        ("bots: Bot[]", "bots: Bots[]", "unknown-object"),
        ("\"bot: Bot\"", "\"bot: bot\"", "unknown-object"),
        ("id: id", "id", "translation-rule"),
        ("<- $.A.B", "<- A.B", "translation-rule"),
        ("as integer", "as number", "translation-rule"),
        ("text <- $.A.B", "txt <- $.A.B", "unknown-member"),
        ("text <- $.A.B", "bots.id <- $.A.B", "unknown-member"),
        ("each = \"BOT\"", "", "entry-without-each"),
        ("older = \"OLD\"", "", "older-event"),
        ("older = \"OLD\"", "older = \"NEW\"", "duplicate-event"),
    ] {
        assert!(EVENT.contains(from), "nothing to replace: {from}");
        let text = format!("{HEAD}{ROW}{}", EVENT.replacen(from, to, 1));
        let found = problems(TableFile::parse(&text));
        assert!(found.iter().any(|(name, _)| *name == rule), "{to}: {found:?}");
    }
}

#[test]
fn builtin_sources_are_addresses() {
    let table = Table::builtin();
    let rows = table.rows().map(|own| own.source());
    let objects = table.event_objects().map(|own| own.source());
    let events = table.event_translations().map(|own| own.source());
    let sources: Vec<_> = rows.chain(objects).chain(events).collect();
    assert!(
        sources.iter().all(|source| source.starts_with("https://")),
        "{sources:?}"
    );
    assert!(table.rows().all(|row| row.overlay().is_none()));
}
