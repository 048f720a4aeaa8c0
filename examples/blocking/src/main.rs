//! Asks a portal what it can do: the probe without I/O over `ureq`. There is no runtime.
//!
//! `IMBOT_WEBHOOK_URL=https://acme.bitrix24.com/rest/1/s3cret/ cargo run -p imbot-caps-blocking`

use std::env;
use std::error::Error;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use imbot_caps::probe::{self, Found, Probe, ProbeErrorClass, Step};
use imbot_caps::wire::Response;
use imbot_caps::{Caps, Feature};

fn main() -> ExitCode {
    let Err(error) = run() else {
        return ExitCode::SUCCESS;
    };
    eprintln!("{error}");
    ExitCode::FAILURE
}

fn run() -> Result<(), Box<dyn Error>> {
    let webhook = env::var("IMBOT_WEBHOOK_URL").map_err(|_| "set IMBOT_WEBHOOK_URL to a portal's webhook")?;
    let found = ask(&webhook)?;
    let caps = Caps::new(found.knowledge);
    println!("{}", caps.knowledge());
    println!("system messages: {}", caps.supports(Feature::SystemMessage));
    if let Some(error) = found.incomplete {
        println!("incomplete: {error}");
    }
    Ok(())
}

fn ask(webhook: &str) -> Result<Found<ureq::Error>, probe::Error<ureq::Error>> {
    let webhook = webhook.trim_end_matches('/');
    let code = webhook.rsplit('/').next().unwrap_or_default();
    let mut probe = Probe::new(SystemTime::now()).redacting(code);
    loop {
        match probe.step(SystemTime::now()) {
            Step::Send(request) => {
                let url = format!("{webhook}/{}", request.method());
                match post(&url, &request.body(), request.time_left()) {
                    Ok(response) => request.reply(SystemTime::now(), &response),
                    Err(error) => request.fail(SystemTime::now(), class(&error), error),
                }
            }
            Step::Wait(pause) => {
                std::thread::sleep(pause.duration());
                pause.resume();
            }
            Step::Redirect(redirect) => redirect.refuse(None),
            // A webhook has no token to renew.
            Step::Renew(_) | Step::Done => return probe.finish(),
        }
    }
}

/// Posts JSON. Follows no redirect, and returns errors of HTTP as replies.
fn post(url: &str, body: &str, limit: Duration) -> Result<Response, ureq::Error> {
    let request = ureq::post(url).config().timeout_global(Some(limit));
    let request = request.max_redirects(0).http_status_as_error(false).build();
    let mut reply = request.content_type("application/json").send(body)?;
    let header = |name| reply.headers().get(name)?.to_str().ok().map(str::to_owned);
    let (location, wait) = (header("Location"), header("Retry-After").unwrap_or_default());
    let (status, body) = (reply.status().as_u16(), reply.body_mut().with_config());
    let body = body.limit(65 * 1024).read_to_vec()?;
    Ok(Response::new(status, location, body).with_retry_after(&wait))
}

/// Whether a repeat may help.
fn class(error: &ureq::Error) -> ProbeErrorClass {
    match error {
        ureq::Error::Timeout(_) | ureq::Error::Io(_) | ureq::Error::HostNotFound => {
            ProbeErrorClass::Transient
        }
        ureq::Error::BodyExceedsLimit(_) | ureq::Error::Protocol(_) => ProbeErrorClass::Malformed,
        _ => ProbeErrorClass::Permanent,
    }
}
