use super::*;

const METHOD: &str = "imbot.v2.Revision.get";

/// Follows a redirect of a method to the same path at another host.
#[track_caller]
fn check(policy: &Redirects, endpoint: &str, to: &str, expected: Option<&str>) {
    let endpoint = Url::parse(endpoint).unwrap();
    let asked = endpoint.join(METHOD).unwrap();
    let location = format!("{}{}", to.trim_end_matches('/'), asked.path());
    let found = moved(&asked, &location).and_then(|to| policy.follow(&endpoint, &to, &[]));
    assert_eq!(
        found.as_ref().map(Url::as_str),
        expected,
        "{endpoint} to {location}"
    );
}

#[test]
fn none_is_followed_by_default() {
    for policy in [Redirects::default(), Redirects::deny()] {
        check(
            &policy,
            "https://old.bitrix24.com/rest/",
            "https://new.bitrix24.com/rest/",
            None,
        );
    }
}

#[test]
fn same_site_excludes_other_customers() {
    let policy = Redirects::same_site();
    let box_ = "https://box.acme.org:8443/rest/";
    for (from, to, expected) in [
        (
            "https://a.acme.co.uk/crm/rest/",
            "https://b.acme.co.uk/",
            Some("https://b.acme.co.uk/crm/rest/"),
        ),
        (
            "https://a.acme.org/rest/",
            "//b.acme.org",
            Some("https://b.acme.org/rest/"),
        ),
        (
            "https://a.acme.org/rest/",
            "https://B.Acme.org.:443",
            Some("https://b.acme.org/rest/"),
        ),
        (
            box_,
            "https://new.acme.org:8443/",
            Some("https://new.acme.org:8443/rest/"),
        ),
        // To https is no loss, though the default port is another.
        (
            "http://box.acme.org/rest/",
            "https://box.acme.org/",
            Some("https://box.acme.org/rest/"),
        ),
        (
            "http://portal.intranet/rest/",
            "https://portal.intranet/",
            Some("https://portal.intranet/rest/"),
        ),
        (
            "http://acme.bitrix24.com/rest/",
            "https://acme.bitrix24.com/",
            Some("https://acme.bitrix24.com/rest/"),
        ),
        (
            "https://old.bitrix24.com/rest/",
            "https://new.bitrix24.com/",
            None,
        ),
        (
            "https://old.bitrix24.com.br/rest/",
            "https://new.bitrix24.com.br/",
            None,
        ),
        (
            "https://old.bitrix24.com/rest/",
            "https://www.bitrix24.com/",
            None,
        ),
        ("https://acme.co.uk/rest/", "https://evil.co.uk/", None),
        ("https://a.github.io/rest/", "https://b.github.io/", None),
        ("https://box.acme.org/rest/", "http://new.acme.org/", None),
        ("https://box.acme.org/rest/", "https://new.acme.org:8443/", None),
        (box_, "https://new.acme.org/", None),
        ("https://10.0.0.1/rest/", "https://10.0.0.2/", None),
        ("http://10.0.0.1/rest/", "https://10.0.0.1/", None),
        ("https://127.0.0.1/rest/", "https://127.0.1/", None),
        ("https://[::1]/rest/", "https://[::2]/", None),
        (
            "https://a.portal.intranet/rest/",
            "https://b.portal.intranet/",
            None,
        ),
        ("https://localhost/rest/", "https://localhost:81/", None),
        // Within the same host: the portal is closed.
        ("https://box.acme.org/rest/", "", None),
        ("https://box.acme.org/rest/", "https://BOX.acme.org.:443", None),
    ] {
        check(&policy, from, to, expected);
    }
}

#[test]
fn cloud_policy_stays_in_cloud() {
    let policy = Redirects::any_cloud_portal();
    let old = "https://old.bitrix24.com/rest/";
    for (from, to, expected) in [
        (
            old,
            "https://new.bitrix24.com/",
            Some("https://new.bitrix24.com/rest/"),
        ),
        (
            old,
            "https://NEW.Bitrix24.de.:443",
            Some("https://new.bitrix24.de/rest/"),
        ),
        (
            old,
            "https://old.bitrix24.com.br/",
            Some("https://old.bitrix24.com.br/rest/"),
        ),
        (old, "https://bitrix24.com/", None),
        (old, "https://a.new.bitrix24.com/", None),
        (old, "https://bitrix24.com.evil.com/", None),
        (old, "https://evil-bitrix24.com/", None),
        (old, "https://box.acme.org/", None),
        (old, "http://new.bitrix24.com/", None),
        (old, "https://new.bitrix24.com:8443/", None),
        (old, "", None),
        ("https://box.acme.org/rest/", "https://new.bitrix24.com/", None),
        ("https://a.acme.org/rest/", "https://b.acme.org/", None),
    ] {
        check(&policy, from, to, expected);
    }
}

