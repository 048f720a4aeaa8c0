//! [`EmulatedPortal`]: one emulated portal, for tests.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::auth::{App, AuthServer, Installation};
use crate::build::Build;
use crate::clock::Clock;
use crate::credential::{OauthToken, Webhook};
use crate::fault::Fault;
use crate::limit::RateLimit;
use crate::portal::Portal;
use crate::portals::Portals;
use crate::record::Recorded;
#[cfg(feature = "tls")]
use crate::server::Channel;
use crate::server::Server;
use crate::state::{Bot, Chat, Command, File, Identity, Message};
use crate::users;

/// A handle to an emulated portal. Clones are handles to the same portal.
///
/// Has one webhook from the start, of user 1 with scopes `imbot` and `im`.
/// All methods lock for a moment and none waits for requests under way.
#[derive(Clone)]
pub struct EmulatedPortal {
    pub(crate) portal: Arc<Portal>,
    url: String,
    #[cfg(feature = "tls")]
    pub(crate) channel: Channel,
    webhook_url: String,
    member_id: String,
    auth: AuthServer,
    /// Keeps the server of a portal that has its own running.
    _server: Option<Arc<Server<Portals>>>,
}

impl EmulatedPortal {
    /// The same, which keeps its server running.
    pub(crate) fn keeping(self, server: Arc<Server<Portals>>) -> Self {
        Self {
            _server: Some(server),
            ..self
        }
    }

    pub(crate) fn put(
        server: &Server<Portals>,
        auth: &AuthServer,
        build: Build,
        clock: Clock,
        prefix: impl FnOnce(usize) -> String,
    ) -> Self {
        let portal = Arc::new(Portal::new(build, clock));
        let (number, prefix) = server.service().add(Arc::clone(&portal), prefix);
        let mut handle = Self {
            portal,
            url: format!("{}://{}{prefix}/", server.channel().scheme(), server.address()),
            #[cfg(feature = "tls")]
            channel: server.channel().clone(),
            webhook_url: String::new(),
            // Of the port too: no two portals at a time have the same.
            member_id: format!("{:024x}{number:08x}", server.address().port()),
            auth: auth.clone(),
            _server: None,
        };
        handle.portal.set_identity(Identity {
            domain: server.address().to_string(),
            member_id: handle.member_id.clone(),
            client_endpoint: handle.rest_url(),
            server_endpoint: auth.server_endpoint(),
            ..Identity::default()
        });
        handle.webhook_url = handle.add_webhook(Webhook::new(1, webhook_code(number as u64)));
        handle
    }

    /// The portal's address, with prefix and final slash.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The address of its REST server, which access tokens are used at.
    #[must_use]
    pub fn rest_url(&self) -> String {
        format!("{}rest/", self.url)
    }

    /// The address of its first webhook: `.../rest/1/<code>/`.
    #[must_use]
    pub fn webhook_url(&self) -> &str {
        &self.webhook_url
    }

    /// Adds a webhook, or replaces the one of the same user and code; returns
    /// its address.
    pub fn add_webhook(&self, webhook: Webhook) -> String {
        let url = format!("{}{}", self.rest_url(), webhook.path());
        self.portal.state().credentials.add_webhook(webhook);
        url
    }

    /// Adds an access token, or replaces the one of the same text. Its life
    /// begins now.
    pub fn add_token(&self, token: OauthToken) {
        self.portal.add_token(token);
    }

    /// Installs an application: gives it a first pair of tokens, which the
    /// authorisation server renews.
    pub fn install(&self, app: App) -> Installation {
        self.finish_installation(app.client_id());
        self.auth
            .install(app, &self.portal, &self.member_id, self.rest_url())
    }

    /// Finishes the installation of the application with this client id. [`install`](Self::install)
    /// finishes it, too.
    pub fn finish_installation(&self, client_id: &str) {
        self.portal.state().unfinished.remove(client_id);
    }

    /// Makes the installation of the application with this client id unfinished again: `app.info`
    /// says so, and its bots get no events at their addresses.
    pub fn reopen_installation(&self, client_id: &str) {
        self.portal.state().unfinished.insert(client_id.to_owned());
    }

    /// Its id, which applications know it by.
    #[must_use]
    pub fn member_id(&self) -> &str {
        &self.member_id
    }

    /// The server that renews its access tokens, at an address of its own.
    #[must_use]
    pub fn auth_server(&self) -> AuthServer {
        self.auth.clone()
    }

    /// From now on this access token has expired.
    pub fn expire_token(&self, token: &str) {
        self.portal.state().credentials.expire_token(token);
    }

    /// Forgets the webhook with this code, or the access token with this text.
    pub fn revoke(&self, secret: &str) {
        self.portal.state().credentials.revoke(secret);
    }

