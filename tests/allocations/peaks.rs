//! The most memory that a hostile text takes while it is read.

use allocation_counter::measure;
#[cfg(feature = "registry")]
use imbot_caps::Snapshot;
use imbot_caps::event::{ApplicationTokens, EventError, Posted};
use imbot_caps::wire::{BatchReplies, Reply};

const BYTES: usize = 16 << 20;
const VALUES: usize = 512 << 10;

/// The most that one value takes: `{"":0}` in a list is three, and takes 584 bytes while the list grows.
const VALUE: usize = 200;

/// Replies of the most bytes and values that are read: how they begin, what is repeated, how
/// many values that has, and how they end.
const HOSTILE: [(&str, &str, &str, usize, &str); 15] = [
    ("tiny objects", "[0", ",{\"\":0}", 3, "]"),
    ("empty objects", "[0", ",{}", 1, "]"),
    ("empty lists", "[0", ",[]", 1, "]"),
    ("lists of one", "[0", ",[0]", 2, "]"),
    ("nested objects", "[0", ",{\"\":{\"\":{\"\":0}}}", 7, "]"),
    ("objects of two", "[0", ",{\"\":0,\"a\":0}", 5, "]"),
    (
        "objects of four",
        "[0",
        ",{\"\":0,\"a\":0,\"b\":0,\"c\":0}",
        9,
        "]",
    ),
    ("zeros", "[0", ",0", 1, "]"),
    ("empty texts", "[0", ",\"\"", 1, "]"),
    ("short texts", "[0", ",\"a\"", 1, "]"),
    ("large numbers", "[0", ",1e400", 1, "]"),
    (
        "long texts",
        "[0",
        ",\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
        1,
        "]",
    ),
    ("one long text", "\"", "aaaaaaaa", 0, "\""),
    ("escapes", "\"", "\\u00e9\\n", 0, "\""),
    ("white space", "0", "        ", 0, ""),
];

fn hostile(first: &str, again: &str, values: usize, last: &str) -> String {
    let fixed = 300;
    let by_bytes = (BYTES - fixed) / again.len();
    let by_values = (VALUES - fixed).checked_div(values).unwrap_or(usize::MAX);
    format!(
        "{{\"result\":{first}{}{last}}}",
        again.repeat(by_bytes.min(by_values))
    )
}

fn peak(run: impl FnOnce()) -> usize {
    usize::try_from(measure(run).bytes_max).unwrap()
}

#[test]
fn hostile_replies_respect_memory_budget() {
    let allowed = 3 * (BYTES + VALUES * size_of::<serde_json::Value>());
    for (what, first, again, values, last) in HOSTILE {
        let body = hostile(first, again, values, last);
        let mut is_read = false;
        let peak = peak(|| is_read = matches!(Reply::read(200, None, body.as_bytes()), Reply::Result(_)));
        println!("{what}: {} KiB, of {} KiB of text", peak >> 10, body.len() >> 10);
        assert!(is_read, "{what}");
        assert!(peak + body.len() <= allowed, "{what}: {peak}");
        assert!(peak <= 2 * BYTES + VALUES * VALUE, "{what}: {peak}");
    }
}

/// What takes the most of bytes and of values at once: a long text with an escape, many lists, and a
/// number that is read as text.
fn mixed() -> impl Iterator<Item = (&'static str, String)> {
    let kinds = [
        ("a long text", "", ""),
        ("an escape", "\\n", ""),
        ("a large number", "", ",1e400"),
        ("both", "\\n", ",1e400"),
    ];
    kinds.into_iter().map(|(what, escape, last)| {
        let rest = format!("\"{}{last}]}}", ",[0]".repeat(VALUES / 2 - 10));
        let text = "x".repeat(BYTES - rest.len() - 300);
        (what, format!("{{\"result\":[\"{escape}{text}{rest}"))
    })
}

#[test]
fn mixed_replies_respect_memory_budget() {
    let allowed = 3 * (BYTES + VALUES * size_of::<serde_json::Value>());
    for (what, body) in mixed() {
        let mut is_read = false;
        let peak = peak(|| is_read = matches!(Reply::read(200, None, body.as_bytes()), Reply::Result(_)));
        println!("{what}: {} KiB, of {} KiB of text", peak >> 10, body.len() >> 10);
        assert!(is_read, "{what}");
        assert!(peak + body.len() <= allowed, "{what}: {peak} of {allowed}");
    }
}

