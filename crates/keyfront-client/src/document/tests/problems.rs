//! Problems: what is wrong in a file, and where.

use super::*;

/// Reads each text, which has exactly these problems, one on each line.
fn all_refused(format: Format, cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        let problems = pairs(text, format).expect_err(text);
        assert_eq!(problems.lines().collect::<Vec<_>>(), *expected, "{text}");
    }
}

#[test]
fn problems_of_json_have_lines_and_columns() {
    all_refused(
        Format::Json,
        &[
            (" \n", &["pairs: the document is empty; without pairs it is {}"]),
            ("{\n \"ü\": \"1\", \"b\" \"2\"}", &["pairs:2:16: is not valid JSON: expected `:`"]),
            ("{\"a\":\"1\",}", &["pairs:1:10: is not valid JSON: trailing comma"]),
            ("{\"a\":\"1\"}\nx", &["pairs:2:1: is not valid JSON: trailing characters"]),
            ("{\"a\":\"\\ud800\"}", &["pairs:1:13: is not valid JSON: unexpected end of hex escape"]),
            ("[7]", &["pairs:1: the item is a number; it must be {\"key\": \"...\", \"value\": \"...\"}"]),
            (
                "{\"Items\":[{\"Key\":\"a\",\"Value\":\"1\"}],\"NextToken\":\"x\"}",
                &[
                    "pairs:1:36: this is a part of a list, with a NextToken behind it; read the list to its end first",
                ],
            ),
            (
                "\n\"x\"",
                &["pairs:2:1: the document is a text; it must be an object of keys and values, or \
                           {\"data\": [...]}"],
            ),
            (
                "7\n",
                &["pairs:1: the document is a number; it must be an object of keys and values, or \
                       {\"data\": [...]}"],
            ),
            (
                "{\n\"a\": 1,\n\"b\": 1.5\n,\"c\": true, \"d\": null,\n \"e\": [\"x\"], \"f\": {\"x\": \"y\"}\n}",
                &[
                    "pairs:2:1: the value of the key \"a\" is a number; put it in quotes",
                    "pairs:3:1: the value of the key \"b\" is a number; put it in quotes",
                    "pairs:4:2: the value of the key \"c\" is a boolean; put it in quotes",
                    "pairs:4:13: the value of the key \"d\" is null; write \"\" for an empty value, or remove the pair",
                    "pairs:5:2: the value of the key \"e\" is a list; write it as one text in quotes",
                    "pairs:5:14: the value of the key \"f\" is an object; write it as one text in quotes",
                ],
            ),
            (
                "{\"a\\\"\":\"1\",\n\"a\\\"\":\"1\", \"b\":1, \"b\":\"2\", \"\":\"x\"}",
                &[
                    "pairs:2:1: the key \"a\\\"\" is there twice, first on line 1",
                    "pairs:2:12: the value of the key \"b\" is a number; put it in quotes",
                    "pairs:2:19: the key \"b\" is there twice, first on line 2, column 12",
                    "pairs:2:28: the key is empty; a key has at least one character",
                ],
            ),
            (
                "{\"data\":[],\"a\":\"1\"}",
                &["pairs:1:2: \"data\" is a list beside other members (\"a\"); a list of pairs stands alone"],
            ),
            ("{\"data\":[],\n\"data\":[]}", &["pairs:2:1: \"data\" is there twice"]),
            (
                "{\"data\":{\"a\":\"1\"}}",
                &["pairs:1:2: the value of the key \"data\" is an object; write it as one text in quotes"],
            ),
        ],
    );
}

#[test]
fn problems_of_items_are_where_the_item_or_its_key_is() {
    all_refused(
        Format::Json,
        &[
            (
                "{\"data\": [\n  {\n    \"key\": \"a\",\n    \"value\": \"1\"\n  },\n  {\n    \"value\": \"2\",\n    \
                 \"key\": \"a\"\n  }\n]}",
                &["pairs:8:12: the key \"a\" is there twice, first on line 3"],
            ),
            (
                "{\"data\":[{}, {\"key\":\"a\"}, {\"VALUE\":\"1\", \"key\":\"a\", \"x\\n\":[]}]}",
                &[
                    "pairs:1:10: the item has no \"key\"",
                    "pairs:1:10: the item has no \"value\"",
                    "pairs:1:14: the item has no \"value\"",
                    "pairs:1:27: the item has unknown members: \"VALUE\", \"x\\n\"; it has \"key\" and \"value\" alone",
                    "pairs:1:27: the item has no \"value\"",
                ],
            ),
            (
                "{\"data\":[{\"key\":1,\"value\":\"1\"},\n{\"key\":\"a\",\"value\":2},\n{\"key\":\"b\",\"key\":\"b\",\"value\":\"\"}]}",
                &[
                    "pairs:1: a key is a number; put it in quotes",
                    "pairs:2:8: the value of the key \"a\" is a number; put it in quotes",
                    "pairs:3:12: \"key\" is there twice",
                ],
            ),
            (
                "{\"data\":[\"a\",\n[[\"x\"]], {\"key\":\"a\",\"value\":\"1\"},\nnull\n]}",
                &[
                    "pairs:1:10: the item is a text; it must be {\"key\": \"...\", \"value\": \"...\"}",
                    "pairs:2:1: the item is a list; it must be {\"key\": \"...\", \"value\": \"...\"}",
                    "pairs:3: the item is null; it must be {\"key\": \"...\", \"value\": \"...\"}",
                ],
            ),
        ],
    );
}

