//! Leases.

use std::time::Duration;

use tokio::task::JoinSet;

use super::entries;
use super::subject::{Broken, Outcome, Subject, key, must};
use crate::store::entry::Lease;

/// Longer than any test takes, and two seconds.
const LONG: Duration = Duration::from_secs(3_600);
const SHORT: Duration = Duration::from_secs(1);

fn granted(lease: Option<Lease>) -> Result<Lease, Broken> {
    lease.ok_or_else(|| Broken("a free lease was not granted".to_owned()))
}

pub(super) async fn exclusive(subject: &dyn Subject) -> Outcome {
    let (store, other) = (subject.open().await?, subject.open().await?);
    let key = key("leases", 0);
    let lease = granted(store.lease(&key, LONG).await?)?;
    must(lease.key() == key, "the lease has another key")?;
    must(other.lease(&key, LONG).await?.is_none(), "two holders have it")?;
    must(
        store.lease(&key, LONG).await?.is_none(),
        "its holder got it twice",
    )?;
    granted(other.lease(&super::subject::key("leases", 1), LONG).await?)?;
    must(
        entries::get(&*other, &key).await?.is_none(),
        "a lease made an entry",
    )?;
    entries::put(&*other, &key, "anybody may write", None).await?;
    must(
        other.lease(&key, LONG).await?.is_none(),
        "a write has ended the lease",
    )?;
    let forged = Lease::new(key.clone(), format!("{}x", lease.token()));
    other.release(forged).await?;
    must(
        other.lease(&key, LONG).await?.is_none(),
        "another token has ended the lease",
    )?;
    store.release(lease.clone()).await?;
    let next = granted(other.lease(&key, LONG).await?)?;
    must(next.token() != lease.token(), "two leases have one token")?;
    store.release(lease).await?;
    must(
        store.lease(&key, LONG).await?.is_none(),
        "an old lease has ended the next one",
    )
}

pub(super) async fn expiry(subject: &dyn Subject) -> Outcome {
    let (store, other) = (subject.open().await?, subject.open().await?);
    let key = key("leases", 2);
    let lease = granted(store.lease(&key, SHORT).await?)?;
    must(other.lease(&key, LONG).await?.is_none(), "two holders have it")?;
    subject.pass(SHORT.saturating_mul(2)).await?;
    granted(other.lease(&key, LONG).await?)?;
    store.release(lease).await?;
    must(
        store.lease(&key, LONG).await?.is_none(),
        "an expired lease has ended the next one",
    )
}

/// A store that reads its clock when a call is made, and grants the lease when the future is polled, believes that
/// the call came before another holder's.
pub(super) async fn late(subject: &dyn Subject) -> Outcome {
    let (store, other) = (subject.open().await?, subject.open().await?);
    let key = key("leases", 11);
    let calling = store.lease(&key, LONG);
    subject.pass(SHORT.saturating_mul(2)).await?;
    let first = other.lease(&key, LONG).await?;
    let late = calling.await?;
    must(
        first.is_some() != late.is_some(),
        format!(
            "granted to the first poll: {}, to the late one: {}",
            first.is_some(),
            late.is_some()
        ),
    )?;
    // A lease that was granted late lasts from then on. A store may grant it when the call is made, too.
    let key = super::subject::key("leases", 12);
    let calling = store.lease(&key, SHORT);
    let Some(before) = other.lease(&key, LONG).await? else {
        return granted(calling.await?).map(drop);
    };
    other.release(before).await?;
    subject.pass(SHORT.saturating_mul(2)).await?;
    granted(calling.await?)?;
    must(
        other.lease(&key, LONG).await?.is_none(),
        "the lease was over when it was granted",
    )
}

pub(super) async fn race(subject: &dyn Subject) -> Outcome {
    for nth in 3..11 {
        let mut callers = JoinSet::new();
        for _ in 0..8 {
            let store = subject.open().await?;
            let key = key("leases", nth);
            callers.spawn(async move { store.lease(&key, LONG).await });
        }
        let mut holders: usize = 0;
        while let Some(ended) = callers.join_next().await {
            let lease = ended.map_err(|error| Broken(format!("a caller did not end: {error}")))??;
            holders = holders.saturating_add(usize::from(lease.is_some()));
        }
        must(holders == 1, format!("{holders} holders have one lease"))?;
    }
    Ok(())
}
