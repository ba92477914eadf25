//! A report as it might be handed over a counter, in both languages, with every block and hostile text in it.

use komainu::document::{Block, Document, Event, EventKind, Language, Text, Tone};

pub(super) fn all() -> Vec<(&'static str, Document)> {
    vec![("ja", japanese()), ("en", english())]
}

/// What must be found in it.
pub(super) fn words(language: Language) -> &'static [&'static str] {
    match language {
        Language::Ja => &[
            "架空請求・脅迫メール 相談資料",
            "返信、連絡、支払い、リンクを開くことは、いずれも行っていません。",
            "本日中にお支払いがない場合は、ご自宅および勤務先へ通知いたします。",
            "[U+202E]",
            "5b41362bc82b7f3d56edc5a306db22105707d01ff4819e26faef9724a2d406c9",
            "差出人の表示名とアドレスは、送信者が自由に書けます。",
            "相手が示した期限",
        ],
        Language::En => &[
            "Material for a consultation",
            "No reply was sent, nobody was contacted, nothing was paid, and no link was opened.",
            "will be forwarded to your employer within 24 hours",
            "[U+1F600]",
            "date set by the sender",
        ],
    }
}

const DIGEST: &str = "5b41362bc82b7f3d56edc5a306db22105707d01ff4819e26faef9724a2d406c9";

fn document(language: Language, title: &str, subtitle: &str, foot: &str, blocks: Vec<Block>) -> Document {
    Document {
        language,
        title: title.into(),
        subtitle: subtitle.into(),
        foot: foot.into(),
        made: "2026-11-25T02:30:00Z".parse().unwrap(),
        blocks,
    }
}

fn quoted(text: &str) -> Text {
    Text::of(text, Tone::Quoted)
}

fn code(text: &str) -> Text {
    Text::of(text, Tone::Code)
}

fn heading(level: u8, text: &str) -> Block {
    Block::Heading(level, text.into())
}

fn event(at: &str, when: &str, what: &str, kind: EventKind) -> Event {
    Event { at: at.parse().unwrap(), when: when.into(), what: what.into(), kind }
}

