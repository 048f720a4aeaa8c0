//! A server, an emulated portal behind it, and clients.

use std::net::SocketAddr;

use imbot_caps::{Registry, transport::ReqwestTransport};
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator};
use imbot_caps_proxy::{Limits, PortalList, Proxy, ProxyBuilder};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub struct Stage {
    pub portal: EmulatedPortal,
    pub proxy: Proxy,
    pub client: reqwest::Client,
}

/// A server for the portal at this address alone.
pub fn builder(portal: SocketAddr) -> ProxyBuilder {
    let list = PortalList::new().portal(&portal.to_string()).unwrap();
    let transport = ReqwestTransport::builder().without_proxy().build();
    // A loaded machine may need long.
    let registry = Registry::builder(transport).deadline(std::time::Duration::from_secs(60));
    Proxy::builder(list).registry(registry.build()).insecure_http()
}

pub fn client() -> reqwest::Client {
    let builder = reqwest::Client::builder().no_proxy();
    builder
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

impl Stage {
    pub async fn new(build: Build) -> Self {
        Self::with(build, |builder| builder).await
    }

    pub async fn with(build: Build, set: impl FnOnce(ProxyBuilder) -> ProxyBuilder) -> Self {
        let portal = Emulator::start_single(build).await.unwrap();
        let proxy = set(builder(address_of(&portal))).start().await.unwrap();
        Self {
            portal,
            proxy,
            client: client(),
        }
    }

    /// The address of a method, behind the server.
    pub fn url(&self, method: &str) -> String {
        format!("http://{}{}", self.proxy.address(), self.path(method))
    }

    pub fn path(&self, method: &str) -> String {
        format!("{}{method}", path_of(self.portal.webhook_url()))
    }

    /// Calls a method with JSON, and returns status and body.
    pub async fn call(&self, method: &str, params: Value) -> (u16, Value) {
        let request = self.client.post(self.url(method));
        let request = request.header("content-type", "application/json");
        read(request.body(params.to_string()).send().await.unwrap()).await
    }
}

pub fn address_of(portal: &EmulatedPortal) -> SocketAddr {
    let url = portal.url().strip_prefix("http://").unwrap();
    url.trim_end_matches('/').parse().unwrap()
}

/// The path of an address behind the server.
pub fn path_of(url: &str) -> String {
    url.replacen("http:/", "", 1)
}

pub async fn read(response: reqwest::Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (
        status,
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}")),
    )
}

/// Sends these bytes, and reads until the server closes the connection.
pub async fn raw(address: SocketAddr, bytes: impl AsRef<[u8]>) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The server may have closed already.
    let _ = stream.write_all(bytes.as_ref()).await;
    rest(stream).await
}

pub async fn rest(mut stream: TcpStream) -> String {
    let mut read = Vec::new();
    // A reset ends the answer, too.
    let _ = stream.read_to_end(&mut read).await;
    String::from_utf8_lossy(&read).into_owned()
}

/// Reads until this text has come.
pub async fn until(stream: &mut TcpStream, text: &str) -> String {
    let mut read = Vec::new();
    let mut chunk = [0; 4096];
    while !String::from_utf8_lossy(&read).contains(text) {
        let length = stream.read(&mut chunk).await.unwrap();
        assert!(length > 0, "{}", String::from_utf8_lossy(&read));
        read.extend_from_slice(&chunk[..length]);
    }
    String::from_utf8_lossy(&read).into_owned()
}

pub fn limits(set: impl FnOnce(&mut Limits)) -> Limits {
    let mut limits = Limits::default();
    set(&mut limits);
    limits
}