#[test]
fn a_line_of_ndjson_that_is_no_json_does_not_hide_the_others() {
    all_refused(
        Format::Ndjson,
        &[(
            "{\"key\":\"a\",\"value\":\"1\"}\n\nx\n{\"key\":\"ü\" 1}\r\n{\"key\":\"b\"\n{\"key\":\"a\",\"value\":\"1\"}\n7\n\
             {\"key\":\"c\",\"value\":\"\"} {}",
            &[
                "pairs:3:1: is not valid JSON: expected value",
                "pairs:4:12: is not valid JSON: expected `,` or `}`",
                "pairs:5:10: is not valid JSON: EOF while parsing an object",
                "pairs:6:8: the key \"a\" is there twice, first on line 1",
                "pairs:7: the item is a number; it must be {\"key\": \"...\", \"value\": \"...\"}",
                "pairs:8:24: is not valid JSON: trailing characters",
            ],
        )],
    );
}

#[test]
fn problems_of_csv_have_the_line_where_the_record_begins() {
    let only = "it has \"key\" and \"value\" alone";
    let unknown = |names: &str| format!("pairs:1: the header has unknown columns: {names}; {only}");
    all_refused(
        Format::Csv,
        &[
            ("", &["pairs:1: the header has no \"key\"", "pairs:1: the header has no \"value\""]),
            ("\n\nkey\na\n", &["pairs:3: the header has no \"value\""]),
            ("key,value,colour,\na,1,x,\n", &[&unknown("\"colour\", \"\"")]),
            ("Key,value\n", &[&unknown("\"Key\""), "pairs:1: the header has no \"key\""]),
            ("key,a,b,c,d,e,f,g,value\n", &[&unknown("\"a\", \"b\", \"c\", \"d\", \"e\" and 2 more")]),
            ("key,value,key\n", &["pairs:1: \"key\" is there twice"]),
            (
                "key,value\r\na,\"1\r\n\r\n2\"\r\n\r\nb\r\n\r\nc,1,2\r\n\r\na,3\r\n,4",
                &[
                    "pairs:6: the record has 1 field and the header has 2; quote a field that contains a comma",
                    "pairs:8: the record has 3 fields and the header has 2; quote a field that contains a comma",
                    "pairs:10: the key \"a\" is there twice, first on line 2",
                    "pairs:11: the key is empty; a key has at least one character",
                ],
            ),
            (
                "key,value\na,5\"\na,\"1\nb,2\n",
                &[
                    "pairs:2: a quotation mark is not closed, or not doubled inside a field; quote the field and \
                     double the marks in it",
                    "pairs:3: a quotation mark is not closed, or not doubled inside a field; quote the field and \
                     double the marks in it",
                ],
            ),
        ],
    );
}

