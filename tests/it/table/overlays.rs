//! Bad table and overlay files: each kind with the message its author reads.
//! (The rules between rows have their tests beside them.)

use imbot_caps::table::RevisionBasis;
use imbot_caps::table::TableFile;
use imbot_caps::{Caps, Feature, Table};

/// An overlay that is good but for what a test puts into it.
fn overlay(row: &str) -> String {
    format!("title = \"acme\"\nversion = \"0.1.0\"\nrequires = \"^2\"\n\n[[feature]]\n{row}")
}

const GOOD: &str = r#"id = "acme.voice"
title = "Voice messages"
kind = "new"
requires = { rest = 37, api = "imbot.v2" }
applies = { methods = ["imbot.v2.Chat.Message.send"], request = ["fields.voice"] }
source = "https://example.com/acme"
confidence = "inferred"
"#;

#[track_caller]
fn message(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "nothing to replace: {from}");
    let text = overlay(&GOOD.replacen(from, to, 1));
    Table::builtin().with_overlay(&text).unwrap_err().to_string()
}

#[test]
fn every_mistake_has_its_message() {
    for (from, to, expected) in [
        (
            "title = \"Voice",
            "titel = \"Voice",
            "line 5, column 1, row `acme.voice`: a feature has no `title` [missing-key]; add `title`\n\
             line 7, column 1, row `acme.voice`: unknown key `titel` [unknown-key]; did you mean `title`?",
        ),
        (
            "title = \"Voice",
            "colour = 1\ntitle = \"Voice",
            "line 7, column 1, row `acme.voice`: unknown key `colour` [unknown-key]; a feature may have: id, name, \
             title, kind, requires, until, observed_since, change, published, effective, sunset, modules, applies, \
             fallback, when_present, safe_when_missing, unknown, danger, source, evidence, confidence, note",
        ),
        (
            "kind = \"new\"",
            "kind = \"novel\"",
            "line 8, column 8, row `acme.voice`: `kind` is \"novel\" [unknown-word]; use one of: new, fix, breaking, \
             removed, deprecated",
        ),
        (
            "rest = 37",
            "rest = \"37\"",
            "line 9, column 21, row `acme.voice`: `rest` is string [wrong-type]; give a whole number",
        ),
        (
            "rest = 37",
            "rest = 0",
            "line 9, column 21, row `acme.voice`: `rest` is 0, which is no revision [revision]; give a whole number \
             from 1 to 9999; where every revision has it, leave the key out",
        ),
        (
            "rest = 37",
            "rest = -1",
            "line 9, column 21, row `acme.voice`: `rest` is -1, which is no revision [revision]; give a whole number \
             from 1 to 9999; where every revision has it, leave the key out",
        ),
        (
            "rest = 37",
            "rest = 37, mobile = 24",
            "line 9, column 34, row `acme.voice`: `requires` names two counters [two-counters]; make one row for each counter",
        ),
        (
            "rest = 37",
            "rset = 37",
            "line 9, column 14, row `acme.voice`: unknown key `rset` [unknown-key]; did you mean `rest`?",
        ),
        (
            "\"imbot.v2\" }",
            "\"imbot.v3\" }",
            "line 9, column 31, row `acme.voice`: `api` is \"imbot.v3\" [unknown-word]; use one of: imbot.v2",
        ),
        (
            "request = [\"fields.voice\"]",
            "request = \"fields.voice\"",
            "line 10, column 65, row `acme.voice`: `request` is string [wrong-type]; give a list of strings",
        ),
        (
            "request = [\"fields.voice\"]",
            "request = [1]",
            "line 10, column 65, row `acme.voice`: `request` is array [wrong-type]; give a list of strings",
        ),
        (
            "\"https://example.com/acme\"",
            "\"wiki:voice\"",
            "line 11, column 10, row `acme.voice`: the source \"wiki:voice\" leads nowhere [source]; add a [[source]] \
             with the id `wiki`, or use one of: SOURCES",
        ),
        (
            "\"https://example.com/acme\"",
            "\"somewhere\"",
            "line 11, column 10, row `acme.voice`: the source \"somewhere\" leads nowhere [source]; write an https \
             address, or `id:path` with the id of a [[source]]",
        ),
        (
            "\"https://example.com/acme\"",
            "\" \"",
            "line 11, column 10, row `acme.voice`: `source` is empty [empty]; write it, or leave the key out",
        ),
        (
            "confidence = \"inferred\"\n",
            "",
            "line 5, column 1, row `acme.voice`: a feature has no `confidence` [missing-key]; add `confidence`",
        ),
        (
            "kind = \"new\"",
            "kind = \"new\"\npublished = \"2026-04-02\"",
            "line 9, column 13, row `acme.voice`: `published` is string [wrong-type]; give a date such as 2026-04-02, \
             without quotes",
        ),
        (
            "kind = \"new\"",
            "kind = \"new\"\npublished = 2026-04-02T10:00:00Z",
            "line 9, column 13, row `acme.voice`: `published` is datetime [wrong-type]; give a date such as \
             2026-04-02, without quotes",
        ),
        (
            "kind = \"new\"",
            "kind = \"new\"\nkind = \"fix\"",
            "line 9, column 1: `kind` is given twice [duplicate-key]; keep one of the two",
        ),
        (
            "kind = \"new\"",
            "kind = \"new\"\nmodules = { im = \"newest\" }",
            "line 9, column 18, row `acme.voice`: `im` is \"newest\": unexpected character 'n' while parsing major \
             version number [version]; give a requirement such as \">=26.300.0\"",
        ),
        (
            "kind = \"new\"",
            "kind = \"new\"\nmodules = { im = \"^27.1, <28\" }",
            "line 9, column 18, row `acme.voice`: `im` is \"^27.1, <28\", which is no least version [least-version]; \
             give a requirement such as \">=26.300.0\"",
        ),
        (
            "\"Voice messages\"",
            "\"Voice\\u001b[31m messages\"",
            "line 7, column 9, row `acme.voice`: `title` holds a control character [control-character]; write it on \
             one line, without escapes such as \\n",
        ),
        (
            "request = [\"fields.voice\"]",
            "request = [\"\"]",
            "line 10, column 65, row `acme.voice`: `request` holds an empty text, or one with control characters \
             [empty]; write it, or take it out",
        ),
        (
            "kind = \"new\"",
            "kind = \"new\"\nfallback = { shim = \"v1-call\", note = \"n\" }",
            "line 9, column 21, row `acme.voice`: the shim `v1-call` and the key `v1` go together [v1-call]; name the \
             older method in `v1`, or choose another shim",
        ),
        (
            "imbot.v2.Chat.Message.send",
            "imbot.v2.chat.message.send",
            "line 10, column 11, row `acme.voice`: no row is about the method `imbot.v2.chat.message.send` \
             [unknown-method]; correct its spelling (case counts), add a row with its name as the id, or list it in `unversioned_methods`",
        ),
        (
            "request = [\"fields.voice\"]",
            "request = [\"fields.voice\"], value = \"colour\"",
            "line 10, column 91, row `acme.voice`: `value` is \"colour\" [unknown-word]; use one of: boolean, integer, \
             null, string, text, over-40-chars, empty, respelt, unlisted, capital-key",
        ),
        (
            "request = [\"fields.voice\"]",
            "request = [\"fields.voice\"], values = [\"loud\"]",
            "line 10, column 11, row `acme.voice`: `values` and the kinds \"respelt\" and \"unlisted\" go together \
             [values-for-the-kind]; list the values in `values`, or choose another `value`",
        ),
        (
            "request = [\"fields.voice\"]",
            "request = [\"fields.voice\"], value = \"unlisted\"",
            "line 10, column 11, row `acme.voice`: `values` and the kinds \"respelt\" and \"unlisted\" go together \
             [values-for-the-kind]; list the values in `values`, or choose another `value`",
        ),
    ] {
        let sources: Vec<&str> = Table::builtin().sources().map(|source| source.id()).collect();
        let mut sorted = sources.clone();
        sorted.sort_unstable();
        assert_eq!(
            message(from, to),
            expected.replace("SOURCES", &sorted.join(", ")),
            "{to}"
        );
    }
}

