use proptest::prelude::*;
use serde_json::json;

use super::*;

mod portal;

fn read(text: &str) -> Value {
    decode(text).into()
}

fn written(params: Value) -> String {
    match params {
        Value::Object(params) => encode(&params),
        other => panic!("{other}"),
    }
}

#[test]
fn brackets_nest() {
    assert_eq!(
        read("a=1&fields[message]=Hi+there&ids[]=3&ids[]=4&title[en]=x"),
        json!({"a": "1", "fields": {"message": "Hi there"}, "ids": ["3", "4"], "title": {"en": "x"}})
    );
    assert_eq!(
        read("f%5Battach%5D%5B0%5D%5Btext%5D=%C3%A4%3d%2B"),
        json!({"f": {"attach": [{"text": "ä=+"}]}})
    );
}

#[test]
fn list_keys_count_from_zero() {
    assert_eq!(read("a[0]=x&a[1]=y"), json!({"a": ["x", "y"]}));
    assert_eq!(read("a[1]=y&a[0]=x"), json!({"a": {"0": "x", "1": "y"}}));
    assert_eq!(read("a[00]=x"), json!({"a": {"00": "x"}}));
    assert_eq!(
        read("a[]=1&a[]=2&a[x]=3&a[]=4"),
        json!({"a": {"0": "1", "1": "2", "2": "4", "x": "3"}})
    );
    assert_eq!(read("a[5]=1&a[]=2"), json!({"a": {"5": "1", "6": "2"}}));
    // The top is always an object.
    assert_eq!(read("0=x&1=y"), json!({"0": "x", "1": "y"}));
}

