//! Words of the digest, in both languages. Never that something is safe.

mod events;
mod times;

use super::day::{Action, Day, Item, Kind, OfCategory, Scope, Status};
use crate::case::words::{category_word, level_word};
use crate::document::Language;
use crate::evidence::EvidenceId;

pub(super) use events::{about, act, correction, fault, outage};
pub(super) use times::{date, duration, minute, minutes, period, period_utc, short, short_date};

/// What it is: the digest of a day, or something that is only looked at.
pub(super) fn title(day: &Day, lang: Language) -> String {
    let date = date(day.date, lang);
    match (day.scope, lang) {
        (Scope::Stretch, Language::Ja) => format!("{} からの状況", minute(day.period.start)),
        (Scope::Stretch, Language::En) => format!("Since {}", minute(day.period.start)),
        (_, Language::Ja) => format!("{date} の日報"),
        (_, Language::En) => format!("Digest of {date}"),
    }
}

/// That it is no digest of a day that is over; none where it is.
pub(super) fn caution(day: &Day, lang: Language) -> Option<String> {
    let made = minute(day.made);
    match day.scope {
        Scope::Day => None,
        Scope::SoFar if day.made < day.period.end => Some(match lang {
            Language::Ja => format!(
                "途中経過です。この日はまだ終わっていません（{made} まで）。日報は、日付が変わってから書かれます。該当なしのメールは、まとめて記録されるまで数に入らないことがあります（15 分まで）。"
            ),
            Language::En => format!(
                "Not final: this day is not over (as of {made}). Its digest is written after midnight. Mail in which nothing was found is counted when it is put on record together, up to 15 minutes later."
            ),
        }),
        Scope::SoFar => Some(match lang {
            Language::Ja => {
                format!("この日の日報のファイルはありません。{made} に、記録から計算したものです。")
            }
            Language::En => {
                format!("There is no file of this day's digest. This was computed from the record at {made}.")
            }
        }),
        Scope::Stretch => Some(match lang {
            Language::Ja => format!(
                "日報ではありません。{made} に、記録から計算したものです。該当なしのメールは、まとめて記録されるまで数に入らないことがあります（15 分まで）。"
            ),
            Language::En => format!(
                "Not a day's digest: computed from the record at {made}. Mail in which nothing was found is counted when it is put on record together, up to 15 minutes later."
            ),
        }),
    }
}

/// How many of what, in one line; what a subject says.
pub(super) fn headline(day: &Day, lang: Language) -> String {
    let kinds: Vec<String> = day.hits.by_category.iter().map(|one| counted(*one, lang)).collect();
    let kinds = kinds.join(lang.pick("、", ", "));
    let (threats, moved, scanned) = (day.threats, day.quarantined, day.scanned);
    if unchecked(day) {
        return lang.pick("検査できませんでした", "could not check").to_owned();
    }
    let mut parts: Vec<String> = Vec::new();
    if threats > 0 {
        parts.push(match lang {
            Language::Ja if moved == threats => format!("隔離 {threats} 件 ({kinds})"),
            Language::Ja if moved == 0 => format!("脅威 {threats} 件 ({kinds})、隔離はしていません"),
            Language::Ja => format!("脅威 {threats} 件 ({kinds})、うち隔離 {moved} 件"),
            Language::En if moved == threats => format!("{threats} quarantined ({kinds})"),
            Language::En if moved == 0 => format!("{} ({kinds}), none moved", plural(threats, "threat")),
            Language::En => format!("{} ({kinds}), {moved} quarantined", plural(threats, "threat")),
        });
    }
    if day.suspicious > 0 {
        parts.push(match lang {
            Language::Ja => format!("疑わしい {} 件", day.suspicious),
            Language::En => format!("{} suspicious", day.suspicious),
        });
    }
    if day.reported > 0 {
        parts.push(match lang {
            Language::Ja => format!("報告 {} 件", day.reported),
            Language::En => format!("{} reported by you", day.reported),
        });
    }
    if day.not_judged > 0 {
        parts.push(match lang {
            Language::Ja => format!("検査できず {} 通", day.not_judged),
            Language::En => format!("{} could not be checked", day.not_judged),
        });
    }
    if parts.is_empty() && scanned == 0 {
        return lang.pick("新しいメールは届きませんでした", "no new mail came").to_owned();
    }
    if parts.is_empty() {
        parts.push(lang.pick("該当なし", "nothing found").to_owned());
    }
    parts.push(match lang {
        Language::Ja => format!("検査 {scanned} 通"),
        Language::En => format!("{scanned} checked"),
    });
    parts.join(" / ")
}

