//! Texts without a secret that they may repeat.

/// The text without the secret, however it is spelled there: in capitals or not,
/// as hosts are, in the percent form of addresses and forms, or as JSON escapes it.
pub(crate) fn without(text: &str, secret: &str) -> String {
    String::from_utf8_lossy(&without_bytes(text.as_bytes(), secret)).into_owned()
}

/// The same of a text that may be none.
pub(crate) fn without_bytes(text: &[u8], secret: &str) -> Vec<u8> {
    let mut clean = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        match after_secret(rest, secret) {
            Some(after) => {
                clean.extend_from_slice("…".as_bytes());
                rest = after;
            }
            None => {
                clean.push(*first);
                rest = after;
            }
        }
    }
    clean
}

/// What follows the secret, when the text begins with it.
fn after_secret<'t>(text: &'t [u8], secret: &str) -> Option<&'t [u8]> {
    if secret.is_empty() {
        return None;
    }
    // A secret may hold what begins an escape: a writer escapes it always or never.
    let plain_first = |text, byte| plain(text, byte).or_else(|| escaped(text, byte));
    let escaped_first = |text, byte| escaped(text, byte).or_else(|| plain(text, byte));
    let after = secret.bytes().try_fold(text, plain_first);
    after.or_else(|| secret.bytes().try_fold(text, escaped_first))
}

fn plain(text: &[u8], byte: u8) -> Option<&[u8]> {
    let (first, rest) = text.split_first()?;
    first.eq_ignore_ascii_case(&byte).then_some(rest)
}

fn escaped(text: &[u8], byte: u8) -> Option<&[u8]> {
    let digit = |digit: &u8| char::from(*digit).to_digit(16);
    let is = |high, low| {
        let code = digit(high).zip(digit(low)).map(|(high, low)| high * 16 + low);
        code.and_then(|code| u8::try_from(code).ok())
            .is_some_and(|found| found.eq_ignore_ascii_case(&byte))
    };
    match text {
        [b'+', rest @ ..] if byte == b' ' => Some(rest),
        [b'%', high, low, rest @ ..] if is(high, low) => Some(rest),
        [b'\\', b'u', b'0', b'0', high, low, rest @ ..] if is(high, low) => Some(rest),
        [b'\\', first, rest @ ..] if *first == byte && byte.is_ascii_punctuation() => Some(rest),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_taken_out_in_every_spelling() {
        let secret = "s3cret/Part+two=of \"three\\\"";
        for spelled in [
            secret,
            "S3CRET/pART+two=of \"three\\\"",
            "s3cret%2FPart%2Btwo%3Dof+%22three%5C%22",
            "s3cret%2fPart%2btwo%3dof%20%22three%5c%22",
            r#"s3cret\/Part+two=of \"three\\\""#,
            r"s3cret\u002fPart\u002Btwo=of\u0020\u0022three\u005c\u0022",
        ] {
            let text = format!("é{spelled} and {spelled}");
            assert_eq!(without(&text, secret), "é… and …", "{spelled}");
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        for (text, secret) in [
            ("as it was", ""),
            ("", "s3cret"),
            ("s3cre", "s3cret"),
            ("s3cre%7", "s3cret"),
            ("s3cre%+74", "s3cret"),
            (r"s3cre\u007", "s3cret"),
            (r"s3cre\t", "s3cret"),
        ] {
            assert_eq!(without(text, secret), text);
        }
        assert_eq!(without("s3s3crett", "s3cret"), "s3…t");
        assert_eq!(without("ключ: пароль", "пароль"), "ключ: …");
        assert_eq!(
            without_bytes(b"\xffs3cret\xfe", "s3cret"),
            b"\xff\xe2\x80\xa6\xfe"
        );
    }
}
