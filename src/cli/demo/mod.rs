//! `komainu demo`: the main job without an account. The embedded server stands in for the provider; everything else
//! is the service itself: its configuration, its loop over a real TLS socket, its record.

mod day;
mod words;

use std::fs;
use std::io::{self, IsTerminal as _, Write};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::UnboundedReceiver;

use self::words::{evidence, introduction, invitation, story};
use super::accounts::{Given, watches};
use super::text::Lang;
use crate::config::{Config, Environment};
use crate::control::Listener;
use crate::demo::samples::{Expected, SAMPLES, Sample};
use crate::demo::server::{Options, Server};
use crate::indicator::Tables;
use crate::message::{Excerpt, Message};
use crate::monitor::{Event, Observer, Pulse, Service};
use crate::store::Store;
use crate::verdict::{Action, Verdict};

/// The story's reader.
const USER: &str = "hanako@example.net";
/// Longest wait for one message to settle; the demo never hangs.
const PATIENCE: Duration = Duration::from_secs(10);
/// On a terminal, time to read what happened.
const PACE: Duration = Duration::from_millis(250);

/// Runs the demo. Exit 0 only when every sample is in its right place.
pub(super) fn demo(dir: Option<&Path>, keep: bool, lang: Lang) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let result = runtime.map_err(Failure::from).and_then(|runtime| {
        let dir = prepare(dir)?;
        runtime.block_on(play(&dir, keep, lang))
    });
    match result {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        // A reader that has seen enough (`| head`).
        Err(Failure(what)) if what.contains("Broken pipe") => ExitCode::FAILURE,
        Err(Failure(what)) => {
            super::complain(&match lang {
                Lang::Ja => format!("デモを実行できませんでした: {what}"),
                Lang::En => format!("the demo could not run: {what}"),
            });
            ExitCode::FAILURE
        }
    }
}

/// Why the demo could not be played to its end.
#[derive(Debug)]
struct Failure(String);

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// An empty folder of its own, 0700.
fn prepare(dir: Option<&Path>) -> Result<PathBuf, Failure> {
    let dir = match dir {
        Some(dir) => dir.to_owned(),
        None => std::env::temp_dir().join(format!("komainu-demo-{:08x}", fastrand::u32(..))),
    };
    let unusable = |error: io::Error| Failure(format!("{}: {error}", dir.display()));
    fs::DirBuilder::new().mode(0o700).recursive(true).create(&dir).map_err(unusable)?;
    if fs::read_dir(&dir).map_err(unusable)?.next().is_some() {
        return Err(Failure(format!("{} is not empty; name an empty or new folder", dir.display())));
    }
    Ok(fs::canonicalize(dir)?)
}

/// Starts server and service, delivers the samples one by one, and compares. The number of misplaced samples.
async fn play(dir: &Path, keep: bool, lang: Lang) -> Result<usize, Failure> {
    let password: String = std::iter::repeat_with(fastrand::alphanumeric).take(16).collect();
    let server =
        Server::start(Options { users: vec![(USER.to_owned(), password.clone())], ..Options::default() })
            .await?;
    let config = write_config(dir, &server, &password, lang)?;
    let (observer, mut events) = Observer::channel();
    let store = Store::open(&config.state_dir)?;
    let accounts = watches(&config, &Tables::default(), &Environment::of_process(), None, &Given::new())
        .map_err(|faults| Failure(faults.iter().map(|fault| fault.render(&config.source, lang)).collect()))?;
    let listener = Listener::bind(&config.state_dir);
    let service = Service::start(store.clone(), accounts, Pulse::default(), observer).await?;
    // As the service does: while the demo goes on, `komainu case` and the others ask it.
    let live = service.live();
    let listening = listener.map(|listener| tokio::spawn(listener.serve(store, live)));
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(async move {
        let mut service = service;
        service.run(async { drop(stopped.await) }).await;
        service.stop().await
    });
    say(&introduction(&server, lang))?;
    until_watching(&mut events).await?;
    let begun = Instant::now();
    for (number, sample) in SAMPLES.iter().enumerate() {
        server.deliver(USER, "INBOX", sample.octets, None, &[]);
        let told = until_settled(&mut events).await?;
        say(&story(number.saturating_add(1), sample, &told, lang))?;
        if io::stdout().is_terminal() {
            tokio::time::sleep(PACE).await;
        }
    }
    let elapsed = begun.elapsed();
    let misplaced = show_mailboxes(&server, &config, lang)?;
    let result = || -> Result<(), Failure> {
        say(&day::digest(&config, lang)?)?;
        say(&evidence(dir, misplaced.len(), elapsed, lang))?;
        for sample in &misplaced {
            say(&match lang {
                Lang::Ja => format!("  ✗ 正しい場所にありません: {}\n", sample.file),
                Lang::En => format!("  ✗ in the wrong place: {}\n", sample.file),
            })?;
        }
        Ok(())
    };
    if keep {
        result()?;
        say(&invitation(dir, &server, &password, lang))?;
        tokio::signal::ctrl_c().await?;
    }
    // The service may already have ended; then there is nobody to tell.
    let _ = stop.send(());
    if let Ok(listening) = listening {
        listening.abort();
        let _ = listening.await;
    }
    running.await??;
    if !keep {
        // What was clean is counted in the record by then.
        result()?;
    }
    server.shutdown().await;
    Ok(misplaced.len())
}