/// True where nothing was watched all through, so that nothing can be said.
pub(super) fn unchecked(day: &Day) -> bool {
    day.status == Status::Failed && day.scanned == 0 && day.not_judged == 0 && !day.outages.is_empty()
}

/// The result in a sentence or two, for the head of the digest.
pub(super) fn result(day: &Day, lang: Language) -> Vec<String> {
    let mut lines = Vec::new();
    let out = duration(day.unwatched(), lang);
    if day.integrity.verify == super::day::Verify::Failed {
        lines.push(
            lang.pick(
                "記録の検証に失敗しました。記録が壊れたか、書き換えられたおそれがあります（「記録の完全性」を見てください）。",
                "The record did not verify: it may be damaged or altered (see “The record”).",
            )
            .to_owned(),
        );
    }
    if unchecked(day) {
        lines.push(match lang {
            Language::Ja => format!("検査できませんでした。見張れていない時間は {out}です。その間に何が届いたかは、ここからは分かりません。"),
            Language::En => format!("Could not check. Nobody was watching for {out}; what came in that time is not known here."),
        });
        return lines;
    }
    let what = headline(day, lang);
    lines.push(match lang {
        Language::Ja => format!("{what}。"),
        Language::En => format!("{}.", capital(&what)),
    });
    if [day.threats, day.suspicious, day.reported, day.not_judged] == [0; 4] && day.scanned > 0 {
        lines.push(
            lang.pick(
                "調べた限りでは、疑わしいメールは見つかりませんでした。問題がないという保証ではありません。",
                "As far as was looked, nothing suspicious was found. That is no guarantee that nothing is wrong.",
            )
            .to_owned(),
        );
    }
    if !day.outages.is_empty() {
        lines.push(match lang {
            Language::Ja => format!("見張れていない時間が {out}あります（「動作状況」を見てください）。"),
            Language::En => format!("Nobody was watching for {out} (see “How komainu did”)."),
        });
    }
    lines
}

fn counted(one: OfCategory, lang: Language) -> String {
    format!("{} {}", category_word(one.category, lang), one.count)
}

/// `1 threat`, `2 threats`
pub(super) fn plural(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// What a message is, in a word.
pub(super) fn kind(item: &Item, lang: Language) -> &'static str {
    match (item.kind, item.level) {
        (Kind::Reported, _) => lang.pick("あなたの報告", "reported by you"),
        (Kind::NotJudged, _) | (_, None) => lang.pick("検査できず", "not checked"),
        (Kind::Judged, Some(level)) => level_word(level, lang),
    }
}

/// Who seems to have written: the name as it is shown, and the address.
pub(super) fn who(item: &Item, lang: Language) -> String {
    match (&item.from_display, &item.from_addr) {
        (Some(name), Some(address)) => match lang {
            Language::Ja => format!("「{name}」 <{address}>"),
            Language::En => format!("“{name}” <{address}>"),
        },
        (Some(name), None) => match lang {
            Language::Ja => format!("「{name}」（アドレスなし）"),
            Language::En => format!("“{name}” (no address)"),
        },
        (None, Some(address)) => format!("<{address}>"),
        (None, None) if item.erased => lang.pick("（内容は消去済み）", "(content erased)").to_owned(),
        (None, None) => lang.pick("（読み取れません）", "(could not be read)").to_owned(),
    }
}

