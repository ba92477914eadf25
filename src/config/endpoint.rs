//! An account to what `imap` connects with.

use std::path::Path;

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;

use super::inspect::secret_fault;
use super::{Account, Diagnostic, Environment, Text, Weight};
use crate::imap::{Endpoint, Secret, Timeouts, Trust};

impl Account {
    /// Fetches the password. Blocks, for up to 30 s where a program is asked. To be called before the process locks
    /// itself in: afterwards no program can be started.
    pub fn secret(&self, environment: &Environment) -> Result<Secret, Box<Diagnostic>> {
        self.password.resolve(environment).map_err(|error| {
            let fault = secret_fault(&self.name, &error).at(self.places.password.clone());
            Box::new(Diagnostic { weight: Weight::Error, ..fault })
        })
    }

    /// The server and how to get in, with default time-outs. Reads the CA file.
    pub fn endpoint(&self, password: Secret) -> Result<Endpoint, Box<Diagnostic>> {
        Ok(Endpoint {
            host: self.host.clone(),
            port: self.port,
            security: self.security,
            trust: self.trust()?,
            user: self.user.clone(),
            password,
            timeouts: Timeouts::default(),
        })
    }

    /// Whose certificates are believed.
    pub fn trust(&self) -> Result<Trust, Box<Diagnostic>> {
        let roots = self.ca_file.as_deref().map(certificates).transpose().map_err(|fault| {
            let place = self.places.ca_file.clone().unwrap_or_default();
            Box::new(fault.at(place))
        })?;
        Ok(Trust { extra_roots: roots.unwrap_or_default(), spki_pins: self.spki_pin.into_iter().collect() })
    }
}

/// Every certificate of a PEM file; at least one.
fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Box<Diagnostic>> {
    let shown = path.display();
    let octets = std::fs::read(path).map_err(|cause| {
        let fault = Diagnostic::error(Text::new(
            format!("CA ファイルを読めません: {cause}"),
            format!("cannot read the CA file: {cause}"),
        ));
        Box::new(fault.help(Text::new(format!("確かめる: ls -l {shown}"), format!("see: ls -l {shown}"))))
    })?;
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&octets).collect();
    all.ok().filter(|all| !all.is_empty()).ok_or_else(|| {
        let fault = Diagnostic::error(Text::new(
            "CA ファイルに証明書がありません",
            "the CA file holds no certificate",
        ));
        Box::new(fault.help(Text::new(
            "PEM 形式（-----BEGIN CERTIFICATE-----）のファイルを指定してください",
            "it must be PEM: -----BEGIN CERTIFICATE-----",
        )))
    })
}
