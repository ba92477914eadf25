//! What the demo says.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use super::{Told, USER};
use crate::cli::demand::demand_lines;
use crate::cli::text::{Lang, category_word, level_word};
use crate::demand;
use crate::demo::samples::{SAMPLES, Sample};
use crate::demo::server::Server;
use crate::indicator::Context;
use crate::message::{Excerpt, Message};

/// One message of the story: what arrives, what happens, and why.
pub(super) fn story(number: usize, sample: &Sample, told: &Told, lang: Lang) -> String {
    let message = Message::parse(sample.octets);
    let from = message.from.first();
    let mut text = format!(
        "\n{number:>2}. {}\n    {} {} <{}>\n    {} {}\n",
        lang.pick(&sample.ja, &sample.en),
        lang.pick("差出人:", "From:   "),
        from.map(|from| Excerpt::new(from.name.original()).to_string()).unwrap_or_default(),
        from.map(|from| Excerpt::new(&from.addr).to_string()).unwrap_or_default(),
        lang.pick("件名:  ", "Subject:"),
        Excerpt::new(message.subject.original()),
    );
    let Some(verdict) = &told.verdict else {
        text.push_str(lang.pick(
            "    → 検査できませんでした。受信箱に残します。\n",
            "    → could not be judged; it stays in the inbox.\n",
        ));
        return text;
    };
    match told.after {
        Some(after) => {
            let category = verdict.category.map_or("", |category| category_word(category, lang));
            let _ = match lang {
                Lang::Ja => writeln!(
                    text,
                    "    → 隔離しました [{category}] 点数 {} (しきい値 {}) 着信通知から {:.1} ms。返信はしていません。",
                    verdict.score,
                    verdict.thresholds.threat,
                    after.as_secs_f64() * 1000.0
                ),
                Lang::En => writeln!(
                    text,
                    "    → moved to quarantine [{category}] score {} (threshold {}), {:.1} ms after the wake. No reply was sent.",
                    verdict.score,
                    verdict.thresholds.threat,
                    after.as_secs_f64() * 1000.0
                ),
            };
            for finding in &verdict.findings {
                let excerpt: String = finding.excerpt.as_str().chars().take(48).collect();
                let _ = writeln!(
                    text,
                    "        {:>6}  {:<26} {:<14} 「{excerpt}」",
                    finding.weight.to_string(),
                    finding.indicator,
                    finding.place.to_string()
                );
            }
            if let Some(demand) = demand::extract(&message, &Context::default(), true) {
                for line in demand_lines(&demand, lang) {
                    let _ = writeln!(text, "        {line}");
                }
            }
        }
        None => {
            let _ = match lang {
                Lang::Ja => writeln!(
                    text,
                    "    → 受信箱に残します ({}、点数 {})。",
                    level_word(verdict.level, lang),
                    verdict.score
                ),
                Lang::En => writeln!(
                    text,
                    "    → stays in the inbox ({}, score {}).",
                    level_word(verdict.level, lang),
                    verdict.score
                ),
            };
        }
    }
    text
}

pub(super) fn introduction(server: &Server, lang: Lang) -> String {
    let address = server.addr();
    match lang {
        Lang::Ja => format!(
            "komainu デモ: 内蔵 IMAP サーバー ({address}, TLS) を、実際のサービスと同じ仕組みで見張ります。\n\
             登場人物・会社・住所はすべて架空です。{} 通が届きます。\n",
            SAMPLES.len()
        ),
        Lang::En => format!(
            "komainu demo: the service itself watches the embedded IMAP server ({address}, TLS).\n\
             All people, companies and addresses are invented. {} messages arrive.\n",
            SAMPLES.len()
        ),
    }
}

pub(super) fn evidence(dir: &Path, misplaced: usize, elapsed: Duration, lang: Lang) -> String {
    let right = SAMPLES.len().saturating_sub(misplaced);
    let store = dir.join("state").join("evidence");
    let config = dir.join("komainu.toml");
    let (store, config, dir) = (store.display(), config.display(), dir.display());
    let seconds = elapsed.as_secs_f64();
    match lang {
        Lang::Ja => format!(
            "\n■ 結果: {right} / {} 通が正しい場所にあります ({seconds:.1} 秒)\n\
             ■ 証拠の記録: {store}\n    blobs/ 受信したままの原本   chain/ 改ざんを検出できる記録   meta/ 判定の内容\n\
             確かめる: komainu evidence verify --config {config}   渡す: komainu case list --config {config}\n\
             設定と記録は {dir} に残してあります。不要になったらフォルダーごと消してください。\n",
            SAMPLES.len()
        ),
        Lang::En => format!(
            "\n■ Result: {right} of {} messages are in the right place ({seconds:.1} s)\n\
             ■ Evidence: {store}\n    blobs/ the originals as received   chain/ the tamper-evident record   meta/ what was found\n\
             Verify it: komainu evidence verify --config {config}   Hand it over: komainu case list --config {config}\n\
             Configuration and record are left in {dir}; remove the folder when you are done with it.\n",
            SAMPLES.len()
        ),
    }
}

pub(super) fn invitation(dir: &Path, server: &Server, password: &str, lang: Lang) -> String {
    let (host, port) = ("localhost", server.addr().port());
    let ca = dir.join("ca.pem");
    let ca = ca.display();
    match lang {
        Lang::Ja => format!(
            "\n■ お使いのメールソフトで両方のメールボックスを見られます (IMAP, SSL/TLS):\n\
             \x20   サーバー {host}  ポート {port}\n    ユーザー {USER}\n    パスワード {password}\n    認証局 (CA) {ca}\n\
             見張りは続いています。終わるには Ctrl-C を押してください。\n"
        ),
        Lang::En => format!(
            "\n■ Look at both mailboxes with your own mail program (IMAP, SSL/TLS):\n\
             \x20   host     {host}\n    port     {port}\n    user     {USER}\n    password {password}\n    CA       {ca}\n\
             The service goes on watching. Press Ctrl-C to end.\n"
        ),
    }
}