#[test]
fn problems_of_yaml_have_lines_and_columns() {
    all_refused(
        Format::Yaml,
        &[
            ("", &["pairs:1:1: the document is empty; without pairs it is {}"]),
            ("# nothing\n---\n", &["pairs:3:1: the document is empty; without pairs it is {}"]),
            ("a: 1\n---\nb: 2\n", &["pairs:2:1: a second document begins here; a file holds one"]),
            (
                "- a\n- b\n",
                &["pairs:1:1: the document is a list; it must be an object of keys and values, or \
                              {\"data\": [...]}"],
            ),
            (
                "hello",
                &["pairs:1:1: the document is a text; it must be an object of keys and values, or \
                         {\"data\": [...]}"],
            ),
            (
                "ü: 1\nb: 'x\n",
                &[
                    "pairs:2:4: is not valid YAML: while scanning a quoted scalar, found unexpected end of stream",
                ],
            ),
            (
                "a:\nb: ~\nc: [x, [y]]\nd:\n  e: {f: g}\nh: &x 1\ni: *x\nj: !!binary aGk=\nk: !Ref x\n\"\": 1\n",
                &[
                    "pairs:1:1: the value of the key \"a\" is null; write \"\" for an empty value, or remove the pair",
                    "pairs:2:1: the value of the key \"b\" is null; write \"\" for an empty value, or remove the pair",
                    "pairs:3:1: the value of the key \"c\" is a list; write it as one text in quotes",
                    "pairs:4:1: the value of the key \"d\" is an object; write it as one text in quotes",
                    "pairs:7:1: the value of the key \"i\" is an alias; write out what it stands for",
                    "pairs:8:1: the value of the key \"j\" is tagged; remove the tag",
                    "pairs:9:1: the value of the key \"k\" is tagged; remove the tag",
                    "pairs:10:1: the key is empty; a key has at least one character",
                ],
            ),
            (
                "ü: 1\n? [x]\n: 2\nü: 3\n",
                &[
                    "pairs:2:3: a key is a list; write it as one text in quotes",
                    "pairs:4:1: the key \"ü\" is there twice, first on line 1",
                ],
            ),
            (
                "data:\n  - {key: a, value: 1}\n  - {key: a, vaule: 2}\n  - {key: a, value: 3}\n  - x\n  - [y]\nb: 1\n",
                &[
                    "pairs:1:1: \"data\" is a list beside other members (\"b\"); a list of pairs stands alone",
                    "pairs:3:5: the item has unknown members: \"vaule\"; it has \"key\" and \"value\" alone",
                    "pairs:3:5: the item has no \"value\"",
                    "pairs:4:11: the key \"a\" is there twice, first on line 2",
                    "pairs:5:5: the item is a text; it must be {\"key\": \"...\", \"value\": \"...\"}",
                    "pairs:6:5: the item is a list; it must be {\"key\": \"...\", \"value\": \"...\"}",
                ],
            ),
        ],
    );
}

#[test]
fn what_is_too_long_is_named_with_its_size_and_a_value_is_never_shown() {
    let (key, value) = ("k".repeat(513), "secret".repeat(171));
    let cut = "k".repeat(64);
    for (format, text) in [
        (Format::Json, format!("{{\"{key}\":\"\",\"a\":\"{value}\"}}")),
        (
            Format::Ndjson,
            format!("{{\"key\":\"{key}\",\"value\":\"\"}}\n{{\"key\":\"a\",\"value\":\"{value}\"}}"),
        ),
        (Format::Csv, format!("key,value\n{key},\na,{value}")),
        (Format::Yaml, format!("{key}: ''\na: {value}")),
    ] {
        let problems = pairs(&text, format).unwrap_err();
        assert!(problems.contains(&format!("the key \"{cut}\"... has 513 bytes; a key has at most 512")));
        assert!(problems.contains("the value of the key \"a\" has 1026 bytes; a value has at most 1024"));
        assert!(!problems.contains("secret"), "{problems}");
    }
}

#[test]
fn a_file_in_another_encoding_is_refused_as_a_whole() {
    let read = |bytes: &[u8]| {
        read("pairs", Some(Format::Csv), bytes, &Quotas::default()).map_err(|problems| problems.to_string())
    };
    let latin = "pairs:2: is not UTF-8 from here on; save the file as UTF-8";
    assert_eq!(read(b"key,value\na,\xe9\n"), Err(latin.to_owned()));
    assert_eq!(read(b"\xff\xfek\0e\0y\0"), Err("pairs: is UTF-16; save it as UTF-8".to_owned()));
}

#[test]
fn the_first_problems_are_shown_and_the_others_are_counted() {
    let text = format!("key,value\n{}", ",x\n".repeat(MAX_PROBLEMS + 7));
    let problems = read("pairs", None, text.as_bytes(), &Quotas::default()).unwrap_err();
    assert_eq!((problems.listed().len(), problems.count()), (MAX_PROBLEMS, MAX_PROBLEMS + 7));
    let text = problems.to_string();
    assert_eq!(text.lines().count(), MAX_PROBLEMS + 1);
    assert_eq!(text.lines().last(), Some("pairs: and 7 more problems"));
}

#[test]
fn deep_nesting_is_passed_over_or_refused_without_a_deep_stack() {
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000));
    let list = format!("{{\"a\":{}}}", deep("[", "]"));
    let is_list = "the value of the key \"a\" is a list; write it as one text in quotes";
    for (format, text, expected) in [
        (Format::Json, list.clone(), is_list),
        (Format::Json, format!("{{\"data\":[{}]}}", deep("[", "]")), "the item is a list"),
        (Format::Yaml, list, "is not valid YAML: recursion limit exceeded"),
        (Format::Yaml, format!("a:\n {}", deep("- ", "")), is_list),
        (Format::Yaml, format!("a:\n {}", deep("? ", "")), "the value of the key \"a\" is an object"),
    ] {
        let problems = pairs(&text, format).unwrap_err();
        assert!(problems.contains(expected), "{problems}");
    }
}
