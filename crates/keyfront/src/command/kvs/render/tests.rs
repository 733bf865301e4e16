//! Tests of what `keyfront kvs` prints of plans and results.

use keyfront_client::ClientError;
use keyfront_client::error::ErrorKind;

use keyfront_client::Pairs;
use keyfront_client::plan::{Ownership, Plan};
use keyfront_client::sync::{Applied, Cause, Unfinished};
use keyfront_domain::Quotas;

use super::{applied, plan};

fn pairs(pairs: &[(&str, &str)]) -> Pairs {
    pairs.iter().copied().collect()
}

fn shown(current: &Pairs, wanted: &Pairs, exclusive: bool, prefix: &str, most: Option<usize>) -> String {
    let ownership = Ownership { exclusive, prefix: prefix.to_owned() };
    let text = plan::text(&Plan::new(current, wanted, &ownership).unwrap(), &Quotas::default(), most);
    anstream::adapter::strip_str(&text.to_string()).to_string()
}

type Held<'a> = &'a [(&'a str, &'a str)];

/// What is shown of a plan that owns the whole store.
#[track_caller]
fn assert_shown(what: &str, current: Held<'_>, wanted: Held<'_>, most: Option<usize>, expected: &str) {
    assert_eq!(shown(&pairs(current), &pairs(wanted), true, "", most), expected, "{what}");
}

#[test]
fn a_plan_is_shown_with_its_changes_and_what_the_store_is_then() {
    assert_shown(
        "nothing",
        &[("a", "1")],
        &[("a", "1")],
        None,
        "Nothing to do: 1 pair, 2 of 5,242,880 bytes.",
    );
    assert_shown(
        "each kind of change, with keys lined up",
        &[("bb", "1"), ("c", "2"), ("d", "3")],
        &[("a", ""), ("bb", "2"), ("d", "3")],
        None,
        r#"  + "a"  = ""
  ~ "bb" = "1" -> "2"
  - "c"  = "2"

Plan: 1 to add, 1 to change, 1 to remove; 1 unchanged, 0 left alone.
Then: 3 pairs, 6 of 5,242,880 bytes (now 3 pairs, 7 bytes)."#,
    );
    assert_shown(
        "what a key or a value holds stays on its line",
        &[],
        &[("a\nb", "\"\\\u{1b}[2J\u{202e}")],
        None,
        r#"  + "a\nb" = "\"\\\u{1b}[2J\u{202e}"

Plan: 1 to add, 0 to change, 0 to remove; 0 unchanged, 0 left alone.
Then: 1 pair, 12 of 5,242,880 bytes (now 0 pairs, 0 bytes)."#,
    );
    assert_shown(
        "a store that is emptied, in a line of its own",
        &[("a", "1"), ("b", "2")],
        &[],
        Some(0),
        r"    … and 2 more; --dry-run shows all

Plan: 0 to add, 0 to change, 2 to remove; 0 unchanged, 0 left alone.
Then: 0 pairs, 0 of 5,242,880 bytes (now 2 pairs, 4 bytes).
The file has no pairs: this removes all 2 pairs of the store.",
    );
}

#[test]
fn what_is_long_does_not_push_the_rest_out_of_sight() {
    let long = "k".repeat(60);
    assert_shown(
        "a long key is not what others are lined up with",
        &[],
        &[("a", "1"), (&long, "2")],
        None,
        &format!(
            r#"  + "a" = "1"
  + "{long}" = "2"

Plan: 2 to add, 0 to change, 0 to remove; 0 unchanged, 0 left alone.
Then: 2 pairs, 63 of 5,242,880 bytes (now 0 pairs, 0 bytes)."#
        ),
    );
    let value = format!("{}v", "ü".repeat(80));
    assert_shown(
        "before a question few changes are listed, and the beginnings of values",
        &[],
        &[("a", &value), ("b", "2"), ("c", "3")],
        Some(1),
        &format!(
            r#"  + "a" = "{}"…
    … and 2 more; --dry-run shows all

Plan: 3 to add, 0 to change, 0 to remove; 0 unchanged, 0 left alone.
Then: 3 pairs, 166 of 5,242,880 bytes (now 0 pairs, 0 bytes)."#,
            "ü".repeat(80)
        ),
    );
    let text = shown(&Pairs::new(), &pairs(&[("a", &value)]), false, "", None);
    assert!(text.contains(&value), "{text}");
}

#[test]
fn an_empty_file_under_a_prefix_is_said_to_empty_the_prefix() {
    let text = shown(&pairs(&[("p/a", "1"), ("q", "2")]), &Pairs::new(), true, "p/", None);
    assert!(text.ends_with("The file has no pairs: this removes the only pair under the prefix."), "{text}");
}

#[test]
fn what_was_done_is_said_exactly() {
    let base = Applied {
        added: 2,
        requests: 3,
        item_count: 1_200,
        total_size_in_bytes: 3_000,
        ..Applied::default()
    };
    for (given, expected) in [
        (
            Applied { atomic: true, requests: 1, ..base },
            "Added 2, changed 0, removed 0 in one step. s holds 1,200 pairs, 3,000 bytes.",
        ),
        (base, "Added 2, changed 0, removed 0 in 3 requests. s holds 1,200 pairs, 3,000 bytes."),
        (
            Applied { conflicts: 1, ..base },
            "Added 2, changed 0, removed 0 in 3 requests; other clients wrote meanwhile, so the difference was \
             computed again 1 time. s holds 1,200 pairs, 3,000 bytes.",
        ),
        (
            Applied { added: 0, requests: 0, conflicts: 1, ..base },
            "Nothing was left to do: other clients wrote meanwhile. s holds 1,200 pairs, 3,000 bytes.",
        ),
    ] {
        assert_eq!(applied::text(&given, "s"), expected);
    }
}

#[test]
fn what_was_not_done_is_said_with_what_to_do() {
    let applied = Applied { added: 50, requests: 1, ..Applied::default() };
    let failed = || Cause::Failed(ClientError::new(ErrorKind::Unavailable, "UpdateKeys: Gone: away"));
    let over = || Cause::Unwritable(keyfront_client::plan::Unwritable::Store { bytes: 6, limit: 5 });
    for (given, expected) in [
        (
            Unfinished { applied, in_doubt: 0, remaining: 30, cause: Cause::Interrupted },
            "interrupted\nAdded 50, changed 0, removed 0 in 1 request; 30 pairs not written yet; try again",
        ),
        (
            Unfinished { applied: Applied::default(), in_doubt: 50, remaining: 1, cause: failed() },
            "UpdateKeys: Gone: away\n50 pairs may be written or not, the service did not answer; 1 pair not written yet; \
             try again",
        ),
        (
            Unfinished { applied: Applied::default(), in_doubt: 0, remaining: 0, cause: over() },
            "the store would have 6 bytes; a store has at most 5\nnothing was written; change the file, or the store",
        ),
    ] {
        assert_eq!(applied::unfinished(&given, "try again").to_string(), expected);
    }
}
