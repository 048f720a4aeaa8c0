//! Suggestions for misspelt words.

use std::cmp::Reverse;

/// The longest word that is compared, in bytes. A longer one is no typing error.
const LONGEST: usize = 100;

/// The known word nearest to a misspelt one: with the fewest letters missing, added, changed
/// or swapped, and two at most. Of several the longest wins, since people leave a letter out
/// more often than they change one.
pub(crate) fn nearest<'w>(word: &str, known: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let count = word.chars().count();
    let most = count.saturating_sub(1).min(2);
    let (slips, near) = known
        .filter(|own| word.len() <= LONGEST && own.chars().count().abs_diff(count) <= most)
        .map(|own| (strsim::osa_distance(word, own), own))
        .min_by_key(|(slips, own)| (*slips, Reverse(own.len())))?;
    (slips <= most).then_some(near)
}

#[cfg(test)]
mod tests {
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
}
