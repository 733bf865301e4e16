//! Tests of lookups by host and path.

use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};

use super::{HostTable, PathPattern, Wildcard, normalise};

/// Rows with "AWS" are the examples of AWS: Cache behavior settings, "Path pattern".
#[test]
fn a_pattern_fits_whole_paths() {
    for (pattern, path, fits) in [
        ("*", "/", true),
        ("*", "/a/b", true),
        ("images/*.jpg", "/images/a.jpg", true),          // AWS
        ("/images/*.jpg", "/images/a.jpg", true),         // AWS: the slash is implied
        ("images/*.jpg", "/images/product1/a.jpg", true), // AWS: folders below
        ("images/*.jpg", "/images/sample.gif", false),    // AWS
        ("images/*", "/images/sample.gif", true),         // AWS
        ("*.gif", "/images/sample.gif", true),            // AWS
        ("/*product.jpg", "/a/product.jpg", true),        // AWS
        ("*product.jpg", "/a/product.jpg", true),         // AWS
        ("a*.jpg", "/apple.jpg", true),                   // AWS
        ("a*.jpg", "/abra/cadabra/magic.jpg", true),      // AWS
        ("a*.jpg", "/b/apple.jpg", false),
        ("a??.jpg", "/ant.jpg", true), // AWS
        ("a??.jpg", "/abe.jpg", true), // AWS
        ("a??.jpg", "/an.jpg", false),
        ("a??.jpg", "/anta.jpg", false),
        ("*.doc*", "/x.doc", true),  // AWS
        ("*.doc*", "/x.docm", true), // AWS
        ("*.doc?", "/x.doc", false), // AWS
        ("*.doc?", "/x.docx", true),
        ("*.jpg", "/LOGO.JPG", false), // AWS
        ("/a/b*", "/a/b", true),       // AWS: normalization
        ("/a", "/a", true),
        ("/a", "/a/", false),
        ("/a/", "/a", false),
        ("", "/", true),
        ("aba*aba", "/aba", false),
        ("aba*aba", "/abaaba", true),
        ("*a?c*", "/xxabxaxc", true),
        ("*a?c*", "/xxabxaxxc", false),
        ("?", "/", false),
        ("?", "/a", true),
        ("**", "/", true),
        ("a**?b", "/axb", true),
        ("a**?b", "/ab", false),
    ] {
        assert_eq!(PathPattern::new(pattern).matches(path), fits, "{pattern} {path}");
    }
}

/// What a pattern means, said as plainly as possible.
fn fits(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern, text) {
        ([], _) => text.is_empty(),
        ([b'*', pattern @ ..], _) => (0..=text.len()).any(|passed| fits(pattern, &text[passed..])),
        ([b'?', pattern @ ..], [_, text @ ..]) => fits(pattern, text),
        ([wanted, pattern @ ..], [found, text @ ..]) => wanted == found && fits(pattern, text),
        (_, []) => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn a_compiled_pattern_means_what_it_says(pattern in "[ab*?]{0,9}", text in "[abc]{0,12}") {
        prop_assert_eq!(Wildcard::new(&pattern).matches(text.as_bytes()), fits(pattern.as_bytes(), text.as_bytes()));
    }

    #[test]
    fn a_normal_path_has_no_empty_and_no_dot_segments(path in "/[a.%/2efF~;]{0,24}") {
        let once = normalise(&path).into_owned();
        prop_assert_eq!(once.matches("//").count(), 0);
        prop_assert_eq!(once.split('/').filter(|segment| matches!(*segment, "." | "..")).count(), 0);
    }
}

/// Patterns of more than 64 characters between wildcards need several words of states.
#[test]
fn a_long_pattern_is_matched_across_words() {
    for length in [63, 64, 65, 127, 128, 129, 250] {
        let letters: String = ('a'..='z').cycle().take(length).collect();
        let pattern = PathPattern::new(&format!("*{letters}*"));
        assert!(pattern.matches(&format!("/ab{letters}z")), "{length}");
        assert!(!pattern.matches(&format!("/ab{}", letters.trim_start_matches('a'))), "{length}");
    }
}

/// A matcher that goes back to each star would need more steps than it could ever take.
#[test]
fn many_stars_cost_no_more_than_pattern_times_path() {
    let pattern = PathPattern::new(&"*a?".repeat(80));
    assert!(!pattern.matches(&format!("/{}", "b".repeat(8_000))));
    let pattern = PathPattern::new(&format!("{}b*c", "*a".repeat(100)));
    assert!(!pattern.matches(&format!("/{}", "a".repeat(8_000))));
}

