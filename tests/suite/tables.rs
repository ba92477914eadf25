//! What a person adds without compiling: phrases, brands, senders; what is wrong with them; and what `check` and `scan` say.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use komainu::config::{Config, Environment, Faults, Language};
use komainu::demand;
use komainu::evidence;
use komainu::indicator::{Context, Decision, Slot, Tables};
use komainu::message::Message;
use komainu::verdict::Thresholds;
use proptest::prelude::*;

struct Home {
    dir: tempfile::TempDir,
}

const PHRASES: &str = r#"
[[table]]
slot = "unpaid-debt"
about = "the ward association's fee, which is borrowed here"
hits = ["水晶玉代が未詠です"]
misses = ["水晶玉代のお知らせ"]
[[table.entry]]
lang = "ja"
source = "own mail"
date = "2026-11-25"
phrases = ["水晶玉代 ~ 未詠"]
"#;

const BRANDS: &str = r#"
[[brand]]
name = "Minato"
names = ["ミナト信用金庫"]
domains = ["minato.example"]
source = "the bank's own site"
date = "2026-11-25"

[[case]]
name = "ミナト信用金庫"
domain = "update.example"
brand = "Minato"

[[case]]
name = "ミナト信用金庫"
domain = "mail.minato.example"
brand = ""
"#;

const SENDERS: &str = r#"
[[allow]]
domain = "partner.example"
about = "our accountant"
date = "2026-11-25"
hits = ["kaikei@mail.partner.example"]
misses = ["kaikei@partner.example.test"]

[[block]]
address = "News@Partner.example"
about = "does not stop"
date = "2026-11-25"
hits = ["news@partner.example"]
misses = ["kaikei@partner.example"]
"#;

