//! Many portals behind one address, and which of them a path belongs to.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::fault::Cut;
use super::portal::Portal;
use super::reply::Reply;
use super::request::Request;
use super::server::Service;

/// The portals of a server by the prefix of their paths: `/portal-1`, or none
/// for a portal at the root.
#[derive(Default)]
pub(super) struct Portals(RwLock<HashMap<String, Arc<Portal>>>);

impl Portals {
    /// Puts a portal under a prefix, which the portal's number may be part of;
    /// returns the number and the prefix.
    pub(super) fn add(&self, portal: Arc<Portal>, prefix: impl FnOnce(usize) -> String) -> (usize, String) {
        let mut portals = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let number = portals.len() + 1;
        let prefix = prefix(number);
        portals.insert(prefix.clone(), portal);
        (number, prefix)
    }

    /// The portal that a path belongs to, and the path below its prefix.
    fn find<'p>(&self, path: &'p str) -> Option<(Arc<Portal>, &'p str)> {
        let portals = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let end_of_first = path
            .char_indices()
            .skip(1)
            .find_map(|(at, c)| (c == '/').then_some(at));
        let (first, rest) = path.split_at_checked(end_of_first.unwrap_or(path.len()))?;
        portals
            .get(first)
            .map(|portal| (Arc::clone(portal), rest))
            .or_else(|| portals.get("").map(|portal| (Arc::clone(portal), path)))
    }
}

impl Service for Portals {
    async fn answer(&self, request: Request) -> Result<Reply, Cut> {
        match self.find(request.uri.path()) {
            Some((portal, path)) => portal.answer(path, &request).await,
            None => Ok(Reply::html(404)),
        }
    }
}