#[test]
fn object_keys_respect_memory_budget() {
    let members: Vec<String> = (0..VALUES / 2 - 100).map(|nth| format!("\"{nth}\":0")).collect();
    let body = format!("{{\"result\":{{{}}}}}", members.join(","));
    let peak = peak(|| {
        assert!(matches!(
            Reply::read(200, None, body.as_bytes()),
            Reply::Result(_)
        ))
    });
    assert!(peak <= 2 * BYTES + VALUES * VALUE, "{peak}");
}

#[test]
fn oversize_replies_use_little_memory() {
    for (what, first, again, values, last) in HOSTILE {
        if values == 0 {
            continue;
        }
        let body = format!(
            "{{\"result\":{first}{}{last}}}",
            again.repeat(VALUES / values + 1)
        );
        let peak = peak(|| {
            assert!(matches!(
                Reply::read(200, None, body.as_bytes()),
                Reply::Malformed(_)
            ))
        });
        assert!(peak < 64 << 10, "{what}: {peak}");
    }
    // Deep ones are cut off by serde; half ones and others take little.
    for body in [
        "[".repeat(BYTES),
        "{\"result\":".repeat(BYTES / 10),
        "{\"result\":\"".to_owned() + &"a".repeat(BYTES - 11),
    ] {
        let peak = peak(|| {
            assert!(matches!(
                Reply::read(200, None, body.as_bytes()),
                Reply::Malformed(_)
            ))
        });
        assert!(peak <= 3 * BYTES, "{peak}");
    }
}

#[test]
fn hostile_batches_respect_memory_budget() {
    let many = (VALUES - 100) / 4;
    let results: Vec<String> = (0..many).map(|nth| format!("\"{nth}\":{{\"\":0}}")).collect();
    let body = format!(
        "{{\"result\":{{\"result\":{{{}}},\"result_error\":[]}}}}",
        results.join(",")
    );
    let peak = peak(|| {
        let Reply::Result(result) = Reply::read(200, None, body.as_bytes()) else {
            panic!()
        };
        // No portal takes as many commands.
        assert!(BatchReplies::read(result).is_none());
    });
    println!("batch: {} KiB, of {} KiB of text", peak >> 10, body.len() >> 10);
    assert!(peak <= 2 * BYTES + VALUES * VALUE, "{peak}");
}

/// Places in the reply to a batch for the largest text that is read: the JSON before it, and the JSON
/// after it.
#[cfg(feature = "registry")]
const PLACES: [(&str, &str, &str); 7] = [
    ("a result", "\"result\":{\"a\":", "},\"result_error\":[]"),
    ("an error", "\"result\":[],\"result_error\":{\"a\":", "}"),
    (
        "a code",
        "\"result\":[],\"result_error\":{\"a\":{\"error\":",
        "}}",
    ),
    (
        "a text",
        "\"result\":[],\"result_error\":{\"a\":{\"error\":\"X\",\"error_description\":",
        "}}",
    ),
    ("all errors", "\"result\":[],\"result_error\":", ""),
    ("all results", "\"result_error\":[],\"result\":", ""),
    (
        "a result beside an error",
        "\"result_error\":{\"a\":{\"error\":\"X\",\"error_description\":\"y\"}},\"result\":{\"a\":",
        "}",
    ),
];

#[cfg(feature = "registry")]
#[test]
fn hostile_batches_of_clients_stay_within() {
    let allowed = 3 * (BYTES + VALUES * size_of::<serde_json::Value>());
    let texts = |(what, first, again, values, last)| (what, hostile(first, again, values, last));
    let some = ["tiny objects", "nested objects"];
    let some = HOSTILE.into_iter().filter(|own| some.contains(&own.0)).map(texts);
    for (nth, (what, text)) in mixed().chain(some).enumerate() {
        let text = text.strip_prefix("{\"result\":").unwrap();
        let text = text.strip_suffix('}').unwrap();
        for (own, (place, before, after)) in PLACES.into_iter().enumerate() {
            let body = format!("{{\"result\":{{{before}{text}{after}}}}}");
            assert!(body.len() <= BYTES);
            // A call and a batch read a reply alike, and keep it in different forms.
            let is_call = (nth + own) % 2 == 0;
            let peak = clients::peak(&body, is_call);
            println!("{place}, {what}, {is_call}: {} KiB", peak >> 10);
            assert!(
                peak + body.len() <= allowed,
                "{place}, {what}: {peak} of {allowed}"
            );
        }
    }
}

