//! Whatever goes wrong on the way, what is learned is true of the portal.

use proptest::prelude::*;
use serde_json::json;

use super::super::*;
use crate::knowledge::{IMBOT_V2_REST, ImbotV2Presence};
use crate::wire::Reply;

/// A portal: its number, its generation of imbot.v2, and the scopes of the
/// credential.
#[derive(Clone, Copy, Debug)]
struct Portal {
    rest: u16,
    level: ImbotV2Presence,
    has_im: bool,
    has_imbot: bool,
}

impl Portal {
    /// What it answers to one method, in the server's order of checks.
    fn answer(self, method: &str, credential: &str) -> Answer {
        let result = json!({"rest": self.rest});
        let (exists, in_scope, result) = match method {
            REVISION_GET => (
                self.level == ImbotV2Presence::WithRevisionGet,
                self.has_imbot,
                result,
            ),
            IM_REVISION_GET => (true, self.has_im, result),
            BOT_LIST => (
                self.level > ImbotV2Presence::Absent,
                self.has_imbot,
                json!({"bots": []}),
            ),
            _ => (true, true, json!("2026-04-02T00:00:00+00:00")),
        };
        match (exists, credential, in_scope) {
            (false, ..) => Err(error("ERROR_METHOD_NOT_FOUND")),
            (true, "", false) => Err(error("insufficient_scope")),
            (true, "", true) => Ok(result),
            (true, bad, _) => Err(error(bad)),
        }
    }
}

fn error(code: &str) -> ApiError {
    let body = json!({"error": code}).to_string();
    match Reply::read(400, None, body.as_bytes()) {
        Reply::Error(error) => error,
        other => panic!("{other:?}"),
    }
}

/// What happens to a question: nothing, or something that proves nothing.
#[derive(Clone, Copy, Debug)]
enum Luck {
    Sound,
    /// This error, once the method was found; of a batch, for each command.
    Credential(&'static str),
    /// This error, whatever the method.
    Code(&'static str),
    Page(u16),
    Lost,
    /// A result of something else.
    Odd,
    /// Of a batch, only these commands are answered.
    Passed(u8),
}

fn luck() -> impl Strategy<Value = Luck> {
    prop_oneof![
        4 => Just(Luck::Sound),
        2 => prop::sample::select(vec!["expired_token", "NO_AUTH_FOUND", "ACCESS_DENIED", "100"])
            .prop_map(Luck::Credential),
        2 => prop::sample::select(vec!["QUERY_LIMIT_EXCEEDED", "PORTAL_DELETED", "ERROR_CORE", "NEW", "", "0"])
            .prop_map(Luck::Code),
        1 => prop::sample::select(vec![200, 302, 403, 404, 502]).prop_map(Luck::Page),
        1 => Just(Luck::Lost),
        1 => Just(Luck::Odd),
        2 => any::<u8>().prop_map(Luck::Passed),
    ]
}

fn portal() -> impl Strategy<Value = Portal> {
    let levels = vec![
        ImbotV2Presence::Absent,
        ImbotV2Presence::WithoutRevisionGet,
        ImbotV2Presence::WithRevisionGet,
    ];
    let level = prop::sample::select(levels);
    (18_u16..42, level, any::<bool>(), any::<bool>()).prop_map(|(rest, level, has_im, has_imbot)| Portal {
        rest,
        // No build below came with it.
        level: if rest < IMBOT_V2_REST {
            ImbotV2Presence::Absent
        } else {
            level
        },
        has_im,
        has_imbot,
    })
}

/// The answer to a question under this luck.
fn play(portal: Portal, question: Question, luck: Luck) -> Result<Answer, Failure<&'static str>> {
    let (credential, answered) = match luck {
        Luck::Sound => ("", u8::MAX),
        Luck::Credential(code) => (code, u8::MAX),
        Luck::Passed(which) => ("", which),
        Luck::Code(code) => return Ok(read_reply(Reply::Error(error(code)))?),
        Luck::Page(status) => return Ok(read_reply(Reply::read(status, None, b"<html>"))?),
        Luck::Lost => {
            return Err(ErrorKind::NoReply {
                class: ProbeErrorClass::Transient,
                error: "lost",
            }
            .into());
        }
        Luck::Odd => return Ok(Ok(json!({"result": 1, "rest": "x"}))),
    };
    let Question::Batch = question else {
        return Ok(portal.answer(question.method(), credential));
    };
    let (mut results, mut errors) = (serde_json::Map::new(), serde_json::Map::new());
    for (nth, (key, method)) in COMMANDS.into_iter().enumerate() {
        if answered & (1 << nth) == 0 {
            continue;
        }
        match portal.answer(method, credential) {
            Ok(result) => results.insert(key.to_owned(), result),
            Err(error) => errors.insert(key.to_owned(), json!({"error": error.code.as_str()})),
        };
    }
    Ok(Ok(json!({"result": results, "result_error": errors})))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn learned_facts_are_always_true(
        portal in portal(),
        luck in prop::collection::vec(luck(), 8),
    ) {
        let mut inquiry = Inquiry::new();
        let mut asked = Vec::new();
        for luck in luck {
            let Some(question) = inquiry.question() else {
                break;
            };
            let again = question == Question::Call(REVISION_GET);
            prop_assert!(again || !asked.contains(&question), "{:?} twice: {:?}", question, asked);
            asked.push(question);
            inquiry.answer(play(portal, question, luck));
        }
        prop_assert_eq!(inquiry.question(), None, "no end: {:?}", asked);
        prop_assert!(asked.len() <= 5, "{:?}", asked);
        if let Ok((known, failed)) = inquiry.conclude() {
            let (least, most) = (known.rest_at_least(), known.rest_at_most());
            prop_assert!(least <= portal.rest && most.is_none_or(|most| portal.rest <= most), "{:?}", known);
            let (least, most) = known.levels();
            prop_assert!(least <= portal.level && portal.level <= most, "{:?}", known);
            prop_assert!(known.rest().is_some() || known.imbot_v2().is_some());
            let complete = known.rest().is_some() && known.imbot_v2().is_some();
            prop_assert!(complete || failed.is_some(), "{:?} without a reason", known);
        }
    }
}
