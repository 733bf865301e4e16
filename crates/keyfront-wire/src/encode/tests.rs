//! Tests of responses as they are encoded.

use std::sync::Arc;

use serde_json::json;

use super::*;

fn encoded(service: &Service, operation: &str, output: Value) -> (u16, Vec<(String, String)>, String) {
    let operation = service.operations().iter().find(|o| o.name == operation).unwrap();
    let Value::Object(output) = output else { panic!("an output is an object") };
    let response = service.encode(operation, &output).unwrap();
    let headers =
        response.headers().iter().map(|(k, v)| (k.to_string(), v.to_str().unwrap().to_owned())).collect();
    (response.status().as_u16(), headers, String::from_utf8(response.body().to_vec()).unwrap())
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[test]
fn a_control_plane_answer_has_its_payload_as_root_and_the_rest_as_headers() {
    let store = json!({"Name": "s", "Id": "i", "ARN": "a", "Status": "READY", "LastModifiedTime": 1_699_380_952_042_i64});
    let output = json!({"KeyValueStore": store, "ETag": "ETVPDKIKX0DER", "Location": "https://x"});
    let (status, headers, body) = encoded(&Service::cloudfront().unwrap(), "CreateKeyValueStore", output);
    assert_eq!(status, 201);
    assert_eq!(
        headers,
        [pair("content-type", "text/xml"), pair("etag", "ETVPDKIKX0DER"), pair("location", "https://x")]
    );
    assert_eq!(
        body,
        "<?xml version=\"1.0\"?>\n<KeyValueStore xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Name>s</Name>\
         <Id>i</Id><ARN>a</ARN><Status>READY</Status><LastModifiedTime>2023-11-07T18:15:52.042Z</LastModifiedTime></KeyValueStore>"
    );
}

#[test]
fn lists_are_wrapped_in_the_models_element_names_and_text_is_escaped() {
    let items = json!([{"Name": "a<b>&\r\n", "Comment": ""}]);
    let output = json!({"KeyValueStoreList": {"MaxItems": 100, "Quantity": 1, "Items": items}});
    let (status, _, body) = encoded(&Service::cloudfront().unwrap(), "ListKeyValueStores", output);
    assert_eq!(status, 200);
    assert!(
        body.ends_with(
            "<MaxItems>100</MaxItems><Quantity>1</Quantity><Items><KeyValueStore><Name>a&lt;b&gt;&amp;&#xD;\n</Name>\
             <Comment></Comment></KeyValueStore></Items></KeyValueStoreList>"
        ),
        "{body}"
    );
}

/// A part is written by the first answer that has it and copied by the others.
#[test]
fn a_part_of_outputs_is_written_once() {
    let service = Service::cloudfront().unwrap();
    let operation = service.operations().iter().find(|o| o.name == "ListKeyValueStores").unwrap();
    let stores = ["a<b", "c"].map(|name| Arc::new(Part::new(json!({ "Name": name }))));
    let body = |items: Value, parts: &[Arc<Part>]| {
        let output = json!({ "KeyValueStoreList": { "Items": items } });
        let output = Output { members: output.as_object().unwrap(), parts };
        let response = service.encode_output(operation, output);
        response.map(|response| String::from_utf8(response.body().to_vec()).unwrap())
    };
    let (first, second) = (
        "<KeyValueStore><Name>a&lt;b</Name></KeyValueStore>",
        "<KeyValueStore><Name>c</Name></KeyValueStore>",
    );
    for (items, expected) in [
        (json!([0, 1]), [first, second].concat()),
        (json!([1, 0]), [second, first].concat()),
        (json!([0, { "Name": "c" }, 0]), [first, second, first].concat()),
    ] {
        let body = body(items, &stores).unwrap();
        assert!(body.ends_with(&format!("<Items>{expected}</Items></KeyValueStoreList>")), "{body}");
    }
    for missing in [json!([2]), json!([-1]), json!(["<Name>a</Name>"])] {
        assert!(body(missing.clone(), &stores).is_err(), "{missing}");
    }
}

#[test]
fn an_operation_without_output_answers_without_a_body() {
    let (status, headers, body) = encoded(&Service::cloudfront().unwrap(), "DeleteKeyValueStore", json!({}));
    assert_eq!((status, headers.len(), body.as_str()), (204, 0, ""));
}

#[test]
fn a_data_plane_answer_is_json_with_timestamps_as_numbers() {
    let output = json!({"ItemCount": 2, "TotalSizeInBytes": 190, "KvsARN": "a", "Created": 1_715_179_725_381_i64,
        "ETag": "KV1", "LastModified": 1_715_179_725_000_i64, "Status": "READY"});
    let (status, headers, body) =
        encoded(&Service::key_value_store().unwrap(), "DescribeKeyValueStore", output);
    assert_eq!(status, 200);
    assert_eq!(headers, [pair("content-type", "application/json"), pair("etag", "KV1")]);
    let body: Value = serde_json::from_str(&body).unwrap();
    let expected = json!({"ItemCount": 2, "TotalSizeInBytes": 190, "KvsARN": "a", "Created": 1_715_179_725.381,
        "LastModified": 1_715_179_725.0, "Status": "READY"});
    assert_eq!(body, expected);
}

#[test]
fn an_output_of_the_wrong_type_is_an_error_and_not_a_broken_document() {
    let service = Service::cloudfront().unwrap();
    let operation = service.operations().iter().find(|o| o.name == "ListKeyValueStores").unwrap();
    let Value::Object(output) = json!({"KeyValueStoreList": {"MaxItems": "100"}}) else { panic!() };
    assert!(service.encode(operation, &output).is_err());
}
