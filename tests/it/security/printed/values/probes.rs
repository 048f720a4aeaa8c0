//! A probe by hand, with a portal that repeats the secret and a caller whose errors show it.

use std::time::SystemTime;

use imbot_caps::probe::ProbeErrorClass;
use imbot_caps::probe::{Error, Found, Probe, Step};
use imbot_caps::wire::Response;
use serde_json::{Value, json};

use super::super::SECRET;
use super::{Shown, repeats};

type Own = std::io::Error;

fn own() -> Own {
    Own::other(format!("https://acme.example/rest/1/{SECRET}/"))
}

fn answer(status: u16, body: &Value) -> Response {
    let moved = format!("https://new.example/rest/1/{SECRET}/x");
    Response::new(status, Some(moved), body.to_string().into_bytes())
}

/// Does what the portal's answers ask for, and shows each step.
fn converse(shown: &Shown, answers: &[Response]) -> Result<Found<Own>, Error<Own>> {
    let now = SystemTime::UNIX_EPOCH;
    let mut probe = Probe::new(now).with_token(SECRET);
    let mut answers = answers.iter();
    loop {
        shown.debug("probe::Probe", &probe);
        let step = probe.step(now);
        shown.debug("probe::Step", &step);
        match step {
            Step::Send(request) => {
                shown.debug("probe::Outgoing", &request);
                match answers.next() {
                    Some(answer) => request.reply(now, answer),
                    None => request.fail(now, ProbeErrorClass::Permanent, own()),
                }
            }
            Step::Wait(pause) => {
                shown.debug("probe::Pause", &pause);
                pause.resume();
            }
            Step::Renew(renewal) => {
                shown.debug("probe::Renewal", &renewal);
                renewal.fail(own());
            }
            Step::Redirect(redirect) => {
                shown.debug("probe::Redirect", &redirect);
                redirect.refuse(None);
            }
            Step::Done => return probe.finish(),
        }
    }
}

pub fn of_probes(shown: &Shown) {
    let absent = answer(400, &json!({"error": "ERROR_METHOD_NOT_FOUND"}));
    let batch = json!({"result": {
        "result": {"old": {"rest": 31}},
        "result_error": {"bots": repeats()},
    }});
    let conversations = [
        vec![answer(400, &repeats())],
        vec![answer(404, &Value::from(SECRET))],
        vec![answer(302, &Value::Null)],
        vec![answer(401, &json!({"error": "expired_token"}))],
        vec![answer(200, &json!({"result": {"rest": SECRET}}))],
        vec![answer(502, &Value::from(SECRET)), absent.clone()],
        vec![absent, answer(200, &batch)],
        vec![],
    ];
    for answers in conversations {
        match converse(shown, &answers) {
            Ok(found) => shown.debug("probe::Found", &found),
            Err(error) => {
                shown.text("probe::Error", &error);
                shown.text("probe::ErrorKind", error.kind());
            }
        }
    }
}
