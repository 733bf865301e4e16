//! The head says what a batch wrote.

use super::*;
use crate::plan::Plan;

#[test]
fn a_batch_comes_back_as_it_was_written() {
    let put = |key: &'static str, value: &'static str| Write::Put { key: key.into(), value: value.into() };
    let batches: &[&[Write]] = &[
        &[],
        &[put("b", "1"), put("a", "2")],
        &[put("a", "1"), put("a", "2"), put("a", "1")],
        &[put("a", "1"), Write::Delete { key: "a".into() }],
        &[Write::Delete { key: "".into() }, put("", "")],
        &[put("x", "1"), Write::DeleteRange { start: "a".into(), end: "".into() }, put("b", "2")],
    ];
    for writes in batches {
        let plan = Plan::of(writes);
        let mark = Mark::new(7, 8);
        let head = encode(mark, writes, &plan.puts);
        let puts: Vec<(Bytes, Bytes)> = plan.puts.into_iter().collect();
        assert_eq!(mark_of(head.clone()), Some(mark));
        assert_eq!(decode(head, &puts), Some(Head { mark: Some(mark), writes: writes.to_vec() }));
    }
}

/// What the first version with etcd wrote, and what it reads in a head of this one: the removal of a key that is not there.
#[test]
fn heads_of_before_there_were_marks_are_read_and_read_these() {
    let puts = [(Bytes::from("a"), Bytes::from("1"))];
    let put = Write::Put { key: "a".into(), value: "1".into() };
    let delete = |key: &'static [u8]| Write::Delete { key: key.into() };
    let cases: &[(&[u8], Vec<Write>)] = &[
        (&[1], vec![]),
        (&[1, 0, 0, 0, 0, 0], vec![put.clone()]),
        (&[1, 2, 0, 0, 0, 1, b'x', 0, 0, 0, 0, 0], vec![delete(b"x"), put.clone()]),
    ];
    for (head, writes) in cases {
        let expected = Head { mark: None, writes: writes.clone() };
        assert_eq!(decode(Bytes::from_static(head), &puts), Some(expected), "{head:?}");
    }
    let written =
        encode(Mark::new(1, 2), std::slice::from_ref(&put), &Plan::of(std::slice::from_ref(&put)).puts);
    let as_of_before =
        [&[1, 2, 0, 0, 0, 24][..], b"\xffcommit \0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\x02", &[0, 0, 0, 0, 0]]
            .concat();
    assert_eq!(written, as_of_before);
}

#[test]
fn marks_differ_by_session_and_number() {
    let marks = [(1, 1), (1, 2), (2, 1), (-1, 1), (i64::MIN, u64::MAX)]
        .map(|(lease, number)| Mark::new(lease, number));
    for (place, mark) in marks.iter().enumerate() {
        assert_eq!(marks.iter().position(|other| other == mark), Some(place));
    }
}

#[test]
fn a_head_that_is_cut_or_unknown_is_refused() {
    let puts = [(Bytes::from("a"), Bytes::from("1"))];
    let cases: &[&[u8]] = &[
        b"",
        &[2],
        &[1, 0, 0, 0, 0],
        &[1, 0, 0, 0, 0, 1],
        &[1, 2, 0, 0, 0, 2, b'a'],
        &[1, 2, 255, 255, 255, 255],
        &[1, 4],
        &[1, 2, 0, 0, 0, 24, 255],
    ];
    for head in cases {
        assert_eq!(decode(Bytes::from_static(head), &puts), None, "{head:?}");
    }
}
