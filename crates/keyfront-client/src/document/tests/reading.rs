//! Reading: each format and its variants.

use super::*;

type Expected<'a> = &'a [(&'a str, &'a str)];

/// Reads each text, which holds the expected pairs.
fn all_read(format: Format, cases: &[(&str, &str, Expected<'_>)]) {
    for (name, text, expected) in cases {
        let read = pairs(text, format).unwrap_or_else(|problems| panic!("{name}: {problems}"));
        assert_eq!(read.iter().collect::<Vec<_>>(), *expected, "{name}");
    }
}

#[test]
fn json_is_the_import_format_or_an_object_of_pairs() {
    all_read(
        Format::Json,
        &[
            (
                "the import format",
                r#"{"data":[{"key":"b","value":"1"},{"value":"2","key":"a"}]}"#,
                &[("a", "2"), ("b", "1")],
            ),
            ("an object of pairs", r#" { "b" : "1" , "a/\u00fc \"" : "" } "#, &[("a/ü \"", ""), ("b", "1")]),
            ("no items", r#"{"data":[]}"#, &[]),
            ("no pairs", "{}", &[]),
            ("an empty list", "[]", &[]),
            (
                "what `kvs ls --output json` prints",
                r#"[{"Key":"a","Value":"1"},{"Key":"b","Value":""}]"#,
                &[("a", "1"), ("b", "")],
            ),
            (
                "what `aws cloudfront-keyvaluestore list-keys` prints",
                r#"{"Items":[{"Key":"a","Value":"1"},{"Key":"b","Value":""}]}"#,
                &[("a", "1"), ("b", "")],
            ),
            ("Items as a key", r#"{"Items":"x","NextToken":"y"}"#, &[("Items", "x"), ("NextToken", "y")]),
            ("data as a key", r#"{"data":"x"}"#, &[("data", "x")]),
            ("data as a key among others", r#"{"data":"x","key":"y"}"#, &[("data", "x"), ("key", "y")]),
            ("a byte order mark", "\u{feff}{\"a\":\"1\"}", &[("a", "1")]),
            ("a surrogate pair", r#"{"a":"\ud83d\ude00"}"#, &[("a", "😀")]),
        ],
    );
}

#[test]
fn ndjson_is_one_item_on_each_line_and_blank_lines_do_not_count() {
    all_read(
        Format::Ndjson,
        &[
            ("nothing", "", &[]),
            ("blank lines", "\n  \r\n\n", &[]),
            ("no line break at the end", "{\"key\":\"a\",\"value\":\"1\"}", &[("a", "1")]),
            (
                "both line breaks",
                "{\"key\":\"b\",\"value\":\"1\"}\r\n\n {\"value\":\"2\",\"key\":\"a\"} \n",
                &[("a", "2"), ("b", "1")],
            ),
        ],
    );
}

#[test]
fn csv_has_a_header_with_its_columns_in_any_order() {
    all_read(
        Format::Csv,
        &[
            ("the header alone", "key,value\n", &[]),
            ("the header without a line break", "key,value", &[]),
            ("key first", "key,value\na,1\nb,\n", &[("a", "1"), ("b", "")]),
            ("value first, other line breaks", "value,key\r\n1,a\r\n\r\n2,b", &[("a", "1"), ("b", "2")]),
            ("quoted", "\"key\",\"value\"\n\"a,\"\"b\",\"1\n2\"\n", &[("a,\"b", "1\n2")]),
            ("spaces stay", "key,value\n a , 1 \n", &[(" a ", " 1 ")]),
            ("a byte order mark", "\u{feff}key,value\na,1\n", &[("a", "1")]),
        ],
    );
}

#[test]
fn yaml_scalars_are_the_text_that_stands_in_the_file() {
    all_read(
        Format::Yaml,
        &[
            (
                "plain scalars",
                "a: true\nb: 1.0\nc: 007\nd: no\ne: 0x1F\nf: 2024-01-02\ng: 1e3\n",
                &[
                    ("a", "true"),
                    ("b", "1.0"),
                    ("c", "007"),
                    ("d", "no"),
                    ("e", "0x1F"),
                    ("f", "2024-01-02"),
                    ("g", "1e3"),
                ],
            ),
            (
                "keys that are other types elsewhere",
                "true: a\n1: b\nnull: c\n",
                &[("1", "b"), ("null", "c"), ("true", "a")],
            ),
            (
                "quoted scalars",
                "a: \"x\\ty\"\nb: 'it''s'\nc: \"\"\nd: 'null'\n",
                &[("a", "x\ty"), ("b", "it's"), ("c", ""), ("d", "null")],
            ),
            (
                "block scalars",
                "a: |\n  one\n  two\nb: >-\n  one\n  two\n",
                &[("a", "one\ntwo\n"), ("b", "one two")],
            ),
            (
                "tags of scalars",
                "a: !!str null\nb: !!int 07\nc: ! ~\n",
                &[("a", "null"), ("b", "07"), ("c", "~")],
            ),
            ("an unused anchor", "a: &x 1\n", &[("a", "1")]),
            (
                "a list under data",
                "data:\n  - key: a\n    value: 1\n  - {value: '', key: b}\n",
                &[("a", "1"), ("b", "")],
            ),
            ("an empty list under data", "data: []\n", &[]),
            ("data as a key", "data: x\n", &[("data", "x")]),
            ("markers of a document", "%YAML 1.2\n---\n# pairs\na: 1\n...\n", &[("a", "1")]),
            ("JSON", "{\"a\": \"1\", \"b\": \"2\"}", &[("a", "1"), ("b", "2")]),
            ("no pairs", "{}", &[]),
            ("a byte order mark", "\u{feff}a: 1", &[("a", "1")]),
        ],
    );
}

#[test]
fn a_key_and_a_value_may_be_as_long_as_the_quotas_say() {
    let quotas = Quotas { key_bytes: 4, value_bytes: 2, ..Quotas::default() };
    let read = |text: &str| read("pairs", Some(Format::Yaml), text.as_bytes(), &quotas);
    assert_eq!(read("üü: ü").map(|pairs| pairs.len()), Ok(1));
    assert_eq!(read("üüx: ü").map_err(|problems| problems.count()), Err(1));
    assert_eq!(read("üü: üx").map_err(|problems| problems.count()), Err(1));
}

#[test]
fn neither_keys_nor_values_are_in_what_debug_prints() {
    let read = pairs("{\"k\":\"v\u{fc}\"}", Format::Json).unwrap();
    assert_eq!(format!("{read:?}"), "Pairs(1: 4 bytes)");
}
