//! Writing: each format, and that what is written is read as it was.

use proptest::collection::btree_map;
use proptest::prelude::*;

use super::*;

fn written(format: WriteFormat, pairs: &Pairs) -> String {
    let mut bytes = Vec::new();
    write(format, pairs, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn each_format_looks_as_it_is_described() {
    let pairs: Pairs = [("b", "=1,\"2\""), ("a", "x\ny")].into_iter().collect();
    let cases = [
        (
            WriteFormat::Json,
            "{\"data\":[\n{\"key\":\"a\",\"value\":\"x\\ny\"},\n{\"key\":\"b\",\"value\":\"=1,\\\"2\\\"\"}\n]}\n",
        ),
        (
            WriteFormat::Ndjson,
            "{\"key\":\"a\",\"value\":\"x\\ny\"}\n{\"key\":\"b\",\"value\":\"=1,\\\"2\\\"\"}\n",
        ),
        (WriteFormat::Csv, "key,value\na,\"x\ny\"\nb,\"=1,\"\"2\"\"\"\n"),
    ];
    for (format, text) in cases {
        assert_eq!(written(format, &pairs), text);
    }
}

#[test]
fn what_is_written_as_json_can_be_imported() {
    let pairs: Pairs = [("a", "1"), ("b", "")].into_iter().collect();
    let json = written(WriteFormat::Json, &pairs);
    let imported = keyfront_domain::import::parse(json.as_bytes(), &Quotas::default()).unwrap();
    assert_eq!(imported.into_iter().map(|pair| (pair.key, pair.value)).collect::<Pairs>(), pairs);
}

/// A text of any characters, with those that formats treat specially far more often than by chance.
fn text(bytes: usize) -> impl Strategy<Value = String> {
    let special = prop::sample::select(
        "\"',;:\\=#-~*&!|>%@`{}[] \t\r\n\0\u{b}\u{7f}\u{85}\u{feff}\u{2028}é😀".chars().collect::<Vec<_>>(),
    );
    let character = prop_oneof![special, any::<char>()];
    prop::collection::vec(character, 0..bytes / 4).prop_map(String::from_iter)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_written_reads_back_as_the_same_pairs(
        map in btree_map(text(128).prop_filter("a key", |key| !key.is_empty()), text(256), 0..6)
    ) {
        let pairs: Pairs = map.into_iter().collect();
        for format in [WriteFormat::Json, WriteFormat::Ndjson, WriteFormat::Csv] {
            let text = written(format, &pairs);
            let told = read("written", Some(format.into()), text.as_bytes(), &Quotas::default());
            prop_assert_eq!(&told.map_err(|problems| problems.to_string()), &Ok(pairs.clone()));
            if !pairs.is_empty() {
                let format: Format = format.into();
                prop_assert_eq!(Format::sniff(&text), Ok(format));
            }
        }
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in text(600)) {
        for format in [Format::Json, Format::Ndjson, Format::Csv, Format::Yaml] {
            let outcome = read("any", Some(format), text.as_bytes(), &Quotas::default());
            prop_assert!(outcome.is_ok() || outcome.is_err_and(|problems| problems.count() > 0));
        }
    }

    #[test]
    fn no_yaml_makes_the_reader_panic(
        parts in prop::collection::vec(prop::sample::select(vec![
            "a", "b", ": ", ":", "\n", "\n  ", "\n    ", "- ", "? ", "{", "}", "[", "]", ",", "|", ">", "\"", "'", "&x ",
            "*x", "!!str ", "!t ", "---\n", "...\n", "# c", "%YAML 1.2\n", "\t", "~", "data", "key", "value",
        ]), 0..40)
    ) {
        let outcome = read("any", Some(Format::Yaml), parts.concat().as_bytes(), &Quotas::default());
        prop_assert!(outcome.is_ok() || outcome.is_err_and(|problems| problems.count() > 0));
    }
}
