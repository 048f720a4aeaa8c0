//! The registration of a bot that polls, on a portal that only pushes.

use imbot_caps::plan::lacks_bot_token_in_url;
use imbot_caps::wire::Call;
use imbot_caps::{Caps, Feature};
use serde_json::{Map, Value};

use super::polling::{Caller, PollingEmulation, is_first_registration, lacks_event_get};
use super::settings::{Bot, Wants};
use crate::failure::Failure;

impl PollingEmulation {
    /// The registration of a bot that polls, with the address of the server; `None` if it goes to the portal as it is.
    pub(super) async fn registration(
        &self,
        caller: &Caller<'_>,
        bot: &Bot,
        call: &Call,
    ) -> Result<Option<Map<String, Value>>, Failure> {
        let mut params: Map<String, Value> = call.params().clone();
        let Some(Value::Object(fields)) = params.get_mut("fields") else {
            return Ok(None);
        };
        let polls = match fields.get("eventMode") {
            // A portal lets such a bot poll.
            None | Some(Value::Null) => is_first_registration(call.method()),
            Some(mode) => mode
                .as_str()
                .is_some_and(|mode| mode.eq_ignore_ascii_case("fetch")),
        };
        if !polls {
            return Ok(None);
        }
        let is_pushed = self.is_pushed_in_journal(bot).await?;
        let mut caps = self.caps(caller, false).await;
        if !is_pushed {
            if !caps.is_some_and(|caps| lacks_event_get(&caps)) {
                return Ok(None);
            }
            // From now on it stays so, and the portal may have been upgraded since it was asked.
            caps = self.caps(caller, true).await;
            if !caps.is_some_and(|caps| lacks_event_get(&caps)) {
                return Ok(None);
            }
        }
        fields.insert("eventMode".to_owned(), "webhook".into());
        let mut address = match &bot.wants {
            Wants::Keep {
                address: Some(address),
            } => address.to_string(),
            _ => bot.address_at(&self.own),
        };
        fields.insert("webhookUrl".to_owned(), address.clone().into());
        // The older API writes the parameter itself.
        let lacks_events = |caps: Caps| {
            !lacks_event_get(&caps) && caps.check(Feature::WebhookEventsWithoutClientId).is_unsupported()
        };
        if !caller.has_access_token
            && caps.is_some_and(lacks_events)
            && lacks_bot_token_in_url(call.method(), &params)
            && let Some(token) = bot.token()
        {
            // Such a portal drops the events of a webhook's bot without it.
            let sign = if address.contains('?') { '&' } else { '?' };
            let token: String = form_urlencoded::byte_serialize(token.as_bytes()).collect();
            address.push_str(&format!("{sign}CLIENT_ID={token}"));
            if let Some(Value::Object(fields)) = params.get_mut("fields") {
                fields.insert("webhookUrl".to_owned(), address.into());
            }
        }
        Ok(Some(params))
    }
}
