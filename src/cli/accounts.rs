//! From the accounts of a configuration to what the monitor watches: secrets read, certificates loaded.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::config::{self, Config, Diagnostic, Environment, PasswordSource};
use crate::imap::{Limits, Secret};
use crate::indicator::{Context, Tables};
use crate::monitor::Watch;
use crate::verdict::Mode;

/// Passwords that a command gave: a locked-in process can ask none again.
pub(super) type Given = BTreeMap<String, (PasswordSource, Secret)>;

/// What the commands of these accounts gave.
pub(super) fn given(config: &Config, watches: &[Watch]) -> Given {
    let commands =
        config.accounts.iter().filter(|account| matches!(account.password, PasswordSource::Command(_)));
    commands
        .filter_map(|account| {
            let watch = watches.iter().find(|watch| watch.name == account.name)?;
            Some((account.name.clone(), (account.password.clone(), watch.endpoint.password.clone())))
        })
        .collect()
}

/// Reads what the accounts name; all faults at once. Blocks; the first time, to be called before the process locks
/// itself in. A command that is in `given` is not run again.
pub(super) fn watches(
    config: &Config,
    tables: &Tables,
    environment: &Environment,
    backlog: Option<Timestamp>,
    given: &Given,
) -> Result<Vec<Watch>, Vec<Diagnostic>> {
    let mut watches = Vec::new();
    let mut faults = Vec::new();
    for account in &config.accounts {
        let known = given.get(&account.name).filter(|(source, _)| *source == account.password);
        let secret = known.map_or_else(|| account.secret(environment), |(_, secret)| Ok(secret.clone()));
        match secret.and_then(|secret| account.endpoint(secret)) {
            Ok(endpoint) => watches.push(watch(config, tables, account, endpoint, backlog)),
            Err(fault) => faults.push(*fault),
        }
    }
    if faults.is_empty() { Ok(watches) } else { Err(faults) }
}

fn watch(
    config: &Config,
    tables: &Tables,
    account: &config::Account,
    endpoint: crate::imap::Endpoint,
    backlog: Option<Timestamp>,
) -> Watch {
    Watch {
        name: account.name.clone(),
        endpoint,
        mailboxes: account.mailboxes.clone(),
        quarantine: account.quarantine.clone(),
        mode: match account.mode {
            config::Mode::Quarantine => Mode::Quarantine,
            config::Mode::Observe => Mode::Observe,
        },
        observe_for: account.observe_for,
        digest_mailbox: account.digest_mailbox.clone(),
        also_preserve: account.also_preserve.clone(),
        context: context(config, std::slice::from_ref(account), tables),
        thresholds: config.thresholds,
        poll: config.poll,
        limits: Limits { max_message: config.max_message, ..Limits::default() },
        backlog,
    }
}

/// What judging depends on in these accounts, beside the message.
pub(super) fn context(config: &Config, accounts: &[config::Account], tables: &Tables) -> Context {
    let logins = accounts.iter().map(|account| &account.user).filter(|user| user.contains('@'));
    let mut own_addresses: Vec<String> = logins.map(|user| user.to_lowercase()).collect();
    own_addresses.extend(config.identity.addresses.iter().cloned());
    own_addresses.sort();
    own_addresses.dedup();
    Context {
        own_addresses,
        own_names: config.identity.names.clone(),
        own_postal: config.identity.postal.clone(),
        authserv_ids: accounts.iter().flat_map(|account| account.authserv_ids.clone()).collect(),
        disabled: config.disabled_indicators.clone(),
        tables: tables.clone(),
        ..Context::default()
    }
}
