//! What a message is, and what to do and not to do: plain words for somebody who is afraid of it.

use crate::cli::text::Lang;
use crate::indicator::Category;
use crate::verdict::Severity;

/// What mail of a kind wants.
pub(super) fn what_it_is(category: Option<Category>, lang: Lang) -> &'static str {
    let (ja, en) = match category {
        Some(Category::FakeBilling) => (
            "komainu は、これを典型的な架空請求と判定しました。身に覚えのない料金を、本当にあるかのように請求する手口です。",
            "komainu takes this for a typical fake bill: money that you do not owe is claimed as if you did.",
        ),
        Some(Category::Extortion) => (
            "komainu は、これを脅しのメールと判定しました。怖がらせて金を払わせる手口で、同じ文面が大勢に送られることもよくあります。",
            "komainu takes this for a threat: it wants to frighten you into paying. Such letters often go to many people in the same words.",
        ),
        Some(Category::Phishing) => (
            "komainu は、これをフィッシングと判定しました。本物の会社を装い、パスワードやカード番号を入力させる手口です。",
            "komainu takes this for phishing: it pretends to be a company that you know, so that you type in a password or a card number.",
        ),
        Some(Category::Bec) => (
            "komainu は、これを上司や取引先へのなりすましと判定しました。急ぎの送金や口座の変更を指示する手口です。",
            "komainu takes this for somebody who pretends to be a superior or a supplier, so that money is sent or an account changed.",
        ),
        Some(Category::AdvanceFee) => (
            "komainu は、これを前払い金詐欺と判定しました。あとで大金や利益を渡すと言い、先に金や個人情報を出させる手口です。",
            "komainu takes this for an advance-fee fraud: much is promised for later, and money or papers are wanted first.",
        ),
        Some(Category::Callback) => (
            "komainu は、これを電話をかけさせる詐欺と判定しました。電話口で、金や情報を取ったり、遠隔操作のソフトを入れさせたりする手口です。",
            "komainu takes this for a call-back fraud: on the telephone they want money, secrets, or a remote-control program installed.",
        ),
        Some(Category::Malware) => (
            "komainu は、これを有害なプログラムを開かせるメールと判定しました。開かなければ、届いただけで害が及ぶことは通常ありません。",
            "komainu takes this for mail that wants a harmful program opened. As long as it is not opened, having received it normally does no harm.",
        ),
        Some(Category::Other) | None => (
            "komainu は、このメールに詐欺や脅しとよく似た点があると判定しました。",
            "komainu sees much in this message that scams and threats have.",
        ),
    };
    lang.pick(ja, en)
}

/// What not to do, and what to do.
pub(super) fn what_to_do(severity: Option<Severity>, lang: Lang) -> Vec<&'static str> {
    let mut lines = Vec::new();
    if severity == Some(Severity::Urgent) {
        lines.push(lang.pick(
            "命や身体に危険を感じたら、すぐに 110 番へ。",
            "If you feel that a life is in danger, call 110 at once (in Japan).",
        ));
    }
    lines.extend([
        lang.pick(
            "返信しない。支払わない。リンクも添付も開かない。書かれた番号に電話しない。",
            "Do not reply, do not pay, open no link and no file, call no number in it.",
        ),
        lang.pick(
            "消さずに残しておく（証拠は komainu も保存しています）。",
            "Do not delete it: it is evidence. komainu keeps a copy, too.",
        ),
        lang.pick(
            "一人で抱えず、家族や相談窓口に話す。請求や契約は 188（消費者ホットライン）、脅しや詐欺は #9110（警察相談専用電話）、命や身体に危険があるときは 110 番。",
            "Tell somebody: family, or in Japan 188 (consumer hotline) about bills, #9110 (police consultation line) about threats and fraud, 110 where a life is in danger.",
        ),
    ]);
    lines
}

/// The one thing to be seen to where something was done already.
pub(super) fn if_already(category: Option<Category>, lang: Lang) -> &'static str {
    let (ja, en) = match category {
        Some(Category::Phishing) => (
            "もうパスワードやカード番号を入力していたら: 本物のサイトを（メールのリンクからではなく）自分で開いてパスワードを変え、同じものを使う他のサービスも変えてください。カードや口座は、カードの裏面などにある正規の番号に電話して止めてください。",
            "If you typed in a password or a card number: open the real site yourself, not by the link, and change the password there and wherever else you use it. Have card or account stopped by the number on the card.",
        ),
        Some(Category::Malware) => (
            "もう添付やプログラムを開いていたら: その機器をネットワークから外し、別の機器から主なパスワードを変えてください。会社の機器なら、すぐに担当者へ。",
            "If you opened the file: take that machine off the network, and change your important passwords from another one. If it is your employer's, tell them at once.",
        ),
        Some(Category::Callback) => (
            "もう電話していたら: 何かを入れるよう言われて入れた機器は、ネットワークから外してください。カードや口座の番号を伝えたなら、その会社の正規の番号に電話して止めてください。",
            "If you called: take a machine on which you installed something off the network. If you told a card or account number, have it stopped by the company's own number.",
        ),
        _ => (
            "もう支払っていたら: 振り込みは、すぐに自分の銀行と振込先の銀行へ連絡し、口座の凍結を頼んでください。電子マネーやカードは発行会社へ。そのうえで #9110 か最寄りの警察署へ。控えやレシートは捨てないでください。",
            "If you paid: for a transfer call your bank and the receiving one at once and ask for the account to be frozen; for prepaid codes or cards the company that issued them. Then the police (#9110 in Japan). Keep every receipt.",
        ),
    };
    lang.pick(ja, en)
}
