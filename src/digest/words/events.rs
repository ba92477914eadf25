//! Words for what happened: acts, outages, faults, corrections.

use jiff::civil::Date;

use super::{duration, id, minute, plural, short};
use crate::case::timeline::unwatched;
use crate::case::words::level_word;
use crate::digest::day::{Act, Corrected, Correction, Fault, Outage};
use crate::document::Language;

/// An act of the person or of komainu.
pub(in crate::digest) fn act(act: &Act, lang: Language) -> String {
    let detail = act.detail.as_deref().unwrap_or_default();
    let (ja, en) = match (act.what.as_str(), detail) {
        ("release", _) => ("隔離から戻されました", "taken back from quarantine"),
        ("release-asked", _) => ("隔離から戻すように頼みました", "release asked for"),
        ("report", _) => ("隔離へ移しました（報告）", "moved into quarantine (reported)"),
        ("evidence-erased", _) if act.evidence_id.is_none() => {
            ("メモを消しました。メールと証拠は残っています", "a note erased; mail and evidence are kept")
        }
        ("evidence-erased", _) => {
            ("内容を消しました（消したことは記録に残ります）", "content erased (that it was stays on record)")
        }
        ("case-opened", _) => ("事案を作りました", "case opened"),
        ("case-added", _) => ("事案に加えました", "put into the case"),
        ("case-note", _) => ("事案にメモを書きました", "note written"),
        ("case-held", "on") => ("事案を消さないことにしました", "case kept, whatever its age"),
        ("case-held", _) => ("事案を期限どおりに消すことにしました", "case no longer kept beyond its time"),
        ("export", "lite") => {
            ("相談用の一式を書き出しました（メールで送れるもの）", "bundle written (to be sent by mail)")
        }
        ("export", _) => ("相談用の一式を書き出しました", "bundle written"),
        ("learned", "wanted") => {
            ("この差出人のメールは要ると覚えました", "learned: mail of this sender is wanted")
        }
        ("learned", _) => {
            ("この差出人のメールは要らないと覚えました", "learned: mail of this sender is not wanted")
        }
        ("unlearned", _) => {
            ("この差出人について覚えたことを取り消しました", "what was learned of this sender was undone")
        }
        ("move-result", "moved") => ("隔離へ移しました", "moved to quarantine"),
        ("move-result", "refused") => {
            ("メールサーバーに移動を断られました", "the mail server refused to move it")
        }
        ("move-result", _) => {
            ("移す前に、ほかの操作で移動または削除されていました", "somebody else moved or deleted it first")
        }
        ("refetch-verified", "different") => {
            ("移した先に、違うメールがありました", "another message stood where it was moved to")
        }
        ("refetch-verified", _) => {
            ("移した先に、もうありませんでした", "it was no longer where it had been moved to")
        }
        (other, "") => return other.to_owned(),
        (other, detail) => return format!("{other} ({detail})"),
    };
    lang.pick(ja, en).to_owned()
}

/// With which message or case.
pub(in crate::digest) fn about(act: &Act, lang: Language) -> Option<String> {
    let evidence = act.evidence_id.map(|of| match lang {
        Language::Ja => format!("証拠番号 {}", id(of)),
        Language::En => format!("evidence {}", id(of)),
    });
    let case = act.case.map(|case| match lang {
        Language::Ja => format!("事案 {case}"),
        Language::En => format!("case {case}"),
    });
    evidence.into_iter().chain(case).reduce(|one, other| format!("{one}, {other}"))
}

/// When nobody was watching, and why.
pub(in crate::digest) fn outage(outage: &Outage, day: Date, lang: Language) -> String {
    let (from, until) = (short(outage.from, day), short(outage.until, day));
    let why = unwatched(&outage.reason, lang);
    let whose = outage
        .account
        .as_ref()
        .map_or_else(|| lang.pick("すべてのアカウント", "all accounts").to_owned(), ToString::to_string);
    let length = duration(outage.until.at().duration_since(outage.from.at()), lang);
    let open = if outage.open { lang.pick("。まだ続いています", "; not over yet") } else { "" };
    match lang {
        Language::Ja => format!("{from}–{until}（{length}）見張っていません: {whose}。{why}{open}"),
        Language::En => format!("{from}–{until} ({length}) not watching {whose}: {why}{open}"),
    }
}

/// What went wrong.
pub(in crate::digest) fn fault(fault: &Fault, lang: Language) -> String {
    let detail = fault.detail.as_deref().unwrap_or_default();
    let (ja, en) = match (fault.what.as_str(), detail) {
        ("move-refused", _) => ("メールサーバーに移動を断られました", "the mail server refused a move"),
        ("recovery", "torn-tail") => (
            "書きかけの記録を脇に置いて始めました（電源断など）",
            "a half-written record was put aside at start (power cut or the like)",
        ),
        ("recovery", _) => ("起動時に修復しました", "something was mended at start"),
        ("refetch-verified", "different") => {
            ("移した先に、違うメールがありました", "another message stood where one was moved to")
        }
        ("refetch-verified", _) => {
            ("移した先に、もうありませんでした", "a message was no longer where it had been moved to")
        }
        ("append-result", _) => {
            ("日報をメールボックスに置けませんでした", "the digest could not be put into the mailbox")
        }
        ("notified", _) => ("通知を届けられませんでした", "a notice could not be delivered"),
        (other, _) => (other, other),
    };
    let what = lang.pick(ja, en);
    let detail = if detail.is_empty() { String::new() } else { format!(" ({detail})") };
    match lang {
        Language::Ja => format!("{what}{detail}: {} 回、最後は {}", fault.count, minute(fault.last)),
        Language::En => {
            format!("{what}{detail}: {}, last at {}", plural(fault.count, "time"), minute(fault.last))
        }
    }
}

/// What a digest before could not know.
pub(in crate::digest) fn correction(correction: &Correction, day: Date, lang: Language) -> String {
    if let (Corrected::Outage, Some(out)) = (correction.what, &correction.outage) {
        return outage(out, day, lang);
    }
    let of = correction.evidence_id.map(id).unwrap_or_default();
    let level =
        correction.level.map_or(lang.pick("検査できず", "not checked"), |level| level_word(level, lang));
    match lang {
        Language::Ja => format!("証拠番号 {of} の判定が改まりました: {level} (No. {})", correction.seq),
        Language::En => format!("evidence {of} was judged anew: {level} (No. {})", correction.seq),
    }
}
