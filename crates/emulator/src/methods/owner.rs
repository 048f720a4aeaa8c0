//! Whose bot it is: the checks that imbot.v2 makes before an action.

use imbot_caps::Feature;

use super::super::envelope::RestError;
use super::super::php::Value;
use super::super::state::Bot;
use super::Call;

/// A webhook's bots belong to a token of the caller's choice, told from real
/// applications by this prefix.
pub(super) fn custom_app_id(token: &str) -> String {
    format!("custom{token}")
}

impl Call<'_> {
    /// The application of an access token, or the one that a webhook's botToken
    /// stands for.
    pub(super) fn app_id(&self) -> Result<String, RestError> {
        self.caller
            .client_id
            .clone()
            .or_else(|| {
                self.text_any(&["botToken", "BOT_TOKEN"])
                    .or_else(|| self.text_any(&["clientId", "CLIENT_ID"]))
                    .map(|token| custom_app_id(&token))
            })
            .ok_or_else(|| self.token_not_specified())
    }

    /// The error of a webhook's call without botToken, by its code of the day.
    pub(super) fn token_not_specified(&self) -> RestError {
        if self.state.build.supports(Feature::ClientIdNotSpecified) {
            RestError::new("CLIENT_ID_NOT_SPECIFIED", "Client ID not specified")
        } else {
            RestError::new(
                "BOT_TOKEN_NOT_SPECIFIED",
                "Bot token not specified (botToken is required for webhook auth)",
            )
        }
    }

    /// The id of the same bot, for a caller who goes on to change the portal.
    pub(super) fn bot_id(&self) -> Result<u64, RestError> {
        Ok(self.own_bot(&self.app_id()?)?.id)
    }

    /// The bot that the parameters name, if it is this application's.
    pub(super) fn own_bot(&self, app_id: &str) -> Result<&Bot, RestError> {
        let id = self
            .text_any(&["botId", "BOT_ID"])
            .and_then(|id| u64::try_from(Value::Text(id).to_int()).ok())
            .filter(|id| *id > 0)
            .ok_or_else(|| RestError::new("BOT_ID_REQUIRED", "botId is required"))?;
        let bot = self.state.bot(id).ok_or_else(bot_not_found)?;
        if bot.app_id != app_id {
            return Err(RestError::new(
                "BOT_OWNERSHIP_ERROR",
                "Bot was installed by another rest application",
            ));
        }
        Ok(bot)
    }
}

pub(super) fn bot_not_found() -> RestError {
    RestError::new("BOT_NOT_FOUND", "Bot not found")
}
