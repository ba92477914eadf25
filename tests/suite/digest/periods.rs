//! Which day a record belongs to: exactly one, whatever the clock does.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use komainu::digest::period::{MOST_CAUGHT_UP, Period, Written, due};
use komainu::digest::{Action, Corrected, Kind, Status};
use komainu::evidence::{Entry, EvidenceId, Outcome};
use komainu::indicator::Category;
use komainu::verdict::Severity;
use proptest::prelude::*;

use super::sample::{Log, at, zone};

fn hours(period: Period) -> i64 {
    period.end.duration_since(period.start).as_hours()
}

#[test]
fn a_day_has_23_24_or_25_hours() {
    let berlin = zone("Europe/Berlin");
    let day = |date| Period::of(date, &berlin).unwrap();
    assert_eq!(hours(day(date(2026, 3, 29))), 23);
    assert_eq!(hours(day(date(2026, 10, 25))), 25);
    assert_eq!(hours(day(date(2026, 11, 23))), 24);
    // Midnight does not exist: the day begins at one.
    let havana = zone("America/Havana");
    let day = Period::of(date(2026, 3, 8), &havana).unwrap();
    assert_eq!((hours(day), havana.to_datetime(day.start).hour()), (23, 1));
    assert_eq!(hours(Period::of(date(2026, 11, 23), &zone("Asia/Tokyo")).unwrap()), 24);
    for zone in [berlin, havana] {
        let mut day = Period::of(date(2026, 1, 1), &zone).unwrap();
        for _ in 0..400 {
            let next = Period::of(day.date.tomorrow().unwrap(), &zone).unwrap();
            assert_eq!(day.end, next.start);
            day = next;
        }
    }
}

fn dates(periods: &[Period]) -> Vec<Date> {
    periods.iter().map(|period| period.date).collect()
}

#[test]
fn what_is_due_is_over_and_has_no_digest() {
    let tokyo = zone("Asia/Tokyo");
    let first = at("2026-11-20T03:00:00Z");
    let due_at = |written: &Written, now: &str| dates(&due(written, first, at(now), &tokyo));
    let mut written = Written::default();
    assert_eq!(due_at(&written, "2026-11-20T14:59:59Z"), []);
    assert_eq!(due_at(&written, "2026-11-20T15:00:00Z"), [date(2026, 11, 20)]);
    written.add(date(2026, 11, 20), 0, 5);
    assert_eq!(due_at(&written, "2026-11-20T15:00:00Z"), []);
    assert_eq!(
        due_at(&written, "2026-11-23T16:00:00Z"),
        [date(2026, 11, 21), date(2026, 11, 22), date(2026, 11, 23)]
    );
    // Years away: the last 400 days, and the first of them takes what is older.
    let caught_up = due_at(&written, "2029-01-01T03:00:00Z");
    assert_eq!((caught_up.len(), *caught_up.last().unwrap()), (MOST_CAUGHT_UP, date(2028, 12, 31)));
    // The clock had been ahead: what was written stays, and each day from now on has its own.
    written.add(date(2036, 1, 1), 5, 9);
    assert_eq!(due_at(&written, "2026-11-23T16:00:00Z"), [date(2026, 11, 23)]);
    written.add(date(2026, 11, 23), 9, 12);
    assert_eq!(due_at(&written, "2026-11-24T16:00:00Z"), [date(2026, 11, 24)]);
    assert_eq!(written.next_seq(), 12);
}

