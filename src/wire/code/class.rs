//! What error codes prove.

/// What an error code proves of the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Class {
    /// The method, or the module it is in, is not there.
    Absent,
    /// The method is there, and the credential lacks its scope.
    Scope,
    /// The access token is no longer valid: a refresh may help.
    Expired,
    /// The credential does not work here, and a refresh would not help.
    Credential,
    /// Something passing: a rate limit, a broken connection.
    Transient,
    /// Someone closed the portal, or its REST API, for the time being or for good.
    Blocked,
    /// The method refused the call before it did its work.
    Refused,
    /// The method is there: its work failed, and a part of it may be done.
    Failed,
    /// A code that is not known here: it proves nothing.
    Other,
}
