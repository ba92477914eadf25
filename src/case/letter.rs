//! What was read out of a message, as `meta/<id>.json` keeps it. Every text is the sender's: for people there is
//! [`Excerpt`](crate::message::Excerpt).

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::message::Place;

/// What `meta/<id>.json` says. What a newer version wrote otherwise is passed over.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Letter {
    /// From addresses, as written with the domain in lower case.
    pub from: Vec<String>,
    /// The names beside them.
    pub names: Vec<String>,
    /// Reply-To addresses.
    pub reply_to: Vec<String>,
    /// To addresses.
    pub to: Vec<String>,
    /// Decoded.
    pub subject: String,
    /// Without angle brackets.
    pub message_id: String,
    /// The Date field, which the sender writes.
    pub date: Option<Timestamp>,
    /// Files.
    pub attachments: Vec<Filed>,
    /// What judging saw, with its words.
    pub findings: Vec<Seen>,
    /// What is demanded.
    pub demand: Option<Demanded>,
}

/// An attached file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Filed {
    /// As shown by a mail program.
    pub name: String,
    /// Octets.
    pub size: u64,
    /// As declared.
    pub mime_type: String,
}

/// Where and in which words a finding was seen.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Seen {
    /// Its id.
    pub indicator: String,
    /// What it adds.
    pub weight: f64,
    /// Where.
    #[serde(rename = "where")]
    pub place: Place,
    /// Bounded and defanged.
    pub excerpt: String,
}

/// What a message demands.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Demanded {
    /// Who it says it is.
    pub claims_to_be: Option<String>,
    /// Machine words of what it asks for.
    pub wants: Vec<String>,
    /// How much.
    pub amounts: Vec<Valued>,
    /// By when, RFC 3339 without seconds.
    pub deadline: Option<String>,
    /// Where to pay.
    pub pay_to: Vec<Valued>,
    /// Whom to contact.
    pub contacts: Vec<Valued>,
    /// What the plain ones were read from.
    pub quoted: Quoted,
}

/// A value and where it was read.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Valued {
    /// Machine word; for an amount, its currency.
    #[serde(alias = "currency")]
    pub kind: String,
    /// Text, or a number.
    pub value: Value,
    /// Where.
    #[serde(rename = "where")]
    pub place: Option<Place>,
    /// Bounded and defanged.
    pub excerpt: String,
}

/// Words that values without a place of their own were read from.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Quoted {
    /// Of the name.
    pub claims_to_be: Option<Words>,
    /// Of the deadline.
    pub deadline: Option<Words>,
    /// In the order of what is asked for.
    pub wants: Vec<Words>,
}

/// Where something was read, and in which words.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Words {
    /// Where.
    #[serde(rename = "where")]
    pub place: Place,
    /// Bounded and defanged.
    pub excerpt: String,
}

impl Letter {
    /// Reads the file's octets.
    pub fn from_octets(octets: &[u8]) -> Result<Self, serde_json::Error> {
        let mut value: Value = serde_json::from_slice(octets)?;
        let at = |path: &str| value.pointer(path).cloned().unwrap_or_default();
        let texts = |path: &str| serde_json::from_value::<Vec<String>>(at(path)).unwrap_or_default();
        let text = |path: &str| at(path).as_str().unwrap_or_default().to_owned();
        let attachments = at("/email/attachments").as_array().cloned().unwrap_or_default();
        let mut letter = Self {
            from: texts("/email/from/address"),
            names: texts("/email/from/display"),
            reply_to: texts("/email/reply_to/address"),
            to: texts("/email/to/address"),
            subject: text("/email/subject"),
            message_id: text("/email/message_id"),
            date: serde_json::from_value(at("/email/origination_timestamp")).unwrap_or_default(),
            attachments: attachments
                .into_iter()
                .filter_map(|mut file| serde_json::from_value(file.get_mut("file")?.take()).ok())
                .collect(),
            ..Self::default()
        };
        let findings = value.pointer_mut("/komainu/verdict/findings").map(Value::take);
        if let Some(Value::Array(findings)) = findings {
            letter.findings =
                findings.into_iter().filter_map(|one| serde_json::from_value(one).ok()).collect();
        }
        letter.demand = value
            .pointer_mut("/komainu/demand")
            .map(Value::take)
            .and_then(|demand| serde_json::from_value(demand).ok());
        Ok(letter)
    }

    /// The first From address, lower case: by which a case of one sender is known.
    pub fn sender(&self) -> Option<String> {
        self.from.iter().find(|address| !address.is_empty()).map(|address| address.to_lowercase())
    }
}

impl Valued {
    /// The value as text, digits of a number without a fraction that says nothing.
    pub fn text(&self) -> String {
        match &self.value {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        }
    }
}
