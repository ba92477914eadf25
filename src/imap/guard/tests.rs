//! What the guard promises to the parser above it.

use async_imap::imap_proto::Response;
use proptest::prelude::*;

use super::frame::{Frame, State};

/// Everything the guard gives out for these octets, in pieces cut at `cuts`.
fn through(octets: &[u8], cuts: &[usize], cap: u64) -> (Vec<u8>, Frame) {
    let mut guard = Frame::new();
    guard.literal_cap = cap;
    let mut rest = octets;
    for cut in cuts {
        let (piece, after) = rest.split_at((*cut).min(rest.len()));
        guard.take_in(piece);
        rest = after;
    }
    guard.take_in(rest);
    (std::mem::take(&mut guard.out), guard)
}

/// How many responses the parser reads; none where it meets one that it cannot read.
fn responses(mut octets: &[u8]) -> Option<usize> {
    let mut count = 0;
    while !octets.is_empty() {
        match Response::parse(octets) {
            Ok((rest, _)) => {
                octets = rest;
                count += 1;
            }
            Err(error) if error.is_incomplete() => return Some(count),
            Err(_) => return None,
        }
    }
    Some(count)
}

fn octets() -> impl Strategy<Value = Vec<u8>> {
    let pieces: Vec<&'static [u8]> = vec![
        b"* ",
        b"+ ",
        b"\r\n",
        b"\r\n",
        b"\n",
        b"\r",
        b"\0",
        b"OK ",
        b"NO",
        b"BYE ",
        b" ",
        b"[ALERT]",
        b"]",
        b"(",
        b")",
        b"\"",
        b"\\",
        b"{3}\r\n",
        b"{0}\r\n",
        b"~{2}\r\n",
        b"{3+}\r\n",
        b"{99}\r\n",
        b"abc",
        b"* 1 FETCH (",
        b"UID 5",
        b" BODY[] ",
        b"BODY[]<0> ",
        b"NIL",
        b"INTERNALDATE NIL",
        b"INTERNALDATE \"x\"",
        b"FLAGS (\\Seen a)",
        b"X-ODD (a (b))",
        b"* 1 FETCH (UID 5 BODY[] {3}\r\nabc)\r\n",
        b"* 1 FETCH (BODY[] {3}\r\nabc UID 5)\r\n",
        b"* LIST (\\Junk) \"/\" ",
        b"K1 OK ",
        b"K1 ",
        b"* STATUS ",
        b"* ID (\"a\" \"b\")\r\n",
        b"\xe3\x81\x82",
        b"\xff",
        b"* SEARCH 1 2",
        b"* CAPABILITY ",
        b"IMAP4rev1",
        b"BODYSTRUCTURE (((",
        b"ENVELOPE ",
        b"BODY[HEADER.FIELDS ({1}\r\na)] {1}\r\nb",
    ];
    let piece = prop_oneof![
        8 => proptest::sample::select(pieces).prop_map(<[u8]>::to_vec),
        1 => proptest::collection::vec(any::<u8>(), 0..8),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_let_through_can_be_read(octets in octets()) {
        let (out, guard) = through(&octets, &[], 50);
        let read = responses(&out);
        prop_assert!(read.is_some(), "{:?} became {:?}", String::from_utf8_lossy(&octets), String::from_utf8_lossy(&out));
        prop_assert!(guard.fault.is_some() || guard.state != State::Line || octets.is_empty() || guard.counts.octets == octets.len() as u64);
    }

    #[test]
    fn how_the_octets_are_cut_changes_nothing(octets in octets(), cuts in proptest::collection::vec(0_usize..9, 0..60)) {
        let (whole, one) = through(&octets, &[], 50);
        let (pieces, other) = through(&octets, &cuts, 50);
        prop_assert_eq!(whole, pieces);
        prop_assert_eq!(one.fault, other.fault);
        prop_assert_eq!(one.counts.skipped, other.counts.skipped);
    }

    #[test]
    fn what_the_parser_reads_is_left_as_it_is(body in proptest::collection::vec(any::<u8>(), 0..60)) {
        let octets = [format!("* 1 FETCH (UID 5 BODY[] {{{}}}\r\n", body.len()).as_bytes(), &body, b" FLAGS (a))\r\n* 2 EXISTS\r\nK1 OK [X y] done\r\n"].concat();
        let (out, guard) = through(&octets, &[], 100);
        prop_assert_eq!(out, octets);
        prop_assert_eq!((guard.counts.skipped, guard.counts.mended), (0, 0));
    }
}

/// Found by `what_is_let_through_can_be_read`: a value that reads when it is quoted and not when it is a literal.
#[test]
fn a_literal_where_only_a_quoted_string_may_stand_is_not_let_through() {
    for octets in [
        b"* 1 FETCH (abcUID 5{3}\r\n* 1 FETCH (UID 5 BODY[] {3}\r\nabc)\r\n* ".as_slice(),
        b"* 1 FETCH (UID 5 INTERNALDATE {3}\r\nabc)\r\n",
    ] {
        let (out, _) = through(octets, &[], 50);
        assert!(responses(&out).is_some(), "{:?}", String::from_utf8_lossy(&out));
    }
}

#[test]
fn nothing_is_held_while_idle() {
    let (_, guard) = through(b"* 1 FETCH (UID 5 BODY[] {3}\r\nabc)\r\n* OK Still here\r\n", &[3, 4, 5], 100);
    assert_eq!(guard.held(), 0);
}
