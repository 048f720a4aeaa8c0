//! The file: its mode, and files that are no store.

use std::fs;
use std::path::Path;
use std::sync::Barrier;

use imbot_caps::store::{Change, SaveOutcome, Store, StoreError, StoreErrorKind};
use imbot_caps_sqlite::SqliteStore;

async fn put(store: &SqliteStore, key: &str) -> Result<SaveOutcome, StoreError> {
    let change = Change::new(key.to_owned(), "text".to_owned(), None);
    Ok(store.save(&[change]).await?.remove(0))
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[cfg(unix)]
#[tokio::test]
async fn new_files_have_mode_0600() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("portals.sqlite");
    let store = SqliteStore::open(&path).unwrap();
    put(&store, "https://acme.bitrix24.com").await.unwrap();
    let mut names = Vec::new();
    for file in fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        assert_eq!(mode(&file.path()), 0o600, "{:?}", file.path());
        names.push(file.file_name().into_string().unwrap());
    }
    names.sort();
    assert_eq!(
        names,
        ["portals.sqlite", "portals.sqlite-shm", "portals.sqlite-wal"]
    );
}

#[cfg(unix)]
#[tokio::test]
async fn existing_file_keeps_its_mode() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("portals.sqlite");
    fs::write(&path, "").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o660)).unwrap();
    put(&SqliteStore::open(&path).unwrap(), "https://acme.bitrix24.com")
        .await
        .unwrap();
    assert_eq!(mode(&path), 0o660);
}

#[tokio::test]
async fn entries_outlive_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("portals.sqlite");
    let key = "https://acme.bitrix24.com".to_owned();
    let saved = put(&SqliteStore::open(&path).unwrap(), &key).await.unwrap();
    let SaveOutcome::Done(version) = saved else {
        panic!("{saved:?}");
    };
    let store = SqliteStore::open(&path).unwrap();
    let entry = store.load(&[key]).await.unwrap().remove(0).unwrap();
    assert_eq!((entry.body.as_str(), entry.version), ("text", version));
}

#[tokio::test]
async fn new_file_repeats_no_version() {
    let folder = tempfile::tempdir().unwrap();
    let (path, key) = (folder.path().join("portals.sqlite"), "https://acme.bitrix24.com");
    let first = put(&SqliteStore::open(&path).unwrap(), key).await.unwrap();
    fs::remove_file(&path).unwrap();
    let second = put(&SqliteStore::open(&path).unwrap(), key).await.unwrap();
    assert_ne!(first, second);
}

#[test]
fn other_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let open = |name: &str| SqliteStore::open(folder.path().join(name)).map(drop).unwrap_err();
    fs::write(
        folder.path().join("text"),
        "this is no database, and is longer than a header\n".repeat(99),
    )
    .unwrap();
    assert_eq!(open("text").kind(), StoreErrorKind::Damaged);
    let error = open("no such folder/file");
    assert_eq!(error.kind(), StoreErrorKind::Unavailable);
    assert!(error.to_string().contains("the file cannot be made"), "{error}");
    fs::create_dir(folder.path().join("folder")).unwrap();
    assert_eq!(open("folder").kind(), StoreErrorKind::Unavailable);
    let newer = rusqlite::Connection::open(folder.path().join("newer")).unwrap();
    newer.pragma_update(None, "user_version", 2).unwrap();
    let error = open("newer");
    assert_eq!(error.kind(), StoreErrorKind::Refused);
    assert!(error.to_string().contains("version 2"), "{error}");
}

#[tokio::test]
async fn full_or_damaged_file_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("portals.sqlite");
    let store = SqliteStore::open(&path).unwrap();
    put(&store, "https://acme.bitrix24.com").await.unwrap();
    let outside = rusqlite::Connection::open(&path).unwrap();
    outside
        .execute_batch("ALTER TABLE entries RENAME TO others")
        .unwrap();
    let keys = ["https://acme.bitrix24.com".to_owned()];
    for error in [
        store.load(&keys).await.map(drop).unwrap_err(),
        put(&store, "https://acme.bitrix24.com")
            .await
            .map(drop)
            .unwrap_err(),
    ] {
        assert!(error.to_string().contains("entries"), "{error}");
    }
    outside
        .execute_batch("ALTER TABLE others RENAME TO entries")
        .unwrap();
    assert!(store.load(&keys).await.unwrap().remove(0).is_some());
}

/// A fleet starts: its processes make the same file.
#[test]
fn simultaneous_openings_of_new_files_succeed() {
    const CONNECTIONS: usize = 16;
    let folder = tempfile::tempdir().unwrap();
    for round in 0..40 {
        let path = folder.path().join(format!("{round}.sqlite"));
        let start = Barrier::new(CONNECTIONS);
        std::thread::scope(|scope| {
            let open = || {
                start.wait();
                SqliteStore::open(&path).map(drop)
            };
            let opened: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(open)).collect();
            for opened in opened {
                opened
                    .join()
                    .unwrap()
                    .unwrap_or_else(|error| panic!("round {round}: {error}"));
            }
        });
    }
}