/// The most replies, each with the most values.
#[cfg(feature = "registry")]
#[test]
fn many_replies_of_batches_stay_within() {
    let allowed = 3 * (BYTES + VALUES * size_of::<serde_json::Value>());
    let list = |count: usize, own: &str| vec![own; count].join(",");
    let keyed = |count: usize, own: &str| {
        let members: Vec<_> = (0..count).map(|nth| format!("\"{nth}\":{own}")).collect();
        members.join(",")
    };
    let error = format!(
        "{{\"error\":\"X\",\"error_description\":\"{}\",\"a\":[{}]}}",
        "y".repeat(500),
        list(40, "{}")
    );
    let nested = format!("{{\"error\":[{}]}}", list(48, "[\"X\"]"));
    for (results, errors) in [
        ("[]".to_owned(), format!("[{}]", list(9_900, &error))),
        ("[]".to_owned(), format!("{{{}}}", keyed(9_900, &error))),
        ("[]".to_owned(), format!("{{{}}}", keyed(5_000, &nested))),
        (
            format!("{{{}}}", keyed(9_900, "[[],{}]")),
            format!("{{{}}}", keyed(9_900, &nested.replace(",[\"X\"]", ""))),
        ),
        // More than any portal takes.
        ("[]".to_owned(), format!("{{{}}}", keyed(100_000, "\"X\""))),
    ] {
        let body = format!("{{\"result\":{{\"result\":{results},\"result_error\":{errors}}}}}");
        assert!(body.len() < BYTES, "{}", body.len());
        for is_call in [false, true] {
            let peak = clients::peak(&body, is_call);
            println!(
                "{is_call}: {} KiB, of {} KiB of text",
                peak >> 10,
                body.len() >> 10
            );
            assert!(peak + body.len() <= allowed, "{peak} of {allowed}");
        }
    }
}

/// A client without a runtime does all work on the thread that is measured.
#[cfg(feature = "registry")]
mod clients {
    use std::future::{Future, pending, ready};
    use std::pin::{Pin, pin};
    use std::sync::Mutex;
    use std::task::{Context, Poll, Waker};
    use std::time::{Duration, SystemTime};

    use imbot_caps::clock::Clock;
    use imbot_caps::gate::Client;
    use imbot_caps::transport::{Request, Response, Transport, TransportError};
    use imbot_caps::wire::Call;
    use imbot_caps::{Knowledge, Portal, Registry};
    use serde_json::json;

    /// Sends this reply once.
    struct Once(Mutex<Option<Vec<u8>>>);

    impl Transport for Once {
        fn send(
            &self,
            _: Request,
        ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
            let body = self.0.lock().unwrap().take().unwrap();
            Box::pin(ready(Ok(Response::new(200, None, body))))
        }
    }

    struct Standing;

    impl Clock for Standing {
        fn now(&self) -> SystemTime {
            SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000)
        }

        fn sleep(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
            Box::pin(pending())
        }
    }

    fn client(body: &str) -> Client {
        let once = Once(Mutex::new(Some(body.as_bytes().to_vec())));
        let registry = Registry::builder(once).clock(Standing).build();
        let portal = Portal::webhook("https://acme.example/rest/1/s3cretcode/").unwrap();
        registry.handle(&portal).pin(Knowledge::pinned(36));
        registry.client(&portal)
    }

    fn done<T>(work: impl Future<Output = T>) -> T {
        let mut done = None;
        if let Poll::Ready(now) = pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
            done = Some(now);
        }
        done.unwrap()
    }

    /// The most memory beyond the text that a batch with this reply takes, by `call` or by `batch`.
    pub(super) fn peak(body: &str, is_call: bool) -> usize {
        // The first call also makes statics.
        let _ = done(client("{\"result\":{\"result\":[]}}").batch([("a", Call::new("profile"))]));
        let client = client(body);
        super::peak(|| match is_call {
            true => drop(done(
                client.call("batch", json!({"cmd": {"a": "profile?auth=t0ken-t0ken"}})),
            )),
            false => drop(done(
                client.batch([("a", Call::new("profile").with("auth", "t0ken-t0ken"))]),
            )),
        })
    }
}

