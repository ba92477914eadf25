//! From the accounts of a configuration to what the monitor watches: secrets read, certificates loaded.

use std::path::PathBuf;

use jiff::Timestamp;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject as _};

use super::text::Lang;
use crate::config::{self, Config, Environment, SecretError};
use crate::imap::{Endpoint, Limits, Secret, Security, Timeouts, Trust};
use crate::indicator::Context;
use crate::monitor::Watch;
use crate::verdict::Mode;

/// What an account names and cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// The password.
    #[error("account {0:?}: cannot read the password: {1}")]
    Password(String, SecretError),
    /// The certificate file.
    #[error("account {0:?}: cannot read certificates from {1}: {2}")]
    Certificates(String, PathBuf, pem::Error),
}

impl Fault {
    /// For the person.
    pub(super) fn render(&self, lang: Lang) -> String {
        match (lang, self) {
            (Lang::En, fault) => format!("error: {fault}"),
            (Lang::Ja, Self::Password(account, cause)) => {
                format!("エラー: アカウント {account:?}: パスワードを読めません: {cause}")
            }
            (Lang::Ja, Self::Certificates(account, path, cause)) => {
                format!("エラー: アカウント {account:?}: {} から証明書を読めません: {cause}", path.display())
            }
        }
    }
}

/// Reads what the accounts name. Blocks; to be called before the process locks itself in.
pub(super) fn watches(
    config: &Config,
    environment: &Environment,
    backlog: Option<Timestamp>,
) -> Result<Vec<Watch>, Fault> {
    config.accounts.iter().map(|account| watch(config, account, environment, backlog)).collect()
}

fn watch(
    config: &Config,
    account: &config::Account,
    environment: &Environment,
    backlog: Option<Timestamp>,
) -> Result<Watch, Fault> {
    let own = account.user.contains('@').then(|| account.user.to_lowercase());
    Ok(Watch {
        name: account.name.clone(),
        endpoint: endpoint(account, environment)?,
        mailboxes: account.mailboxes.clone(),
        quarantine: account.quarantine.clone(),
        mode: match account.mode {
            config::Mode::Quarantine => Mode::Quarantine,
            config::Mode::Observe => Mode::Observe,
        },
        context: Context {
            own_addresses: own.into_iter().collect(),
            authserv_ids: account.authserv_ids.clone(),
            received_at: None,
        },
        thresholds: config.thresholds,
        poll: config.poll,
        limits: Limits { max_message: config.max_message, ..Limits::default() },
        backlog,
    })
}

/// Where and as whom an account signs in.
pub(super) fn endpoint(account: &config::Account, environment: &Environment) -> Result<Endpoint, Fault> {
    let password = account
        .password
        .resolve(environment)
        .map_err(|cause| Fault::Password(account.name.clone(), cause))?;
    let extra_roots = match &account.ca_file {
        None => Vec::new(),
        Some(path) => CertificateDer::pem_file_iter(path)
            .and_then(Iterator::collect)
            .map_err(|cause| Fault::Certificates(account.name.clone(), path.clone(), cause))?,
    };
    Ok(Endpoint {
        host: account.host.clone(),
        port: account.port,
        security: match account.security {
            config::Security::Tls => Security::Tls,
            config::Security::StartTls => Security::StartTls,
        },
        trust: Trust { extra_roots, spki_pins: account.spki_pin.into_iter().collect() },
        user: account.user.clone(),
        password: Secret::new(password.expose()),
        timeouts: Timeouts::default(),
    })
}
