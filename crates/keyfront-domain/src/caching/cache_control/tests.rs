//! Tests of reading `Cache-Control`.

use super::*;

#[test]
fn directives_are_read_in_any_spelling() {
    let age =
        |max_age_s| CacheControl { max_age_s: Some(max_age_s), is_present: true, ..CacheControl::default() };
    for (line, expected, source) in [
        ("max-age=60", age(60), "RFC 9111 §5.2.2.1"),
        ("MAX-AGE = 60 ", age(60), "names are case-insensitive, RFC 9111 §5.2"),
        ("max-age=\"60\"", age(60), "both forms are accepted, RFC 9111 §5.2"),
        ("max-age=60, max-age=90", age(60), "the first counts, RFC 9111 §4.2.1"),
        ("max-age=-1", age(0), "invalid is stale, RFC 9111 §4.2.1"),
        ("max-age=+5", age(0), "invalid is stale, RFC 9111 §4.2.1"),
        ("max-age=1.5", age(0), "invalid is stale, RFC 9111 §4.2.1"),
        ("max-age", age(0), "invalid is stale, RFC 9111 §4.2.1"),
        ("max-age=99999999999999999999", age(u64::MAX), "RFC 9111 §1.2.2"),
        ("foo, max-age=60, bar=\"max-age=1\"", age(60), "unknown ones are skipped, RFC 9111 §5.2.3"),
        ("foo=\"a, max-age=1\", max-age=60", age(60), "a comma in quotes separates nothing"),
        ("foo=\"a\\\", max-age=1\", max-age=60", age(60), "an escaped quote ends nothing"),
        (",, max-age=60,", age(60), "empty elements, RFC 9110 §5.6.1"),
        ("xmax-age=1, max-age=60", age(60), "a name is compared whole"),
        ("", CacheControl::default(), "nothing"),
    ] {
        assert_eq!(CacheControl::parse([line]), expected, "{line}: {source}");
    }
}

#[test]
fn each_directive_has_its_place() {
    let line = "s-maxage=1, stale-while-revalidate=2, stale-if-error=3, no-cache, no-store, \
                private=\"X, Y\", must-revalidate";
    let expected = CacheControl {
        max_age_s: None,
        s_maxage_s: Some(1),
        no_cache: true,
        not_kept: Vec::new(),
        no_store: true,
        private: true,
        must_revalidate: true,
        stale_while_revalidate_s: Some(2),
        stale_if_error_s: Some(3),
        is_present: true,
    };
    assert_eq!(CacheControl::parse([line]), expected);
    assert_eq!(
        CacheControl::parse(line.split("revalidate=2,")),
        CacheControl { stale_while_revalidate_s: None, ..expected.clone() }
    );
    assert!(CacheControl::parse(["proxy-revalidate"]).must_revalidate);
}

#[test]
fn several_lines_are_one_list() {
    let control = CacheControl::parse(["no-cache", "max-age=5"]);
    assert!(control.no_cache && control.restricts());
    assert_eq!(control.explicit_s(), Some(5));
    assert_eq!(CacheControl::parse(["max-age=5, s-maxage=7"]).explicit_s(), Some(7));
}

/// RFC 9111 §5.2.2.4; AWS: "Cache content based on cookies", "Disable caching of Set-Cookie headers".
#[test]
fn no_cache_with_field_names_is_about_these_fields_alone() {
    for (line, no_cache, not_kept) in [
        ("no-cache=\"Set-Cookie\"", false, &["set-cookie"][..]),
        ("no-cache=\"Set-Cookie, X-User\", max-age=60", false, &["set-cookie", "x-user"]),
        ("no-cache=Set-Cookie", false, &["set-cookie"]),
        ("no-cache=\"\"", true, &[]),
        ("no-cache=", true, &[]),
        ("no-cache", true, &[]),
        ("no-cache, no-cache=\"Set-Cookie\"", true, &["set-cookie"]),
        ("no-cache=\"Set-Cookie\", no-cache", true, &["set-cookie"]),
    ] {
        let control = CacheControl::parse([line]);
        assert_eq!(
            (control.no_cache, control.not_kept.as_slice()),
            (no_cache, &*not_kept.iter().map(ToString::to_string).collect::<Vec<_>>()),
            "{line}"
        );
        assert_eq!(control.restricts(), no_cache, "{line}");
    }
}
