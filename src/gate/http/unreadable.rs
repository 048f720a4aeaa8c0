//! The refusal of a request with parameters that the gate cannot read.

/// The gate needs the parameters of a call and cannot read them. Nothing was sent.
///
/// The text names the method. It shows nothing of the body.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnreadableError {
    /// The body is a stream, and longer than the gate reads.
    #[error(
        "not sent: {method}. Whether this portal takes the call depends on its parameters, and its body is a stream \
         of more than {limit} bytes: send it as one piece"
    )]
    TooLong {
        /// The method that was called.
        method: String,
        /// The limit, in bytes.
        limit: usize,
    },
    /// The gate does not read such a body: `multipart/form-data`, or compressed.
    #[error(
        "not sent: {method}. Whether this portal takes the call depends on its parameters, and its body is {what}: \
         send it as JSON or as a form"
    )]
    Content {
        /// The method that was called.
        method: String,
        /// What the body is.
        what: &'static str,
    },
    /// The request asks for a reply in XML. The gate does not read XML.
    #[error(
        "not sent: {method}. What this portal makes of the call depends on its parameters, and the answer is asked \
         for in XML: leave the suffix out"
    )]
    Xml {
        /// The method that was called.
        method: String,
    },
    /// The stream of the body failed.
    #[error("not sent: {method}. The stream of its body failed")]
    Broken {
        /// The method that was called.
        method: String,
    },
}
