//! Tests of the times of signatures.

use super::*;

#[test]
fn the_basic_format_is_taken_to_the_letter() {
    let parsed = Timestamp::parse_basic("20261122T033132Z").unwrap();
    assert_eq!((parsed.text(), parsed.date()), ("20261122T033132Z", "20261122"));
    assert_eq!(parsed.at().unix_timestamp(), 1_795_318_292);
    for wrong in [
        "",
        "20261122",
        "20261122T033132",
        "20261122T033132z",
        "20261122t033132Z",
        "2026-11-22T03:31:32Z",
        "20261122T033132ZZ",
        "020261122T033132Z",
        "20261322T033132Z",
        "20260229T033132Z",
        "20261122T243132Z",
        "20261122T036032Z",
        "20261122T033160Z",
        "+0261122T033132Z",
        "2026112 T033132Z",
        "2026112\u{0665}T03313Z",
    ] {
        assert_eq!(Timestamp::parse_basic(wrong), None, "{wrong}");
    }
}

#[test]
fn a_date_header_becomes_the_basic_format() {
    for (header, expected) in [
        ("20261122T033132Z", Some("20261122T033132Z")),
        ("Sun, 22 Nov 2026 03:31:32 GMT", Some("20261122T033132Z")),
        ("Sun, 22 Nov 2026 03:31:32 +0100", Some("20261122T023132Z")),
        ("Fri, 31 Dec 9999 23:59:59 -2359", None),
        ("yesterday", None),
        ("", None),
    ] {
        let parsed = Timestamp::parse_date_header(header);
        assert_eq!(parsed.as_ref().map(Timestamp::text), expected, "{header}");
    }
}
