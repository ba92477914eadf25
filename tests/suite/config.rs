//! The configuration through its door: every fixture against the whole text of its diagnostics, in both languages.
//! `UPDATE_EXPECT=1` writes what is printed now.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use komainu::config::{Config, Environment, Faults, Language, Mode, PasswordSource, Source, Weight};
use komainu::imap::Security;
use komainu::indicator::Tables;

fn environment() -> Environment {
    Environment::new([("HOME", "/home/hanako"), ("LANG", "en_GB.UTF-8")], rustix::process::geteuid().as_raw())
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn parse(text: &str) -> Result<Config, Box<Faults>> {
    Config::parse(Source::new("komainu.toml", text), Path::new("/etc/komainu/komainu.toml"), &environment())
}

/// A whole account but for one line, which is put in its place.
fn with(key: &str, line: &str) -> String {
    let lines = [
        ("name", "name = \"hanako\""),
        ("host", "host = \"imap.example.com\""),
        ("user", "user = \"hanako@example.com\""),
        ("password", "password = { file = \"hanako.password\" }"),
        ("mode", "mode = \"observe\""),
    ];
    let mut text = "[[account]]\n".to_owned();
    for (name, usual) in lines {
        text.push_str(if name == key { line } else { usual });
        text.push('\n');
    }
    if !lines.iter().any(|(name, _)| *name == key) {
        text.push_str(line);
    }
    text
}

#[test]
fn every_fixture_gives_exactly_its_diagnostics() {
    let directory = root().join("tests/fixtures/config");
    let mut cases: Vec<PathBuf> = fs::read_dir(&directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    cases.sort();
    assert!(cases.len() >= 20, "only {} fixtures", cases.len());
    let mut wrong = Vec::new();
    for case in cases {
        let name = case.file_name().unwrap().to_str().unwrap();
        let source = Source::new(name, fs::read_to_string(&case).unwrap());
        let faults = match Config::parse(source, &case, &environment()) {
            Err(faults) => *faults,
            Ok(config) => {
                Faults { list: config.warnings, unseen: 0, source: config.source, language: Language::En }
            }
        };
        let shown = format!("{}\n{}", faults.render(Language::En), faults.render(Language::Ja));
        let golden = case.with_extension("stderr");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(&golden, &shown).unwrap();
        }
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        if expected != shown {
            wrong.push(format!("--- {name}\nexpected:\n{expected}\nfound:\n{shown}"));
        }
        assert!(!faults.list.is_empty(), "{name} is not faulty");
        assert!(!shown.contains("hunter2"), "{name} shows a password");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_annotated_default_is_accepted_and_names_every_key() {
    let path = root().join("config/komainu.toml");
    let config = Config::load(&path, &environment()).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(config.warnings, []);
    assert_eq!(config.language, Language::Ja);
    assert_eq!(config.timezone.iana_name(), Some("Asia/Tokyo"));
    assert_eq!(config.accounts[0].mode, Mode::Observe);

    // Every commented key, made a key: what the comments call a default must be one.
    let text = fs::read_to_string(&path).unwrap();
    let uncommented: String = text
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(rest)
                if rest.starts_with('[')
                    || rest.split(" = ").next().is_some_and(is_key) && rest.contains(" = ") =>
            {
                rest
            }
            _ => line,
        })
        .filter(|line| !line.starts_with("spki-pin"))
        .fold(String::new(), |all, line| all + line + "\n");
    let whole = parse(&uncommented).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(
        (whole.poll, whole.max_message, whole.thresholds),
        (config.poll, config.max_message, config.thresholds)
    );
    assert_eq!(whole.accounts[0].authserv_ids, ["mx.example.com"]);
    for key in Config::keys() {
        let named = uncommented.lines().any(|line| {
            line.strip_prefix(key).is_some_and(|rest| rest.starts_with(" ="))
                || line.trim_matches(['[', ']']) == key
        });
        assert!(
            named || key == "spki-pin" && text.contains("\n#spki-pin = "),
            "{key} is not in the annotated default"
        );
    }
}

fn is_key(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '-')
}