fn header() -> Block {
    Block::Verbatim(
        [
            "Return-Path: <bounce-7f3a9c@mail.claims.example>",
            "Received: from relay7.claims.example (relay7.claims.example [192.0.2.44]) by mx.example.jp (Postfix) with ESMTPS id 4XyZ0k1Qp8z for <hanako@example.jp>; Mon, 23 Nov 2026 10:15:02 +0900 (JST)",
            "Authentication-Results: mx.example.jp;\tspf=fail smtp.mailfrom=bounce-7f3a9c@mail.claims.example; dkim=none; dmarc=fail header.from=lawfirm.example",
            "From: =?UTF-8?B?5byB6K235aOr5rOV5Lq66KeS56uL?= <seikyu@lawfirm.example>",
            "Subject: 【最終通告】未納料金のお支払いについて \u{202E}fdp.exe",
            "Message-ID: <20261123011459.7F3A9C@relay7.claims.example>",
            "X-Long: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        ]
        .map(String::from)
        .to_vec(),
    )
}

fn japanese() -> Document {
    let mut blocks = japanese_front();
    blocks.extend(japanese_mail());
    document(
        Language::Ja,
        "架空請求・脅迫メール 相談資料",
        "事案番号 C-2026-0007　対象期間 2026年11月9日〜11月25日　作成 2026年11月25日 11:30 JST（komainu 0.1.0）",
        "事案番号 C-2026-0007　架空請求・脅迫メール 相談資料",
        blocks,
    )
}

fn japanese_front() -> Vec<Block> {
    vec![
        Block::Notice(
            Text::of("返信、連絡、支払い、リンクを開くことは、いずれも行っていません。", Tone::Strong)
                .and("この資料は、受信したメールの記録から自動で作成しました。茶色の地にある文字は、すべて送信者が書いたものです。身の危険があるときは、ただちに110番へ。", Tone::Plain),
        ),
        heading(1, "1　相談の要点"),
        Block::Fields(vec![
            ("いつ".into(), "2026年11月9日 08:12 から 11月23日 10:15 まで、3通".into()),
            ("どこで".into(), Text::of("メールボックス ", Tone::Plain).and("hanako@example.jp", Tone::Code).and(" の受信箱（IMAP、imap.example.jp）", Tone::Plain)),
            ("誰が（名乗り）".into(), quoted("弁護士法人角立 債権管理部 <seikyu@lawfirm.example>")),
            ("何を".into(), Text::of("398,000円の支払いを求め、支払わなければ自宅と勤務先へ通知すると記載。", Tone::Plain).and("「延滞金を含め398,000円」", Tone::Quoted)),
            ("支払先".into(), Text::of("", Tone::Plain).and("〇〇銀行 △△支店 普通 1234567 カ)カドタテ", Tone::Quoted)),
            ("どのように".into(), "電子メール。送信ドメイン認証は失敗（SPF fail、DMARC fail）。実際の送信元は claims.example の中継サーバー。".into()),
        ]),
        heading(1, "2　時系列"),
        Block::Timeline(vec![
            event("2026-11-08T23:12:00Z", "2026年11月9日 08:12 JST", "1通目を受信。「未納料金の確認」", EventKind::Message),
            event("2026-11-08T23:12:09Z", "2026年11月9日 08:12 JST", "隔離メールボックスへ移動（返信なし）", EventKind::Act),
            event("2026-11-10T09:00:00Z", "2026年11月10日 18:00 JST", "本人が覚えのない請求であることを確認", EventKind::Person),
            event("2026-11-11T15:00:00Z", "2026年11月12日 00:00 JST", "監視の停止（停電）。11月12日 06:40 まで", EventKind::Gap),
            event("2026-11-12T03:00:00Z", "2026年11月12日 12:00 JST", "2通目を受信。金額が298,000円から398,000円に変わる", EventKind::Message),
            event("2026-11-23T01:15:02Z", "2026年11月23日 10:15 JST", "3通目を受信。「最終通告」と称し、勤務先への通知を予告", EventKind::Message),
            event("2026-11-23T01:15:11Z", "2026年11月23日 10:15 JST", "原本を記録し、隔離メールボックスへ移動", EventKind::Act),
            event("2026-11-25T08:00:00Z", "2026年11月25日 17:00 JST", "相手が示した支払期限", EventKind::Deadline),
        ]),
        heading(1, "3　メールごとの記録"),
        heading(2, "3.1　判定の理由"),
        Block::Table {
            columns: vec![("指標".into(), 5), ("重み".into(), 1), ("場所".into(), 2), ("根拠（原文の抜粋）".into(), 7)],
            rows: vec![
                vec!["法的措置をちらつかせる".into(), "+2.10".into(), "本文".into(), quoted("法的手続きに移行し、給与の差し押さえを行います")],
                vec!["期限で急がせる".into(), "+1.35".into(), "本文".into(), quoted("本日中にお支払いがない場合は、ご自宅および勤務先へ通知いたします。")],
                vec!["送信ドメイン認証の失敗".into(), "+1.80".into(), "認証結果".into(), quoted("spf=fail; dmarc=fail header.from=lawfirm.example")],
                vec!["個人名義・カタカナ名義の口座".into(), "+0.90".into(), "本文".into(), quoted("普通 1234567 カ)カドタテ")],
                vec!["基準値".into(), "−3.20".into(), "—".into(), Text::of("すべてのメールに共通", Tone::Quiet)],
            ],
        },
    ]
}

fn japanese_mail() -> Vec<Block> {
    vec![
        Block::Paragraph(Text::of("差出人の表示名とアドレスは、送信者が自由に書けます。", Tone::Strong).and("したがって、ここに挙げた名称は「メールにそう記載されていた」という事実だけを示し、その法人がこのメールを送ったことを示すものではありません。自動抽出した項目には原文の引用と位置を添えましたので、原本（.eml ファイル）と照らし合わせて確認してください。", Tone::Plain)),
        heading(2, "3.2　本文（3通目、安全な表示）"),
        Block::Foot(format!("3通目 SHA-256 {DIGEST}")),
        Block::Paragraph(quoted("弊社は、貴殿が過去に利用された有料情報サイトの未納料金について、運営会社より債権の譲渡を受けました。再三の通知にもかかわらず、いまだご入金の確認がとれておりません。\n本日中にお支払いがない場合は、ご自宅および勤務先へ通知いたします。\nhxxps://pay[.]claims[.]example/invoice?id=7F3A9C&token=0123456789abcdef0123456789abcdef\n😀 \u{202E}fdp.exe ｺﾞｿｳﾀﾞﾝﾊ 03-0000-0000 𠮷田\0")),
        Block::List(vec![
            "リンク先は開いていません。URLは、押しても開かないように書き換えて表示しています。".into(),
            Text::of("画面に表示されない文字は、", Tone::Plain).and("\u{202E}", Tone::Quoted).and(" のように番号で示しています。送信者がその通りに書いた ", Tone::Plain).and("[U+202E]", Tone::Quoted).and(" とは色が違います。", Tone::Plain),
            Text::of("ファイル ", Tone::Plain).and("請求書.zip", Tone::Quoted).and(" は保存していますが、開いていません。", Tone::Plain),
        ]),
        heading(2, "3.3　ヘッダー（全文、無修正）"),
        header(),
        heading(1, "4　記録の完全性"),
        Block::Paragraph("記録は、受信した順に一つずつ前の記録のハッシュ値を含む鎖として保存され、電子署名が付いています。次の値が、お手元のファイルと一致することを確かめてください。".into()),
        Block::Table {
            columns: vec![("証拠番号".into(), 3), ("受信日時".into(), 4), ("SHA-256".into(), 11)],
            rows: (0..24)
                .map(|at| {
                    vec![code(&format!("0193f4a{at}")), format!("11月{}日 10:15", at + 1).as_str().into(), code(DIGEST)]
                })
                .collect(),
        },
        Block::Notice("この記録が示すのは「この時刻に、このIMAPサーバーから、この内容のメールが渡された」ことです。誰が送ったかを示すものではありません。".into()),
    ]
}

fn english() -> Document {
    let blocks = vec![
        Block::Notice(
            Text::of("No reply was sent, nobody was contacted, nothing was paid, and no link was opened.", Tone::Strong)
                .and(" This paper was made from the record of the messages received. What stands on a brown ground was written by the sender.", Tone::Plain),
        ),
        heading(1, "1  In short"),
        Block::Fields(vec![
            ("When".into(), "From 9 November 2026, 08:12 to 23 November 2026, 10:15 (JST, UTC+9), three messages".into()),
            ("Who, by their own account".into(), quoted("Kadotate Legal Recovery <claims@lawfirm.example>")),
            ("What".into(), Text::of("Demands USD 2,900 in Bitcoin; threatens that recordings ", Tone::Plain).and("will be forwarded to your employer within 24 hours", Tone::Quoted).and(".", Tone::Plain)),
            ("Pay to".into(), code("bc1q9zpgru2dk0qf0f8vzq8f0dqn0f3z8n0example0")),
        ]),
        heading(1, "2  Timeline"),
        Block::Timeline(vec![
            event("2026-11-08T23:12:00Z", "2026-11-09 08:12 JST", "First message received", EventKind::Message),
            event("2026-11-08T23:12:09Z", "2026-11-09 08:12 JST", "Moved to quarantine; no reply", EventKind::Act),
            event("2026-11-23T01:15:02Z", "2026-11-23 10:15 JST", "Third message received, which calls itself a final notice and names the employer", EventKind::Message),
            event("2026-11-25T08:00:00Z", "2026-11-25 17:00 JST", "Until then money is demanded", EventKind::Deadline),
        ]),
        heading(1, "3  What it says"),
        Block::Paragraph("The names and addresses below are what the message says of itself. A sender can write there whatever they like; the paper states that it was written, not that it is true.".into()),
        Block::Paragraph(quoted("I have full access to your device and have recorded you. The recordings will be forwarded to your employer within 24 hours unless you transfer 2,900 USD. 😀 Do not reply to this e-mail.")),
        heading(2, "3.1  Header, complete"),
        header(),
        heading(2, "3.2  Why it was judged so"),
        Block::Table {
            columns: vec![("Indicator".into(), 5), ("Weight".into(), 2), ("Where".into(), 3), ("Words it was found in".into(), 8)],
            rows: vec![
                vec!["publication-threat".into(), "+2.40".into(), "text/1".into(), quoted("will be forwarded to your employer within 24 hours")],
                vec!["crypto-payment".into(), "+1.90".into(), "text/1".into(), quoted("transfer 2,900 USD to bc1q9zpgru2dk0qf0f8vzq8f0dqn0f3z8n0example0")],
                vec!["authentication-failure".into(), "+1.80".into(), "header".into(), quoted("spf=fail; dmarc=fail")],
            ],
        },
    ];
    document(
        Language::En,
        "Material for a consultation",
        "Case C-2026-0007, 9 to 25 November 2026; made on 25 November 2026, 11:30 JST by komainu 0.1.0",
        "Case C-2026-0007",
        blocks,
    )
}
