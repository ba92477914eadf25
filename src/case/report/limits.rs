//! ⑩ What this does not show, and where to go.

use super::Page;

/// Where to go, in Japan.
pub(in crate::case) const DESKS: [(&str, &str); 6] = [
    (
        "110 番: 「殺す」「家に行く」など、命や身体に危険が迫っているとき。",
        "110: when somebody threatens to kill, to come to your home, or a life is otherwise in danger.",
    ),
    (
        "#9110（警察相談専用電話）または最寄りの警察署: 脅迫・恐喝・詐欺の相談。メールの印刷（本文とヘッダー）、この資料、支払いの控えがあれば持参する。",
        "#9110 (police consultation line) or the nearest police station: threats, extortion, fraud. Bring the mail in print (text and header), this report, and receipts if you paid.",
    ),
    (
        "警察庁「サイバー事案に関する相談窓口」（オンライン）: 通報・相談・情報提供ができる。フォームの送信は被害届の提出ではない。被害届は警察署で出す。",
        "National Police Agency, online desk for cyber incidents: to notify, consult or inform. Sending the form is not a 被害届 (report of damage); that is made at a police station.",
    ),
    (
        "188（消費者ホットライン）: 請求や契約の相談。本人が電話する。氏名・住所・電話番号・年齢・性別・職業を尋ねられることがある。事業者としての相談は受け付けていない。",
        "188 (consumer hotline): bills and contracts. The person concerned calls; they may ask for name, address, telephone, age, sex and occupation. Not for businesses.",
    ),
    ("弁護士: ①と③を先に渡すと早い。", "A lawyer: hand over sections 1 and 3 first."),
    (
        "迷惑メール相談センター、フィッシング対策協議会: 情報提供。data/forms に、貼り付けられる文面がある。",
        "迷惑メール相談センター (spam) and フィッシング対策協議会 (phishing): to inform. data/forms has texts ready to paste.",
    ),
];

impl Page<'_> {
    pub(super) fn limits(&mut self) {
        self.section("⑩ 限界", "10. Limits");
        self.list(&[
            (
                "この記録が示すのは、「このデータ（オクテット列）を、この IMAP サーバーがこのプログラムに渡し、以後変わっていない」ことです。誰が送ったかは示しません。差出人、日付、信頼線より下の経路は、送信者が書けます。",
                "What the record shows: these octets were served by this IMAP server to this program at this time, and have not changed since. It does not show who sent them. From, Date and the lower Received lines are in the sender's hand.",
            ),
            (
                "一台の計算機の中の記録だけでは、全体が古い状態へ丸ごと戻されたことを見つけられません。外部に残したチェックポイント（この資料を渡した相手の手元の控えを含む）と比べて初めて分かります。",
                "No record that is kept on one machine alone can show that the whole of it was put back to an earlier state. That shows only against a checkpoint kept elsewhere, such as the one in a bundle that was handed over.",
            ),
            (
                "「記載」「申告」「自動抽出」「自動判定」とした事柄は、真実であることを確かめたものではありません。判定には見逃しも誤りもあります。",
                "What is called written, said, extracted or judged was not checked for its truth. Judging misses things, and is now and then wrong.",
            ),
            (
                "犯罪の成否、責任の有無、支払義務の有無など、法律上の判断は含みません。",
                "No conclusion of law is drawn: not on crime, not on liability, not on whether anything is owed.",
            ),
            (
                "監視していなかった時間（③の「空白」）に届き、その間に消されたメールは、記録にないことがあります。",
                "Mail that came and was deleted while nobody was watching (the gaps in section 3) may be missing.",
            ),
            (
                "本人の申告は本人が後から書いたもので、komainu は内容を確かめていません。",
                "The person's own account was written by them afterwards; komainu did not check it.",
            ),
        ]);
        self.part(self.pick("相談先", "Where to go (in Japan)"));
        self.list(&DESKS);
        self.say(
            "返信しない、支払わない、リンクや添付ファイルを開かない、メールを消さない。相談が済むまで、この四つを守ってください。",
            "Do not reply, do not pay, do not open links or files, do not delete the mail, until you have been advised.",
        );
    }
}
