//! Rules of the change log and its dates.

use super::*;

#[test]
fn change_code_form() {
    for code in [
        "BOT-FIX-402-2",
        "FIX-0402-2",
        "BOT-FIX-1302-2",
        "BOT-FIX-0400-2",
        "BOT-FIX-0402",
        "bot-fix-0402-2",
    ] {
        breaks(
            "applies =",
            &format!("change = \"{code}\"\napplies ="),
            "change-code",
            &format!(
                "line 53, column 10, row `a.b`: `{code}` is no change code [change-code]; codes are BOT-NEW, BOT-FIX \
                 or BOT-BC with month, day and number, such as BOT-FIX-0402-2"
            ),
        );
    }
}

#[test]
fn duplicate_change() {
    breaks(
        "BOT-NEW-0408-1",
        "BOT-FIX-0402-2",
        "duplicate-change",
        "line 28, column 8, row `BOT-FIX-0402-2`: the change `BOT-FIX-0402-2` is listed twice [duplicate-change]; \
         rename one of the two; the other is row `BOT-FIX-0402-2`",
    );
}

#[test]
fn unknown_change() {
    breaks(
        "applies =",
        "change = \"BOT-BC-0506-1\"\napplies =",
        "unknown-change",
        "line 53, column 10, row `a.b`: no [[change]] has the code `BOT-BC-0506-1` [unknown-change]; add the \
         [[change]], or correct the code",
    );
}

#[test]
fn documentation_is_no_feature() {
    breaks(
        "applies =",
        "change = \"BOT-NEW-0408-1\"\napplies =",
        "docs-only",
        "line 53, column 10, row `a.b`: `BOT-NEW-0408-1` changed the documentation alone [docs-only]; drop the row, or \
         drop `docs_only` from the change",
    );
}

#[test]
fn change_disagrees() {
    breaks(
        "requires = { rest = 33, api = \"imbot.v2\" }",
        "requires = { rest = 34, api = \"imbot.v2\" }\nchange = \"BOT-FIX-0402-2\"",
        "change-disagrees",
        "line 52, column 12, row `a.b`: the row's boundary is not 33, where its change is listed [change-disagrees]; \
         correct the revision, or set `confidence` to what the row rests on",
    );
}

#[test]
fn sunset_before_publication() {
    breaks(
        "applies =",
        "change = \"BOT-FIX-0402-2\"\nsunset = 2026-04-02\napplies =",
        "sunset-before-publication",
        "line 54, column 10, row `a.b`: the sunset 2026-04-02 is not after the publication 2026-04-02 \
         [sunset-before-publication]; the old form ends after the change is published; correct one of the dates",
    );
}

#[test]
fn effective_before_publication() {
    breaks(
        "applies =",
        "published = 2026-04-02\neffective = 2026-04-01\napplies =",
        "effective-before-publication",
        "line 54, column 13, row `a.b`: it holds from 2026-04-01, before its publication 2026-04-02 \
         [effective-before-publication]; correct one of the dates",
    );
}
