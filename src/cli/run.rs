//! `komainu run`: the service, from its configuration to its end.

use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use jiff::Timestamp;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing::{error, info, warn};

use super::accounts::{Given, given, watches};
use super::text::Lang;
use super::{EX_CONFIG, EX_NOPERM, EX_USAGE, backlog, complain, load, logging, metrics};
use crate::config::{self, Config, Environment, Faults};
use crate::control::Listener;
use crate::evidence::Entry;
use crate::imap::Trust;
use crate::indicator::Tables;
use crate::monitor::{self, Ended, HttpsEndpoint, Pulse, Service, Telling, Upkeep, Watch};
use crate::sandbox::{self, Lack, Rules};
use crate::store::Store;
use crate::systemd::Notifier;

/// Runs until asked to stop. See [`super`] for the exit statuses.
pub(super) fn run(
    config: Option<PathBuf>,
    backlog: Option<&str>,
    lang: Option<Lang>,
    verbose: u8,
    environment: &Environment,
) -> ExitCode {
    let Ok(since) = backlog.map(|backlog| since(backlog, Timestamp::now()).ok_or(())).transpose() else {
        complain(
            "--backlog: a number with its unit is wanted, more than 0 and not before the year 1970, such as 30d, 12h or 90m",
        );
        return ExitCode::from(EX_USAGE);
    };
    let path = config.unwrap_or_else(|| environment.config_path());
    let config = match load(Some(path.clone()), lang, environment) {
        Ok(config) => config,
        Err(status) => return status,
    };
    let tables = match config.tables() {
        Ok(tables) => tables,
        Err(faults) => {
            // Standard error is the journal, and a line of a table may hold an address.
            for line in broken(&faults, lang.unwrap_or(config.language)) {
                complain(&line);
            }
            return ExitCode::from(EX_CONFIG);
        }
    };
    logging::start(verbose);
    let accounts = match watches(&config, &tables, environment, since, &Given::new()) {
        Ok(accounts) => accounts,
        Err(faults) => {
            for fault in faults {
                complain(&fault.render(&config.source, lang.unwrap_or(config.language)));
            }
            return ExitCode::from(EX_CONFIG);
        }
    };
    // Threads that are started before the process locks itself in stay outside: the runtime and the store come after.
    if let Err((dir, error)) = create_directories(&config) {
        complain(&format!("cannot create {}: {error}", dir.display()));
        return ExitCode::FAILURE;
    }
    for account in &accounts {
        // Reads the platform's roots while its files can still be reached.
        if let Err(error) = account.endpoint.trust.load() {
            complain(&format!("account {:?}: {error}", account.name));
            return ExitCode::from(EX_CONFIG);
        }
    }
    if config.notify.url.is_some()
        && let Err(error) = Trust::default().load()
    {
        complain(&format!("[notify] url: {error}"));
        return ExitCode::from(EX_CONFIG);
    }
    monitor::read_program();
    let rules = sandbox::rules(&config.needs(environment));
    let enforced = sandbox::lock_in(&rules);
    info!(filesystem = %enforced.filesystem, network = %enforced.network, "locked in");
    let store = match Store::open(&config.state_dir) {
        Ok(store) => store,
        Err(error) => {
            complain(&format!("cannot open the evidence store in {}: {error}", config.state_dir.display()));
            return ExitCode::FAILURE;
        }
    };
    if store.opened().keyless {
        warn!(
            "the private key is missing or is not the one that the record names: records are kept, and not signed"
        );
    }
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(&format!("cannot start: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let given = given(&config, &accounts);
    let running = Running { path, environment, since, rules, given, notifier: Notifier::from_environment() };
    runtime.block_on(running.serve(Effective { config, tables }, accounts, store))
}

/// What is wrong with the person's tables, without a word of what stands in them.
fn broken(faults: &[Faults], lang: Lang) -> Vec<String> {
    let mut lines: Vec<String> = faults.iter().flat_map(|faults| faults.brief(lang)).collect();
    lines.push(
        lang.pick(
            "テーブルに誤りがあります。komainu check が行と直し方を示します",
            "there are faults in the tables; komainu check shows the lines and what to do",
        )
        .to_owned(),
    );
    lines
}

/// The configuration in force, with the tables that it names.
struct Effective {
    config: Config,
    tables: Tables,
}

/// The point in time that a `--backlog` goes back to.
fn since(backlog: &str, now: Timestamp) -> Option<Timestamp> {
    let back = config::duration(backlog).ok().filter(|back| !back.is_zero())?;
    now.checked_sub(back).ok().filter(|since| *since >= Timestamp::UNIX_EPOCH)
}

/// State and digests, for their owner only. They must be there before the process locks itself in.
fn create_directories(config: &Config) -> Result<(), (PathBuf, std::io::Error)> {
    for dir in [&config.state_dir, &config.log_dir].into_iter().chain(&config.witness_dir) {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(dir)
            .map_err(|error| (dir.clone(), error))?;
    }
    Ok(())
}

/// What stays the same while the service runs.
struct Running<'e> {
    path: PathBuf,
    environment: &'e Environment,
    since: Option<Timestamp>,
    rules: Rules,
    given: Given,
    notifier: Notifier,
}

impl Running<'_> {
    async fn serve(self, effective: Effective, watches: Vec<Watch>, store: Store) -> ExitCode {
        let pulse = Pulse::default();
        let observer = backlog::observer(self.since.is_some());
        let signals = signal(SignalKind::terminate()).and_then(|terminate| {
            Ok((terminate, signal(SignalKind::interrupt())?, signal(SignalKind::hangup())?))
        });
        let (mut terminate, mut interrupt, mut hangup) = match signals {
            Ok(signals) => signals,
            Err(error) => {
                error!(%error, "cannot listen for signals");
                return ExitCode::FAILURE;
            }
        };
        // After the store: whoever has its lock is the one that listens.
        let listener = Listener::bind(&effective.config.state_dir).inspect_err(
            |error| warn!(%error, "commands cannot reach this service; it watches all the same"),
        );
        let mut service = match Service::start(store.clone(), watches, pulse.clone(), observer).await {
            Ok(service) => service,
            Err(error) => {
                error!(%error, "cannot write the record");
                return ExitCode::FAILURE;
            }
        };
        let live = service.live();
        let metrics = effective.config.metrics_file.clone();
        let metrics = metrics.map(|path| tokio::spawn(metrics::keep(path, live.clone(), store.clone())));
        let listening = listener.map(|listener| tokio::spawn(listener.serve(store, live)));
        service.upkeep = upkeep(&effective.config);
        record_config(&service, &effective).await;
        service.tell(telling(&effective.config));
        // Ready means able to watch; a server that is down must not fail the boot.
        self.notifier.ready();
        self.notifier.status(&pulse.status());
        let telling = tokio::spawn(tell(self.notifier, pulse.clone()));
        let mut effective = effective;
        let ended = loop {
            tokio::select! {
                ended = service.run(asked_to_stop(&mut terminate, &mut interrupt)) => break ended,
                Some(()) = hangup.recv() => {
                    self.notifier.reloading();
                    effective = self.reload(effective, &mut service).await;
                    self.notifier.ready();
                    self.notifier.status(&pulse.status());
                }
            }
        };
        self.notifier.stopping();
        telling.abort();
        for task in listening.into_iter().chain(metrics) {
            task.abort();
            // Its handle on the store goes with it.
            let _ = task.await;
        }
        let status = match &ended {
            Ended::Stopped => ExitCode::SUCCESS,
            Ended::Refused(error) => {
                error!(%error, "no account is left that its server lets in");
                ExitCode::from(EX_NOPERM)
            }
            Ended::Store(error) => {
                error!(%error, "evidence cannot be written; nothing is moved");
                ExitCode::FAILURE
            }
        };
        match service.stop().await {
            Ok(()) => {
                info!("stopped");
                status
            }
            Err(error) => {
                error!(%error, "the stop could not be recorded");
                ExitCode::FAILURE
            }
        }
    }

    /// Takes the new configuration whole, tables included, or keeps the old one and says why, in the status too.
    async fn reload(&self, old: Effective, service: &mut Service) -> Effective {
        let (effective, refused) = match self.fresh(&old) {
            Ok((fresh, watches)) => {
                service.reload(watches).await;
                service.upkeep = upkeep(&fresh.config);
                record_config(service, &fresh).await;
                service.tell(telling(&fresh.config));
                (fresh, None)
            }
            Err(why) => {
                error!("{why}; the old configuration stays in force");
                (old, Some(format!("{why}; the old one stays in force")))
            }
        };
        service.hindered("configuration", refused);
        effective
    }

    /// The new configuration and what it watches, or why it cannot be taken.
    fn fresh(&self, old: &Effective) -> Result<(Effective, Vec<Watch>), String> {
        let config = self.fresh_config().ok_or("the configuration has faults")?;
        let wanted = sandbox::rules(&config.needs(self.environment));
        if let Some(key) = needs_restart(&old.config, &config, &self.rules, &wanted) {
            return Err(format!(
                "restart needed: the running process is locked in to the old value of {key}"
            ));
        }
        let tables = config.tables().map_err(|faults| {
            for line in broken(&faults, config.language) {
                error!("{line}");
            }
            "the tables have faults"
        })?;
        let watches = watches(&config, &tables, self.environment, None, &self.given);
        let watches = watches.map_err(|faults| {
            for fault in faults {
                error!("{}", fault.title.get(config.language));
            }
            "what an account names cannot be read"
        })?;
        Ok((Effective { config, tables }, watches))
    }

    /// The configuration as it stands in its file now, or what is wrong with it in the log.
    fn fresh_config(&self) -> Option<Config> {
        Config::load(&self.path, self.environment)
            .inspect_err(|faults| {
                let why = faults.render(faults.language);
                for line in why.lines().filter(|line| !line.trim().is_empty()) {
                    error!("{line}");
                }
            })
            .ok()
    }
}

