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
        let head = encode(writes, &plan.puts);
        let puts: Vec<(Bytes, Bytes)> = plan.puts.into_iter().collect();
        assert_eq!(decode(head, &puts).as_deref(), Some(*writes));
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
    ];
    for head in cases {
        assert_eq!(decode(Bytes::from_static(head), &puts), None, "{head:?}");
    }
}
