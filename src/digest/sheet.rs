//! [`Sheet`]: everything that a digest tells, in its order and in words, for text and page alike.

mod state;

use super::card::{Card, needs_a_person};
use super::day::Day;
use super::words;
use crate::document::Language;

/// What a digest tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sheet {
    pub(super) title: String,
    /// That it is not final.
    pub(super) caution: Option<String>,
    /// The result, in a sentence or two.
    pub(super) result: Vec<String>,
    pub(super) period: Vec<(String, String)>,
    /// What not to do, in one sentence: where there is something urgent.
    pub(super) urgent: Option<String>,
    pub(super) sections: Vec<Section>,
}

/// A part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) title: String,
    pub(super) body: Vec<Body>,
}

/// What a part consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Body {
    /// A message in full.
    Card(Box<Card>),
    /// A message in short.
    Brief(Box<Card>),
    /// How many of what; how deep it is indented, label, number, remark.
    Counts(Vec<(usize, String, u64, String)>),
    /// Label and value.
    Fields(Vec<(String, String)>),
    /// Points.
    Points(Vec<String>),
    /// A sentence.
    Says(String),
    /// A signed note, line by line.
    Note(String),
    /// A command.
    Command(String),
    /// The month's chart; the text does without.
    Month,
}

struct Teller<'d> {
    day: &'d Day,
    lang: Language,
}

impl Sheet {
    pub(super) fn of(day: &Day, lang: Language) -> Self {
        let teller = Teller { day, lang };
        // Whoever is threatened at all is told this first.
        let urgent = day.threats > 0 || day.reported > 0;
        let mut sections = Vec::new();
        sections.extend(teller.attention());
        sections.push(teller.counts());
        sections.extend(teller.others());
        sections.extend(teller.repeats());
        sections.extend(teller.acts());
        sections.extend(teller.corrections());
        sections.push(teller.health());
        sections.push(teller.month());
        sections.push(teller.record());
        sections.push(teller.advice());
        sections.push(teller.mistaken());
        Self {
            title: words::title(day, lang),
            caution: words::caution(day, lang),
            result: words::result(day, lang),
            period: teller.period(),
            urgent: urgent.then(|| {
                lang.pick(
                    "急いで答える必要はありません。返信も支払いもせず、下の内容を信頼できる人と一緒に確かめてください。身の危険を感じたら 110 番へ。",
                    "There is no need to answer in a hurry. Do not reply and do not pay; go through what follows together with somebody you trust. If you feel in danger, call the police (110 in Japan).",
                )
                .to_owned()
            }),
            sections,
        }
    }
}

