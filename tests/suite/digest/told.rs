//! What a digest says, and in which order.

use komainu::digest::{self, Day, Facts, Scope, Status, Verify};
use komainu::document::Language;
use komainu::evidence::{Digest, EvidenceId};
use komainu::indicator::Category;
use komainu::verdict::Severity;
use unicode_width::UnicodeWidthStr as _;

use super::sample::{Log, NOTE, full, zone};

const BOTH: [Language; 2] = [Language::Ja, Language::En];

/// Where each of these stands, in order; all of them are there.
fn in_order(text: &str, parts: &[&str]) {
    let mut from = 0;
    for part in parts {
        let at =
            text[from..].find(part).unwrap_or_else(|| panic!("{part} is missing or out of order:\n{text}"));
        from += at;
    }
}

/// Without what ends lines.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

fn narrow(text: &str) {
    for line in text.lines().filter(|line| !NOTE.lines().any(|own| own == *line)) {
        assert!(line.width() <= 72, "{} columns: {line}", line.width());
    }
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()));
}

#[test]
fn the_text_says_first_what_a_person_has_to_do() {
    let day = full();
    if std::env::var_os("KOMAINU_SHOW").is_some() {
        for lang in BOTH {
            println!("{}\n{}", digest::subject(&day, lang), digest::text(&day, lang));
        }
    }
    let text = digest::text(&day, Language::Ja);
    narrow(&text);
    in_order(
        &text,
        &[
            "2026年11月23日(月) の日報",
            "脅威 2 件 (脅迫・恐喝 1、フィッシング 1)、うち隔離 1 件",
            "急いで答える必要はありません",
            "2026-11-23 00:00 から 2026-11-24 00:00 まで",
            "2026-11-22 15:00 から 2026-11-23 15:00 まで",
            "■ 確認してください（3 通）",
            "[緊急 / 脅威 / 脅迫・恐喝] 10:15 受信",
            "「弁護士法人〇〇」",
            "<seikyu[@]invoice[.]example>",
            "398,000円",
            "架空銀行 本店 普通 1234567",
            "請求書[.]pdf[.]exe",
            "本人の氏名・住所の引用",
            "「komainu隔離」へ移しました。返信はしていません。",
            "メールサーバーに移動を断られました",
            "大きすぎます",
            "■ 内訳",
            "■ 疑わしいメールと、あなたの報告",
            "■ 同じ差出人からの繰り返し",
            "■ あなたがしたこと",
            "隔離から戻すように頼みました",
            "■ 動作状況",
            "一部に支障あり",
            "02:10–05:40（3 時間 30 分）見張っていません",
            "■ 記録の完全性",
            "検証 OK",
            "komainu.invalid/027e5be6f1072d86772d87e223f8f145",
            "■ してはいけないこと・相談先",
            "返信しない",
            "110 番",
            "#9110",
            "188",
            "■ 間違って隔離されていたら",
            "komainu quarantine release",
        ],
    );
    let text = digest::text(&day, Language::En);
    narrow(&text);
    in_order(
        &text,
        &[
            "Digest of Monday, 23 November 2026",
            "2 threats (extortion 1, phishing 1), 1 quarantined",
            "Please look at these (3)",
            "urgent / THREAT / extortion",
            "In numbers",
            "Suspicious, and reported by you",
            "What you did",
            "How komainu did",
            "02:10–05:40 (3 h 30 min) not watching",
            "The record",
            "What not to do, and where to go",
            "If something was quarantined by mistake",
        ],
    );
}

