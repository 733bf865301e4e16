//! Tests of conditional requests (RFC 9110, section 13).

use super::Precondition::{Failed, NotModified, Proceed};
use super::*;

/// Three forms of one date (RFC 9110 §5.6.7), and those a second before and after.
const SAME: [&str; 3] =
    ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"];
const BEFORE: &str = "Sun, 06 Nov 1994 08:49:36 GMT";
const AFTER: &str = "Sun, 06 Nov 1994 08:49:38 GMT";

fn tagged(etag: &str) -> Validators<'_> {
    Validators { etag: Some(etag), ..Validators::default() }
}

fn modified(last_modified: &str) -> Validators<'_> {
    Validators { last_modified: Some(last_modified), ..Validators::default() }
}

#[test]
fn if_none_match_compares_weakly() {
    for (list, etag, expected) in [
        // RFC 9110 §8.8.3.2, table of comparisons.
        (r#"W/"1""#, r#"W/"1""#, NotModified),
        (r#"W/"1""#, r#"W/"2""#, Proceed),
        (r#"W/"1""#, r#""1""#, NotModified),
        (r#""1""#, r#"W/"1""#, NotModified),
        (r#""1""#, r#""1""#, NotModified),
        // Lists (RFC 9110 §13.1.2).
        (r#""a", "b" ,"c""#, r#""c""#, NotModified),
        (r#""a","b""#, r#""ab""#, Proceed),
        (r#""a,b", "c""#, r#""a,b""#, NotModified),
        (r#""a,b", "c""#, r#""b""#, Proceed),
        ("*", r#""a""#, NotModified),
        (r#""a", *"#, r#""b""#, NotModified),
        // Tags that are not valid, sent back as they came.
        ("abc", "abc", NotModified),
        ("x, abc", "abc", NotModified),
        (r#""abc"#, r#""abc"#, NotModified),
        ("", r#""a""#, Proceed),
        (",", r#""a""#, Proceed),
    ] {
        let conditions = Conditions { if_none_match: vec![list], ..Conditions::default() };
        assert_eq!(conditions.evaluate(true, &tagged(etag)), expected, "{list} against {etag}");
        let changing = if expected == NotModified { Failed } else { Proceed };
        assert_eq!(conditions.evaluate(false, &tagged(etag)), changing, "{list} against {etag}, PUT");
    }
}

#[test]
fn an_object_without_an_entity_tag_matches_an_asterisk_alone() {
    for (list, expected) in [("*", NotModified), (r#""a""#, Proceed)] {
        let conditions = Conditions { if_none_match: vec![list], ..Conditions::default() };
        assert_eq!(conditions.evaluate(true, &Validators::default()), expected, "{list}");
    }
    for (list, expected) in [("*", Proceed), (r#""a""#, Failed)] {
        let conditions = Conditions { if_match: vec![list], ..Conditions::default() };
        assert_eq!(conditions.evaluate(true, &Validators::default()), expected, "{list}");
    }
}

#[test]
fn if_match_compares_strongly() {
    for (lines, etag, expected) in [
        (vec![r#""1""#], r#""1""#, Proceed),
        (vec![r#"W/"1""#], r#"W/"1""#, Failed),
        (vec![r#""1""#], r#"W/"1""#, Failed),
        (vec![r#""2""#], r#""1""#, Failed),
        (vec![r#""2""#, r#""1""#], r#""1""#, Proceed),
    ] {
        let conditions = Conditions { if_match: lines.clone(), ..Conditions::default() };
        assert_eq!(conditions.evaluate(true, &tagged(etag)), expected, "{lines:?} against {etag}");
    }
}

#[test]
fn dates_are_compared_in_all_their_forms() {
    for last_modified in SAME {
        for (since, expected) in SAME.iter().map(|same| (*same, NotModified)).chain([
            (AFTER, NotModified),
            (BEFORE, Proceed),
            ("yesterday", Proceed),
        ]) {
            let conditions = Conditions { if_modified_since: Some(since), ..Conditions::default() };
            assert_eq!(conditions.evaluate(true, &modified(last_modified)), expected, "{since}");
            // RFC 9110 §13.1.3: for GET and HEAD alone.
            assert_eq!(conditions.evaluate(false, &modified(last_modified)), Proceed, "{since}, PUT");
        }
        for (since, expected) in [(SAME[0], Proceed), (AFTER, Proceed), (BEFORE, Failed), ("0", Proceed)] {
            let conditions = Conditions { if_unmodified_since: Some(since), ..Conditions::default() };
            assert_eq!(conditions.evaluate(true, &modified(last_modified)), expected, "{since}");
        }
    }
    let conditions = Conditions { if_modified_since: Some(AFTER), ..Conditions::default() };
    assert_eq!(conditions.evaluate(true, &Validators::default()), Proceed);
}

#[test]
fn entity_tags_come_before_dates() {
    let object = Validators { etag: Some(r#""a""#), last_modified: Some(SAME[0]), date: None };
    let all = |if_match, unmodified, if_none_match, modified| Conditions {
        if_match: Vec::from_iter(if_match),
        if_unmodified_since: unmodified,
        if_none_match: Vec::from_iter(if_none_match),
        if_modified_since: modified,
    };
    // RFC 9110 §13.2.2, by its steps.
    for (conditions, expected) in [
        (all(Some(r#""a""#), Some(BEFORE), None, None), Proceed),
        (all(Some(r#""b""#), Some(AFTER), Some(r#""a""#), None), Failed),
        (all(None, Some(BEFORE), Some(r#""a""#), None), Failed),
        (all(Some(r#""a""#), None, Some(r#""a""#), None), NotModified),
        (all(None, None, Some(r#""b""#), Some(AFTER)), Proceed),
        (all(None, None, Some(r#""a""#), Some(BEFORE)), NotModified),
        (all(None, Some(AFTER), None, Some(AFTER)), NotModified),
    ] {
        assert_eq!(conditions.evaluate(true, &object), expected, "{conditions:?}");
    }
}

#[test]
fn if_range_wants_a_strong_validator() {
    let object = |etag, last_modified, date| Validators { etag, last_modified, date };
    for (if_range, validators, expected) in [
        (r#""a""#, object(Some(r#""a""#), None, None), true),
        (r#""a""#, object(Some(r#""b""#), None, None), false),
        (r#""a""#, object(None, Some(SAME[0]), None), false),
        (r#"W/"a""#, object(Some(r#"W/"a""#), None, None), false),
        (r#""a""#, object(Some(r#"W/"a""#), None, None), false),
        (SAME[0], object(None, Some(SAME[0]), Some(AFTER)), true),
        (SAME[1], object(Some(r#""a""#), Some(SAME[0]), None), true),
        (SAME[0], object(None, Some(SAME[0]), Some(SAME[0])), false),
        (AFTER, object(None, Some(SAME[0]), None), false),
        (SAME[0], object(Some(r#""a""#), None, None), false),
        ("a", object(Some("a"), None, None), false),
    ] {
        assert_eq!(allows_range(if_range, &validators), expected, "{if_range} against {validators:?}");
    }
}

proptest::proptest! {
    #[test]
    fn lists_of_any_form_are_read_to_their_end(list in r#"(W/|"|,|[ \t]|\*|[a-zé]){0,24}"#) {
        // The iterator ends, loses nothing but separators, and gives no empty tags.
        let tags: Vec<_> = EntityTags(&list).collect();
        proptest::prop_assert!(tags.iter().all(|tag| !tag.is_empty()), "{tags:?}");
        let visible = |text: &str| text.chars().filter(|c| !" \t,".contains(*c)).collect::<String>();
        proptest::prop_assert_eq!(visible(&tags.concat()), visible(&list));
    }
}