    /// Its clock, which portals of one emulator share.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.portal.clock().clone()
    }

    /// What the portal runs now.
    #[must_use]
    pub fn build(&self) -> Build {
        self.portal.state().build.clone()
    }

    /// From now on it runs this: an upgrade, or a restore from a backup. Bots,
    /// messages and credentials stay.
    pub fn set_build(&self, build: Build) {
        self.portal.set_build(build);
    }

    /// Adds a fault, to be asked after those that are there.
    pub fn fault(&self, fault: Fault) {
        self.portal.faults().add(fault);
    }

    /// Forgets all faults. Requests that are held stay so.
    pub fn clear_faults(&self) {
        self.portal.faults().clear();
    }

    /// Limits the rate of requests from now on, or limits it no more.
    ///
    /// What is beyond the limit is answered `QUERY_LIMIT_EXCEEDED` before any
    /// check, and is not known on premise. The first limit starts from empty.
    pub fn limit_rate(&self, limit: impl Into<Option<RateLimit>>) {
        self.portal.limit_rate(limit.into());
    }

    /// Limits the time that each method may take for each credential within ten
    /// minutes, by the clock: 480 seconds in the documentation.
    ///
    /// Once a method took more, it is answered `OPERATION_TIME_LIMIT` until
    /// enough is forgotten. On premise nothing is counted.
    pub fn limit_operating(&self, limit: Duration) {
        self.portal.state().credentials.operating.set_limit(limit);
    }

    /// From now on each call of this method counts as so much operating time,
    /// inside a batch too. The clock is not moved.
    pub fn set_operating(&self, method: &str, each: Duration) {
        let mut state = self.portal.state();
        state.credentials.operating.set_cost(method, each);
    }

    /// All requests since they were last taken, in the order of arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.portal.journal().requests().to_vec()
    }

    /// The same, and forgets them; numbering goes on.
    pub fn take_requests(&self) -> Vec<Recorded> {
        self.portal.journal().take()
    }

    /// How many of these requests called this method, in exactly this spelling.
    /// Commands inside a batch are not counted: see
    /// [`Expectation::in_batches_too`](crate::Expectation::in_batches_too).
    #[must_use]
    pub fn count(&self, method: &str) -> usize {
        let journal = self.portal.journal();
        journal
            .requests()
            .iter()
            .filter(|request| request.method == method)
            .count()
    }

    /// The bots on the portal, in the order of registration.
    #[must_use]
    pub fn bots(&self) -> Vec<Bot> {
        self.portal.state().bots.clone()
    }

    /// The chats on the portal, in the order of opening.
    #[must_use]
    pub fn chats(&self) -> Vec<Chat> {
        self.portal.state().chats.clone()
    }

    /// The commands of its bots, in the order of registration.
    #[must_use]
    pub fn commands(&self) -> Vec<Command> {
        self.portal.state().commands.clone()
    }

    /// The files on the portal, in the order of uploading.
    #[must_use]
    pub fn files(&self) -> Vec<File> {
        self.portal.state().files.clone()
    }

    /// The addresses that events go to, one for each subscription; builds may
    /// leave some behind that nobody wants any more.
    #[must_use]
    pub fn subscriptions(&self) -> Vec<String> {
        self.portal.state().subscribed_urls()
    }

    /// A person writes in a dialog: the id of a bot, or `chat` and the id of a
    /// chat the person is in. In a group, most bots hear only a text that mentions
    /// them, `[USER=7]Ann[/USER]`, or gives their command, `/help`.
    ///
    /// Answers with the message's id, or `None` where the person may not write.
    /// By then the bots that have an address were called, and have answered:
    /// dropping the future loses what was not sent by then.
    pub async fn say(&self, user_id: u64, dialog_id: &str, text: &str) -> Option<u64> {
        let id = users::say(&mut self.portal.state(), user_id, dialog_id, text);
        self.portal.deliver().await;
        id
    }

    /// A person changes a message of a person; `false` when there is none.
    /// Waits as [`say`](Self::say) does.
    pub async fn edit(&self, message_id: u64, text: &str) -> bool {
        let is_done = users::edit(&mut self.portal.state(), message_id, text);
        self.portal.deliver().await;
        is_done
    }

    /// A person deletes a message of a person; `false` when there is none.
    /// Waits as [`say`](Self::say) does.
    pub async fn delete(&self, message_id: u64) -> bool {
        let is_done = users::delete(&mut self.portal.state(), message_id);
        self.portal.deliver().await;
        is_done
    }

    /// A person puts a reaction on a message; `false` when there is no such
    /// message. Waits as [`say`](Self::say) does.
    pub async fn react(&self, user_id: u64, message_id: u64, reaction: &str) -> bool {
        let is_done = users::react(&mut self.portal.state(), user_id, message_id, reaction);
        self.portal.deliver().await;
        is_done
    }

    /// A person opens a dialog by a link that carries a context; `false` where
    /// the person is not in the chat. Waits as [`say`](Self::say) does.
    pub async fn open_with(&self, user_id: u64, dialog_id: &str, context: serde_json::Value) -> bool {
        let is_done = users::open_with(&mut self.portal.state(), user_id, dialog_id, context);
        self.portal.deliver().await;
        is_done
    }

    /// Waits until all events so far were sent to the addresses of bots, and the bots have
    /// answered. Calls of methods do not wait for that.
    pub async fn delivered(&self) {
        self.portal.deliver().await;
    }

    /// The names of the events that were sent to the addresses of bots, in order.
    #[must_use]
    pub fn sent_events(&self) -> Vec<String> {
        self.portal.sent_events()
    }

    /// The messages on the portal, in the order of sending.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.portal.state().messages.clone()
    }
}

impl fmt::Debug for EmulatedPortal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmulatedPortal")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

/// Sixteen letters and digits, as portals have them: another code for each
/// number, and the same in every run.
fn webhook_code(number: u64) -> String {
    const DIGITS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    // The multiplier and increment of Knuth's MMIX generator.
    let step = |state: &u64| {
        let next = state.wrapping_mul(6_364_136_223_846_793_005);
        Some(next.wrapping_add(1_442_695_040_888_963_407))
    };
    std::iter::successors(Some(number), step)
        .skip(1)
        .filter_map(|state| DIGITS.get((state >> 33) as usize % DIGITS.len()))
        .map(|digit| char::from(*digit))
        .take(16)
        .collect()
}