/// Nothing found, nothing came, nothing could be checked: three things, and never that all is well.
#[test]
fn three_kinds_of_nothing_are_told_apart() {
    let utc = zone("UTC");
    let said = |log: &Log| {
        let day = log.day("2026-11-23", &utc, "2026-11-24T00:05:00Z");
        BOTH.map(|lang| (digest::text(&day, lang), digest::html(&day, lang), digest::subject(&day, lang)))
    };
    let mut log = Log::new();
    log.at("2026-11-22T00:00:00Z").start();
    log.at("2026-11-23T12:00:00Z").clean(38);
    log.at("2026-11-24T00:01:00Z").start();
    let [ja, en] = said(&log);
    assert!(ja.2.ends_with("日報: 該当なし / 検査 38 通"), "{}", ja.2);
    assert!(en.2.ends_with("nothing found / 38 checked"), "{}", en.2);
    assert!(squeezed(&ja.0).contains("保証ではありません") && squeezed(&en.0).contains("noguarantee"));

    let mut log = Log::new();
    log.at("2026-11-22T00:00:00Z").start();
    log.at("2026-11-23T12:00:00Z").start();
    log.at("2026-11-24T00:01:00Z").start();
    let [ja, en] = said(&log);
    assert!(ja.2.ends_with("新しいメールは届きませんでした"), "{}", ja.2);
    assert!(en.2.ends_with("no new mail came"), "{}", en.2);

    let mut log = Log::new();
    log.at("2026-11-22T00:00:00Z").start();
    log.at("2026-11-24T00:01:00Z").gap("2026-11-22T20:00:00Z", "2026-11-24T00:01:00Z", "not-running");
    let [ja, en] = said(&log);
    assert!(ja.2.ends_with("検査できませんでした"), "{}", ja.2);
    assert!(en.2.ends_with("could not check"), "{}", en.2);
    assert!(ja.0.contains("24 時間"), "{}", ja.0);
    for text in [&ja, &en] {
        assert!(!text.0.contains("該当なし。") && !text.0.contains("Nothing found."));
    }
}

#[test]
fn nothing_is_ever_called_safe() {
    let mut days = vec![full()];
    let log = Log::new();
    days.push(log.day("2026-11-23", &zone("UTC"), "2026-11-24T00:05:00Z"));
    for day in days {
        for lang in BOTH {
            for text in [digest::text(&day, lang), digest::html(&day, lang), digest::subject(&day, lang)] {
                let text = text.to_lowercase();
                for word in ["安全です", "安心です", "問題ありません", " safe"] {
                    assert!(!text.contains(word), "{word}");
                }
            }
        }
    }
}

/// The JSON is the digest: what is read back is the same, and so is what is made of it.
#[test]
fn text_and_page_are_made_of_the_file_octet_for_octet() {
    let day = full();
    let file = digest::json(&day);
    let back = digest::from_json(file.as_bytes()).unwrap();
    assert_eq!(back, day);
    assert_eq!(digest::json(&back), file);
    for lang in BOTH {
        assert_eq!(digest::text(&back, lang), digest::text(&day, lang));
        assert_eq!(digest::html(&back, lang), digest::html(&day, lang));
    }
    let mut value: serde_json::Value = serde_json::from_str(&file).unwrap();
    value["more"] = 1.into();
    assert!(digest::from_json(value.to_string().as_bytes()).is_err());
}

#[test]
fn a_sender_who_wrote_before_is_told() {
    let utc = zone("UTC");
    let mut log = Log::new();
    for day in 1..4 {
        log.at(&format!("2026-11-0{day}T10:00:00Z")).threat(Category::FakeBilling, Severity::Low);
    }
    let day = log.day("2026-11-03", &utc, "2026-11-04T00:05:00Z");
    assert_eq!(day.repeats.len(), 1);
    assert_eq!((day.repeats[0].today, day.repeats[0].count), (1, 3));
    assert_eq!(day.repeats[0].first_seen.to_string(), "2026-11-01T10:00:00+00:00");
    assert!(log.day("2026-11-01", &utc, "2026-11-02T00:05:00Z").repeats.is_empty());
}

#[test]
fn what_was_erased_is_told_without_its_content() {
    let utc = zone("UTC");
    let mut log = Log::new();
    let id: EvidenceId = log.at("2026-11-23T10:00:00Z").threat(Category::FakeBilling, Severity::High);
    let contents = vec![Digest::of(&1_u32.to_be_bytes())];
    log.enter(komainu::evidence::Entry::Erased { id: Some(id), contents, reason: "asked".into() });
    let day = log.day("2026-11-23", &utc, "2026-11-24T00:05:00Z");
    assert!(day.items[0].erased && day.items[0].subject.is_none());
    let text = digest::text(&day, Language::Ja);
    assert!(text.contains("消去済み") && !text.contains("弁護士"), "{text}");
}

#[test]
fn what_is_only_looked_at_says_so() {
    let day = Day { scope: Scope::SoFar, made: full().period.start, ..full() };
    assert!(digest::text(&day, Language::Ja).contains("この日はまだ終わっていません"));
    assert!(digest::html(&day, Language::En).contains("Not final"));
    let day = Day { scope: Scope::Stretch, ..full() };
    assert!(digest::text(&day, Language::Ja).contains("日報ではありません"));
}

