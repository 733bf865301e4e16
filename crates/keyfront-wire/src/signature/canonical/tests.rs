//! Tests of canonical requests, as SigV4 defines them.

use super::*;

#[test]
fn a_path_loses_its_dot_segments_and_empty_segments() {
    for (path, expected) in [
        ("/", None),
        ("/a", None),
        ("/a/", None),
        ("/a/b..c/.d", None),
        ("/keys/a%2F..%2Fb", None),
        ("/a/.", Some("/a/")),
        ("/a/./", Some("/a/")),
        ("/a/..", Some("/")),
        ("/a/../", Some("/")),
        ("/a/b/..", Some("/a/")),
        ("/a/b/../c", Some("/a/c")),
        ("/..", Some("/")),
        ("/../../a", Some("/a")),
        ("//", Some("/")),
        ("//a//", Some("/a/")),
        ("/a//b", Some("/a/b")),
        ("/./a", Some("/a")),
    ] {
        assert_eq!(normalized(path).as_deref(), expected, "{path}");
    }
}

#[test]
fn either_style_tries_the_normalized_path_only_if_it_is_another_one() {
    let paths = |style, path| signed_paths(style, path).map(Cow::into_owned).collect::<Vec<_>>();
    assert_eq!(paths(PathStyle::Either, "/keys/k"), ["/keys/k"]);
    assert_eq!(paths(PathStyle::Either, "/keys/.."), ["/keys/..", "/"]);
    assert_eq!(paths(PathStyle::Either, "/a/keys/."), ["/a/keys/.", "/a/keys/", "/a/keys"]);
    assert_eq!(paths(PathStyle::Either, "/a/keys/.."), ["/a/keys/..", "/a/", "/a"]);
    assert_eq!(paths(PathStyle::Either, "/a/../keys/"), ["/a/../keys/", "/keys/"]);
    assert_eq!(paths(PathStyle::AsSent, "/keys/.."), ["/keys/.."]);
    assert_eq!(paths(PathStyle::Normalized, "/keys/.."), ["/"]);
    assert_eq!(paths(PathStyle::Either, ""), ["/"]);
}

#[test]
fn a_query_is_sorted_by_encoded_name_then_value() {
    for (query, expected) in [
        ("", ""),
        ("a", "a="),
        ("b=2&a=1", "a=1&b=2"),
        ("a=2&a=1", "a=1&a=2"),
        // The name alone counts first: as one string `a-b=` would come before `a=`.
        ("a-b=1&a=2", "a=2&a-b=1"),
        ("a=b=c", "a=b%3Dc"),
        ("a=x+y", "a=x%2By"),
        ("a=x%20y&b=%7e", "a=x%20y&b=~"),
        ("a=100%", "a=100%25"),
        ("a=%zz&b=%4", "a=%25zz&b=%254"),
        ("&&a=1&", "a=1"),
        ("\u{1234}=1", "%E1%88%B4=1"),
    ] {
        let mut out = Vec::new();
        push_query(&mut out, query, Form::Header);
        assert_eq!(String::from_utf8(out).unwrap(), expected, "{query}");
    }
}

#[test]
fn only_a_presigned_query_leaves_its_signature_out() {
    let canonical = |form| {
        let mut out = Vec::new();
        push_query(&mut out, "X-Amz-Signature=abc&X%2DAmz%2DSignature=def&x-amz-signature=ghi&a=1", form);
        String::from_utf8(out).unwrap()
    };
    assert_eq!(canonical(Form::Presigned), "a=1&x-amz-signature=ghi");
    assert_eq!(canonical(Form::Header), "X-Amz-Signature=abc&X-Amz-Signature=def&a=1&x-amz-signature=ghi");
}

#[test]
fn a_header_value_loses_spaces_it_does_not_need() {
    for (value, expected) in [
        ("", ""),
        ("   ", ""),
        ("a", "a"),
        ("  a   b  ", "a b"),
        ("a \t b", "a \t b"),
        ("\"a  b\"", "\"a b\""),
    ] {
        let mut out = b"x: ".to_vec();
        push_header_value(&mut out, value.as_bytes());
        assert_eq!(String::from_utf8(out).unwrap(), format!("x: {expected}"), "{value:?}");
    }
}
