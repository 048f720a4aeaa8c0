//! Entries, their versions and their texts.

use std::future::poll_fn;
use std::task::Poll;

use super::subject::{Broken, Outcome, Subject, key, must};
use crate::store::entry::{Change, Entry, SaveOutcome, Version};
use crate::store::limits::{BODY_LIMIT, KEY_LIMIT};
use crate::store::store::Store;

/// Writes one text, and returns its version.
pub(super) async fn put(
    store: &dyn Store,
    key: &str,
    body: &str,
    based_on: Option<Version>,
) -> Result<Version, Broken> {
    let change = Change::new(key.to_owned(), body.to_owned(), based_on);
    match store.save(&[change]).await?.as_slice() {
        [SaveOutcome::Done(version)] => Ok(*version),
        other => Err(Broken(format!(
            "{key} based on {based_on:?} was not saved: {other:?}"
        ))),
    }
}

/// Reads one entry.
pub(super) async fn get(store: &dyn Store, key: &str) -> Result<Option<Entry>, Broken> {
    let entries = store.load(&[key.to_owned()]).await?;
    let count = entries.len();
    match <[Option<Entry>; 1]>::try_from(entries) {
        Ok([entry]) => Ok(entry),
        Err(_) => Err(Broken(format!("{count} results for one key"))),
    }
}

pub(super) async fn empty(subject: &dyn Subject) -> Outcome {
    let store = subject.open().await?;
    must(
        get(&*store, &key("empty", 0)).await?.is_none(),
        "there is an entry",
    )?;
    must(store.load(&[]).await?.is_empty(), "a result for no key")?;
    must(store.save(&[]).await?.is_empty(), "a result for no change")
}

pub(super) async fn unchanged(subject: &dyn Subject) -> Outcome {
    let store = subject.open().await?;
    let other = subject.open().await?;
    let texts = [
        String::new(),
        "{\"format\":99,\"of\":\"a later version\"}".to_owned(),
        " spaces at both ends ".to_owned(),
        "'; drop table entries; -- \" \\ % _ *\r\n\t".to_owned(),
        "nul \0 inside".to_owned(),
        "ключ 鍵 🔑 e\u{301}".to_owned(),
        "x".repeat(BODY_LIMIT),
        "鍵".repeat(BODY_LIMIT / 3),
    ];
    for (nth, text) in texts.iter().enumerate() {
        let key = key("unchanged", nth);
        let version = put(&*store, &key, text, None).await?;
        let expected = Some(Entry::new(text.clone(), version));
        must(
            get(&*store, &key).await? == expected,
            format!("text {nth} has changed"),
        )?;
        must(
            get(&*other, &key).await? == expected,
            format!("text {nth} has changed for others"),
        )?;
    }
    Ok(())
}

pub(super) async fn keys(subject: &dyn Subject) -> Outcome {
    let store = subject.open().await?;
    let longest = format!("https://{}.example", "k".repeat(KEY_LIMIT.saturating_sub(16)));
    let keys = [
        "https://keys.example".to_owned(),
        "https://KEYS.example".to_owned(),
        "https://keys.example ".to_owned(),
        "https://keys.example/".to_owned(),
        "https://keys.exampl_".to_owned(),
        "https://keys.%".to_owned(),
        "https://keys.exämple".to_owned(),
        "https://keys.exa\u{308}mple".to_owned(),
        "https://[::1]:8080/{a}*?'\"".to_owned(),
        longest.get(1..).unwrap_or_default().to_owned(),
        longest,
    ];
    for key in &keys {
        put(&*store, key, key, None).await?;
    }
    let entries = store.load(&keys).await?;
    must(entries.len() == keys.len(), "not one result for each key")?;
    for (key, entry) in keys.iter().zip(entries) {
        must(
            entry.as_ref().map(|entry| &entry.body) == Some(key),
            format!("{key} has the entry {entry:?}"),
        )?;
    }
    Ok(())
}

