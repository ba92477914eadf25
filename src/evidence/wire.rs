//! How single values are written in a line, where their type's own form would not do.

/// A [`Position`](crate::evidence::Position) as four fields of the line.
pub(super) mod position {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::evidence::Position;

    #[derive(Serialize)]
    struct Out<'a> {
        #[serde(rename = "komainu.account")]
        account: &'a str,
        #[serde(rename = "imap.mailbox")]
        mailbox: &'a str,
        #[serde(rename = "imap.uidvalidity")]
        uidvalidity: u32,
        #[serde(rename = "imap.uid")]
        uid: u32,
    }

    #[derive(Deserialize)]
    struct In {
        #[serde(rename = "komainu.account")]
        account: String,
        #[serde(rename = "imap.mailbox")]
        mailbox: String,
        #[serde(rename = "imap.uidvalidity")]
        uidvalidity: u32,
        #[serde(rename = "imap.uid")]
        uid: u32,
    }

    pub(in crate::evidence) fn serialize<S: Serializer>(
        p: &Position,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let Position { account, mailbox, uidvalidity, uid } = p;
        Out { account, mailbox, uidvalidity: *uidvalidity, uid: *uid }.serialize(serializer)
    }

    pub(in crate::evidence) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Position, D::Error> {
        let In { account, mailbox, uidvalidity, uid } = In::deserialize(deserializer)?;
        Ok(Position { account, mailbox, uidvalidity, uid })
    }
}

/// Hundredths as a decimal number, `7.31`, as people and `event.risk_score` have it.
pub(super) mod decimal {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::indicator::Hundredths;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
    pub(in crate::evidence) fn serialize<S: Serializer>(
        n: &Hundredths,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(f64::from(n.0) / 100.0)
    }

    pub(in crate::evidence) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Hundredths, D::Error> {
        let hundredths = (f64::deserialize(deserializer)? * 100.0).round();
        if (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&hundredths) {
            Ok(Hundredths(hundredths as i32))
        } else {
            Err(D::Error::custom("score out of range"))
        }
    }
}

/// Findings as `[{"rule.id": "legal-threat", "weight": 2.1}]`.
pub(super) mod findings {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::indicator::Hundredths;

    #[derive(Serialize, Deserialize)]
    struct Item {
        #[serde(rename = "rule.id")]
        id: String,
        #[serde(with = "super::decimal")]
        weight: Hundredths,
    }

    pub(in crate::evidence) fn serialize<S: Serializer>(
        findings: &[(String, Hundredths)],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(findings.iter().map(|(id, weight)| Item { id: id.clone(), weight: *weight }))
    }

    pub(in crate::evidence) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<(String, Hundredths)>, D::Error> {
        Ok(Vec::<Item>::deserialize(deserializer)?.into_iter().map(|item| (item.id, item.weight)).collect())
    }
}
