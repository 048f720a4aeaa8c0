//! Decides which errors of TLS last, and explains them.

use rustls::{AlertDescription, CertificateError, Error};

/// Whether the error lasts until somebody changes something, and the server has not read the request.
///
/// If `is_sent`, the handshake had finished, so the request may have been sent.
pub(super) fn lasts(error: &Error, is_sent: bool) -> bool {
    match error {
        Error::AlertReceived(alert) if wants_identity(*alert) => true,
        Error::AlertReceived(AlertDescription::InternalError | AlertDescription::UserCanceled) => false,
        // A flipped bit on the way, or a fault of this machine.
        Error::DecryptError | Error::FailedToGetRandomBytes => false,
        _ => !is_sent,
    }
}

/// Whether this alert asks for a certificate of the client, or for another one. With TLS 1.3 it can
/// come only after the client has sent its request. The server does not read that request (RFC 8446,
/// 4.4.2.4 and 6.2).
fn wants_identity(alert: AlertDescription) -> bool {
    matches!(
        alert,
        AlertDescription::NoCertificate
            | AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::CertificateRequired
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied
    )
}

/// Explains the error and says what to do. The error's own text comes last, since it may be long.
pub(super) fn explain(error: &Error) -> String {
    let advice = match error {
        Error::InvalidCertificate(error) => of_certificate(error),
        Error::InvalidMessage(_) => "the port answers without TLS: check the port of the address",
        Error::AlertReceived(alert) if wants_identity(*alert) => {
            "the server wants a certificate of the client: give one by `reqwest::ClientBuilder::identity` to a client for \
             `ReqwestTransport::with_client`"
        }
        _ => "check the address and the TLS settings of the server",
    };
    format!("{advice} ({error})")
}

fn of_certificate(error: &CertificateError) -> &'static str {
    use CertificateError as E;
    match error {
        E::NotValidForName | E::NotValidForNameContext { .. } => {
            "the certificate is of another host: check the host of the address"
        }
        E::Expired | E::ExpiredContext { .. } | E::NotValidYet | E::NotValidYetContext { .. } => {
            "the certificate is not valid at this time: check the clock of this machine; if it is right, the server needs \
             a new certificate"
        }
        E::Revoked => "the certificate is revoked: the server needs a new one",
        _ => {
            "the certificate is not trusted: see that the server sends its whole chain; if the issuer is private, give its \
             root by `reqwest::ClientBuilder::tls_certs_merge` to a client for `ReqwestTransport::with_client`"
        }
    }
}