#[test]
fn odd_names_parse_like_php() {
    for (text, expected) in [
        ("a.b=1&c d=2&+e=3", json!({"a_b": "1", "c_d": "2", "e": "3"})),
        ("a[b=1", json!({"a_b": "1"})),
        ("a[b]tail=1", json!({"a": {"b": "1"}})),
        ("a[b][c=1", json!({"a": {"b": "1"}})),
        ("a[b[c]=1", json!({"a": {"b[c": "1"}})),
        ("a[ b.c]=1", json!({"a": {" b.c": "1"}})),
        ("a[ ]=1&a[+]=2", json!({"a": ["1", "2"]})),
        ("[a]=1", json!({"_a]": "1"})),
        ("a]=1", json!({"a]": "1"})),
        ("=1&&x&+=2", json!({"x": ""})),
        ("ä[ö]=1", json!({"ä": {"ö": "1"}})),
        ("a%00b=1&c=%00", json!({"a": "1", "c": "\0"})),
        ("a=b=c", json!({"a": "b=c"})),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn last_value_of_name_wins() {
    assert_eq!(read("a=1&a=2"), json!({"a": "2"}));
    assert_eq!(read("a=1&a[b]=2"), json!({"a": {"b": "2"}}));
    assert_eq!(read("a[b]=2&a=1"), json!({"a": "1"}));
    let order: Vec<_> = Pairs::read(b"z=1&a=2&z=3")
        .0
        .entries
        .into_iter()
        .map(|(key, part)| (key, part.into_value()))
        .collect();
    assert_eq!(
        order,
        [("z".to_owned(), json!("3")), ("a".to_owned(), json!("2"))]
    );
}

#[test]
fn invalid_escapes_stay() {
    assert_eq!(
        read("a=100%&b=%zz&c=%4"),
        json!({"a": "100%", "b": "%zz", "c": "%4"})
    );
    assert_eq!(read("a=%ff%C3"), json!({"a": "\u{fffd}\u{fffd}"}));
    assert_eq!(decode(b"a=\xff"), decode("a=%FF"));
}

#[test]
fn parameter_count_is_unlimited() {
    let many: String = (0..2_000).map(|nth| format!("a[{nth}]=x&")).collect();
    assert_eq!(read(&many)["a"].as_array().map(Vec::len), Some(2_000));
}

#[test]
fn too_deep_parameters_are_dropped() {
    let name = |depth: usize| format!("a{}=1&b=2", "[x]".repeat(depth));
    let mut inner = &read(&name(MAX_DEPTH))["a"];
    for _ in 0..MAX_DEPTH {
        inner = &inner["x"];
    }
    assert_eq!(inner, "1");
    assert_eq!(read(&name(MAX_DEPTH + 1)), json!({"b": "2"}));
    read(&name(100_000));

    let nested = |depth: usize| (0..depth).fold(json!("1"), |inner, _| json!({"x": inner}));
    let deepest = json!({"a": nested(MAX_DEPTH), "b": "2"});
    assert_eq!(read(&written(deepest.clone())), deepest);
    assert_eq!(
        written(json!({"a": nested(MAX_DEPTH + 1), "b": "2"})),
        "b=2",
        "as the server reads it"
    );
}

#[test]
fn values_are_written_as_text() {
    for (params, text) in [
        (json!({}), ""),
        (json!({"yes": true, "zno": false}), "yes=1&zno=0"),
        (
            json!({"f": 1.5, "i": -7, "u": u64::MAX}),
            "f=1.5&i=-7&u=18446744073709551615",
        ),
        (json!({"ids": [3, 4]}), "ids%5B0%5D=3&ids%5B1%5D=4"),
        (json!({"f": {"m": "Hi ä&=+%"}}), "f%5Bm%5D=Hi+%C3%A4%26%3D%2B%25"),
        (
            json!({"n": null, "l": [], "o": {}, "d": {"l": [[]]}, "x": ""}),
            "x=",
        ),
        // The places of what is left out stay empty, as in PHP.
        (json!({"a": [1, null, 3]}), "a%5B0%5D=1&a%5B2%5D=3"),
    ] {
        assert_eq!(written(params.clone()), text, "{params}");
    }
}

#[test]
fn references_of_a_batch_survive() {
    let params = json!({"botId": "$result[bot][bot][id]", "fields": {"to": ["see $result[0] there"]}});
    let text = written(params.clone());
    assert!(!text.contains(['$', '[', ' ']), "{text}");
    assert_eq!(read(&text), params);
    // Others write them bare.
    assert_eq!(read("id=$result[bot][id]"), json!({"id": "$result[bot][id]"}));
}

#[test]
fn a_path_is_a_name() {
    let mut text = String::new();
    append(&mut text, &[], &json!(1));
    append(&mut text, &["cmd", "a b"], &json!("x?y=1"));
    append(&mut text, &["halt"], &json!(true));
    assert_eq!(text, "cmd%5Ba+b%5D=x%3Fy%3D1&halt=1");
}

#[test]
fn entry_limit_is_enforced() {
    let flat = |count: usize| (0..count).map(|nth| format!("k{nth}=1&")).collect::<String>();
    let deep = |count: usize| {
        let names = (0..count).map(|nth| format!("k{nth}{}=1&", "[a]".repeat(MAX_DEPTH)));
        names.collect::<String>()
    };
    let many = MAX_ENTRIES / (MAX_DEPTH + 1);
    for (text, read, is_whole) in [
        (flat(MAX_ENTRIES), MAX_ENTRIES, true),
        (flat(MAX_ENTRIES + 1), MAX_ENTRIES, false),
        (deep(many), many, true),
        (deep(many * 60), many, false),
        // What is there already takes no more.
        ("k=1&".repeat(MAX_ENTRIES + 1), 1, true),
    ] {
        assert_eq!(decode(&text).len(), read);
        assert_eq!(decode_whole(&text).is_some(), is_whole);
    }
}

#[cfg(feature = "registry")]
#[test]
fn values_are_found_by_name() {
    let is_asked = |name: &str| ["auth", "botToken"].contains(&name);
    let found = |text| values_of(text, &is_asked, 3).collect::<Vec<_>>();
    for (text, expected) in [
        ("auth=1&a=2", vec!["1"]),
        ("a[auth]=1&b%5BbotToken%5D=%32", vec!["1", "2"]),
        ("auth[]=1&auth[0]=2&auth[b]=3&x[auth][1][]=4", vec!["1", "2", "4"]),
        ("auth&auth[=5&oauth=6&b[auth", vec!["5"]),
        ("auth=1&auth=2&auth=3&auth=4", vec!["1", "2", "3"]),
        ("", vec![]),
    ] {
        assert_eq!(found(text), expected, "{text}");
    }
    assert_eq!(found(&format!("auth={}", "x".repeat(LONGEST_VALUE + 1))), [""; 0]);
    let with = values_with("a=1?2&b=3%3F4&c=5%3f6&d=7&?", '?').collect::<Vec<_>>();
    assert_eq!(with, ["1?2", "3?4", "5?6"]);
}

/// What comes back of a value: text, and nothing for what cannot be sent.
fn as_text(value: &Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::Bool(yes) => Some(json!(u8::from(*yes).to_string())),
        Value::Number(number) => Some(json!(number.to_string())),
        Value::String(text) => Some(json!(text)),
        Value::Array(items) => {
            let kept: Vec<_> = (0..items.len())
                .zip(items)
                .filter_map(|(nth, item)| Some((nth, as_text(item)?)))
                .collect();
            let is_list = (0..).zip(&kept).all(|(nth, (at, _))| nth == *at);
            (!kept.is_empty()).then(|| match is_list {
                true => kept.into_iter().map(|(_, item)| item).collect(),
                false => kept
                    .into_iter()
                    .map(|(nth, item)| (nth.to_string(), item))
                    .collect(),
            })
        }
        Value::Object(members) => Some(object_as_text(members).into()).filter(|own| *own != json!({})),
    }
}

fn object_as_text(members: &Map<String, Value>) -> Map<String, Value> {
    members
        .iter()
        .filter_map(|(key, member)| Some((key.clone(), as_text(member)?)))
        .collect()
}

fn params() -> impl Strategy<Value = Map<String, Value>> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!("$result[a][b] &=+%20;#?[]")),
    ];
    // Keys of digits would make a list, and no key holds `]` or ends at it.
    let key = "[a-zä $%&=+.\\[-][^\\]\0]{1,4}";
    let value = leaf.prop_recursive(4, 32, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key, inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    });
    prop::collection::btree_map("[a-zä%&=+\\]][^\\[ .\0]{0,4}", value, 0..4)
        .prop_map(|members| members.into_iter().collect())
}

proptest! {
    #[test]
    fn encoded_parameters_decode_as_text(params in params()) {
        let text = encode(&params);
        prop_assert!(text.is_ascii() && !text.contains([' ', '[', ']', '#', '?', '$']));
        prop_assert_eq!(decode(&text), object_as_text(&params));
    }

    #[test]
    fn decoded_parameters_encode_back(text in "([a-c\\[\\]=&.+ ]|%5B|%5D|%C3%A4){0,40}") {
        // Without digits, which in a wrong order make no list, and in order do.
        let read = decode(&text);
        prop_assert_eq!(&decode(encode(&read)), &read, "{}", text);
    }

    #[test]
    fn no_query_panics(text in prop::collection::vec(any::<u8>(), 0..200)) {
        encode(&decode(&text));
        Pairs::read(&text);
    }
}
