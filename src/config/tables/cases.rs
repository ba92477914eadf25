//! The tables' own cases, run over the tables in force. What fails becomes a fault at the place of the case.

use super::file::TableFile;
use super::phrases::Phrases;
use crate::config::diagnostic::Text;
use crate::config::section::{Found, More as _, suggest};
use crate::indicator::{Decision, Lexicon, Tables};

pub(super) fn run(file: &mut TableFile, tables: &Tables) {
    for written in &file.phrases {
        phrases(written, tables, &mut file.found);
    }
    for case in &file.cases {
        let forged = tables.forged_brand(&case.name, &case.domain).unwrap_or_default();
        if forged == case.brand.value {
            continue;
        }
        let (ja, en) = if forged.is_empty() {
            ("どのブランドの偽りとも判定されません".to_owned(), "no brand is seen to be borrowed".to_owned())
        } else {
            (
                format!("「{forged}」を名乗る偽りと判定されます"),
                format!("it is seen to borrow the name \"{forged}\""),
            )
        };
        let fault = file.found.error(
            case.brand.span.clone(),
            Text::new("この例は書かれたとおりになりません", "this case does not come out as written"),
        );
        fault.with_label(ja, en);
        if !case.brand.value.is_empty() && !tables.brand_names().any(|name| name == case.brand.value) {
            suggest(fault, &case.brand.value, tables.brand_names());
        }
    }
    senders(file, tables);
}

fn phrases(written: &Phrases, tables: &Tables, found: &mut Found) {
    let slot = written.table.slot;
    for hit in written.hits.iter().filter(|hit| tables.says(slot, &hit.value).is_none()) {
        found
            .error(hit.span.clone(), Text::new("この文は見つかりません", "this sentence is not found"))
            .with_help(
                "hits の文は、この枠の語句のどれかで見つからなければなりません",
                "a phrase of this slot must find each sentence of `hits`",
            );
    }
    for miss in &written.misses {
        if let Some(phrase) = tables.says(slot, &miss.value) {
            found
                .error(
                    miss.span.clone(),
                    Text::new("この文は見つかってはいけません", "this sentence is found, and must not be"),
                )
                .with_label(format!("「{phrase}」で見つかりました"), format!("by \"{phrase}\""))
                .with_help(
                    "語句を長くするか、`a ~ b` の形にするか、組み込みの語句なら without で外してください",
                    "make the phrase longer, or of the form `a ~ b`; one that is built in goes with `without`",
                );
        }
    }
    // A table that takes the slot over answers for itself; one that adds to it must not find what honest mail says.
    if written.table.replace {
        return;
    }
    for (phrase, span) in written.table.phrases.iter().zip(&written.spans) {
        let Ok(own) = Lexicon::compile(std::iter::once((slot, phrase.clone()))) else { continue };
        if let Some(honest) = slot.misses().into_iter().find(|honest| own.says(slot, honest).is_some()) {
            found
                .error(
                    span.clone(),
                    Text::new(
                        "この語句は、見つけてはいけない正当な文にも当たります",
                        "this phrase also finds what honest mail says",
                    ),
                )
                .with_label(format!("「{honest}」"), format!("\"{honest}\""))
                .with_help(
                    "語句を長くするか、`a ~ b` の形にしてください",
                    "make it longer, or of the form `a ~ b`",
                );
        }
    }
}

fn senders(file: &mut TableFile, tables: &Tables) {
    let decided = |address: &str| tables.senders().decide(address);
    for listed in &file.senders {
        for hit in &listed.hits {
            let Some((decision, _)) = decided(&hit.value) else {
                not_covered(&hit.span, &mut file.found);
                continue;
            };
            if decision != listed.decision {
                let (ja, en) = match decision {
                    Decision::Allow => {
                        ("もっと細かい [[allow]] が優先します", "a more exact [[allow]] decides")
                    }
                    Decision::Block => {
                        ("もっと細かい [[block]] が優先します", "a more exact [[block]] decides")
                    }
                };
                not_covered(&hit.span, &mut file.found).with_label(ja, en);
            }
        }
        for miss in &listed.misses {
            if decided(&miss.value).is_some_and(|(_, sender)| *sender == listed.sender) {
                file.found.error(
                    miss.span.clone(),
                    Text::new("このアドレスにも当たります", "this address is covered, and must not be"),
                );
            }
        }
    }
}

fn not_covered<'f>(
    span: &std::ops::Range<usize>,
    found: &'f mut Found,
) -> &'f mut crate::config::diagnostic::Diagnostic {
    found.error(span.clone(), Text::new("このアドレスには当たりません", "this address is not covered"))
}
