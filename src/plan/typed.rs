//! Calls as types of a library's own.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::feature::Requirement;
use crate::wire::{Call, ParamsError};

/// A method as a type: its fields are the parameters.
///
/// `gate::Client::send` sends it. A client of your own sends [`to_call`](Self::to_call) with a
/// plan, and reads the result with [`wire::decode`](crate::wire::decode).
///
/// ```
/// use imbot_caps::Requirement;
/// use imbot_caps::plan::TypedCall;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize)]
/// #[serde(rename_all = "camelCase")]
/// struct SendVoice {
///     bot_id: u64,
///     dialog_id: String,
///     #[serde(skip_serializing_if = "Option::is_none")]
///     seconds: Option<u32>,
/// }
///
/// #[derive(Deserialize)]
/// struct Sent {
///     id: u64,
/// }
///
/// impl TypedCall for SendVoice {
///     type Reply = Sent;
///     const METHOD: &'static str = "imbot.v2.Chat.Voice.send";
///     const NEEDS: &'static [Requirement] = &[Requirement::rest("acme.voice", 37).and_imbot_v2()];
/// }
///
/// let voice = SendVoice { bot_id: 7, dialog_id: "chat5".to_owned(), seconds: None };
/// assert_eq!(voice.to_call()?.params()["botId"], 7);
/// # Ok::<(), imbot_caps::wire::ParamsError>(())
/// ```
pub trait TypedCall: Serialize {
    /// The result, in the form of the newest imbot.v2.
    type Reply: DeserializeOwned + Send + 'static;

    /// The name of the method.
    const METHOD: &'static str;

    /// What the portal must have besides the features of the table. A call that needs more is
    /// not sent.
    const NEEDS: &'static [Requirement] = &[];

    /// The same as a [`Call`].
    ///
    /// # Errors
    ///
    /// [`ParamsError`] if the value is no JSON object.
    fn to_call(&self) -> Result<Call, ParamsError> {
        Call::from_serialize(Self::METHOD, self)
    }
}
