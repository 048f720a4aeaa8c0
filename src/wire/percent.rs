//! Percent-encoding, as addresses and forms have it.

use std::fmt::Write as _;

/// Undoes all escapes. A `%` without two hexadecimal digits after it stays. `plain` is applied to the bytes that
/// are not escaped: in a form a `+` is a space.
pub(crate) fn decode(text: &[u8], plain: impl Fn(u8) -> u8) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        let escaped = match after {
            [high, low, tail @ ..] if *byte == b'%' => hex(*high).zip(hex(*low)).map(|pair| (pair, tail)),
            _ => None,
        };
        let (byte, after) = match escaped {
            Some(((high, low), tail)) => (high * 16 + low, tail),
            None => (plain(*byte), after),
        };
        bytes.push(byte);
        rest = after;
    }
    bytes
}

/// Appends the bytes. Escapes all but the ASCII characters that `keeps` allows.
pub(crate) fn encode(text: &mut String, bytes: &[u8], keeps: impl Fn(u8) -> bool) {
    for byte in bytes {
        match byte.is_ascii() && keeps(*byte) {
            true => text.push(char::from(*byte)),
            // Writing to a string does not fail.
            false => drop(write!(text, "%{byte:02X}")),
        }
    }
}

/// The characters that RFC 3986 calls unreserved. An escape of them changes nothing.
pub(crate) fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// The value of a hexadecimal digit.
pub(crate) fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|digit| digit.try_into().ok())
}

#[cfg(test)]
mod tests {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, percent_encode};
    use proptest::prelude::*;

    use super::*;

    const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~');

    fn same(byte: u8) -> u8 {
        byte
    }

    proptest! {
        #[test]
        fn escapes_are_those_of_percent_encoding(
            bytes in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(b"%%2fFa".to_vec())], 0..40),
        ) {
            prop_assert_eq!(decode(&bytes, same), percent_decode(&bytes).collect::<Vec<u8>>());
            let mut text = String::new();
            encode(&mut text, &bytes, is_unreserved);
            prop_assert_eq!(&text, &percent_encode(&bytes, UNRESERVED).to_string());
            prop_assert_eq!(decode(text.as_bytes(), same), bytes);
        }
    }
}
