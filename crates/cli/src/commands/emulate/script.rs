//! The commands of `emulate`'s standard input.

use std::str::FromStr;

use imbot_caps_emulator::Fault;

use crate::builds::Build;

/// A line of the script.
#[derive(Debug)]
pub(super) enum Command {
    Fault(Box<Fault>),
    Build(Build),
    Clear,
}

impl FromStr for Command {
    type Err = String;

    /// The error does not repeat the line: it may hold a secret.
    fn from_str(line: &str) -> Result<Self, String> {
        let mut words = line.split_whitespace();
        let fault = match words.next().unwrap_or_default() {
            "clear" => return end(words, Command::Clear),
            "build" => {
                let build = words.next().unwrap_or_default().parse::<Build>()?;
                return end(words, Command::Build(build));
            }
            "error" => {
                let code = words
                    .next()
                    .ok_or("`error` needs a code, such as QUERY_LIMIT_EXCEEDED")?;
                Fault::error(code)
            }
            "html" => {
                let status = words.next().and_then(|word| word.parse().ok());
                let status = status.filter(|status| (200..=599).contains(status));
                Fault::html(status.ok_or("`html` needs a status from 200 to 599")?)
            }
            "empty" => Fault::empty_body(),
            "half-body" => Fault::half_body(),
            "hang-up" => Fault::hang_up(),
            "reset" => Fault::reset(),
            "lose-answer" => Fault::lose_answer(),
            _ => {
                return Err(
                    "not a command: write error, html, empty, half-body, hang-up, reset, lose-answer, build or clear"
                        .to_owned(),
                );
            }
        };
        scope(fault, words).map(|fault| Command::Fault(Box::new(fault)))
    }
}

/// Which calls a fault takes: the next one, unless the line says otherwise.
fn scope<'w>(mut fault: Fault, mut words: impl Iterator<Item = &'w str>) -> Result<Fault, String> {
    let mut times = Some(1);
    while let Some(word) = words.next() {
        match word {
            "on" => fault = fault.on(words.next().ok_or("`on` needs the name of a method")?),
            "times" => {
                let count = words.next().and_then(|word| word.parse().ok());
                times = Some(count.ok_or("`times` needs a number")?);
            }
            "always" => times = None,
            _ => return Err("after a fault stand `on METHOD`, `times N` or `always`".to_owned()),
        }
    }
    Ok(match times {
        Some(times) => fault.times(times),
        None => fault,
    })
}

fn end<'w>(mut words: impl Iterator<Item = &'w str>, command: Command) -> Result<Command, String> {
    match words.next() {
        None => Ok(command),
        Some(_) => Err("there is a word too many at the end".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_commands() {
        for line in [
            "error QUERY_LIMIT_EXCEEDED",
            "error ACCESS_DENIED on imbot.v2.Bot.list times 2",
            "html 502 always",
            "hang-up",
            "build 32-v1",
            "clear",
        ] {
            assert!(line.parse::<Command>().is_ok(), "{line}");
        }
    }

    #[test]
    fn wrong_lines_are_not_repeated() {
        for line in [
            "s3cretcode",
            "error",
            "html s3cretcode",
            "clear s3cretcode",
            "build s3cretcode",
            "reset s3cretcode",
        ] {
            let error = line.parse::<Command>().unwrap_err();
            assert!(!error.contains("s3cret"), "{error}");
        }
    }
}