/// The files a real installation has: configuration, CA, password. Loaded by the service's own loader.
fn write_config(dir: &Path, server: &Server, password: &str, lang: Lang) -> Result<Config, Failure> {
    let ca = dir.join("ca.pem");
    let secret = dir.join("password");
    let file = dir.join("komainu.toml");
    write_private(&ca, server.ca_pem())?;
    write_private(&secret, password)?;
    let quote = |path: &Path| toml::Value::String(path.to_string_lossy().into_owned()).to_string();
    let text = format!(
        "language = \"{}\"\nstate-dir = {}\nlog-dir = {}\n\n[[account]]\nname = \"hanako\"\nhost = \"localhost\"\nport = {}\n\
         security = \"tls\"\nca-file = {}\nuser = \"{USER}\"\npassword = {{ file = {} }}\nmailboxes = [\"INBOX\"]\n\
         quarantine = \"komainu隔離\"\nmode = \"quarantine\"\nauthserv-id = [\"mx.example.net\"]\n",
        lang.code(),
        quote(&dir.join("state")),
        quote(&dir.join("log")),
        server.addr().port(),
        quote(&ca),
        quote(&secret),
    );
    write_private(&file, &text)?;
    Config::load(&file, &Environment::of_process()).map_err(|faults| Failure(faults.render(lang)))
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?.write_all(text.as_bytes())
}

async fn next(events: &mut UnboundedReceiver<Event>) -> Result<Event, Failure> {
    match tokio::time::timeout(PATIENCE, events.recv()).await {
        Ok(Some(Event::Lost { error, .. } | Event::Refused { error, .. })) => Err(Failure(error)),
        Ok(Some(event)) => Ok(event),
        Ok(None) => Err(Failure("the service has ended".to_owned())),
        Err(_) => Err(Failure("nothing happened for ten seconds".to_owned())),
    }
}

async fn until_watching(events: &mut UnboundedReceiver<Event>) -> Result<(), Failure> {
    while !matches!(next(events).await?, Event::Watching { .. }) {}
    Ok(())
}

/// What became of one message.
struct Told {
    verdict: Option<Box<Verdict>>,
    after: Option<Duration>,
}

async fn until_settled(events: &mut UnboundedReceiver<Event>) -> Result<Told, Failure> {
    let mut told = Told { verdict: None, after: None };
    loop {
        match next(events).await? {
            Event::Judged { verdict, action, .. } => {
                told.verdict = Some(verdict);
                if action != Action::Quarantine {
                    return Ok(told);
                }
            }
            Event::Settled { after, .. } => {
                told.after = Some(after);
                return Ok(told);
            }
            Event::NotJudged { .. } => return Ok(told),
            _ => {}
        }
    }
}

/// Both mailboxes as the server has them; the samples that are in the wrong one.
fn show_mailboxes(server: &Server, config: &Config, lang: Lang) -> Result<Vec<&'static Sample>, Failure> {
    let quarantine = config.accounts.first().map_or("", |account| account.quarantine.as_str());
    let mut misplaced: Vec<&'static Sample> = SAMPLES.iter().collect();
    for (name, right) in [("INBOX", Expected::Inbox), (quarantine, Expected::Quarantine)] {
        let there = server.snapshot(USER, name);
        say(&match lang {
            Lang::Ja => format!("\n■ {name} ({} 通)\n", there.len()),
            Lang::En => format!("\n■ {name} ({} messages)\n", there.len()),
        })?;
        for stored in &there {
            let subject = Message::parse(&stored.octets).subject;
            say(&format!("  {:>3}  {}\n", stored.uid, Excerpt::new(subject.original())))?;
        }
        misplaced.retain(|sample| {
            let copies = there.iter().filter(|stored| stored.octets.as_ref() == sample.octets).count();
            sample.expected != right || copies != 1
        });
    }
    Ok(misplaced)
}

fn say(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}
