//! Findings of a verification in words.

use crate::cli::text::Lang;
use crate::evidence::Break;
use crate::evidence::audit::{Kind, What};

/// What was found, in a sentence.
pub(super) fn said(what: What, lang: Lang) -> String {
    let (ja, en) = sentence(what);
    match lang {
        Lang::Ja => ja,
        Lang::En => en,
    }
}

fn sentence(what: What) -> (String, String) {
    let (ja, en) = match what {
        What::Chain(why) => return chain(why),
        What::ClockSet(ms) => {
            return (
                format!("時計が {ms} ミリ秒動かされ、その記録がありません"),
                format!("the clock was set by {ms} ms, and no record says so"),
            );
        }
        What::ClockStep(ms) => {
            return (
                format!("時計が {ms} ミリ秒動かされました（記録あり）"),
                format!("the clock was set by {ms} ms, on record"),
            );
        }
        What::Missing { signed } => {
            return (
                format!("{signed} 件まで署名されているのに、そこまでの記録がありません"),
                format!("{signed} records were signed, and there are fewer"),
            );
        }
        What::Uncovered { records } => {
            return (
                format!("末尾の {records} 件はどの署名の範囲にもありません"),
                format!("{records} records at the end are not covered by any signature"),
            );
        }
        What::More(n) => return (format!("同じ種類がほかに {n} 件"), format!("{n} more of the same kinds")),
        What::ContentMissing(kind) => return of(kind, "がありません", "is missing"),
        What::ContentChanged(kind) => return of(kind, "の中身が違います", "has other octets"),
        What::ErasureUnsigned(kind) => {
            return of(
                kind,
                "がありません。消去の記録は署名の範囲外です",
                "is missing, and the record of its erasure is not covered by any signature",
            );
        }
        What::ErasedIsThere(kind) => {
            return of(
                kind,
                "は消去の記録があるのに残っています",
                "is there, though it is on record as erased",
            );
        }
        fixed => short(fixed),
    };
    (ja.to_owned(), en.to_owned())
}

fn short(what: What) -> (&'static str, &'static str) {
    match what {
        What::TornTail => {
            ("記録の末尾が途中で切れています (torn tail)", "the chain ends in the middle (torn tail)")
        }
        What::Unreadable => ("記録として読めません", "not a record with the fields of its action"),
        What::BootClockBack => ("起動時間の時計が戻っています", "the clock of the boot went back"),
        What::Boot { back: false } => (
            "コンピューターの起動（隠されていれば、サービスの開始）。ここをまたぐ時刻は時計だけでは確かめられません",
            "a boot (or a start of the service, where the boot is hidden from it): clocks say nothing about the time across it",
        ),
        What::Boot { back: true } => (
            "コンピューターまたはサービスの起動。時刻が前より戻っています",
            "a boot, or a start, and the wall clock was behind afterwards",
        ),
        What::NoNote => ("署名付きチェックポイントではありません", "not a signed checkpoint of this name"),
        What::NoCopy => ("どのチェックポイントの写しでもありません", "not a copy of any checkpoint"),
        What::EmptyCopy => ("空です（次の起動で作り直されます）", "empty; made again at the next start"),
        What::CaseLine => {
            ("事案の記録が、全体の記録にありません", "a line of the case that is not in the chain")
        }
        What::Origin => ("別の記録のものです", "of another log"),
        What::Root => ("署名されたときの記録と違います", "the records are not those that were signed"),
        What::Signature => {
            ("そのときの鍵による署名ではありません", "not signed with the key whose turn it was")
        }
        What::Roll => ("新しい鍵に、前の鍵の署名がありません", "a new key that the old one did not sign for"),
        What::KeyFile => ("その名前の公開鍵ではありません", "not the public key of that name"),
        What::GenesisKey => {
            ("保管庫の最初の鍵が、信じた鍵と違います", "the store's first key is not the one that is trusted")
        }
        _ => ("どの記録にも出てこないファイル", "a file that no record names"),
    }
}

fn of(kind: Kind, ja: &str, en: &str) -> (String, String) {
    let (what_ja, what_en) = match kind {
        Kind::Blob => ("メールの原本", "the message"),
        Kind::Meta => ("メールの読み取り結果", "what was read out of the message"),
        Kind::Context => ("判定の前提", "what the verdict depended on"),
        Kind::Note => ("本人のメモ", "the person's note"),
        Kind::Tail => ("切れた末尾の保管", "the torn tail that was put aside"),
    };
    (format!("{what_ja}{ja}"), format!("{what_en} {en}"))
}

fn chain(why: Break) -> (String, String) {
    let ja = match why {
        Break::Torn => "記録が途中で切れています".to_owned(),
        Break::TooLong => "記録にしては長すぎる行です".to_owned(),
        Break::NotARecord => "記録の形をしていません".to_owned(),
        Break::Seq { expected, found } => format!("通し番号が {expected} ではなく {found} です"),
        Break::Prev => "前の記録が変えられたか、この記録はその続きではありません".to_owned(),
    };
    (ja, why.to_string())
}
