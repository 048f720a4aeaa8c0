//! No credential goes to another host by a redirect.

use super::*;

/// Redirects every request to an address, and notes where requests went.
struct Away(&'static str, Arc<Mutex<Vec<String>>>);

impl Transport for Away {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        let url = request.url();
        self.1.lock().unwrap().extend(url.host_str().map(str::to_owned));
        let location = Some(self.0.trim_end_matches('/').to_owned() + url.path());
        Box::pin(async move { Ok(Response::new(302, location, Vec::new())) })
    }
}

#[tokio::test]
async fn redirects_reveal_no_code() {
    let portal = Portal::webhook("https://acme.bitrix24.com/rest/1/S3cretCode/").unwrap();
    for redirects in [
        Redirects::deny(),
        Redirects::same_site(),
        Redirects::any_cloud_portal(),
    ] {
        for address in [
            "https://S3cretCode.evil.example/",
            "https://S3cretCode.bitrix24.com/",
            "https://s3cretcode.bitrix24.com/",
            "https://s3cret%43ode.bitrix24.com/",
        ] {
            let asked = Arc::default();
            let registry = Registry::builder(Away(address, Arc::clone(&asked)))
                .redirects(redirects.clone())
                .build();
            let error = registry.caps(&portal).await.unwrap_err();
            let text = format!("{error} {error:?}");
            assert!(text.contains("redirects to a page"), "{text}");
            assert!(!text.to_lowercase().contains("s3cretcode"), "{text}");
            assert_eq!(*asked.lock().unwrap(), ["acme.bitrix24.com"], "{address}");
        }
    }
}
