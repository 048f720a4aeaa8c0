//! The kept inputs, and inputs that are made of them.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;

/// No input is longer than this. Longer texts have tests of their own, and few of them fit into the time.
const LONGEST: usize = 16 * 1024;

/// Numbers at limits of types and of readers.
const NUMBERS: [&str; 16] = [
    "0",
    "-1",
    "1",
    "35",
    "9999",
    "10000",
    "65535",
    "65536",
    "4294967296",
    "9007199254740993",
    "18446744073709551615",
    "18446744073709551616",
    "-9223372036854775809",
    "1e400",
    "1.5",
    "00",
];

/// The inputs of a target that are kept, and words to put into them.
pub struct Corpus {
    folder: String,
    kept: Vec<(String, Vec<u8>)>,
    words: &'static [&'static str],
}

impl Corpus {
    /// Reads the folder of a target.
    pub fn read(target: &str, words: &'static [&'static str]) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
        let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let mut kept: Vec<_> = entries
            .map(|entry| {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                (name, fs::read(&path).unwrap())
            })
            .collect();
        kept.sort();
        assert!(kept.len() >= 4, "{} has too few files", folder.display());
        Self {
            folder: format!("crates/fuzz/corpus/{target}"),
            kept,
            words,
        }
    }

    /// Checks each kept input.
    pub fn check_kept(&self, check: fn(&[u8])) {
        for (name, input) in &self.kept {
            // Seen only if the test fails.
            println!("{}/{name}", self.folder);
            tried(input, check);
        }
    }

    /// The input that random bytes stand for: themselves, or a kept input with changes. Four bytes are one change.
    pub fn made_by(&self, recipe: &[u8]) -> Vec<u8> {
        let (&[kind, which], changes) = recipe.split_first_chunk::<2>().unwrap_or((&[0, 0], recipe));
        if kind % 16 == 0 {
            return changes.to_vec();
        }
        let mut input = self.kept[usize::from(which) % self.kept.len()].1.clone();
        for change in changes.chunks_exact(4) {
            self.change(&mut input, [change[0], change[1], change[2], change[3]]);
            input.truncate(LONGEST);
        }
        input
    }

    fn change(&self, input: &mut Vec<u8>, [kind, high, low, by]: [u8; 4]) {
        let at = usize::from(u16::from_be_bytes([high, low])) % (input.len() + 1);
        let count = usize::from(by);
        let rest = input.len() - at;
        let word = word_at(input, at);
        let other = |nth: usize| &self.kept[nth % self.kept.len()].1;
        let own = |nth: usize| self.words[nth % self.words.len()].as_bytes().to_vec();
        match kind % 16 {
            0 => input.truncate(at),
            1 => drop(input.drain(at..at + rest.min(count % 16 + 1))),
            2 => input.insert(at, by),
            3 if rest > 0 => input[at] = by,
            4 => {
                let part = input[at..at + rest.min(count % 64)].to_vec();
                input.splice(at..at, part.repeat(count % 7 + 1));
            }
            // Another kept input goes on here.
            5 => {
                let other = other(count);
                let from = at.min(other.len());
                input.splice(at.., other[from..].iter().copied());
            }
            6 | 7 => drop(input.splice(at..at, own(count))),
            8..=10 => drop(input.splice(word, own(count))),
            // A word of another place.
            11 => {
                let from = word_at(input, count * input.len() / 256);
                let copy = input[from].to_vec();
                input.splice(word, copy);
            }
            12 | 13 => drop(input.splice(word, NUMBERS[count % NUMBERS.len()].bytes())),
            14 => {
                let (open, close) = [("[", "]"), ("{\"a\":", "}"), ("[a]", ""), ("(", ")")][count % 4];
                let depth = usize::from(by) * 2;
                input.splice(word.end..word.end, close.repeat(depth).bytes());
                input.splice(word.start..word.start, open.repeat(depth).bytes());
            }
            _ => {
                for byte in &mut input[word] {
                    *byte ^= 0x20 * u8::from(byte.is_ascii_alphabetic());
                }
            }
        }
    }
}

/// The letters and digits around a place.
fn word_at(input: &[u8], at: usize) -> std::ops::Range<usize> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.-".contains(byte);
    let before = input[..at].iter().rev().take_while(|byte| is_part(byte)).count();
    let after = input[at..].iter().take_while(|byte| is_part(byte)).count();
    at - before..at + after
}

/// Checks an input, and prints it if the check fails.
pub fn tried(input: &[u8], check: fn(&[u8])) {
    if let Err(failure) = catch_unwind(AssertUnwindSafe(|| check(input))) {
        println!(
            "the input that failed, as a file to keep: b\"{}\"",
            input.escape_ascii()
        );
        resume_unwind(failure);
    }
}
