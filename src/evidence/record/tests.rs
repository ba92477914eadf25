use proptest::prelude::*;

use super::*;
use crate::evidence::{CaseId, EvidenceId, Lesson, Method, Notice, Position, Way};
use crate::indicator::{Category, Hundredths};
use crate::verdict::Severity;

fn digest() -> impl Strategy<Value = Digest> {
    any::<[u8; 32]>().prop_map(Digest)
}

fn id() -> impl Strategy<Value = EvidenceId> {
    any::<u128>().prop_map(|n| EvidenceId(Uuid::from_u128(n)))
}

fn position() -> impl Strategy<Value = Position> {
    ("[a-z]{1,8}", any::<String>(), 1..=u32::MAX, 1..=u32::MAX)
        .prop_map(|(account, mailbox, uidvalidity, uid)| Position { account, mailbox, uidvalidity, uid })
}

fn level() -> impl Strategy<Value = Level> {
    prop_oneof![Just(Level::Clean), Just(Level::Suspicious), Just(Level::Threat)]
}

fn category() -> impl Strategy<Value = Option<Category>> {
    use Category::{AdvanceFee, Bec, Callback, Extortion, FakeBilling, Malware, Other, Phishing};
    let all = [FakeBilling, Extortion, Phishing, Bec, AdvanceFee, Callback, Malware, Other];
    prop::option::of(prop::sample::select(all.to_vec()))
}

fn severity() -> impl Strategy<Value = Option<Severity>> {
    prop::option::of(prop::sample::select(vec![Severity::Low, Severity::High, Severity::Urgent]))
}

fn captured() -> impl Strategy<Value = Entry> {
    let server = (
        any::<String>(),
        prop::collection::vec(any::<String>(), 0..4),
        any::<Option<u64>>(),
        any::<Option<String>>(),
    );
    (id(), position(), [digest(), digest(), digest()], any::<u64>(), any::<bool>(), server).prop_map(
        |(id, position, [sha256, canonical, meta_sha256], size, partial, server)| {
            let (internaldate, flags, rfc822_size, server_identity) = server;
            Entry::Captured {
                id,
                position,
                sha256,
                size,
                partial,
                internaldate,
                flags,
                rfc822_size,
                server_identity,
                canonical,
                meta_sha256,
                session: Some(canonical),
            }
        },
    )
}

fn judged() -> impl Strategy<Value = Entry> {
    let findings = prop::collection::vec(("[a-z-]{1,12}", any::<i32>().prop_map(Hundredths)), 0..5);
    (id(), level(), category(), severity(), any::<i32>(), findings, digest()).prop_map(
        |(id, level, category, severity, score, findings, context)| Entry::Judged {
            id,
            level,
            category,
            severity,
            score: Hundredths(score),
            findings,
            context,
        },
    )
}

fn moves() -> impl Strategy<Value = Entry> {
    let method = prop::sample::select(vec![Method::Move, Method::Copy]);
    let outcome = prop::sample::select(vec![Outcome::Moved, Outcome::GoneByOther, Outcome::Refused]);
    prop_oneof![
        (id(), position(), method, any::<String>(), any::<u32>(), any::<u32>()).prop_map(
            |(id, position, method, destination, destination_uidvalidity, destination_uidnext)| {
                Entry::MoveIntent {
                    id,
                    position,
                    method,
                    destination,
                    destination_uidvalidity,
                    destination_uidnext,
                }
            }
        ),
        (id(), any::<u32>()).prop_map(|(id, destination_uid)| Entry::Copied { id, destination_uid }),
        (id(), outcome, any::<Option<u32>>(), any::<Option<String>>()).prop_map(
            |(id, outcome, destination_uid, reason)| Entry::MoveResult {
                id,
                outcome,
                destination_uid,
                reason
            }
        ),
        (id(), position(), any::<String>()).prop_map(|(id, position, identity)| Entry::Released {
            id,
            position,
            identity
        }),
    ]
}

fn case() -> impl Strategy<Value = CaseId> {
    (0_u16..=9999, 1_u32..).prop_map(|(year, number)| CaseId { year, number })
}

fn time() -> impl Strategy<Value = Timestamp> {
    (0_i64..4_000_000_000).prop_map(|seconds| Timestamp::from_second(seconds).unwrap())
}