#[test]
fn what_is_written_is_what_is_used() {
    let text = r#"
language = "en"
timezone = "Europe/Berlin"
state-dir = "~/komainu"
poll = "2m"
max-message = "1MiB"
[threshold]
suspicious = 2.25
threat = 7
[[account]]
name = "hanako"
host = "IMAP.example.com"
port = 1143
security = "starttls"
spki-pin = "sha256:0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"
user = "hanako"
password = { command = ["pass", "show", "mail"] }
mailboxes = ["inbox", "仕事"]
quarantine = "隔離"
mode = "quarantine"
authserv-id = ["MX.example.com"]
"#;
    let config = parse(text).unwrap();
    let account = &config.accounts[0];
    assert_eq!(config.state_dir, Path::new("/home/hanako/komainu"));
    assert_eq!(config.log_dir, Path::new("/home/hanako/komainu/log"));
    assert_eq!((config.poll, config.max_message), (Duration::from_mins(2), 1 << 20));
    assert_eq!((config.thresholds.suspicious.0, config.thresholds.threat.0), (225, 700));
    assert_eq!(
        (account.host.as_str(), account.port, account.security),
        ("imap.example.com", 1143, Security::StartTls)
    );
    assert_eq!(account.spki_pin, Some([15; 32]));
    assert_eq!(account.password, PasswordSource::Command(vec!["pass".into(), "show".into(), "mail".into()]));
    assert_eq!(account.mailboxes, ["INBOX", "仕事"]);
    assert_eq!(account.quarantine, "隔離");
    assert_eq!(account.mode, Mode::Quarantine);
    assert_eq!(account.authserv_ids, ["mx.example.com"]);
}

#[test]
fn what_is_not_written_has_its_default() {
    let config = parse(&with("", "")).unwrap();
    let account = &config.accounts[0];
    assert_eq!((account.port, account.security), (993, Security::Tls));
    assert_eq!(account.mailboxes, ["INBOX"]);
    assert_eq!(account.quarantine, "komainu隔離");
    assert_eq!(account.password, PasswordSource::File("/etc/komainu/hanako.password".into()));
    assert_eq!((config.thresholds.suspicious.0, config.thresholds.threat.0), (300, 500));
    assert_eq!(parse(&with("security", "security = \"starttls\"")).unwrap().accounts[0].port, 143);
}

#[test]
fn the_fingerprint_follows_the_meaning_not_the_spelling() {
    let plain = parse(&with("", "")).unwrap().fingerprint(&Tables::default());
    let spelled_out = parse(&format!("# a comment\n{}", with("port", "port = 993 # the usual\n"))).unwrap();
    assert_eq!(spelled_out.fingerprint(&Tables::default()), plain);
    for (key, line) in [
        ("mode", "mode = \"quarantine\""),
        ("host", "host = \"imap.example.net\""),
        ("quarantine", "quarantine = \"別\""),
        ("password", "password = { credential = \"hanako\" }"),
    ] {
        assert_ne!(parse(&with(key, line)).unwrap().fingerprint(&Tables::default()), plain, "{line}");
    }
}

#[test]
fn faults_come_in_the_language_of_the_file() {
    let faults = parse("language = \"ja\"\nmode = 1\n").unwrap_err();
    assert_eq!(faults.language, Language::Ja);
    assert!(faults.to_string().starts_with("エラー"), "{faults}");
    assert_eq!(parse("x = 1").unwrap_err().language, Language::En);
}

