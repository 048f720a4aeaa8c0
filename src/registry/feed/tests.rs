use super::*;
use crate::portal_id::PortalId;

fn id(portal: &str) -> PortalId {
    PortalId::from_origin(portal)
}

fn push(feed: &Feed, site: &str, portal: &str) {
    let event = Event::Moved {
        portal: id(portal),
        to: site.to_owned(),
    };
    feed.push(event, || Account::new(site, portal));
}

/// All that this listener is told: portals, and what was missed.
async fn told(events: &mut Events) -> (Vec<String>, Vec<(Option<String>, u64)>) {
    let (mut portals, mut missed) = (Vec::new(), Vec::new());
    let mut end = Event::Lagged { count: 0, site: None };
    while let Some(event) = {
        let next = events.next();
        let mut next = pin!(next);
        std::future::poll_fn(|context| {
            std::task::Poll::Ready(match next.as_mut().poll(context) {
                std::task::Poll::Ready(event) => event,
                std::task::Poll::Pending => None,
            })
        })
        .await
    } {
        end = event.clone();
        match event {
            Event::Moved { portal, .. } => portals.push(portal.to_string()),
            Event::Lagged { count, site } => missed.push((site, count)),
            other => panic!("{other:?}"),
        }
    }
    drop(end);
    (portals, missed)
}

#[tokio::test]
async fn flooding_site_loses_own_events() {
    let feed = Feed::default();
    let mut events = feed.listen();
    for number in 0..20 {
        push(
            &feed,
            &format!("good{number}.example"),
            &format!("https://good{number}.example"),
        );
    }
    for number in 0..10_000 {
        push(&feed, "evil.example", &format!("https://{number}.evil.example"));
    }
    push(&feed, "good.example", "https://good.example");
    let (portals, missed) = told(&mut events).await;
    assert_eq!(portals.len(), EVENTS);
    assert_eq!(
        portals.iter().filter(|portal| portal.contains("good")).count(),
        21
    );
    assert_eq!(portals.last().map(String::as_str), Some("https://good.example"));
    assert_eq!(
        portals.get(20).map(String::as_str),
        Some("https://8997.evil.example")
    );
    assert_eq!(missed, [(Some("evil.example".to_owned()), 10_000 - 1_003)]);
    assert_eq!(told(&mut events).await, (vec![], vec![]));
}

#[tokio::test]
async fn flooding_portal_spares_its_site() {
    let feed = Feed::default();
    let mut events = feed.listen();
    push(&feed, "acme.example", "https://one.acme.example");
    for _ in 0..5_000 {
        push(&feed, "acme.example", "https://other.acme.example");
    }
    let (portals, missed) = told(&mut events).await;
    assert_eq!(
        portals.first().map(String::as_str),
        Some("https://one.acme.example")
    );
    assert_eq!(
        (portals.len(), missed),
        (EVENTS, vec![(Some("acme.example".to_owned()), 3_977)])
    );
}

#[tokio::test]
async fn equal_sites_lose_oldest_events() {
    let feed = Feed::default();
    let mut events = feed.listen();
    for number in 0..EVENTS + 100 {
        push(
            &feed,
            &format!("{number}.example"),
            &format!("https://{number}.example"),
        );
    }
    let (portals, missed) = told(&mut events).await;
    assert_eq!(portals.first().map(String::as_str), Some("https://100.example"));
    assert_eq!(missed.iter().map(|(_, count)| count).sum::<u64>(), 100);
    // The rest of them is not named.
    assert_eq!(missed.len(), NAMED + 1);
    assert_eq!(missed.last(), Some(&(None, 84)));
}

#[tokio::test]
async fn listeners_miss_events_independently() {
    let feed = Feed::default();
    push(&feed, "early.example", "https://early.example");
    let (mut quick, mut slow) = (feed.listen(), feed.listen());
    for number in 0..3_000 {
        push(&feed, "acme.example", &number.to_string());
        let heard = told(&mut quick).await;
        assert_eq!(heard, (vec![number.to_string()], vec![]));
    }
    let mut late = feed.listen();
    push(&feed, "acme.example", "last");
    assert_eq!(told(&mut late).await, (vec!["last".to_owned()], vec![]));
    let (portals, missed) = told(&mut slow).await;
    assert_eq!(
        (portals.len(), missed),
        (EVENTS, vec![(Some("acme.example".to_owned()), 1_977)])
    );
    drop(slow);
    let kept = |feed: &Feed| {
        let waiting = feed.0.get().unwrap().lock();
        (
            waiting.events.len(),
            waiting.portals.len(),
            waiting.sites.is_empty(),
        )
    };
    assert_eq!(told(&mut quick).await, (vec!["last".to_owned()], vec![]));
    // What all have taken is not kept; nor is what whoever left had not taken.
    assert_eq!(kept(&feed), (0, 0, true));
    push(&feed, "acme.example", "untaken");
    drop((quick, late));
    assert_eq!(kept(&feed), (0, 0, true));
}

#[tokio::test]
async fn unanswered_portals_lose_events_first() {
    let feed = Feed::default();
    let mut events = feed.listen();
    for _ in 0..3 {
        push(&feed, "box.example", "https://box.example");
    }
    for number in 0..10_000 {
        let portal = format!("https://box.example/p{number}");
        let event = Event::Moved {
            portal: id(&portal),
            to: String::new(),
        };
        feed.push(event, || Account::new("box.example", &portal).answered(false));
    }
    let (portals, _) = told(&mut events).await;
    assert_eq!(
        portals.iter().filter(|own| *own == "https://box.example").count(),
        3
    );
    assert!(feed.0.get().unwrap().lock().unanswered.is_empty());
}

#[tokio::test]
async fn pending_events_survive_the_end() {
    let feed = Feed::default();
    let mut events = feed.listen();
    push(&feed, "acme.example", "one");
    drop(feed);
    assert!(events.next().await.is_some());
    assert!(events.next().await.is_none());
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn listener_wakes_and_cancelling_loses_nothing() {
    let feed = Arc::new(Feed::default());
    let mut events = feed.listen();
    assert_eq!(told(&mut events).await, (vec![], vec![]));
    let task = tokio::spawn(async move {
        let first = events.next().await;
        (first.is_some(), events.next().await.is_none())
    });
    tokio::task::yield_now().await;
    push(&feed, "acme.example", "one");
    tokio::task::yield_now().await;
    drop(feed);
    assert_eq!(task.await.unwrap(), (true, true));
}