#[test]
fn paths_are_compared_in_their_normal_form() {
    for (path, normal) in [
        ("/", "/"),
        ("/a/b", "/a/b"),
        ("/a/b/", "/a/b/"),
        ("/a/b/..", "/a/"), // AWS: "/a/b/..?c=1 will match the /a* cache behavior"
        // RFC 3986, 5.2.4 and 6.2.2
        ("/a/b/c/./../../g", "/a/g"),
        ("/../g", "/g"),
        ("/a/./b/.", "/a/b/"),
        ("/%7Euser", "/~user"),
        ("/%7euser", "/~user"),
        ("/a%c2%b1b", "/a%C2%B1b"),
        // Tricks
        ("//admin", "/admin"),
        ("/a//b///c", "/a/b/c"),
        ("/a//../b", "/b"),
        ("/%61dmin", "/admin"),
        ("/%2e%2e/admin", "/admin"),
        ("/a/%2E%2e/admin", "/admin"),
        ("/a/.%2e/admin", "/admin"),
        ("/a/..%2fadmin", "/a/..%2Fadmin"),
        ("/a/..%5cadmin", "/a/..%5Cadmin"),
        ("/a/..\\admin", "/a/..\\admin"),
        ("/a/..;/admin", "/a/..;/admin"),
        ("/admin;x=1", "/admin;x=1"),
        ("/admin%00.jpg", "/admin%00.jpg"),
        ("/admin%3f.jpg", "/admin%3F.jpg"),
        ("/%252e%252e/admin", "/%252e%252e/admin"),
        ("/a/.../b", "/a/.../b"),
        ("/.well-known/x", "/.well-known/x"),
        ("/100%", "/100%"),
        ("/%zz%+1", "/%zz%+1"),
        ("/%é", "/%é"),
        ("/bücher", "/bücher"),
        ("/./", "/"),
        ("/..", "/"),
    ] {
        assert_eq!(normalise(path), normal, "{path}");
    }
}

#[test]
fn the_most_specific_name_of_a_host_wins() {
    let names =
        ["example.com", "*.example.com", "*.b.example.com", "www.example.com", "d1.cloudfront.net", "*.net."];
    let table: HostTable<&str> = names.map(|name| (name.to_owned(), name)).into_iter().collect();
    for (host, name) in [
        ("example.com", Some("example.com")),
        ("www.example.com", Some("www.example.com")),
        ("WWW.Example.COM", Some("www.example.com")),
        ("www.example.com.", Some("www.example.com")),
        // AWS: "www.example.com, product-name.example.com, marketing.product-name.example.com, and so on"
        ("product-name.example.com", Some("*.example.com")),
        ("marketing.product-name.example.com", Some("*.example.com")),
        ("b.example.com", Some("*.example.com")),
        ("a.b.example.com", Some("*.b.example.com")),
        ("x.a.b.example.com", Some("*.b.example.com")),
        ("d1.cloudfront.net", Some("d1.cloudfront.net")),
        ("d2.cloudfront.net", Some("*.net.")),
        ("notexample.com", None),
        (".example.com", None),
        ("", None),
        (".", None),
        ("com", None),
        ("example.com..", None),
        ("*.example.org", None),
    ] {
        assert_eq!(table.get(host).copied(), name, "{host}");
    }
    assert_eq!(table.get(&format!("{}example.com", "a.".repeat(200))), None);
}

#[test]
fn a_name_that_comes_again_replaces_its_value() {
    let mut table = HostTable::default();
    assert_eq!(table.insert("Example.com", 1), None);
    assert_eq!(table.insert("example.com.", 2), Some(1));
    assert_eq!(table.get("EXAMPLE.com"), Some(&2));
}

#[test]
fn a_name_that_goes_leads_to_what_is_less_specific() {
    let names = [("*.example.com", 1), ("www.example.com", 2)];
    let mut table: HostTable<u8> = names.map(|(name, value)| (name.to_owned(), value)).into_iter().collect();
    assert_eq!(table.remove("WWW.example.com."), Some(2));
    assert_eq!(table.get("www.example.com"), Some(&1));
    assert_eq!(table.remove("*.Example.com"), Some(1));
    assert_eq!(table.get("www.example.com"), None);
    assert_eq!(table.remove("*.example.com"), None);
}