#[test]
fn move_keeps_path_and_method() {
    const ASKED: &str = "https://box.example:8443/rest/1/c0de/imbot.v2.Revision.get";
    let asked = Url::parse(ASKED).unwrap();
    let to = |asked: &Url, location: &str| moved(asked, location).map(|origin| origin.ascii_serialization());
    let path = asked.path();
    for (location, expected) in [
        (format!("https://new.example{path}"), "https://new.example"),
        (
            format!("https://new.example:8443{path}"),
            "https://new.example:8443",
        ),
        (format!("//new.example{path}"), "https://new.example"),
        (format!("https://NEW.example.{path}"), "https://new.example"),
        (
            format!("https://new.example{path}?auth=x#y"),
            "https://new.example",
        ),
        (format!("https://new.example{path}.json"), "https://new.example"),
        (format!("https://new.example{path}/"), "https://new.example"),
        (format!("https://new.example/{path}"), "https://new.example"),
        (
            "https://new.example/rest/1/c%30de/imbot%2Ev2.Revision.get".to_owned(),
            "https://new.example",
        ),
        (format!("https://new.example/x/..{path}"), "https://new.example"),
        (format!("https://10.0.0.1{path}"), "https://10.0.0.1"),
        (format!("https://[::1]:81{path}"), "https://[::1]:81"),
        // The same host at another port.
        (format!("https://box.example{path}"), "https://box.example"),
    ] {
        assert_eq!(to(&asked, &location).as_deref(), Some(expected), "{location}");
    }
    for location in [
        // The portal's own.
        "",
        "/",
        "#x",
        "?x",
        path,
        ASKED,
        "/bitrix/coupon_activation.php",
        "../../../bitrix/coupon_activation.php",
        "https://BOX.example.:8443/rest/1/c0de/imbot.v2.Revision.get",
        // Licence pages and the like, with the port lost or the scheme changed.
        "http://localhost/bitrix/coupon_activation.php",
        "https://localhost/bitrix/coupon_activation.php",
        "http://box.example/bitrix/coupon_activation.php",
        "https://box.example/bitrix/coupon_activation.php",
        "http://127.0.0.1:8443/",
        "https://www.bitrix24.com/closed.php?portal=box.example",
        // Logins and access proxies.
        "https://sso.example/login?backurl=/rest/1/c0de/imbot.v2.Revision.get",
        "https://sso.example/login?backurl=https://box.example:8443/rest/1/c0de/imbot.v2.Revision.get",
        "https://sso.example/rest/1/c0de/imbot.v2.Revision.get/login",
        "https://sso.example/login/rest/1/c0de/imbot.v2.Revision.get",
        "https://sso.example/login%2Frest%2F1%2Fc0de%2Fimbot.v2.Revision.get",
        "https://sso.example/rest%2F1%2Fc0de%2Fimbot.v2.Revision.get",
        "https://sso.example/#/rest/1/c0de/imbot.v2.Revision.get",
        "https://acme.cloudflareaccess.com/cdn-cgi/access/login/box.example?redirect_url=%2Frest%2F1",
        "https://login.microsoftonline.com/common/oauth2/authorize?state=/rest/1/c0de/",
        "/oauth2/start?rd=%2Frest%2F1%2Fc0de%2Fimbot.v2.Revision.get",
        // A part of the path, another method, or another case.
        "//new.example/",
        "//new.example",
        "https://new.example",
        "https://new.example/rest/",
        "https://new.example/rest/1/c0de/",
        "https://new.example/rest/imbot.v2.Revision.get",
        "https://new.example/rest/1/c0de/profile",
        "https://new.example/rest/1/c0de/imbot.v2.revision.get",
        "https://new.example/REST/1/c0de/imbot.v2.Revision.get",
        "https://new.example/rest/2/c0de/imbot.v2.Revision.get",
        "https://new.example/rest/1/other/imbot.v2.Revision.get",
        "https://new.example/rest/1/c0de/imbot.v2.Revision.get.xml",
        "https://new.example/rest/1/c0de/imbot.v2.Revision.get;x",
        "https://new.example/rest/1/c0de/imbot.v2.Revision.get%00",
        // From https to http.
        "http://new.example/rest/1/c0de/imbot.v2.Revision.get",
        "http://box.example:8443/rest/1/c0de/imbot.v2.Revision.get",
        // With a user.
        "https://user@new.example/rest/1/c0de/imbot.v2.Revision.get",
        "https://user:pass@new.example/rest/1/c0de/imbot.v2.Revision.get",
        // No web address.
        "https://",
        "https:///",
        "javascript:alert(1)",
        "mailto:x@new.example",
        "data:text/plain,x",
        "ftp://new.example/rest/1/c0de/imbot.v2.Revision.get",
        "file:///rest/1/c0de/imbot.v2.Revision.get",
        "ws://new.example/rest/1/c0de/imbot.v2.Revision.get",
    ] {
        assert_eq!(to(&asked, location), None, "{location}");
    }
    let long = format!("https://{}.example{path}", "a".repeat(300_000));
    assert_eq!(to(&asked, &long), None);
    // To https is no loss.
    let asked = Url::parse("http://box.example/rest/m").unwrap();
    assert_eq!(
        to(&asked, "https://box.example/rest/m").as_deref(),
        Some("https://box.example")
    );
}