#[test]
fn a_record_that_does_not_verify_is_the_first_thing_said() {
    let mut log = Log::new();
    log.at("2026-11-23T10:00:00Z").clean(3);
    let utc = zone("UTC");
    let period = digest::Period::of("2026-11-23".parse().unwrap(), &utc).unwrap();
    let from = digest::From::Record(0);
    let now = "2026-11-24T00:05:00Z".parse().unwrap();
    let mut gather = digest::Gather::look(&utc, now, from, Scope::Day, period);
    log.records.iter().for_each(|record| gather.take(record));
    let facts = Facts { verified: Some(false), ..log.facts() };
    let day = gather.finish().pop().unwrap().day(&log.letters, &facts);
    assert_eq!((day.status, day.integrity.verify), (Status::Failed, Verify::Failed));
    let head: String = digest::text(&day, Language::Ja).lines().take(6).collect();
    assert!(head.contains("記録の検証に失敗しました"), "{head}");
}

#[test]
fn the_checkpoint_stands_in_the_text_as_it_is() {
    for (lang, says) in [(Language::Ja, "次の5行"), (Language::En, "thenext5lines")] {
        let text = digest::text(&full(), lang);
        // Between two empty lines, so that it is plain to see what is to be cut out.
        assert!(text.contains(&format!("\n\n{NOTE}\n")), "{text}");
        assert!(squeezed(&text).contains(says), "{text}");
    }
}

/// A restart is no outage; of a longer one no part is passed over, however midnight cuts it.
#[test]
fn what_took_less_than_a_minute_is_not_told() {
    let utc = zone("UTC");
    let mut log = Log::new();
    log.at("2026-11-22T00:00:00Z").start();
    log.at("2026-11-23T12:00:00Z").clean(1);
    log.at("2026-11-23T12:00:59.9Z").gap("2026-11-23T12:00:00Z", "2026-11-23T12:00:59.9Z", "not-running");
    log.at("2026-11-23T23:59:59.5Z").stop();
    let day = log.day("2026-11-23", &utc, "2026-11-23T23:59:59.9Z");
    assert_eq!((day.status, day.outages.as_slice()), (Status::Ok, [].as_slice()));
    for lang in BOTH {
        for told in [digest::text(&day, lang), digest::html(&day, lang)] {
            assert!(!told.contains("0 min") && !told.contains("0 分"), "{told}");
        }
    }
    log.at("2026-11-24T00:01:00Z").start().gap(
        "2026-11-23T23:59:59.5Z",
        "2026-11-24T00:01:00Z",
        "not-running",
    );
    let day = log.day("2026-11-23", &utc, "2026-11-24T00:05:00Z");
    assert_eq!((day.outages.len(), day.outages[0].minutes), (1, 1));
    assert!(digest::text(&day, Language::Ja).contains("見張れていない時間が 1 分あります"));
}

#[test]
fn mail_of_a_time_that_is_not_over_is_still_to_be_checked() {
    let utc = zone("UTC");
    let mut log = Log::new();
    log.at("2026-11-23T10:00:00Z").start().clean(2);
    log.at("2026-11-23T11:00:00Z").stop();
    let said = |log: &Log, now: &str| {
        let day = log.day("2026-11-23", &utc, now);
        BOTH.map(|lang| squeezed(&digest::text(&day, lang)))
    };
    let [ja, en] = said(&log, "2026-11-23T12:00:00Z");
    assert!(ja.contains("再び見張りを始めたときに検査します") && !ja.contains("検査しています"), "{ja}");
    assert!(en.contains("willbechecked") && !en.contains("checkedafterwards"), "{en}");
    log.at("2026-11-23T12:00:00Z").gap("2026-11-23T11:00:00Z", "2026-11-23T12:00:00Z", "not-running").start();
    let [ja, en] = said(&log, "2026-11-23T12:30:00Z");
    assert!(ja.contains("検査しています") && !ja.contains("検査します。"), "{ja}");
    assert!(en.contains("checkedafterwards") && !en.contains("willbechecked"), "{en}");
}

#[test]
fn files_are_named_by_their_day() {
    let date = jiff::civil::date(2026, 11, 3);
    assert_eq!(digest::file_name(date, digest::Form::Json), "digest-2026-11-03.json");
    assert_eq!(digest::file_name(date, digest::Form::Text), "digest-2026-11-03.txt");
    assert_eq!(digest::file_name(date, digest::Form::Html), "digest-2026-11-03.html");
    assert_eq!(digest::date_of("digest-2026-11-03.json"), Some(date));
    for name in ["digest-2026-11-3.json", "digest-2026-11-03.txt", "digest-+002026-11-03.json", "x"] {
        assert_eq!(digest::date_of(name), None, "{name}");
    }
}
