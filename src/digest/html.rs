//! The digest as a page: one file, no script, no link, nothing from elsewhere.
//!
//! The policy in its head allows one style and nothing else; that style is allowed by its digest, so that none that came
//! with a message could be.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::card::{Card, Press};
use super::chart;
use super::day::Day;
use super::inert::inert;
use super::sheet::{Body, Sheet};
use crate::document::Language;

const STYLE: &str = include_str!("style.css");

/// The page. A pure function of the day.
pub fn html(day: &Day, lang: Language) -> String {
    let sheet = Sheet::of(day, lang);
    let mut page = Page { out: String::with_capacity(32 * 1024), day, lang };
    page.head(&sheet);
    page.summary(&sheet);
    for section in &sheet.sections {
        page.put("<section><h2>");
        page.say(&section.title);
        page.put("</h2>\n");
        for part in &section.body {
            page.body(part);
        }
        page.put("</section>\n");
    }
    page.put("<footer><p>");
    page.say(lang.pick(
        "komainu（狛犬）が作りました。このページは何も読み込まず、どこへもつながりません。",
        "Made by komainu. This page loads nothing and connects to nothing.",
    ));
    page.put("</p></footer>\n</main>\n</body>\n</html>\n");
    page.out
}

/// As text of an element or of a quoted attribute.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in inert(text).chars() {
        match ch {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(ch),
        }
    }
    out
}

struct Page<'d> {
    out: String,
    day: &'d Day,
    lang: Language,
}

impl Page<'_> {
    fn put(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    /// Text; whatever direction it has ends with it.
    fn say(&mut self, text: &str) {
        let text = escaped(text);
        self.put(&text);
    }

    fn tag(&mut self, name: &str, class: &str, text: &str) {
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        self.put(&format!("<{name}{class}>"));
        self.say(text);
        self.put(&format!("</{name}>\n"));
    }

    /// What a sender may have written: its direction does not reach what stands beside it.
    fn apart(&mut self, text: &str) {
        self.put("<bdi>");
        self.say(text);
        self.put("</bdi>");
    }

    fn head(&mut self, sheet: &Sheet) {
        let hash = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
        self.put(&format!(
            "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n",
            self.lang.code()
        ));
        self.put(&format!(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'\">\n"
        ));
        // A telephone makes links of numbers by itself.
        self.put("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"format-detection\" content=\"telephone=no, date=no, address=no, email=no, url=no\">\n<meta name=\"robots\" content=\"noindex\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
        self.say(&format!("komainu: {}", sheet.title));
        self.put("</title>\n<style>");
        self.put(STYLE);
        self.put("</style>\n</head>\n<body>\n<main>\n");
    }

    fn summary(&mut self, sheet: &Sheet) {
        self.put("<header>\n");
        self.tag("p", "by", "komainu");
        self.tag("h1", "", &sheet.title);
        if let Some(caution) = &sheet.caution {
            self.tag("p", "caution", caution);
        }
        for line in &sheet.result {
            self.tag("p", "result", line);
        }
        let (day, lang) = (self.day, self.lang);
        self.put("<ul class=\"sums\">");
        for (ja, en, count) in [
            ("検査", "checked", day.scanned),
            ("隔離", "quarantined", day.quarantined),
            ("疑わしい", "suspicious", day.suspicious),
            ("検査できず", "not checked", day.not_judged),
        ] {
            self.put(&format!("<li><b>{count}</b><span>{}</span></li>", lang.pick(ja, en)));
        }
        self.put("</ul>\n");
        if let Some(urgent) = &sheet.urgent {
            self.tag("p", "urgent", urgent);
        }
        self.fields("about", &sheet.period);
        self.put("</header>\n");
    }

    fn body(&mut self, part: &Body) {
        match part {
            Body::Card(card) => self.card(card, true),
            Body::Brief(card) => self.card(card, false),
            Body::Counts(rows) => {
                self.put("<table>");
                for (depth, label, count, remark) in rows {
                    self.put(&format!("<tr><th class=\"d{depth}\" scope=\"row\">"));
                    self.say(label);
                    self.put(&format!("</th><td class=\"n\">{count}</td><td class=\"r\">"));
                    self.say(remark);
                    self.put("</td></tr>");
                }
                self.put("</table>\n");
            }
            Body::Fields(list) => self.fields("", list),
            Body::Points(list) => {
                self.put("<ul class=\"points\">");
                for point in list {
                    self.put("<li>");
                    self.apart(point);
                    self.put("</li>");
                }
                self.put("</ul>\n");
            }
            Body::Says(text) => self.tag("p", "", text),
            Body::Note(note) => {
                self.put("<pre>");
                for line in note.lines() {
                    self.say(line);
                    self.put("\n");
                }
                self.put("</pre>\n");
            }
            Body::Command(text) => self.tag("pre", "", text),
            Body::Month => {
                let figure = chart::figure(self.day, self.lang);
                self.put(&figure);
            }
        }
    }

    fn fields(&mut self, class: &str, list: &[(String, String)]) {
        self.put(&format!("<dl class=\"{class}\">"));
        for (label, value) in list {
            self.put("<dt>");
            self.apart(label);
            self.put("</dt><dd>");
            self.apart(value);
            self.put("</dd>");
        }
        self.put("</dl>\n");
    }

    fn card(&mut self, card: &Card, whole: bool) {
        let press = match card.press {
            Press::Urgent => " class=\"urgent-card\"",
            Press::High => " class=\"high-card\"",
            Press::Low => "",
        };
        self.put(&format!("<article{press}>\n<p class=\"badge\"><span>"));
        self.say(&format!("{}. {}", card.number, card.badge));
        self.put("</span><span>");
        self.say(&card.arrival(self.lang));
        self.put("</span></p>\n<h3>");
        self.apart(&card.subject);
        self.put("</h3>\n");
        let mut list = vec![(self.lang.pick("差出人の表示", "shown as from").to_owned(), card.who.clone())];
        if whole {
            list.extend(card.fields.iter().cloned());
        }
        self.fields("", &list);
        self.tag("p", "done", &card.done);
        if whole && !card.reasons.is_empty() {
            self.put("<ul class=\"why\">");
            for (title, seen) in &card.reasons {
                self.put("<li>");
                self.say(title);
                if !seen.is_empty() {
                    self.put("<br><q>");
                    self.apart(seen);
                    self.put("</q>");
                }
                self.put("</li>");
            }
            self.put("</ul>\n");
        }
        if let Some(id) = &card.id {
            self.put("<p class=\"id\">");
            self.say(self.lang.pick("証拠番号 ", "evidence id "));
            self.say(id);
            self.put("</p>\n");
        }
        self.put("</article>\n");
    }
}
