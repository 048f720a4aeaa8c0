//! Suggestions for misspelt words.

use std::cmp::Reverse;

/// The longest word that is compared, in bytes. A longer one is no typing error.
const LONGEST: usize = 100;

/// The most edits between a word and its suggestion.
const MOST: usize = 2;

/// The known word nearest to a misspelt one: with the fewest letters missing, added, changed
/// or swapped, and two at most. Of several the longest wins, since people leave a letter out
/// more often than they change one.
pub(crate) fn nearest<'w>(word: &str, known: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    if word.len() > LONGEST {
        return None;
    }
    let letters: Vec<char> = word.chars().collect();
    let most = letters.len().saturating_sub(1).min(MOST);
    let mut own_letters = Vec::new();
    let (_, near) = known
        .filter_map(|own| {
            own_letters.clear();
            own_letters.extend(own.chars());
            Some((edits(&letters, &own_letters, most)?, own))
        })
        .min_by_key(|(edits, own)| (*edits, Reverse(own.len())))?;
    Some(near)
}

/// The fewest edits that make one word of the other, if `most` are enough. An edit adds, removes or changes a
/// letter, or swaps two neighbours, and no letter is edited twice (the optimal string alignment distance).
///
/// Each difference is tried as each kind of edit. Few edits are allowed, so these are few tries.
fn edits(one: &[char], other: &[char], most: usize) -> Option<usize> {
    if one.len().abs_diff(other.len()) > most {
        return None;
    }
    // An equal first letter needs no edit.
    let equal = one
        .iter()
        .zip(other)
        .take_while(|(one, other)| one == other)
        .count();
    let (one, other) = (one.get(equal..)?, other.get(equal..)?);
    if one.is_empty() && other.is_empty() {
        return Some(0);
    }
    let most = most.checked_sub(1)?;
    let (after_one, after_other) = (one.get(1..), other.get(1..));
    let swapped = match (one, other) {
        ([a, b, after_one @ ..], [c, d, after_other @ ..]) if (a, b) == (d, c) => {
            Some((after_one, after_other))
        }
        _ => None,
    };
    let tries = [
        after_one.zip(after_other),
        after_one.map(|after| (after, other)),
        after_other.map(|after| (one, after)),
        swapped,
    ];
    let rest = tries
        .into_iter()
        .flatten()
        .filter_map(|(one, other)| edits(one, other, most));
    rest.min().map(|rest| rest + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nearest_allows_two_edits() {
        let near = |word| nearest(word, ["title", "kind", "sunset"].into_iter());
        assert_eq!(near("titel"), Some("title"));
        assert_eq!(near("sunst"), Some("sunset"));
        assert_eq!(near("colour"), None);
        assert_eq!(near(""), None);
        assert_eq!(near(&"t".repeat(10_000)), None);
    }

    proptest! {
        #[test]
        fn edits_are_counted_as_strsim_counts(one in "[abcя]{0,6}", other in "[abcя]{0,6}", most in 0_usize..4) {
            let distance = strsim::osa_distance(&one, &other);
            let [one, other] = [one, other].map(|word| word.chars().collect::<Vec<char>>());
            prop_assert_eq!(edits(&one, &other, most), Some(distance).filter(|distance| *distance <= most));
        }
    }
}
