//! The spellings of a text: with the escapes of addresses, JSON and HTML undone.

/// How often escapes are undone. Text with more layers of escapes is not searched further.
const ROUNDS: usize = 3;

/// The longest spelling of one byte, in bytes.
pub(super) const LONGEST_ESCAPE: usize = 12;

/// The longest escape of HTML with a name or digits, in bytes.
const LONGEST_ENTITY: usize = 12;

/// A character, and its place in the text.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Spot {
    pub(super) what: char,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// The spellings of a text: unchanged, and with escapes undone once, twice and three times, as
/// far as that changes it. Control characters are left out.
pub(super) fn spellings(text: &str) -> impl Iterator<Item = Vec<Spot>> {
    let spots = text.char_indices().map(|(from, what)| Spot {
        what,
        from,
        to: from + what.len_utf8(),
    });
    let first: Vec<_> = spots.filter(|spot| !spot.what.is_control()).collect();
    std::iter::successors(Some(first), |spots| undone(spots)).take(1 + ROUNDS)
}

/// The text with one layer of escapes undone. `None` if it has no escape.
fn undone(spots: &[Spot]) -> Option<Vec<Spot>> {
    if !spots.iter().any(|spot| matches!(spot.what, '%' | '\\' | '&')) {
        return None;
    }
    let mut plain = Vec::with_capacity(spots.len());
    let (mut rest, mut is_changed) = (spots, false);
    while let Some((first, after)) = rest.split_first() {
        let length = match first.what {
            '%' => percent(rest, &mut plain),
            '\\' => backslash(after, first.from, &mut plain),
            '&' => entity(after, first.from, &mut plain),
            _ => None,
        };
        is_changed |= length.is_some();
        if length.is_none() {
            plain.push(*first);
        }
        rest = rest.get(length.unwrap_or(1)..).unwrap_or_default();
    }
    plain.retain(|spot| !spot.what.is_control());
    is_changed.then_some(plain)
}

/// Undoes a run of `%41`, which together is UTF-8. Returns the number of characters.
fn percent(text: &[Spot], plain: &mut Vec<Spot>) -> Option<usize> {
    let byte = |escape: &[Spot]| match escape {
        [sign, digits @ ..] if sign.what == '%' && digits.len() == 2 => {
            u8::try_from(number(digits, 16)?).ok()
        }
        _ => None,
    };
    let bytes: Vec<u8> = text.chunks_exact(3).map_while(byte).collect();
    let place = |nth: usize| text.get(nth * 3).map_or(0, |spot| spot.from);
    let end = |nth: usize| text.get(nth * 3 + 2).map_or(0, |spot| spot.to);
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        let odd =
            (!chunk.invalid().is_empty()).then_some((char::REPLACEMENT_CHARACTER, chunk.invalid().len()));
        let valid = chunk.valid().chars().map(|what| (what, what.len_utf8()));
        for (what, length) in valid.chain(odd) {
            plain.push(Spot {
                what,
                from: place(at),
                to: end(at + length - 1),
            });
            at += length;
        }
    }
    (at > 0).then_some(at * 3)
}

/// Undoes `\n`, `\/` or `\u0041` by what follows the backslash.
fn backslash(after: &[Spot], from: usize, plain: &mut Vec<Spot>) -> Option<usize> {
    let unit = |text: &[Spot]| match text {
        [u, digits @ ..] if u.what == 'u' => number(digits.get(..4)?, 16),
        _ => None,
    };
    let first = after.first()?;
    let (what, length) = match first.what {
        'b' | 'f' | 'n' | 'r' | 't' => ('\n', 1),
        'u' => {
            let high = unit(after)?;
            let next = after
                .get(5..)
                .filter(|next| next.first().is_some_and(|spot| spot.what == '\\'));
            let low = next.and_then(|next| unit(next.get(1..)?));
            match (char::from_u32(high), low) {
                (Some(what), _) => (what, 5),
                (None, Some(low @ 0xdc00..0xe000)) if high < 0xdc00 => {
                    let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                    (char::from_u32(code)?, 11)
                }
                _ => return None,
            }
        }
        what if what.is_ascii_punctuation() => (what, 1),
        _ => return None,
    };
    let to = after.get(length - 1)?.to;
    plain.push(Spot { what, from, to });
    Some(1 + length)
}

/// Undoes `&amp;`, `&#38;` or `&#x26;` by what follows the `&`.
fn entity(after: &[Spot], from: usize, plain: &mut Vec<Spot>) -> Option<usize> {
    let end = after
        .iter()
        .take(LONGEST_ENTITY)
        .position(|spot| spot.what == ';')?;
    let (inside, to) = (after.get(..end)?, after.get(end)?.to);
    let name: String = inside.iter().map(|spot| spot.what.to_ascii_lowercase()).collect();
    let what = match name.as_str() {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        name if name.starts_with("#x") => char::from_u32(number(inside.get(2..)?, 16)?)?,
        name if name.starts_with('#') => char::from_u32(number(inside.get(1..)?, 10)?)?,
        _ => return None,
    };
    plain.push(Spot { what, from, to });
    Some(end + 2)
}

fn number(digits: &[Spot], radix: u32) -> Option<u32> {
    let add = |sum: u32, spot: &Spot| sum.checked_mul(radix)?.checked_add(spot.what.to_digit(radix)?);
    let number = digits.iter().try_fold(0, add)?;
    (!digits.is_empty()).then_some(number)
}
