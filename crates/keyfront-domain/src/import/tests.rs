//! Tests of import documents: what is read, and the words of what is refused.

use proptest::prelude::*;

use super::*;

fn read(document: &str) -> Result<Vec<(String, String)>, String> {
    parse(document.as_bytes(), &Quotas::default())
        .map(|pairs| pairs.into_iter().map(|pair| (pair.key, pair.value)).collect())
        .map_err(|error| error.to_string())
}

#[test]
fn a_document_gives_its_pairs_in_order() {
    for (document, expected) in [
        (r#"{"data":[]}"#, vec![]),
        (r#"{"data":[{"key":"b","value":"1"},{"key":"a","value":""}]}"#, vec![("b", "1"), ("a", "")]),
        // Escapes, and members in any order.
        (r#" {"data":[{"value":"\u00e9\n","key":"\"ü\""}]} "#, vec![("\"ü\"", "é\n")]),
        // A byte order mark.
        ("\u{feff}{\"data\":[{\"key\":\"a\",\"value\":\"1\"}]}", vec![("a", "1")]),
        // Members that the format does not have.
        (
            r#"{"version":[{"data":1}],"key":2,"data":[{"key":"a","note":{"key":1},"data":0,"value":"1"}],"z":null}"#,
            vec![("a", "1")],
        ),
        // Keys that differ in case or in their Unicode form are different keys.
        (
            r#"{"data":[{"key":"a","value":""},{"key":"A","value":""},{"key":"\u00e9","value":""},{"key":"e\u0301","value":""}]}"#,
            vec![("a", ""), ("A", ""), ("é", ""), ("e\u{301}", "")],
        ),
    ] {
        let expected: Vec<_> = expected.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
        assert_eq!(read(document), Ok(expected), "{document}");
    }
}

#[test]
fn every_refusal_says_what_is_wrong_and_where() {
    for (document, expected) in [
        ("", "The data source is not valid JSON: EOF while parsing a value at line 1 column 0"),
        (
            "{\"data\":[\n{\"key\" \"a\"}]}",
            "The data source is not valid JSON: expected `:` at line 2 column 8",
        ),
        (r#"{"data":[]} x"#, "The data source is not valid JSON: trailing characters at line 1 column 13"),
        (
            r#"{"data":[{"key":"a","value":"\ud800"}]}"#,
            "The data source is not valid JSON: unexpected end of hex escape at line 1 column 36",
        ),
        ("[]", "The data source is an array; it must be an object"),
        ("null", "The data source is null; it must be an object"),
        ("{}", "data is missing"),
        (r#"{"Data":[]}"#, "data is missing"),
        (r#"{"data":{}}"#, "data is an object; it must be an array"),
        (r#"{"data":"x"}"#, "data is a string; it must be an array"),
        (r#"{"data":[],"data":[]}"#, "data is given twice"),
        (r#"{"data":[{"key":"a","value":"1"},"b"]}"#, "data[1] is a string; it must be an object"),
        (r#"{"data":[["a","1"]]}"#, "data[0] is an array; it must be an object"),
        (r#"{"data":[{"key":"a","value":7}]}"#, "data[0].value is a number; it must be a string"),
        (r#"{"data":[{"key":"a","value":-7}]}"#, "data[0].value is a number; it must be a string"),
        (r#"{"data":[{"key":"a","value":7.5}]}"#, "data[0].value is a number; it must be a string"),
        (r#"{"data":[{"key":"a","value":true}]}"#, "data[0].value is a boolean; it must be a string"),
        (r#"{"data":[{"key":"a","value":{}}]}"#, "data[0].value is an object; it must be a string"),
        (r#"{"data":[{"key":null,"value":"1"}]}"#, "data[0].key is null; it must be a string"),
        (r#"{"data":[{"key":"a"}]}"#, "data[0].value is missing"),
        (r#"{"data":[{"value":"1"}]}"#, "data[0].key is missing"),
        (r#"{"data":[{"key":"a","key":"b","value":"1"}]}"#, "data[0].key is given twice"),
        (r#"{"data":[{"key":"a","value":"1","value":"1"}]}"#, "data[0].value is given twice"),
        (r#"{"data":[{"key":"","value":"1"}]}"#, "data[0].key is empty; a key has at least one character"),
        (
            r#"{"data":[{"key":"a\n","value":"1"},{"key":"b","value":"2"},{"key":"a\n","value":"1"}]}"#,
            r#"The key "a\n" is given twice, at data[0] and data[2]; remove one of them"#,
        ),
    ] {
        assert_eq!(read(document), Err(expected.to_owned()), "{document}");
    }
}

#[test]
fn a_byte_that_is_not_utf8_is_named_by_its_offset() {
    for (bytes, offset) in [(&b"\xff"[..], 0), (b"{\"data\":\"\xc3(\"}", 9), (b"\xef\xbb\xbf{}\xc3", 5)] {
        assert_eq!(parse(bytes, &Quotas::default()), Err(ImportError::NotUtf8 { offset }));
    }
}

#[test]
fn limits_count_utf8_bytes_and_include_the_limit_itself() {
    let quotas = Quotas {
        key_bytes: 4,
        value_bytes: 6,
        key_value_store_bytes: 12,
        import_bytes: 80,
        ..Quotas::default()
    };
    for (document, expected) in [
        (r#"{"data":[{"key":"éé","value":"éüö"}]}"#, Ok(1)),
        (
            r#"{"data":[{"key":"éé1","value":""}]}"#,
            Err("The key \"éé1\" at data[0] has 5 bytes; a key has at most 4"),
        ),
        (
            r#"{"data":[{"key":"k","value":"éüö1"}]}"#,
            Err("The value of the key \"k\" at data[0] has 7 bytes; a value has at most 6"),
        ),
        (r#"{"data":[{"key":"a","value":"12345"},{"key":"b","value":"12345"}]}"#, Ok(2)),
        (
            r#"{"data":[{"key":"a","value":"12345"},{"key":"b","value":"123456"}]}"#,
            Err("Datasource size exceeds the allowed limit"),
        ),
        (
            r#"{"data":[],"longer than eighty bytes":"                                          "}"#,
            Err("Datasource size exceeds the allowed limit"),
        ),
    ] {
        let outcome = parse(document.as_bytes(), &quotas).map(|pairs| pairs.len()).map_err(|e| e.to_string());
        assert_eq!(outcome, expected.map_err(str::to_owned), "{document}");
    }
}

#[test]
fn a_long_key_is_cut_and_a_value_is_never_shown() {
    let key = "k".repeat(513);
    let secret = "s3cret";
    let document = format!(r#"{{"data":[{{"key":"{key}","value":"{secret}"}}]}}"#);
    let error = read(&document).unwrap_err();
    assert_eq!(
        error,
        format!("The key \"{}\"… at data[0] has 513 bytes; a key has at most 512", "k".repeat(48))
    );
    for broken in [
        format!(r#"{{"data":[{{"key":"a","value":"{secret}"}},{{"key":"a","value":"{secret}"}}]}}"#),
        format!(r#"{{"data":[{{"key":"a","value":"{secret}" oops}}]}}"#),
        format!(r#"{{"data":["{secret}"]}}"#),
        format!(r#"{{"data":[{{"key":"a","value":["{secret}"]}}]}}"#),
    ] {
        assert!(!read(&broken).unwrap_err().contains(secret), "{broken}");
    }
    let pair = Pair { key: "a".to_owned(), value: secret.to_owned() };
    assert_eq!(format!("{pair:?}"), r#"Pair("a": 6 bytes)"#);
}

#[test]
fn deep_nesting_is_an_error_or_is_skipped_and_never_a_crash() {
    let deep = "[".repeat(1_000_000);
    assert!(read(&deep).is_err());
    assert!(read(&format!(r#"{{"data":{deep}"#)).is_err());
    let ignored = format!(r#"{{"x":{deep}{},"data":[]}}"#, "]".repeat(1_000_000));
    assert_eq!(read(&ignored), Ok(vec![]));
}

#[test]
fn a_full_store_of_small_pairs_is_read() {
    let items: Vec<_> =
        (0..100_000).map(|n| format!(r#"{{"key":"key-{n:06}","value":"v-{n:06}"}}"#)).collect();
    let document = format!(r#"{{"data":[{}]}}"#, items.join(","));
    assert_eq!(read(&document).unwrap().len(), 100_000);
}

proptest! {
    #[test]
    fn bytes_of_any_kind_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        drop(parse(&bytes, &Quotas::default()));
    }

    #[test]
    fn tokens_in_any_order_never_panic(tokens in prop::collection::vec(
        prop::sample::select(vec!["{", "}", "[", "]", ",", ":", "\"data\"", "\"key\"", "\"value\"", "\"\"", "1", "null", " "]),
        0..40,
    )) {
        drop(parse(tokens.concat().as_bytes(), &Quotas::default()));
    }

    #[test]
    fn what_serde_json_writes_is_read_back(pairs in prop::collection::btree_map(".{1,20}", ".{0,20}", 0..20)) {
        let items: Vec<_> = pairs.iter().map(|(k, v)| serde_json::json!({"key": k, "value": v})).collect();
        let document = serde_json::json!({ "data": items }).to_string();
        prop_assert_eq!(read(&document), Ok(pairs.into_iter().collect()));
    }
}
