//! `komainu indicators`, as a person and a program read it, and the pages made from it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use komainu::indicator::CATALOGUE;
use unicode_width::UnicodeWidthStr as _;

fn indicators(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_komainu")).arg("indicators").args(arguments).output().unwrap()
}

fn printed(arguments: &[&str]) -> String {
    let output = indicators(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    assert!(output.stderr.is_empty(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_pages_of_the_documentation_are_current() {
    for (lang, page) in [("en", "docs/indicators.md"), ("ja", "docs/indicators.ja.md")] {
        let made = printed(&["--format", "markdown", "--lang", lang]);
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(&path, &made).unwrap();
        }
        assert!(
            fs::read_to_string(&path).unwrap_or_default() == made,
            "{page} is not current; run: cargo run -- indicators --format markdown --lang {lang} > {page}"
        );
        for indicator in CATALOGUE {
            assert!(made.contains(&format!("### `{}`\n", indicator.id)), "{page}: {}", indicator.id);
        }
    }
}

#[test]
fn the_list_names_each_indicator_once_and_its_columns_stand_below_each_other() {
    for lang in ["ja", "en"] {
        let list = printed(&["--lang", lang]);
        let rows: Vec<&str> = list.lines().filter(|line| line.starts_with("  ")).collect();
        let mut starts = Vec::new();
        for indicator in CATALOGUE {
            let title = if lang == "ja" { indicator.title.ja } else { indicator.title.en };
            let mut own = rows.iter().filter(|row| row.split_whitespace().next() == Some(indicator.id));
            let row = own.next().unwrap_or_else(|| panic!("{lang}: {} is not listed", indicator.id));
            assert!(own.next().is_none(), "{lang}: {} is listed twice", indicator.id);
            let before = row.strip_suffix(title).unwrap_or_else(|| panic!("no {title} in {row}"));
            assert!(before.contains(&indicator.in_force().to_string()), "{row}");
            starts.push(before.width());
        }
        assert!(starts.iter().all(|start| *start == starts[0]), "{lang}: {starts:?}");
    }
}

#[test]
fn one_entry_tells_everything_in_the_language_asked_for() {
    let squeeze = |text: &str| text.split_whitespace().collect::<String>();
    for indicator in CATALOGUE {
        let page = squeeze(&printed(&[indicator.id, "--lang", "ja"]));
        for text in [indicator.title, indicator.why, indicator.genuine, indicator.false_positives] {
            assert!(page.contains(&squeeze(text.ja)), "{}: {}", indicator.id, text.ja);
        }
        for reference in indicator.references {
            assert!(page.contains(&squeeze(reference)), "{}: {reference}", indicator.id);
        }
    }
    let page = printed(&["court-by-mail", "--lang", "en"]);
    assert!(page.contains("what a genuine sender does\n  Courts do not send"), "{page}");
}

#[test]
fn json_is_one_object_a_line_in_the_order_of_the_catalogue() {
    let text = printed(&["--format", "json"]);
    let objects: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ids: Vec<&str> = objects.iter().map(|object| object["id"].as_str().unwrap()).collect();
    assert_eq!(ids, CATALOGUE.iter().map(|indicator| indicator.id).collect::<Vec<_>>());
    for (object, indicator) in objects.iter().zip(CATALOGUE) {
        assert_eq!(object["genuine"]["ja"], indicator.genuine.ja);
        assert!((object["weight"].as_f64().unwrap() - indicator.in_force().as_f64()).abs() < 1e-9);
        assert_eq!(object["hard"], indicator.hard);
    }
}

#[test]
fn the_findings_that_are_no_indicators_are_explained_too() {
    for id in [
        "base-rate",
        "text-model",
        "message-shape",
        "family-cap",
        "single-family-gate",
        "released-sender-gate",
    ] {
        assert!(printed(&[id, "--lang", "ja"]).starts_with(id));
    }
}

#[test]
fn an_unknown_id_is_a_usage_error_and_the_nearest_is_offered() {
    for (id, said) in [
        ("court-by-mial", "did you mean `court-by-mail`?"),
        ("Legal_Threat", "did you mean `legal-threat`?"),
        ("nothing-like-any-of-them", "list them with: komainu indicators"),
        ("\u{1b}[31m", "list them"),
    ] {
        let output = indicators(&[id, "--lang", "en"]);
        assert_eq!(output.status.code(), Some(64), "{id}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains(said) && !stderr.contains('\u{1b}'), "{stderr}");
        assert!(output.stdout.is_empty());
    }
}
