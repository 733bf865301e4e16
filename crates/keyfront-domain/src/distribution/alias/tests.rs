//! Tests of the rules of alternate domain names.

use super::{covers, is_alias, is_covered, most_specific, overlap, stands_for};
use crate::routing::HostTable;

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

/// AWS: "Use wildcards in alternate domain names": `*.example.com` is for `www.example.com` and for
/// `marketing.product-a.example.com`, and not for `example.com`.
#[test]
fn a_wildcard_stands_for_all_names_below_its_own() {
    for (name, other, expected) in [
        ("example.com", "Example.com", true),
        ("*.example.com", "www.example.com", true),
        ("*.example.com", "marketing.product-a.Example.com", true),
        ("*.example.com", "*.example.com", true),
        ("*.example.com", "*.b.example.com", true),
        ("*.example.com", "example.com", false),
        ("*.example.com", ".example.com", false),
        ("*.example.com", "myexample.com", false),
        ("*.example.com", "b\u{fc}.example.org", false),
        ("*.b.example.com", "*.example.com", false),
        ("www.example.com", "*.example.com", false),
    ] {
        assert_eq!(stands_for(name, other), expected, "{name} {other}");
        assert!(!expected || overlap(name, other) && overlap(other, name), "{name} {other}");
    }
    assert!(!overlap("www.example.com", "api.example.com") && !overlap("*.example.com", "example.com"));
}

#[test]
fn a_wildcard_of_a_certificate_covers_one_label() {
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
    let names = ["*.example.com", "www.example.com", "*.b.example.com", "c.b.example.com"];
    let table: HostTable<&str> = names.into_iter().map(|name| (name.to_owned(), name)).collect();
    for (host, expected) in [
        ("www.example.com", Some("www.example.com")),
        ("api.example.com", Some("*.example.com")),
        ("a.b.c.example.com", Some("*.example.com")),
        ("a.b.example.com", Some("*.b.example.com")),
        ("a.a.b.example.com", Some("*.b.example.com")),
        ("c.b.example.com", Some("c.b.example.com")),
        ("b.example.com", Some("*.example.com")),
        ("example.com", None),
    ] {
        assert_eq!(most_specific(host, names), expected, "{host}");
        assert_eq!(table.get(host).copied(), expected, "the edge: {host}");
    }
}