#[test]
fn translation_mistakes_have_their_messages() {
    const SEND: &str = "imbot.v2.Chat.Message.send";
    let message = |from: &str, to: &str, more: &str| {
        let text = format!(
            "{}\n[[translation]]\nfrom = \"{from}\"\nto = \"{to}\"\nsource = \"https://example.com/acme\"\n{more}",
            overlay(GOOD)
        );
        Table::builtin().with_overlay(&text).unwrap_err().to_string()
    };
    for (from, to, more, expected) in [
        (
            "imbot.v2.Chat.Message.sned",
            "imbot.message.add",
            "",
            "line 15, column 8, row `imbot.v2.Chat.Message.sned`: no row is about the method \
             `imbot.v2.Chat.Message.sned` [unknown-method]; correct its spelling (case counts), add a row with its name as the id, or \
             list it in `unversioned_methods`",
        ),
        (
            SEND,
            "imbot.message.send",
            "",
            "line 16, column 6, row `imbot.v2.Chat.Message.send`: no row is about the method `imbot.message.send` \
             [unknown-method]; correct its spelling (case counts), add a row with its name as the id, or list it in `unversioned_methods`",
        ),
        (
            SEND,
            "imbot.message.add",
            "params = [\"botId -> BOT_ID\", \"fields.message MESSAGE\"]",
            "line 18, column 10, row `imbot.v2.Chat.Message.send`: `fields.message MESSAGE` is not of the form a -> b \
             [translation-rule]; see the head of the file for the forms of rules",
        ),
        (
            SEND,
            "imbot.message.add",
            "params = [\"fields.system -> SYSTEM as letter\"]",
            "line 18, column 10, row `imbot.v2.Chat.Message.send`: `letter` is not of the form a = b \
             [translation-rule]; see the head of the file for the forms of rules",
        ),
        (
            SEND,
            "imbot.message.add",
            "set = [\"ACTION\"]",
            "line 18, column 7, row `imbot.v2.Chat.Message.send`: `ACTION` is not of the form a = b \
             [translation-rule]; see the head of the file for the forms of rules",
        ),
        (
            SEND,
            "imbot.message.add",
            "reply = [\"id <- that\"]",
            "line 18, column 9, row `imbot.v2.Chat.Message.send`: `that` is neither $, nor call:, nor JSON \
             [translation-rule]; see the head of the file for the forms of rules",
        ),
        (
            SEND,
            "imbot.message.add",
            "errors = [\"OLD ->\"]",
            "line 18, column 10, row `imbot.v2.Chat.Message.send`: `OLD ->` is not of the form a -> b \
             [translation-rule]; see the head of the file for the forms of rules",
        ),
        (
            SEND,
            "imbot.message.add",
            "parms = []",
            "line 18, column 1, row `imbot.v2.Chat.Message.send`: unknown key `parms` [unknown-key]; did you mean \
             `params`?",
        ),
    ] {
        assert_eq!(message(from, to, more), expected, "{more}");
    }
}