/// Hits, none, an outage, a day of 25 hours, a restart at midnight.
#[test]
fn five_days_have_each_message_exactly_once_and_are_never_made_anew() {
    let berlin = zone("Europe/Berlin");
    let mut log = Log::new();
    let mut written = Written::default();
    let mut days = Vec::new();
    log.at("2026-10-22T22:00:00Z").start();
    log.at("2026-10-23T08:00:00Z").threat(Category::Extortion, Severity::Urgent);
    log.clean(3);
    let late = log.at("2026-10-23T21:59:59Z").threat(Category::Phishing, Severity::Low);
    // The next day begins at 22:00 UTC.
    log.at("2026-10-23T22:00:00Z").clean(2);
    days.extend(log.write(&mut written, &berlin, "2026-10-23T22:05:00Z"));
    days.extend(log.write(&mut written, &berlin, "2026-10-23T22:06:00Z"));
    assert_eq!(days.len(), 1);
    // The 24th: nothing. The 25th has 25 hours, and half of it is an outage; then the service is not there.
    log.at("2026-10-24T12:00:00Z").enter(Entry::Heartbeat);
    log.at("2026-10-25T22:30:00Z").threat(Category::Bec, Severity::Low);
    log.gap("2026-10-25T10:00:00Z", "2026-10-25T22:30:00Z", "not-reached");
    log.enter(Entry::ServiceStop);
    // Back after two midnights, and a message that the clock, set back, dates before them.
    log.at("2026-10-27T23:30:00Z").start();
    log.gap("2026-10-25T22:30:00Z", "2026-10-27T23:30:00Z", "not-running");
    log.at("2026-10-25T10:00:00Z").threat(Category::Callback, Severity::High);
    log.at("2026-10-27T23:31:00Z").clean(4);
    days.extend(log.write(&mut written, &berlin, "2026-10-27T23:40:00Z"));
    assert_eq!(log.write(&mut written, &berlin, "2026-10-28T22:59:59Z"), []);
    days.extend(log.write(&mut written, &berlin, "2026-10-28T23:00:00Z"));

    let told: Vec<Date> = days.iter().map(|day| day.date).collect();
    assert_eq!(told, (23..=28).map(|day| date(2026, 10, day)).collect::<Vec<_>>());
    let lengths: Vec<i64> =
        days.iter().map(|day| day.period.end.at().duration_since(day.period.start.at()).as_hours()).collect();
    assert_eq!(lengths, [24, 24, 25, 24, 24, 24]);
    let scanned: Vec<u64> = days.iter().map(|day| day.scanned).collect();
    assert_eq!(scanned, [5, 2, 1, 0, 0, 5]);
    assert_eq!(days.iter().map(|day| day.scanned).sum::<u64>(), 4 + 3 + 2 + 4);
    // One after the other, nothing left out, nothing twice.
    for pair in days.windows(2) {
        assert_eq!(pair[0].integrity.next_seq, pair[1].integrity.first_seq);
    }
    let ids: Vec<EvidenceId> =
        days.iter().flat_map(|day| &day.items).filter_map(|item| item.evidence_id).collect();
    assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len());
    assert_eq!(ids.len(), 4);
    assert!(days[0].items.iter().any(|item| item.evidence_id == Some(late)));
    // 25 hours less an hour before the outage; then whole days.
    assert_eq!(days[2].unwatched(), SignedDuration::from_mins(13 * 60));
    assert_eq!(days[3].status, Status::Failed);
    assert_eq!(days[4].status, Status::Failed);
    assert_eq!(days[5].status, Status::Degraded);
    assert_eq!(days[0].status, Status::Ok);
}

#[test]
fn what_happens_later_is_an_act_of_its_day_and_the_message_is_not_counted_again() {
    let utc = zone("UTC");
    let mut log = Log::new();
    let mut written = Written::default();
    let id = log.at("2026-11-22T10:00:00Z").threat(Category::Extortion, Severity::High);
    let first = log.write(&mut written, &utc, "2026-11-23T00:05:00Z").pop().unwrap();
    assert_eq!((first.items[0].action, first.quarantined), (Action::Moved, 1));
    let position = log.position();
    log.at("2026-11-23T10:00:00Z").enter(Entry::Released { id, position, identity: "sha256".into() });
    // An outage that began in the day before, and is known only now.
    log.gap("2026-11-22T23:00:00Z", "2026-11-23T09:00:00Z", "not-reached");
    let second = log.write(&mut written, &utc, "2026-11-24T00:05:00Z").pop().unwrap();
    assert_eq!((second.scanned, second.items.len()), (0, 0));
    assert_eq!(second.actions_by_user.len(), 1);
    assert_eq!(second.actions_by_user[0].what, "release");
    assert_eq!(second.corrections.len(), 1);
    assert_eq!(second.corrections[0].what, Corrected::Outage);
    assert_eq!(second.corrections[0].outage.as_ref().unwrap().minutes, 60);
    assert_eq!(second.outages[0].minutes, 9 * 60);
    // The month goes on.
    assert_eq!(second.month.len(), 2);
    assert_eq!(second.month[0].by_category[0].count, 1);
}

#[test]
fn a_move_out_of_quarantine_is_what_the_person_asked_for_and_no_second_move_into_it() {
    let utc = zone("UTC");
    let back = |log: &mut Log, id, outcome| {
        let position = log.position();
        log.enter(Entry::ReleaseAsked { id });
        log.enter(Entry::MoveIntent {
            id,
            position,
            method: komainu::evidence::Method::Move,
            destination: "INBOX".into(),
            destination_uidvalidity: 7,
            destination_uidnext: 9,
        });
        log.enter(Entry::MoveResult { id, outcome, destination_uid: None, reason: None });
    };
    for (outcome, action) in [
        (Outcome::Moved, Action::Released),
        (Outcome::Refused, Action::Moved),
        (Outcome::GoneByOther, Action::Moved),
    ] {
        let mut log = Log::new();
        let mut written = Written::default();
        let id = log.at("2026-11-22T10:00:00Z").threat(Category::Extortion, Severity::High);
        back(&mut log, id, outcome);
        let day = log.write(&mut written, &utc, "2026-11-23T00:05:00Z").pop().unwrap();
        assert_eq!(day.items[0].action, action, "{outcome:?}");
        // A day later it corrects nothing.
        let id = log.at("2026-11-23T10:00:00Z").threat(Category::Extortion, Severity::High);
        log.write(&mut written, &utc, "2026-11-24T00:05:00Z");
        log.at("2026-11-24T10:00:00Z");
        back(&mut log, id, outcome);
        let later = log.write(&mut written, &utc, "2026-11-25T00:05:00Z").pop().unwrap();
        assert!(later.corrections.is_empty(), "{outcome:?}: {:?}", later.corrections);
        assert_eq!(later.actions_by_user[0].what, "release-asked");
    }
}

