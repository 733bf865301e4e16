//! Tests of which objects the paths of invalidations name.

use proptest::prelude::*;

use super::*;

const GUIDE: &str = "What you need to know when invalidating files";

#[test]
fn paths_match_what_the_guide_says() {
    for (path, target, expected, source) in [
        ("/images/image.jpg", "/images/image.jpg", true, GUIDE),
        ("/images/image.jpg", "/images/Image.jpg", false, "case-sensitive"),
        ("/images/image.jpg", "/images/image.jpg?parameter1=a", false, "the query string is part of it"),
        ("/images/image.jpg?parameter1=a", "/images/image.jpg?parameter1=a", true, GUIDE),
        ("/images/image.jpg?parameter1=a", "/images/image.jpg?parameter1=b", false, GUIDE),
        ("/images/image.jpg*", "/images/image.jpg?parameter1=b", true, GUIDE),
        ("/images/image.jpg*", "/images/image.jpg", true, "0 or more characters"),
        ("/images/*", "/images/", true, "0 or more characters"),
        ("/images/*", "/images", false, "with and without a trailing slash"),
        ("/images", "/images/", false, "with and without a trailing slash"),
        ("/images*", "/images/a/b.jpg", true, "its subdirectories"),
        ("/a/logo.*", "/a/logo.png", true, GUIDE),
        ("/a/logo.*", "/a/logo2.png", false, GUIDE),
        ("/*", "/", true, "all files"),
        ("/*", "/a?b", true, "all files"),
        ("/a*b", "/a*b", true, "a * elsewhere is literal"),
        ("/a*b", "/axb", false, "a * elsewhere is literal"),
        ("/a**", "/a*x", true, "only the last one is a wildcard"),
        ("/a**", "/ax", false, "only the last one is a wildcard"),
        ("/a?", "/ab", false, "? is no wildcard"),
        ("/a b", "/a%20b", true, "unsafe characters are encoded"),
        ("/é", "/%C3%A9", true, "characters outside of ASCII are encoded"),
        ("/%c3%a9", "/%C3%A9", true, "RFC 3986 §6.2.2.1"),
        ("/é*", "/%c3%a9/x", true, "characters outside of ASCII are encoded"),
        ("/%61", "/a", false, "no other characters may be encoded"),
        ("/a%2Fb", "/a/b", false, "no other characters may be encoded"),
        ("/a%2A", "/ab", false, "an encoded * is none"),
        ("/100%", "/100%25", true, "% is unsafe"),
        ("/~user", "/%7Euser", true, "~ is unsafe; AWS calls it unsupported"),
    ] {
        let matches = InvalidationPath::parse(path).matches(&canonical(target));
        assert_eq!(matches, expected, "{path} for {target}: {source}");
    }
}

#[test]
fn the_canonical_form_is_stable() {
    for (target, expected) in [
        ("/a/b.c-d_e?f=g&h=*+,;:@!$'()", "/a/b.c-d_e?f=g&h=*+,;:@!$'()"),
        ("/%", "/%25"),
        ("/%4", "/%254"),
        ("/%4g", "/%254g"),
        ("/%%41", "/%25%41"),
        ("/%aB%cD", "/%AB%CD"),
        ("/ab%4a%", "/ab%4A%25"),
        ("/%0ab", "/%0Ab"),
        ("/\u{7f}\t\"<>#{}|\\^[]`", "/%7F%09%22%3C%3E%23%7B%7D%7C%5C%5E%5B%5D%60"),
    ] {
        assert_eq!(canonical(target), expected);
        assert_eq!(canonical(expected), expected, "twice");
    }
}

#[test]
fn the_index_forgets() {
    let mut index = InvalidationIndex::default();
    for (path, sequence) in [("/a", 1), ("/b*", 2), ("/*", 3), ("/a", 4), ("/b*", 1)] {
        index.add(InvalidationPath::parse(path), sequence);
    }
    assert_eq!((index.newest("/a"), index.newest("/bc"), index.newest("/c")), (4, 3, 3));
    index.forget(3);
    assert_eq!((index.newest("/a"), index.newest("/bc"), index.len()), (4, 0, 1));
    index.forget(4);
    assert!(index.is_empty());
}

proptest! {
    #[test]
    fn the_index_answers_as_a_list_does(
        paths in proptest::collection::vec("/[ab%é]{0,6}\\*?", 0..40),
        targets in proptest::collection::vec("/[ab%é]{0,8}", 1..20),
    ) {
        let mut index = InvalidationIndex::default();
        let paths: Vec<_> = (1..).zip(paths.iter().map(|path| InvalidationPath::parse(path))).collect();
        for (sequence, path) in &paths {
            index.add(path.clone(), *sequence);
        }
        for target in &targets {
            let target = canonical(target);
            let matching = paths.iter().filter(|(_, path)| path.matches(&target));
            let expected = matching.map(|(sequence, _)| *sequence).max().unwrap_or(0);
            prop_assert_eq!(index.newest(&target), expected, "{}", target);
        }
    }

    #[test]
    fn the_canonical_form_of_the_canonical_form_is_itself(target in "/\\PC{0,30}") {
        let once = canonical(&target).into_owned();
        prop_assert_eq!(canonical(&once), once.as_str());
    }
}
