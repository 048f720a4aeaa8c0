//! What the page says, tried on emulated portals.

use super::*;

/// Sends a call to an emulated portal, and tells the codes of its errors: those of the
/// commands too, where it is a batch.
async fn codes(client: &reqwest::Client, portal: &EmulatedPortal, call: &Call) -> Vec<String> {
    let url = format!("{}{}", portal.webhook_url(), call.method());
    let body = serde_json::to_vec(call.params()).unwrap();
    let request = client.post(url).header("Content-Type", "application/json");
    let answer = request.body(body).send().await.unwrap().bytes().await.unwrap();
    let answer: Json = serde_json::from_slice(&answer).unwrap();
    let of_commands = answer["result"]["result_error"].as_object();
    let of_commands = of_commands.into_iter().flat_map(Map::values);
    let errors = of_commands.filter(|_| call.method() == BATCH).chain([&answer]);
    let codes = errors.filter_map(|error| error["error"].as_str());
    codes.map(str::to_owned).collect()
}

fn is_absent(codes: &[String]) -> bool {
    codes
        .iter()
        .any(|code| code == "ERROR_METHOD_NOT_FOUND" || code == "22002")
}

/// The plans agree with what portals have: a call that is sent meets a method that is
/// there, and relies on nothing that is not; one that is refused for its method would
/// have met none.
#[tokio::test]
async fn matrix_agrees_with_emulated_portals() {
    let emulator = Emulator::start().await.unwrap();
    let client = reqwest::Client::new();
    let (mut passed, mut adapted, mut refused) = (0, 0, 0);
    for column in columns() {
        let portal = emulator.portal(column.build.clone());
        portal.strict();
        for (method, (full, required)) in &calls() {
            let Outcome { call, plan, .. } = outcome(full, required, &column.caps);
            let case = format!("{method} on {}", column.label);
            match plan {
                Ok(planned) if planned.is_pass() => {
                    passed += 1;
                    let codes = codes(&client, &portal, &call).await;
                    assert!(!is_absent(&codes), "{case}: {codes:?}");
                }
                Ok(change) => {
                    adapted += 1;
                    let codes = codes(&client, &portal, change.call()).await;
                    assert!(!is_absent(&codes), "{case}: {codes:?}");
                }
                Err(error) => {
                    refused += 1;
                    let is_whole = error.parameter().is_none();
                    assert!(is_whole, "{case}: {error}");
                    // What takes its place is missing too.
                    let is_older = error.row().id() != method;
                    let violations = portal.violations().len();
                    let codes = codes(&client, &portal, full).await;
                    assert!(is_absent(&codes), "{case}: {codes:?}");
                    assert!(is_older || portal.violations().len() > violations, "{case}");
                    portal.strict();
                }
            }
            portal.assert_no_violations();
        }
    }
    println!("{passed} calls sent as they are, {adapted} adapted, {refused} refused");
}
