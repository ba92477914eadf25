//! What the report, the timeline and the forms say.

use jiff::Timestamp;
use komainu::case::{Absent, Subject, Variant, timeline};
use komainu::document::{Block, Language};
use komainu::evidence::Entry;
use komainu::store::Retention;
use komainu::store::bundle::documents;
use proptest::prelude::*;

use super::{Desk, letter, plain, wanted, zone};

/// Two letters of one blackmailer, the person's account, a gap.
fn desk() -> Desk {
    let mut desk = Desk::new();
    let first = desk.receive(&letter("open/leave-publish-1.eml"), "20-Nov-2026 09:00:00 +0900");
    let second = desk.receive(&letter("open/billing-lawoffice-fake.eml"), "24-Nov-2026 10:15:00 +0900");
    desk.open(Subject::Named("退会した店からの脅し".into()), &[second, first]);
    desk.tell("リンクを開いたが、支払っていない。", Some("2026-11-21T12:00:00Z"));
    desk.enter(vec![Entry::WatchGap {
        account: None,
        from: "2026-11-22T00:00:00Z".parse().unwrap(),
        until: "2026-11-22T03:00:00Z".parse().unwrap(),
        reason: "not-running".into(),
    }]);
    desk.sign();
    desk
}

fn report(desk: &Desk, lang: Language) -> String {
    let all = documents(&desk.reading(), &wanted(Variant::Full)).unwrap();
    plain(all.iter().find(|document| document.language == lang).unwrap())
}

#[test]
fn the_report_has_its_ten_sections_in_order_and_states_facts_as_what_is_written() {
    let desk = desk();
    let text = report(&desk, Language::Ja);
    if std::env::var_os("KOMAINU_SHOW").is_some() {
        println!("{text}\n{}", report(&desk, Language::En));
    }
    let heads: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("# ")).collect();
    for (head, sign) in heads.iter().zip("①②③④⑤⑥⑦⑧⑨⑩".chars()) {
        assert!(head.starts_with(sign), "{head}");
    }
    assert_eq!(heads.len(), 10, "{heads:?}");
    for part in [
        "不審な電子メールに関する相談資料",
        "事案番号 C-2026-0001　退会した店からの脅し",
        "いつ: 最初の受信 2026-11-20 09:00:00 +09:00",
        "最後の受信 2026-11-24 10:15:00 +09:00　全 2 通（時刻は受信側メールサーバーによる）",
        "リンクを開いたが、支払っていない。",
        "komainu は返信していません",
        "自動抽出・要確認",
        "ここから 2026-11-22 12:00:00 +09:00 まで、komainu が動作していなかった",
        "フォームの送信は被害届の提出ではない",
        "#9110",
        "188（消費者ホットライン）",
        "110 番",
        "この署名付きチェックポイントは、本事案の記録すべてを含みます",
        "最初の公開鍵の SHA-256",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    for wrong in ["犯人", "違法", "詐欺師", "安全です"] {
        assert!(!text.contains(wrong), "{wrong}");
    }
    // Nothing that could be followed.
    assert!(!text.contains("http://") && !text.contains("https://"), "{text}");
}

#[test]
fn the_english_report_is_as_complete() {
    let desk = desk();
    let all = documents(&desk.reading(), &wanted(Variant::Full)).unwrap();
    let [ja, en] = all.as_slice() else { panic!("{} reports", all.len()) };
    let shape = |blocks: &[Block]| -> Vec<std::mem::Discriminant<Block>> {
        blocks.iter().map(std::mem::discriminant).collect()
    };
    assert_eq!(shape(&ja.blocks), shape(&en.blocks));
    let text = plain(en);
    for part in ["1. Consultation sheet", "10. Limits", "Sending the form is not a 被害届", "trust line"] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(!text.to_lowercase().contains("culprit") && !text.contains("http://"));
}