fn acts() -> impl Strategy<Value = Entry> {
    let found =
        prop::sample::select(vec![Refetch::Same, Refetch::Reserialised, Refetch::Different, Refetch::Gone]);
    prop_oneof![
        (prop::option::of(any::<String>()), time(), time(), any::<String>())
            .prop_map(|(account, from, until, reason)| Entry::WatchGap { account, from, until, reason }),
        any::<i64>().prop_map(|step_ms| Entry::ClockStep { step_ms }),
        any::<String>().prop_map(|public_key| Entry::KeyRotated { public_key }),
        (any::<String>(), any::<u64>(), digest()).prop_map(|(kind, size, sha256)| Entry::Witness {
            kind,
            size,
            sha256
        }),
        (id(), position(), found, prop::option::of(digest()))
            .prop_map(|(id, position, found, sha256)| Entry::Refetched { id, position, found, sha256 }),
        (id(), position()).prop_map(|(id, position)| Entry::Reported { id, position }),
        id().prop_map(|id| Entry::Viewed { id }),
        (prop::option::of(id()), prop::collection::vec(digest(), 0..3), any::<String>())
            .prop_map(|(id, contents, reason)| Entry::Erased { id, contents, reason }),
        (case(), digest()).prop_map(|(case, sha256)| Entry::CaseOpened { case, sha256 }),
        (case(), prop::collection::vec(id(), 0..3)).prop_map(|(case, ids)| Entry::CaseAdded { case, ids }),
        (case(), digest()).prop_map(|(case, sha256)| Entry::CaseNote { case, sha256 }),
        (case(), any::<bool>()).prop_map(|(case, held)| Entry::CaseHeld { case, held }),
        (case(), any::<String>(), digest()).prop_map(|(case, variant, sha256)| Entry::Exported {
            case,
            variant,
            sha256
        }),
        notices(),
    ]
}

fn notices() -> impl Strategy<Value = Entry> {
    let text = any::<String>;
    let notice = || prop::sample::select(vec![Notice::Digest, Notice::Alert]);
    let ids = || prop::collection::vec(id(), 0..3);
    let outcome = prop::sample::select(vec![Appended::Done, Appended::Found, Appended::Refused]);
    let date = (-9999_i16..=9999, 1_i8..=12, 1_i8..=28).prop_map(|(y, m, d)| jiff::civil::date(y, m, d));
    prop_oneof![
        (date, any::<u64>(), any::<u64>(), digest())
            .prop_map(|(date, first, next, sha256)| Entry::DigestWritten { date, first, next, sha256 }),
        ([text(), text(), text()], notice(), ids(), digest()).prop_map(
            |([account, mailbox, message_id], notice, ids, sha256)| Entry::AppendIntent {
                account,
                mailbox,
                message_id,
                notice,
                ids,
                sha256
            }
        ),
        ([text(), text()], outcome, any::<[Option<u32>; 2]>(), any::<Option<String>>()).prop_map(
            |([account, message_id], outcome, [uidvalidity, uid], reason)| Entry::AppendResult {
                account,
                message_id,
                outcome,
                uidvalidity,
                uid,
                reason
            }
        ),
        (prop::sample::select(vec![Way::Https, Way::Desktop]), notice(), ids(), any::<Option<String>>())
            .prop_map(|(way, notice, ids, reason)| Entry::Notified { way, notice, ids, reason }),
        id().prop_map(|id| Entry::ReleaseAsked { id }),
        (id(), prop::sample::select(vec![Lesson::Wanted, Lesson::Unwanted]), digest())
            .prop_map(|(id, lesson, sha256)| Entry::Learned { id, lesson, sha256 }),
        id().prop_map(|id| Entry::Unlearned { id }),
    ]
}

fn others() -> impl Strategy<Value = Entry> {
    prop_oneof![
        any::<String>().prop_map(|version| Entry::ServiceStart {
            version,
            program: None,
            synchronised: None
        }),
        Just(Entry::ServiceStop),
        Just(Entry::Heartbeat),
        position().prop_map(|position| Entry::WatchStart { position }),
        position().prop_map(|position| Entry::Cursor { position }),
        (position(), any::<u32>()).prop_map(|(position, was)| Entry::UidvalidityChanged { position, was }),
        (prop::option::of(id()), position(), any::<String>())
            .prop_map(|(id, position, reason)| { Entry::NotJudged { id, position, reason } }),
        (position(), any::<String>(), any::<u64>(), any::<u32>()).prop_map(|(at, uids, clean, next_uid)| {
            let Position { account, mailbox, uidvalidity, .. } = at;
            Entry::ScanBatch { account, mailbox, uidvalidity, uids, clean, next_uid }
        }),
        (any::<String>(), prop::option::of(digest()))
            .prop_map(|(what, sha256)| Entry::Recovery { what, sha256 }),
        acts(),
        digest().prop_map(|sha256| Entry::ConfigChanged { sha256 }),
    ]
}

fn record() -> impl Strategy<Value = Record> {
    let entry = prop_oneof![captured(), judged(), moves(), others()];
    let clock = prop::option::of((any::<u128>(), any::<u64>()));
    // Years 1970 to 9999: what four digits can say.
    (any::<u64>(), digest(), 0_i64..253_370_764_800_000, any::<u128>(), entry, clock, any::<u32>()).prop_map(
        |(seq, prev, at, event_id, entry, clock, more)| {
            let at = Timestamp::from_millisecond(at).unwrap();
            let mut record = Record::new(seq, prev, at, Uuid::from_u128(event_id), entry);
            record.clock = clock.map(|(id, boottime_ms)| Clock { boot_id: Uuid::from_u128(id), boottime_ms });
            record.more = more;
            record
        },
    )
}

