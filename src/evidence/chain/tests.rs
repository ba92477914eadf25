use jiff::Timestamp;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::evidence::{Entry, Record};

fn lines(count: u64) -> Vec<String> {
    let mut prev = Digest::ZERO;
    (0..count)
        .map(|seq| {
            let entry = Entry::Recovery { what: format!("test {seq}"), sha256: None };
            let record = Record::new(seq, prev, Timestamp::UNIX_EPOCH, Uuid::from_u128(seq.into()), entry);
            let line = record.to_line().unwrap();
            prev = Digest::of(line.as_bytes());
            line
        })
        .collect()
}

#[test]
fn an_untouched_chain_verifies() {
    let lines = lines(20);
    let head = verify(lines.concat().as_bytes(), Head::GENESIS).unwrap();
    assert_eq!(head, Head { seq: 20, prev: Digest::of(lines[19].as_bytes()) });
    assert_eq!(verify(b"", Head::GENESIS), Ok(Head::GENESIS));
}

#[test]
fn what_was_deleted_swapped_or_torn_is_found_where_it_is() {
    let good = lines(6);
    let mut deleted = good.clone();
    deleted.remove(2);
    assert_eq!(
        verify(deleted.concat().as_bytes(), Head::GENESIS),
        Err((2, Break::Seq { expected: 2, found: 3 }))
    );
    let mut swapped = good.clone();
    swapped.swap(3, 4);
    assert_eq!(
        verify(swapped.concat().as_bytes(), Head::GENESIS),
        Err((3, Break::Seq { expected: 3, found: 4 }))
    );
    let torn = good.concat();
    assert_eq!(verify(&torn.as_bytes()[..torn.len() - 1], Head::GENESIS), Err((5, Break::Torn)));
    let mut other = good.clone();
    other[2] = other[2].replace("test", "tost");
    assert_eq!(verify(other.concat().as_bytes(), Head::GENESIS), Err((3, Break::Prev)));
    let long = format!("{}{}\n", good[0].trim_end(), " ".repeat(LINE_MAX));
    assert_eq!(verify(long.as_bytes(), Head::GENESIS), Err((0, Break::TooLong)));
    let two = good[0].replace("}\n", "}{}\n");
    assert_eq!(verify(two.as_bytes(), Head::GENESIS), Err((0, Break::NotARecord)));
}

proptest! {
    #[test]
    fn any_octet_that_is_changed_is_found(at in 0.0_f64..1.0, change in 1_u8..=255) {
        let mut octets = lines(5).concat().into_bytes();
        let head = verify(&octets, Head::GENESIS).unwrap();
        let at = (at * octets.len() as f64) as usize;
        octets[at] ^= change;
        // The last line is vouched for by the head alone.
        prop_assert_ne!(verify(&octets, Head::GENESIS).ok(), Some(head));
        let last = octets.len() - lines(5)[4].len();
        if at < last {
            prop_assert!(verify(&octets, Head::GENESIS).is_err());
        }
    }
}
