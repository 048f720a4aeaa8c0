//! The emulator over https: a certificate authority of its own, and handshakes.

use std::fmt;
use std::io;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose,
};
use tokio::net::TcpStream;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::server::TlsStream;
use tokio_rustls::{TlsAcceptor, rustls};

use super::server::{Channel, Hosts};
use super::{Build, EmulatedPortal, Emulator};

/// What the certificate is for.
const HOSTS: [&str; 2] = ["127.0.0.1", "localhost"];

impl Emulator {
    /// The same as [`start`](Self::start), over https.
    ///
    /// The addresses of its portals begin with `https`. The authorisation server
    /// stays on plain http, as does what is sent to bots.
    ///
    /// # Errors
    ///
    /// When no port can be had, or no certificate be made.
    pub async fn start_tls() -> io::Result<Self> {
        Self::start_over(Channel::Tls(Tls::generate()?), 0, Hosts::default()).await
    }

    /// The same as [`start_single`](Self::start_single), over https.
    ///
    /// # Errors
    ///
    /// When no port can be had, or no certificate be made.
    pub async fn start_single_tls(build: Build) -> io::Result<EmulatedPortal> {
        Self::start_single_over(Channel::Tls(Tls::generate()?), 0, Hosts::default(), build).await
    }

    /// The certificate, in PEM, that clients must trust to call its portals;
    /// `None` over plain http.
    ///
    /// Each emulator has another. It vouches for 127.0.0.1 and `localhost`, and
    /// for nothing more: its own key is dropped at the start.
    #[must_use]
    pub fn root_certificate_pem(&self) -> Option<&str> {
        self.server.channel().root_pem()
    }
}

impl EmulatedPortal {
    /// The certificate, in PEM, that clients must trust to call it; `None` over
    /// plain http. Portals of one emulator have the same.
    #[must_use]
    pub fn root_certificate_pem(&self) -> Option<&str> {
        self.channel.root_pem()
    }
}

impl Channel {
    fn root_pem(&self) -> Option<&str> {
        match self {
            Self::Plain => None,
            Self::Tls(tls) => Some(&tls.root_pem),
        }
    }
}

/// A certificate that a root of its own vouches for. Clones share both.
#[derive(Clone)]
pub(super) struct Tls {
    acceptor: TlsAcceptor,
    root_pem: Arc<str>,
}

impl Tls {
    fn generate() -> io::Result<Self> {
        let (root_pem, certificate, key) = certify().map_err(io::Error::other)?;
        let config = configure(certificate, key).map_err(io::Error::other)?;
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            root_pem: root_pem.into(),
        })
    }

    /// Shakes hands; waits for as long as the client says nothing.
    pub(super) async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        self.acceptor.accept(stream).await
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls")
    }
}

/// A root in PEM, a certificate that it signed, and that one's key.
///
/// Two certificates, for verifiers refuse an authority as a server; and with all
/// the extensions that the strict ones ask for.
fn certify() -> Result<(String, CertificateDer<'static>, PrivateKeyDer<'static>), rcgen::Error> {
    let mut root = CertificateParams::default();
    root.distinguished_name = named("imbot-caps emulator root");
    root.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    root.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let root_key = KeyPair::generate()?;
    let root_pem = root.self_signed(&root_key)?.pem();
    let root = Issuer::new(root, root_key);

    let mut leaf = CertificateParams::new(HOSTS.map(str::to_owned))?;
    leaf.distinguished_name = named("imbot-caps emulator");
    leaf.use_authority_key_identifier_extension = true;
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let key = KeyPair::generate()?;
    let certificate = leaf.signed_by(&key, &root)?.der().clone();
    Ok((
        root_pem,
        certificate,
        PrivateKeyDer::Pkcs8(key.serialize_der().into()),
    ))
}

fn named(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common_name);
    name
}

/// Names its provider: asking for the process's own panics where there are two.
fn configure(
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
) -> Result<ServerConfig, rustls::Error> {
    ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
}
