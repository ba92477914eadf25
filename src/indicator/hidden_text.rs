//! Filler that nobody is meant to see.
//!
//! # Detects
//!
//! Text that is hidden by its style, more than a preview line, that does not stand in the visible text too,
//! and of which there is at least half as much as a person sees.
//!
//! # Why it matters
//!
//! Text that no reader sees was put in to water down what filters find.
//!
//! # False positives
//!
//! Newsletters that hold their content twice, for telephones and for screens; where it is the same it is
//! left out.
//!
//! # References
//!
//! - Cisco Talos: hidden text salting (2025)
//! - SpamAssassin: HTML_FONT_LOW_CONTRAST, T_HIDDEN_WORD

use crate::message::{Excerpt, Place, TextKind};

use super::{Basis, Bilingual, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "hidden-text",
    title: Bilingual { ja: "見えない大量の文章", en: "filler text that nobody sees" },
    category: None,
    family: Family::Disguise,
    weight: Hundredths(150),
    hard: false,
    basis: Basis::Prior("newsletters hide text as well; kept small"),
    why: Bilingual {
        ja: "フィルターの判定を薄めるため、読む人には見えない文章が大量に埋め込まれています。",
        en: "Text that no reader sees was put in to water down what filters find.",
    },
    genuine: Bilingual {
        ja: "正規のメールが隠すのは、一覧に出る短い要約くらいです。",
        en: "A genuine mail hides little more than the short preview shown in the list of messages.",
    },
    false_positives: Bilingual {
        ja: "スマートフォン用と画面用に同じ内容を二つ持つニュースレター（同じ内容なら当たらない）。",
        en: "Newsletters that hold their content twice, for telephones and for screens; where it is the same it is left out.",
    },
    references: &[
        "Cisco Talos: hidden text salting (2025)",
        "SpamAssassin: HTML_FONT_LOW_CONTRAST, T_HIDDEN_WORD",
    ],
    check,
};

/// Letters of a preview line: mail programs show about a hundred.
const PREVIEW: usize = 250;
/// Hidden letters beyond the preview from which it is filler.
const FILLER: usize = 300;
/// Octets of hidden text that are looked at.
const MOST: usize = 64 * 1024;

fn check(observables: &Observables<'_>) -> Option<Observation> {
    let texts = &observables.message.texts;
    let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
    texts.iter().enumerate().filter(|(_, view)| view.kind == TextKind::Hidden).find_map(|(index, view)| {
        let hidden = view.text.normal();
        let hidden = hidden.get(..hidden.floor_char_boundary(MOST))?;
        let amount = letters(hidden).saturating_sub(PREVIEW);
        if amount < FILLER {
            return None;
        }
        // The hidden text stands right after the visible one of its part, where there is any.
        let visible = index
            .checked_sub(1)
            .and_then(|before| texts.get(before))
            .filter(|before| before.kind == TextKind::Html)
            .map_or("", |before| before.text.normal());
        let filler = amount * 2 >= letters(visible) && !is_repeated(hidden, visible);
        filler.then(|| Observation {
            place: Place::Text(index + 1),
            excerpt: Excerpt::new(view.text.original()),
        })
    })
}

/// Whether most of a text stands in another one as well, by samples of a few words.
fn is_repeated(text: &str, other: &str) -> bool {
    const LONG: usize = 18;
    let step = (text.len() / 64).max(LONG);
    let samples = (0..text.len()).step_by(step).filter_map(|at| {
        let from = text.floor_char_boundary(at);
        text.get(from..text.floor_char_boundary(from + LONG)).filter(|sample| !sample.trim().is_empty())
    });
    let (mut known, mut all) = (0usize, 0usize);
    for sample in samples {
        all += 1;
        known += usize::from(other.contains(sample.trim()));
    }
    known * 2 > all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::testing;

    fn html(body: &str) -> String {
        testing::raw("From: News <news@shop.example>\r\nContent-Type: text/html; charset=utf-8\r\n", body)
    }

    const PROSE: &str = "The heron stood in the shallow water while clouds gathered over the eastern hills and nobody came by. ";

    #[test]
    fn fires_on_filler_and_not_on_previews_and_second_versions() {
        let filler = PROSE.repeat(9);
        for body in [
            format!("<p>Your account is limited.</p><div style='display:none'>{filler}</div>"),
            format!(
                "<style>.z{{font-size:0}}</style><p>Your account is limited.</p><div class=z>{filler}</div>"
            ),
            format!("<p>Your account is limited.</p><font color=#fefefe>{filler}</font>"),
        ] {
            assert!(testing::fires_raw(&INDICATOR, &html(&body)), "{body:.80}");
        }
        for body in [
            format!("<div style='display:none'>{PROSE}</div><p>Our news of this week.</p>"),
            format!("<div style='display:none'>Sale now{}</div><p>Our news.</p>", "&zwnj;&nbsp;".repeat(300)),
            format!("<div class=wide>{filler}</div><div style='display:none'>{filler}</div>"),
            format!("<style>@media (prefers-color-scheme:dark){{p{{display:none}}}}</style><p>{filler}</p>"),
            format!(
                "<p>{}</p><div style='display:none'>{filler}</div>",
                "Quite another story about boats. ".repeat(90)
            ),
        ] {
            assert!(!testing::fires_raw(&INDICATOR, &html(&body)), "{body:.80}");
        }
    }
}