impl Teller<'_> {
    fn pick(&self, ja: &str, en: &str) -> String {
        self.lang.pick(ja, en).to_owned()
    }

    fn says(&self, ja: &str, en: &str) -> Body {
        Body::Says(self.pick(ja, en))
    }

    fn section(&self, ja: &str, en: &str, body: Vec<Body>) -> Section {
        Section { title: self.pick(ja, en), body }
    }

    fn period(&self) -> Vec<(String, String)> {
        let (day, lang) = (self.day, self.lang);
        let mut fields = vec![
            (self.pick("期間", "period"), words::period(day, lang)),
            ("UTC".to_owned(), words::period_utc(day, lang)),
        ];
        if let Some(since) = day.watching_since {
            let since = words::minute(since);
            fields.push((
                self.pick("記録の始まり", "on record since"),
                match lang {
                    Language::Ja => format!("{since}（それより前は見張っていません）"),
                    Language::En => format!("{since} (nobody watched before)"),
                },
            ));
        }
        fields.push((self.pick("作成", "made"), words::minute(day.made)));
        fields
    }

    fn cards(&self, wanted: bool) -> Vec<Card> {
        self.day
            .items
            .iter()
            .enumerate()
            .filter(|(_, item)| needs_a_person(item) == wanted)
            .map(|(n, item)| Card::of(n + 1, item, self.day, self.lang))
            .collect()
    }

    fn attention(&self) -> Option<Section> {
        let cards = self.cards(true);
        let count = cards.len();
        let mut body: Vec<Body> = cards.into_iter().map(|card| Body::Card(Box::new(card))).collect();
        if body.is_empty() {
            return None;
        }
        if self.day.items_left > 0 {
            let left = self.day.items_left;
            body.push(Body::Says(match self.lang {
                Language::Ja => format!("ほかに {left} 通あります。すべて証拠の記録に残っています。"),
                Language::En => format!("{left} more are on record and not listed here."),
            }));
        }
        Some(Section {
            title: match self.lang {
                Language::Ja => format!("確認してください（{count} 通）"),
                Language::En => format!("Please look at these ({count})"),
            },
            body,
        })
    }

    fn counts(&self) -> Section {
        let day = self.day;
        let stays = || self.pick("元の場所に残しています", "left where they are");
        let mut rows = vec![
            (0, self.pick("検査したメール", "checked"), day.scanned, String::new()),
            (1, self.pick("該当なし", "nothing found"), day.clean, String::new()),
            (1, self.pick("疑わしい", "suspicious"), day.suspicious, stays()),
            (
                1,
                self.pick("脅威", "threats"),
                day.threats,
                match self.lang {
                    Language::Ja => format!("うち隔離 {} 通", day.quarantined),
                    Language::En => format!("{} of them quarantined", day.quarantined),
                },
            ),
        ];
        for one in &day.hits.by_category {
            let word = crate::case::words::category_word(one.category, self.lang).to_owned();
            rows.push((2, word, one.count, String::new()));
        }
        rows.push((0, self.pick("検査できなかったメール", "could not be checked"), day.not_judged, stays()));
        rows.push((
            0,
            self.pick("あなたが隔離へ移したメール", "moved to quarantine by you"),
            day.reported,
            String::new(),
        ));
        for row in &mut rows {
            if row.2 == 0 {
                row.3.clear();
            }
        }
        self.section("内訳", "In numbers", vec![Body::Counts(rows)])
    }

    fn others(&self) -> Option<Section> {
        let body: Vec<Body> = self.cards(false).into_iter().map(|card| Body::Brief(Box::new(card))).collect();
        (!body.is_empty())
            .then(|| self.section("疑わしいメールと、あなたの報告", "Suspicious, and reported by you", body))
    }

    fn repeats(&self) -> Option<Section> {
        let points: Vec<String> = self
            .day
            .repeats
            .iter()
            .map(|repeat| {
                let first = words::minute(repeat.first_seen);
                let (today, count, sender) = (repeat.today, repeat.count, &repeat.sender);
                match self.lang {
                    Language::Ja => format!("<{sender}> から {today} 通。90 日で {count} 通、最初は {first}"),
                    Language::En => {
                        format!("{today} from <{sender}>; {count} in 90 days, the first at {first}")
                    }
                }
            })
            .collect();
        (!points.is_empty()).then(|| {
            self.section("同じ差出人からの繰り返し", "Senders who wrote before", vec![Body::Points(points)])
        })
    }

    fn acts(&self) -> Option<Section> {
        let told = |acts: &[super::day::Act]| -> Vec<String> {
            acts.iter()
                .map(|act| {
                    let about = words::about(act, self.lang).map(|about| format!(" ({about})"));
                    let what = words::act(act, self.lang);
                    format!("{} {what}{}", words::short(act.at, self.day.date), about.unwrap_or_default())
                })
                .collect()
        };
        let (own, later) = (told(&self.day.actions_by_user), told(&self.day.actions_later));
        if own.is_empty() && later.is_empty() {
            return None;
        }
        let mut body = Vec::new();
        if !own.is_empty() {
            body.push(Body::Points(own));
        }
        if !later.is_empty() {
            body.push(self.says(
                "前の日までのメールについて、komainu がしたこと:",
                "What komainu did with mail of earlier days:",
            ));
            body.push(Body::Points(later));
        }
        if self.day.actions_left > 0 {
            let left = self.day.actions_left;
            body.push(Body::Says(match self.lang {
                Language::Ja => format!("ほかに {left} 件、記録に残っています。"),
                Language::En => format!("{left} more are on record."),
            }));
        }
        Some(self.section("あなたがしたこと", "What you did", body))
    }

    fn corrections(&self) -> Option<Section> {
        let told = |one| words::correction(one, self.day.date, self.lang);
        let points: Vec<String> = self.day.corrections.iter().map(told).collect();
        (!points.is_empty()).then(|| {
            let why = self.says(
                "前の日報を書いたあとで分かったことです。書いた日報は書き換えません。",
                "Known only after earlier digests were written; a written digest is not changed.",
            );
            self.section("訂正", "Corrections", vec![why, Body::Points(points)])
        })
    }

    fn month(&self) -> Section {
        self.section("この 1 か月", "This month", vec![Body::Month])
    }

    fn advice(&self) -> Section {
        let points = [
            (
                "返信しない。連絡しない。書かれている番号に電話しない。",
                "Do not reply, do not write, do not call the numbers given.",
            ),
            ("支払わない。番号やコードを伝えない。", "Do not pay. Do not hand over numbers or codes."),
            (
                "リンクや添付ファイルを開かない。「配信停止」も押さない。",
                "Do not open links or files; not “unsubscribe” either.",
            ),
            (
                "証拠を消さない。メールは消さずに残しておく。",
                "Do not delete the evidence: leave the mail where it is.",
            ),
            (
                "表示名もアドレスも、送信者が自由に書けます。確かめたいときは、メールに書かれた連絡先ではなく、自分で調べた窓口へ。",
                "Names and addresses can be forged. To make sure, use contacts that you looked up yourself, never those in the mail.",
            ),
            (
                "相談先: 身の危険があれば 110 番。警察の相談は #9110、消費生活の相談は 188。",
                "In Japan: in danger call 110; police advice #9110; consumer hotline 188. Elsewhere: your local police and consumer advice.",
            ),
        ];
        let points = points.into_iter().map(|(ja, en)| self.pick(ja, en)).collect();
        self.section(
            "してはいけないこと・相談先",
            "What not to do, and where to go",
            vec![Body::Points(points)],
        )
    }

    fn mistaken(&self) -> Section {
        let body = vec![
            self.says(
                "大事なメールが隔離されていたら、どのメールソフトでもかまいません。隔離メールボックスから元の場所へ移してください。同じメールは、もう移しません。コマンドで戻すこともできます:",
                "If a message you need was quarantined, move it out of the quarantine mailbox with any mail program; it is not moved again. Or by command:",
            ),
            Body::Command("komainu quarantine release ID".to_owned()),
            self.says(
                "ID は、上に示した証拠番号です。komainu は、どのメールにも返信しません。",
                "ID is the evidence id shown above. komainu never answers any mail.",
            ),
        ];
        self.section("間違って隔離されていたら", "If something was quarantined by mistake", body)
    }
}
