//! Typed calls: by the client, and for a client of the program's own.

use super::Client;
use super::borrowed;
use super::error::CallError;
use crate::gate::gate::Gate;
use crate::gate::gated::GatedCall;
use crate::offload;
use crate::plan::TypedCall;
use crate::registry::Handle;
use crate::wire;

impl Client {
    /// Calls a method that is a type of the program's own, and returns its result as the type of
    /// the reply. The portal must have what [`TypedCall::NEEDS`] names. If it lacks that by its
    /// last answer, it is asked again first, as before any refusal. A [`Policy`](crate::plan::Policy)
    /// that only observes, or is off, for the id of a requirement lets the call pass.
    ///
    /// Not cancel-safe: a dropped call may have run.
    ///
    /// # Errors
    ///
    /// As [`call`](Self::call), and [`CallError::Unsupported`], and [`CallError::Unexpected`] if
    /// the result does not have the form of the reply.
    pub fn send<C: TypedCall>(
        &self,
        call: &C,
    ) -> impl Future<Output = Result<C::Reply, CallError>> + Send + use<'_, C> {
        let call = call.to_call();
        async move {
            let call = call.map_err(CallError::Params)?;
            let needs = self.portal_gate.require(C::NEEDS).await;
            needs.map_err(CallError::Unsupported)?;
            let (result, secrets) = self.run(call).await?;
            let is_long = offload::is_long_value(&result);
            let decode = move || {
                wire::decode(result).map_err(|mut unexpected| {
                    unexpected.hide(&borrowed(&secrets));
                    CallError::Unexpected(unexpected)
                })
            };
            offload::run_if(is_long, decode).await
        }
    }
}

impl Gate {
    /// Plans a typed call, as [`begin`](Self::begin) does. First checks [`TypedCall::NEEDS`]. If the
    /// portal lacks one of them by its last answer, it is asked again first.
    ///
    /// Cancel-safe: a probe goes on in the registry.
    ///
    /// # Errors
    ///
    /// [`CallError::Params`], [`CallError::Unsupported`] or [`CallError::Refused`], and nothing was
    /// sent.
    pub fn begin_typed<C: TypedCall>(
        &self,
        portal: &Handle,
        call: &C,
    ) -> impl Future<Output = Result<GatedCall, CallError>> + Send + use<C> {
        let call = call.to_call();
        let portal_gate = self.at(portal.clone());
        async move {
            let call = call.map_err(CallError::Params)?;
            let needs = portal_gate.require(C::NEEDS).await;
            needs.map_err(CallError::Unsupported)?;
            let is_long = offload::is_long_call(&call);
            let begun = GatedCall::begin(&portal_gate, call, is_long).await;
            begun.map_err(CallError::Refused)
        }
    }
}
