//! What the configuration names: is it there, and is it guarded.

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;

use super::{Config, Diagnostic, Environment, SecretError, Text};

impl Config {
    /// Faults that only this machine can show: secrets that others can read, CA files that cannot be read.
    /// A password that is not there yet is a warning here, because the file may be checked before the secret is laid
    /// down; the service itself cannot start without it.
    pub fn inspect(&self, environment: &Environment) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for account in &self.accounts {
            if let Err(error) = account.password.inspect(environment) {
                found.push(secret_fault(&account.name, &error).at(account.places.password.clone()));
            }
            if let (Some(path), Some(span)) = (&account.ca_file, &account.places.ca_file)
                && let Some(fault) = ca_fault(path)
            {
                found.push(fault.at(span.clone()));
            }
        }
        found
    }
}

fn secret_fault(account: &str, error: &SecretError) -> Diagnostic {
    match error {
        SecretError::Exposed { path, mode } => Diagnostic::error(Text::new(
            format!("パスワードのファイルをほかの利用者も読み書きできます（モード {mode:04o}）"),
            format!("others can read or change the password file (mode {mode:04o})"),
        ))
        .help(Text::new(
            format!("自分だけにしてください: chmod 600 {}", path.display()),
            format!("keep it to yourself: chmod 600 {}", path.display()),
        ))
        .help(Text::new(
            "読まれたおそれがあるなら、パスワードも変えてください",
            "if somebody may have read it, change the password, too",
        )),
        SecretError::Foreign { path, owner, uid } => Diagnostic::error(Text::new(
            format!("パスワードのファイルの持ち主がほかの利用者 (uid {owner}) です"),
            format!("the password file belongs to another user (uid {owner})"),
        ))
        .help(Text::new(
            format!("持ち主を uid {uid} か root にしてください: chown {uid} {}", path.display()),
            format!("make uid {uid} or root its owner: chown {uid} {}", path.display()),
        )),
        SecretError::Read(path, cause) if cause.kind() == std::io::ErrorKind::NotFound => {
            Diagnostic::warning(Text::new(
                format!("アカウント \"{account}\" のパスワードのファイルがまだありません"),
                format!("the password file of account \"{account}\" is not there yet"),
            ))
            .help(Text::new(
                format!("これがないとサービスは始まりません: install -m 600 /dev/null {}", path.display()),
                format!("the service cannot start without it: install -m 600 /dev/null {}", path.display()),
            ))
        }
        other => Diagnostic::error(Text::new(
            format!("アカウント \"{account}\" のパスワードを読めません: {other}"),
            format!("cannot read the password of account \"{account}\": {other}"),
        )),
    }
}

fn ca_fault(path: &std::path::Path) -> Option<Diagnostic> {
    let shown = path.display();
    let text = match std::fs::read(path) {
        Ok(octets) => octets,
        Err(cause) => {
            return Some(
                Diagnostic::error(Text::new(
                    format!("CA ファイルを読めません: {cause}"),
                    format!("cannot read the CA file: {cause}"),
                ))
                .help(Text::new(format!("確かめる: ls -l {shown}"), format!("see: ls -l {shown}"))),
            );
        }
    };
    let mut certificates = CertificateDer::pem_slice_iter(&text);
    match certificates.next() {
        Some(Ok(_)) => None,
        _ => Some(
            Diagnostic::error(Text::new(
                "CA ファイルに証明書がありません",
                "the CA file holds no certificate",
            ))
            .help(Text::new(
                "PEM 形式（-----BEGIN CERTIFICATE-----）のファイルを指定してください",
                "it must be PEM: -----BEGIN CERTIFICATE-----",
            )),
        ),
    }
}
