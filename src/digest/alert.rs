//! [`Alert`]: that something urgent came, told at once: life is threatened, or the person's own details are quoted.

use super::inert::Lines;
use crate::document::Language;
use crate::evidence::EvidenceId;
use crate::indicator::Category;

/// Urgent messages that were not told of before. Nothing that a sender wrote is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// The account in which they came.
    pub account: String,
    /// Each with what it is.
    pub messages: Vec<(EvidenceId, Option<Category>)>,
    /// They stand in quarantine; false: they stay where they came.
    pub moved: bool,
}

impl Alert {
    /// The Subject: counts only.
    pub fn subject(&self, lang: Language) -> String {
        let n = self.messages.len();
        match lang {
            Language::Ja => format!("[komainu] 緊急: 確認してほしいメールが {n} 通あります"),
            Language::En => format!("[komainu] urgent: {n} to be looked at"),
        }
    }

    /// What it is about, and what not to do. Lines of at most 72 columns.
    pub fn text(&self, lang: Language) -> String {
        let mut lines = Lines::default();
        lines.put("", &self.subject(lang));
        for (id, _) in &self.messages {
            lines.put("  ", &id.to_string());
        }
        lines.finish()
    }
}
