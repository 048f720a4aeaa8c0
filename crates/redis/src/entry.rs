//! The text of an entry, as the server keeps it: its version as 16 hexadecimal digits, a colon, its body.

use imbot_caps::store::{BODY_LIMIT, Entry, Version};

/// The digits of a version and the colon.
const HEAD: usize = 17;

/// The last byte that is read of a value. It is one more than an entry may have, so that a longer value is
/// seen to be longer.
pub(crate) const LAST_BYTE: usize = HEAD + BODY_LIMIT;

/// The version of a value that no store has written. A writer may replace it.
const DAMAGED: Version = Version::new(0);

/// The version as the scripts compare it.
pub(crate) fn digits(version: Version) -> String {
    format!("{:016x}", version.get())
}

/// Reads a value. A value that no store has written is an entry without a text: readers skip it, and the next
/// writer replaces it.
pub(crate) fn decode(value: &[u8]) -> Option<Entry> {
    if value.is_empty() {
        return None;
    }
    let Some((version, body)) = split(value) else {
        return Some(Entry::new(String::new(), DAMAGED));
    };
    let body = Some(body).filter(|body| body.len() <= BODY_LIMIT);
    let body = body.and_then(|body| std::str::from_utf8(body).ok());
    Some(Entry::new(body.unwrap_or_default().to_owned(), version))
}

/// The version and the body. The script `save.lua` has the same rule.
fn split(value: &[u8]) -> Option<(Version, &[u8])> {
    let (head, body) = value.split_at_checked(HEAD)?;
    let (b':', digits) = head.split_last()? else {
        return None;
    };
    let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let digits = Some(digits).filter(|digits| digits.iter().all(is_digit))?;
    let number = u64::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    Some((Version::new(number), body))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(version: u64, body: &[u8]) -> Vec<u8> {
        [format!("{version:016x}:").as_bytes(), body].concat()
    }

    #[test]
    fn written_values_are_read() {
        for body in ["", "{\"format\":1}", "nul \0 and ключ", &"x".repeat(BODY_LIMIT)] {
            let entry = decode(&value(u64::MAX, body.as_bytes())).unwrap();
            assert_eq!((entry.body.as_str(), entry.version.get()), (body, u64::MAX));
        }
        assert_eq!(decode(b""), None);
    }

    #[test]
    fn damaged_values_are_empty_entries() {
        let damaged = [
            b"{\"format\":1}".to_vec(),
            b"0".to_vec(),
            b"00000000000000ff".to_vec(),
            b"00000000000000ff;{}".to_vec(),
            b"00000000000000FF:{}".to_vec(),
            b"+0000000000000ff:{}".to_vec(),
            b"\xff\xfe".to_vec(),
        ];
        for value in damaged {
            assert_eq!(
                decode(&value),
                Some(Entry::new(String::new(), DAMAGED)),
                "{value:?}"
            );
        }
        for body in [vec![0xff, 0xfe], vec![b'x'; BODY_LIMIT + 1]] {
            let entry = decode(&value(7, &body)).unwrap();
            assert_eq!((entry.body.as_str(), entry.version.get()), ("", 7));
        }
    }
}
