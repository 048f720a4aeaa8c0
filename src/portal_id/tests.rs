use super::*;

#[test]
fn id_errors_explain_without_secrets() {
    use PortalError as E;
    for (text, expected) in [
        ("", E::NotAnId),
        ("acme", E::NotAnId),
        ("0123456789abcdef", E::NotAnId),
        (
            "https://acme.bitrix24.com/rest/1/s3cret",
            E::WebhookAsEndpoint(ExpectedAddress::Id),
        ),
        (
            "https://acme.bitrix24.com/rest/1/s3cret/",
            E::WebhookAsEndpoint(ExpectedAddress::Id),
        ),
        (
            "https://acme.bitrix24.com/rest/s3cret",
            E::WebhookAsEndpoint(ExpectedAddress::Id),
        ),
        (
            "https://acme.bitrix24.com/rest/1/s3cret/profile.json",
            E::WebhookAsEndpoint(ExpectedAddress::Id),
        ),
        (
            "https://acme.bitrix24.com/rest/api/1/s3cret",
            E::RestV3(ExpectedAddress::Id),
        ),
        (
            "https://u:s3cret@acme.bitrix24.com",
            E::UserInfo(ExpectedAddress::Id),
        ),
        (
            "https://acme.bitrix24.com?auth=s3cret",
            E::QueryOrFragment(ExpectedAddress::Id),
        ),
        (
            "ftp://acme.bitrix24.com",
            E::Scheme("ftp".into(), ExpectedAddress::Id),
        ),
        (
            "https://acme.bitrix24.com/",
            E::NotAnEndpoint(ExpectedAddress::Id),
        ),
    ] {
        assert_eq!(text.parse::<PortalId>(), Err(expected), "{text}");
        let error = serde_json::from_value::<PortalId>(text.into()).unwrap_err();
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
    assert!(serde_json::from_str::<PortalId>("33").is_err());
}
