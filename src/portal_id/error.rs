//! [`PortalError`]: why a text is not the address of a portal.

use super::limits::ADDRESS_LIMIT;

/// The kind of address that was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExpectedAddress {
    /// An incoming webhook, for [`Portal::webhook`](crate::Portal::webhook).
    Webhook,
    /// An application's `client_endpoint`, for [`Portal::oauth`](crate::Portal::oauth).
    Endpoint,
    /// A [`PortalId`](crate::PortalId) as text.
    Id,
}

impl ExpectedAddress {
    const fn name(self) -> &'static str {
        match self {
            ExpectedAddress::Webhook => "the webhook",
            ExpectedAddress::Endpoint => "the client_endpoint",
            ExpectedAddress::Id => "the portal's id",
        }
    }

    const fn remedy(self) -> &'static str {
        match self {
            ExpectedAddress::Webhook => {
                "give the whole webhook as the portal shows it, https://{host}/rest/{user}/{code}/"
            }
            ExpectedAddress::Endpoint => {
                "give the `client_endpoint` as the portal sent it, such as https://acme.bitrix24.com/rest/"
            }
            ExpectedAddress::Id => {
                "give it as `PortalId` shows it: a member_id of 32 hexadecimal digits, or an address such as https://acme.bitrix24.com"
            }
        }
    }
}

/// The reason that a text is not the address of a portal. Each kind says what to give instead. No kind
/// repeats the address: it may hold a webhook's code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PortalError {
    /// It is not a URL.
    #[error("{name} is no URL ({0}); {give}", name = .1.name(), give = .1.remedy())]
    NotAUrl(String, ExpectedAddress),
    /// It is longer than any address of a portal.
    #[error("{name} is longer than {limit} bytes, as no portal's address is; {give}", name = .0.name(), limit = ADDRESS_LIMIT, give = .0.remedy())]
    TooLong(ExpectedAddress),
    /// It has another scheme than https.
    #[error("{name} begins with `{0}:` in place of `https:` (`Portal::builder().allow_http()` is for closed networks); {give}", name = .1.name(), give = .1.remedy())]
    Scheme(String, ExpectedAddress),
    /// It has a user name or a password before the host.
    #[error("{name} has a user name or password before the host, which portals do not use; {give}", name = .0.name(), give = .0.remedy())]
    UserInfo(ExpectedAddress),
    /// It has a query or a fragment.
    #[error("{name} has a part after `?` or `#`; {give}", name = .0.name(), give = .0.remedy())]
    QueryOrFragment(ExpectedAddress),
    /// The user id is missing from the webhook.
    #[error(
        "the webhook has no user id: it must be /rest/{{user}}/{{code}}/. Portals answer a code alone with a misleading \"Method not found\"; {}",
        ExpectedAddress::Webhook.remedy()
    )]
    UserIdMissing,
    /// The code is missing from the webhook.
    #[error("the webhook has a user id but no code; {}", ExpectedAddress::Webhook.remedy())]
    CodeMissing,
    /// A method's name follows the code.
    #[error(
        "something follows the webhook's code, a method's name perhaps: end it after the code; {}",
        ExpectedAddress::Webhook.remedy()
    )]
    MethodIncluded,
    /// It is an address of REST 3.0, which does not serve imbot.v2.
    #[error("{name} is one of REST 3.0 (/rest/api/), where imbot.v2 is not served; {give}", name = .0.name(), give = .0.remedy())]
    RestV3(ExpectedAddress),
    /// It is not a webhook for another reason.
    #[error(
        "the webhook does not end in /rest/{{user}}/{{code}}/ with a numeric user id and a code of letters and digits; {} (an application's `client_endpoint` goes to `Portal::oauth`)",
        ExpectedAddress::Webhook.remedy()
    )]
    NotAWebhook,
    /// It is not an endpoint of an application.
    #[error("{name} has no path such as /rest/ after the host; {give}", name = .0.name(), give = .0.remedy())]
    NotAnEndpoint(ExpectedAddress),
    /// It has a port, a path before `/rest/` or a name below the portal's. Portals of the cloud have none
    /// of these. So nobody can make up many addresses of one portal.
    #[error("{name} has a port, a path before /rest/ or a further name before the portal's, and is at a domain of Bitrix24's cloud, where portals have none; {give}", name = .0.name(), give = .0.remedy())]
    NotACloudAddress(ExpectedAddress),
    /// It is a webhook in place of an application's endpoint, or another address that may hold a webhook's
    /// code.
    #[error("{name} goes on after /rest/, as a webhook does with its code; {give} (a webhook goes to `Portal::webhook`)", name = .0.name(), give = .0.remedy())]
    WebhookAsEndpoint(ExpectedAddress),
    /// It is not a `member_id`.
    #[error("the member_id is not 32 hexadecimal digits; give it as the portal sent it")]
    MemberId,
    /// It is not the text of a [`PortalId`](crate::PortalId).
    #[error("the portal's id is neither a member_id nor an address; {}", ExpectedAddress::Id.remedy())]
    NotAnId,
    /// The token source would send the client secret to the portal: its
    /// `server_endpoint` is at the scheme, host and port of the `client_endpoint`.
    #[error(
        "the token source has the portal's own address for its authorisation server, so the client secret would go to the portal; give \
         `RefreshGrantBuilder::build` the `server_endpoint` as the portal sent it, or `RefreshGrant::DOCUMENTED_SERVER`"
    )]
    AuthServerIsPortal,
}

/// A scheme for error texts. An unknown scheme is not shown: it may be the beginning of a secret.
pub(crate) fn scheme(scheme: &str) -> String {
    let is_known = ["http", "ftp", "ws", "wss", "file"].contains(&scheme);
    if is_known { scheme } else { "…" }.to_owned()
}