/// What was done.
pub(super) fn action(item: &Item, lang: Language) -> String {
    let folder = item.folder.as_ref().map_or("-", |folder| folder.as_str());
    match (item.action, lang) {
        (Action::Moved, Language::Ja) => format!("「{folder}」へ移しました。返信はしていません。"),
        (Action::Moved, Language::En) => format!("Moved to “{folder}”. Nothing was answered."),
        (Action::Kept, Language::Ja) if item.level == Some(crate::verdict::Level::Threat) => format!(
            "「{folder}」にそのまま残しています。動かす設定であれば隔離していました。返信はしていません。"
        ),
        (Action::Kept, Language::En) if item.level == Some(crate::verdict::Level::Threat) => format!(
            "Left where it is, in “{folder}”; it would have been quarantined if moving were on. Nothing was answered."
        ),
        (Action::Kept, Language::Ja) => format!("「{folder}」にそのまま残しています。返信はしていません。"),
        (Action::Kept, Language::En) => format!("Left where it is, in “{folder}”. Nothing was answered."),
        (Action::Pending, Language::Ja) => {
            format!("「{folder}」へ移す途中です。結果は次の日報に載ります。返信はしていません。")
        }
        (Action::Pending, Language::En) => {
            format!(
                "About to be moved to “{folder}”; the next digest says how that went. Nothing was answered."
            )
        }
        (Action::Refused, Language::Ja) => {
            format!("メールサーバーに移動を断られました。「{folder}」に残っています。返信はしていません。")
        }
        (Action::Refused, Language::En) => {
            format!("The mail server refused to move it; it is still in “{folder}”. Nothing was answered.")
        }
        (Action::GoneByOther, Language::Ja) => {
            "移す前に、ほかの操作で移動または削除されていました。証拠は残しています。".to_owned()
        }
        (Action::GoneByOther, Language::En) => {
            "Somebody else moved or deleted it first. The evidence is kept.".to_owned()
        }
        (Action::MovedByUser, Language::Ja) => {
            format!("あなたが「{folder}」へ移しました。証拠を残しました。")
        }
        (Action::MovedByUser, Language::En) => format!("You moved it to “{folder}”. The evidence is kept."),
        (Action::Released, Language::Ja) => {
            format!("隔離から「{folder}」へ戻されました。同じメールはもう移しません。")
        }
        (Action::Released, Language::En) => {
            format!("Taken back from quarantine to “{folder}”. This message is not moved again.")
        }
    }
}

/// Why a message could not be judged.
pub(super) fn not_judged(reason: &str, lang: Language) -> String {
    let (ja, en) = match reason {
        "too-large" => ("大きすぎます", "it is too large"),
        "fetch-refused" => ("メールサーバーが中身を渡しませんでした", "the mail server did not hand it over"),
        "no-octets" => ("中身がありませんでした", "there was nothing in it"),
        "panic" => ("読み取りの途中で止まりました", "reading it broke off"),
        other => return other.to_owned(),
    };
    lang.pick(ja, en).to_owned()
}

/// An evidence id as far as it takes to tell one from another.
pub(super) fn id(id: EvidenceId) -> String {
    id.to_string().chars().take(18).collect()
}

/// How komainu did, in a word.
pub(super) fn status(status: Status, lang: Language) -> &'static str {
    match status {
        Status::Ok => lang.pick("正常に動作", "running as it should"),
        Status::Degraded => lang.pick("一部に支障あり", "not all went well"),
        Status::Failed => lang.pick("支障あり", "something failed"),
    }
}

/// `41.0 GB`
pub(super) fn octets(count: u64) -> String {
    let (unit, size) = match count {
        0..1_000 => return format!("{count} B"),
        1_000..1_000_000 => ("kB", 1e3),
        1_000_000..1_000_000_000 => ("MB", 1e6),
        _ => ("GB", 1e9),
    };
    format!("{:.1} {unit}", count as f64 / size)
}
