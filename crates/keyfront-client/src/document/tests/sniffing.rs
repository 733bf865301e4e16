//! Sniffing: the format of a file from its name and content.

use std::path::Path;

use super::*;

#[test]
fn the_extension_tells_the_format() {
    let cases = [
        ("a/pairs.json", Ok(Format::Json)),
        ("PAIRS.JSON", Ok(Format::Json)),
        ("pairs.ndjson", Ok(Format::Ndjson)),
        ("pairs.jsonl", Ok(Format::Ndjson)),
        ("pairs.csv", Ok(Format::Csv)),
        ("pairs.yaml", Ok(Format::Yaml)),
        ("pairs.v2.yml", Ok(Format::Yaml)),
        ("pairs.json.gz", Err(UnknownFormat::Compressed)),
        ("pairs.ZIP", Err(UnknownFormat::Compressed)),
        ("pairs.txt", Err(UnknownFormat::Extension)),
        ("pairs", Err(UnknownFormat::Extension)),
        (".json", Err(UnknownFormat::Extension)),
    ];
    for (path, format) in cases {
        assert_eq!(Format::of_path(Path::new(path)), format, "{path}");
    }
}

#[test]
fn a_format_reads_back_from_its_name() {
    for format in [Format::Json, Format::Ndjson, Format::Csv, Format::Yaml] {
        assert_eq!(format.to_string().parse(), Ok(format));
    }
    assert_eq!("xml".parse::<Format>(), Err(UnknownFormat::Name("xml".to_owned())));
}

#[test]
fn the_first_line_tells_the_format_where_there_is_no_name() {
    let item = r#"{"key":"a","value":"b"}"#;
    let two_items = format!("\n{item}\n{item}\n");
    let cases = [
        (r#"{"data":[]}"#, Ok(Format::Json)),
        ("\r\n {\n\"a\":\"b\"}", Ok(Format::Json)),
        (r#"{"a":"b"}"#, Ok(Format::Json)),
        (r#"[{"key":"a"}]"#, Ok(Format::Json)),
        (&two_items, Ok(Format::Ndjson)),
        (item, Ok(Format::Ndjson)),
        (r#"{"value":1,"key":"a"}"#, Ok(Format::Ndjson)),
        ("{\"k\":1}\n{\"k\":2}", Ok(Format::Ndjson)),
        ("key,value\n", Ok(Format::Csv)),
        ("\"value\",\"key\"\r\n", Ok(Format::Csv)),
        ("key,colour\n", Ok(Format::Csv)),
        ("a: 1\n", Ok(Format::Yaml)),
        ("---\na: 1\n", Ok(Format::Yaml)),
        ("# pairs\n", Ok(Format::Yaml)),
        ("\"a,b\": 1\n", Ok(Format::Yaml)),
        ("hello\n", Err(UnknownFormat::Text)),
        (" \n\t", Err(UnknownFormat::Empty)),
    ];
    for (text, format) in cases {
        assert_eq!(Format::sniff(text), format, "{text}");
    }
}
