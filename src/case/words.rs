//! Words for what the record has machine words for, in both languages.

use serde::de::DeserializeOwned;

use crate::demand::{ContactKind, PayKind, Want};
use crate::document::Language as Lang;
use crate::indicator::{Bilingual, Category, indicator};
use crate::message::{Excerpt, Place};
use crate::model;
use crate::verdict::{self, Level, Severity};

/// A level in a word. Never "safe".
pub fn level_word(level: Level, lang: Lang) -> &'static str {
    match (level, lang) {
        (Level::Threat, Lang::Ja) => "脅威",
        (Level::Threat, Lang::En) => "THREAT",
        (Level::Suspicious, Lang::Ja) => "疑わしい",
        (Level::Suspicious, Lang::En) => "suspicious",
        (Level::Clean, Lang::Ja) => "該当なし",
        (Level::Clean, Lang::En) => "nothing found",
    }
}

/// A category in a word or two.
pub fn category_word(category: Category, lang: Lang) -> &'static str {
    match (category, lang) {
        (Category::FakeBilling, Lang::Ja) => "架空請求",
        (Category::FakeBilling, Lang::En) => "fake billing",
        (Category::Extortion, Lang::Ja) => "脅迫・恐喝",
        (Category::Extortion, Lang::En) => "extortion",
        (Category::Phishing, Lang::Ja) => "フィッシング",
        (Category::Phishing, Lang::En) => "phishing",
        (Category::Bec, Lang::Ja) => "なりすまし指示 (BEC)",
        (Category::Bec, Lang::En) => "impersonated colleague (BEC)",
        (Category::AdvanceFee, Lang::Ja) => "前払い金詐欺",
        (Category::AdvanceFee, Lang::En) => "advance fee",
        (Category::Callback, Lang::Ja) => "電話誘導",
        (Category::Callback, Lang::En) => "call-back",
        (Category::Malware, Lang::Ja) => "不正プログラム",
        (Category::Malware, Lang::En) => "malware",
        (Category::Other, Lang::Ja) => "その他",
        (Category::Other, Lang::En) => "other",
    }
}

/// How much it presses, in a word.
pub fn severity_word(severity: Severity, lang: Lang) -> &'static str {
    match severity {
        Severity::Low => lang.pick("低", "low"),
        Severity::High => lang.pick("高", "high"),
        Severity::Urgent => lang.pick("緊急", "urgent"),
    }
}

/// A text in the person's language.
pub fn pick(text: Bilingual, lang: Lang) -> &'static str {
    lang.pick(text.ja, text.en)
}

/// Where something was seen, in words.
pub fn place_word(place: &Place, lang: Lang) -> String {
    match (place, lang) {
        (Place::Subject, Lang::Ja) => "件名".to_owned(),
        (Place::Header(name), Lang::Ja) => format!("ヘッダー {name}"),
        (Place::Text(n), Lang::Ja) => format!("本文 {n}"),
        (Place::Link(n), Lang::Ja) => format!("リンク {n}"),
        (Place::Attachment(n), Lang::Ja) => format!("添付 {n}"),
        _ => place.to_string().replacen('/', " ", 1),
    }
}

/// What a finding means in a few words; none where this version does not know it.
pub fn finding_title(id: &str, lang: Lang) -> Option<&'static str> {
    let computed = || COMPUTED.iter().find(|(computed, ..)| *computed == id).map(|(_, title, _)| *title);
    indicator(id).map(|indicator| indicator.title).or_else(computed).map(|title| pick(title, lang))
}

