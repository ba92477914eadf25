//! Lessons: what stands follows from the record alone, and one that was taken back has never been.

use std::collections::BTreeMap;
use std::path::Path;

use komainu::evidence::{Digest, Entry, EvidenceId, Lesson, SenderNote, context};
use komainu::indicator::{Context, Decision, Learned};
use komainu::store::{Batch, Store};
use komainu::verdict::Thresholds;
use proptest::prelude::*;

use super::{entries, hit, inbox, new_id, run, scratch};

const MESSAGES: usize = 6;

/// Of a message: whom a lesson from it is about. Two messages of each sender.
fn note(message: usize) -> Vec<u8> {
    let sender = format!("{}@sender.example", message / 2);
    SenderNote { salt: format!("{message:032x}"), sender, domain: "sender.example".into() }.to_octets()
}

fn learn(
    store: &Store,
    ids: &[EvidenceId],
    message: usize,
    lesson: Lesson,
) -> Result<(), komainu::store::Error> {
    let note = note(message);
    let entry = Entry::Learned { id: ids[message], lesson, sha256: Digest::of(&note) };
    run(store.commit(Batch { entries: vec![entry], notes: vec![note], ..Batch::default() }))
}

fn store_with_messages(dir: &Path) -> (Store, Vec<EvidenceId>) {
    let store = Store::open(dir).unwrap();
    let ids: Vec<EvidenceId> = (0..MESSAGES).map(|_| new_id()).collect();
    for (uid, id) in (1..).zip(&ids) {
        run(store.commit(hit(*id, &inbox("a", uid)))).unwrap();
    }
    (store, ids)
}

/// The context that mail would be judged by now: its octets are what a verdict names.
fn judged_by(store: &Store) -> Vec<u8> {
    let standing = run(store.lessons("a")).unwrap();
    let learned = Learned::of(standing.into_iter().map(|taught| {
        let says = if taught.lesson == Lesson::Wanted { Decision::Allow } else { Decision::Block };
        (taught.sha256.to_string(), taught.sender.unwrap().sender, says)
    }));
    context(&Context { learned, ..Context::default() }, &Thresholds::default())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn what_was_learned_and_taken_back_has_never_been(
        acts in prop::collection::vec((0..MESSAGES, 0..3_u8), 0..24),
    ) {
        let dir = scratch();
        let (store, ids) = store_with_messages(&dir.path().join("one"));
        let mut model: BTreeMap<usize, Lesson> = BTreeMap::new();
        for (message, act) in acts {
            let lesson = if act == 0 { Lesson::Wanted } else { Lesson::Unwanted };
            let stood = model.contains_key(&message);
            let done = if act == 2 {
                model.remove(&message);
                run(store.commit(entries(vec![Entry::Unlearned { id: ids[message] }]))).is_ok() == stood
            } else {
                model.entry(message).or_insert(lesson);
                learn(&store, &ids, message, lesson).is_ok() != stood
            };
            prop_assert!(done, "a lesson stands once");
        }
        // The same that stands now, learned in another order and nothing else.
        let (other, other_ids) = store_with_messages(&dir.path().join("two"));
        for (message, lesson) in model.iter().rev() {
            learn(&other, &other_ids, *message, *lesson).unwrap();
        }
        prop_assert_eq!(judged_by(&store), judged_by(&other));
        if model.is_empty() {
            prop_assert_eq!(judged_by(&store), context(&Context::default(), &Thresholds::default()));
        }
        // And when the index is made again from the chain.
        let before = judged_by(&store);
        drop(store);
        Store::reindex(&dir.path().join("one")).unwrap();
        prop_assert_eq!(before, judged_by(&Store::open(&dir.path().join("one")).unwrap()));
    }
}

#[test]
fn whose_note_was_erased_is_forgotten() {
    let dir = scratch();
    let (store, ids) = store_with_messages(&dir.path().join("one"));
    learn(&store, &ids, 0, Lesson::Wanted).unwrap();
    run(store.erase_note(Digest::of(&note(0)), "asked")).unwrap();
    let standing = run(store.lessons("a")).unwrap();
    assert_eq!((standing.len(), standing[0].sender.as_ref()), (1, None));
    // Without its note a lesson is not recorded.
    let entry = Entry::Learned { id: ids[1], lesson: Lesson::Wanted, sha256: Digest::of(&note(1)) };
    assert!(run(store.commit(entries(vec![entry]))).is_err());
}
