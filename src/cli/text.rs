//! Words of the command line in both languages.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::indicator::Family;

pub(super) use crate::case::words::{COMPUTED, category_word, finding_title, level_word, pick, place_word};
pub(super) use crate::config::Language as Lang;

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

/// A length of time in its largest whole unit.
pub(super) fn span(time: std::time::Duration, lang: Lang) -> String {
    let seconds = time.as_secs();
    let units =
        [(86_400, "日", "days"), (3_600, "時間", "hours"), (60, "分", "minutes"), (1, "秒", "seconds")];
    let unit = units.iter().find(|(length, ..)| seconds.is_multiple_of(*length) && seconds >= *length);
    let (length, ja, en) = unit.copied().unwrap_or((1, "秒", "seconds"));
    match lang {
        Lang::Ja => format!("{} {ja}", seconds / length),
        Lang::En => format!("{} {en}", seconds / length),
    }
}

/// `text` and as many spaces as it is narrower than `width` terminal columns.
pub(super) fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// `text`, cut to `width` terminal columns, the last of them `…` where something was left out.
pub(super) fn clipped(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        if kept.width() + c.width().unwrap_or(0) + 1 > width {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    kept
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
        assert_eq!(clipped("最終通告", 8), "最終通告");
        assert_eq!(clipped("最終通告です", 8), "最終通…");
        assert_eq!(clipped("abc", 2), "a…");
    }
}