fn upkeep(config: &Config) -> Upkeep {
    Upkeep::new(config.retention, config.witness_dir.clone())
}

/// Where digests go, and by which ways the person is told.
fn telling(config: &Config) -> Telling {
    let https = config.notify.https().map(|https| HttpsEndpoint {
        host: https.host,
        port: https.port,
        path: https.path,
        trust: Trust::default(),
    });
    Telling {
        log_dir: config.log_dir.clone(),
        zone: config.timezone.clone(),
        language: config.language,
        https,
        look: monitor::LOOK,
    }
}

/// Says in the record which configuration is in force from here on. Without it the record is still whole.
async fn record_config(service: &Service, effective: &Effective) {
    let sha256 = effective.config.fingerprint(&effective.tables);
    if let Err(error) = service.record(Entry::ConfigChanged { sha256 }).await {
        error!(%error, "the configuration's digest could not be recorded");
    }
}

/// The first key whose new value the locked-in process cannot follow.
fn needs_restart(old: &Config, fresh: &Config, allowed: &Rules, wanted: &Rules) -> Option<&'static str> {
    if old.state_dir != fresh.state_dir {
        return Some("state-dir");
    }
    if old.log_dir != fresh.log_dir {
        return Some("log-dir");
    }
    if old.metrics_file != fresh.metrics_file {
        return Some("metrics-file");
    }
    allowed.lacking(wanted).first().map(|lack| match lack {
        Lack::Connect(_) => "port",
        Lack::Read(_) | Lack::Write(_) => "a file outside what was named at the start",
    })
}

async fn asked_to_stop(terminate: &mut Signal, interrupt: &mut Signal) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

/// Keeps the service manager informed: status at every change, the watchdog while every account is alive. It runs on
/// the same thread as the accounts, so a loop that hangs stops the pings as well.
async fn tell(notifier: Notifier, pulse: Pulse) {
    let mut changes = pulse.changes();
    let every = notifier.watchdog_interval().unwrap_or(Duration::from_secs(3600));
    let mut tick = tokio::time::interval(every.max(Duration::from_millis(10)));
    loop {
        tokio::select! {
            _ = tick.tick() => {
                if pulse.alive() {
                    notifier.alive();
                } else {
                    error!("an account's loop has gone silent; the watchdog is not pinged");
                }
            }
            changed = changes.changed() => {
                if changed.is_err() {
                    return;
                }
                notifier.status(&pulse.status());
                // A backlog changes the counts thousands of times a second; one line in a while is enough.
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
}
