//! A throw-away certification authority and a certificate for `localhost`, made anew for each server.

use rcgen::PublicKeyData as _;
use sha2::{Digest as _, Sha256};
use std::io;
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// Which certificate the server presents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Presented {
    /// For `localhost` and `127.0.0.1`, by the authority that [`super::Server::ca_pem`] gives out.
    #[default]
    Good,
    /// As the good one, but its time ended in 2020.
    Expired,
    /// As the good one, but its time ends in five days.
    EndsSoon,
    /// By the right authority, for `other.invalid`.
    WrongName,
    /// For the right names, by another authority of the same name.
    ForeignAuthority,
}

/// What a server shows, and what is needed to trust it.
pub(super) struct Made {
    /// The authority's certificate, PEM.
    pub(super) ca_pem: String,
    /// SHA-256 of the leaf's SubjectPublicKeyInfo.
    pub(super) pin: [u8; 32],
    /// Presents the leaf.
    pub(super) acceptor: TlsAcceptor,
}

pub(super) fn make(presented: Presented) -> io::Result<Made> {
    build(presented).map_err(io::Error::other)
}

fn build(presented: Presented) -> Result<Made, Box<dyn std::error::Error + Send + Sync>> {
    let announced = authority()?;
    let signing = if presented == Presented::ForeignAuthority { &authority()? } else { &announced };
    let names = if presented == Presented::WrongName {
        vec!["other.invalid".to_owned()]
    } else {
        vec!["localhost".to_owned(), "127.0.0.1".to_owned()]
    };
    let mut leaf = rcgen::CertificateParams::new(names)?;
    leaf.distinguished_name = name("komainu demo server");
    leaf.key_usages = vec![rcgen::KeyUsagePurpose::DigitalSignature];
    leaf.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
    leaf.use_authority_key_identifier_extension = true;
    if presented == Presented::Expired {
        leaf.not_before = rcgen::date_time_ymd(2019, 1, 1);
        leaf.not_after = rcgen::date_time_ymd(2020, 1, 1);
    }
    if presented == Presented::EndsSoon {
        let soon = (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(5 * 24)).to_string();
        let date: jiff::civil::Date = soon.get(..10).unwrap_or_default().parse()?;
        let (month, day) = (u8::try_from(date.month())?, u8::try_from(date.day())?);
        leaf.not_after = rcgen::date_time_ymd(date.year().into(), month, day);
    }
    let key = rcgen::KeyPair::generate()?;
    let certificate = leaf.signed_by(&key, signing)?;
    let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone(), signing.der().clone()], private)?;
    Ok(Made {
        ca_pem: announced.pem(),
        pin: Sha256::digest(key.subject_public_key_info()).into(),
        acceptor: TlsAcceptor::from(Arc::new(config)),
    })
}

fn authority() -> Result<rcgen::CertifiedIssuer<'static, rcgen::KeyPair>, rcgen::Error> {
    let mut params = rcgen::CertificateParams::new(Vec::new())?;
    params.distinguished_name = name("komainu demo authority");
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Constrained(0));
    params.key_usages = vec![rcgen::KeyUsagePurpose::KeyCertSign, rcgen::KeyUsagePurpose::CrlSign];
    rcgen::CertifiedIssuer::self_signed(params, rcgen::KeyPair::generate()?)
}

fn name(common: &str) -> rcgen::DistinguishedName {
    let mut name = rcgen::DistinguishedName::new();
    name.push(rcgen::DnType::CommonName, common);
    name
}