#[test]
fn findings_listed_add_up_to_the_score() {
    let desk = desk();
    let text = report(&desk, Language::Ja);
    let section = text.split("# ⑥").nth(1).unwrap().split("# ⑦").next().unwrap();
    let mut sums = Vec::new();
    let mut sum = 0;
    for row in section.lines().filter_map(|line| line.strip_prefix("| ")) {
        let Some((weight, rest)) = row.split_once(" | ") else { continue };
        let Ok(weight) = weight.replace('.', "").parse::<i32>() else { continue };
        if rest.starts_with("合計") {
            assert_eq!(weight, sum);
            sums.push(std::mem::take(&mut sum));
        } else {
            sum += weight;
        }
    }
    let scores: Vec<i32> =
        desk.case().members.iter().map(|one| one.judgement.as_ref().unwrap().score.0).collect();
    assert_eq!(sums, scores);
    assert!(!section.contains("記録された合計"), "{section}");
}

#[test]
fn the_trust_line_stands_below_the_providers_own_hop_and_only_pinned_results_count() {
    let mut desk = Desk::new();
    let mail = "Authentication-Results: mx.example.net; spf=fail smtp.mailfrom=bank.test\r\n\
        Received: from evil.test (unknown [203.0.113.7]) by mx.example.net with ESMTP; Tue, 24 Nov 2026 10:15:00 +0900\r\n\
        Received: from bank.test by mx.example.net; Tue, 24 Nov 2026 10:14:00 +0900\r\n\
        Authentication-Results: mx.example.net; dkim=pass header.d=bank.test\r\n\
        From: support@bank.test\r\nSubject: x\r\n\r\nhttps://login.bank.test/ pay\r\n";
    let id = desk.receive(mail.as_bytes(), "24-Nov-2026 10:15:00 +0900");
    desk.open(Subject::Named("x".into()), &[id]);
    let text = report(&desk, Language::Ja);
    let rows: Vec<&str> = text.lines().filter(|line| line.contains("mx[.]example[.]net")).collect();
    let line = text.find("信頼線▼").unwrap();
    assert!(text.find("evil[.]test").unwrap() < line, "{text}");
    assert!(line < text.find("| 2 | bank[.]test").unwrap(), "{text}");
    assert!(rows.iter().any(|row| row.contains("spf | fail")), "{rows:?}");
    assert!(!rows.iter().any(|row| row.contains("dkim | pass")), "{rows:?}");
    assert!(text.contains("ほかに 1 件の結果が書かれていますが"), "{text}");
}

#[test]
fn hidden_text_stands_apart_and_links_show_where_they_lead() {
    let mut desk = Desk::new();
    let mail = "From: a@example.com\r\nSubject: x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
        <p>見える文</p><p style=\"display:none\">隠れた文</p><a href=\"https://evil.test/pay\">https://bank.test/</a>\r\n";
    let id = desk.receive(mail.as_bytes(), "24-Nov-2026 10:15:00 +0900");
    desk.open(Subject::Named("x".into()), &[id]);
    let text = report(&desk, Language::Ja);
    let warned = text.find("画面には見えない形").unwrap();
    assert!(text.find("  見える文").unwrap() < warned && warned < text.find("  隠れた文").unwrap(), "{text}");
    assert!(text.contains("| hxxps://bank[.]test/ | hxxps://evil[.]test/pay"), "{text}");
}

#[test]
fn a_case_of_a_sender_takes_its_mail_whenever_it_comes_and_in_any_case_of_letters() {
    let mut desk = Desk::new();
    let mail = |from: &str, n: u32| {
        format!("From: {from}\r\nSubject: {n}\r\n\r\npay https://x.test/{n}\r\n").into_bytes()
    };
    desk.receive(&mail("Boss <Seikyu@Evil.Test>", 1), "22-Nov-2026 10:00:00 +0900");
    desk.receive(&mail("other@example.com", 2), "21-Nov-2026 10:00:00 +0900");
    desk.open(Subject::Sender("seikyu@evil.test".into()), &[]);
    assert_eq!(desk.case().members.len(), 1);
    let earlier = desk.receive(&mail("seikyu@evil.test", 3), "20-Nov-2026 10:00:00 +0900");
    let case = desk.case();
    // It began when the earliest message came, by the server's time, in whatever order they were taken.
    assert_eq!(case.members.iter().map(|one| one.id).next(), Some(earlier));
    assert_eq!(case.began(), Some("2026-11-20T01:00:00Z".parse().unwrap()));
}

