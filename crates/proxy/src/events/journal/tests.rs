use super::*;

fn event(bot_id: u64) -> NewEvent {
    NewEvent {
        bot_id: Some(bot_id),
        name: "ONIMBOTV2MESSAGEADD".to_owned(),
        body: json!({"event": "E", "data": {"bot": {"id": bot_id}}}).to_string(),
    }
}

#[tokio::test]
async fn post_is_written_once() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(&folder.path().join("j.db")).unwrap();
    let digest = || Some(vec![1, 2, 3]);
    let append = |events| journal.append("a", digest(), events, most(2, 1_000), false);
    assert_eq!(
        append(vec![event(1), event(2), event(3)]).await.unwrap(),
        Appended::Full
    );
    assert_eq!(append(vec![event(1), event(2)]).await.unwrap(), Appended::Written);
    assert_eq!(append(vec![event(1), event(2)]).await.unwrap(), Appended::Known);
    let next = journal.next("a").await.unwrap().unwrap();
    journal.done(next.id).await.unwrap();
    assert_eq!(journal.next("a").await.unwrap().unwrap().id, next.id + 1);
    assert!(journal.next("b").await.unwrap().is_none());
}

fn most(events: u64, bytes: u64) -> Most {
    Most { events, bytes }
}

#[tokio::test]
async fn size_follows_what_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("j.db");
    let length = u64::try_from(event(7).body.len()).unwrap();
    let journal = Journal::open(&path).unwrap();
    let append = async |journal: &Journal, bot, bytes| {
        let written = journal.append(bot, None, vec![event(7)], most(10, bytes), true);
        written.await.unwrap()
    };
    assert_eq!(append(&journal, "a", length - 1).await, Appended::Full);
    assert_eq!(append(&journal, "a", length * 2).await, Appended::Written);
    assert_eq!(append(&journal, "a", length * 2).await, Appended::Written);
    assert_eq!(append(&journal, "b", length * 2).await, Appended::Written);
    drop(journal);
    let journal = Journal::open(&path).unwrap();
    assert_eq!(append(&journal, "a", length * 2).await, Appended::Full);
    journal.page("a", 7, Some(2), 10).await.unwrap();
    assert_eq!(append(&journal, "a", length * 2).await, Appended::Written);
    assert_eq!(append(&journal, "a", length * 2).await, Appended::Full);
}

#[tokio::test]
async fn kept_event_says_that_portal_pushes() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(&folder.path().join("j.db")).unwrap();
    for (bot, is_kept) in [("a", true), ("b", false)] {
        let written = journal.append(bot, None, vec![event(7)], most(10, 1_000), is_kept);
        assert_eq!(written.await.unwrap(), Appended::Written);
        assert_eq!(journal.is_pushed(bot).await.unwrap(), is_kept, "{bot}");
    }
}

#[tokio::test]
async fn old_digests_of_a_flood_are_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(&folder.path().join("j.db")).unwrap();
    let fill = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100002) \
                INSERT INTO posts SELECT 'a', CAST(printf('%08d', i) AS BLOB), ?1 + i FROM n";
    let count = async |journal: &Journal, statement: &'static str| -> u32 {
        let counted =
            journal.run(move |connection| Ok(connection.query_row(statement, [], |row| row.get(0))?));
        counted.await.unwrap()
    };
    journal
        .run(move |connection| Ok(connection.execute(fill, [now_ms()])?))
        .await
        .unwrap();
    journal.expire().await.unwrap();
    assert_eq!(count(&journal, "SELECT count(*) FROM posts").await, POSTS);
    let first = "SELECT count(*) FROM posts WHERE digest < CAST('00000003' AS BLOB)";
    assert_eq!(count(&journal, first).await, 0);
}

#[tokio::test]
async fn page_confirms_events_below_offset() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(&folder.path().join("j.db")).unwrap();
    for bot_id in [7, 8, 7, 7] {
        let written = journal.append("a", None, vec![event(bot_id)], most(10, 1_000), true);
        assert_eq!(written.await.unwrap(), Appended::Written);
    }
    let ids = |page: &Value| -> Vec<u64> {
        let events = page["events"].as_array().unwrap().iter();
        events.map(|event| event["eventId"].as_u64().unwrap()).collect()
    };
    let page = async |bot_id, offset| journal.page("a", bot_id, offset, 2).await.unwrap();
    let first = page(7, None).await;
    assert_eq!(
        (ids(&first), &first["nextOffset"], &first["hasMore"]),
        (vec![1, 3], &json!(4), &json!(true))
    );
    assert_eq!(ids(&page(7, None).await), [1, 3]);
    assert_eq!(ids(&page(7, Some(4)).await), [4]);
    assert_eq!(ids(&page(7, None).await), [4]);
    assert_eq!(ids(&page(8, None).await), [2]);
}

#[tokio::test]
async fn file_is_for_one_server_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("j.db");
    let first = Journal::open(&path).unwrap();
    assert!(matches!(Journal::open(&path), Err(JournalError::Locked)));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    drop(first);
    assert!(Journal::open(&path).is_ok());
}
