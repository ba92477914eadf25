//! Mail to deliver: about one third plain threats, the rest genuine mail of the same trades. All of it is written here,
//! nobody in it exists, and its domains are those of RFC 2606. The same seed gives the same letters.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

/// A message, and how it comes.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    /// Stands in the header field `X-Test-Number`, by which a letter is known again.
    pub(crate) number: usize,
    /// Written as a threat. What komainu should do is asked of its own judge, which reads the stored octets.
    pub(crate) threat: bool,
    pub(crate) octets: Vec<u8>,
    pub(crate) delivery: Delivery,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Delivery {
    Lmtp,
    /// `date`: INTERNALDATE, seconds since 1970.
    Append {
        flags: &'static str,
        date: i64,
    },
}

struct Template {
    threat: bool,
    from: &'static str,
    subject: &'static str,
    /// `{name}`, `{amount}`, `{number}` are filled in.
    body: &'static str,
}

const FLAGS: [&str; 6] = ["", "\\Seen", "\\Flagged", "\\Answered", "\\Seen \\Flagged", "\\Draft"];

#[derive(Clone, Copy)]
enum Form {
    Utf8EightBit,
    Utf8Base64,
    Utf8QuotedPrintable,
    Iso2022Jp,
    ShiftJis,
    EucJp,
    /// Eight-bit octets in the header field too, and no word of a charset anywhere.
    Undeclared,
}

const FORMS: [Form; 7] = [
    Form::Utf8EightBit,
    Form::Utf8Base64,
    Form::Utf8QuotedPrintable,
    Form::Iso2022Jp,
    Form::ShiftJis,
    Form::EucJp,
    Form::Undeclared,
];

/// `count` letters for `recipient`. `lmtp`: whether the server takes deliveries; otherwise each letter is an APPEND.
pub(crate) fn letters(count: usize, recipient: &str, lmtp: bool, seed: u64) -> Vec<Letter> {
    let mut random = fastrand::Rng::with_seed(seed);
    let (threats, others): (Vec<&Template>, Vec<&Template>) =
        TEMPLATES.iter().partition(|template| template.threat);
    (0..count)
        .map(|number| {
            let template = if number % 3 == 0 {
                threats[random.usize(..threats.len())]
            } else {
                others[random.usize(..others.len())]
            };
            let by_lmtp = lmtp && random.u8(..3) > 0;
            let delivery = if by_lmtp {
                Delivery::Lmtp
            } else {
                // From 2001 to today's tests; any second.
                Delivery::Append {
                    flags: FLAGS[random.usize(..FLAGS.len())],
                    date: random.i64(978_307_200..1_790_000_000),
                }
            };
            // A server adds a Message-ID to a delivered letter that has none, so that only appended ones go without.
            let anonymous = !by_lmtp && random.u8(..4) == 0;
            let octets = compose(template, number, recipient, anonymous, &mut random);
            Letter { number, threat: template.threat, octets, delivery }
        })
        .collect()
}

/// The number of a stored letter; none where it is not one of ours.
pub(crate) fn number(octets: &[u8]) -> Option<usize> {
    octets.split(|octet| *octet == b'\n').find_map(|line| {
        let value = line.strip_prefix(b"X-Test-Number: ")?;
        std::str::from_utf8(value).ok()?.trim().parse().ok()
    })
}

