//! Tests of the types of the seam between store and engines.

use super::*;

#[test]
fn ranges_cover_the_keys_they_name() {
    type Keys = &'static [&'static [u8]];
    let cases: &[(Range, Keys, Keys)] = &[
        (Range::key("a"), &[b"a"], &[b"", b"a\0", b"aa", b"b"]),
        (Range::prefix("a"), &[b"a", b"a\0", b"a\xff\xff"], &[b"", b"b"]),
        (Range::prefix(&b"a\xff"[..]), &[b"a\xff", b"a\xff\xff\xff"], &[b"a", b"b"]),
        (Range::prefix(&b"\xff\xff"[..]), &[b"\xff\xff", b"\xff\xff\xff"], &[b"\xff", b"\xff\xfe"]),
        (Range::prefix(""), &[b"", b"a", b"\xff\xff"], &[]),
        (Range::prefix("a").after(b"a"), &[b"a\0", b"ab"], &[b"a", b"b"]),
        (Range::prefix("b").after(b"a"), &[b"b", b"bb"], &[b"a", b"a\0"]),
        (Range::prefix("a").after(b"b"), &[], &[b"a", b"b", b"b\0"]),
        (Range::key("a").limit(0), &[], &[b"a"]),
        (Range::new("b", "a"), &[], &[b"a", b"b"]),
    ];
    for (range, inside, outside) in cases {
        let covers = |key: &[u8]| {
            !range.is_empty() && key >= &range.start[..] && (range.end.is_empty() || key < &range.end[..])
        };
        for key in *inside {
            assert!(covers(key), "{range:?} should cover {key:?}");
        }
        for key in *outside {
            assert!(!covers(key), "{range:?} should not cover {key:?}");
        }
    }
}

#[test]
fn only_a_range_made_for_one_key_counts_as_one_key() {
    let cases = [
        (Range::key("a"), true),
        (Range::key(""), true),
        (Range::key(&b"\0"[..]), true),
        (Range::prefix("a"), false),
        (Range::new("a", "a"), false),
        (Range::prefix(""), false),
        (Range::key("a").limit(0), false),
    ];
    for (range, expected) in cases {
        assert_eq!(range.is_one_key(), expected, "{range:?}");
    }
}

#[test]
fn values_are_not_printed() {
    let write = Batch::default().put("key", "hunter2").delete("gone").delete_range("a", "b");
    let entry = Entry { key: "key".into(), value: "hunter2".into(), version: Version(3) };
    let printed = format!("{write:?} {entry:?}");
    assert!(!printed.contains("hunter2") && printed.contains("7 bytes"), "{printed}");
}

fn change(version: u64, value: &'static str) -> Change {
    Change { version: Version(version), writes: Batch::default().put("k", value).writes }
}

#[test]
fn the_window_forgets_the_oldest_changes_by_number_and_by_size() {
    let cases: &[(usize, usize, u64)] = &[(3, 1000, 2), (10, 8, 3), (10, 1000, 0), (0, 0, 4)];
    for &(max_changes, max_bytes, dropped) in cases {
        let log = ChangeLog::new(Version::NEVER, max_changes, max_bytes);
        log.publish((1..=5).map(|version| change(version, "123")));
        for after in 0..=5 {
            let next = log.watch(Version(after)).try_next();
            let expected = match after {
                5 => None,
                _ if after < dropped => Some(Next::Lagged),
                _ => Some(Next::Change(change(after + 1, "123").into())),
            };
            assert_eq!(next, expected, "{max_changes} changes, {max_bytes} bytes, after {after}");
        }
    }
}

#[tokio::test]
async fn a_closed_log_brings_what_it_had_and_then_the_end() {
    let log = ChangeLog::new(Version(6), 10, 1000);
    let mut changes = log.watch(Version(6));
    log.publish([change(7, "x")]);
    drop(log);
    assert_eq!(changes.next().await, Next::Change(change(7, "x").into()));
    assert_eq!(changes.next().await, Next::Closed);
}

#[test]
fn a_log_that_was_reset_lets_only_those_go_on_who_are_there() {
    let log = ChangeLog::new(Version::NEVER, 10, 1000);
    log.publish((1..=3).map(|version| change(version, "x")));
    let mut watches = [1, 3, 4].map(|after| log.watch(Version(after)));
    log.reset(Version(4));
    log.publish([change(5, "x")]);
    let next = watches.each_mut().map(Changes::try_next);
    assert_eq!(next, [Some(Next::Lagged), Some(Next::Lagged), Some(Next::Change(change(5, "x").into()))]);
}
