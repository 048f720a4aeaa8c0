//! What a byte begins in code.

/// A quick test whether one of [`OPERATORS`](super::OPERATORS) may begin with two bytes.
pub(super) fn may_begin_operator(first: u8, second: u8) -> bool {
    let may_be_first = matches!(
        first,
        b'=' | b'!' | b'<' | b'*' | b'.' | b'?' | b'#' | b'-' | b':' | b'&' | b'>' | b'|' | b'+'
    );
    may_be_first
        && matches!(
            second,
            b'=' | b'>' | b'*' | b'.' | b'?' | b'!' | b'&' | b'|' | b'+' | b'-' | b'<' | b'[' | b':' | b'~'
        )
}

/// What a byte begins in code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Space,
    Line,
    /// Of a word, also outside of ASCII.
    Letter,
    Digit,
    /// Opens a bracket.
    Open,
    /// Closes a bracket.
    Close,
    /// A mark of its own, such as a comma.
    Alone,
    /// May begin a comment, a text, a regular expression or an operator.
    Other,
}

pub(super) fn class(byte: u8) -> Class {
    CLASSES.get(usize::from(byte)).copied().unwrap_or(Class::Other)
}

/// Whether a byte may begin a comment, a string or a regular expression. A letter can be the prefix of a string.
pub(super) fn may_begin_text(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`' | b'/' | b'#' | b'$' | b'@' | b'<') || is_word(byte)
}

/// Whether a byte is a part of a word.
pub(super) fn is_word(byte: u8) -> bool {
    matches!(class(byte), Class::Letter | Class::Digit)
}

static CLASSES: [Class; 256] = {
    let mut table = [Class::Other; 256];
    let mut rest: &mut [Class] = &mut table;
    let mut byte = 0_u8;
    while let Some((first, others)) = rest.split_first_mut() {
        *first = match byte {
            b'\n' => Class::Line,
            b'0'..=b'9' => Class::Digit,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' | 0x80.. => Class::Letter,
            b'(' | b'[' | b'{' => Class::Open,
            b')' | b']' | b'}' => Class::Close,
            b',' | b';' | b'%' | b'^' | b'~' => Class::Alone,
            _ if byte.is_ascii_whitespace() => Class::Space,
            _ => Class::Other,
        };
        byte = byte.wrapping_add(1);
        rest = others;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::super::OPERATORS;
    use super::*;

    #[test]
    fn operators_begin_with_bytes_of_their_class() {
        for operator in OPERATORS {
            let (first, second) = (operator.as_bytes()[0], operator.as_bytes()[1]);
            assert!(class(first) == Class::Other, "{operator}");
            assert!(may_begin_operator(first, second), "{operator}");
        }
    }
}
