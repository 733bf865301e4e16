//! Tests of the rules of alternate domain names.

use super::{covers, is_alias, is_covered, most_specific, overlap};

#[test]
fn an_alias_is_a_domain_name_in_small_letters_or_a_wildcard_of_one() {
    let longest = format!("{}.example.com", "a".repeat(63));
    let too_long = format!("{}.example.com", "a".repeat(64));
    let whole = format!("{}.com", "abcdefghi.".repeat(25));
    for (name, valid) in [
        ("example.com", true),
        ("www.example.com", true),
        ("*.example.com", true),
        ("_acme.example.com", true),
        ("xn--bcher-kva.example", true),
        (longest.as_str(), true),
        (too_long.as_str(), false),
        (whole.as_str(), false),
        ("", false),
        ("localhost", false),
        ("*", false),
        ("*.com", false),
        ("*www.example.com", false),
        ("www.*.example.com", false),
        ("*.*.example.com", false),
        ("WWW.example.com", false),
        ("www.example.com ", false),
        ("www.example.com.", false),
        ("-a.example.com", false),
        ("a-.example.com", false),
        ("www..example.com", false),
        ("https://example.com", false),
        ("bücher.example", false),
    ] {
        assert_eq!(is_alias(name), valid, "{name:?}");
    }
}

#[test]
fn a_wildcard_stands_for_one_label() {
    for (name, other, expected) in [
        ("example.com", "example.com", true),
        ("Example.com", "example.com", true),
        ("*.example.com", "www.example.com", true),
        ("*.example.com", "*.example.com", true),
        ("*.example.com", "example.com", false),
        ("*.example.com", "a.b.example.com", false),
        ("*.example.com", "*.b.example.com", false),
        ("*.example.com", ".example.com", false),
        ("www.example.com", "*.example.com", false),
        ("*.com", "*.com", true),
    ] {
        assert_eq!(covers(name, other), expected, "{name} {other}");
    }
    assert!(overlap("www.example.com", "*.example.com") && overlap("*.example.com", "www.example.com"));
    assert!(!overlap("www.example.com", "api.example.com"));
}

#[test]
fn a_certificate_covers_an_alias_by_any_of_its_names() {
    let names = ["example.com", "*.example.com"];
    for (alias, covered) in [
        ("example.com", true),
        ("www.example.com", true),
        ("*.example.com", true),
        ("a.b.example.com", false),
        ("example.org", false),
    ] {
        assert_eq!(is_covered(alias, names), covered, "{alias}");
    }
    assert!(!is_covered("*.example.com", ["www.example.com"]));
}

#[test]
fn the_more_specific_name_wins() {
    let names = ["*.example.com", "www.example.com"];
    assert_eq!(most_specific("www.example.com", names), Some("www.example.com"));
    assert_eq!(most_specific("api.example.com", names), Some("*.example.com"));
    assert_eq!(most_specific("example.com", names), None);
}