/// Findings that are no indicators: how the score is put together. Id, what it is, what it is for.
pub const COMPUTED: [(&str, Bilingual, Bilingual); 6] = [
    (
        verdict::BASE_RATE,
        Bilingual { ja: "出発点", en: "what every message starts from" },
        Bilingual {
            ja: "ほとんどのメールは正当なものなので、点数はマイナスから始まります。",
            en: "Most mail is honest, so the score begins below zero.",
        },
    ),
    (
        model::TEXT,
        Bilingual { ja: "学習した文章の読み", en: "how the text reads, learned" },
        Bilingual {
            ja: "分類済みのメールから学習した、文字の並びによる読みです。詐欺の文章に近ければ足し、ふつうの文章に近ければ引きます。上限があり、証人の一人にすぎません。これだけで隔離することはありません。示しているのは、いちばん強く働いた箇所です。",
            en: "Learned from labelled mail, by runs of characters: adds where a text reads like scams, takes away where it reads like honest mail. Bounded, and one witness among others: never enough to quarantine by itself. The words shown are those that weighed most.",
        },
    ),
    (
        model::SHAPE,
        Bilingual { ja: "学習したメールの形", en: "how the message is built, learned" },
        Bilingual {
            ja: "分類済みのメールから学習した、メールの組み立ての特徴です。上限があり、証人の一人にすぎません。これだけで隔離することはありません。",
            en: "Learned from labelled mail: traits of how a message is built. Bounded, and one witness among others: never enough to quarantine by itself.",
        },
    ),
    (
        verdict::FAMILY_CAP,
        Bilingual { ja: "同じ系統の合計の上限", en: "the most that one family may add" },
        Bilingual {
            ja: "同じことを何度言っても証人は一人です。一つの系統の合計が上限を超えた分を引きます。",
            en: "One witness, however often it speaks: what a family has beyond its cap is taken away.",
        },
    ),
    (
        verdict::GATE,
        Bilingual { ja: "一系統だけでは隔離しない", en: "one family alone does not quarantine" },
        Bilingual {
            ja: "独立した二つの系統か、決定的な事実が一つなければ、点数を「脅威」の境目の下にとどめます。",
            en: "Without two independent families or one hard fact, the score is held below the threshold of a threat.",
        },
    ),
    (
        verdict::RELEASED,
        Bilingual {
            ja: "以前あなたが戻した差出人は、文面だけでは隔離しない",
            en: "a sender you released is not quarantined for words alone",
        },
        Bilingual {
            ja: "あなたが以前に隔離から戻し、受信サーバーも本物と確認した差出人です。決定的な事実がなければ、点数を「脅威」の境目の下にとどめます。",
            en: "You took mail of this sender out of quarantine, and the receiving server vouches for them. Without a hard fact the score is held below the threshold of a threat.",
        },
    ),
];

/// Something that is asked for.
pub fn want_word(want: Want, lang: Lang) -> &'static str {
    let (ja, en) = match want {
        Want::Pay => ("支払い", "payment"),
        Want::HandOverCodes => ("番号・コードを渡す", "codes to be handed over"),
        Want::Call => ("電話", "a call"),
        Want::Reply => ("返信", "a reply"),
        Want::LogIn => ("ログイン・情報の入力", "a log-in or secrets"),
        Want::Click => ("リンクを開く", "a link to be followed"),
        Want::OpenFile => ("添付ファイルを開く", "a file to be opened"),
        Want::Install => ("ソフトの導入", "a program to be installed"),
        Want::KeepSecret => ("口止め", "secrecy"),
        Want::ChangeBankDetails => ("振込先の変更", "changed bank details"),
        Want::Meet => ("面会・手渡し", "a meeting"),
        Want::SendDocuments => ("書類・個人情報", "documents or personal details"),
        Want::JoinChat => ("LINE などへの誘導", "a messenger chat"),
    };
    lang.pick(ja, en)
}

/// Through what money is to go.
pub fn pay_word(kind: PayKind, lang: Lang) -> &'static str {
    let (ja, en) = match kind {
        PayKind::Bank => ("銀行口座", "bank"),
        PayKind::Ewallet => ("送金サービス", "payment service"),
        PayKind::GiftCard => ("プリペイドカード", "gift card"),
        PayKind::Crypto => ("暗号資産", "crypto"),
        PayKind::Other => ("その他", "other"),
    };
    lang.pick(ja, en)
}

/// By which way to answer.
pub fn contact_word(kind: ContactKind, lang: Lang) -> &'static str {
    match kind {
        ContactKind::Phone => lang.pick("電話", "phone"),
        ContactKind::Url => "URL",
        ContactKind::Line => "LINE",
        ContactKind::Email => lang.pick("メール", "mail"),
        ContactKind::Telegram => "Telegram",
        ContactKind::Whatsapp => "WhatsApp",
        ContactKind::Signal => "Signal",
        ContactKind::Other => lang.pick("その他", "other"),
    }
}

/// A machine word in the person's language; one of a newer version as it is.
pub fn machine_word<T: DeserializeOwned>(word: &str, of: impl Fn(T) -> &'static str) -> String {
    serde_json::from_value(word.into()).map_or_else(|_| shown(word), |known| of(known).to_owned())
}

/// `298,000円`, `1,000 USD`.
pub fn amount_word(value: &str, currency: &str, lang: Lang) -> String {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let mut grouped = String::new();
    for (n, digit) in whole.chars().enumerate() {
        if n > 0 && (whole.len() - n).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if !fraction.is_empty() {
        grouped.push('.');
        grouped.push_str(fraction);
    }
    match (currency, lang) {
        ("JPY", Lang::Ja) => shown(&format!("{grouped}円")),
        (currency, _) => shown(&format!("{grouped} {currency}")),
    }
}

fn shown(value: &str) -> String {
    Excerpt::line(value, 300).to_string()
}