#[cfg(feature = "registry")]
#[test]
fn hostile_snapshots_use_little_memory() {
    for record in [
        "0",
        "{\"\":0}",
        "{\"portal\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}",
        "[[[[]]]]",
    ] {
        let body = format!(
            "{{\"format\":1,\"records\":[{record}{}]}}",
            format!(",{record}").repeat(500_000)
        );
        let peak = peak(|| assert_eq!(Snapshot::from_json(&body).unwrap().skipped().len(), 500_001));
        assert!(peak < 48 << 20, "{record}: {peak}");
    }
    // One record of everything.
    let body = format!(
        "{{\"format\":1,\"records\":[[0{}]]}}",
        ",{\"\":0}".repeat(500_000)
    );
    let peak = peak(|| assert_eq!(Snapshot::from_json(&body).unwrap().skipped().len(), 1));
    assert!(peak < 1 << 20, "{peak}");
}

#[test]
fn hostile_forms_use_little_memory() {
    let many: String = (0..400_000).map(|n| format!("{n}=&")).collect();
    let nested: String = (0..100_000).map(|n| format!("a[{n}][b][c]=&")).collect();
    for form in [
        "a=&".repeat(1 << 20),
        "auth[member_id]=1&".repeat(100_000),
        "a[]=&".repeat(400_000),
        "%41".repeat(1 << 20),
        many,
        nested,
        format!("event=E&a={}", "%41".repeat(1 << 20)),
    ] {
        let peak = peak(|| {
            let is_refused = matches!(
                Posted::from_form(form.as_bytes()),
                Err(EventError::Repeated { .. } | EventError::TooMany { .. } | EventError::Missing { .. })
                    | Ok(_)
            );
            assert!(is_refused);
        });
        assert!(peak <= 16 << 20, "{peak}: {}", &form[..20]);
    }
}

/// Each bot of an older event gets a copy of the message.
#[test]
fn events_for_many_bots_use_little_memory() {
    for text in [0, 1_000, 200_000, 300_000, 3_000_000] {
        let bots: String = (1..=64)
            .map(|id| format!("data[BOT][{id}][BOT_ID]={id}&"))
            .collect();
        let many: String = (0..2_000).map(|nth| format!("data[PARAMS][x{nth}]=&")).collect();
        for more in ["", &many] {
            let text = "x".repeat(text);
            let body = format!(
                "event=ONIMBOTMESSAGEADD&{bots}{more}data[PARAMS][MESSAGE]={text}&auth[application_token]=t"
            );
            let peak = peak(|| {
                let posted = Posted::from_form(body.as_bytes()).unwrap();
                drop(posted.verify(&ApplicationTokens::new("t")));
            });
            assert!(peak <= 40 << 20, "{peak}: {}", text.len());
        }
    }
}

/// Twice the names take twice the allocations, and no more than twice the bytes.
#[test]
fn work_for_forms_is_linear() {
    type Form = (&'static str, fn(usize) -> String);
    let forms: [Form; 5] = [
        ("members", |nth| format!("data[PARAMS][x{nth}]=1&")),
        ("lists", |nth| format!("data[x][{nth}]=1&")),
        ("items", |_| "data[x][]=1&".to_owned()),
        ("names", |nth| format!("x{nth}=1&")),
        ("objects", |nth| format!("data[USER][x{nth}][y]=1&")),
    ];
    for (what, one) in forms {
        let work = |names: usize| {
            let names: String = (0..names).map(one).collect();
            let body =
                format!("event=ONIMBOTMESSAGEADD&data[BOT][7][BOT_ID]=7&{names}auth[application_token]=t");
            let done = measure(|| {
                let posted = Posted::from_form(body.as_bytes()).unwrap();
                drop(posted.verify(&ApplicationTokens::new("t")).unwrap());
            });
            (done.count_total, done.bytes_total)
        };
        work(8);
        let (small, large) = (work(2_000), work(4_000));
        println!("{what}: {small:?}, {large:?}");
        assert!(large.0 <= 2 * small.0 + 100, "{what}: {small:?} {large:?}");
        assert!(large.1 <= 3 * small.1, "{what}: {small:?} {large:?}");
    }
}
