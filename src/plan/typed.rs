//! Calls as types of a library's own.

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::planned::PlannedCall;
use super::planner::Planner;
use super::refused::Refused;
use crate::caps::Unsupported;
use crate::feature::Requirement;
use crate::wire::{Call, ParamsError};

/// A method as a type: its fields are the parameters.
///
/// `gate::Client::send` sends it. A client of your own plans it with `Gate::begin_typed` or
/// [`Planner::plan_typed`], and reads the result with [`wire::decode`](crate::wire::decode). In a
/// batch, it is a `BatchCommand::typed`. All of these check [`NEEDS`](Self::NEEDS).
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
    /// not sent, unless the [`Policy`](super::Policy) only observes the id, or is off for it.
    const NEEDS: &'static [Requirement] = &[];

    /// The same as a [`Call`]. A plan of this `Call` does not check [`NEEDS`](Self::NEEDS).
    ///
    /// # Errors
    ///
    /// [`ParamsError`] if the value is no JSON object.
    fn to_call(&self) -> Result<Call, ParamsError> {
        Call::from_serialize(Self::METHOD, self)
    }
}

impl Planner<'_> {
    /// Plans a typed call. First checks [`TypedCall::NEEDS`].
    ///
    /// # Errors
    ///
    /// [`TypedError`] if the call must not be sent.
    pub fn plan_typed<C: TypedCall>(&self, call: &C) -> Result<PlannedCall<'static>, TypedError> {
        let call = call.to_call().map_err(TypedError::Params)?;
        let needs = self.context.policy.enforced(C::NEEDS);
        let lacking = self.context.caps.require_all(needs);
        lacking.map_err(|own| TypedError::Unsupported(Box::new(own)))?;
        self.plan(call).map_err(TypedError::Refused)
    }
}

/// Why a typed call is not planned. Nothing is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TypedError {
    /// The parameters are no object.
    Params(ParamsError),
    /// The portal lacks what [`TypedCall::NEEDS`] names, or may lack it.
    Unsupported(Box<Unsupported>),
    /// The plan refuses the call.
    Refused(Box<Refused>),
}

impl fmt::Display for TypedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Params(error) => write!(f, "not sent: {error}"),
            Self::Unsupported(unsupported) => write!(f, "not sent: {unsupported}"),
            Self::Refused(refused) => write!(f, "{refused}"),
        }
    }
}

impl std::error::Error for TypedError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caps::Caps;
    use crate::plan::{Mode, Policy};

    #[derive(Serialize)]
    struct Transcribe(Option<u64>);

    impl TypedCall for Transcribe {
        type Reply = String;
        const METHOD: &'static str = "acme.voice.transcribe";
        const NEEDS: &'static [Requirement] = &[Requirement::rest("acme.voice", 37).and_imbot_v2()];
    }

    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Rotate {
        bot_id: u64,
        fields: Fields,
    }

    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Fields {
        bot_token: &'static str,
    }

    impl TypedCall for Rotate {
        type Reply = ();
        const METHOD: &'static str = "imbot.v2.Bot.update";
        const NEEDS: &'static [Requirement] = Transcribe::NEEDS;
    }

    fn plan(call: &impl TypedCall, rest: u16, policy: &Policy) -> Result<String, TypedError> {
        let caps = Caps::at(rest);
        let planned = Planner::new(&caps, policy).plan_typed(call)?;
        Ok(planned.call().method().to_owned())
    }

    #[test]
    fn plan_checks_own_needs() {
        let adapt = Policy::default();
        let fields = Fields { bot_token: "t0ken" };
        let rotate = Rotate { bot_id: 7, fields };
        let error = plan(&rotate, 36, &adapt).unwrap_err();
        let TypedError::Unsupported(unsupported) = &error else {
            panic!("{error:?}")
        };
        assert_eq!(unsupported.requirement(), Transcribe::NEEDS[0]);
        assert!(error.to_string().starts_with("not sent: "), "{error}");
        assert_eq!(plan(&rotate, 37, &adapt).unwrap(), Rotate::METHOD);

        let observed = Policy::default().row("acme.voice", Mode::Observe);
        assert_eq!(plan(&rotate, 36, &observed).unwrap(), Rotate::METHOD);
        // The table's own rows still refuse.
        let error = plan(&rotate, 34, &observed).unwrap_err();
        assert!(matches!(error, TypedError::Refused(_)), "{error:?}");
    }

    #[test]
    fn plan_needs_an_object() {
        let error = plan(&Transcribe(Some(7)), 37, &Policy::default()).unwrap_err();
        assert_eq!(error, TypedError::Params(ParamsError::NotAnObject));
    }
}