impl Home {
    fn new(more: &str, account: &str) -> Self {
        let home = Self { dir: tempfile::tempdir().unwrap() };
        let text = format!(
            "language = \"en\"\ntimezone = \"Asia/Tokyo\"\nstate-dir = \"state\"\n{more}\n[[account]]\nname = \"hanako\"\nhost = \"imap.example.com\"\nuser = \"hanako@example.net\"\npassword = {{ file = \"password\" }}\nmode = \"observe\"\n{account}\n"
        );
        home.write("komainu.toml", &text);
        home
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    fn config(&self) -> Config {
        let environment = Environment::new([], rustix::process::geteuid().as_raw());
        Config::load(&self.dir.path().join("komainu.toml"), &environment)
            .unwrap_or_else(|faults| panic!("{faults}"))
    }

    fn tables(&self) -> Result<Tables, Vec<Faults>> {
        self.config().tables()
    }

    /// All faults of the tables as they are shown.
    fn faults(&self) -> String {
        let faults = self.tables().expect_err("the tables are accepted");
        let shown: String = faults.iter().map(|faults| faults.render(Language::En)).collect();
        shown.replace(self.dir.path().to_str().unwrap(), "DIR")
    }

    fn komainu(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_komainu"))
            .args(arguments)
            .env("LC_ALL", "C.UTF-8")
            .current_dir(self.dir.path())
            .output()
            .unwrap()
    }
}

fn text(octets: &[u8]) -> String {
    String::from_utf8(octets.to_vec()).unwrap()
}

fn ids(line: &str) -> BTreeSet<String> {
    let object: serde_json::Value = serde_json::from_str(line).unwrap();
    let findings = object["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["indicator"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn all_files_of_the_folder_beside_the_configuration_count() {
    let home = Home::new("", "");
    assert_eq!(home.tables().unwrap(), Tables::default(), "there need not be any");
    home.write("tables.d/20-brands.toml", BRANDS);
    home.write("tables.d/10-phrases.toml", PHRASES);
    home.write("tables.d/senders.toml", SENDERS);
    home.write("tables.d/.#senders.toml", "an editor's");
    home.write("tables.d/notes.txt", "not a table");
    let tables = home.tables().unwrap_or_else(|faults| panic!("{}", faults[0]));
    let names: Vec<&str> = tables.sources().iter().map(|source| source.name.as_str()).collect();
    assert_eq!(names, ["10-phrases.toml", "20-brands.toml", "senders.toml"]);
    assert!(tables.says(Slot::UnpaidDebt, "水晶玉代が、未詠となっています").is_some());
    assert_eq!(tables.forged_brand("ミナト信用金庫", "update.example"), Some("Minato"));
    let decided = |address: &str| tables.senders().decide(address).map(|(decision, _)| decision);
    assert_eq!(decided("x@partner.example"), Some(Decision::Allow));
    assert_eq!(decided("news@partner.example"), Some(Decision::Block));
}

#[test]
fn a_demand_names_the_persons_own_brands() {
    let home = Home::new("", "");
    home.write("tables.d/20-brands.toml", BRANDS);
    let octets = "From: x1@update.example\nSubject: =?utf-8?B?44GK55+l44KJ44Gb?=\nMIME-Version: 1.0\n\
        Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n\
        ミナト信用金庫の口座が止まります。本日中に5,000円をお振り込みください。\n";
    let message = Message::parse(octets.as_bytes());
    let claims = |tables: Tables| {
        let context = Context { tables, ..Context::default() };
        demand::extract(&message, &context, true)
            .and_then(|demand| demand.claims_to_be)
            .map(|claim| claim.value)
    };
    assert_eq!(claims(home.tables().unwrap()).as_deref(), Some("Minato"));
    assert_eq!(claims(Tables::default()), None);
}

#[test]
fn a_folder_that_is_named_must_be_there() {
    let home = Home::new("tables-dir = \"mine\"", "");
    let shown = home.faults();
    assert!(shown.contains("komainu.toml:4:14") && shown.contains("DIR/mine"), "{shown}");
    home.write("mine/a.toml", BRANDS);
    assert_eq!(home.tables().unwrap().sources().len(), 1);
}

#[test]
fn every_fault_of_every_file_is_shown_with_its_place_at_once() {
    let home = Home::new("", "");
    home.write(
        "tables.d/a.toml",
        "[[table]]\nslto = \"unpaid-debt\"\nabout = \"\"\nhits = [\"x\"]\nmisses = []\nmode = \"replase\"\n[[table.entry]]\nlang = \"ja\"\nsource = \"s\"\ndate = \"yesterday\"\nphrases = [\"円\", \"a ~ \"]\n",
    );
    home.write(
        "tables.d/b.toml",
        "[[allow]]\ndomain = \"gmail.com\"\nabout = \"a friend\"\ndate = \"2026-11-25\"\n[[allow]]\ndomain = \"co.jp\"\nabout = \"x\"\ndate = \"2026-11-25\"\n[[block]]\nemail = \"a@example.com\"\nabout = \"x\"\ndate = \"2026-11-25\"\n[[blok]]\n",
    );
    home.write("tables.d/c.toml", "[[brand]]\nname = \"New\n");
    let shown = home.faults();
    for said in [
        "a.toml:2:1",
        "did you mean `slot`?",
        "a.toml:3:9",
        "`about` is empty",
        "did you mean `replace`?",
        "a.toml:10:8",
        "`date` is not a date",
        "a.toml:11:12",
        "the phrase is too short",
        "a.toml:11:17",
        "a part of it, is empty",
        "b.toml:2:10",
        "anybody can have an address at this domain",
        "b.toml:6:10",
        "this domain is nobody's own",
        "b.toml:10:1",
        "it is called `address` here",
        "b.toml:13:3",
        "did you mean `block`?",
        "c.toml:2:12",
        "not TOML",
    ] {
        assert!(shown.contains(said), "no {said:?} in:\n{shown}");
    }
    assert!(!shown.contains("has no `domain`"), "the misspelt key is told already:\n{shown}");
}

#[test]
fn a_slot_or_phrase_that_is_not_known_gets_the_nearest_one() {
    let home = Home::new("", "");
    home.write("tables.d/a.toml", &PHRASES.replace("\"unpaid-debt\"", "\"unpaid-dept\""));
    assert!(home.faults().contains("did you mean `unpaid-debt`?"), "{}", home.faults());
    let without = PHRASES.replace("hits =", "without = [\"延滞手数科\"]\nhits =");
    home.write("tables.d/a.toml", &without);
    assert!(home.faults().contains("did you mean `延滞手数料`?"), "{}", home.faults());
    home.write("tables.d/a.toml", &without.replace('科', "料"));
    let tables = home.tables().unwrap_or_else(|faults| panic!("{}", faults[0]));
    assert!(tables.says(Slot::UnpaidDebt, "延滞手数料").is_none());
}

#[test]
fn a_table_that_fails_its_own_cases_is_refused_with_the_case() {
    let home = Home::new("", "");
    home.write("tables.d/a.toml", &PHRASES.replace("未詠です", "納入済みです"));
    let shown = home.faults();
    assert!(shown.contains("a.toml:5:9") && shown.contains("this sentence is not found"), "{shown}");

    home.write("tables.d/a.toml", &PHRASES.replace("\"水晶玉代 ~ 未詠\"", "\"水晶玉代\""));
    let shown = home.faults();
    assert!(shown.contains("a.toml:6:11") && shown.contains("by \"水晶玉代\""), "{shown}");

    home.write("tables.d/a.toml", &PHRASES.replace("~ 未詠\"", "~ 未詠\", \"ご利用料金のお知らせ\""));
    let shown = home.faults();
    assert!(shown.contains("a.toml:11:") && shown.contains("also finds what honest mail says"), "{shown}");

    home.write("tables.d/a.toml", &BRANDS.replace("brand = \"Minato\"", "brand = \"Minatto\""));
    let shown = home.faults();
    assert!(
        shown.contains("a.toml:12:9") && shown.contains("it is seen to borrow the name \"Minato\""),
        "{shown}"
    );
    assert!(shown.contains("did you mean `Minato`?"), "{shown}");

    let senders = SENDERS.replace("\"kaikei@mail.partner.example\"", "\"news@partner.example\"");
    home.write("tables.d/a.toml", &senders);
    let shown = home.faults();
    assert!(shown.contains("a.toml:6:9") && shown.contains("a more exact [[block]] decides"), "{shown}");
    home.write("tables.d/a.toml", &SENDERS.replace("partner.example.test", "sub.partner.example"));
    let shown = home.faults();
    assert!(shown.contains("a.toml:7:11") && shown.contains("is covered, and must not be"), "{shown}");
}

#[test]
fn cases_are_needed() {
    let home = Home::new("", "");
    for (line, said) in [
        ("hits = [\"水晶玉代が未詠です\"]\n", "[[table]] has no `hits`"),
        ("misses = [\"水晶玉代のお知らせ\"]\n", "[[table]] has no `misses`"),
    ] {
        home.write("tables.d/a.toml", &PHRASES.replace(line, ""));
        assert!(home.faults().contains(said), "{}", home.faults());
    }
}

#[test]
fn one_sender_cannot_stand_in_both_lists() {
    let home = Home::new("", "");
    home.write("tables.d/a.toml", SENDERS);
    home.write(
        "tables.d/b.toml",
        "[[block]]\ndomain = \"partner.example\"\nabout = \"x\"\ndate = \"2026-11-25\"\n",
    );
    let shown = home.faults();
    assert!(shown.contains("b.toml:2:10") && shown.contains("both allowed and blocked"), "{shown}");
    assert!(shown.contains("the other one: a.toml:3"), "{shown}");
}

#[test]
fn what_is_told_in_the_log_holds_no_word_of_a_table() {
    let home = Home::new("", "");
    home.write("tables.d/a.toml", &SENDERS.replace("misses = [\"kaikei@partner", "misses = [\"news@partner"));
    let faults = home.tables().unwrap_err();
    let lines = faults[0].brief(Language::En);
    assert_eq!(lines.len(), 1);
    assert!(lines[0].contains("a.toml:14:11") && !lines[0].contains('@'), "{lines:?}");
}

#[test]
fn indicators_can_be_switched_off_by_their_ids_only() {
    let home = Home::new("disabled-indicators = [\"deadline\", \"deadline\"]", "");
    assert_eq!(home.config().disabled_indicators, ["deadline"]);
    home.write("komainu.toml", "disabled-indicators = [\"dead-line\", \"everything\"]");
    let environment = Environment::new([], 1000);
    let shown = Config::load(&home.dir.path().join("komainu.toml"), &environment).unwrap_err();
    let shown = shown.render(Language::En);
    assert!(shown.contains("did you mean `deadline`?"), "{shown}");
    assert!(shown.contains("1:37") && shown.contains("komainu indicators"), "{shown}");
}

#[test]
fn check_runs_the_cases_names_the_tables_and_says_where_lists_have_no_effect() {
    let home = Home::new("disabled-indicators = [\"deadline\"]", "");
    home.write("tables.d/a.toml", PHRASES);
    home.write("tables.d/senders.toml", SENDERS);
    let checked = home.komainu(&["check", "--config", "komainu.toml", "--lang", "en"]);
    let page = text(&checked.stdout);
    assert_eq!(checked.status.code(), Some(0), "{page}");
    for said in [
        "(a.toml, senders.toml)",
        "1 allowed, 1 blocked",
        "switched off  deadline",
        "the lists of senders have no effect in account hanako: it has no `authserv-id`",
        "no Authentication-Results field counts",
    ] {
        assert!(page.contains(said), "no {said:?} in:\n{page}");
    }
    let pinned = Home::new("", "authserv-id = [\"mx.example.net\"]");
    pinned.write("tables.d/senders.toml", SENDERS);
    let page = text(&pinned.komainu(&["check", "--config", "komainu.toml"]).stdout);
    assert!(!page.contains("no effect"), "{page}");

    home.write("tables.d/a.toml", &PHRASES.replace("\"水晶玉代が未詠です\"", "\"水晶玉代\", \"x\""));
    let checked = home.komainu(&["check", "--config", "komainu.toml"]);
    let page = text(&checked.stdout);
    assert_eq!(checked.status.code(), Some(78), "{page}");
    assert!(page.contains("a.toml:5:9") && page.contains("a.toml:5:17"), "{page}");
    assert!(page.contains("2 to be put right"), "{page}");
}

const MESSAGE: &str = "Authentication-Results: mx.example.net; dmarc=pass header.from=partner.example\r\n\
    From: kaikei@partner.example\r\nTo: hanako@example.net\r\nSubject: x\r\nMIME-Version: 1.0\r\n\
    Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
    水晶玉代が未詠です。本日中にお支払いください。\r\n";

#[test]
fn scan_uses_a_configuration_only_where_one_is_named() {
    let home = Home::new("disabled-indicators = [\"deadline\"]", "authserv-id = [\"mx.example.net\"]");
    home.write("tables.d/a.toml", PHRASES);
    home.write("tables.d/senders.toml", SENDERS);
    home.write("m.eml", MESSAGE);
    let scan = |more: &[&str]| {
        let output = home.komainu(&[&["scan", "--format", "json", "m.eml"], more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        ids(&text(&output.stdout))
    };
    let plain = scan(&[]);
    assert!(plain.contains("deadline") && plain.contains("payment-demand"), "{plain:?}");
    assert!(!plain.contains("unpaid-debt") && !plain.contains("allowed-sender"), "{plain:?}");
    for more in [&["--config", "komainu.toml"][..], &["--config", "komainu.toml", "--account", "hanako"]] {
        let configured = scan(more);
        assert!(!configured.contains("deadline"), "{configured:?}");
        assert!(
            configured.contains("unpaid-debt") && configured.contains("allowed-sender"),
            "{configured:?}"
        );
    }
    for (arguments, status) in [
        (&["--config", "komainu.toml", "--account", "taro"][..], 64),
        (&["--account", "hanako"], 64),
        (&["--config", "not-there.toml"], 78),
        (&["--now", "tomorrow"], 64),
    ] {
        let output = home.komainu(&[&["scan", "m.eml"], arguments].concat());
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {}", text(&output.stderr));
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
    home.write("tables.d/a.toml", "[[table]]\n");
    let broken = home.komainu(&["scan", "m.eml", "--config", "komainu.toml"]);
    assert_eq!(broken.status.code(), Some(78));
    assert!(text(&broken.stderr).contains("a.toml:1:1"), "{}", text(&broken.stderr));
}

/// Without a configuration and a time, the judgement is a function of the octets alone.
#[test]
fn the_same_octets_give_the_same_lines_whatever_stands_in_the_environment() {
    let home = Home::new("", "authserv-id = [\"mx.example.net\"]");
    home.write("tables.d/a.toml", PHRASES);
    home.write("m.eml", MESSAGE);
    let config = home.dir.path().join("komainu.toml");
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/src/demo/samples");
    let scan = |variables: &[(&str, &str)], more: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_komainu"))
            .args(["scan", "--format", "json", "m.eml", samples])
            .args(more)
            .env_clear()
            .envs(variables.iter().copied())
            .current_dir(home.dir.path())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let bare = scan(&[], &[]);
    for variables in [
        &[("TZ", "Asia/Tokyo"), ("LC_ALL", "ja_JP.UTF-8"), ("LANG", "ja_JP.UTF-8")][..],
        &[("TZ", "Pacific/Kiritimati"), ("LC_ALL", "tr_TR.UTF-8"), ("SOURCE_DATE_EPOCH", "0")],
        &[("CONFIGURATION_DIRECTORY", home.dir.path().to_str().unwrap()), ("HOME", "/nonexistent")],
        &[
            ("XDG_CONFIG_HOME", home.dir.path().to_str().unwrap()),
            ("KOMAINU_CONFIG", config.to_str().unwrap()),
        ],
    ] {
        assert!(scan(variables, &[]) == bare, "{variables:?}");
    }
    for now in ["1990-01-01T00:00:00Z", "2099-12-31T23:59:59+09:00"] {
        let once = scan(&[("TZ", "UTC")], &["--now", now]);
        assert!(once == scan(&[("TZ", "Asia/Tokyo")], &["--now", now]), "{now}");
    }
}

#[test]
fn explained_says_why_and_what_a_genuine_sender_would_have_done() {
    let home = Home::new("", "");
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/src/demo/samples/03_cancellation_not_complete.eml");
    let short = text(&home.komainu(&["scan", sample, "--lang", "ja"]).stdout);
    assert!(short.contains("退会手続き未完了の主張 (cancellation-incomplete)\n          件名: "), "{short}");
    assert!(!short.contains("本物なら"), "{short}");
    let long = text(&home.komainu(&["scan", sample, "--lang", "ja", "--explain"]).stdout);
    assert!(long.contains("なぜ: ") && long.contains("本物なら: "), "{long}");
    for line in short.lines() {
        assert!(long.contains(line), "{line}");
    }
}

#[test]
fn the_record_holds_what_was_added_and_names_what_is_compiled_in() {
    let home = Home::new("", "");
    home.write("tables.d/a.toml", PHRASES);
    let context = Context {
        tables: home.tables().unwrap(),
        disabled: vec!["deadline".to_owned()],
        ..Context::default()
    };
    let written = |context: &Context| -> serde_json::Value {
        serde_json::from_slice(&evidence::context(context, &Thresholds::default())).unwrap()
    };
    let recorded = written(&context);
    assert_eq!(recorded["disabled_indicators"], serde_json::json!(["deadline"]));
    let added = &recorded["tables"]["added"];
    assert_eq!((added[0]["name"].as_str(), added[0]["text"].as_str()), (Some("a.toml"), Some(PHRASES)));
    let digest = evidence::Digest::of(PHRASES.as_bytes()).to_string();
    assert_eq!(added[0]["sha256"].as_str(), Some(digest.as_str()));
    // Every file that is compiled in and that a verdict depends on.
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/config")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        // Fonts, the programs that check a record, and what `setup` proposes judge nothing.
        let judges = path.extension().is_some_and(|extension| extension == "toml" || extension == "bin");
        if !judges || ["komainu.toml", "demand.toml", "programs.toml", "providers.toml"].contains(&name) {
            continue;
        }
        let digest = evidence::Digest::of(&fs::read(&path).unwrap()).to_string();
        let named = [&recorded["tables"]["compiled_in"][name], &recorded["model"][name]];
        assert!(named.iter().any(|value| value.as_str() == Some(&digest)), "{name} is not in the context");
    }
    assert_eq!(written(&Context::default())["tables"]["added"], serde_json::json!([]));
}

#[test]
fn what_the_documentation_shows_is_accepted() {
    for page in ["docs/tables.md", "docs/tables.ja.md"] {
        let home = Home::new("", "");
        let written = fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap();
        let examples = written.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
        let mut count = 0;
        for (number, example) in examples.enumerate() {
            home.write(&format!("tables.d/{number}.toml"), example);
            count += 1;
        }
        assert!(count >= 4, "{page}");
        let tables = home.tables().unwrap_or_else(|faults| panic!("{page}: {}", faults[0]));
        assert!(!tables.senders().is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// A file is what a person, an editor or a broken disk left there: it is taken or refused, and nothing else.
    #[test]
    fn no_file_does_anything_but_be_taken_or_refused(
        which in 0..3usize,
        cut in any::<prop::sample::Index>(),
        put in "[\\[\\]\"=~<>*#,.@あ円\\n a-c0-9]{0,12}",
        drop in 0..20usize,
    ) {
        let text = [PHRASES, BRANDS, SENDERS][which];
        let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let at = cut.index(ends.len());
        let end = ends.get(at + drop).copied().unwrap_or(text.len());
        let home = Home::new("", "");
        home.write("tables.d/a.toml", &format!("{}{put}{}", &text[..ends[at]], &text[end..]));
        match home.tables() {
            Ok(tables) => prop_assert_eq!(tables.sources().len(), 1),
            Err(faults) => {
                let shown = faults[0].render(Language::Ja);
                prop_assert!(shown.contains("a.toml:") && shown.contains("エラー"), "{}", shown);
                prop_assert!(faults[0].brief(Language::En).len() == faults[0].list.len());
            }
        }
    }
}