fn compose(
    template: &Template,
    number: usize,
    recipient: &str,
    anonymous: bool,
    random: &mut fastrand::Rng,
) -> Vec<u8> {
    let amount = random.u32(50..900) * 1000;
    let name = ["山田 花子", "佐藤 一郎", "鈴木 桜"][random.usize(..3)];
    let fill = |text: &str| {
        text.replace("{name}", name)
            .replace("{amount}", &thousands(amount))
            .replace("{number}", &format!("{:06}", number * 7919 % 1_000_000))
    };
    let form = FORMS[random.usize(..FORMS.len())];
    let (charset, encoding, subject, body) = encode(form, &fill(template.subject), &fill(template.body));

    let mut octets = Vec::new();
    let mut field = |name: &str, value: &[u8]| {
        octets.extend_from_slice(name.as_bytes());
        octets.extend_from_slice(b": ");
        octets.extend_from_slice(value);
        octets.extend_from_slice(b"\r\n");
    };
    field("From", template.from.as_bytes());
    field("To", format!("{recipient}@recipient.example").as_bytes());
    field("Subject", &subject);
    field("Date", b"Tue, 24 Nov 2026 10:00:00 +0900");
    if !anonymous {
        field("Message-ID", format!("<{number}.{:x}@sender.example>", random.u64(..)).as_bytes());
    }
    field("X-Test-Number", number.to_string().as_bytes());
    field("MIME-Version", b"1.0");
    let content = |field: &mut dyn FnMut(&str, &[u8])| {
        if let Some(charset) = charset {
            field("Content-Type", format!("text/plain; charset={charset}").as_bytes());
        }
        field("Content-Transfer-Encoding", encoding.as_bytes());
    };
    // One in five carries a picture, up to 200 kB as it goes over the wire.
    if random.u8(..5) != 0 {
        content(&mut field);
        octets.extend_from_slice(b"\r\n");
        octets.extend_from_slice(&body);
        return octets;
    }
    field("Content-Type", b"multipart/mixed; boundary=part");
    octets.extend_from_slice(b"\r\n--part\r\n");
    let mut field = |name: &str, value: &[u8]| {
        octets.extend_from_slice(name.as_bytes());
        octets.extend_from_slice(b": ");
        octets.extend_from_slice(value);
        octets.extend_from_slice(b"\r\n");
    };
    content(&mut field);
    octets.extend_from_slice(b"\r\n");
    octets.extend_from_slice(&body);
    octets.extend_from_slice(
        b"\r\n--part\r\nContent-Type: image/png; name=photo.png\r\nContent-Transfer-Encoding: base64\r\n\r\n",
    );
    let mut picture = b"\x89PNG\r\n\x1a\n".to_vec();
    let size = random.usize(200..145_000);
    picture.extend(std::iter::repeat_with(|| random.u8(..)).take(size));
    octets.extend_from_slice(&base64_lines(&picture));
    octets.extend_from_slice(b"--part--\r\n");
    octets
}

/// Charset, transfer encoding, the value of Subject, and the body.
fn encode(form: Form, subject: &str, body: &str) -> (Option<&'static str>, &'static str, Vec<u8>, Vec<u8>) {
    let word =
        |charset: &str, octets: &[u8]| format!("=?{charset}?B?{}?=", BASE64.encode(octets)).into_bytes();
    let lines = body.replace('\n', "\r\n");
    let other = |encoding: &'static encoding_rs::Encoding, charset: &'static str, transfer: &'static str| {
        (
            Some(charset),
            transfer,
            word(charset, &encoding.encode(subject).0),
            encoding.encode(&lines).0.into_owned(),
        )
    };
    let utf8 = word("UTF-8", subject.as_bytes());
    match form {
        Form::Utf8EightBit => (Some("UTF-8"), "8bit", utf8, lines.into_bytes()),
        Form::Utf8Base64 => (Some("UTF-8"), "base64", utf8, base64_lines(lines.as_bytes())),
        Form::Utf8QuotedPrintable => (Some("utf-8"), "quoted-printable", utf8, quoted_printable(&lines)),
        Form::Iso2022Jp => other(encoding_rs::ISO_2022_JP, "ISO-2022-JP", "7bit"),
        Form::ShiftJis => other(encoding_rs::SHIFT_JIS, "Shift_JIS", "8bit"),
        Form::EucJp => other(encoding_rs::EUC_JP, "EUC-JP", "8bit"),
        Form::Undeclared => (None, "8bit", subject.as_bytes().to_vec(), lines.into_bytes()),
    }
}

fn base64_lines(octets: &[u8]) -> Vec<u8> {
    octets.chunks(57).flat_map(|line| (BASE64.encode(line) + "\r\n").into_bytes()).collect()
}