#[test]
fn a_file_that_cannot_be_read_says_what_to_look_at() {
    let dir = tempfile::tempdir().unwrap();
    let load = |path: &Path| *Config::load(path, &environment()).unwrap_err();

    let missing = load(&dir.path().join("none.toml"));
    assert_eq!(missing.list[0].help.len(), 3, "three things to check");
    assert!(missing.to_string().contains("none.toml"), "{missing}");

    let directory = load(dir.path());
    assert!(directory.to_string().contains("is a directory"), "{directory}");

    let sjis = dir.path().join("sjis.toml");
    fs::write(&sjis, b"# ok\nname = \"\x89\xd4\x8eq\"\n").unwrap();
    let faults = load(&sjis);
    assert!(faults.to_string().contains("not UTF-8 (line 2, column 9)"), "{faults}");

    let marked = dir.path().join("bom.toml");
    fs::write(&marked, format!("\u{feff}{}", with("", ""))).unwrap();
    assert!(Config::load(&marked, &environment()).is_ok(), "a byte order mark is no fault");
}

#[test]
fn secrets_and_authorities_are_looked_at_on_the_machine_that_has_them() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("komainu.toml");
    let secret = dir.path().join("hanako.password");
    let ca = dir.path().join("ca.pem");
    let top = "timezone = \"Asia/Tokyo\"\nstate-dir = \"state\"\n";
    fs::write(&path, format!("{top}{}", with("ca-file", "ca-file = \"ca.pem\"\n"))).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let config = Config::load(&path, &environment()).unwrap();
    let inspect = || -> Vec<(Weight, String)> {
        let found = config.inspect(&environment());
        found.iter().map(|one| (one.weight, one.render(&config.source, Language::En))).collect()
    };

    let found = inspect();
    assert_eq!(found.iter().map(|one| one.0).collect::<Vec<_>>(), [Weight::Warning, Weight::Error]);
    assert!(found[0].1.contains("komainu.toml:7:12"), "{}", found[0].1);
    assert!(found[1].1.contains("cannot read the CA file"), "{}", found[1].1);

    fs::write(&ca, "no certificate").unwrap();
    fs::write(&secret, "p\n").unwrap();
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o644)).unwrap();
    let found = inspect();
    assert!(found[0].0 == Weight::Error && found[0].1.contains("chmod 600"), "{}", found[0].1);
    assert!(found[1].1.contains("holds no certificate"), "{}", found[1].1);

    let certified = rcgen::generate_simple_self_signed(["imap.example.com".to_owned()]).unwrap();
    fs::write(&ca, certified.cert.pem()).unwrap();
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(inspect(), []);

    let account = &config.accounts[0];
    let password = account.secret(&environment()).unwrap();
    let endpoint = account.endpoint(password).unwrap();
    assert_eq!((endpoint.host.as_str(), endpoint.port), ("imap.example.com", 993));
    assert_eq!(endpoint.trust.extra_roots.len(), 1);
    fs::remove_file(&secret).unwrap();
    let fault = account.secret(&environment()).unwrap_err();
    assert_eq!(fault.weight, Weight::Error, "what check warns of keeps the service from starting");
}

/// Another kind of file, named by mistake, must not keep the person waiting.
#[test]
fn a_file_that_is_wrong_throughout_is_told_in_brief() {
    for line in ["x = 1\n", "]]]] = [[[\n", "[[account]]\n", "timezone", "\"\"\"\n"] {
        let mut text = line.repeat((1 << 18) / line.len());
        if line.starts_with('x') {
            text = (0..20_000).fold(String::new(), |all, number| all + "x" + &number.to_string() + " = 1\n");
        }
        if line == "timezone" {
            text = format!("timezone = \"{}\"", "Asia/".repeat(50_000));
        }
        let shown = parse(&text).unwrap_err().render(Language::En);
        assert!(shown.lines().count() < 60 * 9, "{}", shown.lines().count());
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_loader_panic(text in "\\PC*|(\\[\\[account\\]\\]|name|host|password|=|\\{|\\}|\"|\n|'''|[a-z]|\\[|\\]|,|[0-9]){0,40}") {
        if let Err(faults) = parse(&text) {
            let shown = faults.render(Language::Ja);
            assert!(shown.contains("komainu.toml"));
        }
    }
}
