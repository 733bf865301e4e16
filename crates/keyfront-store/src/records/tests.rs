use keyfront_domain::function::Stage;
use keyfront_domain::pairs::Totals;
use uuid::Uuid;

use super::*;

fn pairs_record() -> PairsRecord {
    let totals = Totals { item_count: 2, total_size_in_bytes: 190 };
    PairsRecord { status: Status::Ready, version: 3, totals, created_ms: 1, modified_ms: -1 }
}

#[test]
fn the_pairs_record_has_the_layout_that_version_1_promises() {
    let value = pairs_record().encode();
    assert_eq!(value.len(), 42);
    assert_eq!(&value[..10], &[1, 1, 0, 0, 0, 0, 0, 0, 0, 3]);
    assert_eq!(PairsRecord::decode(&value).unwrap(), pairs_record());
}

#[test]
fn a_pairs_record_of_another_version_or_length_is_refused() {
    let good = pairs_record().encode();
    let mut later = good.to_vec();
    later[0] = 2;
    let mut status = good.to_vec();
    status[1] = 9;
    for value in [&later[..], &status, &good[..41], &[&good[..], &[0]].concat(), b""] {
        assert!(PairsRecord::decode(value).is_err(), "{value:?}");
    }
}

#[test]
fn documents_of_version_1_are_read_as_they_were_written_then() {
    let json = br#"{"name":"s","id":"54947df8-0e9e-4471-a2f9-9af509fb5889","status":"Ready","created_ms":5,"modified_ms":6,"version":2}"#;
    let value = [&[1], &json[..]].concat();
    let record: KeyValueStoreRecord = decode("store", &value).unwrap();
    let id = Uuid::parse_str("54947df8-0e9e-4471-a2f9-9af509fb5889").unwrap();
    let expected = KeyValueStoreRecord {
        name: "s".to_owned(),
        id,
        comment: None,
        status: Status::Ready,
        failure_reason: None,
        import: None,
        created_ms: 5,
        modified_ms: 6,
        version: 2,
    };
    assert_eq!(record, expected);
    assert_eq!(encode(&record).unwrap(), value);
    let later = [&[2], &json[..]].concat();
    assert!(decode::<KeyValueStoreRecord>("store", &later).is_err());
}

#[test]
fn a_pair_keeps_its_value_to_the_byte() {
    for value in ["", "v", "ü\0\n"] {
        assert_eq!(decode_pair(&encode_pair(value)).unwrap(), value);
    }
    assert!(decode_pair(b"").is_err());
    assert!(decode_pair(b"\x01\xff").is_err());
}

#[test]
fn a_resource_of_version_1_is_read_as_it_was_written_then() {
    let json = br#"{"id":"K1","name":"key","caller_reference":"1","config":{"Comment":"","Name":"key"},"references":["arn:a"],"created_ms":5,"modified_ms":6,"version":2}"#;
    let value = [&[1], &json[..]].concat();
    let record: ResourceRecord = decode("resource", &value).unwrap();
    assert_eq!((record.id.as_str(), record.version, record.modified_ms), ("K1", 2, 6));
    assert_eq!((record.name.as_deref(), record.caller_reference.as_deref()), (Some("key"), Some("1")));
    assert_eq!(record.config.get("Comment"), Some(&serde_json::Value::from("")));
    assert_eq!(encode(&record).unwrap(), value);
    let bare = br#"{"id":"C1","config":{},"created_ms":5,"modified_ms":5,"version":1}"#;
    let bare = [&[1], &bare[..]].concat();
    let record: ResourceRecord = decode("resource", &bare).unwrap();
    assert_eq!((record.name.as_ref(), record.references.len()), (None, 0));
    assert_eq!(encode(&record).unwrap(), bare);
}

#[test]
fn a_function_of_version_1_is_read_as_it_was_written_then() {
    let stage = r#"{"config":{"Comment":"","Runtime":"cloudfront-js-2.0"},"store":"54947df8-0e9e-4471-a2f9-9af509fb5889","created_ms":5,"modified_ms":6,"version":2}"#;
    let json = format!(r#"{{"name":"f","development":{stage},"live":{stage},"published":2}}"#);
    let value = [&[1], json.as_bytes()].concat();
    let record: FunctionRecord = decode("function", &value).unwrap();
    assert_eq!((record.name.as_str(), record.is_published()), ("f", true));
    assert_eq!(record.stage(Stage::Live), Some(&record.development));
    assert_eq!(encode(&record).unwrap(), value);
    let bare = br#"{"name":"f","development":{"config":{},"created_ms":5,"modified_ms":5,"version":1}}"#;
    let bare = [&[1], &bare[..]].concat();
    let record: FunctionRecord = decode("function", &bare).unwrap();
    assert_eq!((record.stage(Stage::Live), record.is_published()), (None, false));
    assert_eq!(encode(&record).unwrap(), bare);
}

#[test]
fn code_is_any_bytes_and_keeps_them() {
    for code in [&b"function handler(event) { return event.request }\n"[..], b"", b"\xff\0\r\n"] {
        assert_eq!(decode_code(&encode_code(code)).unwrap(), code);
    }
    assert!(decode_code(&Bytes::new()).is_err());
    assert!(decode_code(&Bytes::from_static(b"\x02later")).is_err());
}
