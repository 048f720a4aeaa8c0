use super::*;

#[test]
fn portal_ids_round_trip() {
    let member = Portal::builder().member_id("0123456789abcdefFEDCBA9876543210");
    for (portal, text) in [
        (
            Portal::webhook("https://ACME.bitrix24.com/rest/1/s3cret/"),
            "https://acme.bitrix24.com",
        ),
        (
            Portal::webhook("https://box.example:8443/crm/rest/1/s3cret/"),
            "https://box.example:8443/crm",
        ),
        (
            Portal::builder()
                .allow_http()
                .webhook("http://[::1]:80/rest/rest/1/s3cret/"),
            "http://[::1]/rest/rest/",
        ),
        (
            Portal::oauth("https://box.example/crm/api-old/", StaticToken::new("x")),
            "https://box.example/crm/api-old/",
        ),
        (
            member.webhook("https://acme.bitrix24.com/rest/1/s3cret/"),
            "0123456789abcdeffedcba9876543210",
        ),
    ] {
        let portal = portal.unwrap();
        assert_eq!(portal.id().to_string(), text);
        assert_eq!(text.parse::<PortalId>().as_ref(), Ok(portal.id()));
        let written = serde_json::to_string(portal.id()).unwrap();
        assert_eq!(written, format!("{text:?}"));
        assert_eq!(serde_json::from_str::<PortalId>(&written).unwrap(), *portal.id());
        let endpoint = portal.address().endpoint();
        assert_eq!(endpoint.as_deref(), Some(portal.endpoint()));
    }
}
