//! Words of the command line in both languages.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::indicator::{Bilingual, Category, Family, indicator};
use crate::message::Place;
use crate::verdict::{self, Level};

pub(super) use crate::config::Language as Lang;

/// A level in a word. Never "safe".
pub(super) fn level_word(level: Level, lang: Lang) -> &'static str {
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
pub(super) fn category_word(category: Category, lang: Lang) -> &'static str {
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

/// A family by the name that findings give it, and what it is about.
pub(super) fn family_word(family: Family, lang: Lang) -> String {
    let name = serde_json::to_value(family).ok();
    let name = name.as_ref().and_then(|name| name.as_str()).unwrap_or_default();
    let (ja, en) = match family {
        Family::Billing => ("請求", "money is said to be owed"),
        Family::Legal => ("法律・裁判所・役所", "law, courts and authorities"),
        Family::Pressure => ("急がせる・追い込む", "little time, last warnings"),
        Family::Payment => ("支払い方法", "how to pay"),
        Family::Intrusion => ("訪問・調査の予告", "somebody will come, or ask the family"),
        Family::Extortion => ("脅し", "a harm is threatened"),
        Family::Knowledge => ("本人の情報", "what the sender knows of you"),
        Family::Lure => ("アカウント異常・特典の誘い", "the story of the troubled account or the gift"),
        Family::Brand => ("ブランド", "a brand that is spoken for"),
        Family::Link => ("リンク先", "where links go"),
        Family::Business => ("上司・取引先を装う", "the story of the superior or the supplier"),
        Family::Secrecy => ("口止め", "others are to be kept out"),
        Family::Secrets => ("秘密の情報の入力", "secrets are to be typed in"),
        Family::Remote => ("遠隔操作", "a helper who wants to be let in"),
        Family::Windfall => ("思いがけない大金", "the story of the windfall"),
        Family::Investment => ("投資の誘い", "the story of the certain profit"),
        Family::Promise => ("ありえない約束", "what nobody honest may promise"),
        Family::Approach => ("見知らぬ人の接近", "a stranger who seeks trust"),
        Family::Callback => ("電話への誘導", "the charge that can be undone by telephone"),
        Family::Code => ("QRコード", "what a QR code leads to"),
        Family::Disguise => ("隠し・すり抜け", "what is kept from filters"),
        Family::Language => ("言葉づかい", "how the language is written"),
        Family::Markup => ("メールの仕掛け", "what the mail does beside being read"),
        Family::Work => ("簡単な仕事の誘い", "the story of easy work"),
        Family::Contact => ("返事の送り先", "where the answer is to go"),
        Family::Greeting => ("呼びかけ方", "how you are addressed"),
        Family::Attachment => ("添付ファイル", "files"),
        Family::Wording => ("学習した文章", "how the text reads, learned from labelled mail"),
        Family::Build => ("学習した作り", "how the message is built, learned from labelled mail"),
        Family::Hosting => ("リンク先の場所", "where links are kept"),
        Family::Transport => ("作られ方・送られ方", "how it was made and sent"),
        Family::Style => ("書きぶり", "style"),
        Family::Sender => ("差出人", "who says to be writing"),
        Family::Authentication => ("送信元の認証", "the provider's own check of the sender"),
        Family::Person => ("あなたの判断", "what you decided"),
        Family::Mitigation => ("点数を下げるもの", "what speaks against a scam"),
    };
    match lang {
        Lang::Ja => format!("{ja} ({name})"),
        Lang::En => format!("{name}: {en}"),
    }
}

/// A text in the person's language.
pub(super) fn pick(text: Bilingual, lang: Lang) -> &'static str {
    lang.pick(text.ja, text.en)
}

/// Where something was seen, in words.
pub(super) fn place_word(place: &Place, lang: Lang) -> String {
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
pub(super) fn finding_title(id: &str, lang: Lang) -> Option<&'static str> {
    let computed = || COMPUTED.iter().find(|(computed, ..)| *computed == id).map(|(_, title, _)| *title);
    indicator(id).map(|indicator| indicator.title).or_else(computed).map(|title| pick(title, lang))
}

/// Findings that are no indicators: how the score is put together. Id, what it is, what it is for.
pub(super) const COMPUTED: [(&str, Bilingual, Bilingual); 3] = [
    (
        verdict::BASE_RATE,
        Bilingual { ja: "出発点", en: "what every message starts from" },
        Bilingual {
            ja: "ほとんどのメールは正当なものなので、点数はマイナスから始まります。",
            en: "Most mail is honest, so the score begins below zero.",
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
];

/// `text` and as many spaces as it is narrower than `width` terminal columns.
pub(super) fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// Lines of at most `width` terminal columns. Japanese may break between any two characters, but a line begins with no
/// closing mark; other text breaks at spaces only.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    const CLOSING: &str = "、。，．・）」』】〉》！？…ー)]}.,;:!?";
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        let stays = piece.chars().next().is_some_and(|first| CLOSING.contains(first));
        if !line.is_empty() && line.width() + piece.trim_end().width() > width && !stays {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
        }
        line.push_str(&piece);
    }
    lines.push(line.trim_end().to_owned());
    lines
}

/// What may not be broken within: a wide character, or a run of others with the space behind it.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut open = false;
    for c in text.chars() {
        let wide = c.width().unwrap_or(0) > 1;
        match pieces.last_mut() {
            Some(last) if open && !wide => last.push(c),
            _ => pieces.push(c.to_string()),
        }
        open = !wide && c != ' ';
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_no_wider_than_asked_and_nothing_is_lost() {
        for text in [
            "裁判所は訴状や支払督促をメールで送りません。特別送達という書留で届き、手渡しで受け取ります。",
            "Courts do not send complaints or payment orders by e-mail. They come by registered post.",
            "相談は #9110 や 188 へ。SPF・DKIM・DMARC の検査。",
            "",
        ] {
            let lines = wrapped(text, 20);
            // A closing mark may stand out by one wide character.
            assert!(lines.iter().all(|line| line.width() <= 22), "{lines:?}");
            assert!(lines.iter().all(|line| !line.starts_with(['、', '。', ' '])), "{lines:?}");
            let squeeze = |text: &str| text.replace(' ', "");
            assert_eq!(squeeze(&lines.concat()), squeeze(text));
        }
    }

    #[test]
    fn columns_are_counted_as_a_terminal_shows_them() {
        assert_eq!(padded("系統", 6), "系統  ");
        assert_eq!(padded("too long", 3), "too long");
    }
}
