//! Changes of wording and form, which are no findings.

use std::fs;

use crate::support::{Copy, PAGES, edition, review};

type Change = (&'static str, fn(&Copy));

const PAINT: &str = "bots/bot-paint.md";
const LOG: &str = "change-log.md";

fn replace(copy: &Copy, page: &str, from: &str, to: &str) {
    copy.change(page, |text| text.replace(from, to));
}

const CHANGES: [Change; 24] = [
    ("title", |copy| {
        replace(copy, PAINT, "# Paint a Bot ", "# Give a Bot a Colour with ")
    }),
    ("sentence", |copy| {
        replace(
            copy,
            PAINT,
            "gives a bot another colour",
            "changes the colour of a bot",
        )
    }),
    ("description", |copy| {
        replace(copy, PAINT, "Whether the bot has a frame", "Draws a frame")
    }),
    ("heading of a table with an anchor", |copy| {
        replace(
            copy,
            PAINT,
            "### Parameter fields {",
            "### The fields Parameter {",
        );
    }),
    ("anchor of a table of fields", |copy| {
        copy.change(PAINT, |text| {
            text.replace("{#fields}", "{#the-fields}")
                .replace("(#fields)", "(#the-fields)")
        });
    }),
    ("anchor of a list", |copy| {
        copy.change(PAINT, |text| {
            text.replace("{#colors}", "{#hues}")
                .replace("(#colors)", "(#hues)")
        });
    }),
    ("note about a tool", |copy| {
        replace(
            copy,
            PAINT,
            "> Scope",
            "{% note tip \"\" %}\n\nUse the [helper](x.md).\n\n{% endnote %}\n\n> Scope",
        );
    }),
    ("example in one more language", |copy| {
        let example = "- Go\n\n    ```go\n    // # A heading that is none {#x}\n    // #| || no table || |#\n    ```\n\n";
        replace(copy, PAINT, "{% endlist %}", &format!("{example}{{% endlist %}}"));
    }),
    ("values of an example", |copy| {
        replace(copy, PAINT, "\"paintId\": 7", "\"paintId\": 8")
    }),
    ("white space in a head", |copy| {
        replace(copy, PAINT, "|| **Name**\n`Type` |", "||  **Name**  \n`Type`  |")
    }),
    ("letter case in a head", |copy| {
        replace(copy, PAINT, "`Type`", "`type`")
    }),
    ("order of rows", |copy| {
        let row = "|| **frame**\n[`boolean`](../../types.md) | Whether the bot has a frame ||\n";
        copy.change(PAINT, |text| {
            let text = text.replace(row, "");
            text.replace("|| **color***", &format!("{row}|| **color***"))
        });
    }),
    ("target of links of types", |copy| {
        replace(copy, PAINT, "../../types.md", "/reference/types.html")
    }),
    ("spelling of types", |copy| {
        replace(copy, PAINT, "`integer`", "`Integer`")
    }),
    ("order of alternatives", |copy| {
        // The type is written in another order, as code with a pipe that is escaped.
        replace(
            copy,
            PAINT,
            "[`boolean`](../../types.md) | Whether",
            "[`bool`](../../types.md) | Whether",
        );
    }),
    ("names as code", |copy| {
        replace(copy, PAINT, "|| **botId***", "|| `botId`*")
    }),
    ("status line", |copy| {
        replace(copy, PAINT, "HTTP status: **200**", "HTTP Code: **200**")
    }),
    ("text of an error", |copy| {
        replace(
            copy,
            PAINT,
            "Paint is dry | The paint is too old",
            "Dry | Too old",
        )
    }),
    ("title of an include", |copy| {
        replace(copy, PAINT, "[Note on parameters]", "[Footnote]")
    }),
    ("list of further pages", |copy| {
        replace(
            copy,
            PAINT,
            "- [Shelves](./bot-shelf.md)",
            "- [{#T}](./bot-melt.md)",
        )
    }),
    ("line ends and byte order mark", |copy| {
        copy.change(PAINT, |text| format!("\u{feff}{}", text.replace('\n', "\r\n")));
    }),
    ("page in another folder", |copy| {
        fs::rename(copy.page(PAINT), copy.page("paint.md")).unwrap();
        replace(copy, "paint.md", "../../../../_includes", "../../../_includes");
    }),
    ("words and order of the change log", |copy| {
        replace(copy, LOG, "The list is sorted", "The list has an order");
        replace(
            copy,
            LOG,
            "Publication date: 05.01.2031",
            "Published: January 5, 2031",
        );
    }),
    ("section of a guide", |copy| {
        replace(
            copy,
            "tour.md",
            "Text.",
            "## Welcome {#welcome}\n\nMore text, with `code` and 3 numbers.",
        );
    }),
];

#[test]
fn cosmetic_changes_are_not_found() {
    for (name, change) in CHANGES {
        let copy = Copy::new();
        change(&copy);
        let run = review(&[&edition("old"), copy.path()]);
        assert_eq!((run.code, run.out.as_str()), (0, ""), "{name}: {}", run.err);
    }
}

#[test]
fn cosmetic_changes_hide_no_change() {
    let copy = Copy::new();
    for (_, change) in CHANGES
        .into_iter()
        .filter(|(name, _)| *name != "page in another folder")
    {
        // Some changes take away what others look for. Those are left out.
        let before = fs::read_to_string(copy.page(PAINT)).unwrap();
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| change(&copy))).is_err() {
            fs::write(copy.page(PAINT), before).unwrap();
        }
    }
    copy.change(PAINT, |text| text.replace("PAINT_IS_DRY", "PAINT_IS_OLD"));
    let run = review(&[&edition("old"), copy.path()]);
    let expected = [
        "error-added imbot.v2.Bot.paint PAINT_IS_OLD",
        "error-removed imbot.v2.Bot.paint PAINT_IS_DRY",
    ];
    assert_eq!(run.findings(), expected, "{PAGES}: {}", run.out);
}