#[test]
fn invalid_files_are_explained() {
    let parse = |text: &str| Table::builtin().with_overlay(text).unwrap_err().to_string();
    assert_eq!(
        parse(""),
        "line 1, column 1: the file has no `title` [missing-key]; add `title`\n\
         line 1, column 1: the file has no `version` [missing-key]; add `version`\n\
         line 1, column 1: the file has no `requires` [missing-key]; add `requires`"
    );
    assert!(
        parse("title = ").starts_with("line 1, column 9: "),
        "{}",
        parse("title = ")
    );
    assert_eq!(
        parse("title = \"acme\"\nversion = \"1\"\nrequires = \"^2\""),
        "line 2, column 11: `version` is \"1\": unexpected end of input while parsing major version number [version]; \
         give a version such as \"1.0.0\""
    );
    assert_eq!(
        parse("title = \"acme\"\nversion = \"0.1.0\"\nrequires = \"^2\"\nfeature = 1"),
        "line 4, column 11: `feature` is integer [wrong-type]; give a list of tables, written [[…]]"
    );
    assert_eq!(
        parse("title = \"acme\"\nversion = \"0.1.0\"\nrequires = \"^2\"\nrelease = []"),
        "line 4, column 1: unknown key `release` [unknown-key]; the file may have: version, title, requires, unversioned_methods, \
         cloud, source, change, feature, translation, object, event"
    );
    assert!(TableFile::parse("\u{feff}# nothing\n\0").is_err());
}