proptest! {
    #[test]
    fn a_record_survives_its_line(record in record()) {
        let line = record.to_line().unwrap();
        prop_assert_eq!(line.matches('\n').count(), 1);
        prop_assert!(line.ends_with('\n'));
        prop_assert_eq!(Record::from_line(&line).unwrap(), record);
    }

    #[test]
    fn no_text_is_a_panic(line in any::<String>()) {
        let _ = Record::from_line(&line);
    }
}

fn sample(entry: Entry) -> Record {
    let at = "2026-11-24T01:02:03.004567Z".parse().unwrap();
    Record::new(7, Digest([0xab; 32]), at, Uuid::nil(), entry)
}

#[test]
fn the_prefix_is_fixed_so_that_cut_works() {
    let line = sample(Entry::Heartbeat).to_line().unwrap();
    assert_eq!(
        line,
        format!(
            "{{\"prev\":\"{}\",\"seq\":7,\"@timestamp\":\"2026-11-24T01:02:03.004Z\",\"ecs.version\":\"9.0.0\",\
             \"event.id\":\"00000000-0000-0000-0000-000000000000\",\"event.dataset\":\"komainu.evidence\",\
             \"event.kind\":\"state\",\"event.category\":[\"process\"],\"event.action\":\"heartbeat\"}}\n",
            "ab".repeat(32)
        )
    );
    assert_eq!(line.get(9..73), Some("ab".repeat(32).as_str()));
}

#[test]
fn ecs_names_stand_in_the_line() {
    let position = Position { account: "a".into(), mailbox: "受信".into(), uidvalidity: 3, uid: 9 };
    let id = EvidenceId(Uuid::nil());
    let line = sample(Entry::Captured {
        id,
        position,
        sha256: Digest::ZERO,
        size: 5,
        partial: false,
        internaldate: " 1-Nov-2026 09:00:00 +0900".into(),
        flags: vec!["\\Seen".into()],
        rfc822_size: None,
        server_identity: None,
        canonical: Digest::ZERO,
        meta_sha256: Digest::ZERO,
        session: None,
    })
    .to_line()
    .unwrap();
    for part in [
        r#""event.action":"evidence-captured","email.local_id":"00000000-0000-0000-0000-000000000000""#,
        r#""komainu.account":"a","imap.mailbox":"受信","imap.uidvalidity":3,"imap.uid":9"#,
        r#""imap.flags":["\\Seen"]"#,
        r#""email.delivery_timestamp":"2026-11-01T00:00:00.000Z""#,
    ] {
        assert!(line.contains(part), "{part} in {line}");
    }
    let line = sample(Entry::Judged {
        id,
        level: Level::Threat,
        category: Some(Category::FakeBilling),
        severity: Some(Severity::High),
        score: Hundredths(731),
        findings: vec![("base-rate".into(), Hundredths(-150)), ("legal-threat".into(), Hundredths(881))],
        context: Digest::ZERO,
    })
    .to_line()
    .unwrap();
    for part in [
        r#""event.kind":"alert""#,
        r#""event.risk_score":7.31"#,
        r#"[{"rule.id":"base-rate","weight":-1.5},{"rule.id":"legal-threat","weight":8.81}]"#,
        r#""komainu.category":"fake_billing""#,
    ] {
        assert!(line.contains(part), "{part} in {line}");
    }
}

#[test]
fn an_old_program_reads_what_a_newer_one_wrote() {
    let line = sample(Entry::Heartbeat).to_line().unwrap();
    let action = line.replace("\"heartbeat\"", "\"key-rotated\",\"evidence.key\":{\"n\":[1,null]}");
    let record = Record::from_line(&action).unwrap();
    let Entry::Unknown { action, fields } = &record.entry else { panic!("{record:?}") };
    assert_eq!(action, "key-rotated");
    assert_eq!(fields.keys().collect::<Vec<_>>(), ["evidence.key"]);
    assert_eq!(Record::from_line(&record.to_line().unwrap()).unwrap(), record);

    let field = line.replace("\"heartbeat\"", "\"heartbeat\",\"komainu.load\":3");
    let record = Record::from_line(&field).unwrap();
    assert_eq!((&record.entry, record.extra.get("komainu.load")), (&Entry::Heartbeat, Some(&3.into())));
    assert_eq!(Record::from_line(&record.to_line().unwrap()).unwrap(), record);

    let value = sample(Entry::MoveResult {
        id: EvidenceId(Uuid::nil()),
        outcome: Outcome::Refused,
        destination_uid: None,
        reason: None,
    });
    let value = value.to_line().unwrap().replace("\"refused\"", "\"deferred\"");
    assert!(matches!(Record::from_line(&value).unwrap().entry, Entry::Unknown { .. }));
}

#[test]
fn lines_that_are_no_record_say_why() {
    assert_eq!(Record::from_line("[]"), Err(Unreadable::Json));
    assert_eq!(Record::from_line("{}"), Err(Unreadable::Field("prev")));
    let line = sample(Entry::Heartbeat).to_line().unwrap();
    assert_eq!(Record::from_line(&line.replace(":7,", ":-7,")), Err(Unreadable::Field("seq")));
    assert_eq!(Record::from_line(&line.replace("event.action", "x")), Err(Unreadable::Field("event.action")));
}
