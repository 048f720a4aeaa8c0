//! The same over HTTP/2, where a server can say that it has not looked at a request.

use super::*;

const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;
const END_STREAM: u8 = 1;

const NO_ERROR: u32 = 0;
const INTERNAL_ERROR: u32 = 2;
const REFUSED_STREAM: u32 = 7;
const CANCEL: u32 = 8;
const ENHANCE_YOUR_CALM: u32 = 11;

/// A frame of RFC 9113, 4.1.
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

fn reset(stream: u32, code: u32) -> Vec<u8> {
    frame(RST_STREAM, 0, stream, &code.to_be_bytes())
}

fn goaway(last: u32, code: u32) -> Vec<u8> {
    let payload = [last.to_be_bytes(), code.to_be_bytes()].concat();
    frame(GOAWAY, 0, 0, &payload)
}

/// A success: `:status: 200` is the eighth entry of the static table.
fn answered(stream: u32) -> Vec<u8> {
    let head = frame(HEADERS, 4, stream, &[0x88]);
    let body = frame(0, END_STREAM, stream, br#"{"result": {"id": 7}}"#);
    [head, body].concat()
}

/// What is done with a request: what is sent, and whether the connection is closed then.
type Script = fn(u32) -> (Vec<u8>, bool);

/// A server that does so with the first request, and answers all others. How many came.
async fn start(script: Script) -> (String, Arc<Mutex<usize>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let count = Arc::new(Mutex::new(0));
    let own = Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(converse(stream, script, Arc::clone(&own)));
        }
    });
    (host, count)
}

async fn converse(mut stream: TcpStream, script: Script, count: Arc<Mutex<usize>>) -> Option<()> {
    let mut preface = [0; 24];
    stream.read_exact(&mut preface).await.ok()?;
    stream.write_all(&frame(SETTINGS, 0, 0, &[])).await.ok()?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await.ok()?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; usize::try_from(length).unwrap()];
        stream.read_exact(&mut payload).await.ok()?;
        let (kind, flags) = (head[3], head[4]);
        let id = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
        if kind == SETTINGS && flags == 0 {
            stream.write_all(&frame(SETTINGS, 1, 0, &[])).await.ok()?;
        }
        // The request is whole: of a POST the body ends it.
        if id == 0 || kind > HEADERS || flags & END_STREAM == 0 {
            continue;
        }
        let is_first = {
            let mut count = count.lock().unwrap();
            *count += 1;
            *count == 1
        };
        let (bytes, closes) = match is_first {
            true => script(id),
            false => (answered(id), false),
        };
        stream.write_all(&bytes).await.ok()?;
        if closes {
            stream.shutdown().await.ok()?;
            return None;
        }
    }
}

#[tokio::test]
async fn only_unprocessed_requests_are_retried() {
    let rows: [(&str, Script, usize); 11] = [
        ("an answer", |id| (answered(id), false), 1),
        ("refused", |id| (reset(id, REFUSED_STREAM), false), 2),
        ("goaway before it", |_| (goaway(0, NO_ERROR), true), 2),
        ("goaway after it", |id| (goaway(id, NO_ERROR), true), 1),
        (
            "goaway far after it",
            |_| (goaway(0x7fff_ffff, NO_ERROR), true),
            1,
        ),
        ("goaway for an error", |_| (goaway(0, INTERNAL_ERROR), true), 1),
        ("goaway, calm", |_| (goaway(0, ENHANCE_YOUR_CALM), true), 1),
        ("reset, no error", |id| (reset(id, NO_ERROR), false), 1),
        ("reset, error", |id| (reset(id, INTERNAL_ERROR), false), 1),
        ("reset, cancel", |id| (reset(id, CANCEL), false), 1),
        ("closed", |_| (Vec::new(), true), 1),
    ];
    for (what, script, sent) in rows {
        for method in [WRITES, READS] {
            let (host, count) = start(script).await;
            let http = reqwest::Client::builder()
                .http2_prior_knowledge()
                .redirect(reqwest::redirect::Policy::none())
                .no_proxy()
                .build()
                .unwrap();
            let registry = Registry::builder(ReqwestTransport::with_client(http)).build();
            let url = format!("http://{host}/rest/1/c0dec0de/");
            let portal = Portal::builder().allow_http().webhook(&url).unwrap();
            let called = call(&client(&registry, &portal), method).await;
            assert_eq!(*count.lock().unwrap(), sent, "{what}, {method}: {called:?}");
            match called {
                Ok(_) => assert!(sent == 2 || what == "an answer", "{what}"),
                Err(error) => assert!(error.may_have_run() && sent == 1, "{what}: {error}"),
            }
        }
    }
}