#[test]
fn overlay_cloud_domains_are_restricted() {
    let rules = |domains: &str| {
        let cloud = format!("[[cloud]]\ndomains = [{domains}]\nsource = \"https://example.com/cloud\"\n");
        let text = format!("title = \"acme\"\nversion = \"0.1.0\"\nrequires = \"^2\"\n{cloud}");
        match Table::builtin().with_overlay(&text) {
            Ok(_) => Vec::new(),
            Err(error) => error.problems().iter().map(|problem| problem.rule).collect(),
        }
    };
    let many = |count: u32| {
        (0..count)
            .map(|nth| format!("\"b24.d{nth}.com\""))
            .collect::<Vec<_>>()
            .join(",")
    };
    for (domains, expected) in [
        ("\"portals.acme.com\"", vec![]),
        ("\"portals.intranet\"", vec![]),
        ("\"co.uk\"", vec!["public-cloud-domain"]),
        ("\"github.io\"", vec!["public-cloud-domain"]),
        ("\"com\"", vec!["cloud-domain", "public-cloud-domain"]),
        (&many(256), vec![]),
        (&many(257), vec!["too-many-cloud-domains"]),
    ] {
        // The list of public suffixes comes with the registry.
        let is_seen = |rule: &&str| cfg!(feature = "registry") || *rule != "public-cloud-domain";
        let expected: Vec<_> = expected.into_iter().filter(is_seen).collect();
        assert_eq!(rules(domains), expected, "{:.40}", domains);
    }
}

#[test]
fn overlay_cannot_redefine_table_entries() {
    let text = format!(
        "{}\n[[source]]\nid = \"docs\"\nurl = \"javascript:1\"\n\n[[change]]\ncode = \"BOT-FIX-0402-2\"\n\
         title = \"t\"\nkind = \"fix\"\npublished = 2026-04-02\nsource = \"https://example.com/\"\n",
        overlay(GOOD)
    );
    let error = Table::builtin().with_overlay(&text).unwrap_err();
    let rules: Vec<_> = error.problems().iter().map(|problem| problem.rule).collect();
    assert_eq!(rules, ["duplicate-source", "source-url", "duplicate-change"]);
}

#[test]
fn positions_count_characters_and_lines() {
    let text = overlay(&GOOD.replace("Voice messages", "Голос 🎤")).replace('\n', "\r\n");
    let text = text.replace("kind = \"new\"", "kind = \"ново\"");
    let error = Table::builtin().with_overlay(&text).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("line 8, column 8, row `acme.voice`: `kind` is \"ново\""),
        "{error}"
    );
}

#[test]
fn all_problems_are_reported_together() {
    let text = overlay(
        &GOOD
            .replace("rest = 37", "rest = 0")
            .replace("\"new\"", "\"novel\""),
    );
    let error = Table::builtin().with_overlay(&text).unwrap_err();
    let rules: Vec<_> = error.problems().iter().map(|problem| problem.rule).collect();
    assert_eq!(rules, ["unknown-word", "revision"]);
}

#[test]
fn an_overlay_adds_a_row() {
    let table = Table::builtin().with_overlay(&overlay(GOOD)).unwrap().leak();
    assert_eq!(table.rows().len(), Table::builtin().rows().len() + 1);
    assert!(
        Table::builtin().find("acme.voice").is_none(),
        "the built-in table is as it was"
    );
    let voice = table
        .requirement("acme.voice", RevisionBasis::Documented)
        .unwrap();
    let below = Caps::just_below(voice).with_table(table);
    assert!(!below.supports(voice) && Caps::just_at(voice).with_table(table).supports(voice));
    let text = below.require(voice).unwrap_err().to_string();
    assert!(text.contains("Voice messages"), "{text}");
    assert!(text.contains("This row is from the overlay `acme`"), "{text}");
    assert!(text.contains("https://example.com/acme"), "{text}");
}

