//! Tests of records: written, read, and refused when they are damaged.

use keyfront_domain::function::Stage;
use keyfront_domain::pairs::Totals;
use uuid::Uuid;

use super::*;

fn pairs_record() -> PairsRecord {
    let totals = Totals { item_count: 2, total_size_in_bytes: 190 };
    PairsRecord {
        status: Status::Ready,
        version: 3,
        totals,
        created_ms: 1,
        modified_ms: -1,
        generation: Generation::FIRST,
    }
}

#[test]
fn the_pairs_record_has_the_layout_that_version_1_promises() {
    let value = pairs_record().encode();
    assert_eq!(value.len(), 42);
    assert_eq!(&value[..10], &[1, 1, 0, 0, 0, 0, 0, 0, 0, 3]);
    assert_eq!(PairsRecord::decode(&value).unwrap(), pairs_record());
}

#[test]
fn a_pairs_record_of_a_later_generation_names_it() {
    let staged = PairsRecord { generation: Generation::of(crate::Version(258)), ..pairs_record() };
    let value = staged.encode();
    assert_eq!((value.len(), value[0]), (50, 2));
    assert_eq!(&value[42..], &[0, 0, 0, 0, 0, 0, 1, 2]);
    assert_eq!(PairsRecord::decode(&value).unwrap(), staged);
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
    let value = Bytes::from([&[1], &json[..]].concat());
    let record = KeyValueStoreRecord::decode(&value).unwrap();
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
    assert_eq!(record.encode().unwrap(), value);
    let later = Bytes::from([&[2], &json[..]].concat());
    assert!(KeyValueStoreRecord::decode(&later).is_none());
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
    let json = br#"{"id":"K1","name":"key","caller_reference":"1","config":{"Comment":"","Name":"key"},"references":["arn:aws:cloudfront::000000000000:public-key/K0"],"created_ms":5,"modified_ms":6,"version":2}"#;
    let value = Bytes::from([&[1], &json[..]].concat());
    let record = ResourceRecord::decode(&value).unwrap();
    assert_eq!((record.id.as_str(), record.version, record.modified_ms), ("K1", 2, 6));
    assert_eq!((record.name.as_deref(), record.caller_reference.as_deref()), (Some("key"), Some("1")));
    assert_eq!(record.config.get("Comment"), Some(&serde_json::Value::from("")));
    assert_eq!(record.encode().unwrap(), value);
    let bare = br#"{"id":"C1","config":{},"created_ms":5,"modified_ms":5,"version":1}"#;
    let bare = Bytes::from([&[1], &bare[..]].concat());
    let record = ResourceRecord::decode(&bare).unwrap();
    assert_eq!((record.name.as_ref(), record.references.len()), (None, 0));
    assert_eq!(record.encode().unwrap(), bare);
}

#[test]
fn a_function_of_version_1_is_read_as_it_was_written_then() {
    let stage = r#"{"config":{"Comment":"","Runtime":"cloudfront-js-2.0"},"store":"54947df8-0e9e-4471-a2f9-9af509fb5889","created_ms":5,"modified_ms":6,"version":2}"#;
    let json = format!(r#"{{"name":"f","development":{stage},"live":{stage},"published":2}}"#);
    let value = Bytes::from([&[1], json.as_bytes()].concat());
    let record = FunctionRecord::decode(&value).unwrap();
    assert_eq!((record.name.as_str(), record.is_published()), ("f", true));
    assert_eq!(record.stage(Stage::Live), Some(&record.development));
    assert_eq!(record.encode().unwrap(), value);
    let bare = br#"{"name":"f","development":{"config":{},"created_ms":5,"modified_ms":5,"version":1}}"#;
    let bare = Bytes::from([&[1], &bare[..]].concat());
    let record = FunctionRecord::decode(&bare).unwrap();
    assert_eq!((record.stage(Stage::Live), record.is_published()), (None, false));
    assert_eq!(record.encode().unwrap(), bare);
}

#[test]
fn code_is_any_bytes_and_keeps_them() {
    for code in [&b"function handler(event) { return event.request }\n"[..], b"", b"\xff\0\r\n"] {
        let value = Code(Bytes::from_static(code)).encode().unwrap();
        assert_eq!(value.first(), Some(&1));
        assert_eq!(Code::decode(&value).unwrap().0, code);
    }
    assert!(Code::decode(&Bytes::new()).is_none());
    assert!(Code::decode(&Bytes::from_static(b"\x02later")).is_none());
}

#[test]
fn an_owner_is_read_also_from_the_empty_value_of_the_first_format() {
    let owner = OwnerId("K1".to_owned());
    assert_eq!(owner.encode().unwrap(), &b"\x01K1"[..]);
    assert_eq!(OwnerId::decode(&owner.encode().unwrap()), Some(owner));
    assert_eq!(OwnerId::decode(&Bytes::new()), Some(OwnerId(String::new())));
    assert_eq!(OwnerId::decode(&Bytes::from_static(b"\x02K1")), None);
    assert_eq!(Format::decode(&Format(7).encode().unwrap()), Some(Format(7)));
    assert_eq!(Format::decode(&Bytes::from_static(b"\x01short")), None);
}

#[test]
fn a_state_becomes_the_next_one_at_its_moment() {
    let next = NextState { name: "Deployed".to_owned(), at_ms: 10 };
    let state = StateRecord { name: "InProgress".to_owned(), next: Some(next) };
    assert_eq!([9, 10, 11].map(|now_ms| state.at(now_ms)), ["InProgress", "Deployed", "Deployed"]);
    let last = StateRecord { next: None, ..state };
    assert_eq!(last.at(i64::MAX), "InProgress");
}

#[test]
fn the_end_of_a_change_is_the_next_version_once() {
    let record = |state: Option<StateRecord>| -> ResourceRecord {
        let record = serde_json::json!({
            "id": "vo_x", "config": {}, "created_ms": 1, "modified_ms": 2, "version": 3, "state": state,
        });
        serde_json::from_value(record).unwrap()
    };
    let next = NextState { name: "Deployed".to_owned(), at_ms: 10 };
    let changing = record(Some(StateRecord { name: "Deploying".to_owned(), next: Some(next) }));
    assert_eq!(changing.clone().settled_at(9), changing);
    let settled = changing.clone().settled_at(10);
    assert_eq!((settled.version, settled.modified_ms), (4, 2));
    assert_eq!(settled.state, Some(StateRecord { name: "Deployed".to_owned(), next: None }));
    assert_eq!(settled.clone().settled_at(11), settled);
    assert_eq!(record(None).settled_at(11), record(None));
}
