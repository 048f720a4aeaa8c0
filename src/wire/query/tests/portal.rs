//! What is written, as another reader of PHP's names has it: an emulated portal.

use proptest::test_runner::{Config, TestRunner};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;

use super::*;
use crate::wire::Reply;
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator};

async fn post(portal: &EmulatedPortal, method: &str, content_type: &str, body: &str) -> Value {
    let url = format!("{}{method}", portal.webhook_url());
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let length = body.len();
    let request = format!(
        "POST /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
         Content-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    let mut stream = TcpStream::connect(host).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut received = String::new();
    stream.read_to_string(&mut received).await.unwrap();
    let (_, body) = received.split_once("\r\n\r\n").unwrap();
    match Reply::read(200, None, body.as_bytes()) {
        Reply::Result(result) => result,
        other => panic!("{other:?}"),
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

#[test]
fn portal_decodes_queries_alike() {
    let runtime = Runtime::new().unwrap();
    let portal = runtime.block_on(Emulator::start_single(Build::rest(36))).unwrap();
    let odd = "([a-c\\[\\]=&.+ ]|%5B|%5D|%C3%A4|%00|%|[0-2]){0,40}";
    let texts = prop_oneof![params().prop_map(|params| encode(&params)), odd];
    let config = Config {
        cases: 64,
        failure_persistence: None,
        ..Config::default()
    };
    let checked = TestRunner::new(config).run(&texts, |text| {
        // A form may end in white space, which the portal takes for none of it.
        prop_assume!(text.trim() == text && !text.contains("%00"));
        runtime.block_on(post(&portal, "server.time", FORM, &text));
        let received = portal.take_requests().pop().unwrap();
        prop_assert_eq!(Value::Object(decode(&text)), received.params, "{}", text);
        Ok(())
    });
    checked.unwrap();
}