#[test]
fn overlay_sighting_needs_observed_trust() {
    let seen = GOOD.replace("kind = \"new\"", "kind = \"new\"\nobserved_since = 35");
    let table = Table::builtin().with_overlay(&overlay(&seen)).unwrap().leak();
    for (trust, since) in [(RevisionBasis::Documented, 37), (RevisionBasis::Observed, 35)] {
        let voice = table.requirement("acme.voice", trust).unwrap();
        assert_eq!(voice.since(), Some(since), "{trust:?}");
        assert!(Caps::at(since).supports(voice) && !Caps::at(since - 1).supports(voice));
    }
}

#[test]
fn overlay_replaces_row_everywhere() {
    let later = GOOD
        .replace("acme.voice", "message.system")
        .replace("rest = 37", "rest = 35");
    let table = Table::builtin().with_overlay(&overlay(&later)).unwrap().leak();
    assert_eq!(table.rows().len(), Table::builtin().rows().len());
    for (rest, built_in, overlaid) in [
        (32, false, false),
        (33, true, false),
        (34, true, false),
        (35, true, true),
    ] {
        let caps = Caps::at(rest);
        assert_eq!(caps.supports(Feature::SystemMessage), built_in, "{rest}");
        let caps = caps.with_table(table);
        assert_eq!(caps.supports(Feature::SystemMessage), overlaid, "{rest}");
        assert_eq!(
            caps.features().contains(Feature::SystemMessage),
            overlaid,
            "{rest}"
        );
        let trusting = caps.with_revision_basis(RevisionBasis::Observed);
        assert_eq!(
            trusting.supports(Feature::SystemMessage),
            overlaid,
            "no sighting is left: {rest}"
        );
    }
    let row = table.row(Feature::SystemMessage);
    assert_eq!((row.name(), row.overlay()), ("SystemMessage", Some("acme")));
    let error = Caps::at(33)
        .with_table(table)
        .require(Feature::SystemMessage)
        .unwrap_err();
    assert!(error.to_string().contains("overlay `acme`"), "{error}");
    assert!(error.to_string().contains("REST revision 35 or newer"), "{error}");
}

#[test]
fn last_overlay_wins() {
    let second = overlay(&GOOD.replace("rest = 37", "rest = 38")).replace("\"acme\"", "\"second\"");
    let table = Table::builtin()
        .with_overlay(&overlay(GOOD))
        .and_then(|table| table.with_overlay(&second))
        .unwrap()
        .leak();
    let titles: Vec<_> = table.overlays().iter().map(|overlay| overlay.title()).collect();
    assert_eq!(titles, ["acme", "second"]);
    assert_eq!(
        table
            .requirement("acme.voice", RevisionBasis::Documented)
            .unwrap()
            .since(),
        Some(38)
    );
}

#[test]
fn large_files_are_rejected_briefly() {
    let table = Table::builtin();
    let long = format!("# {}", "x".repeat(1 << 20));
    let error = table.with_overlay(&long).unwrap_err();
    let [problem] = error.problems() else {
        panic!("{error}")
    };
    assert_eq!(problem.rule, "too-long");

    let wrong: String = (0..20_000).map(|nth| format!("wrong{nth} = 1\n")).collect();
    let error = table.with_overlay(&wrong).unwrap_err();
    assert_eq!(error.problems().len(), 1_000);
}

/// The id of a row is in each problem of the row.
#[test]
fn problems_are_short_and_on_one_line() {
    let (from, id) = (
        "acme.voice",
        format!("a\\nline 1, column 1{}", "x".repeat(100_000)),
    );
    let unknown: String = (0..2_000).map(|nth| format!("k{nth} = 1\n")).collect();
    let text = overlay(&GOOD.replacen(from, &id, 1)) + &unknown;
    let error = Table::builtin().with_overlay(&text).unwrap_err();
    assert_eq!(error.problems().len(), 1_000);
    let report = error.to_string();
    assert_eq!(report.lines().count(), 1_000);
    assert!(report.len() < 4_000_000, "{}", report.len());
}
