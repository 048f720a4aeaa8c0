//! The lexer and the reading of names.

use super::language::Language;
use super::lexer::lex;
use super::names::{MethodName, Name, read, shown};
use super::outline::Outline;

const ALL: [Language; 10] = [
    Language::Php,
    Language::Python,
    Language::JavaScript,
    Language::TypeScript,
    Language::Go,
    Language::Java,
    Language::CSharp,
    Language::Rust,
    Language::Json,
    Language::Page,
];

/// The texts of a source, with `*` for computed parts.
fn texts(language: Language, source: &str) -> Vec<String> {
    let tokens = lex(language, source.to_owned()).unwrap();
    let texts = (0..tokens.len()).filter_map(|at| tokens.text(at));
    texts.map(|text| text.replace('\0', "*")).collect()
}

#[test]
fn strings_of_each_language_are_read() {
    for (language, source, expected) in [
        (
            Language::JavaScript,
            r#"'a\'b' "c" `d${e + 'f'}g`"#,
            &["a'b", "c", "d*g", "f"][..],
        ),
        (Language::JavaScript, "a = /['\"]/; 'b'", &["b"]),
        (Language::JavaScript, "a / 2; 'b' / 3", &["b"]),
        (Language::JavaScript, "'open\n'b'", &["open", "b"]),
        (
            Language::Python,
            "f\"a{b['c']}\" rb'\\d' '''e\n'f'''",
            &["a*", "c", "d", "e\n'f"],
        ),
        (Language::Python, "f'{{a}}'", &["{a}"]),
        (
            Language::Php,
            "<?php \"a{$b['c']}d$e->f g\" . 'h'",
            &["a*d* g", "c", "h"],
        ),
        (Language::Php, "<?php $a = <<<'B'\n c\n B; 'd'", &["\n c\n ", "d"]),
        (
            Language::Php,
            "'html' <?php 'a' ?> 'html' <?= 'b' ?>",
            &["a", "b"],
        ),
        (
            Language::Php,
            "<?php # 'a'\n #[A('b')]\n // 'c' ?> <script>'d'</script>",
            &["b", "d"],
        ),
        (Language::Go, "`a\n\"b` \"c\" 'd'", &["a\n\"b", "c", "d"]),
        (
            Language::Java,
            "\"\"\"\n a \"b\"\n\"\"\" + \"c\" + '\"'",
            &["\n a \"b\"\n", "c", "\""],
        ),
        (
            Language::CSharp,
            "@\"a\"\"b\" $\"c{d(\"e\")}f\" \"\"\"g\"h\"\"\" '\"'",
            &["a\"b", "c*f", "e", "g\"h", "\""],
        ),
        (
            Language::Rust,
            "r#\"a\"b\"# \"c\\\"d\" '\"' &'e str \"f\" b\"g\"",
            &["a\"b", "c\"d", "\"", "f", "g"],
        ),
        (Language::Rust, "/* 'a' /* \"b\" */ \"c\" */ \"d\"", &["d"]),
        (Language::Json, r#"{"a": "b\u0041\n"}"#, &["a", "bA\n"]),
        (
            Language::Page,
            "'a' <!-- <script>'b'</script> --><script>'c'</script>",
            &["c"],
        ),
    ] {
        assert_eq!(texts(language, source), expected, "{source}");
    }
}

#[test]
fn no_prefix_of_any_source_panics() {
    let sources = [
        "<?php \"a{$b['c']}d$e[f]\" . <<<X\n a\nX; if ($a == 'ONIMBOTMESSAGEADD'): endif; #[A(['b'])]",
        "if a >= 33:\n  f(f\"{x!r:>{y}}\", **{'a': 1})\nelse:\n  g('imbot.v2.' + b)\n",
        "a?.b!['c'](`x${`y${z}`}`, {...d, e, f() {}, [g]: 1}) ? 'h' : /i[/]/.test(j) => {}",
        "func (b *B) F(a map[string]interface{}) (int, error) { return x.Call(c, \"imbot.register\", M{\"a\": []T{1}}) }",
        "new Dictionary<string, Map<A, B[]>> { [\"a\"] = $\"{b}\", { \"c\", @\"d\" } }; /// <x>\n",
        "fn f<'a>(x: &'a str) -> R { match x { \"a\" | \"b\" => json!({\"c\": r#\"d\"#}), _ => '\\'' } }",
    ];
    for source in sources {
        for end in (0..=source.len()).filter(|end| source.is_char_boundary(*end)) {
            let part = source.get(..end).unwrap();
            for language in ALL {
                if let Ok(tokens) = lex(language, part.to_owned()) {
                    let outline = Outline::of(&tokens);
                    super::call_sites::find(&tokens, &outline);
                }
            }
        }
    }
}

#[test]
fn deep_nesting_is_an_error_and_ends_soon() {
    for text in ["(".repeat(1_000_000), "`${".repeat(300_000), "{[".repeat(500_000)] {
        assert!(lex(Language::JavaScript, text).is_err());
    }
}

fn method(text: &str) -> Option<MethodName> {
    match read(text) {
        Some(Name::Method(method)) => Some(method),
        _ => None,
    }
}

#[test]
fn addresses_name_their_method() {
    for text in [
        "imbot.message.add",
        "/imbot.message.add.json",
        "https://acme.bitrix24.com/rest/1/code/imbot.message.add.json",
        "=https://{{ $json.DOMAIN }}/rest/imbot.message.add?auth={{$json.AUTH}}",
        "{base}/imbot.message.add",
        "%s/imbot.message.add.xml",
        "\0imbot.message.add/",
        "imbot.message.add?A=b c",
    ] {
        assert_eq!(
            method(text).map(|own| own.name).as_deref(),
            Some("imbot.message.add"),
            "{text}"
        );
    }
    for text in [
        "Send imbot.message.add",
        "imbot.message.add failed",
        "claimbot.message.add",
        "imbot.",
        "im.",
        "imbot.message.*",
        "a,imbot.message.add",
    ] {
        assert_eq!(method(text), None, "{text}");
    }
    assert_eq!(read("imbot.v2."), Some(Name::Computed("imbot.v2.".to_owned())));
    assert_eq!(read("imbot.v2.\0"), Some(Name::Computed("imbot.v2.".to_owned())));
    assert_eq!(
        read("OnImBotMessageAdd"),
        Some(Name::Event("ONIMBOTMESSAGEADD".to_owned()))
    );
}

#[test]
fn names_like_tokens_are_not_shown() {
    for name in [
        "imbot.v2.Chat.Message.send",
        "fields.sytem",
        "BOT_ID",
        "ONIMBOTV2MESSAGEADD",
        "oauth2",
    ] {
        assert_eq!(shown(name), name);
    }
    for name in [
        "a1b2c3",
        "q94zphhebaob8h1y",
        "fields.5w9s2qatn1xqtkve",
        "white space",
        "x\u{202e}y",
    ] {
        assert_ne!(shown(name), name);
    }
}

#[test]
fn lexer_notes_bracket_of_each_token() {
    let sources = [
        "a(b[c]{d}, `e${f(g)}h`) i",
        "a(b[c) d] }",
        "{ if (x { y ) }",
        "`a${ b( }c` d",
        "a ",
    ];
    for source in sources {
        for language in [Language::JavaScript, Language::CSharp, Language::Rust] {
            let noted = lex(language, source.to_owned()).unwrap();
            let mut again = lex(language, source.to_owned()).unwrap();
            again.note_parents();
            for at in 0..noted.len() {
                assert_eq!(noted.parent(at), again.parent(at), "{source}: {}", noted.raw(at));
            }
        }
    }
}