fn quoted_printable(text: &str) -> Vec<u8> {
    let mut out = String::new();
    for line in text.split_inclusive("\r\n") {
        let (line, end) = line.strip_suffix("\r\n").map_or((line, ""), |line| (line, "\r\n"));
        let mut width = 0;
        for octet in line.bytes() {
            if width > 70 {
                out.push_str("=\r\n");
                width = 0;
            }
            if octet.is_ascii_alphanumeric() || b",.:/-".contains(&octet) {
                out.push(char::from(octet));
                width += 1;
            } else {
                write!(out, "={octet:02X}").unwrap();
                width += 3;
            }
        }
        out.push_str(end);
    }
    out.into_bytes()
}

fn thousands(amount: u32) -> String {
    format!("{},{:03}", amount / 1000, amount % 1000)
}

const TEMPLATES: &[Template] = &[
    Template {
        threat: true,
        from: "\"Claims Desk\" <desk@claims.example>",
        subject: "【最終通告】動画サービス未納料金 {amount}円のお支払いについて",
        body: "{name} 様\n\n\
            あなたの登録された有料動画サイトの利用料金 {amount}円 が未納となっております。\n\
            再三のご連絡にもかかわらずお支払いが確認できないため、本日中にお支払いがない場合は\n\
            法的措置を取り、訴訟を提起のうえ、給与および財産の差し押さえを執行いたします。\n\
            訴訟を取り下げる場合は、本日17時までに下記口座へお振り込みください。\n\n\
            未納料金 {amount}円\n\
            振込先 見本銀行 本店 普通 0000000 セイキユウカンリ\n\
            電子マネー(ギフトカード)の番号をお送りいただく方法でもお支払いいただけます。\n\n\
            期限を過ぎた場合は、勤務先およびご家族へ連絡いたします。\n\
            受付番号 {number}\n",
    },
    Template {
        threat: true,
        from: "\"watcher\" <watcher@shadow.example>",
        subject: "あなたの端末を乗っ取りました",
        body: "こんにちは。私はハッカーです。あなたのパソコンにウイルスを仕込み、全てのパスワードを入手しました。\n\
            あなたがアダルトサイトを見ている様子をカメラで録画しました。\n\
            48時間以内に {amount}円 相当のビットコインを下のアドレスへ送金しなければ、\n\
            この動画をあなたの家族と同僚全員に公開します。\n\n\
            ビットコインアドレス: bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4\n\n\
            警察に通報しても無駄です。送金を確認したら動画は削除します。\n\
            番号 {number}\n",
    },
    Template {
        threat: true,
        from: "\"Membership\" <office@membership.example>",
        subject: "【重要】退会手続きが完了していません。個人情報を公開します",
        body: "{name} 様\n\n\
            退会の手続きが完了しておらず、違約金 {amount}円 が発生しています。\n\
            24時間以内に電子マネーのカード番号を返信にてお送りください。\n\
            お支払いがない場合、あなたの氏名、住所、勤務先をインターネット上に公開し、\n\
            弁護士を通じて法的手続き(強制執行)に入ります。これが最後の警告です。\n\n\
            お支払い金額 {amount}円\n\
            管理番号 {number}\n",
    },
    Template {
        threat: true,
        from: "\"unknown\" <no-name@shadow.example>",
        subject: "I have recorded you",
        body: "Hello, I am a hacker. I infected your device with a virus and I have all your passwords.\n\
            I recorded you through your camera while you were watching adult websites.\n\
            Transfer 1900 USD in Bitcoin to the address below within 48 hours, or I will send the video to\n\
            all your contacts, your family and your colleagues, and publish it.\n\n\
            Bitcoin wallet: bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4\n\n\
            Do not contact the police. Once I receive the payment I will delete the video.\n\
            Case {number}\n",
    },
    Template {
        threat: true,
        from: "\"Recovery Department\" <recovery@collections.example>",
        subject: "FINAL NOTICE: unpaid invoice, legal action today",
        body: "Dear customer,\n\n\
            Your subscription fee of {amount} JPY is overdue. This is the final notice before legal action.\n\
            If you do not pay within 24 hours we will file a lawsuit, seize your salary and your property,\n\
            and inform your employer and your family.\n\
            To withdraw the lawsuit buy gift cards for the amount and send us the card codes by reply,\n\
            or pay in Bitcoin: bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4\n\n\
            Reference {number}\n",
    },
    Template {
        threat: false,
        from: "\"Video Service\" <info@video.example>",
        subject: "退会手続き完了のお知らせ",
        body: "{name} 様\n\n\
            退会のお手続きが完了しましたのでお知らせいたします。\n\
            今後、料金のご請求が発生することはございません。これまでのご利用ありがとうございました。\n\n\
            受付番号 {number}\n",
    },
    Template {
        threat: false,
        from: "\"Card Company\" <statement@card.example>",
        subject: "ご請求額確定のお知らせ",
        body: "{name} 様\n\n\
            今月のご請求額は {amount}円 に確定しました。お引き落とし日は10日です。\n\
            明細は会員ページにログインしてご確認ください。\n\
            本メールにお心当たりのない場合は、カード裏面の番号へお電話ください。\n\n\
            番号 {number}\n",
    },
    Template {
        threat: false,
        from: "\"City Office\" <news@city.example>",
        subject: "架空請求の手口にご注意ください",
        body: "消費生活だより\n\n\
            実在の会社をかたる架空請求の相談が増えています。心当たりのない請求には返信せず、\n\
            ひとりで悩まずに消費者ホットライン188へご相談ください。\n\
            次号は12月に発行の予定です。通巻 {number}\n",
    },
    Template {
        threat: false,
        from: "\"Sakura\" <sakura@friend.example>",
        subject: "土曜日の待ち合わせ",
        body: "お久しぶりです。土曜日は駅前の喫茶店に11時でどうでしょうか。\n\
            この前の旅行の写真も持っていきますね。楽しみにしています。 {number}\n",
    },
    Template {
        threat: false,
        from: "\"Online Shop\" <order@shop.example>",
        subject: "ご注文ありがとうございます",
        body: "{name} 様\n\n\
            ご注文を承りました。商品の発送が完了しましたら、あらためてお知らせいたします。\n\
            ご注文番号 {number} 合計 {amount}円 (税込・送料込)\n\
            お支払い方法 クレジットカード\n",
    },
    Template {
        threat: false,
        from: "\"Anna\" <anna@colleague.example>",
        subject: "Minutes of Tuesday",
        body: "Hi all,\n\nattached are the minutes of Tuesday's meeting. We agreed to move the release by a week and to ask\n\
            the designers for a second draft. Please send corrections by Friday.\n\nAnna\n\nItem {number}\n",
    },
    Template {
        threat: false,
        from: "\"Hosting\" <billing@hosting.example>",
        subject: "Your receipt",
        body: "Hello,\n\nthank you for your payment of {amount} JPY for this month's hosting. The receipt number is {number}.\n\
            There is nothing that you need to do.\n\nHosting team\n",
    },
    Template {
        threat: false,
        from: "\"Library\" <desk@library.example>",
        subject: "Reminder: a book is due on Monday",
        body: "Dear reader,\n\nthe book with the number {number} is due on Monday. You can renew it at the desk or by telephone.\n\n\
            Library\n",
    },
];

#[test]
fn letters_are_the_same_for_the_same_seed_and_can_be_delivered() {
    let first = letters(300, "user001", true, 7);
    let second = letters(300, "user001", true, 7);
    for (one, two) in first.iter().zip(&second) {
        assert_eq!(one.octets, two.octets);
        assert_eq!(number(&one.octets), Some(one.number));
        // What a server would refuse or change: bare line ends, NUL, lines over 998 octets.
        assert!(one.octets.ends_with(b"\r\n"));
        for line in one.octets.split_inclusive(|octet| *octet == b'\n') {
            assert!(
                line.len() <= 1000 && line.ends_with(b"\r\n") && !line[..line.len() - 2].contains(&b'\r')
            );
        }
        assert!(!one.octets.contains(&0));
    }
    let threats = first.iter().filter(|letter| letter.threat).count();
    assert_eq!(threats, 100);
    let sizes: Vec<usize> = first.iter().map(|letter| letter.octets.len()).collect();
    assert!(*sizes.iter().min().unwrap() < 600 && *sizes.iter().max().unwrap() > 150_000, "{sizes:?}");
    assert!(first.iter().any(|letter| !String::from_utf8_lossy(&letter.octets).contains("Message-ID")));
}