pub(super) async fn versions(subject: &dyn Subject) -> Outcome {
    let (store, other) = (subject.open().await?, subject.open().await?);
    let key = key("versions", 0);
    let first = put(&*store, &key, "first", None).await?;
    let second = put(&*other, &key, "second", Some(first)).await?;
    must(first != second, "two texts have one version")?;
    let never = Version::new(second.get() ^ (1 << 40));
    for based_on in [None, Some(first), Some(never)] {
        let change = Change::new(key.clone(), "lost".to_owned(), based_on);
        let saved = store.save(&[change]).await?;
        let expected = SaveOutcome::Conflict(Some(Entry::new("second".to_owned(), second)));
        must(saved == [expected], format!("based on {based_on:?}: {saved:?}"))?;
    }
    let same = put(&*store, &key, "second", Some(second)).await?;
    must(
        same != second && same != first,
        "the same text again has an old version",
    )?;
    let missing = Change::new(
        super::subject::key("versions", 1),
        "lost".to_owned(),
        Some(second),
    );
    let saved = store.save(&[missing]).await?;
    must(
        saved == [SaveOutcome::Conflict(None)],
        format!("without an entry: {saved:?}"),
    )
}

pub(super) async fn order(subject: &dyn Subject) -> Outcome {
    let store = subject.open().await?;
    let keys: Vec<String> = (0..300).map(|nth| key("order", nth)).collect();
    let change = |key: &String| Change::new(key.clone(), key.clone(), None);
    // Every third one is there already.
    let early: Vec<Change> = keys.iter().step_by(3).map(change).collect();
    let saved = store.save(&early).await?;
    let is_done = |saved: &SaveOutcome| matches!(saved, SaveOutcome::Done(_));
    must(
        saved.len() == early.len() && saved.iter().all(is_done),
        "not all were saved",
    )?;
    let all: Vec<Change> = keys.iter().map(change).collect();
    let saved = store.save(&all).await?;
    must(saved.len() == all.len(), "not one result for each change")?;
    for (nth, (key, saved)) in keys.iter().zip(&saved).enumerate() {
        let is_right = match saved {
            SaveOutcome::Done(_) => nth % 3 != 0,
            SaveOutcome::Conflict(entry) => {
                nth % 3 == 0 && entry.as_ref().is_some_and(|entry| entry.body == *key)
            }
        };
        must(is_right, format!("change {nth} of {key}: {saved:?}"))?;
    }
    let reversed: Vec<String> = keys.iter().rev().cloned().collect();
    for (key, entry) in reversed.iter().zip(store.load(&reversed).await?) {
        must(
            entry.is_some_and(|entry| entry.body == *key),
            format!("{key} has another entry"),
        )?;
    }
    Ok(())
}

pub(super) async fn dropped(subject: &dyn Subject) -> Outcome {
    let (store, other) = (subject.open().await?, subject.open().await?);
    for nth in 0..16 {
        let key = key("dropped", nth);
        let changes = [Change::new(key.clone(), "whole".to_owned(), None)];
        let mut saving = store.save(&changes);
        let _is_done = poll_fn(|context| Poll::Ready(saving.as_mut().poll(context).is_ready())).await;
        drop(saving);
        let based_on = match get(&*other, &key).await? {
            None => None,
            Some(entry) if entry.body == "whole" => Some(entry.version),
            Some(entry) => return Err(Broken(format!("the text is {:?}", entry.body))),
        };
        // The dropped change may still be under way, and then it wins.
        let change = Change::new(key.clone(), "next".to_owned(), based_on);
        let saved = other.save(&[change]).await?;
        let [SaveOutcome::Done(_) | SaveOutcome::Conflict(Some(_))] = saved.as_slice() else {
            return Err(Broken(format!("after a dropped change: {saved:?}")));
        };
    }
    Ok(())
}
