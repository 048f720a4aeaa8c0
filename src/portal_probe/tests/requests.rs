//! What counts against the limit of requests: renewed tokens and followed redirects at each
//! question, and failures that pass.

use std::collections::HashMap;

use super::scripted::{
    Answer, FIRST_TOKEN, Fate, METHODS, NEW_HOST, OLD_HOST, SECOND_TOKEN, Script, Sent, probed,
};
use super::*;

/// What becomes of questions that a portal does not simply answer.
type Fates = Vec<(&'static str, Fate)>;

/// Portals, and what is asked of each where nothing is in the way.
fn portals() -> Vec<(u16, Fates, Vec<&'static str>)> {
    let old = |others: &[(&'static str, Fate)]| {
        let mut fates = vec![(REVISION_GET, Fate::Absent), (BATCH, Fate::Garbage)];
        fates.extend(others);
        fates
    };
    vec![
        (36, vec![], vec![REVISION_GET]),
        (
            36,
            vec![(REVISION_GET, Fate::Refused)],
            vec![REVISION_GET, IM_REVISION_GET],
        ),
        (32, vec![(REVISION_GET, Fate::Absent)], vec![REVISION_GET, BATCH]),
        (31, old(&[]), vec![REVISION_GET, BATCH, IM_REVISION_GET]),
        (32, old(&[]), vec![REVISION_GET, BATCH, IM_REVISION_GET, BOT_LIST]),
        (
            33,
            old(&[]),
            vec![REVISION_GET, BATCH, IM_REVISION_GET, REVISION_GET, BOT_LIST],
        ),
        (
            33,
            old(&[(IM_REVISION_GET, Fate::Absent)]),
            vec![REVISION_GET, BATCH, IM_REVISION_GET, SERVER_TIME],
        ),
    ]
}

/// What has to be sent: each question, what is sent again, and the question at which five
/// requests do not suffice.
fn expected(script: &Script, questions: &[&'static str]) -> (Vec<Sent>, Option<&'static str>) {
    let (mut host, mut token) = (OLD_HOST, FIRST_TOKEN);
    let (mut expired, mut moved) = (false, false);
    let mut stumbles = script.stumbles.clone();
    let mut sent = Vec::new();
    for method in questions.iter().copied() {
        loop {
            if sent.len() == 5 {
                return (sent, Some(method));
            }
            expired |= script.expires_at == Some(method);
            moved |= script.moves_at == Some(method);
            let left = stumbles.entry(method).or_default();
            let answer = match () {
                () if moved && host == OLD_HOST => Answer::Moved,
                () if expired && token == FIRST_TOKEN => Answer::Expired,
                () if *left > 0 => Answer::Stumble,
                () => Answer::Own,
            };
            sent.push(Sent {
                host: host.to_owned(),
                method,
                token: token.to_owned(),
                answer,
            });
            match answer {
                Answer::Moved => host = NEW_HOST,
                Answer::Expired => token = SECOND_TOKEN,
                Answer::Stumble => *left -= 1,
                Answer::Own => break,
            }
        }
    }
    (sent, None)
}

/// An expired token, a new address and failures that pass, each at each question.
#[tokio::test]
async fn all_requests_to_portal_count() {
    let at = || METHODS.into_iter().map(Some).chain([None]);
    let mut cut = 0;
    for (rest, fates, questions) in portals() {
        for (expires_at, moves_at) in at().flat_map(|one| at().map(move |other| (one, other))) {
            for (stumbling, times) in METHODS
                .into_iter()
                .flat_map(|method| [(method, 0), (method, 1), (method, 2)])
            {
                let script = Script {
                    rest,
                    fates: fates.iter().copied().collect(),
                    stumbles: HashMap::from([(stumbling, times)]),
                    expires_at,
                    moves_at,
                };
                let (found, log, tokens) = probed(&script).await;
                let (sent, cut_at) = expected(&script, &questions);
                assert_eq!(log, sent, "{script:?}");
                assert!(log.len() <= 5, "{script:?}");
                let expired = log.iter().filter(|sent| sent.answer == Answer::Expired).count();
                assert!(tokens.0.lock().unwrap().len() <= 1 + expired, "{script:?}");
                let answered = |method| {
                    let own = |sent: &&Sent| sent.answer == Answer::Own && sent.method == method;
                    script.fate(method) == Fate::Good && log.iter().any(|sent| own(&sent))
                };
                let Some(cut_at) = cut_at else {
                    match found {
                        Ok(found) => assert!(found.incomplete.is_none(), "{script:?}"),
                        Err(error) => assert!(
                            matches!(
                                error.kind(),
                                ProbeErrorKind::NothingFound { portal_answers: true }
                            ),
                            "{script:?}: {error}"
                        ),
                    }
                    continue;
                };
                cut += 1;
                let error = match found {
                    // The token was looked at, so there is the method.
                    Ok(found) if found.incomplete.is_none() => {
                        assert_eq!((cut_at, log[4].answer), (BOT_LIST, Answer::Expired), "{script:?}");
                        assert_eq!(found.known.imbot_v2(), Some(true), "{script:?}");
                        continue;
                    }
                    Ok(found) => {
                        let number = answered(IM_REVISION_GET).then_some(rest);
                        assert_eq!(found.known.rest(), number, "{script:?}");
                        found.incomplete.unwrap()
                    }
                    Err(error) => error,
                };
                if script.fate(IM_REVISION_GET) == Fate::Absent && cut_at == SERVER_TIME {
                    assert!(
                        matches!(error.kind(), ProbeErrorKind::NothingFound { .. }),
                        "{error}"
                    );
                    continue;
                }
                // Neither the credential's failure nor the portal's: it passes.
                assert!(error.to_string().contains(cut_at), "{error}: {script:?}");
                let is_stumble = log[4].answer == Answer::Stumble && log[4].method == cut_at;
                assert_eq!(
                    matches!(error.kind(), ProbeErrorKind::RequestLimit),
                    !is_stumble,
                    "{error}: {script:?}"
                );
                assert!(error.is_transient(), "{error}: {script:?}");
            }
        }
    }
    assert!(cut > 100, "{cut}");
}