#[test]
fn what_goes_for_its_age_stays_in_the_case_of_its_sender_and_what_is_held_stays_whole() {
    let mut desk = Desk::new();
    let mail = |from: &str, n: u32| {
        format!("From: {from}\r\nSubject: {n}\r\n\r\npay https://x.test/{n}\r\n").into_bytes()
    };
    let id = desk.receive(&mail("seikyu@evil.test", 1), "22-Nov-2026 10:00:00 +0900");
    let other = desk.receive(&mail("other@example.com", 2), "21-Nov-2026 10:00:00 +0900");
    desk.open(Subject::Sender("seikyu@evil.test".into()), &[]);
    desk.enter(vec![Entry::CaseHeld { case: super::CASE, held: true }]);
    let later = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * 366 * 9);
    let expire = |desk: &Desk| {
        let store = desk.store.as_ref().unwrap();
        crate::store::run(store.expire(Retention::default(), later)).unwrap()
    };
    // It came after the case was opened by its sender alone, and is held like the others.
    assert_eq!(expire(&desk), 1);
    assert!(desk.layout().meta(id).exists() && !desk.layout().meta(other).exists());
    desk.enter(vec![Entry::CaseHeld { case: super::CASE, held: false }]);
    assert_eq!(expire(&desk), 1);
    let case = desk.case();
    assert_eq!(case.members.iter().map(|one| (one.id, one.erased)).collect::<Vec<_>>(), [(id, true)]);
}

#[test]
fn what_was_erased_is_said_to_be() {
    let desk = desk();
    let case = desk.case();
    let member = &case.members[0];
    run_erase(&desk, member.id);
    let case = desk.case();
    assert!(case.members[0].erased && case.members[0].letter.is_none());
    let text = report(&desk, Language::Ja);
    assert!(text.contains(Absent::Erased.word(Language::Ja)), "{text}");
    assert!(text.contains("（消去済み）"), "{text}");
}

fn run_erase(desk: &Desk, id: komainu::evidence::EvidenceId) {
    crate::store::run(desk.store.as_ref().unwrap().erase(vec![id], "asked")).unwrap();
}

#[test]
fn a_timeline_has_both_times_and_says_whose_clock() {
    let desk = desk();
    let rows = timeline::rows(&desk.case(), &zone());
    let csv = timeline::csv(&rows, &zone());
    assert!(csv.starts_with("\u{feff}utc,local,kind,"), "{csv}");
    assert!(csv.contains("2026-11-20T00:00:00Z,\"2026-11-20 09:00:00 +09:00\",message,"), "{csv}");
    assert!(csv.contains("メールサーバーの受信時刻") && csv.contains("本人の申告"), "{csv}");
    let json = timeline::as_json(&rows, &zone());
    assert_eq!(json.as_array().unwrap().len(), rows.len());
    assert!(rows.windows(2).all(|pair| pair[0].at <= pair[1].at));
    let at: Timestamp = "2026-11-20T00:00:00Z".parse().unwrap();
    assert_eq!(timeline::utc(at), "2026-11-20T00:00:00Z");
}

/// RFC 4180, read by hand: what a spreadsheet makes of a cell.
fn read_cell(cell: &str) -> String {
    match cell.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"').unwrap().replace("\"\"", "\""),
        None => cell.to_owned(),
    }
}

proptest! {
    #[test]
    fn no_cell_is_a_formula_and_none_breaks_out(text in "([ \u{3000}]*[=+@\\-\t\r\n＝＋])?.{0,40}|[\"',;=\r\n]{0,20}") {
        let cell = timeline::cell(&text);
        let quoted = cell.starts_with('"');
        prop_assert!(quoted || !cell.contains(['"', ',', '\r', '\n']));
        if quoted {
            let inside = &cell[1..cell.len() - 1];
            prop_assert!(!inside.replace("\"\"", "").contains('"'));
        }
        let read = read_cell(&cell);
        let start = read.trim_start_matches([' ', '\u{3000}']);
        prop_assert!(!start.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']));
        prop_assert!(read == text || read.strip_prefix('\'') == Some(text.as_str()));
    }
}
