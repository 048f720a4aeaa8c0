//! Classes of error codes.

/// What an error code proves of the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorClass {
    /// The method, or its module, is absent.
    Absent,
    /// The method exists, and the credential lacks its scope.
    Scope,
    /// The access token is no longer valid: a refresh may help.
    Expired,
    /// The credential does not work here, and a refresh would not help.
    Credential,
    /// A failure that passes, such as a rate limit or a broken connection.
    Transient,
    /// Someone closed the portal, or its REST API, for the time being or for good.
    Blocked,
    /// The method refused the call before it did its work.
    Refused,
    /// The method exists. Its work failed, and a part of it may be done.
    Failed,
    /// An unknown code. It proves nothing.
    Other,
}
