//! The service's state in the text format that Prometheus reads (exposition format 0.0.4).

use std::fmt::Write as _;

use super::status::{State, Status};

/// One line of a metric: labels, with their braces, and value.
type Line = (String, f64);

/// Every metric, each with its help and type. Names of accounts are the only labels that say anything of the person.
pub fn metrics(status: &Status) -> String {
    let mut text = String::new();
    let mut put = |name: &str, kind: &str, help: &str, lines: Vec<Line>| {
        if lines.is_empty() {
            return;
        }
        _ = writeln!(text, "# HELP komainu_{name} {help}\n# TYPE komainu_{name} {kind}");
        for (labels, value) in lines {
            _ = writeln!(text, "komainu_{name}{labels} {value}");
        }
    };
    let one = |value: u64| vec![(String::new(), number(value))];
    let version = vec![(format!("{{version=\"{}\"}}", escaped(&status.version)), 1.0)];
    put("build_info", "gauge", "Which version runs.", version);
    put(
        "start_time_seconds",
        "gauge",
        "When the service started.",
        vec![(String::new(), time(status.started))],
    );
    let accounts = &status.accounts;
    let each = |value: &dyn Fn(&super::status::Account) -> Option<f64>| -> Vec<Line> {
        let line = |account: &super::status::Account| {
            Some((format!("{{account=\"{}\"}}", escaped(&account.name)), value(account)?))
        };
        accounts.iter().filter_map(line).collect()
    };
    let flag = |on: bool| Some(f64::from(u8::from(on)));
    put(
        "watching",
        "gauge",
        "1 where the account is watched.",
        each(&|one| flag(one.state == State::Watching)),
    );
    put(
        "held_back",
        "gauge",
        "1 where something keeps it from moving.",
        each(&|one| flag(one.trouble.is_some())),
    );
    put(
        "last_message_time_seconds",
        "gauge",
        "When a message was last judged.",
        each(&|one| one.last_message.map(time)),
    );
    put(
        "move_lag_seconds",
        "gauge",
        "From the notice of new mail to the end of the last move.",
        each(&|one| one.lag_ms.map(|ms| number(ms) / 1000.0)),
    );
    let counts = status.counts;
    put("judged_total", "counter", "Messages judged since the start.", one(counts.judged));
    put("quarantined_total", "counter", "Messages moved since the start.", one(counts.quarantined));
    put("suspicious_total", "counter", "Suspicious messages since the start.", one(counts.suspicious));
    put("not_judged_total", "counter", "Messages that could not be judged.", one(counts.not_judged));
    if let Some(record) = &status.record {
        put("record_lines", "gauge", "Lines of the evidence chain.", one(record.records));
        put("kept_messages", "gauge", "Messages whose content is kept.", one(record.messages));
        put("kept_bytes", "gauge", "Their octets.", one(record.octets));
        put("free_bytes", "gauge", "What the disk still takes.", one(record.free));
        let witness = record.witness.iter().map(|witness| (String::new(), time(witness.at))).collect();
        put("witness_time_seconds", "gauge", "When a checkpoint was last put outside.", witness);
    }
    text
}

#[expect(clippy::cast_precision_loss, reason = "a metric is a float; 2^53 octets are eight pebibytes")]
fn number(value: u64) -> f64 {
    value as f64
}

#[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are far below 2^53")]
fn time(at: jiff::Timestamp) -> f64 {
    at.as_second() as f64
}

fn escaped(label: &str) -> String {
    label.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::super::status::{Account, Counts};
    use super::*;

    #[test]
    fn each_line_is_a_name_with_labels_and_a_number() {
        let status = Status {
            version: "0.1\"\\".to_owned(),
            pid: 1,
            started: Timestamp::UNIX_EPOCH,
            troubles: Vec::new(),
            accounts: vec![Account {
                name: "花子\"\n".to_owned(),
                state: State::Lost,
                since: Timestamp::UNIX_EPOCH,
                last_message: None,
                lag_ms: Some(1500),
                last_error: None,
                trouble: None,
                observes_until: None,
            }],
            counts: Counts { judged: 7, ..Counts::default() },
            record: None,
        };
        let text = metrics(&status);
        assert!(text.contains("komainu_build_info{version=\"0.1\\\"\\\\\"} 1\n"), "{text}");
        assert!(text.contains("komainu_watching{account=\"花子\\\"\\n\"} 0\n"), "{text}");
        assert!(text.contains("komainu_move_lag_seconds{account=\"花子\\\"\\n\"} 1.5\n"), "{text}");
        assert!(text.contains("komainu_judged_total 7\n"), "{text}");
        assert!(!text.contains("last_message") && !text.contains("free_bytes"), "{text}");
    }
}
