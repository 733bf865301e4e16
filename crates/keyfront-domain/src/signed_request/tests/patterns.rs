//! Resource patterns against URLs.

use proptest::prelude::*;

use super::super::pattern::compare;
use super::*;

fn parts(url: &str) -> Url<'_> {
    let (scheme, rest) = url.split_once("://").unwrap();
    let (host, target) = rest.split_at(rest.find('/').unwrap());
    Url { scheme, host, target }
}

#[test]
fn a_pattern_takes_what_the_documentation_says() {
    let zip = "https://d111111abcdef8.cloudfront.net/*game_download.zip*";
    for (pattern, url) in [
        ("*", "http://anything/at/all?x=1"),
        ("https://www.example.com/hello*world", "https://www.example.com/helloworld"),
        ("https://www.example.com/hello*world", "https://www.example.com/hello-world"),
        ("https://www.example.com/hello*world", "https://www.example.com/hello/big/world"),
        (zip, "https://d111111abcdef8.cloudfront.net/game_download.zip"),
        (zip, "https://d111111abcdef8.cloudfront.net/example_game_download.zip?license=yes"),
        (zip, "https://d111111abcdef8.cloudfront.net/test_game_download.zip?license=temp"),
        ("https://h/hello?world", "https://h/hello-world"),
        // The end of a path and of a domain.
        ("https://h/a*", "https://h/a?x=1&y=/z?"),
        ("https://h/*", "https://h/"),
        ("https://h*", "https://hello.example/a/b?x=1"),
        ("https://*.example.com*", "https://a.b.example.com/x?y"),
        // Protocols.
        ("*://h/a", "http://h/a"),
        ("http*://h/a", "https://h/a"),
        ("*h/a", "http://h/a"),
        ("*example.com*", "https://www.example.com/a?b=c"),
        // Queries.
        (r"https://h/a\?x=*", "https://h/a?x=1"),
        (r"https://h/a\?*", "https://h/a?"),
        (r"https://h/a\?x=\?", "https://h/a?x=?"),
        (r"https://h/a\?x=?", "https://h/a?x=1"),
        ("https://h/a?x=1", "https://h/a?x=1"),
        ("https://h/im?ge.jpg?size=*", "https://h/image.jpg?size=large"),
        ("https://h/*a?*b", "https://h/xaya?qb"),
        // A protocol inside the query is not the protocol of the URL.
        ("*h/a?u=http://x/", "https://h/a?u=http://x/"),
        // Names of hosts and protocols have no case.
        ("HTTPS://WWW.Example.com/a", "https://www.exAMPle.com/a"),
        ("https://*.Example.com:8080/a", "https://www.example.com:8080/a"),
        // A backslash is a letter elsewhere, and one character is one character.
        (r"https://h/a\b", r"https://h/a\b"),
        ("https://h/???", "https://h/äöü"),
    ] {
        assert_eq!(compare(pattern, parts(url)), Ok(()), "{pattern} {url}");
    }
}

#[test]
fn a_pattern_that_does_not_match_says_which_section_and_shows_both() {
    use Section::{Domain, Path, Protocol, Query};
    for (pattern, url, section, wanted, found) in [
        ("http://h/a", "https://h/a", Protocol, Some("http"), Some("https")),
        ("images/image.jpg", "https://h/images/image.jpg", Protocol, None, Some("https")),
        ("h/a", "https://h/a", Protocol, None, Some("https")),
        ("h/*://x", "https://h/a", Protocol, None, Some("https")),
        ("https://h/a", "https://g/a", Domain, Some("h"), Some("g")),
        ("https://h/a", "https://h:8080/a", Domain, Some("h"), Some("h:8080")),
        (
            "https://*.example.com/a",
            "https://example.com/a",
            Domain,
            Some("*.example.com"),
            Some("example.com"),
        ),
        // A wildcard of the domain does not reach the path.
        ("https://h*/a", "https://h/b/a", Path, Some("/a"), Some("/b/a")),
        (
            "https://www.example.com/hello*world",
            "https://example.net/hello?world",
            Domain,
            Some("www.example.com"),
            Some("example.net"),
        ),
        // A wildcard of the path does not reach the query.
        ("https://h/hello*world", "https://h/hello?world", Path, Some("/hello*world"), Some("/hello")),
        (r"https://h/a*\?x=1", "https://h/abc?x=2", Query, Some("x=1"), Some("x=2")),
        (r"https://h/a*\?x=1", "https://h/abc", Query, Some("x=1"), None),
        ("https://h/a", "https://h/a?x=1", Query, None, Some("x=1")),
        ("https://h/a", "https://h/A", Path, Some("/a"), Some("/A")),
        ("https://h/a", "https://h/a/", Path, Some("/a"), Some("/a/")),
        ("https://h/a%20b", "https://h/a b", Path, Some("/a%20b"), Some("/a b")),
        ("https://h/???", "https://h/ab", Path, Some("/???"), Some("/ab")),
        ("https://h/a?x=1", "https://h/a?x=2", Query, Some("x=1"), Some("x=2")),
        ("https://h", "https://h/", Path, Some(""), Some("/")),
        ("", "https://h/", Protocol, None, Some("https")),
    ] {
        let mismatch = compare(pattern, parts(url)).unwrap_err();
        assert_eq!(
            (mismatch.section, mismatch.wanted, mismatch.found),
            (section, wanted, found),
            "{pattern} {url}"
        );
    }
}

#[test]
fn a_pattern_of_many_stars_costs_no_more_than_its_length_times_the_urls() {
    let pattern = format!("https://h/{}b", "*a".repeat(1000));
    let target = format!("/{}", "a".repeat(6000));
    let url = Url { scheme: "https", host: "h", target: &target };
    // Trying all ways would take longer than the universe has.
    assert_eq!(compare(&pattern, url).unwrap_err().section, Section::Path);
}

/// The rules for path and query once more, in the plainest way: every way to match is tried.
fn matches_plainly(pattern: &str, path: &str, query: Option<&str>) -> bool {
    /// `None` is the question mark before the query.
    fn rest(pattern: &[char], text: &[Option<char>], open_end: bool) -> bool {
        match (pattern, text) {
            ([], text) => text.is_empty(),
            (['*'], _) if open_end => true,
            (['*', after @ ..], text) => {
                rest(after, text, open_end)
                    || matches!(text, [Some(_), more @ ..] if rest(pattern, more, open_end))
            }
            (['\\', '?', after @ ..], [next, more @ ..]) => {
                matches!(next, None | Some('?')) && rest(after, more, open_end)
            }
            ([wanted, after @ ..], [next, more @ ..]) => {
                (*wanted == '?' || Some(*wanted) == *next) && rest(after, more, open_end)
            }
            _ => false,
        }
    }
    let mut text: Vec<_> = path.chars().map(Some).collect();
    if let Some(query) = query {
        text.push(None);
        text.extend(query.chars().map(Some));
    }
    rest(&pattern.chars().collect::<Vec<_>>(), &text, !pattern.contains(r"\?"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn matching_agrees_with_trying_every_way(
        pattern in r"/([ab*?/]|\\\?){0,8}",
        path in "/[ab/]{0,6}",
        query in proptest::option::of("[ab?/]{0,4}"),
    ) {
        let target = query.as_ref().map_or(path.clone(), |query| format!("{path}?{query}"));
        let url = Url { scheme: "https", host: "h", target: &target };
        let pattern_of_url = format!("https://h{pattern}");
        prop_assert_eq!(
            compare(&pattern_of_url, url).is_ok(),
            matches_plainly(&pattern, &path, query.as_deref())
        );
    }
}
