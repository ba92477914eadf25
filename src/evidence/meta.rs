//! The erasable part of the evidence: what a message says of itself and what was found in it, ECS `email.*` names
//! (Elastic Common Schema). It is bound to the chain by its SHA-256 and goes with the blob when the person erases it.

use serde_json::{Value, json};

use super::{EvidenceId, Position};
use crate::demand::Demand;
use crate::message::{Address, Message};
use crate::verdict::Verdict;

/// No field of the analysis is longer than this; the blob holds the whole.
const LONGEST_FIELD: usize = 4096;

/// `meta/<id>.json` for a judged message.
pub fn meta(
    id: EvidenceId,
    position: &Position,
    message: &Message,
    verdict: Option<&Verdict>,
    demand: Option<&Demand>,
) -> Vec<u8> {
    let attachments: Vec<Value> = message
        .attachments
        .iter()
        .map(|attachment| {
            json!({"file": {
                "name": bounded(attachment.name.original()),
                "size": attachment.size,
                "mime_type": bounded(&attachment.declared),
            }})
        })
        .collect();
    let mut value = json!({
        "email": {
            "local_id": id,
            "direction": "inbound",
            "from": {"address": addresses(&message.from), "display": displays(&message.from)},
            "sender": {"address": addresses(&message.sender)},
            "reply_to": {"address": addresses(&message.reply_to)},
            "to": {"address": addresses(&message.to)},
            "cc": {"address": addresses(&message.cc)},
            "subject": bounded(message.subject.original()),
            "message_id": bounded(&message.message_id),
            "origination_timestamp": message.date,
            "attachments": attachments,
        },
        "imap": position,
        "komainu": {"defects": message.defects},
    });
    if let (Some(verdict), Some(komainu)) = (verdict, value.get_mut("komainu").and_then(Value::as_object_mut))
    {
        komainu.insert(
            "verdict".to_owned(),
            json!({
                "level": verdict.level,
                "score": verdict.score,
                "category": verdict.category,
                "severity": verdict.severity,
                "findings": verdict.findings,
            }),
        );
    }
    if let (Some(demand), Some(komainu)) = (demand, value.get_mut("komainu").and_then(Value::as_object_mut)) {
        komainu.insert("demand".to_owned(), json!(demand));
    }
    let mut octets = value.to_string().into_bytes();
    octets.push(b'\n');
    octets
}

fn addresses(list: &[Address]) -> Vec<&str> {
    list.iter().map(|address| bounded(&address.addr)).collect()
}

fn displays(list: &[Address]) -> Vec<&str> {
    list.iter().map(|address| bounded(address.name.original())).collect()
}

fn bounded(text: &str) -> &str {
    text.get(..text.floor_char_boundary(LONGEST_FIELD)).unwrap_or_default()
}
