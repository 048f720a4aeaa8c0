use proptest::prelude::*;
use serde_json::json;

use super::*;

fn read(json: &str) -> BatchRequest {
    serde_json::from_str(json).unwrap()
}

fn written(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

fn calls(batch: &BatchRequest) -> Vec<(&str, &str, &str)> {
    let commands = batch.commands().unwrap().iter();
    commands
        .map(|(key, command)| match command {
            Command::Call { method, query } => (key, method, query),
            Command::Other(_) => (key, "-", "-"),
        })
        .collect()
}

#[test]
fn commands_stay_in_the_order_of_writing() {
    let json = r#"{"halt":1,"cmd":{"z":"server.time","a":"x.get?id=$result[z]","9":"y?b=c#d?e"},"auth":"t"}"#;
    let batch = read(json);
    let expected = [
        ("z", "server.time", ""),
        ("a", "x.get", "id=$result[z]"),
        ("9", "y", "b=c"),
    ];
    assert_eq!(calls(&batch), expected);
    assert!(batch.halts());
    assert_eq!(batch.commands().unwrap().text("9"), Some("y?b=c#d?e"));
    assert_eq!(written(&batch), json);
    assert_eq!(
        calls(&BatchRequest::from_form(batch.to_form().as_bytes())),
        expected
    );
}

#[test]
fn lists_stay_lists_while_their_keys_count() {
    let json = r#"{"cmd":["a","b?c=1",7,"d"]}"#;
    let batch = read(json);
    assert_eq!(
        calls(&batch),
        [("0", "a", ""), ("1", "b", "c=1"), ("2", "-", "-"), ("3", "d", "")]
    );
    assert_eq!(written(&batch), json);
    let commands = batch.commands().unwrap();
    let own = |keys: &[&str]| {
        let commands = commands.rebuilt(keys.iter().map(|key| ((*key).to_owned(), json!("x"))));
        assert_eq!(commands.to_value().to_string(), written(&commands), "{keys:?}");
        written(&commands)
    };
    assert_eq!(own(&["0", "1"]), r#"["x","x"]"#);
    assert_eq!(own(&[]), "[]");
    assert_eq!(own(&["1", "2"]), r#"{"1":"x","2":"x"}"#);
    let object = read(r#"{"cmd":{"0":"a"}}"#);
    let commands = object.commands().unwrap();
    let rebuilt = commands.rebuilt([("0".to_owned(), json!("b"))]);
    assert_eq!(written(&rebuilt), r#"{"0":"b"}"#);
    assert_eq!(
        written(&object.clone().with_commands(rebuilt)),
        r#"{"cmd":{"0":"b"}}"#
    );
}

#[test]
fn the_last_of_two_stays_at_the_place_of_the_first() {
    let batch = read(r#"{"cmd":{"a":"old","b":"y","a":"new"},"x":1,"CMD":{"c":"z","d":"z","c":"w"}}"#);
    assert_eq!(written(&batch), r#"{"cmd":{"c":"w","d":"z"},"x":1}"#);
    let batch = read(r#"{"HALT":0,"halt":"0","Halt":"N"}"#);
    assert!(batch.halts());
    assert_eq!(written(&batch), r#"{"halt":"N"}"#);
}

#[test]
fn what_is_no_set_of_commands_is_passed_on() {
    for cmd in ["null", "true", "-1", "1", "1.5", r#""server.time""#] {
        let json = format!(r#"{{"cmd":{cmd}}}"#);
        let batch = read(&json);
        assert_eq!(batch.commands(), None, "{cmd}");
        assert_eq!(written(&batch), json);
    }
    assert_eq!(read("{}").commands(), None);
    for json in ["[]", "1", r#"{"cmd":["#, ""] {
        assert!(serde_json::from_str::<BatchRequest>(json).is_err(), "{json}");
    }
    let batch = read("{}").with_commands(BatchCommands::list([json!("a")]));
    assert_eq!(written(&batch), r#"{"cmd":["a"]}"#);
}

#[test]
fn halt_is_what_php_takes_for_true() {
    for (halt, halts) in [
        ("true", true),
        ("false", false),
        ("null", false),
        ("0", false),
        ("0.0", false),
        ("2", true),
        (r#""""#, false),
        (r#""0""#, false),
        (r#""N""#, true),
        ("[]", false),
        ("[0]", true),
        ("{}", false),
    ] {
        assert_eq!(read(&format!(r#"{{"halt":{halt}}}"#)).halts(), halts, "{halt}");
    }
    assert!(!read("{}").halts());
}

#[test]
fn a_map_gives_what_it_has() {
    let params = json!({"cmd": {"b": "x?y=1", "a": "z"}, "halt": true, "auth": "t"});
    let Value::Object(params) = params else { panic!() };
    let batch = BatchRequest::from_params(&params);
    assert_eq!(calls(&batch).len(), 2);
    assert!(batch.halts());
    assert_eq!(batch.commands().unwrap().to_value(), params["cmd"]);
    assert_eq!(serde_json::to_value(&batch).unwrap(), Value::Object(params));
}

#[test]
fn forms_keep_the_order_too() {
    let batch = BatchRequest::from_form(b"halt=0&cmd[z]=a.b%3Fc%3Dd%2526&cmd[a]=e&auth=t");
    assert_eq!(calls(&batch), [("z", "a.b", "c=d%26"), ("a", "e", "")]);
    assert!(!batch.halts());
    let again = BatchRequest::from_form(batch.to_form().as_bytes());
    assert_eq!(again, batch);
    let list = BatchRequest::from_form(b"cmd[]=a&cmd[]=b&cmd[][x]=c");
    assert_eq!(written(&list), r#"{"cmd":["a","b",{"x":"c"}]}"#);
    assert_eq!(BatchRequest::from_form(b"cmd=a").commands(), None);
}

#[test]
fn secrets_are_not_shown() {
    let batch = read(r#"{"cmd":{"k":"m?botToken=s3cret","o":["s3cret"]},"auth":"s3cret"}"#);
    assert_eq!(
        format!("{batch:?}"),
        r#"{"cmd": {"k": "m", "o": ".."}, "auth": ..}"#
    );
}

proptest! {
    #[test]
    fn what_is_written_is_what_was_read(
        keys in prop::collection::vec("[a-c0-2]{1,2}", 0..6),
        texts in prop::collection::vec("[a-z.]{0,4}(\\?[a-z=&%$\\[\\]#?]{0,8})?", 6),
        is_list in any::<bool>(),
    ) {
        let commands = match is_list {
            true => format!("{:?}", &texts[..keys.len()]),
            false => {
                let members = keys.iter().zip(&texts).map(|(key, text)| format!("{key:?}:{text:?}"));
                format!("{{{}}}", members.collect::<Vec<_>>().join(","))
            }
        };
        let batch = read(&format!(r#"{{"cmd":{commands}}}"#));
        let own = batch.commands().unwrap();
        let again = own.rebuilt(own.iter().map(|(key, _)| {
            (key.to_owned(), own.text(key).unwrap().into())
        }));
        prop_assert_eq!(&again, own);
        prop_assert_eq!(read(&written(&batch)), batch.clone());
        let in_form = BatchRequest::from_form(batch.to_form().as_bytes());
        if !keys.is_empty() {
            prop_assert_eq!(calls(&in_form), calls(&batch));
        }
    }

    #[test]
    fn nothing_makes_it_panic(body in prop::collection::vec(any::<u8>(), 0..100), text in "[{}\\[\\]\":,cmdhalt0-9]{0,40}") {
        for body in [body.as_slice(), text.as_bytes()] {
            let form = BatchRequest::from_form(body);
            BatchRequest::from_form(form.to_form().as_bytes());
            if let Ok(batch) = serde_json::from_slice::<BatchRequest>(body) {
                prop_assert_eq!(read(&written(&batch)), batch);
            }
        }
    }
}
