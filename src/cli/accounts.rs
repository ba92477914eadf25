//! From the accounts of a configuration to what the monitor watches: secrets read, certificates loaded.

use jiff::Timestamp;

use crate::config::{self, Config, Diagnostic, Environment};
use crate::imap::Limits;
use crate::indicator::Context;
use crate::monitor::Watch;
use crate::verdict::Mode;

/// Reads what the accounts name; all faults at once. Blocks; to be called before the process locks itself in.
pub(super) fn watches(
    config: &Config,
    environment: &Environment,
    backlog: Option<Timestamp>,
) -> Result<Vec<Watch>, Vec<Diagnostic>> {
    let mut watches = Vec::new();
    let mut faults = Vec::new();
    for account in &config.accounts {
        match account.secret(environment).and_then(|secret| account.endpoint(secret)) {
            Ok(endpoint) => watches.push(watch(config, account, endpoint, backlog)),
            Err(fault) => faults.push(*fault),
        }
    }
    if faults.is_empty() { Ok(watches) } else { Err(faults) }
}

fn watch(
    config: &Config,
    account: &config::Account,
    endpoint: crate::imap::Endpoint,
    backlog: Option<Timestamp>,
) -> Watch {
    let own = account.user.contains('@').then(|| account.user.to_lowercase());
    Watch {
        name: account.name.clone(),
        endpoint,
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
    }
}
