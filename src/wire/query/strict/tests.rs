use serde_json::json;

use super::*;

fn read(body: &str) -> Result<Value, FormError> {
    decode_strict(body.as_bytes()).map(Value::Object)
}

#[test]
fn names_nest_as_in_php() {
    assert_eq!(
        read("a=1&b%5Bc%5D=x+y&d[]=1&d[]=2&e[0][f]=%C3%A4&g[7]=&h").unwrap(),
        json!({"a": "1", "b": {"c": "x y"}, "d": ["1", "2"], "e": [{"f": "ä"}], "g": {"7": ""}, "h": ""})
    );
    assert_eq!(read("&&=1&").unwrap(), json!({}));
}

#[test]
fn names_with_one_beginning_keep_their_places() {
    for (body, expected) in [
        (
            "a[b][c]=1&a[b][d]=2&a[e]=3&a[b][f]=4&g=5",
            json!({"a": {"b": {"c": "1", "d": "2", "f": "4"}, "e": "3"}, "g": "5"}),
        ),
        // Each `[]` is a new item.
        ("a[][b]=1&a[][c]=2", json!({"a": [{"b": "1"}, {"c": "2"}]})),
        (
            "a[][b][c]=1&a[][b][d]=2",
            json!({"a": [{"b": {"c": "1"}}, {"b": {"d": "2"}}]}),
        ),
        (
            "a[b][]=1&a[b][]=2&a[c]=3",
            json!({"a": {"b": ["1", "2"], "c": "3"}}),
        ),
        // An opening bracket that never closes belongs to the name.
        ("a[b=1&a[b]=2", json!({"a_b": "1", "a": {"b": "2"}})),
        (
            "ab[c]=1&a[c]=2&abc=3",
            json!({"ab": {"c": "1"}, "a": {"c": "2"}, "abc": "3"}),
        ),
        (
            "a[\u{e4}][x]=1&a[\u{e5}][x]=2",
            json!({"a": {"\u{e4}": {"x": "1"}, "\u{e5}": {"x": "2"}}}),
        ),
    ] {
        assert_eq!(read(body).unwrap(), expected, "{body}");
    }
    for body in [
        "a[b][c]=1&a[b]=2",
        "a[b]=1&a[b][c]=2",
        "a[b][c]=1&a[b][c]=2",
        "a[b][c]=1&a[b]x=2",
    ] {
        assert!(matches!(read(body), Err(FormError::Repeated(_))), "{body}");
    }
    let deep = "[x]".repeat(MAX_DEPTH - 1);
    assert!(read(&format!("a{deep}[x]=1&a{deep}[y]=2")).is_ok());
    let deeper = read(&format!("a{deep}[x]=1&a{deep}[y][z]=2"));
    assert!(matches!(deeper, Err(FormError::TooDeep(_))));
}

#[test]
fn ambiguous_forms_are_rejected() {
    for body in [
        "a=1&a=2",
        "a[b]=1&a%5Bb%5D=2",
        "a=1&a[b]=2",
        "a[b]=1&a=2",
        "a.b=1&a_b=2",
        "a[]=1&a[0]=2",
    ] {
        assert!(matches!(read(body), Err(FormError::Repeated(_))), "{body}");
    }
    for body in ["a=%4", "a=%", "a%5=1", "a=%zz"] {
        assert!(matches!(read(body), Err(FormError::BrokenEscape(_))), "{body}");
    }
    assert!(matches!(read("a=%ff"), Err(FormError::NotUtf8(_))));
    assert!(matches!(read("a%00b=1"), Err(FormError::NotUtf8(_))));
    let deep = format!("a{}=1", "[x]".repeat(MAX_DEPTH + 1));
    assert!(matches!(read(&deep), Err(FormError::TooDeep(_))));
    let many: String = (0..NAME_LIMIT).map(|n| format!("a{n}=1&")).collect();
    assert!(read(&many).is_ok());
    assert_eq!(read(&format!("{many}b=1")), Err(FormError::TooMany));
}

#[test]
fn long_names_are_shortened() {
    let body = format!("{0}=1&{0}=2", "n\u{7}".repeat(10_000));
    let Err(FormError::Repeated(name)) = read(&body) else {
        panic!()
    };
    assert!(name.to_string().len() <= LONGEST_SHOWN + 3 && !name.to_string().contains('\u{7}'));
}

#[test]
fn shown_names_hold_no_secret() {
    for (name, shown) in [
        ("data[PARAMS][FROM_USER_ID]", "data[PARAMS][FROM_USER_ID]"),
        ("data[BOT][1234567][BOT_ID]", "data[BOT][1234567][BOT_ID]"),
        ("data[BOT][1234567890][BOT_ID]", "data[BOT][…"),
        ("ONIMBOTV2MESSAGEADD", "ONIMBOTV2MESSAGEADD"),
        ("ONIMCONNECTORDIALOGFINISH", "ONIMCONNECTORDIALOGFINISH"),
        ("message.isSystem", "message.isSystem"),
        ("data[PARAMS][customsecretword]", "data[PARAMS][…"),
        (
            "auth[application_token][1234567890123456",
            "auth[application_token][…",
        ),
        (
            "auth[application_token][CUSTOMSECRETWORD",
            "auth[application_token][…",
        ),
        ("data[]", "data[]"),
        (
            "auth[application_token]\u{0}51856fefc120afa4",
            "auth[application_token]…",
        ),
        (
            "auth[application_token]51856fefc120afa4",
            "auth[application_token]…",
        ),
        ("auth[application_token51856fefc120afa4", "auth[…"),
        ("AUTH_ID51856fefc120afa4", "…"),
        ("k1x9q2m4z7r8t0w3", "…"),
        ("a b", "a…"),
    ] {
        assert_eq!(Shown::of(name).to_string(), shown, "{name:?}");
    }
    for (escaped, shown) in [
        ("auth%5Bapplication_token%5D", "auth[application_token]"),
        ("auth%5Bapplication_token%5D%4", "auth[application_token]…"),
        (
            "auth%5Bapplication_token%5D%3D51856fefc120afa4",
            "auth[application_token]…",
        ),
        ("auth[%ff]", "auth[…"),
    ] {
        assert_eq!(
            Shown::of_escaped(escaped.as_bytes()).to_string(),
            shown,
            "{escaped:?}"
        );
    }
    let long = "[x]".repeat(LONGEST_SHOWN);
    let shown = Shown::of(&long).to_string();
    assert!(shown.starts_with("[x][x]") && shown.ends_with("[…"), "{shown}");
    assert!(shown.chars().count() <= LONGEST_SHOWN + 1, "{shown}");
}

proptest::proptest! {
    #[test]
    fn plain_forms_read_alike(pairs in proptest::collection::vec(("[a-c]{1,2}(\\[[0-2a-b]\\]){0,3}", "[ -~]{0,4}"), 0..12)) {
        let body: String = form_urlencoded(&pairs);
        if let Ok(own) = decode_strict(body.as_bytes()) {
            proptest::prop_assert_eq!(own, super::super::decode(&body));
        }
    }
}

fn form_urlencoded(pairs: &[(String, String)]) -> String {
    let mut body = String::new();
    for (name, value) in pairs {
        super::super::append_pair(&mut body, name, value);
    }
    body
}
