//! What a message demands, in words.

use crate::demand::{ContactKind, Demand, PayKind, Want};
use crate::message::Excerpt;

use super::text::Lang;

/// What a message demands, a line a slot: `請求額: 298000 JPY`. Every value is bounded and defanged.
pub(super) fn demand_lines(demand: &Demand, lang: Lang) -> Vec<String> {
    let join = |values: Vec<String>| values.join(lang.pick("、", ", "));
    let shown = |value: &str| Excerpt::new(value).to_string();
    let slots = [
        (
            lang.pick("名乗り", "claims to be"),
            demand.claims_to_be.iter().map(|claim| shown(&claim.value)).collect(),
        ),
        (
            lang.pick("要求", "wants"),
            demand.wants.iter().map(|wanted| want_word(wanted.want, lang).to_owned()).collect(),
        ),
        (
            lang.pick("金額", "amount"),
            demand
                .amounts
                .iter()
                .map(|amount| format!("{} {}", amount.decimal(), amount.currency.code()))
                .collect(),
        ),
        (lang.pick("期限", "deadline"), demand.deadline.iter().map(ToString::to_string).collect()),
        (
            lang.pick("支払先", "pay to"),
            demand
                .pay_to
                .iter()
                .map(|pay| format!("{}: {}", pay_word(pay.kind, lang), shown(&pay.value)))
                .collect(),
        ),
        (
            lang.pick("連絡先", "contact"),
            demand
                .contacts
                .iter()
                .map(|contact| format!("{}: {}", contact_word(contact.kind, lang), shown(&contact.value)))
                .collect::<Vec<String>>(),
        ),
    ];
    slots
        .into_iter()
        .filter(|(_, values)| !values.is_empty())
        .map(|(name, values)| format!("{name}: {}", join(values)))
        .collect()
}

fn want_word(want: Want, lang: Lang) -> &'static str {
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

fn pay_word(kind: PayKind, lang: Lang) -> &'static str {
    let (ja, en) = match kind {
        PayKind::Bank => ("銀行口座", "bank"),
        PayKind::Ewallet => ("送金サービス", "payment service"),
        PayKind::GiftCard => ("プリペイドカード", "gift card"),
        PayKind::Crypto => ("暗号資産", "crypto"),
        PayKind::Other => ("その他", "other"),
    };
    lang.pick(ja, en)
}

fn contact_word(kind: ContactKind, lang: Lang) -> &'static str {
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
