//! ⑥ Why each message was judged as it was: every finding with its weight, adding up to the score.

use super::{Page, quote};
use crate::case::gather::{Judgement, Member};
use crate::case::letter::Letter;
use crate::case::words::{category_word, finding_title, level_word, place_word, severity_word};
use crate::document::{Block, Language, Text, Tone};
use crate::indicator::Hundredths;
use crate::message::Place;

impl Page<'_> {
    pub(super) fn reasons(&mut self) {
        self.blocks.push(Block::NewPage);
        self.section("⑥ 判定理由", "6. Why it was judged so");
        self.say(
            "komainu が機械的に付けた点数です。所見の点数を足すと合計になります。点数が高いほど詐欺・脅迫のメールに似ているという意味で、犯罪の成否や送信者を示すものではありません。",
            "Scores given by a program; the findings add up to the total. The higher, the more a message is like scams and threats. That says nothing of whether a crime was committed, or by whom.",
        );
        let shown: Vec<&Member> = self.exhibits().into_iter().map(|(member, _)| member).collect();
        for member in shown.iter().copied() {
            self.heading_of(member);
            if let Some(judgement) = &member.judgement {
                self.reasons_of(member, judgement);
                continue;
            }
            let reason = member.not_judged.as_deref().unwrap_or("-");
            let text = match self.lang {
                Language::Ja => format!("判定できませんでした（{reason}）。メールは元の場所に残しています。"),
                Language::En => format!("It could not be judged ({reason}) and stays where it was."),
            };
            self.blocks.push(Block::Paragraph(text.into()));
        }
    }

    fn reasons_of(&mut self, member: &Member, judgement: &Judgement) {
        let lang = self.lang;
        let mut words = vec![level_word(judgement.level, lang).to_owned()];
        words.extend(judgement.category.map(|category| category_word(category, lang).to_owned()));
        words.extend(judgement.severity.map(|severity| {
            format!("{} {}", self.pick("切迫の度合い", "pressing:"), severity_word(severity, lang))
        }));
        let basis = self.basis(member);
        if let Some((suspicious, threat)) = basis.and_then(|basis| basis.thresholds) {
            words.push(match lang {
                Language::Ja => format!("境目: 疑わしい {suspicious}、脅威 {threat}"),
                Language::En => format!("thresholds: suspicious {suspicious}, threat {threat}"),
            });
        }
        if let Some(basis) = basis.filter(|basis| !basis.program.is_empty()) {
            words.push(format!("komainu {}", basis.program));
        }
        self.blocks.push(Block::Paragraph(words.join(self.pick("　", "; ")).into()));
        let mut rows: Vec<Vec<Text>> = judgement
            .findings
            .iter()
            .enumerate()
            .map(|(n, (id, weight))| self.finding(member.letter.as_ref(), judgement, n, id, *weight))
            .collect();
        let sum = judgement.findings.iter().fold(0_i32, |sum, (_, weight)| sum.saturating_add(weight.0));
        rows.push(vec![
            Text::of(Hundredths(sum).to_string(), Tone::Strong),
            Text::of(self.pick("合計", "total"), Tone::Strong),
            Text::default(),
            Text::default(),
        ]);
        self.table(
            &[("点数", "weight", 9), ("所見", "finding", 33), ("場所", "where", 14), ("引用", "quoted", 44)],
            rows,
        );
        if sum != judgement.score.0 {
            let text = match lang {
                Language::Ja => format!("記録された合計は {} です。", judgement.score),
                Language::En => format!("The total on record is {}.", judgement.score),
            };
            self.blocks.push(Block::Paragraph(Text::of(text, Tone::Strong)));
        }
    }

    fn finding(
        &self,
        letter: Option<&Letter>,
        judgement: &Judgement,
        n: usize,
        id: &str,
        weight: Hundredths,
    ) -> Vec<Text> {
        // The same indicator may be seen twice: the n-th of the record is the n-th of what was read out.
        let before = judgement.findings.iter().take(n).filter(|(other, _)| other == id).count();
        let seen = letter
            .and_then(|letter| letter.findings.iter().filter(|seen| seen.indicator == id).nth(before))
            .filter(|seen| seen.place != Place::Message);
        let title = finding_title(id, self.lang);
        let name = Text::from(title.unwrap_or(id)).and(format!("\n{id}"), Tone::Quiet);
        vec![
            weight.to_string().into(),
            name,
            seen.map(|seen| place_word(&seen.place, self.lang)).unwrap_or_default().into(),
            seen.map(|seen| quote(&seen.excerpt)).unwrap_or_default(),
        ]
    }
}
