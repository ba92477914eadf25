//! TLS: the platform's roots, one more root where the person gave it, or a pinned key.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use sha2::{Digest as _, Sha256};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::client::Resumption;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use tokio_rustls::rustls::server::ParsedCertificate;
use tokio_rustls::rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error as RustlsError, RootCertStore,
    SignatureScheme,
};

use super::Timeouts;
use super::connect::Transport;
use super::error::Error;
use crate::evidence::PeerTls;

/// Whose certificates are believed.
///
/// Without pins: the platform's roots and `extra_roots`, with name and dates checked. With pins: the key of the server's
/// certificate must be one of them, and that alone decides; chain, name and dates are not looked at, because a pin is for
/// self-signed bridges on the local host, and a key that was compared by hand says more than a chain. The server still has to
/// prove in the handshake that it holds the key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trust {
    /// DER certificates believed beside the platform's.
    pub extra_roots: Vec<CertificateDer<'static>>,
    /// SHA-256 of the DER SubjectPublicKeyInfo (as in RFC 7469 §2.4).
    pub spki_pins: Vec<[u8; 32]>,
}

impl Trust {
    /// Reads the platform's roots now. They are kept for the process, so that connecting later opens no file: call it before the
    /// process locks itself in.
    pub fn load(&self) -> Result<(), Error> {
        config(self).map(|_| ())
    }
}

type Made = (Trust, Arc<ClientConfig>);

/// Made configurations. Connections of one trust share one: it holds the roots, about 150 of them, and each connection's own memory
/// is to stay under 40 kB.
static CONFIGS: LazyLock<Mutex<Vec<Made>>> = LazyLock::new(Mutex::default);
/// Reloads with changing trust must not pile up.
const KEPT: usize = 32;

fn config(trust: &Trust) -> Result<Arc<ClientConfig>, Error> {
    let mut configs = CONFIGS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, config)) = configs.iter().find(|(known, _)| known == trust) {
        return Ok(Arc::clone(config));
    }
    let config = Arc::new(make(trust)?);
    if configs.len() >= KEPT {
        configs.remove(0);
    }
    configs.push((trust.clone(), Arc::clone(&config)));
    Ok(config)
}

fn make(trust: &Trust) -> Result<ClientConfig, Error> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| fault(&error))?;
    let mut config = if trust.spki_pins.is_empty() {
        let mut roots = RootCertStore::empty();
        // A broken file among the platform's roots is no reason to believe nobody; an empty store refuses everybody.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        for root in &trust.extra_roots {
            roots.add(root.clone()).map_err(|error| fault(&error))?;
        }
        builder.with_root_certificates(roots).with_no_client_auth()
    } else {
        let verifier = Pinned { pins: trust.spki_pins.clone(), provider };
        builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth()
    };
    // Connections last for days: tickets would only cost memory.
    config.resumption = Resumption::disabled();
    Ok(config)
}

/// Compares the key of the server's certificate with the pins.
#[derive(Debug)]
struct Pinned {
    pins: Vec<[u8; 32]>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, RustlsError> {
        let key = ParsedCertificate::try_from(end_entity)?.subject_public_key_info();
        let hash: [u8; 32] = Sha256::digest(&*key).into();
        if self.pins.contains(&hash) {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(RustlsError::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, RustlsError> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, RustlsError> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// The handshake.
pub(super) async fn wrap<T: Transport>(
    stream: T,
    host: &str,
    trust: &Trust,
    timeouts: &Timeouts,
) -> Result<TlsStream<T>, Error> {
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let name = ServerName::try_from(host).map_err(|_| Error::Tls {
        reason: "this host name cannot stand in a certificate".to_owned(),
        certificate: true,
    })?;
    let connecting = TlsConnector::from(config(trust)?).connect(name, stream);
    match timeout(timeouts.read, connecting).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(match error.get_ref().and_then(|inner| inner.downcast_ref::<RustlsError>()) {
            Some(error) => fault(error),
            None => Error::Tls { reason: error.kind().to_string(), certificate: false },
        }),
        Err(_) => Err(Error::Timeout { what: "the TLS handshake" }),
    }
}

/// What the server showed in the handshake.
pub(super) fn shown<T>(stream: &TlsStream<T>) -> PeerTls {
    let (_, connection) = stream.get_ref();
    let word = |value: Option<String>| value.unwrap_or_default();
    PeerTls {
        version: word(connection.protocol_version().and_then(|version| Some(version.as_str()?.to_owned()))),
        cipher: word(
            connection.negotiated_cipher_suite().and_then(|suite| Some(suite.suite().as_str()?.to_owned())),
        ),
        certificates: connection
            .peer_certificates()
            .unwrap_or_default()
            .iter()
            .map(|certificate| BASE64_STANDARD.encode(certificate))
            .collect(),
    }
}

fn fault(error: &RustlsError) -> Error {
    let certificate =
        matches!(error, RustlsError::InvalidCertificate(_) | RustlsError::NoCertificatesPresented);
    let reason = match error {
        RustlsError::InvalidCertificate(CertificateError::ApplicationVerificationFailure) => {
            "the server's key is not the pinned one".to_owned()
        }
        other => other.to_string(),
    };
    Error::Tls { reason, certificate }
}