#[test]
fn listed_hosts_match_exact_port() {
    let policy = Redirects::to_hosts([
        "new.example",
        "Box.Example.:8443",
        "10.0.0.2",
        "[::2]",
        "[::3]:81",
        "портал.рф",
    ])
    .unwrap();
    for (from, to, expected) in [
        (
            "https://old.test/rest/",
            "https://new.example/",
            Some("https://new.example/rest/"),
        ),
        (
            "https://old.test:81/rest/",
            "https://new.example:81/",
            Some("https://new.example:81/rest/"),
        ),
        (
            "https://old.test/rest/",
            "https://box.example:8443/",
            Some("https://box.example:8443/rest/"),
        ),
        (
            "https://10.0.0.1/rest/",
            "https://10.0.0.2/",
            Some("https://10.0.0.2/rest/"),
        ),
        (
            "https://[::1]/rest/",
            "https://[::2]/",
            Some("https://[::2]/rest/"),
        ),
        (
            "https://[::1]/rest/",
            "https://[::3]:81/",
            Some("https://[::3]:81/rest/"),
        ),
        (
            "https://old.test/rest/",
            "https://xn--80awhdgm.xn--p1ai/",
            Some("https://xn--80awhdgm.xn--p1ai/rest/"),
        ),
        ("https://old.test/rest/", "https://new.example:81/", None),
        ("https://old.test/rest/", "https://box.example/", None),
        ("https://old.test/rest/", "http://new.example/", None),
        ("https://old.test/rest/", "https://sub.new.example/", None),
        ("https://new.example/rest/", "https://new.example/x", None),
    ] {
        check(&policy, from, to, expected);
    }
}

#[test]
fn invalid_host_is_reported() {
    for entry in [
        "",
        "new.example:",
        "new.example:x",
        "a b",
        "[::1",
        "*.new.example",
        "*",
    ] {
        let error = Redirects::to_hosts([entry]).unwrap_err();
        assert_eq!(error, HostError(entry.to_owned()));
    }
}

#[test]
fn address_like_host_is_redacted() {
    for entry in [
        "https://new.example/",
        "https://new.example/rest/1/s3cret/",
        "new.example/rest/1/s3cret",
        "new.example\\rest\\1\\s3cret",
        "new.example%2Frest%2F1%2Fs3cret",
        "user:s3cret@new.example",
        "new.example?auth=s3cret",
        "new.example#s3cret",
    ] {
        let error = Redirects::to_hosts([entry]).unwrap_err();
        assert_eq!(error, HostError("…".to_owned()), "{entry}");
    }
}