#[test]
fn a_report_is_no_threat_that_came_by_itself() {
    let utc = zone("UTC");
    let mut log = Log::new();
    log.at("2026-11-22T10:00:00Z");
    let id = log.judged(
        komainu::verdict::Level::Threat,
        Some(Category::Phishing),
        Some(Severity::Low),
        super::sample::letter("a@b.example", "A", "B"),
    );
    let position = log.position();
    log.enter(Entry::Reported { id, position });
    let day = log.day("2026-11-22", &utc, "2026-11-23T00:05:00Z");
    assert_eq!((day.scanned, day.threats, day.reported), (0, 0, 1));
    assert_eq!((day.items[0].kind, day.items[0].action), (Kind::Reported, Action::MovedByUser));
    assert!(day.month[0].by_category.is_empty());
}

#[derive(Debug, Clone)]
enum Step {
    Threat,
    Clean,
    Forward(i64),
    Back(i64),
    Write,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => Just(Step::Threat),
        2 => Just(Step::Clean),
        4 => (1..40_i64).prop_map(Step::Forward),
        1 => (1..100_i64).prop_map(Step::Back),
        3 => Just(Step::Write),
    ];
    proptest::collection::vec(step, 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    /// Whatever the clock does, and whenever digests are written: the digests follow each other without a hole, every
    /// record up to the last of them is in exactly one, and so is every message. No date is written twice.
    #[test]
    fn every_message_is_in_exactly_one_digest(steps in steps(), tokyo in any::<bool>()) {
        let zone = zone(if tokyo { "Asia/Tokyo" } else { "Europe/Berlin" });
        let mut log = Log::new();
        let mut written = Written::default();
        let mut seen: BTreeMap<EvidenceId, usize> = BTreeMap::new();
        let mut entered = BTreeMap::new();
        let (mut clean, mut counted, mut reached, mut wrote) = (BTreeMap::new(), 0, 0, BTreeSet::new());
        log.at("2026-10-23T10:00:00Z").start();
        for step in steps {
            match step {
                Step::Threat => {
                    let seq = log.records.len() as u64 + 1;
                    entered.insert(log.threat(Category::Phishing, Severity::Low), seq);
                }
                Step::Clean => {
                    clean.insert(log.records.len() as u64, 7);
                    log.clean(7);
                }
                Step::Forward(hours) => log.now += SignedDuration::from_hours(hours),
                Step::Back(hours) => log.now -= SignedDuration::from_hours(hours),
                Step::Write => {
                    let now = log.now.to_string();
                    for day in log.write(&mut written, &zone, &now) {
                        prop_assert_eq!(day.integrity.first_seq, reached);
                        prop_assert!(day.integrity.next_seq >= reached);
                        reached = day.integrity.next_seq;
                        prop_assert!(wrote.insert(day.date));
                        counted += day.clean;
                        for id in day.items.iter().filter_map(|item| item.evidence_id) {
                            *seen.entry(id).or_default() += 1;
                        }
                    }
                }
            }
        }
        for (id, seq) in entered {
            let times = seen.get(&id).copied().unwrap_or(0);
            prop_assert_eq!(times, usize::from(seq < reached), "record {} of {}", seq, reached);
        }
        let known: u64 = clean.range(..reached).map(|(_, count)| *count).sum();
        prop_assert_eq!(counted, known);
    }

    #[test]
    fn due_is_bounded_and_ascending(last in -40_000_i64..40_000, now in -40_000_i64..40_000) {
        let day = |n: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_hours(n * 24 + 12);
        let tokyo = zone("Asia/Tokyo");
        let mut written = Written::default();
        written.add(tokyo.to_datetime(day(last)).date(), 0, 1);
        let days = due(&written, Timestamp::UNIX_EPOCH, day(now), &tokyo);
        prop_assert!(days.len() <= MOST_CAUGHT_UP);
        prop_assert!(days.windows(2).all(|pair| pair[0].end == pair[1].start));
        prop_assert!(days.iter().all(|period| period.end <= day(now)));
    }
}

#[test]
fn a_day_before_the_record_began_could_not_be_checked() {
    let mut log = Log::new();
    log.at("2026-11-24T10:00:00Z").start();
    let before = log.day("2026-11-23", &zone("UTC"), "2026-11-24T11:00:00Z");
    assert_eq!(before.status, Status::Failed);
    assert_eq!(before.outages.iter().map(|outage| outage.minutes).collect::<Vec<_>>(), [24 * 60]);
    let said = komainu::digest::text(&before, komainu::document::Language::En);
    assert!(said.to_lowercase().contains("could not check") && !said.contains("No new mail"), "{said}");
    let begun = log.day("2026-11-24", &zone("UTC"), "2026-11-24T11:00:00Z");
    assert!(begun.outages.is_empty() && begun.watching_since.is_some(), "{begun:?}");
}
